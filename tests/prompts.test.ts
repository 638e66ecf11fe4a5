import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { SEEDS } from '../sandbox/seed';
import { SANDBOX_API_SECRET } from '../sandbox/server';
import { post, useStack } from './support/stack';

/*
 * Prompts, resources and completion, over HTTP.
 */

jest.setTimeout(120_000);

const stack = useStack();

const rpc = async (method: string, params: object = {}, query = 'services=all') =>
  (await post(stack.url, { jsonrpc: '2.0', id: 1, method, params }, query)).body;
const promptNames = async (query: string) =>
  (await rpc('prompts/list', {}, query)).result.prompts.map(({ name }: { name: string }) => name);
const complete = async (prompt: string, name: string, value: string, query?: string) =>
  (await rpc('completion/complete', { ref: { type: 'ref/prompt', name: prompt }, argument: { name, value } }, query))
    .result.completion;
const read = async (uri: string, query?: string) => rpc('resources/read', { uri }, query);
const readJson = async (uri: string, query?: string) => JSON.parse((await read(uri, query)).result.contents[0].text);

describe('prompts', () => {
  test('are those of the selected services', async () => {
    const names = await promptNames('services=Messaging');
    expect(names).toEqual(expect.arrayContaining(['diagnose_message', 'remind_people']));
    expect(names).not.toContain('set_up_sender');
    expect(await promptNames('services=Voice')).toContain('debug_call');
    expect(await promptNames('services=Voice')).not.toContain('remind_people');
    expect(await promptNames('services=PhoneNumbers,Messaging,Voice')).toContain('find_idle_numbers');
    expect(await promptNames('services=PhoneNumbers')).not.toContain('find_idle_numbers');
  });

  test('that send are hidden by readonly=true', async () => {
    const names = await promptNames('services=Messaging&readonly=true');
    expect(names).toContain('diagnose_message');
    expect(names).not.toContain('remind_people');
  });

  test('contain their arguments and tools', async () => {
    const people = 'Ada +15005550006, Bob +15005550001';
    const { result } = await rpc('prompts/get', { name: 'remind_people', arguments: { people, reminder: 'At 9' } });
    expect(result.messages).toEqual([
      { role: 'user', content: { type: 'text', text: expect.stringContaining(people) } },
    ]);
    expect(result.messages[0].content.text).toContain('At 9');
    expect(result.messages[0].content.text).toContain('twilio_messaging_send_sms');
  });

  test.each([
    ['a missing argument', { name: 'remind_people', arguments: { people: 'Ada' } }, 'missing reminder'],
    ['an empty argument', { name: 'diagnose_message', arguments: { messageSid: ' ' } }, 'missing messageSid'],
    ['an unknown argument', { name: 'debug_call', arguments: { callSid: 'CA1', sid: 'x' } }, 'unknown sid'],
    ['an unknown prompt', { name: 'no_such' }, 'Available prompts: diagnose_message,'],
  ])('are rejected with a message for %s', async (_label, params, message) => {
    const { error } = await rpc('prompts/get', params);
    expect(error).toMatchObject({ code: -32602, message: expect.stringContaining(message) });
  });

  test('of a service that is not selected name that service', async () => {
    const { error } = await rpc('prompts/get', { name: 'debug_call' }, 'services=Messaging');
    expect(error.message).toBe('The prompt debug_call needs the services Voice: add them to services= in the URL.');
  });
});

describe('completion', () => {
  test('offers the numbers of the account', async () => {
    expect((await complete('summarize_replies', 'number', '')).values.sort()).toEqual([...SEEDS.numbers].sort());
    const [number] = SEEDS.numbers;
    expect(await complete('summarize_replies', 'number', number!.slice(2, 9))).toMatchObject({
      values: expect.arrayContaining([number]),
    });
    expect((await complete('summarize_replies', 'number', 'x')).values).toEqual([]);
  });

  test('offers only messages that failed', async () => {
    const call = { name: 'twilio_messaging_send_sms', arguments: { to: '+15005550006', body: 'Hello' } };
    const { result } = await rpc('tools/call', call);
    const { values } = await complete('diagnose_message', 'messageSid', 'SM');
    expect(values.length).toBeGreaterThan(0);
    expect(values).not.toContain(result.structuredContent.sid);
  });

  test('of fixed values sends nothing to Twilio', async () => {
    expect((await complete('buy_number', 'country', 'u')).values[0]).toBe('US');
    expect((await complete('buy_number', 'type', 'toll')).values).toEqual(['tollFree']);
    expect(stack.sandbox.journal.entries).toEqual([]);
  });

  test('of free text is empty', async () => {
    expect((await complete('remind_people', 'people', 'A')).values).toEqual([]);
  });

  test('offers error codes', async () => {
    const params = {
      ref: { type: 'ref/resource', uri: 'twilio://errors/{code}' },
      argument: { name: 'code', value: '3000' },
    };
    const { values } = (await rpc('completion/complete', params)).result.completion;
    expect(values).toEqual(expect.arrayContaining(['30003', '30007']));
    expect(values.every((code: string) => code.includes('3000'))).toBe(true);
    const all = { ...params, argument: { name: 'code', value: '' } };
    expect((await rpc('completion/complete', all)).result.completion.values.length).toBeLessThanOrEqual(100);
  });

  test('is empty if Twilio returns an error', async () => {
    stack.sandbox.faults.add({ operationId: 'ListIncomingPhoneNumber', status: 403, code: 20403, message: 'No' });
    expect((await complete('summarize_replies', 'number', '')).values).toEqual([]);
  });

  test('is rejected for an unknown argument or resource', async () => {
    const unknownArgument = { ref: { type: 'ref/prompt', name: 'debug_call' }, argument: { name: 'color', value: '' } };
    expect((await rpc('completion/complete', unknownArgument)).error.message).toContain('Its arguments: callSid');
    const unknownUri = { ref: { type: 'ref/resource', uri: 'twilio://x/{y}' }, argument: { name: 'y', value: '' } };
    expect((await rpc('completion/complete', unknownUri)).error.message).toContain('twilio://errors/{code}');
  });
});

