import { SEEDS } from '../sandbox/seed';
import { seedResource } from '../sandbox/seed-resource';
import { SANDBOX_AUTH_TOKEN } from '../sandbox/server';
import { DOMAINS } from '../src/domains';
import { freePort } from './support/clone';
import { deliver, inbound } from './support/deliver';
import { ask, callTool, type Json, type Stack, startStack } from './support/stack';
import { OTHER_OWN, OWN, readUntil, SEND } from './support/threads';

/*
 * People who opted out: no tool sends to them, and a tool lists them.
 */

const LIST = 'twilio_messaging_list_opt_outs';
const { messagingServiceSid } = SEEDS;
const SENDING = DOMAINS.flatMap(({ tools }) => tools).filter(({ operations }) =>
  operations.includes('api_v2010:CreateMessage'),
);

let stack: Stack;
let base: string;
beforeAll(async () => {
  const port = await freePort();
  base = `http://localhost:${port}`;
  stack = await startStack({ port, env: { AUTH_TOKEN: SANDBOX_AUTH_TOKEN, WEBHOOK_BASE_URL: base } });
  for (const phoneNumberSid of SEEDS.phoneNumberSids) await call('twilio_inbox_configure_webhooks', { phoneNumberSid });
});
afterAll(() => stack.close());

const call = (name: string, args: object): Promise<Json> => ask(stack.url, name, args);
/** A message from a person, in Twilio's log and at this server. */
const receive = (from: string, body: string, to = OWN) => stack.sandbox.receive({ from, to, body });
/** A message from a person that reaches another server. */
const receiveElsewhere = (from: string, body: string, at = Date.now(), to = OWN) =>
  seedResource(stack.sandbox.state, {
    fetchOperation: 'api_v2010:FetchMessage',
    known: {
      ...{ sid: `SM${String(at).padStart(32, '0')}`, from, to, body, direction: 'inbound', status: 'received' },
      ...{ messaging_service_sid: null, error_code: null, date_sent: new Date(at).toUTCString() },
    },
    at,
  });
const send = (to: string, args: object = {}) => callTool(stack.url, SEND, { to, body: 'Hello', ...args });
const requests = (id: string) => stack.sandbox.journal.entries.filter(({ operationId }) => operationId === id).length;
/** Times in Twilio's log are whole seconds. */
const nextSecond = () => new Promise((resolve) => setTimeout(resolve, 1001 - (Date.now() % 1000)));

describe('a send to a person who opted out', () => {
  test.each(SENDING.map(({ name, input }) => [name, Object.keys(input())] as const))(
    'is refused before it goes out: %s',
    async (name, parameters) => {
      const to = '+14155550801';
      const whatsApp = { From: `whatsapp:${to}`, To: `whatsapp:${OWN}`, Body: 'Arret', OptOutType: 'STOP' };
      await receive(to, ' Stop ');
      await deliver(`${base}/webhooks/twilio/sms`, inbound(1, whatsApp));
      const before = requests('CreateMessage');
      const args = Object.entries({ to, body: 'Hello', mediaUrl: ['https://example.com/a.png'] });
      const known = Object.fromEntries(args.filter(([parameter]) => parameters.includes(parameter)));
      const { isError, text } = await callTool(stack.url, name, known);
      expect([isError, text]).toEqual([
        true,
        expect.stringMatching(
          /\+14155550801 opted out at 20\S+Z by replying (STOP|ARRET) to (whatsapp:)?\+15005550006; nothing was sent\. Only their own START/,
        ),
      ]);
      expect(requests('CreateMessage')).toBe(before);
    },
  );

  test('is refused for the number and its Messaging Service, and for no other', async () => {
    const to = '+14155550802';
    await receive(to, 'UNSUBSCRIBE');
    for (const args of [{}, { messagingServiceSid }]) expect((await send(to, args)).text).toMatch(/nothing was sent/);
    expect((await send(to, { from: OTHER_OWN })).isError).toBeUndefined();
    expect((await send('+14155550803')).isError).toBeUndefined();
  });

  test('is possible again once they reply START, at this server or elsewhere', async () => {
    const to = '+14155550804';
    await receive(to, 'STOP');
    await receive(to, 'stop it please');
    expect((await send(to)).isError).toBe(true);
    await receive(to, 'Start');
    expect((await send(to)).isError).toBeUndefined();
    await receive(to, 'QUIT');
    expect((await send(to)).isError).toBe(true);
    await nextSecond();
    receiveElsewhere(to, 'UNSTOP', Date.now() + 1000);
    const { isError, text } = await send(to);
    expect([isError, text]).toEqual([undefined, expect.any(String)]);
    const before = requests('ListMessage');
    expect([(await send(to)).isError, requests('ListMessage')]).toEqual([undefined, before]);
  });

  test('is refused after their STOP was imported', async () => {
    const to = '+14155550805';
    receiveElsewhere(to, 'CANCEL');
    const { conversationId } = await call('twilio_inbox_create_conversation', { participants: [OWN, to] });
    await call('twilio_inbox_import_history', { conversationId });
    expect((await send(to)).text).toMatch(/by replying CANCEL to/);
    const { messages } = await call('twilio_inbox_get_conversation_thread', { conversationId });
    expect(messages).toMatchObject([{ body: 'CANCEL', optOut: 'STOP' }]);
  });

  test('is refused by Twilio if the store does not know or does not answer', async () => {
    const to = '+14155550806';
    receiveElsewhere(to, 'END');
    const { isError, text } = await send(to);
    expect([isError, text]).toEqual([true, expect.stringMatching(/^Twilio error 21610: .*only their own START/)]);
    const sync = await startStack({ env: { STORE: 'sync' } });
    try {
      sync.sandbox.faults.add({ path: '/Maps', delay: 3000, times: 1 });
      const started = Date.now();
      const sent = await callTool(sync.url, SEND, { to, body: 'Hello' });
      expect(sent.structured.status).toBe('queued');
      const { time } = sync.sandbox.journal.entries.find(({ operationId }) => operationId === 'CreateMessage')!;
      expect(Date.parse(time) - started).toBeLessThan(2900);
    } finally {
      await sync.close();
    }
  });
});

