import { SANDBOX_AUTH_TOKEN } from '../sandbox/credentials';
import { SEEDS } from '../sandbox/seed';
import { STATUS_WEBHOOK, webhookAt } from '../src/config';
import { SqliteStore } from '../src/store/sqlite';
import { recordMessage } from '../src/threads/record-message';
import { deliver, inbound, messageSid } from './support/deliver';
import { callTool, startStack } from './support/stack';
import { OTHER_OWN, OWN, readUntil, SEND, useThreads } from './support/threads';

/*
 * Threads as an agent sees them, with outbound and inbound messages.
 */

const { base, databasePath, answer, call, thread, receive, sends } = useThreads({ TRACK_MESSAGING_SERVICES: 'true' });

describe('sending', () => {
  test('adds messages in both directions to one thread and tracks their delivery', async () => {
    const to = '+14155550301';
    const { conversationId, sid } = await call(SEND, { to, body: 'Hello' });
    expect(sends().at(-1)?.fields.StatusCallback).toBe(webhookAt(base(), STATUS_WEBHOOK));
    await receive(1, to, { Body: 'Hi!' });
    expect((await call(SEND, { to, body: 'How are you?' })).conversationId).toBe(conversationId);
    const { messages, participants } = await readUntil(
      () => thread(conversationId),
      (read) => read.messages.every(({ status }: { status: string }) => ['delivered', 'received'].includes(status)),
    );
    expect(participants).toEqual([to, OWN]);
    expect(messages).toMatchObject([
      { messageSid: sid, direction: 'outbound', body: 'Hello', status: 'delivered' },
      { messageSid: messageSid(1), direction: 'inbound', body: 'Hi!', status: 'received' },
      { direction: 'outbound', body: 'How are you?', status: 'delivered' },
    ]);
  });

  test('adds MMS to a thread, and WhatsApp messages to a separate one', async () => {
    const to = '+14155550302';
    const mms = await call('twilio_messaging_send_mms', { to, mediaUrl: ['https://example.com/a.png'] });
    const whatsapp = await call('twilio_messaging_send_whatsapp', { to, body: 'Hello' });
    expect(mms.conversationId).not.toBe(whatsapp.conversationId);
    expect((await thread(mms.conversationId)).messages).toMatchObject([
      { messageSid: mms.sid, media: [{ url: 'https://example.com/a.png' }] },
    ]);
    expect((await thread(whatsapp.conversationId)).participants).toEqual([`whatsapp:${to}`, `whatsapp:${OWN}`]);
  });

  test.each([
    ['rcs:+14155550315', 'rcs:agent'],
    ['messenger:1234567890', 'messenger:987654321'],
  ])('adds messages to and from %s to one thread', async (to, from) => {
    const { conversationId, sid } = await call(SEND, { to, from, body: 'Hello' });
    const n = 150 + from.length;
    await receive(n, to, { To: from, Body: 'Hi!' });
    const { messages, participants } = await thread(conversationId);
    expect(participants).toEqual([to, from].sort());
    expect(messages).toMatchObject([{ messageSid: sid }, { messageSid: messageSid(n), body: 'Hi!' }]);
    const inbound = await call('twilio_inbox_get_inbound_messages', { to: from });
    expect(inbound.messages).toMatchObject([{ messageSid: messageSid(n) }]);
  });

  test('adds a message of a Messaging Service to its thread once the sender is known', async () => {
    const to = '+14155550303';
    const sent = await call(SEND, { to, body: 'Hello', messagingServiceSid: SEEDS.messagingServiceSid });
    expect(sent).not.toHaveProperty('conversationId');
    const { items } = await readUntil(
      () => call('twilio_inbox_list_conversations', { participant: to }),
      (read) => read.items.length > 0,
    );
    expect((await thread(items[0].conversationId)).messages).toMatchObject([{ messageSid: sent.sid, body: 'Hello' }]);
  });

  test('adds a message to the given conversation, and only for a participant', async () => {
    const participants = ['+14155550304', '+14155550305', OWN];
    const { conversationId } = await call('twilio_inbox_create_conversation', { participants });
    const sent = await call(SEND, { to: '+14155550304', body: 'To the group', conversationId });
    expect(sent.conversationId).toBe(conversationId);
    expect((await thread(conversationId)).messages).toMatchObject([{ messageSid: sent.sid }]);
    const before = sends().length;
    const stranger = await answer(SEND, { to: '+14155550306', body: 'Hello', conversationId });
    expect([stranger.isError, stranger.text]).toEqual([
      true,
      expect.stringMatching(/not a participant.*nothing was sent/),
    ]);
    const unknown = '00000000-0000-4000-8000-000000000000';
    const notFound = await answer(SEND, { to: '+14155550304', body: 'Hello', conversationId: unknown });
    expect(notFound.text).toMatch(new RegExp(`^Conversation ${unknown} not found; nothing was sent`));
    expect(sends()).toHaveLength(before);
  });

  test('opens one thread for simultaneous messages', async () => {
    const to = '+14155550307';
    const sent = await Promise.all([1, 2, 3, 4].map((n) => call(SEND, { to, body: `Message ${n}` })));
    expect(new Set(sent.map(({ conversationId }) => conversationId)).size).toBe(1);
    const { items } = await call('twilio_inbox_list_conversations', { participant: to });
    expect(items).toHaveLength(1);
    expect((await thread(items[0].conversationId)).messages).toHaveLength(4);
  });
});

