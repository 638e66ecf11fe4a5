import { SEEDS } from '../sandbox/seed';
import { lookups } from '../src/domains/lookups';
import { law, TOOLS } from './laws/law';
import { propertiesOf } from './support/arguments';
import { requestsOf, type Stack, startStack } from './support/stack';

/*
 * Phone numbers and the addresses of channels, as people and Twilio's documentation write them.
 */

let stack: Stack;
/** Number that each tool of Lookups requests if it is written with separators. */
const lookedUp = new Map<string, string | undefined>();
beforeAll(async () => {
  stack = await startStack();
  for (const tool of lookups.tools.filter((each) => 'phoneNumber' in propertiesOf(each))) {
    const { requests } = await requestsOf(stack, tool.name, { phoneNumber: '+1 (415) 555\u20110177' });
    lookedUp.set(tool.name, requests[0]?.params.PhoneNumber);
  }
});
afterAll(() => stack.close());

law(
  'tools that look up a number read it with separators',
  'take it as `e164`, or as a `pathName` that removes them.',
  () =>
    lookedUp.size === 0
      ? ['none is tried']
      : [...lookedUp].filter(([, number]) => number !== '+14155550177').map(String),
);

test.each([
  ['(415) 555-0177', 'US', '4155550177'],
  ['415.555.0177', undefined, '4155550177'],
  ['tel:+1-415-555-0177', undefined, '+14155550177'],
  ['020 7946/0000', 'GB', '02079460000'],
  ['+44 (0)20 7946 0000', undefined, '+4402079460000'],
  ['1-800-FLOWERS', 'US', '1800FLOWERS'],
])('validates %j with the country %j', async (phoneNumber, countryCode, digits) => {
  const call = await requestsOf(stack, 'twilio_lookups_validate_phone_number', { phoneNumber, countryCode });
  expect(call.answer.isError).toBeUndefined();
  expect(call.requests).toMatchObject([{ params: { PhoneNumber: digits } }]);
  expect(call.requests[0]!.queryFields.CountryCode).toBe(countryCode);
});

test('the answer has the number in E.164', async () => {
  const args = { phoneNumber: '020 7946 0000', countryCode: 'GB' };
  const { answer } = await requestsOf(stack, 'twilio_lookups_validate_phone_number', args);
  expect(answer.structured).toMatchObject({ valid: true, phoneNumber: '+442079460000', countryCode: 'GB' });
});

/** Addresses as Twilio documents them, by channel. */
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  whatsapp: ['whatsapp:+14155550100'],
  rcs: ['rcs:+14155550100', 'rcs:brand_agent'],
  messenger: ['messenger:1234567890123456'],
  sip: ['sip:jack@example.com', 'sip:jack@example.com;transport=tls?x-header=foo&x-id=a/b', 'sips:jack@example.com'],
  client: ['client:alice', 'client:alice?room=12&name=Ada%20Lovelace'],
  sms: ['sms:+14155550100'],
};

/** Every argument for an address, with the channels that its description names: all if it says so. */
const ADDRESS_ARGUMENTS = TOOLS.flatMap((tool) =>
  Object.entries(propertiesOf(tool)).flatMap(([name, { type, description = '' }]) => {
    const form = /\(E\.164\b([^)]*)\)/.exec(description)?.[1];
    if (form === undefined) return [];
    const named = form.includes('channel:address')
      ? Object.keys(ADDRESSES)
      : [...form.matchAll(/(\w+):…/g)].map((match) => match[1]!);
    const schema = tool.input()[name]!;
    const accepts = (value: string) => schema.safeParse(type === 'array' ? [value, '+14155550199'] : value).success;
    return [{ label: `${tool.name}.${name}`, accepts, named }];
  }),
);

law(
  'an argument accepts addresses of exactly the channels that its description names',
  'take it as an `address` or a `recipient` with its channels.',
  () =>
    ADDRESS_ARGUMENTS.flatMap(({ label, accepts, named }) =>
      Object.entries(ADDRESSES).flatMap(([channel, addresses]) =>
        addresses
          .filter((address) => accepts(address) !== named.includes(channel))
          .map((address) => `${label} ${named.includes(channel) ? 'refuses' : 'accepts'} ${address}`),
      ),
    ),
);

test('every channel is named by some argument', () => {
  const named = new Set(ADDRESS_ARGUMENTS.flatMap((argument) => (argument.named.length > 5 ? [] : argument.named)));
  expect([...named].sort()).toEqual(['client', 'messenger', 'rcs', 'sip', 'whatsapp']);
});

