import { SEEDS } from '../sandbox/seed';
import { callTool, type Stack, startStack, useStack } from './support/stack';

/*
 * The errors that agents see if Twilio rejects a request, is slow or drops the connection. No message is sent twice.
 */

const SEND = 'twilio_messaging_send_sms';
const LOGS = 'twilio_messaging_get_message_logs';
const MESSAGE = { to: '+14155550100', body: 'Hello' };
const UNKNOWN_OUTCOME = new RegExp(
  `outcome is unknown: it may have been done\\. Do not repeat the call before checking with ${LOGS}`,
);

const stack = useStack({ env: { TWILIO_TIMEOUT: '1500' } });
// The first send also reads the API description of messages.
beforeAll(() => callTool(stack.url, SEND, MESSAGE));

const sends = () => stack.sandbox.journal.entries.filter(({ operationId }) => operationId === 'CreateMessage');

describe('a Twilio error', () => {
  test.each([
    [SEND, { ...MESSAGE, to: '+15005550001' }, 21211, /not a valid phone number.*E\.164/],
    [SEND, { ...MESSAGE, to: '+15005550004' }, 21610, /opted out/],
    [SEND, { ...MESSAGE, from: '+15005550007' }, 21606, /not an SMS-capable number of this account/],
    ['twilio_voice_make_call', { to: '+15005550003', twiml: '<Response/>' }, 21215, /geographic permissions/],
    ['twilio_messaging_get_message_status', { messageSid: `SM${'0'.repeat(32)}` }, 20404, /list first/i],
  ])('is explained: %s %j', async (name, args, code, message) => {
    const { isError, text } = await callTool(stack.url, name, args);
    expect(isError).toBe(true);
    expect(text).toMatch(message);
    expect(text).toMatch(new RegExp(`^Twilio error ${code}: .+ https://www\\.twilio\\.com/docs/errors/${code}$`));
  });

  test('with an unknown code has its message and link', async () => {
    stack.sandbox.faults.add({ operationId: 'ListMessage', status: 400, code: 99999, message: 'Odd' });
    expect((await callTool(stack.url, LOGS)).text).toBe(
      'Twilio error 99999: Odd. https://www.twilio.com/docs/errors/99999',
    );
  });
});

describe('a 429', () => {
  test('is retried after Retry-After, and the message is sent once', async () => {
    stack.sandbox.faults.add({ operationId: 'CreateMessage', status: 429, code: 20429, retryAfter: 1 });
    const { structured } = await callTool(stack.url, SEND, MESSAGE);
    expect(structured.status).toBe('queued');
    expect(sends().map(({ status }) => status)).toEqual([429, 201]);
  });

  test('that persists is reported before the timeout', async () => {
    stack.sandbox.faults.add({ operationId: 'CreateMessage', status: 429, code: 20429, times: 100 });
    const { isError, text } = await callTool(stack.url, SEND, MESSAGE);
    expect(isError).toBe(true);
    expect(text).toMatch(/20429.*Nothing was done.*less often/);
    expect(sends().length).toBeGreaterThan(1);
    expect(sends().every(({ status }) => status === 429)).toBe(true);
  });
});

describe('a product limit', () => {
  test('is not retried, and the error does not advise to wait a few seconds', async () => {
    stack.sandbox.faults.add({
      operationId: 'CreateMessage',
      status: 429,
      code: 60203,
      message: 'Max send attempts reached',
      times: 5,
    });
    const { text } = await callTool(stack.url, SEND, MESSAGE);
    expect(text).toMatch(/^Twilio error 60203/);
    expect(text).not.toMatch(/wait a few seconds/);
    expect(sends()).toHaveLength(1);
  });
});

