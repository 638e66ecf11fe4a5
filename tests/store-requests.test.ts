import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../sandbox/server';
import { readConfig } from '../src/config';
import { inbox } from '../src/domains/inbox';
import { ensureStoreService } from '../src/store/service';
import { SqliteStore } from '../src/store/sqlite';
import { SyncStore } from '../src/store/sync';
import { conversationPlace, threadId } from '../src/threads/conversation';
import { placesOf } from '../src/threads/record-message';
import { sendMessage } from '../src/threads/send';
import { messageReceived, stateChanged } from '../src/webhooks/receive';
import { type CountedStore, countRequests, seedItems } from './support/counted-store';
import { inbound, messageSid, statusUpdate } from './support/deliver';
import { clientOf } from './support/sandbox';
import type { Json } from './support/stack';
import { SANDBOX_ENVIRONMENT } from './support/stack';

/*
 * What threads ask of the store, in requests and in steps of requests made at once, however long the history is.
 */

const OWN = '+15005550006';
const PERSON = '+14155550100';
const START = Date.UTC(2026, 0, 1);
const pair = threadId([OWN, PERSON]);
const CREATED = new Date(Math.floor(Date.now() / 1000) * 1000);
const seeded = (n: number) => ({
  messageSid: messageSid(1_000_000 + n),
  direction: 'inbound' as const,
  from: PERSON,
  to: OWN,
  body: `Message ${n}`,
  timestamp: new Date(START + n * 1000).toISOString(),
  conversationId: pair,
  status: 'received',
});

