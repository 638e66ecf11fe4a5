/*
 * Web Crypto, so that all of this runs in browsers (secure origins) as well as in Node.js.
 */

const bytes = (text: string) => new TextEncoder().encode(text);

/** An HMAC of UTF-8 text, as bytes. */
export async function hmac(
  hash: 'SHA-1' | 'SHA-256',
  key: Uint8Array<ArrayBuffer> | string,
  text: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const raw = typeof key === 'string' ? bytes(key) : key;
  const imported = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, bytes(text)));
}

/** Bytes as base64. */
const base64 = (data: Uint8Array): string => btoa(String.fromCharCode(...data));

/** Bytes as base64url, without padding. */
export const base64url = (data: Uint8Array): string =>
  base64(data).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/**
 * The `x-twilio-signature` of a request: base64 of HMAC-SHA1, by the account's auth token, of the URL followed by the
 * form fields in the order of their names. A JSON body is not covered, so the signature of such a request is a secret
 * that opens exactly this URL.
 * https://www.twilio.com/docs/usage/security#validating-requests
 */
export async function signatureOf(
  url: string,
  authToken: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<string> {
  const names = Object.keys(fields).sort();
  return base64(await hmac('SHA-1', authToken, url + names.map((name) => name + fields[name]).join('')));
}
