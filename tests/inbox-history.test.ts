import { SEEDS } from '../sandbox/seed';
import { threadId } from '../src/threads/conversation';
import { deliver, inbound } from './support/deliver';
import { clientOf } from './support/sandbox';
import { ask, callTool, type Stack, startStack } from './support/stack';
import { OWN, QUERY, SEND, useThreads } from './support/threads';

/*
 * Importing older messages into threads, and erasing messages.
 */

const { answer, call, stack, thread } = useThreads();

describe('importing history', () => {
  test("adds the messages of the account's log once", async () => {
    const customer = '+14155550182';
    const { conversationId } = await call(SEND, { to: customer, body: 'Still there?' });
    const importAll = async () => {
      let pageToken: string | undefined;
      let read = 0;
      do {
        const page = await call('twilio_inbox_import_history', { conversationId, pageToken });
        read += page.messagesRead;
        pageToken = page.nextPageToken;
      } while (pageToken);
      return read;
    };
    const expected = [
      {
        messageSid: SEEDS.deliveredMessageSid,
        direction: 'outbound',
        status: 'delivered',
        body: 'Your table is ready.',
      },
      { messageSid: SEEDS.inboundMessageSid, direction: 'inbound', status: 'received', body: 'On my way!' },
      { direction: 'outbound', body: 'Still there?' },
    ];
    for (let times = 0; times < 2; times++) {
      expect(await importAll()).toBe(3);
      const { messages } = await thread(conversationId);
      expect(messages).toMatchObject(expected);
      expect(messages).toHaveLength(3);
    }
    const { totalCount } = await call('twilio_inbox_get_inbound_messages', { from: customer });
    expect(totalCount).toBe(1);
  });
});

test('importing history opens the thread of a message that was lost', async () => {
  const participants = [OWN, '+14155550184'];
  const { sid } = await clientOf(stack().sandbox).messages.create({ from: OWN, to: participants[1]!, body: 'Lost' });
  const args = { participants };
  const { conversationId, messagesRead } = await call('twilio_inbox_import_history', args);
  expect([conversationId, messagesRead]).toEqual([threadId(participants), 1]);
  expect((await thread(conversationId)).messages).toMatchObject([{ messageSid: sid, body: 'Lost' }]);
  for (const wrong of [{}, { ...args, conversationId }, { participants: [OWN, OWN] }]) {
    const { isError, text } = await answer('twilio_inbox_import_history', wrong);
    expect([isError, text]).toEqual([true, expect.stringMatching(/nothing was done/)]);
  }
});

test('importing history works for a thread with an MMS', async () => {
  const mms = { to: '+14155550183', mediaUrl: ['https://example.com/a.png'] };
  const { conversationId } = await call('twilio_messaging_send_mms', mms);
  expect(await call('twilio_inbox_import_history', { conversationId })).toMatchObject({ messagesRead: 1 });
});

describe.each(['sqlite', 'sync'])('an erased message in %s', (engine) => {
  const customer = '+14155550182';
  const messageSids = [SEEDS.deliveredMessageSid, SEEDS.inboundMessageSid];
  let own: Stack;
  let conversationId: string;
  const callOwn = (name: string, args: object = {}) => ask(own.url, name, args, QUERY);
  const stored = async () => {
    const { messages } = await callOwn('twilio_inbox_get_conversation_thread', { conversationId });
    const inbox = await callOwn('twilio_inbox_get_inbound_messages', { from: customer });
    return [...messages, ...inbox.messages].map(({ body }) => body);
  };
  beforeAll(async () => {
    own = await startStack({ env: { STORE: engine } });
    const received = inbound(1, { MessageSid: SEEDS.inboundMessageSid, From: customer, To: OWN, Body: 'On my way!' });
    await deliver(`${own.server.url}/webhooks/twilio/sms`, received, null);
    ({ conversationId } = await callOwn('twilio_inbox_create_conversation', { participants: [OWN, customer] }));
    await callOwn('twilio_inbox_import_history', { conversationId });
  });
  afterAll(() => own.close());

  test('is blank once redacted and gone once deleted, in every place that stores it', async () => {
    expect((await stored()).sort()).toEqual(['On my way!', 'On my way!', 'Your table is ready.']);
    for (const messageSid of messageSids) await callOwn('twilio_messaging_redact_message', { messageSid });
    expect(await stored()).toEqual(['', '', '']);
    const url = `${own.server.url}/webhook/sms-notifications?phoneNumber=${encodeURIComponent(OWN)}`;
    expect(await (await fetch(url)).json()).toMatchObject({
      notifications: [{ id: SEEDS.inboundMessageSid, body: '' }],
    });
    for (const messageSid of messageSids) await callOwn('twilio_messaging_delete_message', { messageSid });
    expect(await stored()).toEqual([]);
  });

  // Sync is a remote service and can be down; a local file is not.
  if (engine === 'sync')
    test('leaves a copy, which the result reports, if the store fails', async () => {
      const { sid } = await own.sandbox.receive({ to: OWN, body: 'Secret' });
      own.sandbox.faults.add({ path: '/Maps', status: 503, code: 20503, times: 100 });
      const redacted = await callOwn('twilio_messaging_redact_message', { messageSid: sid });
      expect(redacted.copyRemains).toMatch(/redacted at Twilio.*copy/);
      await expect(callOwn('twilio_messaging_delete_message', { messageSid: sid })).rejects.toThrow(
        /deleted at Twilio.*copy/,
      );
    });
});

