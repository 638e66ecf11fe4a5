import { SEEDS } from '../sandbox/seed';
import { AMERICAN, api, GERMAN, SENDER, usePolicy, waysTo } from './support/policy';
import { clientOf } from './support/sandbox';

/*
 * `known` in MCP_RECIPIENTS: people who wrote or called first may be reached, and no agent can make someone known.
 */

jest.setTimeout(240_000);

const { stack, allows, refuses } = usePolicy({ MCP_RECIPIENTS: 'Known,+1415*', MCP_COUNTRIES: 'US,GB' });
/** The owner's own client, which no policy binds. */
const owner = () => clientOf(stack.sandbox);
const text = (To: string) => api('api_v2010:CreateMessage', { To, From: SENDER, Body: 'Hello' });
const NOT_KNOWN = /sends to people who wrote or called first, \+1415\* only \(MCP_RECIPIENTS\); .+ is not among them/;

/** A number for each test, since an instance remembers who is in contact. */
let last = 0;
const someone = () => `+1212555${String(1000 + ++last)}`;

test('everything reaches a person who has written', async () => {
  const person = someone();
  for (const way of waysTo(person)) await refuses(way, NOT_KNOWN);
  await stack.sandbox.receive({ from: person, to: SENDER, body: 'Are you open?' });
  for (const way of waysTo(person)) await allows(way);
  await allows(text(`whatsapp:${person}`));
});

test('a person who has called', async () => {
  const person = someone();
  const [sid, to] = [SEEDS.phoneNumberSids[1]!, SEEDS.numbers[1]!];
  await owner().incomingPhoneNumbers(sid).update({ voiceUrl: 'http://127.0.0.1:9/voice' });
  await stack.sandbox.receiveCall({ from: person, to });
  for (const way of waysTo(person).slice(0, 4)) await allows(way);
});

test('a person who has written on one channel is reached on that one', async () => {
  const person = someone();
  await stack.sandbox.receive({ from: `whatsapp:${person}`, to: `whatsapp:${SENDER}`, body: 'Are you open?' });
  await refuses(text(person), NOT_KNOWN);
  await allows(text(`whatsapp:${person}`));
});

test('nobody is in contact because the account wrote to them or called them', async () => {
  const person = someone();
  await owner().messages.create({ to: person, from: SENDER, body: 'Hello' });
  await owner().calls.create({ to: person, from: SENDER, twiml: '<Response/>' });
  for (const way of waysTo(person)) await refuses(way, NOT_KNOWN);
  const [own, other] = SEEDS.numbers as [string, string];
  await owner().messages.create({ to: AMERICAN, from: own, body: 'Hello' });
  await owner().calls.create({ to: AMERICAN, from: own, twiml: '<Response/>' });
  await refuses(api('api_v2010:CreateMessage', { To: own, From: other, Body: 'Hello' }), NOT_KNOWN);
});

test('a person in a country that is not allowed stays out of reach', async () => {
  await stack.sandbox.receive({ from: GERMAN, to: SENDER, body: 'Are you open?' });
  for (const way of waysTo(GERMAN)) await refuses(way, /MCP_COUNTRIES/);
});

test('a message from someone else tells nothing', async () => {
  const body = JSON.stringify({ messages: [{ direction: 'inbound', from: someone() }] });
  stack.sandbox.faults.add({ path: '/Messages.json', method: 'GET', body });
  await refuses(text(someone()), NOT_KNOWN);
});

test.each(['known', 'client:mallory', 'sip:known@example.com', ''])('%j is nobody', async (to) => {
  await refuses(text(to));
});

test('no one is reached while the log cannot be read', async () => {
  const person = someone();
  await stack.sandbox.receive({ from: person, to: SENDER, body: 'Are you open?' });
  for (const fault of [{ status: 503, times: 9 }, { status: 403 }, { body: '{}' }]) {
    stack.sandbox.faults.add({ path: '/Messages.json', method: 'GET', ...fault });
    await refuses(text(person), /cannot be read now/);
    stack.sandbox.faults.clear();
  }
  await allows(text(person));
});

test('costs one request for each person', async () => {
  const person = someone();
  await stack.sandbox.receive({ from: person, to: SENDER, body: 'Are you open?' });
  const reads = async (to: string) => {
    const { seq } = stack.sandbox.journal;
    await allows(text(to));
    return stack.sandbox.journal.since(seq).filter(({ method }) => method === 'GET').length;
  };
  expect([await reads(person), await reads(person), await reads(AMERICAN)]).toEqual([1, 0, 0]);
});

test('looks up ten people of one request at most', async () => {
  const people = Array.from({ length: 11 }, someone);
  for (const from of people) await stack.sandbox.receive({ from, to: SENDER, body: 'Are you open?' });
  const notify = (addresses: readonly string[]) =>
    api('notify_v1:CreateNotification', {
      ServiceSid: `IS${'1'.repeat(32)}`,
      Body: 'Hello',
      ToBinding: addresses.map((address) => JSON.stringify({ binding_type: 'sms', address })),
    });
  await refuses(notify(people), NOT_KNOWN);
  await allows(notify(people.slice(1)));
});
