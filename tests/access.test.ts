import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { SANDBOX_AUTH_TOKEN } from '../sandbox/server';
import type { Grant } from '../src/access/grant';
import { signConnection } from '../src/connect/address';
import { type Deployment, startDeployment } from './support/deployment';
import type { Json } from './support/stack';

/*
 * A deployment behind its gateway: a request gets exactly what the owner signed, whatever else it contains.
 */

jest.setTimeout(240_000);

let deployment: Deployment;
beforeAll(async () => {
  deployment = await startDeployment({ env: { MCP_REVOKED: 'old-laptop, lost' } });
});
afterAll(() => deployment.close());
beforeEach(() => deployment.gateway.hidden.clear());

const LIST = { jsonrpc: '2.0', id: 7, method: 'tools/list' };

interface Answer {
  status: number;
  body: Json;
}

/** Posts bytes to a URL of the gateway exactly as it is written. */
function post(url: string, body: string | Buffer, headers: Record<string, string | number> = {}): Promise<Answer> {
  const { gateway } = deployment;
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(gateway.url);
    const path = url.slice(gateway.url.length);
    const all = { 'content-type': 'application/json', ...headers };
    const outgoing = request({ hostname, port, path, method: 'POST', headers: all }, (response) => {
      let text = '';
      response
        .on('data', (chunk) => (text += chunk))
        .on('end', () => {
          const isJson = String(response.headers['content-type']).includes('json');
          resolve({ status: response.statusCode!, body: isJson ? JSON.parse(text) : text });
        });
    });
    outgoing.on('error', reject).end(body);
  });
}

/** The signature of a URL, computed without the code under test. */
const sign = (url: string) => createHmac('sha1', SANDBOX_AUTH_TOKEN).update(url).digest('base64');

/** Lists the tools of a URL signed as it is written. */
const list = (url: string, body: string | Buffer = JSON.stringify(LIST), headers: Record<string, string> = {}) =>
  post(url, body, { 'x-twilio-signature': sign(url), ...headers });
const namesIn = ({ body }: Answer): string[] | undefined =>
  body.result?.tools.map((tool: { name: string }) => tool.name).sort();
const urlOf = (query: string) => `${deployment.gateway.url}/mcp${query}`;