describe.each([0, 50_000])('with %i messages on a number', (count) => {
  let folder: string;
  let store: CountedStore;
  let sent = 0;
  const config = readConfig(SANDBOX_ENVIRONMENT);
  const created = () => ({ sid: messageSid(2_000_000 + ++sent), from: OWN, to: PERSON, dateCreated: CREATED });
  const fetched: string[] = [];
  const conditions: Promise<unknown>[] = [];
  const twilio = {
    messages: Object.assign(
      (sid: string) => ({
        fetch: async () => {
          fetched.push(sid);
          const dates = { dateCreated: CREATED, dateSent: new Date() };
          return { sid, direction: 'outbound-api', from: OWN, to: PERSON, body: 'Lost', status: 'sent', ...dates };
        },
      }),
      {
        create: async () => {
          await Promise.all(conditions);
          return { ...created(), body: 'Hello', status: 'queued' };
        },
      },
    ),
  };
  const context = (): Json => ({ store, config, twilio, call: { conditions }, deadline: Date.now() + 8000 });
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'twilio-mcp-requests-'));
    const file = join(folder, 'store.db');
    const engine = new SqliteStore(file);
    store = countRequests(engine);
    await messageReceived(inbound(0, { From: PERSON }), context());
    engine.close();
    const items = Array.from({ length: count }, (_, n) => seeded(n)).flatMap(({ status: _, ...entry }) =>
      placesOf({ ...entry, status: '' }, [pair]).map((place) => [...place, entry]),
    );
    seedItems(file, items as [string, string, object][]);
  }, 120_000);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  async function costOf<T>(work: () => Promise<T>) {
    Object.assign(store, { requests: 0, steps: 0 });
    const result = await work();
    const { requests, steps } = store;
    return { requests, steps, result };
  }
  const call = (name: string, args: object): Promise<Json> => {
    const tool: Json = inbox.tools.find((each) => each.name === name);
    return tool.run({ limit: 50, ...args }, context());
  };
  const receive = (n: number, from = PERSON) => costOf(() => messageReceived(inbound(n, { From: from }), context()));
  const update = (sid: string, status: string) => costOf(() => stateChanged(statusUpdate(sid, status), context()));
  const bodies = ({ messages }: Json) => messages.map(({ body }: { body: string }) => body);

  test('an inbound message takes two steps, also in a new thread and when it is repeated', async () => {
    expect(await receive(1)).toMatchObject({ requests: 4, steps: 2 });
    expect(await receive(2, '+14155550101')).toMatchObject({ requests: 5, steps: 2 });
    expect(await receive(1)).toMatchObject({ steps: 3 });
  });

  test('a send takes one step before it and one after it', async () => {
    const message = { to: PERSON, from: OWN, body: 'Hello' };
    const { requests, steps, result } = await costOf(() => sendMessage(message, context()));
    expect([requests, steps, result.conversationId]).toEqual([3, 2, pair]);
    const chosen = await costOf(() => sendMessage({ ...message, conversationId: pair }, context()));
    expect([chosen.requests, chosen.steps]).toEqual([4, 2]);
  });

  test('a delivery state takes two requests once the message is known to be in its thread', async () => {
    const { sid } = await sendMessage({ to: PERSON, from: OWN, body: 'Hello' }, context());
    expect(await update(sid, 'sent')).toMatchObject({ requests: 3, steps: 3 });
    expect(await update(sid, 'delivered')).toMatchObject({ requests: 2, steps: 2 });
    expect(await update(sid, 'sent')).toMatchObject({ requests: 1, steps: 1 });
    expect(fetched).toEqual([]);
  });

  test('a delivery state of a message that no send stored adds it to its thread', async () => {
    const sid = messageSid(3_000_000);
    await update(sid, 'sending');
    expect(fetched).toEqual([]);
    expect(await update(sid, 'delivered')).toMatchObject({ requests: 3, steps: 3 });
    expect(await update(sid, 'read')).toMatchObject({ requests: 2, steps: 2 });
    expect(fetched).toEqual([sid]);
    const { messages } = await call('twilio_inbox_get_conversation_thread', { conversationId: pair, limit: 5 });
    expect(messages).toContainEqual(expect.objectContaining({ messageSid: sid, body: 'Lost', status: 'read' }));
  });

  test('a delivery state that comes before its send is stored leaves one message in one thread', async () => {
    const group = [OWN, PERSON, '+14155550105'];
    const { conversationId } = await call('twilio_inbox_create_conversation', { participants: group });
    for (const chosen of [undefined, conversationId]) {
      const create = async () => {
        const result = await twilio.messages.create();
        await new Promise((resolve) => setTimeout(resolve, 5));
        await update(result.sid, 'delivered');
        return result;
      };
      const early = { ...context(), twilio: { messages: Object.assign(twilio.messages.bind(null), { create }) } };
      const sentEarly = await sendMessage({ to: PERSON, from: OWN, body: 'Hello', conversationId: chosen }, early);
      const threads = [pair, conversationId].map((id) =>
        call('twilio_inbox_get_conversation_thread', { conversationId: id, limit: 20 }),
      );
      const found = (await Promise.all(threads)).flatMap(({ messages }) => messages);
      expect(found.filter((each: Json) => each.messageSid === sentEarly.sid)).toMatchObject([{ status: 'delivered' }]);
    }
  });

  test('the newest messages take one step, and the count says where it stopped', async () => {
    await receive(3);
    const { result, ...cost } = await costOf(() => call('twilio_inbox_get_inbound_messages', { to: OWN, limit: 10 }));
    expect(cost).toEqual({ requests: 4, steps: 1 });
    expect(bodies(result)[0]).toBe('Message 3');
    if (count > 0) {
      expect(result).toMatchObject({ hasMoreThanCounted: true, nextPageToken: expect.any(String) });
      expect(result.totalCount).toBeGreaterThanOrEqual(100);
    } else expect(result).toMatchObject({ hasMoreThanCounted: undefined, totalCount: 4 });
    await receive(4);
    const news = await costOf(() => call('twilio_inbox_get_inbound_messages', { to: OWN, cursor: result.cursor }));
    expect([bodies(news.result), news.result.totalCount, news.steps]).toEqual([['Message 4'], 1, 1]);
    const all = await costOf(() => call('twilio_inbox_get_inbound_messages', { limit: 10 }));
    expect(all.steps).toBe(2);
  });

  test('the messages of one sender take as many steps as those of a number', async () => {
    const from = '+14155550102';
    await receive(6, from);
    const { result, steps } = await costOf(() => call('twilio_inbox_get_inbound_messages', { from }));
    expect([bodies(result), result.totalCount, steps]).toEqual([['Message 6'], 1, 2]);
  });

  test('a cursor names the latest messages of a sender among many that were sent to it', async () => {
    const from = '+14155550103';
    const now = Date.now();
    const at = (second: number) => ({ timestamp: new Date(now - second * 1000).toISOString(), to: OWN, from });
    const place = (message: Json): [string, string, object] => [
      ...placesOf(message, [threadId([OWN, from])])[0]!,
      message,
    ];
    const sends = Array.from({ length: 150 }, (_, n) => ({
      ...at(15 - n / 50),
      messageSid: messageSid(7000 + n),
      direction: 'outbound',
    }));
    const received = [20, 1].map((second) => ({
      ...at(second),
      messageSid: messageSid(8000 + second),
      direction: 'inbound',
    }));
    seedItems(join(folder, 'store.db'), [...sends, ...received].map(place));
    const first = await call('twilio_inbox_get_inbound_messages', { from, to: OWN, limit: 1 });
    expect(first.messages).toMatchObject([{ messageSid: messageSid(8001) }]);
    const { cursor } = first;
    expect((await call('twilio_inbox_get_inbound_messages', { from, to: OWN, cursor })).messages).toEqual([]);
  });

  test('a message of a thread that is not open is found, and is in the thread once that is opened', async () => {
    const from = '+14155550104';
    const closed = { ...context(), config: { ...config, autoCreateConversations: false } };
    await messageReceived(inbound(10, { From: from }), closed);
    const { messages } = await call('twilio_inbox_get_inbound_messages', { from });
    expect(messages).toMatchObject([{ messageSid: messageSid(10) }]);
    expect(messages[0].conversationId).toBeUndefined();
    const conversationId = threadId([OWN, from]);
    const read = () => call('twilio_inbox_get_conversation_thread', { conversationId });
    await expect(read()).rejects.toThrow(/not found/);
    await call('twilio_inbox_create_conversation', { participants: [OWN, from] });
    expect((await read()).messages).toMatchObject([{ messageSid: messageSid(10) }]);
  });

  test('a thread is opened at its end in two steps', async () => {
    await receive(5);
    const { result, ...cost } = await costOf(() =>
      call('twilio_inbox_get_conversation_thread', { conversationId: pair, limit: 20 }),
    );
    expect(cost.steps).toBe(2);
    expect(bodies(result).at(-1)).toBe('Message 5');
    const summary = await costOf(() =>
      call('twilio_inbox_get_conversation_thread', { conversationId: pair, limit: 20, includeContext: true }),
    );
    expect(summary.steps).toBeLessThanOrEqual(5);
    expect(summary.result.context.hasMoreThanCounted).toBe(count > 0 || undefined);
  });

  test('pages of inbound messages follow each other without a gap or a repetition', async () => {
    const seen: string[] = [];
    let pageToken: string | undefined;
    do {
      const page: Json = await call('twilio_inbox_get_inbound_messages', { to: OWN, limit: 70, pageToken });
      seen.push(...page.messages.map((message: Json) => message.timestamp + message.messageSid));
      pageToken = page.nextPageToken;
    } while (pageToken && seen.length < 1000);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    if (count > 0) {
      const oldest = seen.filter((name) => name < '2026-02').length;
      expect(oldest).toBeGreaterThan(900);
      expect(seen.slice(-oldest)).toEqual(
        Array.from({ length: oldest }, (_, i) => seeded(count - 1 - i)).map((each) => each.timestamp + each.messageSid),
      );
    }
  });

  test('a list of threads takes one step', async () => {
    const { result, ...cost } = await costOf(() => call('twilio_inbox_list_conversations', { limit: 20 }));
    expect(cost.steps).toBe(1);
    expect(result.items.map(({ conversationId }: Json) => conversationId)).toContain(pair);
  });

  test('a search of all threads says how far it looked if it runs out of time', async () => {
    const groups = Array.from({ length: 2000 }, (_, n) => [OWN, `+1415557${String(n).padStart(4, '0')}`, PERSON]);
    const headers = groups.map((participants) => ({ conversationId: threadId(participants), participants }));
    seedItems(
      join(folder, 'store.db'),
      headers.map((header) => [...conversationPlace(header.conversationId), header]),
    );
    const late = {
      ...context(),
      deadline: Date.now(),
      twilio: { incomingPhoneNumbers: { page: async () => ({ instances: [] }) } },
    };
    const tool: Json = inbox.tools.find(({ name }) => name === 'twilio_inbox_list_conversations');
    const seen: string[] = [];
    let pageToken: string | undefined;
    let pages = 0;
    do {
      const page: Json = await tool.run({ participant: PERSON, limit: 1900, pageToken }, late);
      if (page.nextPageToken) expect(page.extras.searched).toMatch(/^Searched only \d+ items; .*nextPageToken/);
      seen.push(...page.items.map(({ conversationId }: Json) => conversationId));
      pageToken = page.nextPageToken;
      pages++;
    } while (pageToken);
    expect(pages).toBeGreaterThan(1);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(groups.map(threadId)));
  });
});