test('CHECK_OPT_OUTS=false leaves the refusal to Twilio', async () => {
  const unchecked = await startStack({ env: { CHECK_OPT_OUTS: 'false' } });
  try {
    const to = '+14155550807';
    await deliver(`${unchecked.server.url}/webhooks/twilio/sms`, inbound(1, { From: to, Body: 'CANCEL' }), null);
    expect((await callTool(unchecked.url, SEND, { to, body: 'Hello' })).structured.status).toBe('queued');
  } finally {
    await unchecked.close();
  }
});

describe('the list of opt-outs', () => {
  const listed = async (args: object = {}) =>
    (await call(LIST, args)).items.map(({ person, evidence }: Json) => `${person} ${evidence}`);

  test('shows who opted out, how, and of which sender', async () => {
    stack.sandbox.reset();
    const [ada, bob, eve] = ['+14155550810', '+14155550811', '+14155550812'];
    const now = Date.now();
    receiveElsewhere(eve, 'stop', now - 50_000);
    receiveElsewhere(bob, 'Stop', now - 40_000);
    receiveElsewhere(ada, 'optout', now - 30_000, OTHER_OWN);
    receiveElsewhere(bob, 'Start', now - 20_000);
    receiveElsewhere(ada, 'Please stop', now - 10_000);
    const { items, searched } = await call(LIST, {});
    expect([items, searched]).toEqual([
      [
        {
          person: ada,
          sender: OTHER_OWN,
          optedOutAt: new Date(now - 30_000).toISOString().replace(/\.\d+/, '.000'),
          evidence: 'replied OPTOUT',
          messageSid: `SM${String(now - 30_000).padStart(32, '0')}`,
        },
        expect.objectContaining({ person: eve, sender: OWN, evidence: 'replied STOP' }),
      ],
      undefined,
    ]);
    expect(await listed({ person: eve })).toEqual([`${eve} replied STOP`]);
    expect(await listed({ person: bob })).toEqual([]);
    // The second page does not contain the START that supersedes the STOP on it.
    const shown: string[] = [];
    let pageToken: string | undefined;
    do {
      const page = await call(LIST, { limit: 1, pageToken });
      shown.push(...page.items.map(({ person }: Json) => person));
      pageToken = page.nextPageToken;
    } while (pageToken);
    expect(shown).toEqual([ada, eve]);
  });

  test('shows messages of a Messaging Service that failed with error 21610', async () => {
    stack.sandbox.reset();
    const to = '+14155550813';
    await receive(to, 'STOP');
    await nextSecond();
    const { sid, status } = (await send(to, { messagingServiceSid })).structured;
    expect(status).toBe('accepted');
    const read = () => call('twilio_messaging_get_message_status', { messageSid: sid });
    const failed = await readUntil(read, (message: Json) => message.status !== 'accepted');
    expect(failed).toMatchObject({ status: 'failed', errorCode: 21610 });
    const optOut = { person: to, sender: messagingServiceSid, evidence: 'error 21610', messageSid: sid };
    for (const args of [{}, { person: to }]) expect((await call(LIST, args)).items).toMatchObject([optOut]);
    await nextSecond();
    await receive(to, 'Yes');
    for (const args of [{}, { person: to }]) expect(await listed(args)).toEqual([]);
  });
});
