import { setTimeout as sleep } from 'node:timers/promises';
import { SqliteStore } from '../src/store/sqlite';
import { modifyHolding } from '../src/threads/holding';
import { allShards } from '../src/threads/ranges';
import { NUMBER, POOL, phone, startAgentPhone, takeNumber } from './support/agent-phone';
import { deliver, inbound, signature } from './support/deliver';
import { startDeployment } from './support/deployment';
import { post, type Stack } from './support/stack';

/*
 * What a number, its messages and its waits are to agents that do not hold it, whatever they know about its holder.
 */

jest.setTimeout(60_000);

let stack: Stack & { base: string };
beforeAll(async () => {
  stack = await startAgentPhone({ STORE: 'sync', TWILIO_PHONE_NUMBERS: `${NUMBER},${POOL[1]}` });
});
afterAll(() => stack.close());
beforeEach(() => {
  const { store } = stack.sandbox.state;
  for (const { collection, id } of store.ofKind('sync.twilio.com/v1/Services/{}/Maps/{}/Items'))
    store.remove(collection, id);
});

/** An agent: by the client of its URL, or without. */
const agent = (client: string) => ({
  take: async (passport_id = 'signup') => (await takeNumber(stack, passport_id, client)).structured,
  wait: (args: object = {}) => phone(stack, 'wait_for_sms', { phone_number: NUMBER, timeout: 1, ...args }, client),
  release: (args: object) => phone(stack, 'release_phone_number', args, client),
  list: async (args: object = {}) => (await phone(stack, 'list_assignments', args, client)).structured.assignments,
});
const code = (n: number) =>
  deliver(`${stack.base}/webhook/sms-received`, inbound(n, { To: NUMBER, Body: `Code ${n}` }));

async function notifications(): Promise<string[]> {
  const url = `${stack.base}/webhook/sms-notifications?phoneNumber=${encodeURIComponent(NUMBER)}`;
  const response = await fetch(url, { headers: { 'x-twilio-signature': signature(url) } });
  return ((await response.json()) as { notifications: { body: string }[] }).notifications.map(({ body }) => body);
}

const NOT_HELD = {
  isError: true,
  text: expect.stringMatching(/^\+12065550190 is not assigned; there is nothing to wait for/),
};
const NOT_RELEASED = { isError: true, text: expect.stringMatching(/ assigned.*; nothing was done/) };
const OTHER_WAIT = { isError: true, text: expect.stringMatching(/^token: belongs to another wait.*nothing was read/) };
const TIMED_OUT = { isError: true, text: `Wait for SMS failed: Timed out waiting for SMS to ${NUMBER}` };

describe.each([
  ['a pass', '', ''],
  ['a client', 'ada', 'eve'],
  ['a client, without one of its own', 'ada', ''],
])('a number held by %s', (_, holder, other) => {
  const [ada, eve] = [agent(holder), agent(other)];

  test('is of no use to an agent that knows number and passport', async () => {
    const { pass, ...number } = await ada.take();
    expect(number).toEqual({ phone_number: NUMBER });
    expect(typeof pass).toBe(holder ? 'undefined' : 'string');
    await code(1);
    const stolen = await eve.take();
    expect(stolen.pass === undefined || stolen.phone_number !== NUMBER).toBe(true);
    for (const proof of [{}, { pass: 'x' }, { pass: stolen.pass }]) {
      expect(await eve.wait(proof)).toMatchObject(NOT_HELD);
      expect(await eve.wait({ ...proof, token: `0000000000000.9999999999999.${'A'.repeat(43)}` })).toMatchObject(
        NOT_HELD,
      );
      expect(await eve.release({ ...proof, phone_number: NUMBER })).toMatchObject(NOT_RELEASED);
      expect((await eve.list(proof)).map((held: { phone_number: string }) => held.phone_number)).not.toContain(NUMBER);
    }
    expect(await eve.release({ pass: 'x', passport_id: 'signup' })).toMatchObject(NOT_RELEASED);
    const own = { pass };
    expect((await ada.wait(own)).structured).toMatchObject({ body: 'Code 1' });
    expect(await ada.list(own)).toEqual([
      { phone_number: NUMBER, passport_id: 'signup', assigned_at: expect.any(String) },
    ]);
    expect((await ada.release({ pass, phone_number: NUMBER })).structured).toMatchObject({ passport_id: 'signup' });
  });

  test('is not touched by a release that its former holder repeats', async () => {
    const { pass } = await ada.take('first');
    await ada.release({ pass, phone_number: NUMBER });
    const next = await eve.take('next');
    await code(1);
    for (const which of [
      { phone_number: NUMBER },
      { passport_id: 'first' },
      { phone_number: NUMBER, passport_id: 'next' },
    ])
      expect(await ada.release({ pass, ...which })).toMatchObject(NOT_RELEASED);
    expect((await eve.wait({ pass: next.pass })).structured).toMatchObject({ body: 'Code 1' });
  });

  test('answers no token of another wait', async () => {
    const { pass } = await ada.take();
    const { token } = (await ada.wait({ pass, timeout: 600_000 })).structured;
    const forged = token.replace(/^\d+\.\d+/, '0000000000000.9999999999999');
    await code(1);
    expect(await ada.wait({ pass, token: forged })).toMatchObject(OTHER_WAIT);
    expect((await ada.wait({ pass, token })).structured).toMatchObject({ body: 'Code 1' });
    await ada.release({ pass, phone_number: NUMBER });
    const next = await eve.take();
    await code(2);
    for (const given of [token, forged]) {
      expect(await ada.wait({ pass, token: given })).toMatchObject(NOT_HELD);
      expect(await eve.wait({ pass: next.pass, token: given })).toMatchObject(OTHER_WAIT);
    }
    await eve.release({ pass: next.pass, phone_number: NUMBER });
    const again = await ada.take();
    expect(await ada.wait({ pass: again.pass, token })).toMatchObject(OTHER_WAIT);
  });

  test('shows its holder nothing from before', async () => {
    const { pass } = await ada.take();
    await code(1);
    await ada.release({ pass, phone_number: NUMBER });
    // Too late for its holder.
    await code(2);
    const next = await eve.take();
    // Who has seen a request can repeat it, days later too.
    await stack.sandbox.advance(2 * 86_400_000);
    await code(1);
    expect(await eve.wait({ pass: next.pass, after: '2020-01-01' })).toMatchObject(TIMED_OUT);
    expect(await notifications()).toEqual([]);
    await code(3);
    expect((await eve.wait({ pass: next.pass })).structured).toMatchObject({ body: 'Code 3' });
    expect(await notifications()).toEqual(['Code 3']);
  });

  test('does not pass on the code of the next holder to a wait that is under way', async () => {
    const { pass } = await ada.take();
    const { seq } = stack.sandbox.journal;
    const waiting = ada.wait({ pass, timeout: 600_000 });
    const hasRead = () => stack.sandbox.journal.since(seq).some(({ path }) => path.includes('inbox-'));
    while (!hasRead()) await sleep(5);
    await ada.release({ pass, phone_number: NUMBER });
    const next = await eve.take();
    await code(1);
    expect(await waiting).toMatchObject(NOT_HELD);
    expect((await eve.wait({ pass: next.pass })).structured).toMatchObject({ body: 'Code 1' });
  });
});

