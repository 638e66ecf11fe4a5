import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { callTool, post, type Stack, startStack } from './support/stack';

/*
 * What the four tools over the whole API accept, refuse and answer.
 */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ lenient: true });
});
afterAll(() => stack.close());
beforeEach(() => {
  stack.sandbox.reset();
  stack.sandbox.options.lenient = true;
});

const call = (tool: string, args: object) => callTool(stack.url, `twilio_api_${tool}`, args, 'services=Api');
const read = (id: string, params: object = {}, rest: object = {}) => call('read', { id, params, ...rest });
const write = (id: string, params: object = {}, rest: object = {}) => call('write', { id, params, ...rest });
const sid = (prefix: string) => prefix + 'a'.repeat(32);
const sent = () => stack.sandbox.journal.entries;
const MESSAGE = { To: '+14155550100', From: '+15005550006', Body: 'Hello' };

test('costs a client at most 1,200 tokens', async () => {
  const { body } = await post(stack.url, { jsonrpc: '2.0', id: 1, method: 'tools/list' }, 'services=Api');
  expect(body.result.tools).toHaveLength(4);
  expect(Buffer.byteLength(JSON.stringify(body.result.tools)) / 4).toBeLessThanOrEqual(1200);
});

test('costs the other services next to nothing', () => {
  // twilio-run hands every process the bytes of every asset, as JSON.
  const folder = join(__dirname, '../dist/assets');
  const parts = readdirSync(folder).filter((file) => file.startsWith('api-'));
  expect(parts).toHaveLength(2);
  for (const part of parts) expect(statSync(join(folder, part)).size).toBeLessThan(250_000);
});

test('readonly leaves out what writes', async () => {
  const { body } = await post(stack.url, { jsonrpc: '2.0', id: 1, method: 'tools/list' }, 'services=Api&readonly=true');
  expect(body.result.tools.map(({ name }: { name: string }) => name)).toEqual([
    'twilio_api_search',
    'twilio_api_describe',
    'twilio_api_read',
  ]);
});

describe('describe', () => {
  test('tells parameters, answer, cost and the curated tools', async () => {
    const { structured } = await call('describe', { ids: ['api_v2010:CreateMessage', 'lookups_v2:FetchPhoneNumber'] });
    const [message, lookup] = structured.operations;
    expect(message).toMatchObject({
      request: 'POST https://api.twilio.com/2010-04-01/Accounts/{AccountSid}/Messages.json',
      confirm: expect.stringMatching(/sends a message to a person and costs money/),
      curated: expect.arrayContaining(['twilio_messaging_send_sms']),
      params: { To: expect.stringMatching(/^\*string/), ScheduleType: expect.stringMatching(/^fixed/) },
      returns: expect.stringMatching(/^body, num_segments.*error_code \(integer\)/),
    });
    expect(lookup.note).toMatch(/free/);
  });

  test('tells a JSON body as it nests', async () => {
    const { structured } = await call('describe', {
      ids: ['lookups_v2:CreateBulkLookup', 'messaging_v2:CreateChannelsSender'],
    });
    expect(structured.operations[0].params.body.phone_numbers).toEqual([
      expect.objectContaining({ phone_number: expect.any(String) }),
    ]);
    expect(structured.operations[1].params.body.sender_id).toMatch(/^\*string/);
  });

  test('names the nearest where an id is wrong', async () => {
    expect((await call('describe', { ids: ['constructor'] })).text).toMatch(/^Unknown operation "constructor"/);
    const { isError, text } = await call('describe', { ids: ['api_v2010:SendMessage'] });
    expect([isError, text]).toEqual([
      true,
      expect.stringMatching(/Unknown operation.*Nearest: .*api_v2010:CreateMessage/),
    ]);
  });
});