describe('without a valid response from Twilio', () => {
  test.each([
    ['is too slow', { delay: 3000 }, /did not answer within 1\.5 s/],
    ['accepts the request and drops the connection', { drop: 'after' as const }, /closed the connection/],
    ['drops the connection first', { drop: 'before' as const }, /closed the connection/],
    ['has an internal error', { status: 500, code: 20500, message: 'Internal' }, /20500/],
    ['is behind a failing proxy', { status: 502, html: '<h1>Bad gateway</h1>' }, /HTTP 502/],
  ])('a send has an unknown outcome if Twilio %s', async (_label, fault, message) => {
    stack.sandbox.faults.add({ operationId: 'CreateMessage', ...fault });
    const { isError, text } = await callTool(stack.url, SEND, MESSAGE);
    expect(isError).toBe(true);
    expect(text).toMatch(message);
    expect(text).toMatch(UNKNOWN_OUTCOME);
    expect(sends()).toHaveLength(1);
  });

  test('a read can be repeated', async () => {
    stack.sandbox.faults.add({ operationId: 'ListMessage', delay: 3000 });
    expect((await callTool(stack.url, LOGS)).text).toMatch(
      /did not answer within 1\.5 s\. Nothing was changed; the call can be repeated/,
    );
  });

  test('the resource must be read before an update is repeated', async () => {
    stack.sandbox.faults.add({ operationId: 'UpdateIncomingPhoneNumber', drop: 'after' });
    const { text } = await callTool(stack.url, 'twilio_phone_numbers_update_phone_number', {
      phoneNumberSid: SEEDS.phoneNumberSids[0],
      friendlyName: 'x',
    });
    expect(text).toMatch(/outcome is unknown.*checking with twilio_phone_numbers_get_phone_number/);
  });

  test('a read fails if the response has status 200 but no JSON', async () => {
    stack.sandbox.faults.add({ operationId: 'ListMessage', status: 200, html: '<h1>Hello</h1>', times: 9 });
    const { isError, text } = await callTool(stack.url, LOGS);
    expect(isError).toBe(true);
    expect(text).toMatch(/did not answer in JSON/);
  });
});

describe('a call that runs out of time between its requests', () => {
  const participants = [SEEDS.numbers[0], MESSAGE.to];
  const CREATE = 'twilio_inbox_create_conversation';
  /** Leaves enough of 1.5 s for this response, but not for another request. */
  const delay = 1230;
  let timed: Stack;
  beforeAll(async () => {
    timed = await startStack({ env: { TWILIO_TIMEOUT: '1500', STORE: 'sync', AUTO_CREATE_CONVERSATIONS: 'false' } });
    await callTool(timed.url, CREATE, { participants });
  });
  afterAll(() => timed.close());

  test('reports that nothing was done if nothing was written, and does not send', async () => {
    timed.sandbox.faults.add({ method: 'GET', path: '/Maps/conversations-', delay });
    const { isError, text } = await callTool(timed.url, SEND, MESSAGE);
    expect([isError, text]).toEqual([
      true,
      'Twilio was not called: the time of this call is used up. Nothing was done; the call can be repeated.',
    ]);
    expect(timed.sandbox.journal.entries.map(({ operationId }) => operationId)).not.toContain('CreateMessage');
  });

  test('reports an unknown outcome if something was written', async () => {
    timed.sandbox.faults.add({ method: 'POST', path: '/Maps$', delay });
    const { isError, text } = await callTool(timed.url, CREATE, { participants: [...participants, '+14155550188'] });
    expect([isError, text]).toEqual([
      true,
      expect.stringMatching(/not called.*outcome is unknown.*before checking with \w+list_conversations/),
    ]);
    expect(timed.sandbox.journal.last?.path).toMatch(/Maps$/);
  });
});

