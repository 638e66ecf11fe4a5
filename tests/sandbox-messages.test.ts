import { SEEDS } from '../sandbox/seed';
import { ask, type Json, useStack } from './support/stack';

/* Templates, delivery, alerts and audit events of the sandbox fit what was done. */

const [OWN] = SEEDS.numbers as [string];
const WHATSAPP = `whatsapp:${OWN}`;
const ADA = '+14155550161';
/** A port that nothing listens on. */
const DEAD = 'http://127.0.0.1:9/sms';

const stack = useStack();
beforeEach(() => {
  stack.sandbox.options.speed = Number.POSITIVE_INFINITY;
});

const call = (name: string, args: object = {}): Promise<Json> => ask(stack.url, `twilio_${name}`, args);
const statusOf = (messageSid: string) => call('messaging_get_message_status', { messageSid });
const makeTemplate = async (body: string, variables?: object) =>
  (
    await call('content_create_content_template', {
      friendlyName: 'order_update',
      contentType: 'twilio/text',
      body,
      variables,
    })
  ).sid as string;
const submit = (contentSid: string, name: string) =>
  call('content_request_whatsapp_approval', { contentSid, name, category: 'UTILITY' });
const approvalOf = async (contentSid: string) => (await call('content_get_approval_status', { contentSid })).whatsapp;
const whatsapp = async (args: object) => {
  const { sid } = await call('messaging_send_whatsapp', { to: `whatsapp:${ADA}`, from: WHATSAPP, ...args });
  return statusOf(sid);
};

test('a template is received, pending and approved under the name that was given', async () => {
  const contentSid = await makeTemplate('Hello {{1}}, your order is ready.', { 1: 'Ada' });
  expect(await approvalOf(contentSid)).toMatchObject({ status: 'unsubmitted', name: '' });
  stack.sandbox.options.speed = 1e-6;
  expect(await submit(contentSid, 'order_ready')).toMatchObject({
    ...{ name: 'order_ready', category: 'UTILITY', contentType: 'twilio/text', status: 'received' },
  });
  stack.sandbox.options.speed = Number.POSITIVE_INFINITY;
  const approved = { name: 'order_ready', category: 'UTILITY', status: 'approved', rejectionReason: '' };
  expect(await approvalOf(contentSid)).toMatchObject(approved);
  const other = await makeTemplate('Bye');
  const search = (args: object) => call('content_search_content_templates', args);
  expect((await search({ channelEligibility: ['whatsapp:approved'] })).items).toEqual([
    expect.objectContaining({ sid: contentSid, approvalRequests: expect.objectContaining(approved) }),
  ]);
  expect((await search({ content: 'Bye' })).items.map(({ sid }: Json) => sid)).toEqual([other]);
  expect((await search({ contentName: 'nothing' })).items).toEqual([]);
  await expect(search({ contentName: '(' })).rejects.toThrow('20001');
});

test('WhatsApp rejects a template that ends with a variable, and names that start with rejected', async () => {
  const open = await makeTemplate('Your code is {{1}}', { 1: '123' });
  await submit(open, 'code');
  expect(await approvalOf(open)).toMatchObject({ status: 'rejected', rejectionReason: expect.stringContaining('end') });
  const named = await makeTemplate('Hello.');
  await submit(named, 'rejected_hello');
  expect((await approvalOf(named)).status).toBe('rejected');
});

test('outside the 24-hour window WhatsApp delivers approved templates only', async () => {
  expect(await whatsapp({ body: 'Hi' })).toMatchObject({ status: 'undelivered', errorCode: 63016 });
  const contentSid = await makeTemplate('Hello {{1}}, your order is ready.', { 1: 'customer' });
  const contentVariables = { 1: 'Ada' };
  expect(await whatsapp({ contentSid, contentVariables })).toMatchObject({ errorCode: 63016 });
  await submit(contentSid, 'order_ready');
  expect(await whatsapp({ contentSid, contentVariables })).toMatchObject({
    ...{ status: 'delivered', body: 'Hello Ada, your order is ready.' },
  });
  expect(await whatsapp({ contentSid, contentVariables: { 1: 'Ada', 2: 'x' } })).toMatchObject({ errorCode: 63028 });
  await expect(whatsapp({ contentSid, contentVariables: { 1: '' } })).rejects.toThrow('21656');
  await expect(whatsapp({ contentSid: `HX${'0'.repeat(32)}` })).rejects.toThrow('21655');
  await stack.sandbox.receive({ to: WHATSAPP, from: `whatsapp:${ADA}`, body: 'Hello' });
  expect(await whatsapp({ body: 'Hi' })).toMatchObject({ status: 'delivered', body: 'Hi' });
});

