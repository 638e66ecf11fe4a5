import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { log } from '../src/log';
import { post, useStack } from './support/stack';

/*
 * The MCP Function over HTTP: which requests it accepts, and what the URL selects.
 */

const stack = useStack();

const LIST = { jsonrpc: '2.0', id: 7, method: 'tools/list' };

/** Sends a request byte for byte. */
function raw(
  method: string,
  query = '',
  headers: Record<string, string> = {},
  body: string | Buffer = '',
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`http://127.0.0.1:${stack.server.port}/mcp${query}`, { method, headers }, (response) => {
      let text = '';
      response
        .on('data', (chunk) => (text += chunk))
        .on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    outgoing.on('error', reject).end(body.length > 0 ? body : undefined);
  });
}

const json = (body: string) => ({
  'content-type': 'application/json',
  'content-length': String(Buffer.byteLength(body)),
});
const rawPost = (body: string, query = '', headers = {}) => raw('POST', query, { ...json(body), ...headers }, body);
const namesOf = (text: string): string[] => JSON.parse(text).result.tools.map((tool: { name: string }) => tool.name);
const listNames = async (query: string) => namesOf((await rawPost(JSON.stringify(LIST), query)).text);

describe('a request', () => {
  test.each(['GET', 'DELETE', 'PUT', 'PATCH'])('is rejected if it is a %s', async (method) => {
    const { status, headers, text } = await raw(method);
    expect([status, headers.allow]).toEqual([405, 'POST']);
    expect(JSON.parse(text).error.message).toMatch(/POST/);
  });

  test('is rejected if it is a HEAD', async () => {
    expect((await raw('HEAD')).status).toBe(405);
  });

  test('is rejected if it is a GET with a content type, as some clients probe', async () => {
    expect((await raw('GET', '', { 'content-type': 'application/json', accept: 'text/event-stream' })).status).toBe(
      405,
    );
  });

  test.each([
    ['empty', '', 405],
    ['an empty object', '{}', 400],
    ['a batch', JSON.stringify([LIST]), 400],
    ['a number', '5', 400],
    ['broken JSON', '{"jsonrpc":', 400],
    ['another version of JSON-RPC', JSON.stringify({ ...LIST, jsonrpc: '1.0' }), 400],
    ['a message with a malformed method', JSON.stringify({ ...LIST, method: 5 }), 400],
    ['a message with a malformed id', JSON.stringify({ ...LIST, id: { a: 1 } }), 400],
  ])('is rejected if its body is %s', async (_label, body, status) => {
    expect((await rawPost(body)).status).toBe(status);
  });

  test.each([
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/jsonx',
  ])('is rejected with the content type %s', async (type) => {
    const { status, text } = await raw('POST', '', { 'content-type': type }, 'jsonrpc=2.0&id=1&method=tools%2Flist');
    expect(status).toBe(415);
    expect(JSON.parse(text).error.message).toMatch(/application\/json/);
  });

  test.each([
    ['compressed', { 'content-encoding': 'gzip' }, gzipSync(JSON.stringify(LIST))],
    ['sent in chunks', { 'transfer-encoding': 'chunked' }, JSON.stringify(LIST)],
  ])('is accepted if its body is %s', async (_label, headers, body) => {
    const answer = await raw('POST', '', { 'content-type': 'application/json', ...headers }, body);
    expect([answer.status, namesOf(answer.text).length]).toEqual([200, expect.any(Number)]);
  });

  test('is rejected if it is a link with a message', async () => {
    const link = '?jsonrpc=2.0&id=1&method=tools/call&params[name]=twilio_messaging_get_message_logs';
    const before = stack.sandbox.journal.last?.seq;
    expect((await raw('GET', link)).status).toBe(415);
    expect(stack.sandbox.journal.last?.seq).toBe(before);
  });

  test('is accepted with 202 and no body if it is a notification or a response', async () => {
    for (const message of [
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', id: 1, result: {} },
    ]) {
      const { status, text } = await rawPost(JSON.stringify(message));
      expect([status, text]).toEqual([202, '']);
    }
  });
});

