import { SEEDS } from '../sandbox/seed';
import { seedResource } from '../sandbox/seed-resource';
import { SqliteStore } from '../src/store/sqlite';
import { openConversation } from '../src/threads/conversation';
import { deliver, inbound } from './support/deliver';
import { ask as askTool, type Json, type Stack, startStack } from './support/stack';

/*
 * Questions that people ask, in an account with 5,000 messages, 200 threads and thousands of errors: each is answered in one or two calls.
 */

const MESSAGES = 5000;
const THREADS = 200;
const ALERTS = 2400;
const [OWN] = SEEDS.numbers as [string];
const LOGS = 'twilio_messaging_get_message_logs';

const person = (n: number) => `+1415555${String(n % THREADS).padStart(4, '0')}`;
const sidOf = (n: number) => `SM${String(n).padStart(32, '0')}`;
const alertSid = (n: number) => `NO${String(n).padStart(32, '0')}`;
const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
const statusOf = (n: number) => (n % 500 === 499 ? 'undelivered' : n % 700 === 699 ? 'failed' : 'delivered');
const bodyOf = (n: number) => (n % 900 === 899 ? `Where is my Refund, order ${n}?` : `Message ${n}`);
const numbers = Array.from({ length: MESSAGES }, (_, n) => n);

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  // The first call loads the client and the API description, which takes part of the time that a scan has.
  await askTool(stack.url, LOGS, { limit: 1 });
  await askTool(stack.url, 'twilio_debugger_get_debugger_logs', { limit: 1 });
  const now = Date.now();
  for (const n of numbers) {
    const at = now - (n + 90) * 60_000;
    const isInbound = n % 900 === 899;
    const [from, to] = isInbound ? [person(n), OWN] : [OWN, person(n)];
    const status = isInbound ? 'received' : statusOf(n);
    const direction = isInbound ? 'inbound' : 'outbound-api';
    seedResource(stack.sandbox.state, {
      fetchOperation: 'api_v2010:FetchMessage',
      known: { sid: sidOf(n), from, to, direction, status, body: bodyOf(n), date_sent: new Date(at).toUTCString() },
      at,
      internal: { final: true },
    });
  }
  for (let n = 0; n < ALERTS; n++) {
    const at = now - n * 1000;
    const error_code = n === ALERTS - 1 ? '30007' : '11200';
    const date_generated = new Date(at).toISOString();
    seedResource(stack.sandbox.state, {
      fetchOperation: 'monitor_v1:FetchAlert',
      known: { sid: alertSid(n), error_code, log_level: 'error', date_generated },
      at,
    });
  }
  const store = new SqliteStore(stack.env.DATABASE_PATH!);
  for (let n = 0; n < THREADS; n++) await openConversation(store, [person(n), OWN]);
  store.close();
  await deliver(`${stack.server.url}/webhooks/twilio/sms`, inbound(1, { From: person(137) }), null);
});
afterAll(() => stack.close());

const ask = (name: string, args: object): Promise<Json> => askTool(stack.url, name, args);
const sidsOf = ({ items }: Json) => items.map(({ sid }: Json) => sid);

test('which of my messages were not delivered?', async () => {
  const found = await ask(LOGS, { status: ['undelivered', 'failed'], limit: 100 });
  const expected = numbers.filter((n) => n % 900 !== 899 && statusOf(n) !== 'delivered').map(sidOf);
  expect(sidsOf(found)).toEqual([SEEDS.failedMessageSid, ...expected]);
  expect([found.nextPageToken, found.searched]).toEqual([undefined, undefined]);
});

test('which messages mention a refund?', async () => {
  const found = await ask(LOGS, { bodyContains: 'refund' });
  expect(sidsOf(found)).toEqual(numbers.filter((n) => n % 900 === 899).map(sidOf));
  expect([found.nextPageToken, found.searched]).toEqual([undefined, undefined]);
  const undelivered = await ask(LOGS, { bodyContains: 'MESSAGE 499', status: 'undelivered' });
  expect(sidsOf(undelivered)).toEqual([499, 4999].map(sidOf));
});

test('show me the thread with this person', async () => {
  const participant = person(137);
  const messages = [{ from: participant, to: OWN, body: 'Message 1' }];
  const { items } = await ask('twilio_inbox_list_conversations', { participant });
  expect(items).toEqual([expect.objectContaining({ participants: [participant, OWN].sort() })]);
  const { conversationId } = items[0];
  expect(await ask('twilio_inbox_get_conversation_thread', { conversationId })).toMatchObject({ messages });
  expect(await ask('twilio_inbox_get_conversation_thread', { participant })).toMatchObject({
    conversationId,
    messages,
  });
});

test('which errors were there today?', async () => {
  // Of the seeded alerts, which are 20 and 40 minutes old, one is an 11200 too.
  const { errors, cut } = await ask('twilio_debugger_analyze_errors', { hours: 1 });
  const counts = errors.map(({ errorCode, count }: Json) => [errorCode, count]);
  expect([Object.fromEntries(counts), cut]).toEqual([{ 11200: ALERTS, 30003: 1, 30007: 1 }, undefined]);
  // The test may run after midnight.
  const days = { startDate: dayOf(Date.now() - 86_400_000), endDate: dayOf(Date.now()) };
  const found = await ask('twilio_debugger_get_debugger_logs', { ...days, errorCode: 30007 });
  expect([sidsOf(found), found.searched]).toEqual([[alertSid(ALERTS - 1)], undefined]);
});
