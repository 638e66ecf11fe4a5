import { SEEDS } from '../sandbox/seed';
import { callTool, post, useStack } from './support/stack';

/*
 * Twilio's documentation protects webhooks with a user name and a password in the URL. No answer may contain them.
 */

const SECRET = 'kept-from-agents';
const PROTECTED = `https://user:${SECRET}@hooks.example.com/sms`;
const SHOWN = 'https://[withheld]@hooks.example.com/sms';
const CONFIGURE = 'twilio_phone_numbers_configure_webhook';
const number = { phoneNumberSid: SEEDS.phoneNumberSids[0]! };

const stack = useStack();
beforeEach(async () => {
  await callTool(stack.url, CONFIGURE, { ...number, smsUrl: PROTECTED });
});

const configured = () => stack.sandbox.journal.entries.findLast(({ method }) => method === 'POST')!.fields;

test('a URL is stored with its password, and shown without', async () => {
  expect(configured()).toMatchObject({ SmsUrl: PROTECTED });
  const { text, structured } = await callTool(stack.url, 'twilio_phone_numbers_get_phone_number', number);
  expect(structured).toMatchObject({ smsUrl: SHOWN });
  expect(JSON.parse(text)).toEqual(structured);
});

test.each([
  ['a list', 'twilio_phone_numbers_list_phone_numbers', {}],
  [
    'an operation',
    'twilio_api_read',
    { id: 'api_v2010:FetchIncomingPhoneNumber', params: { Sid: number.phoneNumberSid } },
  ],
  ['an error', 'twilio_api_read', { id: 'api_v2010:FetchCall', params: { Sid: PROTECTED } }],
])('%s does not show it', async (_label, name, args) => {
  const answer = await callTool(stack.url, name, args);
  expect(JSON.stringify(answer)).toContain('[withheld]@hooks.example.com');
  expect(JSON.stringify(answer)).not.toContain(SECRET);
});

test('a resource does not show it', async () => {
  const { body } = await post(
    stack.url,
    { jsonrpc: '2.0', id: 1, method: 'resources/read', params: { uri: 'twilio://numbers' } },
    'services=all',
  );
  expect(JSON.stringify(body)).toContain('hooks.example.com');
  expect(JSON.stringify(body)).not.toContain(SECRET);
});

test.each([
  ['a tool', CONFIGURE, { ...number, smsUrl: SHOWN }],
  [
    'an operation',
    'twilio_api_write',
    { id: 'api_v2010:UpdateIncomingPhoneNumber', params: { Sid: number.phoneNumberSid, SmsUrl: SHOWN } },
  ],
])('what was shown is not written back by %s', async (_label, name, args) => {
  const requests = stack.sandbox.journal.entries.length;
  const { isError, text } = await callTool(stack.url, name, args);
  expect([isError, text]).toEqual([true, expect.stringMatching(/^\[withheld\] stands for .*; nothing was done\.$/)]);
  expect(stack.sandbox.journal.entries).toHaveLength(requests);
});

test('the configuration of an add-on is shown without what may be a credential, and not written back', async () => {
  const installation = { availableAddOnSid: `XB${'a'.repeat(32)}`, acceptTermsOfService: true };
  const configuration = { language: 'en', account: { api_key: SECRET } };
  stack.sandbox.options.lenient = true;
  const installed = await callTool(stack.url, 'twilio_add_ons_install', { ...installation, configuration });
  const installedAddOnSid = installed.structured.sid;
  const { structured } = await callTool(stack.url, 'twilio_add_ons_get_installed', { installedAddOnSid });
  expect(structured.configuration).toEqual({ language: 'en', account: { api_key: '[withheld]' } });
  const change = { installedAddOnSid, configuration: structured.configuration };
  expect((await callTool(stack.url, 'twilio_add_ons_update_installed', change)).text).toMatch(/^\[withheld\] stands/);
});