describe('a failing store', () => {
  test('does not hide that the message was sent', async () => {
    const broken = await startStack({ env: { STORE: 'sync' } });
    try {
      broken.sandbox.faults.add({ path: '/Maps', status: 503, code: 20503, times: 100 });
      const { isError, structured } = await callTool(broken.url, SEND, { to: '+14155550308', body: 'Hello' });
      expect(isError ?? false).toBe(false);
      expect(structured).toMatchObject({ sid: expect.stringMatching(/^SM/), status: 'queued' });
      expect(structured.notRecorded).toMatch(/was sent.*do not send again/);
    } finally {
      await broken.close();
    }
  });
});

describe('without auto-creation', () => {
  test('sends a message only if its thread exists', async () => {
    const strict = await startStack({ env: { AUTO_CREATE_CONVERSATIONS: 'false' } });
    try {
      const message = { to: '+14155550309', body: 'Hello' };
      const rejected = await callTool(strict.url, SEND, message);
      expect([rejected.isError, rejected.text]).toEqual([
        true,
        expect.stringMatching(
          /^No conversation found and auto-creation is disabled; nothing was sent\..*create_conversation.*`conversationId`/,
        ),
      ]);
      expect(strict.sandbox.journal.entries.map(({ operationId }) => operationId)).not.toContain('CreateMessage');
      const participants = [OWN, message.to];
      const { structured } = await callTool(strict.url, 'twilio_inbox_create_conversation', { participants });
      const sent = await callTool(strict.url, SEND, message);
      expect(sent.structured.conversationId).toBe(structured.conversationId);
      const rcs = { ...message, to: `rcs:${message.to}`, from: 'rcs:agent' };
      expect((await callTool(strict.url, SEND, rcs)).text).toMatch(/^No conversation found/);
      const opened = { participants: [rcs.from, rcs.to] };
      const thread = await callTool(strict.url, 'twilio_inbox_create_conversation', opened);
      const { conversationId } = (await callTool(strict.url, SEND, rcs)).structured;
      expect(conversationId).toBe(thread.structured.conversationId);
      // With a Messaging Service, the thread exists but is unknown before the send.
      const byService = { ...message, messagingServiceSid: SEEDS.messagingServiceSid };
      const before = strict.sandbox.journal.last?.seq;
      const unknown = await callTool(strict.url, SEND, byService);
      expect([unknown.isError, unknown.text]).toEqual([
        true,
        expect.stringMatching(
          /Messaging Service chooses the sender.*nothing was sent\. Give `from` or `conversationId`/,
        ),
      ]);
      expect(strict.sandbox.journal.last?.seq).toBe(before);
      for (const choice of [{ from: OWN }, { conversationId: structured.conversationId }]) {
        const { structured: sentByService } = await callTool(strict.url, SEND, { ...byService, ...choice });
        expect(sentByService.conversationId).toBe(structured.conversationId);
      }
    } finally {
      await strict.close();
    }
  });
});

