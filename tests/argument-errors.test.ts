import { SEEDS } from '../sandbox/seed';
import { DOMAINS } from '../src/domains';
import { changingArguments } from '../src/mcp/call';
import { overwrites } from '../src/tool';
import { fill, referencesOf } from './support/arguments';
import { callTool, useStack } from './support/stack';

/*
 * The errors that agents see for their own mistakes, which send nothing to Twilio.
 */

const tools = [...new Set(DOMAINS.flatMap((domain) => domain.tools))];

const stack = useStack();

describe('an update without a change', () => {
  const updates = tools.filter((tool) => changingArguments(tool).length > 0);

  test.each(updates.map((tool) => [tool.name, tool] as const))('is rejected by %s', async (name, tool) => {
    const changes = changingArguments(tool);
    const { isError, text } = await callTool(stack.url, name, fill(tool, { omit: changes }));
    expect([isError, text]).toEqual([true, `Give at least one of ${changes.join(', ')}; nothing was changed.`]);
    expect(stack.sandbox.journal.entries).toEqual([]);
  });

  test('is rejected if the only change is null', async () => {
    const args = { workspaceSid: `WS${'a'.repeat(32)}`, friendlyName: null };
    const { text } = await callTool(stack.url, 'twilio_taskrouter_update_workspace', args);
    expect(text).toMatch(/^Give at least one of friendlyName, /);
  });
});

describe('an empty string clears', () => {
  const references = tools
    .filter(overwrites)
    .flatMap((tool) => referencesOf(tool).map((name) => [tool.name, name, tool] as const))
    .filter(([, name, tool]) => tool.input()[name]!.safeParse('').success);

  test.each(references)('in %s the %s', async (name, argument, tool) => {
    stack.sandbox.options.lenient = true;
    const { isError } = await callTool(stack.url, name, {
      ...fill(tool, { omit: changingArguments(tool) }),
      [argument]: '',
    });
    const { violations, fields } = stack.sandbox.journal.last!;
    expect([isError, violations, Object.values(fields)]).toEqual([undefined, [], ['']]);
  });

  test('and the error for a malformed URL says so', async () => {
    const args = { phoneNumberSid: SEEDS.phoneNumberSids[0], voiceUrl: 'example.com' };
    expect((await callTool(stack.url, 'twilio_phone_numbers_configure_webhook', args)).text).toMatch(
      /voiceUrl: must be an absolute http\(s\) URL, or "" to clear it\./,
    );
  });
});

describe('an unavailable tool', () => {
  test.each([
    ['send_sms', '', /^Unknown tool "send_sms"\. Did you mean twilio_messaging_send_sms\?$/],
    ['twilio_send_sms', 'services=all', /Did you mean twilio_messaging_send_sms\?$/],
    ['twilio_mesaging_send_sms', 'services=all', /Did you mean twilio_messaging_send_sms or /],
    ['messaging_send_message', '', /Did you mean .*twilio_messaging_send_sms/],
    ['messaging_send_message', 'services=all', /Did you mean .*twilio_messaging_send_sms/],
    ['sms_send', 'services=all', /Did you mean twilio_messaging_send_sms/],
    [
      'make_call',
      '',
      /^Unknown tool "make_call"\. Tool "twilio_voice_make_call" belongs to the service Voice, .*only its owner can add it/,
    ],
    ['xyz', 'services=all', /^Unknown tool "xyz"\. Use a name from tools\/list\.$/],
    [
      'twilio_voice_make_call',
      '',
      /^Tool "twilio_voice_make_call" belongs to the service Voice, which the URL does not select: only its owner can/,
    ],
    ['twilio_messaging_send_mms', 'readonly=true', /is not read-only, and the URL has readonly=true/],
    [
      'twilio_messaging_send_mms',
      'tools=twilio_messaging_send_sms',
      /is not listed in tools= of the URL: only its owner can add it/,
    ],
  ])('%s at "%s" is explained in one line', async (name, query, expected) => {
    const answer = callTool(stack.url, name, {}, query);
    await expect(answer).rejects.toThrow(expected);
    await expect(answer).rejects.toMatchObject({ message: expect.stringMatching(/^.{20,250}$/) });
  });
});

