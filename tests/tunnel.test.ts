import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { SANDBOX_ACCOUNT_SID, SANDBOX_AUTH_TOKEN } from '../sandbox/server';
import { signatureOf } from '../src/signature';
import { callTool, useStack } from './support/stack';

/*
 * A local server behind a tunnel, which keeps the public host in the header Host.
 */

jest.setTimeout(60_000);

const BASE = 'https://abc.example.app';

const stack = useStack({ env: { WEBHOOK_BASE_URL: BASE, AUTH_TOKEN: SANDBOX_AUTH_TOKEN } });

/** The response to a request that comes with another host. */
function post(host: string, path: string, body: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const url = stack.server.url;
    const type = 'application/x-www-form-urlencoded';
    const outgoing = request(`${url}${path}`, { method: 'POST', headers: { host, 'content-type': type, ...headers } });
    outgoing.once('response', async (response) =>
      resolve({ status: response.statusCode!, body: await text(response) }),
    );
    outgoing.once('error', reject).end(body);
  });
}

test('signed webhooks pass', async () => {
  const path = '/webhooks/twilio/sms';
  const message = { MessageSid: `SM${'1'.repeat(32)}`, From: '+14155550100', To: '+15005550006', Body: 'On my way' };
  const fields = { AccountSid: SANDBOX_ACCOUNT_SID, ...message };
  const body = String(new URLSearchParams(fields));
  expect((await post('abc.example.app', path, body)).status).toBe(403);
  const signature = await signatureOf(BASE + path, SANDBOX_AUTH_TOKEN, fields);
  expect((await post('abc.example.app', path, body, { 'x-twilio-signature': signature })).status).toBe(200);
  const { structured } = await callTool(stack.url, 'twilio_inbox_get_inbound_messages', {});
  expect(structured).toMatchObject({ messages: [{ body: 'On my way' }] });
});

test.each([
  ['abc.example.app', '/mcp', /apart from webhooks at abc\.example\.app/],
  ['abc.example.app', '/', /apart from webhooks at abc\.example\.app/],
  ['abc.example.app', '/webhooks/../mcp', /apart from webhooks/],
  ['other.example.app', '/webhooks/twilio/sms', /other\.example\.app is not localhost.*set WEBHOOK_BASE_URL/],
  ['host.docker.internal:4300', '/mcp', /--network host.*http:\/\/localhost:4300.*"Host: localhost:4300"/],
])('%s may not request %s', async (host, path, message) => {
  expect(await post(host, path, '')).toEqual({ status: 403, body: expect.stringMatching(message) });
});
