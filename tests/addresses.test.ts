import { lookups } from '../src/domains/lookups';
import { law } from './laws/law';
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
