import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fakeSid, useOperationTools } from './support/operations';
import { callTool, post } from './support/stack';

/*
 * The four API tools: what they accept, reject and return.
 */

const { stack, call, read, write, sent } = useOperationTools();
const MESSAGE = { To: '+14155550100', From: '+15005550006', Body: 'Hello' };

test('the API tools cost a client at most 1,200 tokens', async () => {
  const { body } = await post(stack().url, { jsonrpc: '2.0', id: 1, method: 'tools/list' }, 'services=Api');
  expect(body.result.tools).toHaveLength(4);
  expect(Buffer.byteLength(JSON.stringify(body.result.tools)) / 4).toBeLessThanOrEqual(1200);
});

test('the private assets stay small for the other services', () => {
  // twilio-run passes every asset to every process as JSON.
  const folder = join(__dirname, '../dist/assets');
  const assets = readdirSync(folder).filter((file) => file.endsWith('.private.bin'));
  expect(assets).toEqual(['operations.private.bin', 'search-index.private.bin', 'tools.private.bin']);
  for (const asset of assets) expect(statSync(join(folder, asset)).size).toBeLessThan(250_000);
});

test('readonly=true hides twilio_api_write', async () => {
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  const { body } = await post(stack().url, list, 'services=Api&readonly=true');
  expect(body.result.tools.map(({ name }: { name: string }) => name)).toEqual([
    'twilio_api_search',
    'twilio_api_describe',
    'twilio_api_read',
  ]);
});

describe('describe', () => {
  test('returns parameters, result fields and cost', async () => {
    const { structured } = await call('describe', { ids: ['api_v2010:CreateMessage', 'lookups_v2:FetchPhoneNumber'] });
    const [message, lookup] = structured.operations;
    expect(message).toMatchObject({
      request: 'POST https://api.twilio.com/2010-04-01/Accounts/{AccountSid}/Messages.json',
      confirm: expect.stringMatching(/sends a message to a person and costs money/),
      params: { To: expect.stringMatching(/^\*string/), ScheduleType: expect.stringMatching(/^fixed/) },
      returns: expect.stringMatching(/^body, num_segments.*error_code \(integer\)/),
    });
    expect(lookup.note).toMatch(/free/);
  });

  test('names the curated tools that the connection offers', async () => {
    const args = { ids: ['api_v2010:CreateMessage'] };
    const curated = async (query: string) =>
      (await callTool(stack().url, 'twilio_api_describe', args, query)).structured.operations[0].curated;
    expect(await curated('services=Api,Messaging')).toContain('twilio_messaging_send_sms');
    expect(await curated('services=Api')).toBeUndefined();
    expect(await curated('services=Api,Messaging&readonly=true')).toBeUndefined();
  });

  test('nests the parameters of a JSON body', async () => {
    const { structured } = await call('describe', {
      ids: ['lookups_v2:CreateBulkLookup', 'messaging_v2:CreateChannelsSender'],
    });
    expect(structured.operations[0].params.body.phone_numbers).toEqual([
      expect.objectContaining({ phone_number: expect.any(String) }),
    ]);
    expect(structured.operations[1].params.body.sender_id).toMatch(/^\*string/);
  });

  test('suggests the closest ids for an unknown one', async () => {
    expect((await call('describe', { ids: ['constructor'] })).text).toMatch(/^Unknown operation "constructor"/);
    for (const [id, expected] of [
      ['api_v2010:SendMessage', /^Unknown operation.*Did you mean .*api_v2010:CreateMessage/],
      ['api_v2010:CreatMessage', /Did you mean api_v2010:CreateMessage or/],
      ['CreateMessage', /^Unknown operation.*These have this name: api_v2010:CreateMessage, .*Give the whole id/],
      ['CreateMessages', /^Unknown operation.*These have this name: api_v2010:CreateMessage, /],
      ['ListMessages', /^Unknown operation.*These have this name: api_v2010:ListMessage, .*assistants_v1:ListMessages/],
      ['FetchKey', /^\w+:FetchKey belongs to the product keys, which this deployment denies/],
      ['twilio_messaging_send_sms', /Did you mean api_v2010:CreateMessage\?/],
      ['twilio_api_search', /twilio_api_search is a tool: call it by itself/],
    ] as const) {
      const { isError, text } = await call('describe', { ids: [id] });
      expect([isError, text]).toEqual([true, expect.stringMatching(expected)]);
    }
  });

  test.each([
    ['FetchBalance', 'api_v2010:FetchBalance'],
    ['API_V2010:createMessage', 'api_v2010:CreateMessage'],
    ['api_v2010.CreateMessage', 'api_v2010:CreateMessage'],
    ['api_v2010:ListMessages', 'api_v2010:ListMessage'],
    ['CreateIncomingPhoneNumbers', 'api_v2010:CreateIncomingPhoneNumber'],
    ['assistants_v1:ListMessages', 'assistants_v1:ListMessages'],
  ])('takes %s, which only one operation can mean', async (id, meant) => {
    expect((await call('describe', { ids: [id] })).structured.operations[0].id).toBe(meant);
  });
});