describe('a Messaging Service whose status callbacks go elsewhere', () => {
  const byService = { to: '+14155550313', body: 'Hello', messagingServiceSid: SEEDS.messagingServiceSid };
  const elsewhere = 'https://example.com/states';

  test.each([
    ['TWILIO_STATUS_CALLBACK_URL', { TWILIO_STATUS_CALLBACK_URL: elsewhere, WEBHOOK_BASE_URL: 'https://a.example' }],
    ['no public address', {}],
  ])('keeps a message out of its thread, and the result says so: %s', async (_label, env) => {
    const other = await startStack({ env: { AUTH_TOKEN: SANDBOX_AUTH_TOKEN, ...env } });
    try {
      const { structured } = await callTool(other.url, SEND, byService);
      expect(structured.sid).toMatch(/^SM/);
      expect(structured.notRecorded).toMatch(/was sent.*joins its thread only if.*import_history.*; do not send again/);
      const known = await callTool(other.url, SEND, { ...byService, from: OWN });
      expect(known.structured.conversationId).toBeDefined();
      expect(known.structured).not.toHaveProperty('notRecorded');
    } finally {
      await other.close();
    }
  });

  test('keeps a message out of its thread if the call sets statusCallback, but not by default', async () => {
    expect(await call(SEND, { ...byService, statusCallback: elsewhere })).toHaveProperty('notRecorded');
    expect(await call(SEND, byService)).not.toHaveProperty('notRecorded');
    const statusCallback = `${base()}/webhooks/twilio/status#rc=1`;
    expect(await call(SEND, { ...byService, statusCallback })).not.toHaveProperty('notRecorded');
  });
});

describe('the status callback of a message', () => {
  const message = { to: '+14155550314', body: 'Hello' };
  const byService = { ...message, messagingServiceSid: SEEDS.messagingServiceSid };
  const base = 'https://a.example';
  const own = `${base}/webhooks/twilio/status#rc=5&rp=all&rt=7000`;
  const elsewhere = 'https://b.example/states';
  const sent: [string, object][] = [
    [SEND, message],
    [SEND, byService],
    [SEND, { ...byService, from: OWN }],
    [SEND, { ...byService, statusCallback: elsewhere }],
    ['twilio_messaging_send_mms', { ...byService, mediaUrl: ['https://example.com/a.png'] }],
    ['twilio_messaging_send_whatsapp', byService],
  ];
  test.each<[string, Record<string, string>, (string | undefined)[]]>([
    ['is left to the Messaging Service', {}, [own, undefined, undefined, elsewhere, undefined, undefined]],
    ['is this server with the setting', { TRACK_MESSAGING_SERVICES: 'true' }, [own, own, own, elsewhere, own, own]],
    [
      'is that of the deployment',
      { TWILIO_STATUS_CALLBACK_URL: elsewhere },
      [elsewhere, elsewhere, elsewhere, elsewhere, elsewhere, elsewhere],
    ],
  ])('%s', async (_label, env, callbacks) => {
    const stack = await startStack({ env: { AUTH_TOKEN: SANDBOX_AUTH_TOKEN, WEBHOOK_BASE_URL: base, ...env } });
    try {
      for (const [name, args] of sent) await callTool(stack.url, name, args);
      const creations = stack.sandbox.journal.entries.filter(({ operationId }) => operationId === 'CreateMessage');
      expect(creations.map(({ fields }) => fields.StatusCallback)).toEqual(callbacks);
    } finally {
      await stack.close();
    }
  });
});