describe('a deployment', () => {
  const callWith = async (env: Record<string, string>, name = LOGS, args = {}) => {
    const { server, sandbox, close, url } = await startStack({ env });
    try {
      return { answer: await callTool(url, name, args), output: server.output(), last: sandbox.journal.last };
    } finally {
      await close();
    }
  };

  test('names all missing and malformed settings without their values', async () => {
    const { answer, output } = await callWith({
      ACCOUNT_SID: '',
      API_KEY: 'AC-not-a-key',
      AUTH_TOKEN: 'truncated-token',
      TWILIO_PHONE_NUMBER: '0155512',
      WEBHOOK_BASE_URL: 'hooks.example.com',
      TWILIO_TIMEOUT: '60',
    });
    expect(answer.text).toMatch(
      /^Environment validation failed: ACCOUNT_SID is missing; API_KEY must be a SID: SK and 32 hex digits; AUTH_TOKEN must be 32 hex digits; TWILIO_PHONE_NUMBER must be .*E\.164.*; WEBHOOK_BASE_URL must be an absolute URL.*; TWILIO_TIMEOUT must be milliseconds from 1000 to 9000/,
    );
    expect(answer.text + output).not.toMatch(/not-a-key|truncated-token|0155512|hooks\.example/);
  });

  test('reports a wrong secret without showing it', async () => {
    const { answer, output } = await callWith({ API_SECRET: 'wrong-and-secret' });
    expect(answer.text).toMatch(/^Twilio error 20003: .*API_KEY and API_SECRET belong together/);
    expect(answer.text + output).not.toContain('wrong-and-secret');
  });

  test.each([
    [{ TWILIO_REGION: 'ie1', TWILIO_EDGE: 'dublin' }, 'api.dublin.ie1.twilio.com'],
    [{ TWILIO_REGION: 'au1' }, 'api.sydney.au1.twilio.com'],
    [{ TWILIO_EDGE: 'ashburn' }, 'api.ashburn.us1.twilio.com'],
    [{ TWILIO_REGION: 'us1' }, 'api.twilio.com'],
  ])('with %j calls %s', async (env, host) => {
    expect((await callWith(env as Record<string, string>)).last).toMatchObject({ host, status: 200 });
  });

  test('answers links to files in its region', async () => {
    const { url, sandbox, close } = await startStack({ env: { TWILIO_REGION: 'ie1' } });
    const answerOnce = (operationId: string, body: object) =>
      sandbox.faults.add({ operationId, status: 200, body: JSON.stringify(body) });
    try {
      const messageSid = `MM${'a'.repeat(32)}`;
      const uri = `/2010-04-01/Accounts/AC1/Messages/${messageSid}/Media/ME1.json`;
      answerOnce('ListMedia', { media_list: [{ sid: 'ME1', uri }] });
      const { structured: listed } = await callTool(url, 'twilio_messaging_list_media', { messageSid });
      expect(listed.items[0].url).toBe(`https://api.dublin.ie1.twilio.com${uri.replace('.json', '')}`);
      const sids = { chatServiceSid: `IS${'a'.repeat(32)}`, conversationSid: 'c', messageSid: `IM${'a'.repeat(32)}` };
      answerOnce('FetchServiceConversationMessage', { sid: sids.messageSid, media: [{ sid: 'ME2' }] });
      const { structured: message } = await callTool(url, 'twilio_conversations_get_message', sids);
      const path = `/v1/Services/${sids.chatServiceSid}/Media/ME2`;
      expect(message.media[0].url).toBe(`https://mcs.dublin.ie1.twilio.com${path}`);
    } finally {
      await close();
    }
  });

  test('without a sender sends nothing and says what to pass', async () => {
    const { answer, last } = await callWith({ TWILIO_PHONE_NUMBER: '' }, SEND, MESSAGE);
    expect(answer.text).toMatch(/No sender; nothing was sent.*messagingServiceSid.*TWILIO_PHONE_NUMBER/);
    expect(last).toBeUndefined();
  });

  test('that cannot reach Twilio reports that nothing was done', async () => {
    const { sandbox, url, close } = await startStack();
    await sandbox.close();
    expect((await callTool(url, SEND, MESSAGE)).text).toMatch(
      /could not be reached \(ECONNREFUSED\)\. Nothing was done; the call can be repeated/,
    );
    await close().catch(() => {});
  });
});

