import { SANDBOX_AUTH_TOKEN } from '../sandbox/server';
import { serveLocally } from '../scripts/serve-functions';
import type { AuditEntry } from '../src/policy/audit';
import { type Store, scan } from '../src/store/port';
import { ensureStoreService } from '../src/store/service';
import { SqliteStore } from '../src/store/sqlite';
import { SyncStore } from '../src/store/sync';
import { clientOf } from './support/sandbox';
import { callTool, type Json, type Stack, startStack, type ToolResult, useStack } from './support/stack';

/*
 * The record of what agents did and of what they were kept from: one entry per action, whichever tool made it.
 */

jest.setTimeout(240_000);

const [AMERICAN, GERMAN] = ['+14155550100', '+493012345678'];
const SENDER = '+15005550006';
const WORDS = 'Words that nobody else writes';

/** All entries in the order of their collections, read past the server. */
async function entriesOf({ env, sandbox }: Stack): Promise<AuditEntry[]> {
  const store: Store & { close?: () => void } =
    env.STORE === 'sync'
      ? new SyncStore(clientOf(sandbox) as never, (twilio) => ensureStoreService(twilio, true))
      : new SqliteStore(env.DATABASE_PATH!);
  const entries: AuditEntry[] = [];
  for (let n = 0; n < 16; n++)
    for await (const { value } of scan<AuditEntry>(store, `audit-0${n.toString(16)}`)) entries.push(value);
  store.close?.();
  return entries;
}

/** The calls' results and the entries that they added. */
async function entriesAfter<T>(stack: Stack, act: () => Promise<T>): Promise<[T, AuditEntry[]]> {
  const before = new Set((await entriesOf(stack)).map(({ seal }) => seal));
  const result = await act();
  return [result, (await entriesOf(stack)).filter(({ seal }) => !before.has(seal))];
}

const sendTo = (stack: Stack, to: string, query?: string) =>
  callTool(stack.url, 'twilio_messaging_send_sms', { to, body: WORDS }, query);
const apiWrite = (stack: Stack, id: string, params: object) =>
  callTool(stack.url, 'twilio_api_write', { id, params, confirm: true });

describe.each(['sqlite', 'sync'])('in the %s store', (STORE) => {
  const stack = useStack({ env: { STORE, MCP_COUNTRIES: 'US', TWILIO_TIMEOUT: '2000' } });
  const CREATE = {
    operation: 'api_v2010:CreateMessage',
    effect: 'send',
    client: 'tests',
    requestId: expect.any(String),
  };
  const MESSAGE = { ...CREATE, tool: 'twilio_messaging_send_sms', countries: ['US'], recipients: [expect.any(String)] };

  test('a send, by a curated and by the generic tool, has one entry', async () => {
    const [{ structured }, entries] = await entriesAfter(stack, () => sendTo(stack, AMERICAN));
    expect(entries).toMatchObject([{ ...MESSAGE, outcome: 'done', sid: structured.sid }]);
    const params = { To: AMERICAN, From: SENDER, Body: WORDS };
    const [{ isError }, generic] = await entriesAfter(stack, () => apiWrite(stack, 'api_v2010:CreateMessage', params));
    expect(isError).toBeUndefined();
    expect(generic).toMatchObject([{ ...MESSAGE, tool: 'twilio_api_write', outcome: 'done' }]);
    expect(generic[0]!.recipients).toEqual(entries[0]!.recipients);
  });

  test('what a rule forbids has an entry that names it', async () => {
    const [, entries] = await entriesAfter(stack, () => sendTo(stack, GERMAN));
    expect(entries).toMatchObject([{ ...MESSAGE, outcome: 'forbidden', rule: 'MCP_COUNTRIES', countries: ['DE'] }]);
    const update = { Sid: `CA${'1'.repeat(32)}`, Url: 'https://evil.example/twiml' };
    const [, [entry, ...more]] = await entriesAfter(stack, () => apiWrite(stack, 'api_v2010:UpdateCall', update));
    expect([entry, more]).toMatchObject([{ outcome: 'forbidden', rule: 'MCP_TWIML_HOSTS' }, []]);
  });

  test('what Twilio refuses has an entry with the code', async () => {
    stack.sandbox.faults.add({ operationId: 'CreateMessage', status: 400, code: 21610 });
    const [, entries] = await entriesAfter(stack, () => sendTo(stack, AMERICAN));
    expect(entries).toMatchObject([{ ...MESSAGE, outcome: 'refused', code: 21610 }]);
  });

  test.each([
    ['is lost', { drop: 'after' }],
    ['does not come in time', { delay: 2500 }],
    ['is an error of the server', { status: 500 }],
  ] as const)('if the answer %s, the entry says that the outcome is unknown', async (_how, fault) => {
    stack.sandbox.faults.add({ operationId: 'CreateMessage', ...fault });
    const [{ isError }, entries] = await entriesAfter(stack, () => sendTo(stack, AMERICAN));
    expect(isError).toBe(true);
    expect(entries).toMatchObject([{ ...MESSAGE, outcome: 'unknown' }]);
  });

  test('a purchase and a deletion have the SID', async () => {
    const [bought, purchase] = await entriesAfter(stack, async () => {
      const { structured } = await callTool(stack.url, 'twilio_phone_numbers_search_available_numbers', {
        countryCode: 'US',
        type: 'local',
      });
      const [{ phoneNumber }] = structured.items;
      return callTool(stack.url, 'twilio_phone_numbers_buy_phone_number', { phoneNumber });
    });
    const { sid } = bought.structured;
    expect(purchase).toMatchObject([{ effect: 'spend', outcome: 'done', sid }]);
    const release = () => callTool(stack.url, 'twilio_phone_numbers_release_phone_number', { phoneNumberSid: sid });
    expect((await entriesAfter(stack, release))[1]).toMatchObject([{ effect: 'delete', outcome: 'done', sid }]);
  });

  test('reads and harmless changes have none', async () => {
    const [{ isError }, entries] = await entriesAfter(stack, async () => {
      await callTool(stack.url, 'twilio_messaging_get_message_logs', {});
      return apiWrite(stack, 'taskrouter_v1:CreateWorkspace', { FriendlyName: WORDS });
    });
    expect([isError, entries]).toEqual([undefined, []]);
  });

  test('no entry has contents or numbers', async () => {
    await sendTo(stack, AMERICAN);
    await sendTo(stack, GERMAN);
    const params = { To: AMERICAN, From: SENDER, Twiml: `<Response><Say>${WORDS}</Say></Response>` };
    await apiWrite(stack, 'api_v2010:CreateCall', params);
    const [, [lookup]] = await entriesAfter(stack, () =>
      callTool(stack.url, 'twilio_lookups_lookup_phone_number', { phoneNumber: AMERICAN, fields: ['caller_name'] }),
    );
    expect(lookup).toMatchObject({ effect: 'spend' });
    const bytes = JSON.stringify(await entriesOf(stack));
    for (const secret of [WORDS, ...[AMERICAN, GERMAN, SENDER].map((number) => number.slice(2))])
      expect(bytes).not.toContain(secret);
    expect(bytes).toContain('"DE"');
  });
});