describe('a malformed argument is reported once', () => {
  const message = { to: '+14155550100', body: 'Hello' };
  const SEND = 'twilio_messaging_send_sms';
  test.each([
    [SEND, { ...message, mediaUrl: { url: 'https://example.com/1.png' } }, 'mediaUrl: must be a list, such as ["…"].'],
    [SEND, { ...message, mediaUrl: [] }, 'mediaUrl: must have at least 1 item.'],
    [SEND, { ...message, mediaUrl: [true] }, 'mediaUrl.0: must be text.'],
    [SEND, { ...message, body: '' }, 'body: must have at least 1 character.'],
    [SEND, { ...message, body: true }, 'body: must be text.'],
    [SEND, { ...message, validityPeriod: 'an hour' }, 'validityPeriod: must be a number.'],
    [SEND, { ...message, validityPeriod: 0 }, 'validityPeriod: must be at least 1.'],
    [SEND, { ...message, validityPeriod: 1.5 }, 'validityPeriod: must be a whole number.'],
    [
      'twilio_messaging_send_whatsapp',
      { to: message.to, contentVariables: 'Ada' },
      'contentVariables: must be an object, such as {"name": "value"}.',
    ],
    [
      'twilio_phone_numbers_search_available_numbers',
      { type: 'free', smsEnabled: 'yes' },
      'type: must be one of local, tollFree, mobile, national, voip, sharedCost, machineToMachine. smsEnabled: must be true or false.',
    ],
    [
      'twilio_messaging_services_add_alpha_sender',
      { serviceSid: `MG${'a'.repeat(32)}`, alphaSender: '12345' },
      'alphaSender: must be 1 to 11 of A-Z a-z 0-9 space - + _ &, with a letter.',
    ],
    [
      'twilio_sync_get_document',
      { serviceSid: SEEDS.syncServiceSid, documentSidOrName: '..' },
      'documentSidOrName: must be a name in one line without control characters, and not . or .. alone.',
    ],
  ])('by %s %j', async (name, args, expected) => {
    const { isError, text } = await callTool(stack.url, name, args);
    expect([isError, text]).toEqual([true, `Invalid arguments for ${name}; nothing was done. ${expected}`]);
  });
});

describe('a resource that Twilio does not find', () => {
  test.each([
    [
      'twilio_phone_numbers_update_phone_number',
      { phoneNumberSid: `PN${'0'.repeat(32)}`, friendlyName: 'x' },
      `The requested resource PN${'0'.repeat(32)} was not found. No resource with this ID exists in this account. List first and use an ID from the list; deleted resources are gone.`,
    ],
    [
      'twilio_phone_numbers_search_available_numbers',
      { countryCode: 'ZZ' },
      'The requested resource Local was not found. The country has no numbers of this type to buy: list_number_types shows the types it offers.',
    ],
    [
      'twilio_verify_check_verification',
      { to: '+14155550100', code: '123456', serviceSid: SEEDS.verifyServiceSid },
      'The requested resource VerificationCheck was not found. No verification of this recipient is pending in this service: it is approved, expired, canceled or out of attempts. Start a new one with start_verification.',
    ],
  ])('is reported by %s without its path and with advice', async (name, args, expected) => {
    const { isError, text } = await callTool(stack.url, name, args);
    expect([isError, text]).toEqual([true, `Twilio error 20404: ${expected} https://www.twilio.com/docs/errors/20404`]);
  });
});

test('an explanation does not repeat what the Twilio message says', async () => {
  stack.sandbox.faults.add({
    operationId: 'ListMessage',
    status: 404,
    code: 21701,
    message: 'The Messaging Service does not exist',
  });
  expect((await callTool(stack.url, 'twilio_messaging_get_message_logs')).text).toBe(
    'Twilio error 21701: The Messaging Service does not exist. List the services and use one of them. https://www.twilio.com/docs/errors/21701',
  );
});

describe('a filter by a phone number', () => {
  const CALLS = 'twilio_voice_get_call_logs';
  const MESSAGES = 'twilio_messaging_get_message_logs';
  const hint = /: must be an address such as \+15551234567 or whatsapp:\+15551234567\.$/;
  test.each([
    [
      CALLS,
      { to: '2025550143' },
      /such as \+15551234567, sip:jack@example\.com, client:alice or whatsapp:\+15551234567\.$/,
    ],
    [CALLS, { from: '+44 (0)20 7946 0000' }, /from: must be an address such as/],
    [MESSAGES, { to: '202-555-0143' }, hint],
    [MESSAGES, { from: 'whatsapp:2025550143' }, hint],
    ['twilio_verify_list_attempts', { to: '0015551234567' }, /to: must be an address such as \+15551234567\.$/],
    ['twilio_phone_numbers_list_phone_numbers', { phoneNumber: '(202) 555' }, /must be digits with nothing between/],
  ])('of %s is rejected if it cannot match: %j', async (name, args, expected) => {
    const { isError, text } = await callTool(stack.url, name, args);
    expect([isError, text]).toEqual([true, expect.stringMatching(expected)]);
    expect(stack.sandbox.journal.entries).toEqual([]);
  });

  test.each([
    [CALLS, { to: 'client:2025550143' }],
    [CALLS, { from: 'sip:1000@example.sip.twilio.com' }],
    [MESSAGES, { from: '72975' }],
    [MESSAGES, { from: 'messenger:1234567890' }],
    [MESSAGES, { from: 'Acme' }],
    ['twilio_verify_list_attempts', { to: 'person@example.com' }],
    ['twilio_phone_numbers_list_phone_numbers', { phoneNumber: '555' }],
  ])('of %s accepts other addresses: %j', async (name, args) => {
    expect((await callTool(stack.url, name, args)).isError).toBeUndefined();
  });
});

