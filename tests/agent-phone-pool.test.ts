import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '../sandbox/server';
import { readConfig } from '../src/config';
import { agentPhone } from '../src/domains/agent-phone';
import { TransportError } from '../src/errors';
import { callTool } from '../src/mcp/call';
import { words } from '../src/params';
import type { Store } from '../src/store/port';
import { ensureStoreService } from '../src/store/service';
import { SqliteStore } from '../src/store/sqlite';
import { SyncStore } from '../src/store/sync';
import { modifyHolding, secretOf } from '../src/threads/holding';
import { allShards } from '../src/threads/ranges';
import type { ToolContext } from '../src/tool';
import { POOL } from './support/agent-phone';
import { clientOf } from './support/sandbox';
import { type Json, SANDBOX_ENVIRONMENT } from './support/stack';

/*
 * What it costs to take and buy numbers: requests are counted, and the clock moves on only with them.
 */

jest.setTimeout(120_000);

const [NUMBER] = POOL as [string];
const BUYING = { AGENT_PHONE_AUTO_PROVISION: 'true', AGENT_PHONE_MAX_NUMBERS: '999' };

let sandbox: Sandbox;
let folder: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  folder = mkdtempSync(join(tmpdir(), 'twilio-mcp-pool-'));
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  jest.useFakeTimers({
    doNotFake: [...words('nextTick setImmediate clearImmediate setTimeout clearTimeout setInterval clearInterval')],
  });
});
afterEach(() => jest.useRealTimers());

/** Calls a tool of a client with this store. */
async function call(action: string, args: object, context: Partial<ToolContext>, env = {}): Promise<Json> {
  const tool = agentPhone.tools.find(({ name }) => name === `twilio_agent_phone_${action}`)!;
  const config = readConfig({ ...SANDBOX_ENVIRONMENT, WEBHOOK_BASE_URL: 'https://example.com', ...env });
  const defaults = { config, client: 'tests', deadline: Date.now() + 8000, effects: { acted: 0 } };
  const { result } = await callTool(tool, args, { ...defaults, ...context } as ToolContext, 'x');
  return result.structuredContent ?? (result.content[0] as { text: string }).text;
}

const take = (passport_id: string, context: Partial<ToolContext>, env: object) =>
  call('get_phone_number', { passport_id }, context, env);

/** Client and store of one call, each of whose requests takes this many milliseconds. */
function withLatency(latency: number) {
  const deadline = Date.now() + 8000;
  const twilio = clientOf(sandbox);
  const send = twilio.request.bind(twilio);
  twilio.request = (async (options) => {
    const began = Date.now();
    if (deadline - began < 300) throw new TransportError(false, 'was not called');
    const answer = await send(options);
    jest.setSystemTime(Math.max(Date.now(), began + latency));
    if (began + latency > deadline) throw new TransportError(true, 'did not answer in time');
    return answer;
  }) as typeof send;
  return { twilio, store: new SyncStore(twilio, ensureStoreService, deadline), deadline };
}

const operationsSince = (seq: number) => sandbox.journal.since(seq).map(({ operationId }) => operationId!);

describe('a purchase', () => {
  let bought = 0;

  test('that is begun is finished, whatever the pace of the requests', async () => {
    expect(await take('first', withLatency(0), BUYING)).toHaveProperty('phone_number');
    // A map that does not exist yet takes three requests instead of one.
    const { store } = withLatency(0);
    const shards = ['assignments', 'passports'].flatMap((kind) => allShards(kind, 16));
    await Promise.all(shards.map(({ collection }) => store.add(collection, 'any', {})));
    const began: boolean[] = [];
    for (const latency of [80, 300, 600, 900, 1000, 1100, 1200, 1300, 1500, 2000, 3000]) {
      const { seq } = sandbox.journal;
      const answer = await take(`latency ${latency}`, withLatency(latency), BUYING);
      const purchases = operationsSince(seq).filter((operation) => operation === 'CreateIncomingPhoneNumber');
      if (answer.phone_number) expect(purchases).toHaveLength(1);
      else expect([answer, purchases]).toEqual([expect.stringMatching(/nothing was bought|Nothing was done/), []]);
      began.push(purchases.length > 0);
    }
    expect(began.slice(0, 5)).toEqual([true, true, true, true, true]);
    expect(began.at(-1)).toBe(false);
    // Slots of purchases that were not begun are free.
    expect((await call('list_assignments', {}, withLatency(0), BUYING)).pool).toMatchObject({
      bought: began.filter(Boolean).length + 1,
    });
    bought = began.filter(Boolean).length + 1;
  });

  test('takes as many requests for the 999th number as for the first ones', async () => {
    const requests = async (passport: string) => {
      const { seq } = sandbox.journal;
      expect(await take(passport, withLatency(0), BUYING)).toHaveProperty('phone_number');
      return operationsSince(seq).sort();
    };
    const early = await requests('early');
    const { store } = withLatency(0);
    for (let slot = bought + 2; slot < 999; slot++) {
      const phone_number = `+1206${7_000_000 + slot}`;
      const assigned_at = new Date().toISOString();
      await store.add('purchases', String(slot), { phone_number, claimed_at: assigned_at });
      const holder = { passport_id: `${slot}`, secret: secretOf(`${slot}`), confirmed: true } as const;
      await modifyHolding(store, phone_number, () => ({ phone_number, assigned_at, ...holder }), null);
    }
    expect(await requests('last')).toEqual(early);
    expect(early.length).toBeLessThan(45);
    // None is left. The account, which does not have most of these numbers, is looked into once.
    const { seq } = sandbox.journal;
    const lower = { ...BUYING, AGENT_PHONE_MAX_NUMBERS: '998' };
    expect(await take('too late', withLatency(0), lower)).toMatch(/maximum of 998 bought ones is reached/);
    jest.setSystemTime(Date.now() + 2000);
    expect(await take('instead', withLatency(0), BUYING)).toHaveProperty('phone_number');
    expect(sandbox.journal.since(seq).filter(({ query }) => query === 'PageSize=1000')).toHaveLength(1);
    expect(operationsSince(seq).filter((operation) => operation === 'CreateIncomingPhoneNumber')).toHaveLength(1);
  });
});