describe('with another safeguard', () => {
  const stack = useStack({ env: { MCP_REPEAT_SECONDS: '60' } });

  test('what it answers without sending is recorded as not sent', async () => {
    await sendTo(stack, AMERICAN);
    const [{ isError }, entries] = await entriesAfter(stack, () => sendTo(stack, AMERICAN));
    expect([isError, entries]).toMatchObject([undefined, [{ outcome: 'notSent' }]]);
  });
});

describe('twilio_audit_list_actions', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ env: { MCP_COUNTRIES: 'US' } });
    for (const client of ['laptop', 'phone'])
      for (let n = 0; n < 3; n++) await sendTo(stack, `+1415555010${n}`, `services=all&client=${client}`);
    stack.sandbox.faults.add({ operationId: 'CreateMessage', status: 400, code: 21610 });
    await sendTo(stack, AMERICAN, 'services=all&client=laptop');
    await sendTo(stack, GERMAN, 'services=all&client=laptop');
  });
  afterAll(() => stack.close());

  const OWNER = 'services=Audit';
  const list = async (args: object, query = OWNER): Promise<Json> => {
    const { isError, text, structured } = await callTool(stack.url, 'twilio_audit_list_actions', args, query);
    return isError ? text : structured;
  };
  const clientsIn = ({ items }: Json) => items.map(({ client }: Json) => client);

  test('lists the actions of all clients, newest first, page by page', async () => {
    const { items, nextPageToken } = await list({});
    expect(nextPageToken).toBeUndefined();
    expect(items.map(({ client, outcome }: Json) => `${client} ${outcome}`)).toEqual([
      ...['laptop forbidden', 'laptop refused'],
      ...Array(3).fill('phone done'),
      ...Array(3).fill('laptop done'),
    ]);
    expect(items[0]).toMatchObject({ rule: 'MCP_COUNTRIES', countries: ['DE'] });
    expect(items[1]).toMatchObject({ errorCode: 21610 });
    const pages: Json[] = [await list({ limit: 3 })];
    while (pages.at(-1).nextPageToken) pages.push(await list({ limit: 3, pageToken: pages.at(-1).nextPageToken }));
    expect(pages.map((page) => page.items.length)).toEqual([3, 3, 2]);
    expect(pages.flatMap((page) => page.items)).toEqual(items);
  });

  test('filters', async () => {
    const count = async (args: object) => (await list(args)).items.length;
    expect(await count({ client: 'phone' })).toBe(3);
    expect(await count({ outcome: 'forbidden' })).toBe(1);
    expect(await count({ effect: 'spend' })).toBe(0);
    expect(await count({ tool: 'twilio_messaging_send_sms' })).toBe(8);
    expect(await count({ recipient: AMERICAN })).toBe(3);
    const { items } = await list({});
    expect(await count({ startDate: items[2].at })).toBe(3);
    expect(await count({ endDate: items[2].at })).toBe(6);
  });

  test('a client with a name sees its own actions only', async () => {
    expect(clientsIn(await list({}, `${OWNER}&client=phone`))).toEqual(['phone', 'phone', 'phone']);
    expect(await list({ client: 'laptop' }, `${OWNER}&client=phone`)).toMatch(/URL is that of phone/);
    expect(clientsIn(await list({}, `${OWNER}&client=other`))).toEqual([]);
  });
});