describe('resources', () => {
  test('are the services, the account and, if a selected service has them, the numbers', async () => {
    const always = ['twilio://services', 'twilio://policy'];
    const uris = async (query: string) =>
      (await rpc('resources/list', {}, query)).result.resources.map(({ uri }: { uri: string }) => uri);
    expect(await uris('services=Messaging')).toEqual([...always, 'twilio://account', 'twilio://numbers']);
    expect(await uris('services=Voice')).toEqual([...always, 'twilio://account']);
    expect((await read('twilio://numbers', 'services=Voice')).error.code).toBe(-32602);
    const oneTool = 'services=Lookups&tools=twilio_lookups_validate_phone_number';
    expect(await uris(oneTool)).toEqual(always);
    expect((await read('twilio://account', oneTool)).error.code).toBe(-32602);
  });

  test('include the account with its settings and no secret', async () => {
    const { result } = await read('twilio://account');
    const account = JSON.parse(result.contents[0].text);
    expect(account).toMatchObject({ status: 'active', region: 'us1', defaults: { phoneNumber: SEEDS.numbers[0] } });
    expect(result.contents[0].text).not.toContain(SANDBOX_API_SECRET);
    expect(result.contents[0].text).not.toMatch(/SK[0-9a-f]{32}|token|secret/i);
  });

  test('include the settings even if the key may not read the account', async () => {
    stack.sandbox.faults.add({ operationId: 'FetchAccount', status: 403, code: 20403, message: 'Forbidden' });
    const account = await readJson('twilio://account');
    expect(account).toMatchObject({
      accountSid: expect.stringMatching(/^AC/),
      unread: expect.stringContaining('20403'),
    });
    expect(account.status).toBeUndefined();
  });

  test('include the selected services with their tools', async () => {
    const { result } = await read('twilio://services', 'services=Voice&readonly=true');
    const [{ text }] = result.contents;
    expect(text).toMatch(/^# Voice\n/);
    expect(text).toContain('- `twilio_voice_get_call` (read)');
    expect(text).not.toContain('make_call`');
    expect(text).not.toContain('# Messaging');
  });

  test('include the numbers with their capabilities', async () => {
    const { items } = await readJson('twilio://numbers');
    expect(items.map(({ phoneNumber }: { phoneNumber: string }) => phoneNumber).sort()).toEqual(
      [...SEEDS.numbers].sort(),
    );
    expect(Object.keys(items[0])).toEqual(expect.arrayContaining(['sid', 'capabilities']));
  });

  test('report an error of Twilio', async () => {
    stack.sandbox.faults.add({
      operationId: 'ListIncomingPhoneNumber',
      status: 401,
      code: 20003,
      message: 'Authenticate',
    });
    const { error } = await read('twilio://numbers');
    expect(error).toMatchObject({ code: -32603, message: expect.stringContaining('20003') });
  });

  test('explain an error code', async () => {
    expect(await readJson('twilio://errors/30003')).toMatchObject({
      code: 30003,
      meaning: expect.any(String),
      remedy: expect.any(String),
      moreInfo: 'https://www.twilio.com/docs/errors/30003',
    });
  });

  test.each([
    'twilio://errors/99999',
    'twilio://errors/',
    'twilio://errors/30003x',
    'twilio://nothing',
    'file:///etc/passwd',
  ])('do not include %s', async (uri) => {
    expect((await read(uri)).error).toMatchObject({ code: -32602, message: expect.stringContaining(uri) });
  });
});

describe.each(['legacy', { pin: '2026-07-28' }] as const)('a client with the mode %j', (mode) => {
  test('finds prompts, resources and completion', async () => {
    const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode } });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${stack.url}?services=all`)));
    expect(client.getServerCapabilities()).toMatchObject({ prompts: {}, resources: {}, completions: {} });
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toContain('debug_call');
    const prompt = await client.getPrompt({ name: 'debug_call', arguments: { callSid: 'CA1' } });
    expect(prompt.messages).toHaveLength(1);
    const { completion } = await client.complete({
      ref: { type: 'ref/prompt', name: 'remind_people' },
      argument: { name: 'from', value: '+' },
    });
    expect(completion.values.sort()).toEqual([...SEEDS.numbers].sort());
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toContain('twilio://numbers');
    expect((await client.listResourceTemplates()).resourceTemplates).toHaveLength(1);
    expect((await client.readResource({ uri: 'twilio://numbers' })).contents).toHaveLength(1);
    await expect(client.readResource({ uri: 'twilio://errors/1' })).rejects.toThrow(/twilio:\/\/errors\/1/);
    await client.close();
  });
});