test('an instance lists threads and numbers again if its store was deleted', async () => {
  const sandbox = await startSandbox();
  try {
    const twilio = clientOf(sandbox) as never;
    const context = () => ({
      store: new SyncStore(twilio, ensureStoreService, Date.now() + 8000),
      config: readConfig(SANDBOX_ENVIRONMENT),
      twilio,
      call: { conditions: [] },
    });
    const call = (name: string, args: object): Promise<Json> => {
      const tool: Json = inbox.tools.find((each) => each.name === name);
      return tool.run(args, context());
    };
    for (const n of [1, 2]) {
      if (n > 1)
        await clientOf(sandbox)
          .sync.v1.services(await ensureStoreService(twilio))
          .remove();
      await messageReceived(inbound(n, { From: PERSON }), context());
      const { items } = await call('twilio_inbox_list_conversations', { limit: 20 });
      expect(items).toMatchObject([{ participants: [PERSON, OWN] }]);
      const { messages } = await call('twilio_inbox_get_inbound_messages', { limit: 20 });
      expect(messages).toMatchObject([{ messageSid: messageSid(n) }]);
    }
    await clientOf(sandbox)
      .sync.v1.services(await ensureStoreService(twilio))
      .remove();
    await sendMessage({ to: PERSON, from: OWN, body: 'Hello' }, context() as never);
    const { items } = await call('twilio_inbox_list_conversations', { limit: 20 });
    expect(items).toMatchObject([{ participants: [PERSON, OWN] }]);
  } finally {
    await sandbox.close();
  }
});