/** Makes a workspace, which harms nobody, and sends a message. */
async function changeAndSend(stack: Stack): Promise<string[]> {
  const [, entries] = await entriesAfter(stack, async () => {
    await apiWrite(stack, 'taskrouter_v1:CreateWorkspace', { FriendlyName: WORDS });
    await sendTo(stack, AMERICAN);
    await sendTo(stack, GERMAN);
  });
  return entries.map(({ effect, outcome }) => `${effect} ${outcome}`).sort();
}

describe.each([
  ['off', []],
  ['all', ['create done', 'send done', 'send forbidden']],
  ['strict', ['create begun', 'create done', 'send begun', 'send done', 'send forbidden']],
])('MCP_AUDIT=%s', (MCP_AUDIT, recorded) => {
  const stack = useStack({ env: { STORE: 'sync', MCP_AUDIT, MCP_COUNTRIES: 'US', TWILIO_TIMEOUT: '2000' } });
  const faultyStore = () =>
    stack.sandbox.faults.add({ operationId: 'CreateSyncMapItem', path: 'audit', status: 500, times: 1000 });
  const messages = (since: number) =>
    stack.sandbox.journal.since(since).filter(({ operationId }) => operationId === 'CreateMessage');

  test(`records ${recorded.join(', ') || 'nothing'}`, async () => {
    expect(await changeAndSend(stack)).toEqual(recorded);
  });

  test('without the store, only strict keeps from sending; what was not stored is stored later', async () => {
    faultyStore();
    const { seq } = stack.sandbox.journal;
    const { isError, text } = await sendTo(stack, AMERICAN);
    const isStrict = MCP_AUDIT === 'strict';
    expect([isError, messages(seq).length]).toEqual(isStrict ? [true, 0] : [undefined, 1]);
    if (isStrict) expect(text).toMatch(/^This deployment .+ \(MCP_AUDIT\); .+ Nothing was sent, .+: try again/);
    stack.sandbox.faults.clear();
    const lost = { off: [], all: ['send done'], strict: ['send begun', 'send forbidden'] }[MCP_AUDIT]!;
    expect(await changeAndSend(stack)).toEqual([...lost, ...recorded].sort());
    const said = stack.server.output();
    if (lost.length > 0) expect(said).toContain('could not be stored');
    for (const secret of [WORDS, AMERICAN]) expect(said).not.toContain(secret);
  });
});

describe.each(['sqlite', 'sync'])('two instances with the %s store', (STORE) => {
  test('record every action of thirty at a time once', async () => {
    const stack = await startStack({ env: { STORE, AUTH_TOKEN: SANDBOX_AUTH_TOKEN } });
    const other = await serveLocally({ env: stack.env, sandboxUrl: stack.sandbox.url });
    try {
      const urls = [stack.url, `${other.url}/mcp`];
      const send = (n: number): Promise<ToolResult> =>
        callTool(urls[n % 2]!, 'twilio_messaging_send_sms', { to: `+1415555${String(n + 1000)}`, body: WORDS });
      // The Sync service exists before there are several instances.
      const results = [await send(90)];
      for (let n = 0; n < 90; n += 30)
        results.push(...(await Promise.all(Array.from({ length: 30 }, (_, i) => send(n + i)))));
      const entries = await entriesOf(stack);
      const sids = (all: readonly { sid?: string }[]) => all.map(({ sid }) => sid).sort();
      expect(sids(entries)).toEqual(sids(results.map(({ structured }) => structured as Json)));
      expect(new Set(entries.map(({ chain }) => chain)).size).toBe(2);
    } finally {
      await other.close();
      await stack.close();
    }
  });
});