describe('the Origin header', () => {
  test.each(['https://evil.example', 'null', 'http://localhost.evil.example', 'nonsense'])(
    '%s is rejected',
    async (origin) => {
      expect((await rawPost(JSON.stringify(LIST), '', { origin })).status).toBe(403);
    },
  );

  test.each(['http://localhost:6274', 'http://127.0.0.1:5173'])('%s is accepted', async (origin) => {
    expect((await rawPost(JSON.stringify(LIST), '', { origin })).status).toBe(200);
  });
});

describe('the URL selects', () => {
  const services = async (query: string) =>
    new Set(
      (await listNames(query)).map((name) => name.replace(/^twilio_(phone_numbers|voice_add_ons|[a-z]+)_.*$/, '$1')),
    );

  test('Messaging, with its phone number tools, by default', async () => {
    expect(await services('')).toEqual(new Set(['messaging', 'phone_numbers']));
  });

  test.each([
    '?services=Voice&services=Account',
    '?services=Voice,Account',
    '?services=voice%2C%20ACCOUNT',
    '?services=account,Voice',
  ])('services by %s', async (query) => {
    expect(await listNames(query)).toEqual(await listNames('?services=Voice&services=Account'));
    expect(await services(query)).toEqual(new Set(['voice', 'account']));
  });

  test.each(['PhoneNumbers', 'phone-numbers', 'phone_numbers', 'phonenumbers'])(
    'a service written as %s',
    async (name) => {
      expect(await listNames(`?services=${name}`)).toContain('twilio_phone_numbers_search_available_numbers');
    },
  );

  test('each tool of all services once, in a fixed order', async () => {
    const all = await listNames('?services=all');
    expect(all).toEqual([...new Set(all)]);
    expect(all).toEqual(expect.arrayContaining(await listNames('?services=Voice,VoiceAddOns,Messaging')));
    expect(await listNames('?services=all')).toEqual(all);
  });

  test('only reading tools by readonly=true', async () => {
    const { body } = await post(stack.url, LIST, 'services=all&readonly=true');
    expect(body.result.tools.length).toBeGreaterThan(5);
    for (const tool of body.result.tools) expect([tool.name, tool.annotations.readOnlyHint]).toEqual([tool.name, true]);
    const call = {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'twilio_messaging_send_sms', arguments: { to: '+15005550006', body: 'x' } },
    };
    expect((await post(stack.url, call, 'readonly=true')).body.error).toMatchObject({
      code: -32602,
      message: expect.stringMatching(/"twilio_messaging_send_sms" is not read-only, and the URL has readonly=true/),
    });
  });

  test('single tools by name', async () => {
    const names = ['twilio_messaging_get_message_logs', 'twilio_messaging_send_sms'];
    expect((await listNames(`?tools=${names.join(',')}`)).sort()).toEqual(names);
    expect(await listNames(`?tools=${names[0]}&tools=${names[0]}`)).toEqual([names[0]]);
  });

  test.each([
    ['?services=Voise', /Unknown service "Voise".*Messaging, .*Voice, .*all/],
    ['?services=Voice,', undefined],
    ['?tools=send_sms', /Unknown tool "send_sms"\. Did you mean twilio_messaging_send_sms\?/],
    ['?tools=twilio_voice_make_call', /belongs to the service Voice, which the URL does not select/],
    ['?readonly=true&tools=twilio_messaging_send_sms', /not read-only/],
    ['?readonly=yes', /readonly must be true or false/],
    ['?readonly=true&readonly=false', /readonly is given 2 times/],
    ['?exclude=Voise', /neither a service nor a tool/],
    ['?tools=', /tools is empty/],
    ['?services=,', /services is empty/],
    ['?service=Voice', /"service".*services/],
    ['?services[a]=Voice', /"services" is not part of a message/],
    ['?Services=Voice', /"Services".*write services/],
    ['?Tools=twilio_messaging_send_sms', /"Tools".*write tools/],
    ['?tool=twilio_messaging_send_sms', /"tool".*write tools/],
    ['?Readonly=true', /"Readonly".*write readonly/],
    ['?ReadOnly=true', /"ReadOnly".*write readonly/],
    ['?READONLY=true', /"READONLY".*write readonly/],
    ['?read-only=true', /"read-only".*write readonly/],
    ['?read_only=true&readonly=true', /"read_only".*write readonly/],
    ['?lang=en', /Unknown parameter "lang": the URL takes services/],
  ])('tools, or the error explains the query: %s', async (query, message) => {
    const { status, text } = await rawPost(JSON.stringify(LIST), query);
    if (message === undefined) return expect(status).toBe(200);
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({
      jsonrpc: '2.0',
      id: expect.anything(),
      error: { message: expect.stringMatching(message) },
    });
  });
});

