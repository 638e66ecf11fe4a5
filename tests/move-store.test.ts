import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SEEDS } from '../sandbox/seed';
import { SANDBOX_AUTH_TOKEN } from '../sandbox/server';
import { serveLocally } from '../scripts/serve-functions';
import { STORE_NAME } from '../src/store/service';
import { SqliteStore } from '../src/store/sqlite';
import { SyncStore } from '../src/store/sync';
import { findConversation, threadId } from '../src/threads/conversation';
import { inboundPage } from '../src/threads/inbound';
import { findMessage } from '../src/threads/message';
import { threadPage } from '../src/threads/read';
import { envText, freePort } from './support/clone';
import { deliver, inbound, messageSid } from './support/deliver';
import { run } from './support/run';
import { type Client, clientOf } from './support/sandbox';
import { ask, type Json, type Stack, startStack } from './support/stack';

/*
 * `npm run move-store`: what an earlier version kept in another Sync service, moved into the server's own one.
 */

jest.setTimeout(240_000);

const root = join(__dirname, '..');
const [OWN, AGENTS] = SEEDS.numbers as [string, string];

let stack: Stack;
let folder: string;
let client: Client;
/** The service that holds the store of the earlier version. */
let from: string;
beforeAll(async () => {
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const env = {
    STORE: 'sync',
    AUTH_TOKEN: SANDBOX_AUTH_TOKEN,
    WEBHOOK_BASE_URL: base,
    TWILIO_PHONE_NUMBERS: AGENTS,
    AGENT_PHONE_AUTO_PROVISION: 'true',
  };
  stack = await startStack({ port, env });
  folder = mkdtempSync(join(tmpdir(), 'twilio-mcp-move-'));
  client = clientOf(stack.sandbox);
  // Uses all that is kept: threads, deliveries, opt-outs, inboxes, saved webhooks, numbers of agents and purchases.
  await ask(stack.url, 'twilio_messaging_send_sms', { to: '+14155550100', body: 'Hello' });
  await deliver(`${base}/webhooks/twilio/sms`, inbound(1, { From: 'whatsapp:+14155550101', To: `whatsapp:${OWN}` }));
  await deliver(`${base}/webhooks/twilio/sms`, inbound(2, { From: '+14155550102', To: OWN, Body: 'STOP' }));
  await ask(stack.url, 'twilio_inbox_configure_webhooks', { phoneNumberSid: SEEDS.phoneNumberSids[0] });
  for (const passport_id of ['first', 'second'])
    await ask(stack.url, 'twilio_agent_phone_get_phone_number', { passport_id });
  // What is copied no longer changes.
  stack.sandbox.advance(60_000);
  await stack.sandbox.webhooks.settled();
  from = (await ownService())!;
  await client.sync.v1.services(from).update({ friendlyName: 'Default Service' });
  await client.sync.v1.services(from).syncMaps.create({ uniqueName: 'orders' });
});
afterAll(async () => {
  await stack.close();
  rmSync(folder, { recursive: true, force: true });
});

const ownService = async () =>
  (await client.sync.v1.services.list()).find(({ friendlyName }) => friendlyName === STORE_NAME)?.sid;

type Items = Record<string, [value: unknown, expiresInMinutes: number]>;

/** Every item of a service, by map and key, with the minute in which it expires, counted from 1970. */
async function itemsOf(service: string): Promise<Record<string, Items>> {
  const { syncMaps } = client.sync.v1.services(service);
  const maps = await syncMaps.list();
  const read = maps.map(async ({ sid, uniqueName }) => {
    const items = await syncMaps(sid).syncMapItems.list();
    const values = items.map(({ key, data, dateExpires }) => [key, [data, Number(dateExpires) / 60_000]]);
    return [uniqueName, Object.fromEntries(values)];
  });
  return Object.fromEntries(await Promise.all(read));
}

/** The items as they are expected in a copy: a copied lifetime starts again, which costs the seconds in between. */
const copyOf = (items: Items) =>
  Object.fromEntries(
    Object.entries(items).map(([key, [value, minutes]]) => [key, [value, expect.closeTo(minutes, -1)]]),
  );

const moveStore = (...args: string[]) => moveStoreOf(stack.env, ...args);