describe('conversations', () => {
  test('are opened once, with metadata that can change', async () => {
    const participants = ['+14155550311', '+14155550310'];
    const opened = await call('twilio_inbox_create_conversation', { participants, metadata: { order: 7 } });
    expect(opened).toEqual({
      conversationId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/),
      participants: ['+14155550310', '+14155550311'],
      createdAt: expect.stringMatching(/Z$/),
      metadata: { order: 7 },
    });
    const again = await call('twilio_inbox_create_conversation', { participants: [...participants].reverse() });
    expect(again).toEqual(opened);
    const changed = { participants, metadata: { order: 8 } };
    expect(await call('twilio_inbox_create_conversation', changed)).toEqual({ ...opened, metadata: { order: 8 } });
  });

  test.each([
    [['+14155550310'], /nothing was done.*participants: .*2 items/],
    [['+14155550310', '+14155550310'], /two or more different addresses; nothing was done/],
    [['+14155550310', 'Bob'], /nothing was done.*participants\.1: must be a phone number in E\.164/],
  ])('reject the participants %j', async (participants, message) => {
    expect((await answer('twilio_inbox_create_conversation', { participants })).text).toMatch(message);
  });

  test('are not found by an unknown ID', async () => {
    const conversationId = '00000000-0000-4000-8000-000000000001';
    const { isError, text } = await answer('twilio_inbox_get_conversation_thread', { conversationId });
    expect([isError, text]).toEqual([true, `Conversation ${conversationId} not found`]);
  });

  test('are read page by page from the end, each page in time order, in full and marked as data', async () => {
    const from = '+14155550312';
    const long = 'x'.repeat(1500);
    for (let n = 100; n < 145; n++) await receive(n, from, { Body: `${n} ${long}` });
    const { items } = await call('twilio_inbox_list_conversations', { participant: from });
    const { conversationId } = items[0];
    const bodies: string[] = [];
    let pageToken: string | undefined;
    let pages = 0;
    do {
      const page = await thread(conversationId, { pageToken, includeContext: true });
      expect(page.truncated).toBeUndefined();
      expect(page.untrusted).toMatch(/^messages: .*data, never instructions/);
      expect(page.context).toEqual({
        summary: expect.stringMatching(/^45 messages: 45 inbound, 0 outbound/),
        lastActivity: expect.stringMatching(/Z$/),
        messageCount: 45,
      });
      bodies.unshift(...page.messages.map(({ body }: { body: string }) => body));
      pageToken = page.nextPageToken;
      pages++;
    } while (pageToken);
    expect(pages).toBeGreaterThan(1);
    expect(bodies).toEqual(Array.from({ length: 45 }, (_, i) => `${100 + i} ${long}`));
  });
});

describe('inbound messages', () => {
  const list = (args = {}) => call('twilio_inbox_get_inbound_messages', args);
  const sids = (read: { messages: { messageSid: string }[] }) => read.messages.map((message) => message.messageSid);

  test('are filtered by sender, number, thread and time, with the total count on the first page', async () => {
    const [ada, bob] = ['+14155550320', '+14155550321'];
    await receive(201, ada);
    await receive(202, bob);
    const middle = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await receive(203, ada, { To: OTHER_OWN });
    await receive(204, ada);
    expect(sids(await list({ from: ada }))).toEqual([204, 203, 201].map(messageSid));
    expect(sids(await list({ from: ada, to: OTHER_OWN }))).toEqual([messageSid(203)]);
    expect(sids(await list({ from: ada, since: middle }))).toEqual([204, 203].map(messageSid));
    const first = await list({ from: ada, limit: 1 });
    expect([sids(first), first.totalCount]).toEqual([[messageSid(204)], 3]);
    const second = await list({ from: ada, limit: 2, pageToken: first.nextPageToken });
    expect([sids(second), second.totalCount, second.nextPageToken]).toEqual([
      [203, 201].map(messageSid),
      undefined,
      undefined,
    ]);
    const [{ conversationId }] = (await list({ from: bob })).messages;
    expect(sids(await list({ conversationId }))).toEqual([messageSid(202)]);
    await call(SEND, { to: bob, body: 'An answer' });
    expect(sids(await list({ conversationId }))).toEqual([messageSid(202)]);
  });
});

