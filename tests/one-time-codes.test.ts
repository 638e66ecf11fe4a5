import { callTool, useStack } from './support/stack';

/*
 * The one-time codes in text messages, and the numbers in them that are no codes.
 */

const stack = useStack();
const read = (sms_body: string) => callTool(stack.url, 'twilio_agent_phone_extract_otp_from_sms', { sms_body });

test.each([
  ['Your code is 123456', '123456'],
  ['Your verification code: 4821', '4821'],
  ['OTP:99887766', '99887766'],
  ['PIN is 0042. Valid for 5 minutes', '0042'],
  ['token: 55512', '55512'],
  ['778899 is your Example code', '778899'],
  ['1234 is the one you want', '1234'],
  ['G-123456 is your Google verification code.', '123456'],
  ['Your code is 123-456', '123456'],
  ['Code: 123 456', '123456'],
  ['Your Acme code: 12-34-56.', '123456'],
  ['Paid 5000 EUR. Use 482913 to confirm', '482913'],
  ['123-456 is your code', '123456'],
  ['<#> Use 482913 to log in. FA+9qCX9VSu', '482913'],
  ['In 2026 your code is 7310', '7310'],
  ['Your code is: 246810', '246810'],
  ['Call 1-800-555-1234 or enter 662200', '662200'],
  ['Your Example code 482913 expires in 10 minutes', '482913'],
  ['12/05/2024 your pin 1234', '1234'],
  ['On May 12, 2024 use 556677', '556677'],
  ['Your code is 482913, valid until 2026-11-21 10:30', '482913'],
  ['Happy 2026! Enter 7310 to log in', '7310'],
  ['Enter 2026 to log in', '2026'],
  ['Ref 20261121 code 4433', '4433'],
  ['Ref 20261121. Enter 4433', '4433'],
  ['Your code for order 5544332 is 1234', '1234'],
  ['Card ending in 4242: confirm with 901233', '901233'],
  ['Valid for 1440 minutes: 556677', '556677'],
  ['https://example.com/c/482911 or enter 7788', '7788'],
  ['Your code for Acme: 123456', '123456'],
  ['Your login code (4433) expires soon', '4433'],
  ['Your code is 1234-5678', '12345678'],
  ['48 29 13', '482913'],
  ['AB-4829', '4829'],
  ['FB-52346 is your Facebook confirmation code', '52346'],
  ['Your code: ABC123', 'ABC123'],
  ['Your code is 4829AB', '4829AB'],
  ['Your code is X7Q-9KL.', 'X7Q-9KL'],
  ['ABC123 is your Acme code', 'ABC123'],
  ['Su código es 445566', '445566'],
])('the code is found in: %s', async (body, code) => {
  expect((await read(body)).structured?.code).toBe(code);
});

test.each([
  'Hello',
  'See you at 10:30',
  'It costs 12',
  'Call +14155550100',
  'Order 123456789',
  'Never tell your code. Balance is 5000 USD.',
  'You paid $4500',
  'Meeting on 12/05/2024',
  'Order #445566 has shipped',
  'Your code is ready, check your email',
])('no code is found in: %s', async (body) => {
  const { isError, text } = await read(body);
  expect([isError, text]).toEqual([true, expect.stringMatching(/^No OTP code found in SMS body\. Read the text/)]);
});