describe('parameters are checked before anything leaves', () => {
  test.each([
    ['misspelt', 'api_v2010:ListMessage', { Form: '+14155550100' }, /Form is unknown: did you mean From/],
    [
      'of another form',
      'api_v2010:ListMessage',
      { dateSent: '2026-01-01' },
      /dateSent is unknown: did you mean DateSent/,
    ],
    [
      'unknown',
      'api_v2010:FetchBalance',
      { Whatever: 1 },
      /Whatever is unknown: api_v2010:FetchBalance takes AccountSid/,
    ],
    ['missing', 'api_v2010:FetchCall', {}, /Sid is required/],
    ['inherited', 'api_v2010:FetchBalance', { constructor: 'x' }, /constructor is unknown/],
    ['no SID', 'api_v2010:FetchCall', { Sid: 'CA1' }, /Sid must be .*"CA1"/],
    ['out of range', 'api_v2010:ListMessage', { PageSize: 5000 }, /PageSize must be at most 1000/],
    ['of the wrong type', 'api_v2010:ListMessage', { PageSize: 'many' }, /PageSize must be an integer/],
    ['not in the list', 'api_v2010:ListCall', { Status: 'ringin' }, /Status must be one of queued.*nearest: ringing/],
    ['no date', 'monitor_v1:ListAlert', { StartDate: 'yesterday' }, /StartDate must be an instant/],
  ])('%s', async (_what, id, params, words) => {
    const { isError, text } = await read(id, params);
    expect([isError, text]).toEqual([true, expect.stringMatching(/nothing was sent/)]);
    expect(text).toMatch(words);
    expect(sent()).toEqual([]);
  });

  test('within a JSON body', async () => {
    const { text } = await write('messaging_v2:CreateChannelsSender', {
      body: { senderid: 'whatsapp:+1', webhook: { callback_ur: 'x' } },
    });
    expect(text).toMatch(/body\.sender_id is required/);
    expect(text).toMatch(/body\.senderid is unknown: did you mean body\.sender_id/);
    expect(text).toMatch(/body\.webhook\.callback_ur is unknown: did you mean body\.webhook\.callback_url/);
    expect(sent()).toEqual([]);
  });

  test.each(['..', '.', 'a/b', 'a?b', 'a#b', '%2e%2e', '', 'a\\b'])('a path segment %j stays one', async (hostile) => {
    const { isError } = await read('sync_v1:FetchDocument', { ServiceSid: 'default', Sid: hostile });
    expect(isError).toBe(true);
    expect(sent()).toEqual([]);
  });

  test.each([
    [{ toString: 1 }, /Sid must be a string/],
    ['x'.repeat(2_000_000), /Sid must be .*xxx…/],
  ])('an id that is none', async (Sid, words) => {
    const { isError, text } = await read('api_v2010:FetchMessage', { Sid });
    expect([isError, text]).toEqual([true, expect.stringMatching(words)]);
    expect(text.length).toBeLessThan(1000);
  });

  test.each([
    ['x'.repeat(80), false],
    ['a\r\nX-Evil: 1', true],
    ['\u0100b', true],
  ])('a header of %j', async (key, refused) => {
    const args = { ServiceSid: 'default', Sid: 'x', Data: {}, 'If-Match': key };
    const { text } = await write('sync_v1:UpdateDocument', args);
    expect(/If-Match must be plain ASCII/.test(text)).toBe(refused);
  });

  test('a name longer than any is told short, and soon', async () => {
    const { text } = await read('api_v2010:FetchBalance', { ['n'.repeat(500_000)]: 1 });
    expect(text.length).toBeLessThan(1000);
    const { text: unknown } = await call('describe', { ids: ['send '.repeat(100_000)] });
    expect(unknown).toMatch(/^Unknown operation/);
  });

  test('numbers and booleans written as text are what they say', async () => {
    expect((await read('api_v2010:ListMessage', { PageSize: '2' })).isError).toBeUndefined();
    expect(sent()[0]!.queryFields).toMatchObject({ PageSize: 2 });
  });
});

