import { SEEDS } from '../sandbox/seed';
import { callTool, type Stack, startStack } from './support/stack';

/*
 * Where a number leads: Twilio ignores its URLs while a TwiML App or a SIP trunk handles it.
 */

const APP = `AP${'a'.repeat(32)}`;
const TRUNK = `TK${'a'.repeat(32)}`;
const CONFIGURE = 'twilio_phone_numbers_configure_webhook';
const number = { phoneNumberSid: SEEDS.phoneNumberSids[0]! };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ lenient: true });
});
afterAll(() => stack.close());
beforeEach(() => stack.sandbox.reset());

const configured = async (settings: object) => {
  expect(await callTool(stack.url, CONFIGURE, { ...number, ...settings })).not.toHaveProperty('isError', true);
  return stack.sandbox.journal.last!.fields;
};

test('lists show what handles a number in place of its URLs', async () => {
  const handlers = { smsApplicationSid: APP, trunkSid: TRUNK };
  await callTool(stack.url, 'twilio_phone_numbers_update_phone_number', { ...number, ...handlers });
  const { structured } = await callTool(stack.url, 'twilio_phone_numbers_list_phone_numbers');
  expect(structured.items).toContainEqual(expect.objectContaining({ sid: number.phoneNumberSid, ...handlers }));
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
