/**
 * The `x-twilio-signature` of JSON requests to a URL: base64 of HMAC-SHA1 with the account's auth token. The body has no
 * part in it, so it is one secret for exactly this URL. Runs in browsers (of secure origins) and in Node.js.
 */
export async function signatureOf(url: string, authToken: string): Promise<string> {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const key = await crypto.subtle.importKey('raw', bytes(authToken), { name: 'HMAC', hash: 'SHA-1' }, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', key, bytes(url));
  return btoa(String.fromCharCode(...new Uint8Array(signature)));
}
