import { SEEDS } from '../sandbox/seed';
import { callTool, useStack } from './support/stack';

/*
 * Where a number leads: Twilio ignores its URLs while a TwiML App, a SIP trunk or a Messaging Service handles it.
 */

const APP = `AP${'a'.repeat(32)}`;
const TRUNK = `TK${'a'.repeat(32)}`;
const CONFIGURE = 'twilio_phone_numbers_configure_webhook';
const number = { phoneNumberSid: SEEDS.phoneNumberSids[0]! };

const stack = useStack({ lenient: true });

const configured = async (settings: object) => {
  expect(await callTool(stack.url, CONFIGURE, { ...number, ...settings })).not.toHaveProperty('isError', true);
  return stack.sandbox.journal.entries.findLast(({ method }) => method === 'POST')!.fields;
};

test('lists show what handles a number in place of its URLs', async () => {
  const handlers = { smsApplicationSid: APP, trunkSid: TRUNK };
  await configured({ smsUrl: 'https://example.com/sms', voiceUrl: 'https://example.com/voice' });
  await callTool(stack.url, 'twilio_phone_numbers_update_phone_number', { ...number, ...handlers });
  const { structured } = await callTool(stack.url, 'twilio_phone_numbers_list_phone_numbers');
  expect(structured.items).toContainEqual(
    expect.objectContaining({
      sid: number.phoneNumberSid,
      ...handlers,
      overridden: { smsUrl: expect.stringMatching(/^smsApp/), voiceUrl: expect.stringMatching(/^trunkSid/) },
    }),
  );
});

test('a URL for messages detaches their TwiML App, one for calls also the SIP trunk', async () => {
  const smsUrl = 'https://example.com/sms';
  const voiceUrl = 'https://example.com/voice';
  expect(await configured({ smsUrl })).toEqual({ SmsUrl: smsUrl, SmsApplicationSid: '' });
  expect(await configured({ voiceUrl })).toEqual({ VoiceUrl: voiceUrl, VoiceApplicationSid: '', TrunkSid: '' });
});

test('a cleared URL and other settings detach nothing', async () => {
  const statusCallback = 'https://example.com/status';
  expect(await configured({ smsUrl: '', statusCallback })).toEqual({ SmsUrl: '', StatusCallback: statusCallback });
});

test.each([
  ['smsUrl', undefined],
  ['smsFallbackUrl', 'smsApplicationSid handles messages'],
  ['voiceUrl', undefined],
  ['voiceFallbackUrl', 'voiceApplicationSid handles calls'],
])('a %s that is set has an effect, or the answer says what overrides it', async (name, handler) => {
  const handlers = { smsApplicationSid: APP, voiceApplicationSid: APP };
  await callTool(stack.url, 'twilio_phone_numbers_update_phone_number', { ...number, ...handlers });
  const settings = { [name]: 'https://example.com/x' };
  const { structured } = await callTool(stack.url, CONFIGURE, { ...number, ...settings });
  expect(structured).toMatchObject(settings);
  expect(structured.overridden?.[name]).toBe(handler);
});

describe('a Messaging Service', () => {
  /** A number that the sandbox has in no service. */
  const free = { phoneNumberSid: SEEDS.phoneNumberSids[1]! };
  const smsUrl = 'https://example.com/sms';
  const inboundRequestUrl = 'https://example.com/service';
  const handledByService = expect.stringMatching(/^Messaging Service MG.*https:\/\/example\.com\/service/);
  const overridden = { smsUrl: handledByService };
  const call = async (name: string, args: object) => {
    const { structured } = await callTool(stack.url, `twilio_${name}`, args);
    return structured;
  };
  const createServices = async (settings: object, count = 1) => {
    stack.sandbox.options.lenient = false;
    // The sandbox seeds the numbers when they are first asked for.
    await call('phone_numbers_list_phone_numbers', {});
    const create = (n: number) =>
      call('messaging_services_create_messaging_service', { friendlyName: `${n}`, inboundRequestUrl, ...settings });
    const services = await Promise.all(Array.from({ length: count }, (_, n) => create(n)));
    const serviceSid = services.at(-1).sid;
    await call('messaging_services_add_number', { serviceSid, ...free });
    return serviceSid;
  };

  test('that overrides the URL of a number is named, when it is read and when its URL is set', async () => {
    const sid = await createServices({ useInboundWebhookOnNumber: false }, 12);
    expect(await call('phone_numbers_configure_webhook', { ...free, smsUrl })).toMatchObject({ smsUrl, overridden });
    const read = await call('phone_numbers_get_phone_number', free);
    expect(read).toMatchObject({ overridden, messagingService: { sid, inboundRequestUrl } });
    const fallback = await call('phone_numbers_configure_webhook', { ...free, smsFallbackUrl: smsUrl });
    expect(fallback.overridden).toMatchObject({ smsFallbackUrl: handledByService });
  });

  test('that leaves messages to the number overrides nothing', async () => {
    const sid = await createServices({ useInboundWebhookOnNumber: true });
    const configured = await call('phone_numbers_configure_webhook', { ...free, smsUrl });
    expect(configured).toMatchObject({ smsUrl, messagingService: { sid } });
    expect(configured).not.toHaveProperty('overridden');
  });

  test.each(['ListService', 'FetchPhoneNumber'])(
    'that cannot be read by %s is said, and the rest answered',
    async (operationId) => {
      await createServices({ useInboundWebhookOnNumber: false });
      stack.sandbox.faults.add({ operationId, status: 500, times: 50 });
      const configured = await call('phone_numbers_configure_webhook', { ...free, smsUrl });
      expect(configured).toMatchObject({ smsUrl, unread: expect.stringMatching(/^Not all Messaging Services/) });
    },
  );
});