describe('reading', () => {
  test('fills in the account, and asks for short pages', async () => {
    await read('api_v2010:ListMessage');
    expect(sent()[0]).toMatchObject({
      params: { AccountSid: stack.sandbox.state.accountSid },
      queryFields: { PageSize: 20 },
    });
  });

  test('pages by parameters, and follows no link', async () => {
    const first = await read('api_v2010:ListMessage', { PageSize: 1 });
    const second = await read('api_v2010:ListMessage', { PageSize: 1, ...first.structured.nextPage });
    expect(first.structured.items).toHaveLength(1);
    expect(second.structured.items[0].sid).not.toBe(first.structured.items[0].sid);
    expect(new Set(sent().map(({ host }) => host))).toEqual(new Set(['api.twilio.com']));
  });

  test("leaves out what is empty, the API's own links and the account", async () => {
    const { structured } = await read('api_v2010:ListMessage', { PageSize: 1 });
    for (const field of ['uri', 'subresource_uris', 'account_sid', 'messaging_service_sid'])
      expect(structured.items[0]).not.toHaveProperty(field);
    expect(structured.untrusted).toMatch(/^items: .*never instructions/);
  });

  test('answers with the fields that are asked for', async () => {
    const { structured } = await read('api_v2010:ListMessage', {}, { fields: ['sid', 'status'] });
    for (const item of structured.items) expect(Object.keys(item).sort()).toEqual(['sid', 'status']);
  });

  test('gives the link that Twilio points to, and does not follow it', async () => {
    const { structured } = await read('bulkexports_v1:FetchDay', { ResourceType: 'Messages', Day: '2026-01-01' });
    expect(structured).toEqual({ link: expect.stringMatching(/^https:\/\//) });
    expect(sent()).toHaveLength(1);
  });

  test('takes a year of days or an instant for a filter of the 2010 API', async () => {
    for (const day of ['2026-01-31', '2026-01-31T09:00:00Z'])
      expect((await read('api_v2010:ListMessage', { 'DateSent>': day })).isError).toBeUndefined();
    expect(sent().flatMap(({ violations }) => violations)).toEqual([]);
  });

  test('refuses what is no GET', async () => {
    expect((await read('api_v2010:CreateMessage', MESSAGE)).text).toMatch(
      /is a POST; nothing was sent\. Use twilio_api_write/,
    );
    expect((await write('api_v2010:ListMessage')).text).toMatch(/only reads\. Use twilio_api_read/);
    expect(sent()).toEqual([]);
  });

  test('what costs money is no reading', async () => {
    const id = 'lookups_v2:FetchPhoneNumber';
    const number = { PhoneNumber: '+14155550100' };
    expect((await read(id, number)).isError).toBeUndefined();
    expect((await write(id, number, { confirm: true })).text).toMatch(/only reads/);
    const before = sent().length;
    const paid = { ...number, Fields: 'caller_name' };
    expect((await read(id, paid)).text).toMatch(/^Fields makes .* cost money; nothing was sent\. Use twilio_api_write/);
    expect((await write(id, paid)).text).toMatch(/^Nothing was done: GET .* costs money, since Fields is given/);
    expect(sent()).toHaveLength(before);
    expect((await write(id, paid, { confirm: true })).structured.result.phone_number).toBe('+14155550100');
  });

  test('says how to get the rest of a long list', async () => {
    const { state } = stack.sandbox;
    const text = 'x'.repeat(1500);
    for (let n = 0; n < 60; n++) await write('api_v2010:CreateMessage', { ...MESSAGE, Body: text }, { confirm: true });
    const { structured, text: written } = await read('api_v2010:ListMessage', { PageSize: 60 });
    expect(written.length).toBeLessThan(40_000);
    expect(structured.truncated).toMatch(/Only \d+ of 60 items fit\. Repeat with a page size of \d+, or with fields/);
    expect(structured.nextPage).toBeUndefined();
    expect(state.accountSid).toMatch(/^AC/);
  });
});

describe('writing', () => {
  test('asks with every parameter, however long another is', async () => {
    const { text } = await write('api_v2010:CreateMessage', { Body: 'y'.repeat(600), To: '+14155550100' });
    expect(text).toMatch(/called with Body: "y+… \(602 characters\), To: "\+14155550100"/);
  });

  test.each([
    [
      'reaches a person',
      'api_v2010:CreateMessage',
      MESSAGE,
      /sends a message to a person and costs money.*\+14155550100/,
    ],
    ['spends', 'api_v2010:CreateIncomingPhoneNumber', { PhoneNumber: '+15005550006' }, /buys a phone number/],
    ['deletes', 'api_v2010:DeleteRecording', { Sid: sid('RE') }, /DELETE .*Recordings.*deletes for good/],
    ['can close the account', 'api_v2010:UpdateAccount', { Sid: sid('AC'), Status: 'closed' }, /suspend or close/],
  ])('what %s asks first', async (_what, id, params, words) => {
    const { isError, text } = await write(id, params);
    expect([isError, text]).toEqual([
      true,
      expect.stringMatching(/^Nothing was done: .*Ask the user, then repeat with confirm: true/),
    ]);
    expect(text).toMatch(words);
    expect(sent()).toEqual([]);
  });

  test('goes on once it is confirmed', async () => {
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
  ])('%s', async (_what, id, params, method) => {
    const { text, isError } = await write(id, params);
    expect(isError ? text : 'taken').toBe('taken');
    expect(sent().at(-1)).toMatchObject({ method, violations: [] });
  });

  test("a field that is JSON, and one that is of the path's name", async () => {
    await write('sync_v1:CreateDocument', { ServiceSid: 'default', Data: { a: [1, { b: 2 }] } });
    expect(sent()[0]!.fields).toEqual({ Data: { a: [1, { b: 2 }] } });
    await write('api_v2010:UpdateIncomingPhoneNumber', { Sid: sid('PN'), 'form.AccountSid': sid('AC') });
    expect(sent().at(-1)!.fields).toEqual({ AccountSid: sid('AC') });
  });

  test('a file goes up where uploads go', async () => {
    const params = {
      ServiceSid: sid('ZS'),
      FunctionSid: sid('ZH'),
      Path: '/hello.js',
      Visibility: 'protected',
      Content: 'exports.handler = () => {};',
    };
    const { structured } = await write('serverless_upload:CreateFunctionVersion', params);
    expect(structured.result).toMatchObject({ path: '/hello.js', visibility: 'protected' });
    expect(sent()[0]).toMatchObject({
      host: 'serverless-upload.twilio.com',
      violations: [],
      fields: { Path: '/hello.js' },
    });
  });

  test('an outcome that stays unknown is said to be, and the call is not repeated', async () => {
    stack.sandbox.faults.add({ operationId: 'CreateMessage', drop: 'after' });
    const { text } = await write('api_v2010:CreateMessage', MESSAGE, { confirm: true });
    expect(text).toMatch(/outcome is unknown: it may have been done.*twilio_api_read/);
    expect(sent()).toHaveLength(1);
  });

  test('an error of Twilio is explained as everywhere', async () => {
    const { isError, text } = await write(
      'api_v2010:CreateMessage',
      { ...MESSAGE, To: '+15005550001' },
      { confirm: true },
    );
    expect([isError, text]).toEqual([true, expect.stringMatching(/^Twilio error 21211: .*E\.164/)]);
  });
});

describe('credentials', () => {
  test('never stand in an answer', async () => {
    const account = await write('api_v2010:CreateAccount', { FriendlyName: 'client' });
    expect(account.structured.result).toMatchObject({ sid: expect.stringMatching(/^AC/), auth_token: '[withheld]' });
    const token = await write('verify_v2:CreateAccessToken', {
      ServiceSid: sid('VA'),
      Identity: 'user-0001',
      FactorType: 'push',
    });
    expect(token.structured.result.token).toBe('[withheld]');
    const place = { ServiceSid: sid('ZS'), EnvironmentSid: sid('ZE') };
    const variable = { ...place, Key: 'DATABASE_URL', Value: 'hunter2' };
    const made = await write('serverless_v1:CreateVariable', variable, { confirm: true });
    expect(made.structured.result).toMatchObject({ key: 'DATABASE_URL', value: '[withheld]' });
    expect((await read('serverless_v1:ListVariable', place, { fields: ['key', 'value'] })).text).not.toContain(
      'hunter2',
    );
    const sink = { Description: 'x', SinkType: 'segment', SinkConfiguration: { write_key: 'hunter2' } };
    expect((await write('events_v1:CreateSink', sink)).text).not.toContain('hunter2');
  });

  test.each([
    'iam_v1:FetchKey',
    'api_v2010:CreateNewKey',
    'oauth_v1:CreateToken',
    'accounts_v1:CreateSecondaryAuthToken',
    'iam_organizations:ListOrganizationUsers',
  ])('%s is out of reach', async (id) => {
    for (const { isError, text } of [
      await read(id),
      await write(id, {}, { confirm: true }),
      await call('describe', { ids: [id] }),
    ])
      expect([isError, text]).toEqual([true, expect.stringMatching(/which this deployment forbids \(MCP_API_DENY\)/)]);
    expect(sent()).toEqual([]);
  });

  test('what makes them is not found', async () => {
    const wanted = ['create an api key', 'oauth token', 'secondary auth token'];
    const found = await Promise.all(wanted.map((query) => call('search', { query, limit: 20 })));
    const ids = found.flatMap(({ structured }) => structured.operations).map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(20);
    expect(ids.filter((id) => /^(iam|oauth)_|Key$|AuthToken/.test(id))).toEqual([]);
    expect(found[0]!.structured.note).toMatch(/belongs to keys, which this deployment forbids/);
  });
});

describe('MCP_API_DENY', () => {
  const ask = async (deny: string, id: string) => {
    const other = await startStack({ env: { MCP_API_DENY: deny } });
    try {
      return await callTool(other.url, 'twilio_api_describe', { ids: [id] }, 'services=Api');
    } finally {
      await other.close();
    }
  };

  test('forbids what it names in place of the defaults', async () => {
    expect((await ask('messaging, voice', 'api_v2010:CreateMessage')).text).toMatch(/forbids/);
    expect((await ask('none', 'iam_v1:FetchKey')).isError).toBeUndefined();
    expect((await ask(',', 'api_v2010:CreateMessage')).text).toMatch(/MCP_API_DENY must name products, or be none/);
  });

  test('may not name what does not exist', async () => {
    expect((await ask('mesaging', 'api_v2010:CreateMessage')).text).toMatch(
      /MCP_API_DENY names "mesaging", which is no product/,
    );
  });
});
