import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Sandbox, startSandbox } from '../../sandbox/server';
import { readConfig } from '../../src/config';
import { agentPhone } from '../../src/domains/agent-phone';
import { callTool } from '../../src/mcp/call';
import { words } from '../../src/params';
import type { Store } from '../../src/store/port';
import { ensureStoreService } from '../../src/store/service';
import { SqliteStore } from '../../src/store/sqlite';
import { SyncStore } from '../../src/store/sync';
import type { ToolContext } from '../../src/tool';
import { codeReceived } from '../../src/webhooks/receive';
import { POOL } from '../support/agent-phone';
import { inbound } from '../support/deliver';
import { clientOf } from '../support/sandbox';
import { type Json, SANDBOX_ENVIRONMENT } from '../support/stack';

/*
 * 200 agents share 10 numbers while at least 250 of their calls and webhooks are killed at some operation of the store. They repeat
 * whatever was not answered without looking first, some calls twice at once, and again long after they are done.
 */

jest.setTimeout(120_000);

const AGENTS = 200;
const KILLS = 250;
const AT_ONCE = 14;
const MINUTES = 60_000;

const config = readConfig({ ...SANDBOX_ENVIRONMENT, TWILIO_PHONE_NUMBERS: POOL.join(',') });
const byAction = new Map(agentPhone.tools.map((tool) => [tool.name.replace('twilio_agent_phone_', ''), tool]));

/** Numbers from 0 to 1, the same in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

let sandbox: Sandbox;
let folder: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  folder = mkdtempSync(join(tmpdir(), 'twilio-mcp-kills-'));
  jest.useFakeTimers({ doNotFake: TIMERS });
});
afterAll(async () => {
  jest.useRealTimers();
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

/** All but the time of day, which the test moves on: every operation of the store takes a millisecond. */
const TIMERS = [...words('nextTick setImmediate clearImmediate setTimeout clearTimeout setInterval clearInterval')];

class Killed extends Error {}