test('a number that ends in a delivery error fails with it, and the Debugger shows it now', async () => {
  const { sid } = await call('messaging_send_sms', { to: '+14155530006', from: OWN, body: 'Hi' });
  const { items } = await call('debugger_get_debugger_logs', { resourceSid: sid });
  expect(items).toEqual([expect.objectContaining({ errorCode: '30006', logLevel: 'warning' })]);
  expect(Date.now() - Date.parse(items[0].dateGenerated)).toBeLessThan(60_000);
  expect(await statusOf(sid)).toMatchObject({ status: 'undelivered', errorCode: 30006 });
});

test('a template with media is an MMS', async () => {
  const { sid: contentSid } = await call('content_create_content_template', {
    ...{ friendlyName: 'menu', contentType: 'twilio/media', body: 'Our menu' },
    content: { media: ['https://example.com/{{1}}.png'] },
    variables: { 1: 'monday' },
  });
  const { sid } = await call('messaging_send_sms', { to: ADA, contentSid });
  expect(await statusOf(sid)).toMatchObject({ body: 'Our menu', numMedia: '1' });
  const { items } = await call('messaging_list_media', { messageSid: sid });
  expect(items).toEqual([expect.objectContaining({ contentType: 'image/png' })]);
});

test('an inbound MMS has its media', async () => {
  const mediaUrls = ['https://example.com/a.png', 'https://example.com/b.gif'];
  const { sid } = await stack.sandbox.receive({ to: OWN, from: ADA, body: '', mediaUrls });
  expect((await statusOf(sid)).numMedia).toBe('2');
  const { items } = await call('messaging_list_media', { messageSid: sid });
  expect(items.map(({ contentType }: Json) => contentType)).toEqual(['image/png', 'image/gif']);
});

test('a webhook that does not answer makes an alert with its URL and the number', async () => {
  const phoneNumberSid = SEEDS.phoneNumberSids[0]!;
  await call('phone_numbers_configure_webhook', { phoneNumberSid, smsUrl: DEAD });
  const { sid } = await stack.sandbox.receive({ to: OWN, from: ADA, body: 'Hello?' });
  const { items } = await call('debugger_get_debugger_logs', { resourceSid: sid });
  expect(items).toEqual([
    expect.objectContaining({ errorCode: '11200', requestUrl: DEAD, serviceSid: phoneNumberSid }),
  ]);
  const alert = await call('debugger_get_alert', { alertSid: items[0].sid });
  expect(new URLSearchParams(alert.requestVariables).get('To')).toBe(OWN);
});

test('events tell who changed what, from which value to which', async () => {
  const phoneNumberSid = SEEDS.phoneNumberSids[0]!;
  const smsUrl = 'https://shop.example.com/sms';
  await call('phone_numbers_configure_webhook', { phoneNumberSid, smsUrl });
  const { items } = await call('debugger_list_events', { eventType: 'phone-number.updated' });
  expect(items).toEqual([
    expect.objectContaining({
      ...{ eventType: 'phone-number.updated', resourceSid: phoneNumberSid, resourceType: 'phone-number' },
      ...{ actorType: 'account', actorSid: stack.sandbox.state.accountSid, source: 'api' },
    }),
  ]);
  expect(items[0].sourceIpAddress).toMatch(/127\.0\.0\.1|::1/);
  expect(Date.now() - Date.parse(items[0].eventDate)).toBeLessThan(60_000);
  const { eventData } = await call('debugger_get_event', { eventSid: items[0].sid });
  expect(eventData).toEqual({ smsUrl: { previous: '', updated: smsUrl } });
  await call('phone_numbers_configure_webhook', { phoneNumberSid, smsUrl });
  await call('messaging_delete_message', { messageSid: SEEDS.deliveredMessageSid });
  const all = (await call('debugger_list_events')).items.map((event: Json) => event.eventType);
  expect(all.sort()).toEqual(['message.deleted', 'phone-number.updated']);
});