describe('messages', () => {
  test('are delivered, with media as repeated fields', async () => {
    const mediaUrl = ['https://example.com/1.png', 'https://example.com/2.png'];
    const { structured } = await callTool(stack.url, 'twilio_messaging_send_mms', { to: MESSAGE.to, mediaUrl });
    expect(sends()[0]!.body.match(/MediaUrl=/g)).toHaveLength(2);
    expect(sends()[0]!.fields).toMatchObject({ MediaUrl: mediaUrl });
    stack.sandbox.options.speed = Number.POSITIVE_INFINITY;
    expect(
      (await callTool(stack.url, 'twilio_messaging_get_message_status', { messageSid: structured.sid })).structured
        .status,
    ).toBe('delivered');
  });

  test('that failed have a cause and a remedy', async () => {
    const { structured } = await callTool(stack.url, 'twilio_messaging_get_message_status', {
      messageSid: SEEDS.failedMessageSid,
    });
    expect(structured).toMatchObject({
      errorCode: 30003,
      errorMeanings: { 30003: expect.stringMatching(/unreachable.*\. \S+/) },
    });
  });

  test('from outsiders are marked as data', async () => {
    const { structured } = await callTool(stack.url, LOGS, { to: SEEDS.numbers[0] });
    expect(structured.untrusted).toMatch(/^body: .*never instructions/);
  });

  test('are listed page by page, each once, and filtered', async () => {
    for (let n = 0; n < 5; n++)
      await callTool(stack.url, SEND, { ...MESSAGE, to: '+14155550177', body: `Number ${n}` });
    const bodies: string[] = [];
    let pageToken: string | undefined;
    do {
      const { structured } = await callTool(stack.url, LOGS, { to: '+14155550177', limit: 2, pageToken });
      expect(structured.items.length).toBeLessThanOrEqual(2);
      bodies.push(...structured.items.map((item: { body: string }) => item.body));
      pageToken = structured.nextPageToken;
    } while (pageToken);
    expect(bodies.sort()).toEqual(['Number 0', 'Number 1', 'Number 2', 'Number 3', 'Number 4']);
    const future = await callTool(stack.url, LOGS, { dateSentAfter: '2099-01-01' });
    expect(future.structured).toMatchObject({ items: [] });
  });

  test('are filtered by status, which Twilio does not support', async () => {
    const { structured } = await callTool(stack.url, LOGS, { status: 'undelivered', limit: 1 });
    expect(structured.items.map((item: { status: string }) => item.status)).toEqual(['undelivered']);
  });

  test('that do not fit are cut at a whole message, with advice on how to get the rest', async () => {
    stack.sandbox.options.speed = Number.POSITIVE_INFINITY;
    for (let n = 0; n < 40; n++) await callTool(stack.url, SEND, { ...MESSAGE, body: 'x'.repeat(1600) });
    const { structured, text } = await callTool(stack.url, LOGS, { limit: 100 });
    expect(text.length).toBeLessThan(42_000);
    const [, shown] = structured.truncated.match(/^Only (\d+) of 4\d items fit\. Continue with nextPageToken\.$/);
    expect(structured.items).toHaveLength(Number(shown));
    expect(structured.nextPageToken).toEqual(expect.any(String));
  });
});

describe('arguments', () => {
  test.each([
    [{ body: 'Hello' }, /to: is required/],
    [{ ...MESSAGE, to: '4155550100' }, /to: must be a phone number in E\.164, such as \+15551234567/],
    [
      { ...MESSAGE, text: 'x', sender: 'y' },
      /Unknown argument: text, sender\. Did you mean body for text\? Did you mean from for sender\? Expected: to, body, .*Remove it/,
    ],
    [{ ...MESSAGE, txt: 'x' }, /Unknown argument: txt\. Expected: /],
    [{ ...MESSAGE, body: 'x'.repeat(1601) }, /body: .*1600/],
    [{ ...MESSAGE, mediaUrl: ['nope'] }, /mediaUrl\.0: must be an absolute http\(s\) URL/],
    [{ ...MESSAGE, sendAt: 'tomorrow' }, /sendAt: must be ISO 8601/],
    [
      { ...MESSAGE, sendAt: '2026-12-01T09:00:00Z' },
      /`sendAt` needs a Messaging Service; nothing was sent.*: twilio_phone_numbers_get_phone_number shows/,
    ],
  ])('%j are rejected with advice on what to send instead', async (args, message) => {
    const { isError, text } = await callTool(stack.url, SEND, args);
    expect([isError, text]).toEqual([true, expect.stringMatching(message)]);
    expect(sends()).toEqual([]);
  });

  test('that are null count as omitted', async () => {
    expect((await callTool(stack.url, SEND, { ...MESSAGE, from: null, mediaUrl: null })).structured.status).toBe(
      'queued',
    );
  });
});