describe('nothing in a body lifts a limit of the URL', () => {
  const LIMITED = '?services=Messaging&readonly=true';
  /** What could replace a parameter, or make it vanish. */
  const VALUES = [
    '"all"',
    '["all"]',
    '["Messaging","Voice"]',
    '"Api"',
    '"false"',
    'false',
    '[]',
    'null',
    '{}',
    '""',
    '0',
    '[["all"]]',
    '"true"',
    '["false"]',
    '"Messaging&services=all"',
  ];
  const KEYS = [
    ...['services', 'tools', 'exclude', 'readonly', 'client', 'expires', 'key', 'dryrun'],
    ...['Services', 'service', 'readOnly', 'services[]', 'services=Messaging&readonly', 'readonly=true&services'],
    ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'PATH', 'DOMAIN_NAME', 'SERVICE_SID', 'MCP_BIND_URL'],
  ];
  const REQUESTS = [
    '{"headers":{"content-type":"application/json"}}',
    '{"headers":{"content-type":"application/json","x-twilio-signature":""}}',
    '{"headers":{"content-type":"application/json","content-length":"58"}}',
    '{"headers":[]}',
    '{"headers":null}',
    'null',
    '5',
    '[]',
  ];
  const message = JSON.stringify(LIST);
  /** A body with another key, first and last. */
  const withKey = (key: string, value: string) => [
    message.replace('{', `{${JSON.stringify(key)}:${value},`),
    message.replace(/}$/, `,${JSON.stringify(key)}:${value}}`),
  ];
  const escaped = (key: string) =>
    [...key].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

  const bodies: readonly (readonly [label: string, body: string | Buffer, headers?: Record<string, string>])[] = [
    ...KEYS.flatMap((key) =>
      VALUES.flatMap((value) => withKey(key, value).map((body) => [`${key}: ${value}`, body] as const)),
    ),
    ...REQUESTS.flatMap((value) => withKey('request', value).map((body) => [`request: ${value}`, body] as const)),
    ...REQUESTS.flatMap((value) =>
      withKey('request', value).map(
        (body) => [`request: ${value} and readonly`, body.replace(/}$/, ',"readonly":"false"}')] as const,
      ),
    ),
    ...['services', 'readonly'].flatMap((key) => [
      [`${key} with escapes`, message.replace(/}$/, `,"${escaped(key)}":"all"}`)] as const,
      [`${key} twice`, message.replace(/}$/, `,"${key}":"Messaging","${key}":"false"}`)] as const,
      [
        `${key} in UTF-16`,
        Buffer.from(message.replace(/}$/, `,"${key}":"false"}`), 'utf16le'),
        { 'content-type': 'application/json; charset=utf-16le' },
      ] as const,
      [
        `${key} in a form`,
        `${key}=all&jsonrpc=2.0&id=1&method=tools%2Flist`,
        { 'content-type': 'application/x-www-form-urlencoded' },
      ] as const,
      [
        `${key} in a chunked body`,
        message.replace(/}$/, `,"${key}":"false"}`),
        { 'transfer-encoding': 'chunked' },
      ] as const,
    ]),
    ['a short number', '{"jsonrpc":"2.0","id":1e5,"method":"tools/list","readonly":"false"}'],
    ['padding', `{"jsonrpc":"2.0","id":1,"method":"tools/list",${' '.repeat(300)}"readonly":"false"}`],
  ];

  test(`in ${bodies.length} forms`, async () => {
    const allowed = namesIn(await list(urlOf(LIMITED)))!;
    expect(allowed.length).toBeGreaterThan(3);
    const all = namesIn(await list(urlOf('?services=all')))!;
    expect(all.length).toBeGreaterThan(allowed.length);
    const lifted: string[] = [];
    let refused = 0;
    for (const [label, body, headers] of bodies) {
      const answer = await list(urlOf(LIMITED), body, headers);
      const names = namesIn(answer);
      if (answer.status >= 400) refused++;
      else if (JSON.stringify(names) !== JSON.stringify(allowed))
        lifted.push(`${label}: ${answer.status} ${names?.length}`);
    }
    expect(lifted).toEqual([]);
    expect(refused).toBeGreaterThan(bodies.length / 2);
  });

  test('also if the key proves the URL and the platform hides its signature', async () => {
    const { url, signature } = await signConnection(
      deployment.gateway.url,
      { services: ['Messaging'], readonly: true },
      SANDBOX_AUTH_TOKEN,
    );
    deployment.gateway.hidden.add('x-twilio-signature');
    const headers = { 'x-twilio-signature': signature };
    const allowed = namesIn(await post(url, message, headers));
    expect(allowed).toEqual(namesIn(await post(url, message, headers)));
    const lifted: string[] = [];
    for (const [label, body, more] of bodies) {
      const answer = await post(url, body, { ...headers, ...more });
      if (answer.status < 400 && JSON.stringify(namesIn(answer)) !== JSON.stringify(allowed)) lifted.push(label);
    }
    expect(lifted).toEqual([]);
  });

  test('and says what to do', async () => {
    const { status, body } = await list(urlOf(LIMITED), message.replace(/}$/, ',"readonly":"false"}'));
    expect(status).toBe(403);
    expect(body).toMatchObject({
      id: 7,
      error: {
        message: expect.stringMatching(/signature is not that of a URL with exactly these parameters.*npm run connect/),
      },
    });
  });

  test('the key of another deployment of the account proves nothing', async () => {
    const grant = { services: ['all'], tools: [], exclude: [], readonly: false };
    const other = await signConnection('https://other-1-dev.twil.io', grant, SANDBOX_AUTH_TOKEN);
    const key = new URL(other.url).searchParams.get('key')!;
    const body = message.replace(/}$/, `,"services":"all","readonly":"false","key":"${key}"}`);
    expect((await list(urlOf(LIMITED), body)).status).toBe(403);
  });
});

