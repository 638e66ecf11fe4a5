import { callTool, type Stack, startStack } from './support/stack';

/*
 * What the tools over the whole API keep from agents: credentials in results, and the products of MCP_API_DENY.
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

describe('credentials', () => {
  test('never appear in a result', async () => {
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
  ])('%s is denied', async (id) => {
    for (const { isError, text } of [
      await read(id),
      await write(id, {}, { confirm: true }),
      await call('describe', { ids: [id] }),
    ])
      expect([isError, text]).toEqual([true, expect.stringMatching(/which this deployment denies \(MCP_API_DENY\)/)]);
    expect(sent()).toEqual([]);
  });

  test('operations that create them are not found', async () => {
    const wanted = ['create an api key', 'oauth token', 'secondary auth token'];
    const found = await Promise.all(wanted.map((query) => call('search', { query, limit: 20 })));
    const ids = found.flatMap(({ structured }) => structured.operations).map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(20);
    expect(ids.filter((id) => /^(iam|oauth)_|Key$|AuthToken/.test(id))).toEqual([]);
    expect(found[0]!.structured.note).toMatch(/belongs to the product keys, which this deployment denies/);
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

  test('denies the products it names in place of the defaults', async () => {
    expect((await ask('messaging, voice', 'api_v2010:CreateMessage')).text).toMatch(/denies/);
    expect((await ask('none', 'iam_v1:FetchKey')).isError).toBeUndefined();
    expect((await ask(',', 'api_v2010:CreateMessage')).text).toMatch(/MCP_API_DENY must name products, or be none/);
  });

  test('must not name an unknown product', async () => {
    expect((await ask('mesaging', 'api_v2010:CreateMessage')).text).toMatch(
      /MCP_API_DENY names an unknown product "mesaging"/,
    );
  });
});