describe('an additional key', () => {
  const first = (extra: string, message: object = LIST) => JSON.stringify(message).replace('{', `{${extra},`);
  const last = (extra: string, message: object = LIST) => JSON.stringify(message).replace(/}$/, `,${extra}}`);

  test.each([
    '"__proto__":{"services":"Voice","jsonrpc":"2.0"}',
    '"constructor":{"prototype":{"services":"Voice"}}',
    '"toString":1',
    '"readonly":false',
    '"_meta":{}',
  ])('in the body is rejected: %s', async (extra) => {
    for (const text of [first(extra), last(extra)]) {
      const answer = await rawPost(text, '?services=Messaging');
      expect([answer.status, JSON.parse(answer.text).error.message]).toEqual([
        400,
        expect.stringMatching(/is not part of a message: leave it out of the body/),
      ]);
    }
  });

  test.each([
    '"request":1',
    '"request":null',
    '"request":{}',
    '"request":{"headers":5}',
    '"request":{"headers":{"content-type":{}}}',
    '"request":{"headers":{"origin":"http://localhost"}}',
  ])('in the body is rejected: %s', async (extra) => {
    for (const text of [first(extra), last(extra)]) expect((await rawPost(text)).status).toBeGreaterThanOrEqual(400);
  });

  test('named request in the URL is rejected', async () => {
    expect((await rawPost(JSON.stringify(LIST), '?request=1')).status).toBe(400);
  });
});

describe('JSON is accepted with a URL that selects', () => {
  const message = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'twilio_messaging_get_message_logs', arguments: { from: '+15005550006', limit: 3 } },
  };
  const compact = JSON.stringify(message);
  const spaced =
    '{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "twilio_messaging_get_message_logs", "arguments": {"from": "+15005550006", "limit": 3}}}';

  test.each([
    ['compact', compact],
    ['with a line break at the end', `${compact}\n`],
    ['with spaces, as Python writes it', spaced],
    ['with + escaped, as .NET writes it', compact.replace('+', '\\u002B')],
    [
      'with keys in another order',
      JSON.stringify({ params: message.params, method: message.method, id: 1, jsonrpc: '2.0' }),
    ],
  ])('%s', async (_label, body) => {
    const { status, text } = await rawPost(body, '?services=Messaging,Voice&readonly=true');
    expect([status, JSON.parse(text).result?.isError]).toEqual([200, undefined]);
  });

  test('with letters outside ASCII, raw and escaped', async () => {
    const call = JSON.stringify({
      ...message,
      params: { name: 'twilio_messaging_send_sms', arguments: { to: '+15005550006', body: 'Grüße 👋 “quoted” & <b>' } },
    });
    const escaped = call.replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
    for (const body of [call, escaped]) {
      const { text } = await rawPost(body, '?services=Messaging,Voice');
      expect(JSON.parse(text).result.isError).toBeUndefined();
      expect(stack.sandbox.journal.last?.fields).toMatchObject({ Body: 'Grüße 👋 “quoted” & <b>' });
    }
  });
});