test.each<[string, () => Store]>([
  ['SQLite', () => new SqliteStore(join(folder, 'kills.db'))],
  ['Sync', () => new SyncStore(clientOf(sandbox), ensureStoreService)],
])('with %s, no number is held twice or lost, and no agent sees the code of another', async (_, open) => {
  const random = randomNumbers(7);
  const store = open();
  let kills = 0;
  let running = 0;
  let later: Promise<void> | undefined;

  /** Ten minutes pass if nobody holds a number, and not within a call: an agent would lose what it has just taken. */
  async function passTime(): Promise<void> {
    do await sleep(1);
    while (running > 0);
    if (holders.size === 0) jest.setSystemTime(Date.now() + 10 * MINUTES);
    later = undefined;
  }

  /** The store as one call sees it. The call may be killed before or after one of its operations, and then does nothing more. */
  function mortalStore(): { store: Store; isDead: () => boolean } {
    // A call that takes a number first reads 19 collections.
    const read = random() < 0.5 ? 0 : 19;
    let left = kills < KILLS && random() < 0.5 ? read + Math.floor(random() * 6) : Number.POSITIVE_INFINITY;
    const after = random() < 0.5;
    let dead = false;
    const die = () => {
      if (!dead) kills++;
      dead = true;
      throw new Killed();
    };
    const mortal = new Proxy(store, {
      get: (target, name: keyof Store) => {
        const value = target[name];
        if (typeof value !== 'function') return value;
        return async (...args: never[]) => {
          jest.setSystemTime(Date.now() + 1);
          const dies = dead || left-- <= 0;
          if (dies && (dead || !after)) die();
          const result = await (value as (...all: never[]) => Promise<unknown>).apply(target, args);
          return dies ? die() : result;
        };
      },
    });
    return { store: mortal, isDead: () => dead };
  }

  /** The answer of a call, or undefined if it was killed. */
  async function call(action: string, args: object, client?: string): Promise<Json> {
    const { store: mortal, isDead } = mortalStore();
    // A wait looks once.
    const context = { store: mortal, config, client, deadline: Date.now() + 1000, effects: { acted: 0 } };
    const { result } = await callTool(byAction.get(action)!, args, context as unknown as ToolContext, 'x');
    return isDead() ? undefined : (result.structuredContent ?? { error: (result.content[0] as { text: string }).text });
  }

  /** The answer to a call that its agent repeats until it has one; sometimes twice at once. */
  async function insist(action: string, args: object, client?: string): Promise<Json> {
    while (later) await later;
    running++;
    for (;;) {
      const answers = await Promise.all(
        Array.from({ length: random() < 0.2 ? 2 : 1 }, () => call(action, args, client)),
      );
      const answer = answers.find((one) => one !== undefined && !one.error) ?? answers.find(Boolean);
      if (answer === undefined) continue;
      running--;
      return answer;
    }
  }

  async function deliver(n: number, to: string): Promise<void> {
    for (;;) {
      const { store: mortal } = mortalStore();
      try {
        await codeReceived(inbound(n, { To: to, Body: `Code ${n}` }), {
          store: mortal,
          config,
          twilio: undefined as never,
        });
        return;
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
    }
  }

  /** Who holds which number, as far as the agents know. */
  const holders = new Map<string, number>();
  const problems: string[] = [];
  /** What former holders repeat. */
  const echoes: (() => Promise<void>)[] = [];
  let lostPasses = 0;

  async function live(n: number): Promise<void> {
    // Every fourth agent has a URL without client=.
    const client = n % 4 === 0 ? undefined : `agent-${n}`;
    let held: Json;
    for (let attempt = 1; ; attempt++) {
      held = await insist('get_phone_number', { passport_id: `passport ${n} ${client ? '' : attempt}` }, client);
      if (held.phone_number && (client || held.pass)) break;
      if (held.note) lostPasses++;
      else if (!/all 10 numbers are taken/.test(held.error)) problems.push(`agent ${n}: ${held.error}`);
      // Numbers whose pass was lost come back.
      else if (holders.size === 0) later ??= passTime();
      await sleep(5);
    }
    const { phone_number, pass } = held;
    if (holders.has(phone_number))
      problems.push(`${phone_number} of ${holders.get(phone_number)} is also held by ${n}`);
    holders.set(phone_number, n);
    const proof = { phone_number, ...(pass && { pass }) };
    const wait = { ...proof, timeout: 600_000 };
    const { token } = await insist('wait_for_sms', { ...wait, bodyContains: 'nothing' }, client);
    await deliver(n, phone_number);
    const { body, error } = await insist('wait_for_sms', { ...wait, token }, client);
    if (body !== `Code ${n}`) problems.push(`agent ${n} sees ${body ?? error}`);
    holders.delete(phone_number);
    await insist('release_phone_number', proof, client);
    echoes.push(
      async () => void (await call('release_phone_number', proof, client)),
      async () => {
        const late = await call('wait_for_sms', { ...wait, ...(random() < 0.5 && { token }) }, client);
        if (late && !late.error) problems.push(`agent ${n} sees ${JSON.stringify(late)} after its release`);
      },
      () => deliver(n, phone_number),
    );
  }

  const agents = Array.from({ length: AGENTS }, (_, i) => i + 1);
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let n = agents.shift(); n !== undefined; n = agents.shift()) {
        await live(n);
        while (echoes.length > 0 && random() < 0.7) await echoes.splice(Math.floor(random() * echoes.length), 1)[0]!();
      }
    }),
  );
  for (const echo of echoes) await echo();
  expect(problems).toEqual([]);
  expect(kills).toBeGreaterThanOrEqual(KILLS);
  expect(lostPasses).toBeGreaterThan(0);
  jest.setSystemTime(Date.now() + 10 * MINUTES);
  const last = [];
  for (const number of POOL) last.push((await call('get_phone_number', { passport_id: number }, 'last')).phone_number);
  expect(last.sort()).toEqual(POOL);
});
