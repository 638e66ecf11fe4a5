/**
 * The `x-twilio-signature` of a request: base64 of HMAC-SHA1, by the account's auth token, of the URL followed by the
 * form fields in the order of their names. A JSON body is not covered, so the signature of such a request is a secret
 * that opens exactly this URL. Uses Web Crypto, to run in browsers (secure origins) as well as in Node.js.
 * https://www.twilio.com/docs/usage/security#validating-requests
 */
export async function signatureOf(
  url: string,
  authToken: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<string> {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const names = Object.keys(fields).sort();
  const signed = url + names.map((name) => name + fields[name]).join('');
  const key = await crypto.subtle.importKey('raw', bytes(authToken), { name: 'HMAC', hash: 'SHA-1' }, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', key, bytes(signed));
  return btoa(String.fromCharCode(...new Uint8Array(signature)));
}