describe('importing a long history', () => {
  test('takes several calls on a slow store, each within the timeout', async () => {
    const slow = await startStack({ env: { STORE: 'sync', TWILIO_TIMEOUT: '4000' } });
    try {
      const to = '+14155550314';
      const participants = [OWN, to];
      const { structured } = await callTool(slow.url, 'twilio_inbox_create_conversation', { participants });
      const { conversationId } = structured;
      const client = clientOf(slow.sandbox);
      const sids: string[] = [];
      for (let n = 0; n < 40; n++) {
        sids.push((await client.messages.create({ from: OWN, to, body: `Number ${n}` })).sid);
      }
      slow.sandbox.faults.add({ path: '/Maps', delay: 150, times: 10_000 });
      let pageToken: string | undefined;
      let calls = 0;
      let read = 0;
      do {
        const args = { conversationId, pageToken };
        const { isError, text, structured: page } = await callTool(slow.url, 'twilio_inbox_import_history', args);
        expect([isError, text]).toEqual([undefined, expect.any(String)]);
        expect(page.messagesRead).toBeGreaterThan(0);
        read += page.messagesRead;
        pageToken = page.nextPageToken;
        calls++;
      } while (pageToken);
      expect([calls > 1, read]).toEqual([true, sids.length]);
      slow.sandbox.faults.clear();
      const whole = await callTool(slow.url, 'twilio_inbox_get_conversation_thread', { conversationId, limit: 100 });
      const messages: { messageSid: string }[] = whole.structured.messages;
      expect(messages.map(({ messageSid }) => messageSid).sort()).toEqual(sids.sort());
    } finally {
      await slow.close();
    }
  });

  test('continues where a failure interrupted it', async () => {
    const participants = [OWN, '+14155550185'];
    const { sandbox } = stack();
    for (const body of ['One', 'Two'])
      await clientOf(sandbox).messages.create({ from: OWN, to: participants[1]!, body });
    await sandbox.receive({ from: participants[1]!, to: OWN, body: 'Three' });
    sandbox.faults.add({ operationId: 'ListMessage', status: 400, code: 20001, skip: 1, times: 100 });
    const first = await call('twilio_inbox_import_history', { participants });
    expect(first).toMatchObject({ interrupted: expect.stringMatching(/20001/), nextPageToken: expect.any(String) });
    const { nextPageToken: pageToken } = first;
    expect((await answer('twilio_inbox_import_history', { participants, pageToken })).isError).toBe(true);
    sandbox.faults.clear();
    const rest = await call('twilio_inbox_import_history', { participants, pageToken });
    expect([first.messagesRead + rest.messagesRead, rest.nextPageToken, rest.interrupted]).toEqual([
      3,
      undefined,
      undefined,
    ]);
    expect((await thread(first.conversationId)).messages).toHaveLength(3);
  });

  test('rejects a pageToken that it did not return', async () => {
    const { conversationId } = await call('twilio_inbox_create_conversation', { participants: [OWN, '+14155550314'] });
    const { text } = await answer('twilio_inbox_import_history', { conversationId, pageToken: '7.x' });
    expect(text).toMatch(/nothing was done.*pageToken/);
  });
});
