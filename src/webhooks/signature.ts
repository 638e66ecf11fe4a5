import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether Twilio signed this request: the header is the HMAC-SHA1, by the account's auth token, of the URL followed by
 * the form's fields in the order of their names.
 */
export function isSigned(
  header: unknown,
  authToken: string,
  url: string,
  fields: Readonly<Record<string, string>>,
): boolean {
  if (typeof header !== 'string') return false;
  const expected = Buffer.from(signatureOf(authToken, url, fields));
  const given = Buffer.from(header);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

export function signatureOf(authToken: string, url: string, fields: Readonly<Record<string, string>>): string {
  const signed = Object.keys(fields)
    .sort()
    .reduce((text, name) => text + name + fields[name], url);
  return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64');
}