function moveStoreOf(settings: Record<string, string>, ...args: string[]) {
  const env = join(folder, 'env');
  writeFileSync(env, envText(settings));
  return run(process.execPath, ['--import', 'tsx', 'scripts/move-store.ts', '--env', env, ...args], {
    cwd: root,
    env: {
      ...process.env,
      TWILIO_SANDBOX_URL: stack.sandbox.url,
      NODE_OPTIONS: `--require ${join(root, 'dist/local/sandbox-preload.js')}`,
    },
  });
}

test('copies every map of the server and no other, with the lifetime that is left', async () => {
  const before = await itemsOf(from);
  const { orders, ...own } = before;
  expect(Object.keys(own).length).toBeGreaterThan(12);
  const { code, output } = await moveStore('--from', from);
  expect([code, output]).toEqual([0, expect.stringContaining('npm run move-store -- --delete')]);
  const copies = Object.entries(own).map(([map, items]) => [map, copyOf(items)]);
  expect(await itemsOf((await ownService())!)).toEqual(Object.fromEntries(copies));
  expect(await itemsOf(from)).toEqual(before);
  expect(output).not.toContain('orders');
});

test('continues after an interruption, and overwrites nothing', async () => {
  const target = client.sync.v1.services((await ownService())!).syncMaps;
  const map = Object.keys(await itemsOf(from)).find((name) => name.startsWith('conversations-'))!;
  await target(map).remove();
  const [item] = await target('webhooks').syncMapItems.list();
  await target('webhooks')
    .syncMapItems(item!.key)
    .update({ data: { newer: true } });
  const { code, output } = await moveStore('--from', from);
  expect([code, output]).toEqual([0, expect.stringMatching(new RegExp(`^${map}: (\\d+) of \\1 items copied$`, 'm'))]);
  expect(output).toContain('webhooks: 0 of 1 items copied, the others were there\n');
  const [now, earlier] = [await itemsOf((await ownService())!), await itemsOf(from)];
  expect(now[map]).toEqual(copyOf(earlier[map]!));
  expect(Object.values(now.webhooks!)).toEqual([[{ newer: true }, expect.any(Number)]]);
});

test('deletes what has been copied, only when asked', async () => {
  const store = (await ownService())!;
  const before = await itemsOf(store);
  const { code } = await moveStore('--from', from, '--delete');
  expect([code, await itemsOf(from), await itemsOf(store)]).toEqual([0, { orders: {} }, before]);
  expect((await moveStore('--from', from)).output).toContain('There is nothing to move in Sync.');
});

