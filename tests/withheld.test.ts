import { SEEDS } from '../sandbox/seed';
import { ask, callTool, post, useStack } from './support/stack';

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
  ['JSON within JSON', JSON.stringify(JSON.stringify({ url: PROTECTED }))],
  ['JSON with escaped slashes', `{"url":"https:\\/\\/user:${SECRET}@hooks.example.com"}`],
  ['a form', `Url=${encodeURIComponent(PROTECTED)}&To=%2B14155550100`],
  ['a form within a form', `Body=${encodeURIComponent(`Url=${encodeURIComponent(PROTECTED)}`)}`],
  ['TwiML', `<Redirect>${PROTECTED}</Redirect>`],
  [
    'TwiML that dials SIP',
    `<Dial><Sip username="alice"\npassword="${SECRET}">sip:bob:${SECRET}@example.com</Sip></Dial>`,
  ],
  ['a URL with @ in the user name', `https://me@example.com:${SECRET}@hooks.example.com/`],
])('%s does not show it', async (_label, written) => {
  const alert = { sid: `NO${'a'.repeat(32)}`, response_body: written, request_url: PROTECTED, alert_text: written };
  for (const [name, args] of [
    ['twilio_debugger_get_alert', { alertSid: alert.sid }],
    ['twilio_api_read', { id: 'monitor_v1:FetchAlert', params: { Sid: alert.sid } }],
  ] as const) {
    stack.sandbox.faults.add({ status: 200, body: JSON.stringify(alert) });
    const { text, structured } = await callTool(stack.url, name, args);
    expect(text).not.toContain(SECRET);
    expect(text.match(/\[withheld\]/g)!.length).toBeGreaterThanOrEqual(3);
    expect(JSON.parse(text)).toEqual(structured);
  }
});

test('what stands beside a password stays', async () => {
  const said = 'See https://a.example/x?at=me@b.example, mail c@d.example or call sip:bob@e.example';
  const sent = await callTool(stack.url, 'twilio_messaging_send_sms', { to: '+14155550100', body: said });
  const { structured } = await callTool(stack.url, 'twilio_messaging_get_message_status', {
    messageSid: sent.structured.sid,
  });
  expect(structured.body).toBe(said);
});

test("an error of Twilio's does not show it, and is limited in length", async () => {
  const error = { status: 400, code: 21502, message: `Invalid URL ${PROTECTED} ${'/x'.repeat(50_000)}`, times: 3 };
  stack.sandbox.faults.add(error);
  const { text } = await callTool(stack.url, 'twilio_phone_numbers_get_phone_number', number);
  const read = { jsonrpc: '2.0', id: 1, method: 'resources/read' };
  const numbers = await post(stack.url, { ...read, params: { uri: 'twilio://numbers' } }, 'services=all');
  const account = await post(stack.url, { ...read, params: { uri: 'twilio://account' } }, 'services=all');
  for (const answer of [text, numbers.text, account.text]) {
    expect(answer).toContain('[withheld]@hooks.example.com');
    expect(answer).not.toContain(SECRET);
    expect(answer.length).toBeLessThan(3000);
  }
  expect(text).toMatch(/docs\/errors\/21502$/);
});

test('a prompt does not repeat it', async () => {
  const params = { name: 'check_number', arguments: { phoneNumber: PROTECTED } };
  const { text } = await post(stack.url, { jsonrpc: '2.0', id: 1, method: 'prompts/get', params }, 'services=all');
  expect(text).toContain('[withheld]@hooks.example.com');
  expect(text).not.toContain(SECRET);
});

test.each([
  ['a number', 'numbers_v1:FetchPortingPortInPhoneNumber', { port_out_pin: 918273 }],
  ['a code', 'supersim_v1:FetchEsimProfile', { activation_code: '918273' }],
  ['a session', 'flex_v1:CreateInsightsSession', { session_id: '918273' }],
  ['an object', 'verify_v2:FetchAccessToken', { secret: { inner: '918273' }, private_keys: ['918273'] }],
])('a credential is withheld if it is %s', async (_label, id, answer) => {
  const { operations } = await ask(stack.url, 'twilio_api_describe', { ids: [id] });
  const needed = Object.entries(operations[0].params as Record<string, string>).filter(([, type]) =>
    type.startsWith('*'),
  );
  const params = Object.fromEntries(
    needed.map(([name, type]) => [name, /[A-Z]{2}(?=… SID)/.exec(type)?.[0] + 'a'.repeat(32)]),
  );
  stack.sandbox.faults.add({ status: 200, body: JSON.stringify({ ...answer, status: 'kept' }) });
  const tool = id.includes('Create') ? 'twilio_api_write' : 'twilio_api_read';
  const { text, structured } = await callTool(stack.url, tool, {
    id,
    params,
    ...(tool.endsWith('write') && { confirm: true }),
  });
  expect(text).not.toContain('918273');
  const names = Object.keys(answer);
  expect(structured.result).toEqual({
    status: 'kept',
    ...Object.fromEntries(names.map((name) => [name, '[withheld]'])),
  });
});

test('a credential is withheld from the answer to an upload', async () => {
  const file = {
    ServiceSid: `ZS${'a'.repeat(32)}`,
    FunctionSid: `ZH${'a'.repeat(32)}`,
    Path: '/a.js',
    Visibility: 'public',
  };
  stack.sandbox.faults.add({ status: 201, body: JSON.stringify({ path: '/a.js', token: SECRET }) });
  const upload = { id: 'serverless_upload:CreateFunctionVersion', params: { ...file, Content: 'x' }, confirm: true };
  const { structured } = await callTool(stack.url, 'twilio_api_write', upload);
  expect(structured.result).toEqual({ path: '/a.js', token: '[withheld]' });
});

test.each([
  [
    'a flow as JSON text',
    'twilio_studio_update_flow',
    { flowSid: `FW${'a'.repeat(32)}`, definition: '{"password":"[withheld]"}' },
  ],
  ['a form', 'twilio_messaging_send_sms', { to: '+14155550100', body: 'https%3A%2F%2F[withheld]%40hooks.example.com' }],
  [
    'TwiML',
    'twilio_voice_make_call',
    { to: '+14155550100', twiml: `<Response><Redirect>${SHOWN}</Redirect></Response>` },
  ],
])('what was shown is not written back within %s', async (_label, name, args) => {
  const requests = stack.sandbox.journal.entries.length;
  expect((await callTool(stack.url, name, args)).text).toMatch(/^\[withheld\] stands for/);
  expect(stack.sandbox.journal.entries).toHaveLength(requests);
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