test('200 agents that ask for 10 numbers every two seconds stay within the limits of each map', async () => {
  const pool = { TWILIO_PHONE_NUMBERS: POOL.join(',') };
  const counts: Record<string, number> = {};
  const file = new SqliteStore(join(folder, 'polls.db'));
  const store = new Proxy(file, {
    get: (target, name: keyof Store) => {
      const value = target[name];
      if (typeof value !== 'function') return value;
      return (collection: string, ...args: never[]) => {
        const kind = `${name === 'get' || name === 'list' ? 'reads' : 'writes'} of ${collection}`;
        counts[kind] = (counts[kind] ?? 0) + 1;
        return (value as (...all: unknown[]) => unknown).call(target, collection, ...args);
      };
    },
  });
  let held = 0;
  // Ten seconds.
  for (let poll = 0; poll < 1000; poll++) {
    jest.setSystemTime(Date.now() + 10);
    const answer = await take(`agent ${poll % 200}`, { store }, pool);
    if (answer.phone_number) held++;
    else expect(answer).toMatch(/all 10 numbers are taken.* call again in 1\d seconds\.$/);
  }
  file.close();
  // Each holder gets its number again and again.
  expect(held).toBe(50);
  expect(Object.keys(counts).length).toBeGreaterThan(40);
  // Sync allows 20 of each a second.
  expect(Object.entries(counts).filter(([, count]) => count > 200)).toEqual([]);
});

test('a free number is found within two seconds of its release', async () => {
  const pool = { TWILIO_PHONE_NUMBERS: NUMBER };
  const store = new SqliteStore(join(folder, 'release.db'));
  expect(await take('ada', { store }, pool)).toEqual({ phone_number: NUMBER });
  expect(await take('bob', { store }, pool)).toMatch(/all 1 numbers are taken/);
  await call('release_phone_number', { phone_number: NUMBER }, { store }, pool);
  jest.setSystemTime(Date.now() + 2000);
  expect(await take('bob', { store }, pool)).toEqual({ phone_number: NUMBER });
  store.close();
});

test('numbers that are held in the collections of earlier versions keep their holders', async () => {
  const pool = { TWILIO_PHONE_NUMBERS: POOL.slice(0, 4).join(',') };
  const store = new SqliteStore(join(folder, 'earlier.db'));
  const assigned_at = new Date().toISOString();
  for (const n of [0, 1, 2]) {
    const entry = { phone_number: POOL[n], passport_id: `passport ${n}`, assigned_at, secret: secretOf(`${n}`) };
    await store.add('assignments', POOL[n]!, { ...entry, client: `client ${n}`, confirmed: true });
    await store.add('passports', `client client ${n} passport passport ${n}`, { phone_number: POOL[n] });
  }
  const wait = { phone_number: POOL[0], timeout: 60_000 };
  const pending = await call('wait_for_sms', wait, { store, client: 'client 0', deadline: Date.now() + 1000 }, pool);
  expect(pending).toMatchObject({ status: 'pending' });
  expect(await take('passport 1', { store, client: 'client 1' }, pool)).toEqual({ phone_number: POOL[1] });
  expect(await take('new', { store }, pool)).toEqual({ phone_number: POOL[3] });
  expect(await take('newer', { store }, pool)).toMatch(/all 4 numbers are taken/);
  await call('release_phone_number', { phone_number: POOL[2] }, { store, client: 'client 2' }, pool);
  jest.setSystemTime(Date.now() + 2000);
  expect(await take('newer', { store }, pool)).toEqual({ phone_number: POOL[2] });
  store.close();
});