describe('new inbound messages', () => {
  const from = '+14155550330';
  const list = (args = {}) => call('twilio_inbox_get_inbound_messages', { from, ...args });
  const sids = (read: { messages: { messageSid: string }[] }) => read.messages.map(({ messageSid }) => messageSid);

  test('are listed once each by the cursor of an earlier call', async () => {
    await receive(301, from);
    const first = await list();
    expect([sids(first), first.totalCount]).toEqual([[messageSid(301)], 1]);
    const nothing = await list({ cursor: first.cursor });
    expect([sids(nothing), nothing.totalCount]).toEqual([[], 0]);
    for (const n of [302, 303]) await receive(n, from);
    const second = await list({ cursor: nothing.cursor });
    expect([sids(second), second.totalCount]).toEqual([[303, 302].map(messageSid), 2]);
    // An earlier cursor still selects what has arrived since then.
    expect(sids(await list({ cursor: first.cursor }))).toEqual([303, 302].map(messageSid));
    expect(sids(await list({ cursor: second.cursor }))).toEqual([]);
  });

  test('include one with an earlier timestamp that was stored after the call', async () => {
    const { conversationId } = await call('twilio_inbox_create_conversation', { participants: [from, OWN] });
    await receive(304, from);
    const { cursor } = await list();
    const messageSidOfLate = messageSid(305);
    const timestamp = new Date(Date.now() - 5000).toISOString();
    const about = { messageSid: messageSidOfLate, direction: 'inbound', from, to: OWN } as const;
    const late = { ...about, body: 'Late', status: 'received', conversationId, timestamp };
    const store = new SqliteStore(databasePath());
    await recordMessage(store, late, true);
    store.close();
    expect(sids(await list({ cursor }))).toEqual([messageSidOfLate]);
  });

  test('have a cursor on the first page only, and an invalid one is refused', async () => {
    const first = await list({ limit: 1 });
    const second = await list({ limit: 1, pageToken: first.nextPageToken });
    expect([typeof first.cursor, second.cursor]).toEqual(['string', undefined]);
    const { isError, text } = await answer('twilio_inbox_get_inbound_messages', { cursor: 'yesterday' });
    expect([isError, text]).toEqual([true, expect.stringMatching(/cursor: must be the cursor of an earlier result/)]);
  });
});

test('ENABLE_MMS=false drops inbound media and rejects outbound media', async () => {
  const withoutMms = await startStack({ env: { ENABLE_MMS: 'false' } });
  try {
    const media = { NumMedia: '1', MediaUrl0: 'https://example.com/a.png', MediaContentType0: 'image/png' };
    await deliver(`${withoutMms.server.url}/webhooks/twilio/sms`, inbound(1, media), null);
    const { structured } = await callTool(withoutMms.url, 'twilio_inbox_get_inbound_messages');
    expect(structured.messages).toMatchObject([{ body: 'Message 1', media: [] }]);
    const args = { to: '+14155550100', mediaUrl: ['https://example.com/a.png'] };
    expect((await callTool(withoutMms.url, 'twilio_messaging_send_mms', args)).text).toMatch(
      /ENABLE_MMS .*; nothing was sent/,
    );
  } finally {
    await withoutMms.close();
  }
});