describe('a URL is recognized as clients write it', () => {
  test.each([
    '',
    '?services=Messaging',
    '?services=Messaging,Voice',
    '?services=Messaging%2CVoice',
    '?services=Messaging%2cVoice&readonly=true',
    '?services=Messaging,%20Voice',
    '?services=Messaging,+Voice',
    '?services=Messaging&services=Voice',
    '?readonly=true&services=Messaging&services=Voice',
    '?readonly=true&tools=twilio_voice_get_call&services=Voice',
    '?exclude=twilio_messaging_send_sms&client=laptop.1_a-b&services=all&expires=2099-12-31&readonly=true',
  ])('%s', async (query) => {
    const answer = await list(urlOf(query));
    expect([answer.status, namesIn(answer)?.length]).toEqual([200, expect.any(Number)]);
  });

  test.each([
    ['?services=Messaging&readonly=true&services=Voice', 403, /signature is not that/],
    ['?services=%4Dessaging', 403, /signature is not that/],
    ['?services=Messaging&', 403, /signature is not that/],
    ['?services=', 400, /services is empty/],
    ['?services=Messaging&readonly=true&readonly=true', 400, /readonly is given 2 times/],
    ['?ReadOnly=true', 400, /Unknown parameter "ReadOnly": write readonly/],
    ['?readonlyy=true', 400, /Unknown parameter "readonlyy": the URL takes services, .* and key/],
    ['?ro=true', 400, /Unknown parameter/],
    ['?readonly.x=true', 400, /Unknown parameter/],
    ['?lang=en', 400, /Unknown parameter "lang"/],
    ['?client=me%20too', 400, /client must be a name/],
    ['?expires=2099-02-30', 400, /expires must be the last day/],
    ['?expires=soon', 400, /expires must be the last day/],
  ])('or refused with advice: %s', async (query, status, message) => {
    const answer = await list(urlOf(query));
    expect([answer.status, answer.body.error?.message]).toEqual([status, expect.stringMatching(message)]);
  });

  test('in every selection and order, as computed independently', async () => {
    // A linear congruential generator: the same cases every time.
    let seed = 42;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed % below;
    };
    const SERVICES = ['Messaging', 'Voice', 'Inbox', 'Studio', 'all'];
    for (let round = 0; round < 150; round++) {
      const services = SERVICES.filter(() => random(2) === 0);
      const joined = random(2) === 0;
      const parameters = [
        ...(services.length === 0
          ? []
          : joined
            ? [[`services=${services.join(',')}`]]
            : [services.map((name) => `services=${name}`)]),
        ...(random(2) === 0 ? [[`readonly=${random(2) === 0}`]] : []),
        ...(random(3) === 0 ? [['client=agent-7']] : []),
        ...(random(3) === 0 ? [['expires=2099-01-01']] : []),
      ];
      const shuffled = parameters.map((parameter) => [random(1000), parameter] as const).sort(([a], [b]) => a - b);
      const query = shuffled.flatMap(([, parameter]) => parameter).join('&');
      const url = urlOf(query && `?${query}`);
      const expected = namesIn(await list(urlOf(query && `?${parameters.flat().join('&')}`)));
      const answer = await list(url);
      expect([url, answer.status, namesIn(answer)]).toEqual([url, 200, expected]);
      // One bit of difference in what is claimed is refused.
      const claim = JSON.stringify({ ...LIST, readonly: query.includes('readonly=true') ? 'false' : 'true' });
      if (query.includes('readonly')) expect([url, (await list(url, claim)).status]).toEqual([url, 403]);
    }
  });
});

describe('if the platform hides the signature from Functions', () => {
  beforeEach(() => void deployment.gateway.hidden.add('x-twilio-signature'));

  test('the key of a URL proves it', async () => {
    const grant: Partial<Grant> = {
      services: ['Voice', 'Inbox'],
      exclude: ['twilio_voice_make_call'],
      client: 'desk',
      expires: '2099-01-01',
    };
    const { url, signature } = await signConnection(deployment.gateway.url, grant, SANDBOX_AUTH_TOKEN);
    const answer = await post(url, JSON.stringify(LIST), { 'x-twilio-signature': signature });
    expect(answer.status).toBe(200);
    expect(namesIn(answer)).toContain('twilio_voice_get_call');
    expect(namesIn(answer)).not.toContain('twilio_voice_make_call');
  });

  test('a URL without one is refused with advice', async () => {
    const { status, body } = await list(urlOf('?services=Voice'));
    expect([status, body.error.message]).toEqual([
      403,
      expect.stringMatching(/No x-twilio-signature reached this Function.*npm run connect/),
    ]);
  });

  test.each(['services=Voice', 'readonly=true', 'dryrun=true', 'client=other', 'key=AAAAAAAAAAAAAAAAAAAAAA'])(
    'a key is for its own URL: %s',
    async (other) => {
      const { url } = await signConnection(
        deployment.gateway.url,
        { services: ['Inbox'], client: 'desk' },
        SANDBOX_AUTH_TOKEN,
      );
      const [name] = other.split('=');
      const changed = url.includes(`${name}=`) ? url.replace(new RegExp(`${name}=[^&]+`), other) : `${url}&${other}`;
      expect((await list(changed)).status).toBe(403);
    },
  );
});

