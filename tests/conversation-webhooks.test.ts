import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import twilio from 'twilio';
import { SANDBOX_AUTH_TOKEN } from '../sandbox/credentials';
import { SEEDS } from '../sandbox/seed';
import { ask, type Json, type Stack, startStack } from './support/stack';

/* Webhooks of conversations in the sandbox: which events reach which URL, signed, and what they can change. */

const [OWN] = SEEDS.numbers as [string];
const ADA = '+14155550161';

let stack: Stack;
let server: Server;
let base: string;
/** What the webhooks received, and what they answer. */
let received: Array<{ path: string; fields: Record<string, string> }>;
let answer: { status: number; body: string };

beforeAll(async () => {
  stack = await startStack();
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const fields = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
    const signature = String(request.headers['x-twilio-signature']);
    if (!twilio.validateRequest(SANDBOX_AUTH_TOKEN, signature, base + request.url, fields)) throw new Error('Unsigned');
    received.push({ path: request.url!, fields });
    response.writeHead(answer.status).end(answer.body);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => Promise.all([stack.close(), server.close()]));
beforeEach(() => {
  stack.sandbox.reset();
  received = [];
  answer = { status: 200, body: '' };
});

const call = (name: string, args: object = {}): Promise<Json> => ask(stack.url, `twilio_${name}`, args);
const write = (id: string, params: object) =>
  call('api_write', { id: `conversations_v1:${id}`, params, confirm: true });
const open = (participants: object[]) =>
  write('CreateConversationWithParticipants', { Participant: participants.map((one) => JSON.stringify(one)) });
const ada = { messaging_binding: { address: ADA, proxy_address: OWN } };
/** The events so far, once the requests under way have arrived. */
const events = async () => {
  await Promise.all(stack.sandbox.webhooks.pending);
  return received.map(({ path, fields }) => [path, fields.EventType]);
};

test('a conversation is created with its participants, or not at all', async () => {
  const { result } = await open([ada, { identity: 'agent-bob' }]);
  const { items } = await call('conversations_list_participants', { conversationSid: result.sid });
  expect(items.map((one: Json) => one.messagingBinding?.address ?? one.identity)).toEqual([ADA, 'agent-bob']);
  await expect(open([{ identity: 'agent-eve' }, ada])).rejects.toThrow('50416');
  expect((await call('conversations_list_conversations')).items.map((one: Json) => one.sid)).toEqual([result.sid]);
});

test('a webhook of one conversation gets the events that it names, and a keyword', async () => {
  const { result } = await open([ada]);
  const conversationSid = result.sid;
  const webhook = (target: string, settings: object) =>
    call('conversations_create_webhook', { conversationSid, target, ...settings });
  const url = (path: string) => ({ 'configuration.url': base + path });
  await webhook('webhook', { ...url('/all'), 'configuration.filters': ['onMessageAdded', 'onDeliveryUpdated'] });
  await webhook('webhook', { ...url('/none'), 'configuration.filters': ['onParticipantRemoved'] });
  await webhook('trigger', { ...url('/help'), 'configuration.triggers': ['help'] });
  await stack.sandbox.receive({ from: ADA, to: OWN, body: 'Hello' });
  expect(await events()).toEqual([['/all', 'onMessageAdded']]);
  expect(received[0]!.fields).toMatchObject({
    ...{ ConversationSid: conversationSid, Author: ADA, Body: 'Hello', Index: '0', Source: 'SMS' },
  });
  received = [];
  await stack.sandbox.receive({ from: ADA, to: OWN, body: 'I need HELP' });
  await call('conversations_send_message', { conversationSid, body: 'Silent' });
  await call('conversations_send_message', { conversationSid, body: 'Hi', xTwilioWebhookEnabled: 'true' });
  stack.sandbox.advance(2000);
  const counts: Record<string, number> = {};
  for (const event of await events()) counts[event.join(' ')] = (counts[event.join(' ')] ?? 0) + 1;
  expect(counts).toEqual({ '/all onMessageAdded': 2, '/help onMessageAdded': 1, '/all onDeliveryUpdated': 2 });
  const delivery = received.find(({ fields }) => fields.EventType === 'onDeliveryUpdated')!;
  expect(delivery.fields).toMatchObject({ Status: 'delivered', ConversationSid: conversationSid, ErrorCode: '0' });
});

test('the webhooks of the account report what happens in its conversations', async () => {
  const Filters = ['onConversationAdded', 'onParticipantAdded', 'onMessageAdded', 'onConversationStateUpdated'];
  await write('UpdateConfigurationWebhook', { PostWebhookUrl: `${base}/post`, Filters, Method: 'POST' });
  await call('conversations_create_address', { type: 'sms', address: OWN, 'autoCreation.type': 'default' });
  await stack.sandbox.receive({ from: ADA, to: OWN, body: 'Hello' });
  expect((await events()).map(([, type]) => type)).toEqual(Filters.slice(0, 3));
  expect(received[1]!.fields).toMatchObject({ 'MessagingBinding.Address': ADA, 'MessagingBinding.ProxyAddress': OWN });
  const conversationSid = received[0]!.fields.ConversationSid!;
  received = [];
  await call('conversations_update_conversation', { conversationSid, 'timers.closed': 'PT10M' });
  stack.sandbox.advance(601_000);
  expect(await events()).toEqual([['/post', 'onConversationStateUpdated']]);
  expect(received[0]!.fields).toMatchObject({ StateFrom: 'active', StateTo: 'closed', Reason: 'TIMER' });
});

test('a webhook can change or reject a message before it is added', async () => {
  const { result } = await open([ada]);
  const conversationSid = result.sid;
  await write('UpdateConfigurationWebhook', {
    PreWebhookUrl: `${base}/pre`,
    Filters: ['onMessageAdd'],
    Method: 'POST',
  });
  for (const [status, body] of [
    [200, '{"body": "****"}'],
    [403, ''],
    [500, ''],
  ] as const) {
    answer = { status, body };
    await stack.sandbox.receive({ from: ADA, to: OWN, body: `Rude ${status}` });
  }
  expect(await events()).toEqual(Array(3).fill(['/pre', 'onMessageAdd']));
  const { items } = await call('conversations_list_messages', { conversationSid });
  expect(items.map(({ body }: Json) => body)).toEqual(['****', 'Rude 500']);
  const alerts = await call('debugger_get_debugger_logs', { errorCode: 11200, resourceSid: conversationSid });
  expect(alerts.items.map(({ requestUrl }: Json) => requestUrl)).toContain(`${base}/pre`);
});
