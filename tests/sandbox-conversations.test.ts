import { SEEDS } from '../sandbox/seed';
import { ask, type Json, useStack } from './support/stack';

/* What the sandbox says about conversations is what was asked of it. */

const [OWN] = SEEDS.numbers as [string];
const ADA = '+14155550161';
const BOB = '+14155550162';
const EVE = '+14155530003';

const stack = useStack();

const call = (name: string, args: object = {}): Promise<Json> => ask(stack.url, `twilio_conversations_${name}`, args);
const open = async (args: object = {}) => (await call('create_conversation', args)).sid as string;
const add = (conversationSid: string, address: string, proxy = OWN) =>
  call('add_participant', {
    conversationSid,
    'messagingBinding.address': address,
    'messagingBinding.proxyAddress': proxy,
  });

test('participants have the address, the proxy and the identity that were given', async () => {
  const conversationSid = await open({ friendlyName: 'Order 7' });
  const sms = await add(conversationSid, ADA);
  expect(sms.messagingBinding).toEqual({ type: 'sms', address: ADA, proxyAddress: OWN });
  const whatsapp = await add(conversationSid, `whatsapp:${ADA}`, `whatsapp:${OWN}`);
  expect(whatsapp.messagingBinding).toMatchObject({ type: 'whatsapp', address: `whatsapp:${ADA}` });
  const chat = await call('add_participant', { conversationSid, identity: 'agent-bob', attributes: { team: 'sales' } });
  expect(chat).toMatchObject({ identity: 'agent-bob', attributes: { team: 'sales' } });
  expect(chat.messagingBinding ?? null).toBeNull();
  const { items } = await call('list_participants', { conversationSid });
  expect(items.map(({ sid }: Json) => sid)).toEqual([sms.sid, whatsapp.sid, chat.sid]);
  expect((await call('list_users', {})).items).toEqual([expect.objectContaining({ identity: 'agent-bob' })]);
  const found = await call('find_conversations', { address: ADA });
  expect(found.items).toEqual([
    expect.objectContaining({ conversationSid, participantSid: sms.sid, conversationFriendlyName: 'Order 7' }),
  ]);
  expect((await call('find_conversations', { identity: 'agent-bob' })).items).toHaveLength(1);
  expect((await call('find_conversations', { address: BOB })).items).toEqual([]);
});

test('a pair of addresses belongs to one open conversation', async () => {
  const first = await open();
  await add(first, ADA);
  const second = await open();
  await expect(add(second, ADA)).rejects.toThrow(`50416`);
  await expect(add(second, ADA)).rejects.toThrow(first);
  await expect(add(second, ADA, `whatsapp:${OWN}`)).rejects.toThrow('50414');
  await call('update_conversation', { conversationSid: first, state: 'closed' });
  await add(second, ADA);
  await expect(call('send_message', { conversationSid: first, body: 'Hi' })).rejects.toThrow('50377');
});

test('a message reaches the participants with an address, with a receipt each', async () => {
  const conversationSid = await open();
  const ada = await add(conversationSid, ADA);
  const eve = await add(conversationSid, EVE);
  await call('add_participant', { conversationSid, identity: 'agent-bob' });
  stack.sandbox.options.speed = 1e-6;
  const sent = await call('send_message', { conversationSid, body: 'We are on our way.', author: 'agent-bob' });
  expect(sent).toMatchObject({
    index: 0,
    author: 'agent-bob',
    delivery: { total: 2, sent: 'none', delivered: 'none' },
  });
  const receiptsOf = async () =>
    (await call('list_receipts', { conversationSid, messageSid: sent.sid })).items.map((receipt: Json) => [
      receipt.participantSid,
      receipt.status,
      receipt.errorCode,
    ]);
  expect(await receiptsOf()).toEqual([]);
  stack.sandbox.options.speed = Number.POSITIVE_INFINITY;
  expect(await receiptsOf()).toEqual([
    [ada.sid, 'delivered', 0],
    [eve.sid, 'undelivered', 30003],
  ]);
  const { delivery } = await call('get_message', { conversationSid, messageSid: sent.sid });
  expect(delivery).toMatchObject({ sent: 'all', delivered: 'some', undelivered: 'some', failed: 'none' });
  const log = await ask(stack.url, 'twilio_messaging_get_message_logs', { to: ADA });
  expect(log.items[0]).toMatchObject({ from: OWN, body: 'We are on our way.', status: 'delivered' });
});