describe('an owner', () => {
  const connect = async (grant: Partial<Grant>, body: object = LIST) => {
    const { url, signature } = await signConnection(deployment.gateway.url, grant, SANDBOX_AUTH_TOKEN);
    return post(url, JSON.stringify(body), { 'x-twilio-signature': signature });
  };

  test('revokes a client by its name', async () => {
    expect((await connect({ client: 'laptop' })).status).toBe(200);
    for (const client of ['old-laptop', 'lost']) {
      const { status, body } = await connect({ client });
      expect([status, body.error.message]).toEqual([403, `Forbidden: The owner has revoked the client ${client}.`]);
    }
  });

  test('lets a URL expire', async () => {
    const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
    expect((await connect({ expires: day(1) })).status).toBe(200);
    const { status, body } = await connect({ expires: day(-1) });
    expect([status, body.error.message]).toEqual([
      403,
      expect.stringMatching(/This URL expired on .*its owner can sign a new one/),
    ]);
  });

  test('sees in the log who made a request', async () => {
    await connect({ client: 'front-desk' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const line = deployment.stack.server
      .output()
      .trim()
      .split('\n')
      .findLast((entry) => entry.includes('"client":"front-desk"'))!;
    expect(JSON.parse(line)).toMatchObject({ client: 'front-desk', method: 'tools/list', outcome: 'ok' });
  });

  test('excludes tools and services, also from the whole API', async () => {
    const grant = { services: ['Messaging', 'Voice', 'Api'], exclude: ['twilio_voice_make_call', 'PhoneNumbers'] };
    const names = namesIn(await connect(grant))!;
    expect(names).toContain('twilio_voice_get_call');
    expect(names.filter((name) => name === 'twilio_voice_make_call' || name.includes('_phone_numbers_'))).toEqual([]);
    const write = (id: string) =>
      connect(grant, {
        ...LIST,
        method: 'tools/call',
        params: { name: 'twilio_api_write', arguments: { id, params: {}, confirm: true } },
      });
    const { result } = (await write('api_v2010:CreateCall')).body;
    expect(result.content[0].text).toMatch(/is used by .*twilio_voice_make_call.*, which the URL excludes/);
    const { body } = await connect(grant, {
      ...LIST,
      method: 'tools/call',
      params: { name: 'twilio_voice_make_call', arguments: {} },
    });
    expect(body.error.message).toMatch(/left out by exclude= of the URL/);
    const wrong = await connect({ exclude: ['send_sms'] });
    expect([wrong.status, wrong.body.error.message]).toEqual([
      400,
      expect.stringMatching(/neither a service nor a tool.*twilio_messaging_send_sms/),
    ]);
  });
});

describe('a deployment without an auth token', () => {
  let bare: Deployment;
  beforeAll(async () => {
    bare = await startDeployment({ env: { AUTH_TOKEN: '' } });
  });
  afterAll(() => bare.close());

  test('refuses everything, and says what to switch on', async () => {
    const url = `${bare.gateway.url}/mcp`;
    const headers = { 'content-type': 'application/json', 'x-twilio-signature': sign(url) };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(LIST) });
    expect(response.status).toBe(403);
    expect(await response.text()).toMatch(/no AUTH_TOKEN.*Add my Twilio Credentials/);
  });
});

test('MCP_BIND_URL=off believes the parameters, and warns in the log', async () => {
  const trusting = await startDeployment({ env: { MCP_BIND_URL: 'off' } });
  try {
    trusting.gateway.hidden.add('x-twilio-signature');
    const url = `${trusting.gateway.url}/mcp?services=Voice`;
    const headers = { 'content-type': 'application/json', 'x-twilio-signature': sign(url) };
    expect((await fetch(url, { method: 'POST', headers, body: JSON.stringify(LIST) })).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(trusting.stack.server.output()).toMatch(/"warning":"MCP_BIND_URL=off/);
  } finally {
    await trusting.close();
  }
});