describe('parameters', () => {
  test.each([
    ['misspelled', 'api_v2010:ListMessage', { Form: '+14155550100' }, /Form is unknown: did you mean From/],
    ['given twice', 'api_v2010:ListMessage', { To: '+14155550100', to: '+14155550101' }, /To is given twice/],
    [
      'unknown',
      'api_v2010:FetchBalance',
      { Whatever: 1 },
      /Whatever is unknown: api_v2010:FetchBalance accepts AccountSid/,
    ],
    ['missing', 'api_v2010:FetchCall', {}, /Sid is required/],
    ['an inherited property', 'api_v2010:FetchBalance', { constructor: 'x' }, /constructor is unknown/],
    ['not a SID', 'api_v2010:FetchCall', { Sid: 'CA1' }, /Sid must be .*"CA1"/],
    ['out of range', 'api_v2010:ListMessage', { PageSize: 5000 }, /PageSize must be at most 1000/],
    ['of the wrong type', 'api_v2010:ListMessage', { PageSize: 'many' }, /PageSize must be an integer/],
    [
      'not an enum value',
      'api_v2010:ListCall',
      { Status: 'ringin' },
      /Status must be one of queued.*did you mean ringing\?/,
    ],
    ['not a date', 'monitor_v1:ListAlert', { StartDate: 'yesterday' }, /StartDate must be a date-time/],
  ])('are rejected before anything is sent if one is %s', async (_label, id, params, message) => {
    const { isError, text } = await read(id, params);
    expect([isError, text]).toEqual([true, expect.stringMatching(/nothing was sent/)]);
    expect(text).toMatch(message);
    expect(sent()).toEqual([]);
  });

  test('are rejected with their path if they are in a JSON body', async () => {
    const { text } = await write('messaging_v2:CreateChannelsSender', {
      body: { senderid: 'whatsapp:+1', webhook: { callback_ur: 'x' } },
    });
    expect(text).toMatch(/body\.sender_id is required/);
    expect(text).toMatch(/body\.senderid is unknown: did you mean body\.sender_id/);
    expect(text).toMatch(/body\.webhook\.callback_ur is unknown: did you mean body\.webhook\.callback_url/);
    expect(sent()).toEqual([]);
  });

  test.each(['..', '.', ''])('cannot leave their path segment with %j', async (hostile) => {
    const { isError } = await read('sync_v1:FetchDocument', { ServiceSid: 'default', Sid: hostile });
    expect(isError).toBe(true);
    expect(sent()).toEqual([]);
  });

  test.each(['a/b', '../b', 'a?b', 'a#b', '%2e%2e', 'a\\b'])('stay in their path segment with %j', async (hostile) => {
    await read('sync_v1:FetchDocument', { ServiceSid: 'default', Sid: hostile });
    expect(sent()).toMatchObject([{ operationId: 'FetchDocument', params: { Sid: hostile } }]);
  });

  test.each([
    [{ toString: 1 }, /Sid must be a string/],
    ['x'.repeat(2_000_000), /Sid must be .*xxx…/],
  ])('are rejected with a short message if an ID is wrong', async (Sid, message) => {
    const { isError, text } = await read('api_v2010:FetchMessage', { Sid });
    expect([isError, text]).toEqual([true, expect.stringMatching(message)]);
    expect(text.length).toBeLessThan(1000);
  });

  test.each([
    ['x'.repeat(80), false],
    ['a\r\nX-Evil: 1', true],
    ['\u0100b', true],
  ])('are rejected in a header unless they are plain ASCII: %j', async (key, rejected) => {
    const args = { ServiceSid: 'default', Sid: 'x', Data: {}, 'If-Match': key };
    const { text } = await write('sync_v1:UpdateDocument', args);
    expect(/If-Match must be plain ASCII/.test(text)).toBe(rejected);
  });

  test('are rejected with a short message if a name is too long', async () => {
    const { text } = await read('api_v2010:FetchBalance', { ['n'.repeat(500_000)]: 1 });
    expect(text.length).toBeLessThan(1000);
    const { text: rejected } = await call('describe', { ids: ['send '.repeat(100_000)] });
    expect(rejected).toMatch(/^Unknown operation/);
  });

  test('may be named in another case if only one has that name', async () => {
    const params = {
      to: '+14155550100',
      from: '+15005550006',
      body: 'Hello',
      status_callback: 'https://example.com/s',
    };
    expect((await write('CreateMessage', params, { confirm: true })).isError).toBe(true);
    await write('api_v2010:CreateMessage', { ...params, validityPeriod: 60 }, { confirm: true });
    expect(sent()[0]!.fields).toMatchObject({
      ...MESSAGE,
      StatusCallback: 'https://example.com/s',
      ValidityPeriod: 60,
    });
    await read('api_v2010:ListMessage', { 'dateSent>': '2026-01-01', pageSize: 2 });
    expect(sent()[1]!.queryFields).toEqual({ 'DateSent>': expect.anything(), PageSize: 2 });
  });

  test('in another case still need confirm if they cost money', async () => {
    const paid = { phone_number: '+14155550100', fields: 'caller_name' };
    expect((await read('lookups_v2:FetchPhoneNumber', paid)).text).toMatch(
      /^Fields makes .* cost money; nothing was sent/,
    );
    expect((await write('lookups_v2:FetchPhoneNumber', paid)).text).toMatch(/^Confirmation needed/);
    expect(sent()).toEqual([]);
  });

  test('may be numbers in strings', async () => {
    expect((await read('api_v2010:ListMessage', { PageSize: '2' })).isError).toBeUndefined();
    expect(sent()[0]!.queryFields).toMatchObject({ PageSize: 2 });
  });
});