const SMS = 'twilio_messaging_send_sms';
const WHATSAPP = 'twilio_messaging_send_whatsapp';
const CALL = 'twilio_voice_make_call';
const twiml = '<Response><Say>Hello</Say></Response>';
const body = 'Hello';
const [OWN] = SEEDS.numbers as [string];

describe('an address arrives as it is', () => {
  const variables = { contentSid: `HX${'a'.repeat(32)}`, contentVariables: { 1: 'Ada' } };
  const variablesSent = { ContentSid: variables.contentSid, ContentVariables: '{"1":"Ada"}' };
  const byService = { messagingServiceSid: SEEDS.messagingServiceSid };
  test.each<[string, object, object]>([
    [CALL, { to: 'sip:jack@example.com?x-header=foo', twiml }, { To: 'sip:jack@example.com?x-header=foo' }],
    [CALL, { to: 'client:alice?room=12', twiml }, { To: 'client:alice?room=12' }],
    [SMS, { to: '+14155550100', from: '262966', body }, { To: '+14155550100', From: '262966' }],
    [SMS, { to: '+14155550100', from: '12345678', body }, { From: '12345678' }],
    [SMS, { to: '+14155550100', ...variables }, { To: '+14155550100', ...variablesSent }],
    [SMS, { to: 'rcs:+1 415 555 0100', from: 'rcs:agent', body }, { To: 'rcs:+14155550100', From: 'rcs:agent' }],
    [SMS, { to: 'rcs:+14155550100', from: 'agent', ...variables }, { From: 'rcs:agent', ...variablesSent }],
    [SMS, { to: 'messenger:123456', ...byService, ...variables }, { To: 'messenger:123456', ...variablesSent }],
    [WHATSAPP, { to: '+14155550100', body }, { To: 'whatsapp:+14155550100', From: `whatsapp:${OWN}` }],
    [WHATSAPP, { to: 'whatsapp:+14155550100', ...variables }, { To: 'whatsapp:+14155550100', ...variablesSent }],
  ])('in %s %j', async (name, args, expected) => {
    const { answer, requests } = await requestsOf(stack, name, args);
    expect(answer.isError ? answer.text : '').toBe('');
    expect(requests[0]!.fields).toMatchObject(expected);
  });
});

describe('an address of another channel is refused with advice', () => {
  test.each<[string, object, RegExp]>([
    [
      WHATSAPP,
      { to: 'messenger:123456', body },
      /^.*nothing was done\. to: .*; for rcs: and messenger: use send_sms\.$/,
    ],
    [WHATSAPP, { to: 'rcs:+14155550100', body }, /; for rcs: and messenger: use send_sms/],
    [
      WHATSAPP,
      { to: 'sms:+14155550100', body },
      /must be a phone number in E\.164, such as \+15551234567 or whatsapp:/,
    ],
    [
      WHATSAPP,
      { to: '+14155550100', from: 'messenger:1', body },
      /from: must be an address .* or whatsapp:\+15551234567\.$/,
    ],
    [SMS, { to: 'whatsapp:+14155550100', body }, /or messenger:1234567890; for whatsapp: use send_whatsapp/],
    [SMS, { to: '26296', body }, /to: must be a phone number in E\.164/],
    [SMS, { to: '+14155550100', from: '123456789', body }, /from: must be an address such as \+15551234567/],
    [CALL, { to: 'whatsapp:+14155550100', twiml }, /such as \+15551234567, sip:jack@example\.com or client:alice\.$/],
    [CALL, { to: '415 555 0100', twiml }, /to: must be an address such as/],
  ])('by %s %j', async (name, args, expected) => {
    const { answer, requests } = await requestsOf(stack, name, args);
    expect(answer).toMatchObject({ isError: true, text: expect.stringMatching(expected) });
    expect(requests).toEqual([]);
  });
});

test.each([
  ['rcs:+14155550100', /^No sender; nothing was sent\. Pass `from` or `messagingServiceSid` of the channel rcs:\.$/],
  ['messenger:123456', /of the channel messenger:/],
])('%s needs a sender of its channel, not a phone number', async (to, expected) => {
  const { answer, requests } = await requestsOf(stack, SMS, { to, body });
  const numbered = await requestsOf(stack, SMS, { to, from: OWN, body });
  expect([numbered.answer.text, numbered.requests]).toEqual([answer.text, []]);
  expect([answer.text, requests]).toEqual([expect.stringMatching(expected), []]);
});

test('a message needs a text, a template or media', async () => {
  const { answer, requests } = await requestsOf(stack, SMS, { to: '+14155550100' });
  expect([answer.text, requests]).toEqual([expect.stringMatching(/^Nothing to send; nothing was sent\. Pass/), []]);
});
