import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { SANDBOX_AUTH_TOKEN } from '../sandbox/server';
import { queryOf, readGrant } from '../src/access/grant';
import { signToken } from '../src/access/token';
import { type Deployment, startDeployment } from './support/deployment';
import type { Json } from './support/stack';

/*
 * POST /mcp/bearer of a deployment: who has an access token gets what its owner signed, and nobody else gets anything.
 */

jest.setTimeout(240_000);

let deployment: Deployment;
beforeAll(async () => {
  deployment = await startDeployment({ env: { MCP_ACCESS_TOKENS: 'true', MCP_REVOKED: 'lost,0123456789ab' } });
});
afterAll(() => deployment.close());

const LIST = { jsonrpc: '2.0', id: 7, method: 'tools/list' };
const READS = { ...LIST, method: 'tools/call', params: { name: 'twilio_messaging_get_message_logs', arguments: {} } };

interface Answer {
  status: number;
  challenge: string | null;
  body: Json;
}

type Sent = { headers?: [string, string][]; query?: string; message?: object; method?: string };

async function send({ headers = [], query = '', message = LIST, method = 'POST' }: Sent): Promise<Answer> {
  const { url } = deployment.gateway;
  const hasBody = method === 'POST';
  const response = await fetch(`${url}/mcp/bearer${query}`, {
    method,
    headers: hasBody ? [['content-type', 'application/json'], ...headers] : headers,
    ...(hasBody && { body: JSON.stringify(message) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    challenge: response.headers.get('www-authenticate'),
    body: text ? JSON.parse(text) : undefined,
  };
}

const bearer = (token: string): Sent => ({ headers: [['authorization', `Bearer ${token}`]] });
const namesIn = ({ body }: Answer): string[] => body.result?.tools.map((tool: { name: string }) => tool.name);
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
const seconds = (offset = 0) => Math.floor(Date.now() / 1000) + offset;
const hostOf = (url: string) => new URL(url).host;

const issue = (query: string, host = hostOf(deployment.gateway.url)) =>
  signToken(host, readGrant(queryOf(new URLSearchParams(query))), SANDBOX_AUTH_TOKEN);

const PURPOSE = 'twilio-mcp-functions: access token';
const VALID = () => `services=Messaging&readonly=true&client=laptop&expires=${day(30)}&id=00ff&issued=${seconds()}`;

/** A token made without the code under test. */
function forge(
  claims: string,
  { host = hostOf(deployment.gateway.url), hash = 'sha256', key = undefined as Buffer | string | undefined } = {},
): string {
  const encoded = Buffer.from(claims).toString('base64url');
  const derived = key ?? createHmac('sha256', SANDBOX_AUTH_TOKEN).update(PURPOSE).digest();
  const mac = createHmac(hash, derived)
    .update(JSON.stringify([host, encoded]))
    .digest('base64url');
  return `${encoded}.${mac}`;
}

describe('who has a token', () => {
  test('gets exactly what it says, in either header', async () => {
    const { token } = await issue(`services=Messaging&readonly=true&client=laptop&expires=${day(30)}`);
    for (const headers of [
      [['Authorization', `Bearer ${token}`]],
      [['X-Api-Key', token]],
      [['authorization', `bearer ${token}`]],
    ]) {
      const answer = await send({ headers: headers as [string, string][] });
      expect(answer.status).toBe(200);
      expect(namesIn(answer)).toContain('twilio_messaging_get_message_logs');
      expect(namesIn(answer)).not.toContain('twilio_messaging_send_sms');
    }
    expect(
      (
        await send({
          headers: [
            ['authorization', `Bearer ${token}`],
            ['x-api-key', token],
          ],
        })
      ).status,
    ).toBe(200);
    const narrow = await issue(`tools=twilio_messaging_send_sms&client=laptop&expires=${day(90)}`);
    expect(namesIn(await send(bearer(narrow.token)))).toEqual(['twilio_messaging_send_sms']);
    const less = await issue(`services=Messaging&exclude=twilio_messaging_send_sms&client=laptop&expires=${day(1)}`);
    expect(namesIn(await send(bearer(less.token)))).not.toContain('twilio_messaging_send_sms');
  });

  test('is a token computed from its description', async () => {
    expect((await send(bearer(forge(VALID())))).status).toBe(200);
  });

  test('calls tools with an SDK client', async () => {
    const { token, id } = await issue(`client=front-desk&expires=${day(1)}`);
    const client = new Client({ name: 'test', version: '1.0.0' });
    const requestInit = { headers: { Authorization: `Bearer ${token}` } };
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${deployment.gateway.url}/mcp/bearer`), { requestInit }),
    );
    const result = await client.callTool({ name: READS.params.name, arguments: {} });
    expect(result.isError).toBeFalsy();
    await client.close();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const output = deployment.stack.server.output();
    const line = output.split('\n').findLast((entry) => entry.includes('"client":"front-desk"'))!;
    expect(JSON.parse(line)).toMatchObject({ client: 'front-desk', token: id, outcome: 'ok' });
    expect(output).not.toContain(token.split('.')[1]);
  });

  test('sends nothing else: the URL and the body take no parameters', async () => {
    const token = forge(VALID());
    for (const parameter of ['services', 'readonly', 'client', 'expires', 'key', 'access_token', 'id']) {
      const inUrl = await send({ ...bearer(token), query: `?${parameter}=all` });
      // A message may have an id, and the one in the body wins.
      if (parameter === 'id') continue;
      const inBody = await send({ ...bearer(token), message: { ...LIST, [parameter]: 'all' } });
      for (const { status, body } of [inUrl, inBody])
        expect([status, body.error.message]).toEqual([
          400,
          expect.stringContaining(`"${parameter}" cannot be a parameter`),
        ]);
    }
  });

  test('learns why it no longer works', async () => {
    const refused: readonly [string, RegExp][] = [
      [
        VALID()
          .replace(day(30), day(-1))
          .replace(/issued=\d+/, `issued=${seconds(-86_400)}`),
        /expired on/,
      ],
      [VALID().replace('laptop', 'lost'), /revoked the client lost/],
      [VALID().replace('00ff', '0123456789ab'), /revoked the access token 0123456789ab/],
      [VALID().replace(/issued=\d+/, `issued=${seconds(600)}`), /not valid yet/],
      [VALID().replace(day(30), day(92)), /cannot read the claims/],
      [VALID().replace(/&expires=[^&]+/, ''), /cannot read the claims/],
      [VALID().replace('client=laptop&', ''), /cannot read the claims/],
      [`${VALID()}&limits=5`, /cannot read the claims/],
      [VALID().replace('readonly=true', 'readonly=yes'), /cannot read the claims/],
      [VALID().replace(/issued=\d+/, 'issued=soon'), /cannot read the claims/],
    ];
    for (const [claims, message] of refused) {
      const { status, challenge, body } = await send(bearer(forge(claims)));
      expect([claims, status, challenge, body.error.message]).toEqual([
        claims,
        401,
        'Bearer realm="mcp", error="invalid_token"',
        expect.stringMatching(message),
      ]);
    }
  });
});

describe('nobody else gets in, and nothing is requested for them', () => {
  /** Everything here is refused with 401. */
  const attacks = (): [label: string, sent: Sent][] => {
    const token = forge(VALID());
    const [claims, mac] = token.split('.') as [string, string];
    const forged = (text: string) => Buffer.from(text).toString('base64url');
    const other = forge(VALID().replace('laptop', 'desk'));
    const changed = [...token].map((letter, at) => {
      const next = token.slice(0, at) + (letter === 'A' ? 'B' : 'A') + token.slice(at + 1);
      return [`byte ${at}`, bearer(next)] as [string, Sent];
    });
    return [
      ['nothing', {}],
      ['GET', { method: 'GET' }],
      ['DELETE', { method: 'DELETE' }],
      ...changed,
      ['more claims', bearer(`${forged(VALID().replace('readonly=true', 'readonly=false'))}.${mac}`)],
      ['empty seal', bearer(`${claims}.`)],
      ['no seal', bearer(claims)],
      ['no claims', bearer(`.${mac}`)],
      ['three parts', bearer(`${token}.${mac}`)],
      ['longer seal', bearer(`${token}A`)],
      ['padded', bearer(`${token}=`)],
      [
        'JWT without algorithm',
        bearer(`${forged('{"alg":"none"}')}.${forged(`{"client":"laptop","services":"all"}`)}.`),
      ],
      ['SHA-1', bearer(forge(VALID(), { hash: 'sha1' }))],
      ['SHA-512', bearer(forge(VALID(), { hash: 'sha512' }))],
      ['auth token as key', bearer(forge(VALID(), { key: SANDBOX_AUTH_TOKEN }))],
      ['empty key', bearer(forge(VALID(), { key: '' }))],
      ['another host', bearer(forge(VALID(), { host: 'other-1234-dev.twil.io' }))],
      ['no host', bearer(forge(VALID(), { host: '' }))],
      ['the auth token itself', bearer(SANDBOX_AUTH_TOKEN)],
      ['Basic', { headers: [['authorization', `Basic ${token}`]] }],
      ['no scheme', { headers: [['authorization', token]] }],
      ['empty', { headers: [['authorization', 'Bearer ']] }],
      [
        'two headers',
        {
          headers: [
            ['authorization', `Bearer ${token}`],
            ['x-api-key', other],
          ],
        },
      ],
      [
        'one of them invalid',
        {
          headers: [
            ['authorization', `Bearer ${token}x`],
            ['x-api-key', token],
          ],
        },
      ],
      [
        'the other',
        {
          headers: [
            ['authorization', `Bearer ${token}`],
            ['x-api-key', 'x'],
          ],
        },
      ],
      ['in a cookie', { headers: [['cookie', `authorization=${token}; token=${token}`]] }],
      ...['token', 'access_token', 'authorization', 'x-api-key', 'key'].flatMap((name): [string, Sent][] => [
        [`${name} in the query`, { query: `?${name}=${token}` }],
        [`${name} in the body`, { message: { ...LIST, [name]: token } }],
        [`Bearer in ${name} of the body`, { message: { ...LIST, [name]: `Bearer ${token}` } }],
      ]),
      ['headers in the body', { message: { ...LIST, headers: { authorization: `Bearer ${token}` } } }],
      ['settings in the body', { message: { ...LIST, MCP_ACCESS_TOKENS: 'true', AUTH_TOKEN: 'x', DOMAIN_NAME: 'x' } }],
      ...['null', '5', '"x"', '[]', '{}', '{"headers":null}', '{"headers":{"authorization":5}}'].map(
        (request): [string, Sent] => [
          `request: ${request}`,
          { ...bearer(token), message: { ...LIST, request: JSON.parse(request) } },
        ],
      ),
      [
        'a forged request',
        { ...bearer(token), message: { ...LIST, request: { headers: { authorization: `Bearer ${token}x` } } } },
      ],
      [
        'an array in a forged request',
        { message: { ...LIST, request: { headers: { authorization: [`Bearer ${token}`, `Bearer ${other}`] } } } },
      ],
    ];
  };

  test('whatever is changed in a token or its place', async () => {
    const { seq } = deployment.stack.sandbox.journal;
    const through: string[] = [];
    for (const [label, sent] of attacks()) {
      const { status, challenge } = await send({ message: READS, ...sent });
      if (status !== 401 || !challenge?.startsWith('Bearer realm="mcp"')) through.push(`${label}: ${status}`);
    }
    expect(through).toEqual([]);
    expect(deployment.stack.sandbox.journal.since(seq)).toEqual([]);
    expect((await send({})).challenge).toBe('Bearer realm="mcp"');
  });

  test('1,000 random tokens and requests', async () => {
    // A linear congruential generator: the same cases every time.
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed % below;
    };
    const LETTERS = 'ABCxyz019-_.=+/ ,;:';
    const word = (length: number) => Array.from({ length }, () => LETTERS[random(LETTERS.length)]).join('');
    const token = forge(VALID());
    const cut = () => token.slice(random(20), token.length - random(60));
    const pick = <T>(items: readonly T[]) => items[random(items.length)]!;
    const { seq } = deployment.stack.sandbox.journal;
    const statuses = new Set<number>();
    for (let round = 0; round < 1000; round++) {
      const text = pick([
        () => word(random(120)),
        () => `${word(60)}.${word(43)}`,
        () => `${cut()}${word(random(3))}`,
      ])();
      if (text.trim() === token) continue;
      const name = pick(['authorization', 'x-api-key', 'Authorization', 'x-twilio-signature', 'proxy-authorization']);
      const headers: [string, string][] = [[name, pick(['Bearer ', 'bearer  ', '', 'Token ']) + text]];
      const place = pick([
        { headers },
        { headers, query: `?token=${encodeURIComponent(text)}` },
        { message: { ...READS, token: text } },
      ]);
      statuses.add((await send({ message: READS, ...place })).status);
    }
    expect([...statuses]).toEqual([401]);
    expect(deployment.stack.sandbox.journal.since(seq)).toEqual([]);
  });

  test('a header that comes twice says nothing', async () => {
    const [token, other] = [forge(VALID()), forge(VALID().replace('laptop', 'desk'))];
    const statusOf = (headers: Record<string, string[]>) =>
      new Promise<number>((resolve, reject) => {
        const options = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
        request(`${deployment.stack.server.url}/mcp/bearer`, options, (response) => {
          response.resume().on('end', () => resolve(response.statusCode!));
        })
          .on('error', reject)
          .end(JSON.stringify(LIST));
      });
    expect(await statusOf({ 'x-api-key': [token] })).toBe(200);
    for (const values of [
      [token, other],
      [token, token],
      ['x', token],
    ]) {
      expect(await statusOf({ 'x-api-key': values })).toBe(401);
      expect(await statusOf({ authorization: values.map((value) => `Bearer ${value}`) })).toBe(401);
    }
  });

  test('a body that stands in for the headers needs a valid token too, and gets no more than it says', async () => {
    const headers = { authorization: `Bearer ${forge(VALID())}`, 'content-type': 'application/json' };
    const answer = await send({ message: { ...LIST, request: { headers } } });
    expect(namesIn(answer)).toEqual(namesIn(await send(bearer(forge(VALID())))));
  });

  test('a token opens /mcp/bearer alone', async () => {
    const response = await fetch(`${deployment.gateway.url}/mcp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${forge(VALID())}` },
      body: JSON.stringify(LIST),
    });
    expect(response.status).toBe(403);
  });

  test('with a token, what is not a message is refused as on /mcp', async () => {
    expect((await send({ ...bearer(forge(VALID())), method: 'GET' })).status).toBe(405);
    const { status, challenge } = await send({ ...bearer(forge(VALID())), message: [LIST] });
    expect([status, challenge]).toEqual([400, null]);
  });
});

describe('without the setting', () => {
  let off: Deployment;
  beforeAll(async () => {
    off = await startDeployment();
  });
  afterAll(() => off.close());

  test.each(['POST', 'GET', 'DELETE'])('a %s finds nothing, with a valid token too', async (method) => {
    const response = await fetch(`${off.gateway.url}/mcp/bearer`, {
      method,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${forge(VALID(), { host: hostOf(off.gateway.url) })}`,
      },
      ...(method === 'POST' && { body: JSON.stringify(LIST) }),
    });
    expect([response.status, await response.text()]).toEqual([404, '']);
  });
});

test('without an auth token, no token is valid', async () => {
  const bare = await startDeployment({ env: { AUTH_TOKEN: '', MCP_ACCESS_TOKENS: 'true' } });
  try {
    const host = hostOf(bare.gateway.url);
    const derived = createHmac('sha256', '').update(PURPOSE).digest();
    for (const token of [forge(VALID(), { host }), forge(VALID(), { host, key: derived })]) {
      const response = await fetch(`${bare.gateway.url}/mcp/bearer`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(LIST),
      });
      expect(response.status).toBe(401);
    }
  } finally {
    await bare.close();
  }
});