describe.each(['another service', "the server's own service"])('maps of each thread and number in %s', (label) => {
  const person = label === 'another service' ? '+14155550150' : '+14155550151';
  const participants = [person, OWN].sort();
  const conversationId = threadId(participants);
  const group = {
    conversationId: threadId([person, OWN, '+14155550152']),
    participants: [person, OWN, '+14155550152'],
  };
  const createdAt = '2026-01-01T00:00:00.000Z';
  const [receivedSid, repeatedSid] = [1, 2].map((n) => messageSid(n + Number(person.slice(-4)) * 16));
  const entry = (messageSid: string, direction: string, second: number, fields = {}) => ({
    ...{ messageSid, direction, body: `${direction} ${second}`, timestamp: `2026-01-01T00:00:0${second}.123Z` },
    ...(direction === 'inbound' ? { from: person, to: OWN } : { from: OWN, to: person }),
    ...fields,
  });
  const stored = (sentSid: string) => [
    entry(sentSid, 'outbound', 1, { status: 'delivered' }),
    entry(receivedSid!, 'inbound', 2, { status: 'received' }),
    entry(repeatedSid!, 'inbound', 3, { status: 'received' }),
  ];
  const read = async () => {
    const thread = await ask(stack.url, 'twilio_inbox_get_conversation_thread', { conversationId });
    const inbox = await ask(stack.url, 'twilio_inbox_get_inbound_messages', { from: person });
    return [thread.messages, inbox.messages].map((each) => each.map(({ body, status }: Json) => `${body} ${status}`));
  };

  beforeAll(async () => {
    // An instance looks its service up once.
    await stack.server.close();
    const { port } = stack.server;
    stack.server = await serveLocally({ port, env: stack.env, sandboxUrl: stack.sandbox.url });
  });

  test('become readable where this version looks, each message once', async () => {
    const service = label === 'another service' ? from : (await ownService())!;
    const earlier = new SyncStore(client as never, async () => service);
    const { sid } = await client.messages.create({ from: OWN, to: person, body: 'outbound 1' });
    for (const message of stored(sid)) {
      const { messageSid, timestamp, ...content } = message;
      await earlier.add(`messages-${messageSid.slice(-2)}`, messageSid, message);
      for (const map of [`thread-${conversationId}`, ...(message.direction === 'inbound' ? [`inbound-${OWN}`] : [])])
        await earlier.add(map, `${timestamp}_${messageSid}`, { ...content, messageSid, timestamp, conversationId });
    }
    for (const header of [
      { conversationId, participants, createdAt },
      { ...group, createdAt },
    ]) {
      await earlier.add('conversations', header.conversationId, { participants: header.participants });
      await earlier.add(`thread-${header.conversationId}`, '!', header);
    }
    await earlier.add(`inbound-${OWN}`, '!', {});
    // Twilio has repeated this one after the update.
    const url = `${new URL(stack.url).origin}/webhooks/twilio/sms`;
    await deliver(url, inbound(0, { MessageSid: repeatedSid!, From: person, To: OWN, Body: 'inbound 3' }));
    const { code, output } = await moveStore('--from', from);
    expect([code, output]).toEqual([0, expect.stringContaining(`thread-${conversationId}: `)]);
    const received = ['inbound 2 received', 'inbound 3 received'];
    for (let times = 0; times < 2; times++) {
      await ask(stack.url, 'twilio_inbox_import_history', { conversationId });
      expect(await read()).toEqual([['outbound 1 delivered', ...received], [...received].reverse()]);
      const { items } = await ask(stack.url, 'twilio_inbox_list_conversations', { participant: person });
      expect(items.map((each: Json) => each.conversationId).sort()).toEqual(
        [conversationId, group.conversationId].sort(),
      );
      await moveStore('--from', from, '--delete');
    }
    const left = Object.keys({ ...(await itemsOf(from)), ...(await itemsOf((await ownService())!)) });
    expect(left.filter((map) => /^(conversations$|thread-|inbound-\+|messages-[2-9a-f])/.test(map))).toEqual([]);
  });
});

test("moves what a local server's file has, and deletes it there only when asked", async () => {
  const file = join(folder, 'local.db');
  const participants = ['+14155550160', OWN];
  const conversationId = threadId(participants);
  const message = {
    ...{ messageSid: messageSid(160), direction: 'inbound', from: participants[0]!, to: OWN, body: 'Local' },
    ...{ timestamp: '2026-01-01T00:00:00.000Z', conversationId, status: 'received' },
  };
  const store = new SqliteStore(file);
  const key = `${message.timestamp}_${message.messageSid}`;
  await store.add(`thread-${conversationId}`, '!', { conversationId, participants, createdAt: message.timestamp });
  for (const map of [`thread-${conversationId}`, `inbound-${OWN}`]) await store.add(map, key, message);
  await store.add('messages-a0', message.messageSid, message);
  store.close();
  for (const [args, left] of [
    [[], 4],
    [['--delete'], 0],
  ] as const) {
    const { code, output } = await moveStoreOf({ ...stack.env, STORE: 'sqlite', DATABASE_PATH: file }, ...args);
    expect([code, output]).toEqual([0, expect.stringContaining('local.db: ')]);
    const moved = new SqliteStore(file);
    const about = { conversationId, limit: 10 };
    const { messages } = await inboundPage({ to: OWN, limit: 10 }, { store: moved, deadline: Date.now() + 8000 });
    expect([messages, (await threadPage(moved, conversationId, about)).messages]).toMatchObject([
      [{ body: 'Local' }],
      [{ body: 'Local', status: 'received' }],
    ]);
    expect(await findConversation(moved, conversationId)).toMatchObject({ participants });
    expect(await findMessage(moved, message.messageSid)).toMatchObject({ body: 'Local' });
    const earlier = ['messages-a0', `inbound-${OWN}`, `thread-${conversationId}`];
    const found = await Promise.all(earlier.map((map) => moved.list(map)));
    expect(found.flatMap(({ items }) => items)).toHaveLength(left);
    moved.close();
  }
});

test("refuses the server's own service, and a service that does not exist", async () => {
  const own = await moveStore('--from', (await ownService())!, '--delete');
  expect([own.code, own.output]).toEqual([1, expect.stringContaining("is the server's own Sync service.")]);
  expect((await moveStore('--from', `IS${'0'.repeat(32)}`)).code).toBe(1);
});
