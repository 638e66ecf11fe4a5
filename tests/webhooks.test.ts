import { SANDBOX_AUTH_TOKEN } from '../sandbox/credentials';
import { seededRandom } from '../sandbox/random';
import { serveLocally } from '../scripts/serve-functions';
import { threadId } from '../src/threads/conversation';
import { freePort } from './support/clone';
import { deliver, type Fields, inbound, messageSid, signature, statusUpdate } from './support/deliver';
import { clientOf } from './support/sandbox';
import { ask, callTool, type Stack, startStack } from './support/stack';
import { OWN, readUntil } from './support/threads';

/*
 * Webhooks are stored once, with the most advanced status, or rejected without a trace, in both engines of the store.
 */

jest.setTimeout(300_000);

interface Listed {
  messageSid: string;
  body: string;
  status: string;
  errorCode?: number;
}

const INBOX = 'services=Inbox,Messaging,AgentPhone';
const STATUS = '/webhooks/twilio/status';
const SMS = '/webhooks/twilio/sms';

describe.each(['sqlite', 'sync'])('the %s store', (engine) => {
  let stack: Stack;
  let base: string;
  beforeAll(async () => {
    const port = await freePort();
    base = `http://localhost:${port}`;
    stack = await startStack({ port, env: { STORE: engine, AUTH_TOKEN: SANDBOX_AUTH_TOKEN, WEBHOOK_BASE_URL: base } });
  });
  afterAll(() => stack.close());

  const call = (name: string, args: object = {}) => ask(stack.url, name, args, INBOX);
  const inboundOf = async (args: object): Promise<{ messages: Listed[]; totalCount: number }> =>
    call('twilio_inbox_get_inbound_messages', args);
  const send = (to: string) =>
    call('twilio_messaging_send_sms', { to, body: 'Hello', statusCallback: 'https://example.com/elsewhere' });
  async function thread(conversationId: string): Promise<Listed[]> {
    const messages: Listed[] = [];
    let pageToken: string | undefined;
    do {
      const page = await call('twilio_inbox_get_conversation_thread', { conversationId, pageToken, limit: 100 });
      messages.push(...page.messages);
      pageToken = page.nextPageToken;
    } while (pageToken);
    return messages;
  }

  test('logs each request with its own ID, without numbers and message bodies', async () => {
    for (const n of [90, 91]) await deliver(base + SMS, inbound(n, { From: '+14155550190', Body: 'a secret word' }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const lines = stack.server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{"requestId"'));
    const entries = lines.slice(-2).map((line) => JSON.parse(line));
    for (const entry of entries) {
      expect(entry).toEqual({
        requestId: expect.stringMatching(/^[0-9a-f]{8}$/),
        outcome: 'ok',
        method: SMS,
        ms: expect.any(Number),
      });
    }
    expect(entries[0].requestId).not.toBe(entries[1].requestId);
    expect(stack.server.output()).not.toMatch(/secret word|4155550190/);
  });

  test('stores an inbound message in its thread, and the response is empty TwiML', async () => {
    const fields = inbound(1, { From: '+14155550101', Body: 'Hé 👋 & <more>' });
    const answer = await deliver(base + SMS, fields);
    expect([answer.status, answer.type]).toEqual([200, expect.stringContaining('text/xml')]);
    expect(answer.text).toMatch(/<Response><\/Response>$/);
    const { messages, totalCount } = await inboundOf({ from: '+14155550101' });
    expect(totalCount).toBe(1);
    expect(messages).toEqual([
      {
        messageSid: messageSid(1),
        from: '+14155550101',
        to: '+15005550006',
        body: 'Hé 👋 & <more>',
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
        conversationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        status: 'received',
        direction: 'inbound',
        media: [],
      },
    ]);
  });

  test('stores the media of an inbound message', async () => {
    const media = { NumMedia: '1', MediaUrl0: 'https://api.twilio.com/x/Media/ME1', MediaContentType0: 'image/png' };
    const sid = messageSid(2).replace('SM', 'MM');
    await deliver(base + SMS, inbound(2, { From: '+14155550102', MessageSid: sid, Body: '', ...media }));
    const { messages } = await inboundOf({ from: '+14155550102' });
    expect(messages).toMatchObject([
      { messageSid: sid, body: '', media: [{ url: media.MediaUrl0, contentType: 'image/png' }] },
    ]);
  });

  test('keeps the most advanced status if statuses arrive late or twice', async () => {
    const { sid, conversationId } = await send('+14155550103');
    const to = { To: '+14155550103' };
    for (const status of ['delivered', 'queued', 'sent', 'delivered', 'sending']) {
      const { status: answered, text } = await deliver(base + STATUS, statusUpdate(sid, status, to));
      expect([answered, text]).toEqual([200, '']);
    }
    expect(await thread(conversationId)).toMatchObject([{ messageSid: sid, body: 'Hello', status: 'delivered' }]);
  });

  test('stores the error code of a failure', async () => {
    const { sid, conversationId } = await send('+14155550104');
    const failure = { To: '+14155550104', ErrorCode: '30003', ErrorMessage: 'Unreachable' };
    await deliver(base + STATUS, statusUpdate(sid, 'undelivered', failure));
    await deliver(base + STATUS, statusUpdate(sid, 'sent', { To: '+14155550104' }));
    expect(await thread(conversationId)).toMatchObject([
      { status: 'undelivered', errorCode: 30003, errorMessage: 'Unreachable' },
    ]);
  });

  test("keeps a message to an agent's number out of the inbox, and returns it once", async () => {
    const number = { To: '+12025550143', Body: 'Your code is 123456' };
    expect((await deliver(`${base}/webhook/sms-received`, inbound(5, number))).status).toBe(200);
    await deliver(`${base}/webhook/sms-received`, inbound(5, number));
    expect((await inboundOf({ to: '+12025550143' })).totalCount).toBe(0);
    const url = `${base}/webhook/sms-notifications?phoneNumber=%2B12025550143`;
    const notifications = async (signed = signature(url)) => {
      const response = await fetch(url, { headers: { 'x-twilio-signature': signed } });
      return [response.status, await response.text()] as const;
    };
    expect((await notifications('wrong'))[0]).toBe(403);
    const [status, text] = await notifications();
    expect([status, JSON.parse(text)]).toEqual([
      200,
      {
        notifications: [
          {
            id: messageSid(5),
            from: '+14155550100',
            to: '+12025550143',
            body: 'Your code is 123456',
            received_at: expect.any(String),
          },
        ],
      },
    ]);
    expect(JSON.parse((await notifications())[1])).toEqual({ notifications: [] });
  });

  test('adds a message to its thread with its delivery state if no send stored it', async () => {
    const to = '+14155550106';
    const { sid } = await clientOf(stack.sandbox).messages.create({ from: OWN, to, body: 'Sent elsewhere' });
    const conversationId = threadId([OWN, to]);
    await deliver(base + STATUS, statusUpdate(sid, 'sending', { To: to }));
    await expect(thread(conversationId)).rejects.toThrow(/not found/);
    for (const status of ['sent', 'delivered'])
      expect((await deliver(base + STATUS, statusUpdate(sid, status, { To: to }))).status).toBe(200);
    expect(await thread(conversationId)).toMatchObject([
      { messageSid: sid, body: 'Sent elsewhere', status: 'delivered' },
    ]);
  });

  test('stores the delivery state of a message that cannot be read now, and its text when the state is repeated', async () => {
    const to = '+14155550109';
    const { sid } = await clientOf(stack.sandbox).messages.create({ from: OWN, to, body: 'Sent elsewhere' });
    stack.sandbox.faults.add({ operationId: 'FetchMessage', status: 503, times: 4 });
    expect((await deliver(base + STATUS, statusUpdate(sid, 'delivered', { To: to }))).status).toBe(500);
    stack.sandbox.faults.clear();
    expect((await deliver(base + STATUS, statusUpdate(sid, 'sent', { To: to }))).status).toBe(200);
    expect(await thread(threadId([OWN, to]))).toMatchObject([{ body: 'Sent elsewhere', status: 'delivered' }]);
  });

  test('stores the delivery state of a message that Twilio no longer has', async () => {
    const sid = messageSid(107);
    const { status } = await deliver(base + STATUS, statusUpdate(sid, 'delivered'));
    expect(status).toBe(200);
  });

  // Sync is a remote service and can be down; a local file is not.
  if (engine === 'sync') {
    test('answers a send although the store is slow, and a delivery state adds the message once', async () => {
      const to = '+14155550108';
      stack.sandbox.faults.add({ path: '/Maps', delay: 3500, times: 20 });
      const { sid, conversationId, notRecorded } = await send(to);
      expect(notRecorded).toContain(`twilio_inbox_import_history with participants ["${OWN}","${to}"]`);
      stack.sandbox.faults.clear();
      await deliver(base + STATUS, statusUpdate(sid, 'delivered', { To: to }));
      const expected = [{ messageSid: sid, body: 'Hello', status: 'delivered' }];
      expect(await thread(conversationId)).toMatchObject(expected);
      // What the send had begun has ended by then.
      await readUntil(
        async () => stack.sandbox.journal.entries.filter(({ fault, status }) => fault && status === 0).length,
        (open) => open === 0,
      );
      expect(await thread(conversationId)).toMatchObject(expected);
    });

    test('rejects a message that it cannot store, and stores it when it is delivered again', async () => {
      const from = '+14155550105';
      const fields = inbound(6, { From: from });
      stack.sandbox.faults.add({ path: '^/v1/Services/.*(Documents|Lists|Maps)', status: 500, times: 1000 });
      const failed = await deliver(base + SMS, fields);
      expect([failed.status, failed.text]).toEqual([500, 'Not stored']);
      stack.sandbox.faults.clear();
      expect((await deliver(base + SMS, fields)).status).toBe(200);
      expect((await inboundOf({ from })).messages).toMatchObject([{ messageSid: messageSid(6) }]);
    });
  }

  describe('stores nothing of', () => {
    const sender = '+14155550666';
    const genuine = inbound(600, { From: sender });
    const sign = (fields: Fields) => signature(base + SMS, fields);
    afterEach(async () => expect((await inboundOf({ from: sender })).totalCount).toBe(0));

    test.each<[string, number, () => ReturnType<typeof deliver>]>([
      ['no signature', 403, () => deliver(base + SMS, genuine, null)],
      ['a wrong signature', 403, () => deliver(base + SMS, genuine, 'x'.repeat(28))],
      ['another auth token', 403, () => deliver(base + SMS, genuine, signature(base + SMS, genuine, '0'.repeat(32)))],
      ['a signature of another URL', 403, () => deliver(base + SMS, genuine, signature(base + STATUS, genuine))],
      ['a changed body', 403, () => deliver(base + SMS, { ...genuine, Body: 'Changed' }, sign(genuine))],
      ['another SID', 403, () => deliver(base + SMS, inbound(601, { From: sender }), sign(genuine))],
      ['an added field', 403, () => deliver(base + SMS, { ...genuine, Extra: '1' }, sign(genuine))],
      ['a field added to the URL', 403, () => deliver(`${base}${SMS}?Extra=1`, genuine, sign(genuine))],
      [
        'forged headers in the body',
        403,
        () =>
          postJson(base + SMS, {
            ...genuine,
            Body: 'Changed',
            request: { headers: { 'x-twilio-signature': sign(genuine) } },
          }),
      ],
    ])('a message with %s', async (_label, status, forge) => {
      expect((await forge()).status).toBe(status);
    });

    test.each<[string, Fields]>([
      ['no SID', { MessageSid: '', SmsSid: '' }],
      ['a malformed SID', { MessageSid: 'SM1' }],
      ['no recipient', { To: '' }],
      ['the SID of another account', { AccountSid: `AC${'9'.repeat(32)}` }],
      ['media without URLs', { NumMedia: '2' }],
      ['a malformed count', { NumMedia: 'many' }],
      ['a body that is too long', { Body: 'x'.repeat(5000) }],
    ])('a message with %s', async (_label, fields) => {
      const payload = { ...genuine, ...fields };
      expect((await deliver(base + SMS, payload)).status).toBe(400);
    });

    test('a message with nested fields', async () => {
      expect((await postJson(base + SMS, { ...genuine, Body: { a: 'x' } })).status).toBe(400);
    });

    test('an unknown status', async () => {
      expect((await deliver(base + STATUS, statusUpdate(messageSid(602), 'exploded'))).status).toBe(400);
    });
  });

  test('loses none of 1,000 repeated, shuffled and concurrent deliveries while the server is killed', async () => {
    const phones = Array.from({ length: 10 }, (_, i) => `+1415555020${i}`);
    const FINAL = ['delivered', 'undelivered'];
    const sent = new Map<string, { to: string; states: string[] }>();
    const threads = new Set<string>();
    for (let i = 0; i < 100; i++) {
      const to = phones[i % phones.length]!;
      const { sid, conversationId } = await send(to);
      sent.set(sid, { to, states: ['queued', 'sending', 'sent', FINAL[i % 2]!] });
      threads.add(conversationId);
    }
    expect(threads.size).toBe(phones.length);
    const arriving = Array.from({ length: 350 }, (_, i) => inbound(1000 + i, { From: phones[i % phones.length]! }));
    const once = [
      ...arriving.map((fields) => ({ path: SMS, fields })),
      ...[...sent].flatMap(([sid, { to, states }]) =>
        states.map((status) => ({ path: STATUS, fields: statusUpdate(sid, status, { To: to }) })),
      ),
    ];
    const deliveries = shuffled([...once, ...shuffled(once).slice(0, 250)]);
    expect(deliveries).toHaveLength(1000);

    const answered = new Set<Fields>();
    let restarted: Promise<void> | undefined;
    const restart = async () => {
      const { process: running, port } = stack.server;
      const exited = new Promise((resolve) => running.once('exit', resolve));
      running.kill('SIGKILL');
      await exited;
      stack.server = await serveLocally({ port, env: stack.env, sandboxUrl: stack.sandbox.url });
    };
    let next = 0;
    let lost = 0;
    const worker = async () => {
      while (next < deliveries.length) {
        if (next === 500) restarted ??= restart();
        const { path, fields } = deliveries[next++]!;
        try {
          const { status } = await deliver(base + path, fields);
          if (status === 200) answered.add(fields);
          else throw new Error(`answered ${status}`);
        } catch (error) {
          // Only a killed server may fail to respond.
          if (!restarted || /answered/.test((error as Error).message)) throw error;
          lost++;
          await restarted;
        }
      }
    };
    await Promise.all(Array.from({ length: 20 }, worker));
    expect(lost).toBeGreaterThan(0);
    expect(lost).toBeLessThan(100);

    const received = await inboundOf({ to: '+15005550006', limit: 1000 });
    const seen: string[] = [];
    for (const from of phones) seen.push(...(await inboundOf({ from, limit: 1000 })).messages.map((m) => m.messageSid));
    expect(received.totalCount).toBeGreaterThanOrEqual(seen.length);
    expect(new Set(seen).size).toBe(seen.length);
    const acknowledged = arriving.filter((fields) => answered.has(fields)).map((fields) => fields.MessageSid!);
    expect(acknowledged.length).toBeGreaterThan(250);
    expect(acknowledged.filter((sid) => !seen.includes(sid))).toEqual([]);

    const listed = (await Promise.all([...threads].map(thread))).flat();
    const sids = listed.map((message) => message.messageSid);
    expect(new Set(sids).size).toBe(sids.length);
    expect(acknowledged.filter((sid) => !sids.includes(sid))).toEqual([]);
    for (const [sid, { states }] of sent) {
      const delivered = once.filter(({ fields }) => fields.MessageSid === sid && answered.has(fields));
      const furthest = Math.max(0, ...delivered.map(({ fields }) => states.indexOf(fields.MessageStatus!)));
      const stored = listed.find((message) => message.messageSid === sid)!;
      expect([sid, states.slice(furthest)]).toEqual([sid, expect.arrayContaining([stored.status])]);
    }
  });
});

async function postJson(url: string, body: object): ReturnType<typeof deliver> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

function shuffled<T>(items: readonly T[]): T[] {
  const random = seededRandom(7);
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

test('one process per request stores all concurrent messages in the same file', async () => {
  const stack = await startStack({ fork: true });
  try {
    const url = stack.server.url + SMS;
    const deliveries = Array.from({ length: 8 }, (_, i) => deliver(url, inbound(i % 6), null));
    expect((await Promise.all(deliveries)).map(({ status }) => status)).toEqual(deliveries.map(() => 200));
    const { structured } = await callTool(stack.url, 'twilio_inbox_get_inbound_messages', {}, INBOX);
    expect(structured.totalCount).toBe(6);
  } finally {
    await stack.close();
  }
});

describe('without an auth token', () => {
  test('a local server accepts unsigned messages, and one with a public address rejects them', async () => {
    for (const [url, status] of [
      ['', 200],
      ['https://example.com', 403],
    ] as const) {
      const stack = await startStack({ env: { WEBHOOK_BASE_URL: url } });
      try {
        expect((await deliver(stack.server.url + SMS, inbound(1), null)).status).toBe(status);
      } finally {
        await stack.close();
      }
    }
  });
});
