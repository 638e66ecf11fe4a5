import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SANDBOX_ACCOUNT_SID, SANDBOX_AUTH_TOKEN } from '../../sandbox/credentials';
import { SEEDS } from '../../sandbox/seed';
import { ask, type Json, useStack } from '../support/stack';

/*
 * Whole tasks about messages, conversations, templates, verifications and the Debugger, over MCP alone. What outsiders
 * do (a person writes, time passes) is the sandbox's part.
 */

const [OWN, SECOND] = SEEDS.numbers as [string, string];
const ADA = '+14155550161';
const BOB = '+14155550162';
const serviceSid = SEEDS.verifyServiceSid;

const stack = useStack();

const call = (name: string, args: object = {}): Promise<Json> => ask(stack.url, `twilio_${name}`, args);
const refused = (name: string, args: object) => expect(call(name, args)).rejects;
/** Time passes: messages arrive or fail, reviews end. */
const pass = () => {
  stack.sandbox.options.speed = Number.POSITIVE_INFINITY;
};
const hears = (from: string, body: string, to = OWN, mediaUrls?: string[]) =>
  stack.sandbox.receive({ to, from, body, mediaUrls });
const statusOf = (messageSid: string) => call('messaging_get_message_status', { messageSid });

const LOGIN = {
  authorization: `Basic ${Buffer.from(`${SANDBOX_ACCOUNT_SID}:${SANDBOX_AUTH_TOKEN}`).toString('base64')}`,
};
/** Fetches a file from Twilio, or uploads one. */
async function download(url: string, headers: Record<string, string> = LOGIN, body?: Buffer) {
  const { host, pathname } = new URL(url);
  const response = await fetch(stack.sandbox.url + pathname, {
    method: body ? 'POST' : 'GET',
    headers: { 'x-sandbox-host': host, ...headers },
    body,
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, type: response.headers.get('content-type'), bytes };
}

test('text three people and report who got it', async () => {
  for (const to of [ADA, BOB, '+14155530005']) await call('messaging_send_sms', { to, body: 'We open at 9.' });
  pass();
  const { items, errorMeanings } = await call('messaging_get_message_logs', { from: OWN, limit: 3 });
  expect(items.map((one: Json) => [one.to, one.status, one.errorCode ?? null])).toEqual(
    expect.arrayContaining([
      [ADA, 'delivered', null],
      [BOB, 'delivered', null],
      ['+14155530005', 'undelivered', 30005],
    ]),
  );
  expect(errorMeanings[30005]).toContain('unknown');
});

test('why did my message fail?', async () => {
  const { sid } = await call('messaging_send_sms', { to: '+14155530006', body: 'Are you there?' });
  pass();
  const failed = await statusOf(sid);
  expect(failed).toMatchObject({ status: 'undelivered', errorCode: 30006 });
  expect(JSON.stringify(failed)).toContain('landline');
  const { items } = await call('debugger_get_debugger_logs', { resourceSid: sid });
  expect(items.map((alert: Json) => alert.errorCode)).toEqual(['30006']);
});

test('create a WhatsApp template, have it approved and send it', async () => {
  const { sid: contentSid } = await call('content_create_content_template', {
    friendlyName: 'appointment',
    contentType: 'twilio/text',
    body: 'Hello {{1}}, see you on {{2}} at our office.',
    variables: { 1: 'Ada', 2: 'Monday' },
  });
  const approval = { contentSid, name: 'appointment_reminder', category: 'UTILITY' };
  expect((await call('content_request_whatsapp_approval', approval)).status).toMatch(/received|pending/);
  pass();
  const { whatsapp } = await call('content_get_approval_status', { contentSid });
  expect(whatsapp).toMatchObject({ status: 'approved', name: 'appointment_reminder', category: 'UTILITY' });
  const contentVariables = { 1: 'Bob', 2: 'Friday' };
  const { sid } = await call('messaging_send_whatsapp', { to: BOB, contentSid, contentVariables });
  expect(await statusOf(sid)).toMatchObject({
    ...{ status: 'delivered', to: `whatsapp:${BOB}`, body: 'Hello Bob, see you on Friday at our office.' },
  });
});

test('by WhatsApp, else by SMS', async () => {
  pass();
  const body = 'Your parcel is here.';
  const first = await call('messaging_send_whatsapp', { to: ADA, body });
  expect(await statusOf(first.sid)).toMatchObject({ status: 'undelivered', errorCode: 63016 });
  const second = await call('messaging_send_sms', { to: ADA, body });
  expect(await statusOf(second.sid)).toMatchObject({ status: 'delivered', to: ADA, body });
});

test('an agent and a customer on WhatsApp talk in a conversation', async () => {
  pass();
  const whatsapp = { address: `whatsapp:${ADA}`, proxyAddress: `whatsapp:${OWN}` };
  const { sid: conversationSid } = await call('conversations_create_conversation', { friendlyName: 'Order 7' });
  const customer = await call('conversations_add_participant', {
    conversationSid,
    'messagingBinding.address': whatsapp.address,
    'messagingBinding.proxyAddress': whatsapp.proxyAddress,
  });
  expect(customer.messagingBinding).toEqual({ type: 'whatsapp', ...whatsapp });
  await call('conversations_add_participant', { conversationSid, identity: 'agent-bob' });
  const say = (body: string) =>
    call('conversations_send_message', { conversationSid, author: 'agent-bob', body }) as Promise<Json>;
  const receiptsOf = async (messageSid: string) =>
    (await call('conversations_list_receipts', { conversationSid, messageSid })).items;
  expect(await receiptsOf((await say('Hello!')).sid)).toEqual([
    expect.objectContaining({ participantSid: customer.sid, status: 'undelivered', errorCode: 63016 }),
  ]);
  await hears(whatsapp.address, 'Where is my order?', whatsapp.proxyAddress);
  expect(await receiptsOf((await say('It arrives today.')).sid)).toEqual([
    expect.objectContaining({ participantSid: customer.sid, status: 'delivered' }),
  ]);
  const { items } = await call('conversations_list_messages', { conversationSid, order: 'asc' });
  expect(items.map(({ index, author, body }: Json) => [index, author, body])).toEqual([
    [0, 'agent-bob', 'Hello!'],
    [1, whatsapp.address, 'Where is my order?'],
    [2, 'agent-bob', 'It arrives today.'],
  ]);
  const found = await call('conversations_find_conversations', { address: whatsapp.address });
  expect(found.items.map((one: Json) => one.conversationSid)).toEqual([conversationSid]);
});

test('which images came with the last MMS?', async () => {
  await hears(ADA, 'Look!', OWN, ['https://example.com/cat.png', 'https://example.com/dog.jpg']);
  const { items } = await call('messaging_get_message_logs', { to: OWN, limit: 1 });
  expect(items[0]).toMatchObject({ from: ADA, body: 'Look!', numMedia: '2' });
  const media = await call('messaging_list_media', { messageSid: items[0].sid });
  expect(media.items.map((one: Json) => one.contentType)).toEqual(['image/png', 'image/jpeg']);
  expect(media.items[0].url).toContain(`/Messages/${items[0].sid}/Media/${media.items[0].sid}`);
  const [png, jpeg] = await Promise.all(media.items.map(({ url }: Json) => download(url)));
  expect([png.type, png.bytes.subarray(1, 4).toString()]).toEqual(['image/png', 'PNG']);
  expect([jpeg.type, jpeg.bytes.subarray(0, 3).toString('hex')]).toEqual(['image/jpeg', 'ffd8ff']);
  expect((await download(media.items[0].url, {})).status).toBe(401);
  await call('messaging_delete_message', { messageSid: items[0].sid });
  expect((await download(media.items[0].url)).status).toBe(404);
});

test('a picture in a conversation reaches the phone of the customer', async () => {
  pass();
  const { sid: conversationSid, chatServiceSid } = await call('conversations_create_conversation');
  await call('conversations_add_participant', {
    ...{ conversationSid, 'messagingBinding.address': ADA, 'messagingBinding.proxyAddress': OWN },
  });
  const files = `https://mcs.us1.twilio.com/v1/Services/${chatServiceSid}/Media`;
  const picture = Buffer.from('89504e470d0a1a0a', 'hex');
  const uploaded = await download(files, { ...LOGIN, 'content-type': 'image/png' }, picture);
  const { sid: MediaSid, size } = JSON.parse(String(uploaded.bytes));
  expect([uploaded.status, size]).toEqual([201, picture.length]);
  const post = (MediaSid: string) =>
    call('api_write', {
      ...{ id: 'conversations_v1:CreateConversationMessage', confirm: true },
      params: { ConversationSid: conversationSid, MediaSid, Author: 'agent-bob' },
    });
  await expect(post(`ME${'0'.repeat(32)}`)).rejects.toThrow('20404');
  await post(MediaSid);
  const sent = (await call('messaging_get_message_logs', { to: ADA })).items[0];
  expect(sent).toMatchObject({ numMedia: '1', status: 'delivered' });
  const [{ url }] = (await call('messaging_list_media', { messageSid: sent.sid })).items;
  expect((await download(url)).bytes).toEqual(picture);

  await hears(ADA, 'And this one', OWN, ['https://example.com/broken.gif']);
  const list = (await call('conversations_list_messages', { conversationSid })).items;
  expect(list[1]).toMatchObject({ author: ADA, media: [{ contentType: 'image/gif' }] });
  const { media } = await call('conversations_get_message', { conversationSid, messageSid: list[1].sid });
  const { links, content_type } = JSON.parse(String((await download(media[0].url)).bytes));
  expect(content_type).toBe('image/gif');
  const { bytes } = await download(new URL(links.content, files).href);
  expect([bytes.length, String(bytes.subarray(0, 3))]).toEqual([media[0].size, 'GIF']);
});

test('find and repair a broken webhook', async () => {
  const received: string[] = [];
  const server = createServer((request, response) => {
    request.on('data', (data) => received.push(String(data))).on('end', () => response.end('<Response/>'));
  }).listen(0, '127.0.0.1');
  const smsUrl = await new Promise<string>((resolve) => {
    server.once('listening', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/sms`));
  });
  await call('phone_numbers_configure_webhook', {
    phoneNumberSid: SEEDS.phoneNumberSids[1],
    smsUrl: 'http://127.0.0.1:9/old',
  });
  await hears(ADA, 'Hello?', SECOND);

  const { errors } = await call('debugger_analyze_errors', { hours: 1, logLevel: 'error' });
  const broken = errors.find((error: Json) => error.urls.includes('http://127.0.0.1:9/old'));
  expect(broken.errorCode).toBe('11200');
  const { items } = await call('debugger_get_debugger_logs', { errorCode: 11200, resourceSid: broken.resources[0] });
  const phoneNumberSid = items[0].serviceSid;
  const number = await call('phone_numbers_get_phone_number', { phoneNumberSid });
  expect(number).toMatchObject({ phoneNumber: SECOND, smsUrl: 'http://127.0.0.1:9/old' });
  await call('phone_numbers_configure_webhook', { phoneNumberSid, smsUrl });
  await hears(ADA, 'Hello again', SECOND);
  server.close();
  expect(new URLSearchParams(received.join('')).get('Body')).toBe('Hello again');
  const after = await call('debugger_get_debugger_logs', {
    errorCode: 11200,
    startDate: new Date(Date.now() - 60_000),
  });
  expect(after.items.map((alert: Json) => alert.requestUrl)).toEqual(['http://127.0.0.1:9/old']);
});

test('who changed the webhook?', async () => {
  const phoneNumberSid = SEEDS.phoneNumberSids[0]!;
  for (const smsUrl of ['https://shop.example.com/a', 'https://shop.example.com/b']) {
    await call('phone_numbers_configure_webhook', { phoneNumberSid, smsUrl });
  }
  const { items } = await call('debugger_list_events', {
    eventType: 'phone-number.updated',
    resourceSid: phoneNumberSid,
    startDate: new Date(Date.now() - 60_000),
  });
  expect(items).toHaveLength(2);
  const changes = await Promise.all(items.map(({ sid }: Json) => call('debugger_get_event', { eventSid: sid })));
  expect(changes.map(({ eventData }: Json) => eventData.smsUrl.updated).sort()).toEqual([
    'https://shop.example.com/a',
    'https://shop.example.com/b',
  ]);
  for (const { actorType, actorSid, source } of changes) {
    expect([actorType, actorSid, source]).toEqual(['account', stack.env.ACCOUNT_SID, 'api']);
  }
});

test('who opted out? Do not write to them', async () => {
  await hears(ADA, 'STOP');
  await hears(BOB, 'Thanks');
  const { items } = await call('messaging_list_opt_outs');
  expect(items.map((one: Json) => [one.person, one.evidence])).toEqual([[ADA, 'replied STOP']]);
  await refused('messaging_send_sms', { to: ADA, body: 'Sale!' }).toThrow(/START|21610/);
  await hears(ADA, 'START');
  expect((await call('messaging_list_opt_outs')).items).toEqual([]);
  expect(await call('messaging_send_sms', { to: ADA, body: 'Welcome back.' })).toMatchObject({ to: ADA });
});

test('reply to the person who wrote last', async () => {
  await hears(ADA, 'Are you open?');
  await hears(BOB, 'Is it ready?', SECOND);
  const own = (await call('phone_numbers_list_phone_numbers')).items.map((one: Json) => one.phoneNumber);
  const { items } = await call('messaging_get_message_logs', { limit: 5 });
  const last = items.filter((one: Json) => one.direction === 'inbound' && own.includes(one.to));
  const newest = last.find((one: Json) => one.body === 'Is it ready?');
  expect(newest).toMatchObject({ from: BOB, to: SECOND });
  const { sid } = await call('messaging_send_sms', { to: newest.from, from: newest.to, body: 'Yes.' });
  pass();
  expect(await statusOf(sid)).toMatchObject({ to: BOB, from: SECOND, status: 'delivered' });
});

test('what does a text to the UK from ACME cost, and can it go to the US?', async () => {
  pass();
  const { result } = await call('api_read', { id: 'pricing_v1:FetchMessagingCountry', params: { IsoCountry: 'GB' } });
  const [{ prices }] = result.outbound_sms_prices;
  const { current_price } = prices.find((price: Json) => price.number_type === 'mobile');
  const { sid } = await call('messaging_send_sms', { to: '+447700900456', from: 'ACME', body: 'Hello' });
  const sent = await statusOf(sid);
  expect(sent).toMatchObject({ from: 'ACME', status: 'delivered', priceUnit: 'USD' });
  expect(-Number(sent.price)).toBe(Number(current_price));
  await refused('messaging_send_sms', { to: ADA, from: 'ACME', body: 'Hello' }).toThrow('21612');
});

test('verify a phone number by code', async () => {
  const services = await call('verify_list_services');
  expect(services.items.map(({ sid }: Json) => sid)).toEqual([serviceSid]);
  const { sid } = await call('verify_start_verification', { to: ADA, serviceSid });
  expect((await call('verify_check_verification', { to: ADA, code: '000000', serviceSid })).status).toBe('pending');
  expect(await call('verify_check_verification', { to: ADA, code: '123456', serviceSid })).toMatchObject({
    ...{ sid, status: 'approved', valid: true },
  });
  await refused('verify_check_verification', { to: ADA, code: '123456', serviceSid }).toThrow(/20404|approved/);
  const { items } = await call('verify_list_attempts', { verificationSid: sid });
  expect(items).toEqual([expect.objectContaining({ channel: 'sms', conversionStatus: 'converted' })]);
  expect(await call('verify_get_attempts_summary', { serviceSid })).toMatchObject({
    ...{ totalAttempts: 1, totalConverted: 1, conversionRatePercentage: '100' },
  });
});

test('cancel all scheduled messages', async () => {
  const sendAt = new Date(Date.now() + 3_600_000).toISOString();
  const messagingServiceSid = SEEDS.messagingServiceSid;
  for (const to of [ADA, BOB]) await call('messaging_send_sms', { to, body: 'Reminder', sendAt, messagingServiceSid });
  const scheduled = async () => (await call('messaging_get_message_logs', { status: 'scheduled' })).items;
  for (const { sid } of await scheduled()) await call('messaging_cancel_message', { messageSid: sid });
  expect(await scheduled()).toEqual([]);
  const canceled = await call('messaging_get_message_logs', { status: 'canceled' });
  expect(canceled.items.map(({ to }: Json) => to).sort()).toEqual([ADA, BOB]);
});