test('an inbound message joins the conversation of its addresses, or opens one', async () => {
  const conversationSid = await open();
  await add(conversationSid, ADA);
  await add(conversationSid, BOB);
  await stack.sandbox.receive({ to: OWN, from: ADA, body: 'Where are you?' });
  const { items } = await call('list_messages', { conversationSid });
  expect(items).toEqual([expect.objectContaining({ index: 0, author: ADA, body: 'Where are you?' })]);
  expect(items[0].delivery.total).toBe(1);
  const forwarded = await ask(stack.url, 'twilio_messaging_get_message_logs', { to: BOB });
  expect(forwarded.items[0].body).toBe('Where are you?');

  await call('create_address', { type: 'sms', address: SEEDS.numbers[1], 'autoCreation.type': 'default' });
  await stack.sandbox.receive({ to: SEEDS.numbers[1]!, from: ADA, body: 'Hello?' });
  const found = await call('find_conversations', { address: ADA });
  expect(found.items).toHaveLength(2);
  const opened = await call('list_messages', { conversationSid: found.items[1].conversationSid });
  expect(opened.items).toEqual([expect.objectContaining({ author: ADA, body: 'Hello?' })]);
});

test('webhooks and addresses show their configuration', async () => {
  const conversationSid = await open();
  const webhook = await call('create_webhook', {
    conversationSid,
    target: 'webhook',
    'configuration.url': 'https://shop.example.com/chat',
    'configuration.method': 'post',
    'configuration.filters': ['onMessageAdded'],
  });
  const configuration = { url: 'https://shop.example.com/chat', method: 'post', filters: ['onMessageAdded'] };
  expect(webhook.configuration).toEqual(configuration);
  expect((await call('list_webhooks', { conversationSid })).items[0].configuration).toEqual(configuration);
  const address = await call('create_address', {
    type: 'sms',
    address: OWN,
    'autoCreation.type': 'webhook',
    'autoCreation.webhookUrl': 'https://shop.example.com/new',
  });
  expect(address.autoCreation).toMatchObject({
    enabled: true,
    type: 'webhook',
    webhookUrl: 'https://shop.example.com/new',
  });
});

test('timers make a quiet conversation inactive, then close it', async () => {
  const started = Date.now();
  const made = await call('create_conversation', { 'timers.inactive': 'PT30M', 'timers.closed': 'P2D' });
  const minutes = (date: string) => Math.round((Date.parse(date) - started) / 60_000);
  expect([minutes(made.timers.dateInactive), minutes(made.timers.dateClosed)]).toEqual([30, 2880]);
  expect((await call('create_conversation', {})).timers).toEqual({});
  const kept = stack.sandbox.state.store.get('conversations.twilio.com/v1/Conversations', made.sid)!;
  const stateAfter = async (milliseconds: number) => {
    kept.internal.activeAt = started - milliseconds;
    return (await call('get_conversation', { conversationSid: made.sid })).state;
  };
  expect(await stateAfter(60_000)).toBe('active');
  expect(await stateAfter(31 * 60_000)).toBe('inactive');
  expect(await stateAfter(49 * 3_600_000)).toBe('closed');
});

test('a service has conversations, users and roles of its own', async () => {
  const { sid: chatServiceSid } = await call('create_service', { friendlyName: 'Support' });
  const conversationSid = await open({ chatServiceSid, uniqueName: 'ticket-1' });
  await call('add_participant', { conversationSid: 'ticket-1', chatServiceSid, identity: 'carol' });
  await call('send_message', { conversationSid: 'ticket-1', chatServiceSid, body: 'Hi', author: 'carol' });
  expect((await call('list_conversations', { chatServiceSid })).items).toEqual([
    expect.objectContaining({ sid: conversationSid, chatServiceSid }),
  ]);
  expect((await call('list_conversations', {})).items).toEqual([]);
  expect((await call('list_users', {})).items).toEqual([]);
  expect((await call('list_users', { chatServiceSid })).items).toEqual([
    expect.objectContaining({ identity: 'carol' }),
  ]);
  const { items } = await call('list_roles', { chatServiceSid });
  expect(items.map(({ friendlyName }: Json) => friendlyName)).toContain('channel user');
  const [participant] = (await call('list_participants', { conversationSid, chatServiceSid })).items;
  expect(items.map(({ sid }: Json) => sid)).toContain(participant.roleSid);
  await expect(open({ chatServiceSid, uniqueName: 'ticket-1' })).rejects.toThrow('50353');
});

test('a chat user has conversations, and messages that were not read', async () => {
  const conversationSid = await open({ friendlyName: 'Order 7' });
  const { sid } = await call('add_participant', { conversationSid, identity: 'agent-bob' });
  for (const body of ['One', 'Two', 'Three']) await call('send_message', { conversationSid, body });
  await call('update_participant', { conversationSid, participantSid: sid, lastReadMessageIndex: 0 });
  const params = { UserSid: 'agent-bob' };
  const { items } = await ask(stack.url, 'twilio_api_read', { id: 'conversations_v1:ListUserConversation', params });
  expect(items).toEqual([
    expect.objectContaining({ conversation_sid: conversationSid, participant_sid: sid, unread_messages_count: 2 }),
  ]);
});

test('the account has a default service', async () => {
  const { result } = await ask(stack.url, 'twilio_api_read', { id: 'conversations_v1:FetchConfiguration', params: {} });
  const { items } = await call('list_services', {});
  expect(items.map(({ sid }: Json) => sid)).toEqual([result.default_chat_service_sid]);
});