test('a number whose pass was never used is free again after ten minutes, and a used one is not', async () => {
  const local = await startAgentPhone({ TWILIO_PHONE_NUMBERS: NUMBER });
  const store = new SqliteStore(local.env.DATABASE_PATH!);
  const assignedAgo = async (minutes: number) => {
    const assigned_at = new Date(Date.now() - minutes * 60_000).toISOString();
    await modifyHolding(store, NUMBER, (entry) => ({ ...entry, assigned_at }));
    // Nor is it remembered any more that no number was free.
    for (const { collection } of allShards('passports', 16)) await store.remove(collection, 'none free');
  };
  const take = async (passport: string) => (await takeNumber(local, passport, '')).structured;
  const wait = (pass: string) => phone(local, 'wait_for_sms', { phone_number: NUMBER, timeout: 1, pass }, '');
  try {
    const lost = await take('ada');
    await assignedAgo(9);
    expect(await take('bob')).toBeUndefined();
    await assignedAgo(10);
    const bob = await take('bob');
    expect(bob).toEqual({ phone_number: NUMBER, pass: expect.any(String) });
    expect(await wait(lost.pass)).toMatchObject(NOT_HELD);
    await assignedAgo(11);
    // Late, but nobody has taken the number.
    expect(await wait(bob.pass)).toMatchObject(TIMED_OUT);
    await assignedAgo(10_000);
    expect(await take('eve')).toBeUndefined();
    expect(await take('bob')).toMatchObject({ phone_number: NUMBER, note: expect.stringMatching(/pass/) });
    const args = { passport_id: 'bob', pass: bob.pass };
    expect((await phone(local, 'get_phone_number', args, '')).structured).toEqual(bob);
  } finally {
    store.close();
    await local.close();
  }
});

test('with readonly=true no tool takes, reads or releases a number', async () => {
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  const { body } = await post(stack.url, message, 'services=AgentPhone&readonly=true');
  expect(body.result.tools.map(({ name }: { name: string }) => name)).toEqual([
    'twilio_agent_phone_extract_otp_from_sms',
    'twilio_agent_phone_list_assignments',
  ]);
});

test('a client that nothing proves holds nothing', async () => {
  const deployment = await startDeployment({ env: { MCP_BIND_URL: 'off', TWILIO_PHONE_NUMBERS: NUMBER } });
  const { gateway } = deployment;
  try {
    const list = { name: 'twilio_agent_phone_list_assignments', arguments: {} };
    const call = async (query: string, params: object, more = {}) => {
      const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params, ...more };
      const { body } = await post(`${gateway.url}/mcp`, message, query);
      return body.result.structuredContent;
    };
    const take = { name: 'twilio_agent_phone_get_phone_number', arguments: { passport_id: 'signup' } };
    const signed = 'services=AgentPhone&client=ada';
    expect(await call(signed, take)).toEqual({ phone_number: NUMBER });
    expect((await call(signed, list)).assignments).toHaveLength(1);
    expect((await call('services=AgentPhone', list, { client: 'ada' })).assignments ?? []).toEqual([]);
  } finally {
    await deployment.close();
  }
});
