import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { SEEDS } from '../sandbox/seed';
import { SANDBOX_AUTH_TOKEN, type Sandbox } from '../sandbox/server';
import { signatureOf } from '../src/signature';
import { freePort } from './support/clone';
import { type Client, FROM, TO, useSandbox } from './support/sandbox';

/*
 * The sandbox delivers webhooks as often as Twilio does: by default once more, and only if it cannot connect. The fragment
 * of the URL overrides that.
 */

let sandbox: Sandbox;
let client: Client;
useSandbox((...started) => {
  [sandbox, client] = started;
});

/** How the next requests are answered: a status, or nothing before or after the connection is closed. Then with 200. */
let answers: (number | 'hangs' | 'closes')[];
let requests: { url: string; headers: IncomingHttpHeaders; fields: Record<string, string> }[];
let server: Server;
let base: string;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    requests.push({
      url: request.url!,
      headers: request.headers,
      fields: Object.fromEntries(new URLSearchParams(body)),
    });
    const answer = answers.shift() ?? 200;
    if (answer === 'closes') request.socket.destroy();
    else if (answer !== 'hangs') response.writeHead(answer).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  answers = [];
  requests = [];
});

/** Receives a message on a number with these webhooks. */
async function receive(smsUrl: string, smsFallbackUrl = '') {
  await client.incomingPhoneNumbers(SEEDS.phoneNumberSids[0]!).update({ smsUrl, smsFallbackUrl });
  const { delivery } = await sandbox.receive({ to: FROM, from: TO, body: 'Hello' });
  return delivery!;
}

test.each<[overrides: string, answers: typeof answers, statuses: number[]]>([
  ['', [500], [500]],
  ['', [429], [429]],
  ['', ['closes'], [0]],
  ['#rc=3', [503, 503], [503]],
  ['#rp=5xx', [503, 503], [503, 503]],
  ['#rc=3&rp=5xx', [503, 500], [503, 500, 200]],
  ['#rc=3&rp=5xx', [429], [429]],
  ['#rc=2&rp=4xx,5xx', [429, 503, 404, 500], [429, 503, 404]],
  ['#rc=5&rp=rt', ['closes', 'closes', 500], [0, 0, 500]],
  ['#rc=5&rp=all', [429, 'closes', 502], [429, 0, 502, 200]],
  ['#rc=0&rp=all', [500], [500]],
  ['#rc=1&rt=100&rp=rt', ['hangs', 'hangs', 200], [0, 0]],
  ['#rc=5&rt=15000&tt=100&rp=all', ['hangs'], [0]],
])('with "%s" and the answers %j, the statuses are %j', async (overrides, given, statuses) => {
  answers = [...given];
  const delivery = await receive(`${base}/sms${overrides}`);
  expect(sandbox.webhooks.deliveries.map(({ status }) => status)).toEqual(statuses);
  expect(delivery.status).toBe(statuses.at(-1));
});

test('a connection that fails is tried once more by default', async () => {
  const url = `http://127.0.0.1:${await freePort()}/sms`;
  for (const [overrides, attempts] of [
    ['', 2],
    ['#rc=4', 5],
    ['#rc=4&rp=5xx', 1],
  ] as const) {
    sandbox.webhooks.clear();
    await receive(url + overrides);
    expect([overrides, sandbox.webhooks.deliveries.length]).toEqual([overrides, attempts]);
  }
});

test('the attempts are the same request, signed for the URL without its fragment', async () => {
  answers = [500, 500];
  await receive(`${base}/sms?a=b#rc=2&rp=5xx`);
  await receive(`${base}/sms?a=b#rc=2&rp=5xx`);
  const [first, second, third, next] = requests;
  expect(requests).toHaveLength(4);
  for (const { url, fields, headers } of [first!, second!, third!]) {
    expect([url, fields]).toEqual(['/sms?a=b', first!.fields]);
    expect(headers['x-twilio-signature']).toBe(await signatureOf(`${base}/sms?a=b`, SANDBOX_AUTH_TOKEN, fields));
    expect(headers['i-twilio-idempotency-token']).toBe(first!.headers['i-twilio-idempotency-token']);
  }
  expect(first!.headers['i-twilio-idempotency-token']).toMatch(/^[\w-]{36}$/);
  expect(next!.headers['i-twilio-idempotency-token']).not.toBe(first!.headers['i-twilio-idempotency-token']);
});

test('after the last attempt, the fallback URL gets the message with the error', async () => {
  answers = [503, 503];
  const url = `${base}/sms#rc=1&rp=5xx`;
  const delivery = await receive(url, `${base}/fallback#rc=2`);
  expect(requests.map((request) => request.url)).toEqual(['/sms', '/sms', '/fallback']);
  const { fields } = requests[0]!;
  expect(requests[2]!.fields).toEqual({ ...fields, ErrorCode: '11200', ErrorUrl: url });
  expect(delivery.status).toBe(200);
  requests = [];
  await receive(url, `${base}/fallback`);
  expect(requests.map((request) => request.url)).toEqual(['/sms']);
});

test.each([
  ['#rp=6xx', '11243'],
  ['#rc=6', '11100'],
  ['#tt=20000', '11100'],
])('with "%s", nothing is delivered, and an alert says why', async (overrides, errorCode) => {
  await receive(`${base}/sms${overrides}`);
  expect(requests).toEqual([]);
  const [alert] = await client.monitor.v1.alerts.list({ limit: 1 });
  expect(alert).toMatchObject({ errorCode });
});

test('a status callback is delivered in the same way', async () => {
  sandbox.options.speed = Number.POSITIVE_INFINITY;
  answers = [503];
  await client.messages.create({ from: FROM, to: TO, body: 'Hi', statusCallback: `${base}/status#rc=3&rp=5xx` });
  const tokens = () => requests.map(({ headers }) => headers['i-twilio-idempotency-token']);
  for (let n = 0; n < 200 && requests.length < 2; n++) await setTimeout(10);
  await sandbox.webhooks.settled();
  expect(tokens().length).toBe(new Set(tokens()).size + 1);
});