describe('the protocol', () => {
  const initialize = (protocolVersion: string) => ({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion, capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  });

  test.each(['2025-03-26', '2025-06-18', '2025-11-25'])('negotiates version %s', async (version) => {
    const { body, headers } = await post(stack.url, initialize(version));
    expect(body.result.protocolVersion).toBe(version);
    expect(headers.get('mcp-session-id')).toBeNull();
    expect(headers.get('content-type')).toMatch(/^application\/json/);
  });

  test('answers an unknown version with a supported one', async () => {
    expect((await post(stack.url, initialize('2099-01-01'))).body.result.protocolVersion).toBe('2025-11-25');
  });

  test('rejects an unknown version in the header', async () => {
    expect((await post(stack.url, LIST, '', { 'mcp-protocol-version': '1999-01-01' })).status).toBe(400);
  });

  test('supports discovery and the same tools in version 2026-07-28', async () => {
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const modern = (method: string) =>
      post(stack.url, { jsonrpc: '2.0', id: 1, method, params: { _meta } }, '', {
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': method,
      });
    expect((await modern('server/discover')).body.result.supportedVersions).toContain('2026-07-28');
    const { result } = (await modern('tools/list')).body;
    expect(result).toMatchObject({ resultType: 'complete', ttlMs: expect.any(Number), cacheScope: 'public' });
    expect(result.tools).toEqual((await post(stack.url, LIST)).body.result.tools);
    expect(await modern('subscriptions/listen')).toMatchObject({ status: 404, body: { error: { code: -32601 } } });
  });

  test('sends the instructions of the selected services', async () => {
    const { body } = await post(stack.url, initialize('2025-11-25'), 'services=Voice,Account');
    expect(body.result.instructions).toMatch(/^Voice: .+\nAccount: /);
  });
});

describe('a message that cannot be answered', () => {
  test.each([
    ['initialize', undefined, 'params: '],
    ['initialize', {}, 'params.protocolVersion: '],
    ['prompts/get', { name: 5 }, 'params.name: '],
    ['tools/call', { name: 5 }, 'params.name: '],
  ])('%s with %j is told what is wrong, in words', async (method, params, problem) => {
    const { error } = (await post(stack.url, { jsonrpc: '2.0', id: 1, method, params })).body;
    expect(error).toEqual({ code: -32602, message: expect.stringMatching(/^Invalid params: [^[{\n]+$/) });
    expect(error.message).toContain(problem);
  });

  test('is refused if it is nested too deeply', async () => {
    const nested = (levels: number) =>
      `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{"x":${'['.repeat(levels)}${']'.repeat(levels)}}}}`;
    expect((await rawPost(nested(100))).status).toBe(200);
    const { status, text } = await rawPost(nested(100_000));
    expect([status, JSON.parse(text).error.message]).toEqual([400, expect.stringMatching(/nested deeper/)]);
  });

  test('is answered in limited length', async () => {
    const uri = `twilio://${'a'.repeat(1e6)}`;
    const { error } = (await post(stack.url, { ...LIST, method: 'resources/read', params: { uri } })).body;
    expect(error.message.length).toBeLessThan(7000);
    const args = { name: 'twilio_messaging_get_message_logs', arguments: { ['a'.repeat(1e6)]: 1 } };
    const { result } = (await post(stack.url, { ...LIST, method: 'tools/call', params: args })).body;
    expect(result.content[0].text.length).toBeLessThan(7000);
  });
});

describe('the log', () => {
  test('has a line per request, without message bodies and phone numbers', async () => {
    const call = {
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'twilio_messaging_send_sms', arguments: { to: '+15005550009', body: 'a secret word' } },
    };
    for (const method of ['a secret word', 'secret/word', 'x'.repeat(100_000)])
      await post(stack.url, { ...LIST, method });
    await post(stack.url, call);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const line = stack.server
      .output()
      .split('\n')
      .filter((entry) => entry.startsWith('{"requestId"'))
      .at(-1)!;
    expect(JSON.parse(line)).toEqual({
      requestId: expect.stringMatching(/^[0-9a-f]{8}$/),
      outcome: 'failed',
      method: 'tools/call',
      services: 'Messaging',
      tool: 'twilio_messaging_send_sms',
      code: 21614,
      ms: expect.any(Number),
    });
    expect(stack.server.output()).not.toMatch(/secret.word|5005550009|x{100}/);
    expect(stack.server.output()).toContain('"method":"unknown"');
  });

  test('has lines of limited length', () => {
    const write = jest.spyOn(console, 'info').mockImplementation();
    log('info', { requestId: '1', outcome: 'ok', client: 'x'.repeat(1e6) }, 'info');
    expect(write.mock.calls[0]![0].length).toBeLessThan(1100);
    write.mockRestore();
  });
});
