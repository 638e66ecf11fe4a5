import { SEEDS } from '../sandbox/seed';
import { deliver, inbound } from './support/deliver';
import { clientOf } from './support/sandbox';
import { callTool, type Stack, startStack } from './support/stack';
import { OWN, QUERY, SEND, useThreads } from './support/threads';

/*
 * Threads and what came before them: importing the log, erasing messages.
 */

const { answer, call, thread } = useThreads();

describe('history', () => {
  test("of the account's log is brought in once, beside what is there", async () => {
    const customer = '+14155550182';
    const { conversationId } = await call(SEND, { to: customer, body: 'Still there?' });
    const bringIn = async () => {
      let pageToken: string | undefined;
      let read = 0;
      do {
        const done = await call('twilio_inbox_import_history', { conversationId, pageToken });
        read += done.messagesRead;
        pageToken = done.nextPageToken;
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
      expect(await bringIn()).toBe(3);
      const { messages } = await thread(conversationId);
      expect(messages).toMatchObject(expected);
      expect(messages).toHaveLength(3);
    }
    const { totalCount } = await call('twilio_inbox_get_inbound_messages', { from: customer });
    expect(totalCount).toBe(1);
  });
});

test('history reads threads that hold an MMS', async () => {
  const mms = { to: '+14155550183', mediaUrl: ['https://example.com/a.png'] };
  const { conversationId } = await call('twilio_messaging_send_mms', mms);
  expect(await call('twilio_inbox_import_history', { conversationId })).toMatchObject({ messagesRead: 1 });
});

describe.each(['sqlite', 'sync'])('a message that is erased, with %s', (engine) => {
  const customer = '+14155550182';
  const messageSids = [SEEDS.deliveredMessageSid, SEEDS.inboundMessageSid];
  let own: Stack;
  let conversationId: string;
  const ask = async (name: string, args: object = {}) => {
    const { isError, text, structured } = await callTool(own.url, name, args, QUERY);
    if (isError) throw new Error(text);
    return structured;
  };
  const stored = async () => {
    const { messages } = await ask('twilio_inbox_get_conversation_thread', { conversationId });
    const inbox = await ask('twilio_inbox_get_inbound_messages', { from: customer });
    return [...messages, ...inbox.messages].map(({ body }) => body);
  };
  beforeAll(async () => {
    own = await startStack({ env: { STORE: engine } });
    const came = inbound(1, { MessageSid: SEEDS.inboundMessageSid, From: customer, To: OWN, Body: 'On my way!' });
    await deliver(`${own.server.url}/webhooks/twilio/sms`, came, null);
    ({ conversationId } = await ask('twilio_inbox_create_conversation', { participants: [OWN, customer] }));
    await ask('twilio_inbox_import_history', { conversationId });
  });
  afterAll(() => own.close());

  test('is blank, then gone, wherever it is kept', async () => {
    expect((await stored()).sort()).toEqual(['On my way!', 'On my way!', 'Your table is ready.']);
    for (const messageSid of messageSids) await ask('twilio_messaging_redact_message', { messageSid });
    expect(await stored()).toEqual(['', '', '']);
    const kept = await fetch(`${own.server.url}/webhook/sms-notifications?phoneNumber=${encodeURIComponent(OWN)}`);
    expect(await kept.json()).toMatchObject({ messages: [{ id: SEEDS.inboundMessageSid, body: '' }] });
    for (const messageSid of messageSids) await ask('twilio_messaging_delete_message', { messageSid });
    expect(await stored()).toEqual([]);
  });

  // The file is in the server's own hands; Sync is another's, and can be down.
  if (engine === 'sync')
    test('has a copy that remains where the store fails', async () => {
      const { sid } = await own.sandbox.receive({ to: OWN, body: 'Secret' });
      own.sandbox.faults.add({ path: '/Maps', status: 503, code: 20503, times: 100 });
      const redacted = await ask('twilio_messaging_redact_message', { messageSid: sid });
      expect(redacted.copyRemains).toMatch(/redacted at Twilio.*copy/);
      await expect(ask('twilio_messaging_delete_message', { messageSid: sid })).rejects.toThrow(
        /deleted at Twilio.*copy/,
      );
    });
});

describe('a long history on a slow store', () => {
  test('is brought in over several calls, each of which ends in time', async () => {
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
        const { isError, text, structured: done } = await callTool(slow.url, 'twilio_inbox_import_history', args);
        expect([isError, text]).toEqual([undefined, expect.any(String)]);
        expect(done.messagesRead).toBeGreaterThan(0);
        read += done.messagesRead;
        pageToken = done.nextPageToken;
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

  test('goes on only where it has said so', async () => {
    const { conversationId } = await call('twilio_inbox_create_conversation', { participants: [OWN, '+14155550314'] });
    const { text } = await answer('twilio_inbox_import_history', { conversationId, pageToken: '7.x' });
    expect(text).toMatch(/pageToken.*Nothing was done/);
  });
});