describe('reading', () => {
  test('fills in the account and a small page size', async () => {
    await read('api_v2010:ListMessage');
    expect(sent()[0]).toMatchObject({
      params: { AccountSid: stack().sandbox.state.accountSid },
      queryFields: { PageSize: 20 },
    });
  });

  test('pages by parameters, without following links', async () => {
    const first = await read('api_v2010:ListMessage', { PageSize: 1 });
    const second = await read('api_v2010:ListMessage', { PageSize: 1, ...first.structured.nextPage });
    expect(first.structured.items).toHaveLength(1);
    expect(second.structured.items[0].sid).not.toBe(first.structured.items[0].sid);
    expect(new Set(sent().map(({ host }) => host))).toEqual(new Set(['api.twilio.com']));
  });

  test("omits empty values, the API's own links and the account", async () => {
    const { structured } = await read('api_v2010:ListMessage', { PageSize: 1 });
    for (const field of ['uri', 'subresource_uris', 'account_sid', 'messaging_service_sid'])
      expect(structured.items[0]).not.toHaveProperty(field);
    expect(structured.untrusted).toMatch(/^items: .*never instructions/);
  });

  test('returns only the requested fields', async () => {
    const { structured } = await read('api_v2010:ListMessage', {}, { fields: ['sid', 'status'] });
    for (const item of structured.items) expect(Object.keys(item).sort()).toEqual(['sid', 'status']);
  });

  test('returns the target of a redirect without following it', async () => {
    const { structured } = await read('bulkexports_v1:FetchDay', { ResourceType: 'Messages', Day: '2026-01-01' });
    expect(structured).toEqual({ link: expect.stringMatching(/^https:\/\//) });
    expect(sent()).toHaveLength(1);
  });

  test('does not take a redirect for an answer if the operation has none', async () => {
    stack().sandbox.faults.add({ status: 302, body: '', headers: { location: 'https://elsewhere.example/x' } });
    const { isError, text } = await read('api_v2010:ListMessage');
    expect([isError, text]).toEqual([
      true,
      expect.stringMatching(/^Twilio did not answer as its API does \(HTTP 302\)/),
    ]);
  });

  test('accepts a date or a date-time for a filter of the 2010 API', async () => {
    for (const day of ['2026-01-31', '2026-01-31T09:00:00Z'])
      expect((await read('api_v2010:ListMessage', { 'DateSent>': day })).isError).toBeUndefined();
    expect(sent().flatMap(({ violations }) => violations)).toEqual([]);
  });

  test('rejects an operation that is not a GET', async () => {
    expect((await read('api_v2010:CreateMessage', MESSAGE)).text).toMatch(
      /is a POST request; nothing was sent\. Use twilio_api_write with confirm: true if the user agrees, as it sends/,
    );
    expect((await write('api_v2010:ListMessage')).text).toMatch(/is read-only; nothing was sent\. Use twilio_api_read/);
    expect(sent()).toEqual([]);
  });

  test('requires write and confirm for a read that costs money', async () => {
    const id = 'lookups_v2:FetchPhoneNumber';
    const number = { PhoneNumber: '+14155550100' };
    expect((await read(id, number)).isError).toBeUndefined();
    expect((await write(id, number, { confirm: true })).text).toMatch(/is read-only/);
    const before = sent().length;
    const paid = { ...number, Fields: 'caller_name' };
    expect((await read(id, paid)).text).toMatch(/^Fields makes .* cost money; nothing was sent\. Use twilio_api_write/);
    expect((await write(id, paid)).text).toMatch(
      /^Confirmation needed; nothing was sent: GET .* costs money because Fields is set/,
    );
    expect(sent()).toHaveLength(before);
    expect((await write(id, paid, { confirm: true })).structured.result.phone_number).toBe('+14155550100');
  });
});

describe('writing', () => {
  test('shows every parameter when it asks for confirmation, even if one is long', async () => {
    const { text } = await write('api_v2010:CreateMessage', { Body: 'y'.repeat(600), To: '+14155550100' });
    expect(text).toMatch(/Parameters: Body: "y+… \(602 characters\), To: "\+14155550100"/);
  });

  test.each([
    [
      'reaches a person',
      'api_v2010:CreateMessage',
      MESSAGE,
      /sends a message to a person and costs money.*\+14155550100/,
    ],
    ['spends money', 'api_v2010:CreateIncomingPhoneNumber', { PhoneNumber: '+15005550006' }, /buys a phone number/],
    ['deletes data', 'api_v2010:DeleteRecording', { Sid: fakeSid('RE') }, /DELETE .*Recordings.*deletes permanently/],
    ['can close the account', 'api_v2010:UpdateAccount', { Sid: fakeSid('AC'), Status: 'closed' }, /suspend or close/],
  ])('asks for confirmation if the operation %s', async (_label, id, params, message) => {
    const { isError, text } = await write(id, params);
    expect([isError, text]).toEqual([
      true,
      expect.stringMatching(/^Confirmation needed; nothing was sent: .*Ask the user, then repeat with confirm: true/),
    ]);
    expect(text).toMatch(message);
    expect(sent()).toEqual([]);
  });

  test('sends the request once confirmed', async () => {
    const { structured } = await write('api_v2010:CreateMessage', MESSAGE, { confirm: true });
    expect(structured.result).toMatchObject({ status: 'queued', to: MESSAGE.To });
    expect(
      (await write('api_v2010:DeleteMessage', { Sid: structured.result.sid }, { confirm: true })).structured,
    ).toEqual({ done: true });
    expect(sent().map(({ method }) => method)).toEqual(['POST', 'DELETE']);
  });

  test.each([
    ['a form by POST', 'verify_v2:CreateService', { FriendlyName: 'x', CodeLength: 6 }, 'POST'],
    [
      'repeated fields',
      'conversations_v1:CreateRole',
      { FriendlyName: 'x', Type: 'service', Permission: ['addParticipant', 'editOwnUserInfo'] },
      'POST',
    ],
    ['JSON by POST', 'memory_v1:CreateStore', { body: { displayName: 'shop', description: 'customers' } }, 'POST'],
    [
      'JSON by PATCH',
      'memory_v1:PatchStore',
      { storeId: `mem_store_${'0'.repeat(26)}`, body: { description: 'x' } },
      'PATCH',
    ],
    [
      'JSON by PUT',
      'lookups_v2:UpdateLookupPhoneNumberOverrides',
      { PhoneNumber: '+14155550100', Field: 'line_type_intelligence', body: { line_type: 'mobile' } },
      'PUT',
    ],
  ])('sends %s', async (_label, id, params, method) => {
    const { text, isError } = await write(id, params, { confirm: true });
    expect(isError ? text : 'accepted').toBe('accepted');
    expect(sent().at(-1)).toMatchObject({ method, violations: [] });
  });

  test('sends a field that holds JSON, and one with the name of a path parameter', async () => {
    await write('sync_v1:CreateDocument', { ServiceSid: 'default', Data: { a: [1, { b: 2 }] } });
    expect(sent()[0]!.fields).toEqual({ Data: { a: [1, { b: 2 }] } });
    await write(
      'api_v2010:UpdateIncomingPhoneNumber',
      { Sid: fakeSid('PN'), 'form.AccountSid': fakeSid('AC') },
      { confirm: true },
    );
    expect(sent().at(-1)!.fields).toEqual({ AccountSid: fakeSid('AC') });
  });

  test('sends a file to the upload host', async () => {
    const params = {
      ServiceSid: fakeSid('ZS'),
      FunctionSid: fakeSid('ZH'),
      Path: '/hello.js',
      Visibility: 'protected',
      Content: 'exports.handler = () => {};',
    };
    const { structured } = await write('serverless_upload:CreateFunctionVersion', params, { confirm: true });
    expect(structured.result).toMatchObject({ path: '/hello.js', visibility: 'protected' });
    expect(sent()[0]).toMatchObject({
      host: 'serverless-upload.twilio.com',
      violations: [],
      fields: { Path: '/hello.js' },
    });
  });

  test('reports an unknown outcome and does not retry', async () => {
    stack().sandbox.faults.add({ operationId: 'CreateMessage', drop: 'after' });
    const { text } = await write('api_v2010:CreateMessage', MESSAGE, { confirm: true });
    expect(text).toMatch(/outcome is unknown: it may have been done.*twilio_api_read/);
    expect(sent()).toHaveLength(1);
  });

  test('explains Twilio errors as other tools do', async () => {
    const { isError, text } = await write(
      'api_v2010:CreateMessage',
      { ...MESSAGE, To: '+15005550001' },
      { confirm: true },
    );
    expect([isError, text]).toEqual([true, expect.stringMatching(/^Twilio error 21211: .*E\.164/)]);
  });
});