test.each([
  ['twilio_messaging_get_message_logs', { dateSentAfter: '2026-02-30' }, /dateSentAfter: must be/],
  ['twilio_messaging_get_message_logs', { dateSentAfter: '2026-02-31T00:00:00Z' }, /dateSentAfter: must be/],
  ['twilio_debugger_get_usage_records', { startDate: '2026-06-31' }, /startDate: must be/],
])('%s rejects a date that does not exist: %j', async (name, args, expected) => {
  const { isError, text } = await callTool(stack.url, name, args);
  expect([isError, text]).toEqual([true, expect.stringMatching(expected)]);
});

test.each([
  { instruction: 'redirect', callSid: `CA${'a'.repeat(32)}` },
  { instruction: 'redirect', callSid: `CA${'a'.repeat(32)}`, url: 'https://example.com', to: 'client:ann' },
  { instruction: 'dequeue', url: 'https://example.com' },
])('a reservation is not connected with the arguments of another instruction: %j', async (args) => {
  const reservation = { workspaceSid: `WS${'a'.repeat(32)}`, workerSid: `WK${'a'.repeat(32)}` };
  const { isError, text } = await callTool(stack.url, 'twilio_taskrouter_connect_reservation', {
    ...reservation,
    reservationSid: `WR${'a'.repeat(32)}`,
    ...args,
  });
  expect([isError, text]).toEqual([
    true,
    'redirect takes callSid and url, the others take to and from; nothing was done.',
  ]);
  expect(stack.sandbox.journal.entries).toEqual([]);
});

describe('a template is submitted to WhatsApp', () => {
  const CREATE = 'twilio_content_create_content_template';
  const SUBMIT = 'twilio_content_request_whatsapp_approval';
  const template = { friendlyName: 'Order', contentType: 'twilio/text', body: 'Hi {{1}}, order {{ 2 }} is here.' };
  const request = { name: 'order_update', category: 'UTILITY' };
  const submit = async (variables: object, name = request.name) => {
    const { structured } = await callTool(stack.url, CREATE, { ...template, variables });
    const answer = await callTool(stack.url, SUBMIT, { ...request, name, contentSid: structured.sid });
    const ids = stack.sandbox.journal.entries.map(({ operationId }) => operationId);
    return { answer, submitted: ids.includes('CreateApprovalCreate') };
  };

  test('if each placeholder has a sample value', async () => {
    expect((await submit({ 1: 'Ada', 2: '7' })).submitted).toBe(true);
  });

  test('not without one', async () => {
    const { answer, submitted } = await submit({ 1: 'Ada' });
    expect([submitted, answer.text]).toEqual([
      false,
      expect.stringMatching(/^The template has no sample value for \{\{2\}\}; nothing was submitted\./),
    ]);
  });

  test('not under a name that WhatsApp refuses', async () => {
    const { answer, submitted } = await submit({ 1: 'Ada', 2: '7' }, 'Order update');
    expect([submitted, answer.text]).toEqual([false, expect.stringMatching(/name: must be lowercase letters, digits/)]);
  });
});

describe('a file is uploaded', () => {
  const ids = { serviceSid: `ZS${'a'.repeat(32)}`, assetSid: `ZH${'a'.repeat(32)}` };
  const asset = { ...ids, path: '/a.bin', visibility: 'public', contentType: 'text/plain' };
  const upload = async (content: string, encoding: string) => {
    stack.sandbox.options.lenient = true;
    const { text } = await callTool(stack.url, 'twilio_serverless_upload_asset_version', {
      ...asset,
      content,
      encoding,
    });
    return { text, sent: stack.sandbox.journal.entries.map(({ body }) => body) };
  };

  test.each([
    ['aGVsbG8/', 'base64', 'hello?'],
    ['aGVs\nbG8_\n', 'base64', 'hello?'],
    ['aGVsbG8=', 'base64', 'hello'],
    ['not base64!!', 'utf8', 'not base64!!'],
  ])('%j in %s', async (content, encoding, expected) => {
    const { sent } = await upload(content, encoding);
    expect(sent).toEqual([expect.stringContaining(`\r\n\r\n${expected}\r\n`)]);
  });

  test.each(['not base64!!', 'aGVsb', '=', 'data:text/plain;base64,aGVsbG8='])(
    'but not %j as base64',
    async (content) => {
      expect(await upload(content, 'base64')).toEqual({
        text: '`content` is not base64; nothing was uploaded. Encode the file, or pass text as utf8.',
        sent: [],
      });
    },
  );
});
