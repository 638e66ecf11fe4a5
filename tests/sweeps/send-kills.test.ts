import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../../sandbox/random';
import { type Sandbox, startSandbox } from '../../sandbox/server';
import { checkConfig } from '../../src/config';
import { RequestContext } from '../../src/context';
import { messaging } from '../../src/domains/messaging';
import { callTool } from '../../src/mcp/call';
import { words } from '../../src/params';
import type { Store } from '../../src/store/port';
import type { ToolContext } from '../../src/tool';
import { requestsTo } from '../support/sandbox';
import { type Json, SANDBOX_ENVIRONMENT } from '../support/stack';

/*
 * 1,000 messages, with the slower SQLite 200, each sent by a process that is killed at a random request or operation of the store, before or after
 * it, and repeated until there is an answer: each person gets one message.
 */

jest.setTimeout(600_000);

const AT_ONCE = 16;
/** Longer than a call and what follows it until the log counts. */
const ROUND_MS = 25_000;

/** One process. It is killed before or after its next operation but `left`, and then does nothing more. */
interface Life {
  left: number;
  after: boolean;
  isDead: boolean;
  kill: () => void;
}
const lives = new AsyncLocalStorage<Life>();

class Killed extends Error {
  readonly code = 'KILLED';
}

/** Whether this operation is the one at which the process is killed. */
const isLast = (life: Life) => life.left-- <= 0;
function die(life: Life): Killed {
  life.isDead = true;
  life.kill();
  return new Killed();
}

/** Requests of a process that can be killed. */
function mortalRequest(real: typeof https.request): typeof https.request {
  return ((uri: string, options: https.RequestOptions) => {
    const life = lives.getStore();
    const isKilled = life !== undefined && (life.isDead || isLast(life));
    if (!isKilled) return real(uri, options);
    if (life.isDead || !life.after) {
      const outgoing = new EventEmitter();
      const fail = () => void outgoing.emit('error', die(life));
      return Object.assign(outgoing, { end: () => setImmediate(fail), destroy: () => {} });
    }
    const outgoing = real(uri, options);
    const emit = outgoing.emit.bind(outgoing);
    outgoing.emit = (event: string, ...args: unknown[]) => {
      if (event !== 'response') return emit(event, ...args);
      const [incoming] = args as [http.IncomingMessage];
      incoming.on('end', () => emit('error', die(life))).resume();
      return true;
    };
    return outgoing;
  }) as typeof https.request;
}

/** The store of a process that can be killed. */
const mortalStore = (store: Store): Store =>
  new Proxy(store, {
    get: (target, name: keyof Store) => {
      const value = target[name];
      if (typeof value !== 'function') return value;
      return async (...args: never[]) => {
        const life = lives.getStore()!;
        const isKilled = life.isDead || isLast(life);
        if (isKilled && (life.isDead || !life.after)) throw die(life);
        const result = await (value as (...all: never[]) => Promise<unknown>).apply(target, args);
        if (isKilled) throw die(life);
        return result;
      };
    },
  });

class MortalContext extends RequestContext {
  override get store(): Store {
    return this.config.store === 'sync' ? super.store : mortalStore(super.store);
  }
  override get ledger(): Store {
    return this.config.store === 'sync' ? super.ledger : mortalStore(super.ledger);
  }
}

let sandbox: Sandbox;
let folder: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  folder = mkdtempSync(join(tmpdir(), 'twilio-mcp-kills-'));
  const path = 'dist/assets/operations.private.bin';
  Object.assign(globalThis, { Runtime: { getAssets: () => ({ '/operations.bin': { path } }) } });
  requestsTo(sandbox);
  const request = jest.mocked(https.request);
  request.mockImplementation(mortalRequest(request.getMockImplementation() as typeof https.request));
  jest.useFakeTimers({
    doNotFake: words(
      'nextTick setImmediate clearImmediate setTimeout clearTimeout setInterval clearInterval queueMicrotask performance hrtime',
    ) as never,
  });
});
afterAll(async () => {
  jest.useRealTimers();
  jest.restoreAllMocks();
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const sms = messaging.tools.find(({ name }) => name === 'twilio_messaging_send_sms')!;

test.each([
  ['sync', 1000],
  ['sqlite', 200],
])('with %s, each of %d messages is sent once', async (engine, sends) => {
  sandbox.reset();
  const random = seededRandom(11);
  const env = { ...SANDBOX_ENVIRONMENT, STORE: engine, DATABASE_PATH: join(folder, 'kills.db') };
  const checked = checkConfig({ ...env, MCP_REPEAT_SECONDS: '600' });
  let kills = 0;

  /** The answer of one process, or undefined if it was killed. */
  async function attempt(n: number, dies: boolean): Promise<Json> {
    const left = dies ? Math.floor(random() * 6) : Number.POSITIVE_INFINITY;
    const life: Life = { left, after: random() < 0.5, isDead: false, kill: () => {} };
    const killed = new Promise<undefined>((resolve) => {
      life.kill = () => resolve(undefined);
    });
    const args = { to: `+1415555${String(n).padStart(4, '0')}`, body: `Message ${n}` };
    const run = async () => {
      const context = new MortalContext(checked, { started: Date.now() });
      const { result } = await callTool(sms, args, context as unknown as ToolContext, 'x');
      return result.isError ? undefined : result.structuredContent;
    };
    const answer = await Promise.race([killed, lives.run(life, run)]);
    if (!life.isDead) return answer;
    kills++;
    return undefined;
  }

  const answers = new Map<number, Json>();
  for (let round = 0; answers.size < sends; round++) {
    expect(round).toBeLessThan(20);
    const open = Array.from({ length: sends }, (_, n) => n).filter((n) => !answers.has(n));
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (let n = open.shift(); n !== undefined; n = open.shift()) {
          // Some repeat at once, and some twice at once.
          const tries = round > 0 && random() < 0.2 ? 2 : 1;
          const found = await Promise.all(
            Array.from({ length: tries }, () => attempt(n!, round === 0 || random() < 0.3)),
          );
          const answer = found.find(Boolean) ?? (random() < 0.5 && (await attempt(n, random() < 0.3)));
          if (answer) answers.set(n, answer);
        }
      }),
    );
    jest.setSystemTime(Date.now() + ROUND_MS);
  }
  const bodies = new Map<string, string[]>();
  for (const { body } of sandbox.state.store.ofKind('api.twilio.com/2010-04-01/Accounts/{}/Messages'))
    if (/^Message \d/.test(String(body.body)))
      bodies.set(String(body.body), [...(bodies.get(String(body.body)) ?? []), String(body.sid)]);
  const wrong = [...answers].filter(([n, { sid }]) => bodies.get(`Message ${n}`)?.join() !== sid);
  expect(wrong).toEqual([]);
  expect(bodies.size).toBe(sends);
  expect(kills).toBeGreaterThan(sends / 2);
});
