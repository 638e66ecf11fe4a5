import { fakeSid, useOperationTools } from './support/operations';
import { callTool, startStack } from './support/stack';

/*
 * What the API tools withhold from agents: credentials in results, and the products of MCP_API_DENY.
 */

const { call, read, write, sent } = useOperationTools();

describe('credentials', () => {
  test('never appear in a result', async () => {
    const account = await write('api_v2010:CreateAccount', { FriendlyName: 'client' });
    expect(account.structured.result).toMatchObject({ sid: expect.stringMatching(/^AC/), auth_token: '[withheld]' });
    const factor = { ServiceSid: fakeSid('VA'), Identity: 'user-0001', FactorType: 'push' };
    const token = await write('verify_v2:CreateAccessToken', factor, { confirm: true });
    expect(token.structured.result.token).toBe('[withheld]');
    const environment = { ServiceSid: fakeSid('ZS'), EnvironmentSid: fakeSid('ZE') };
    const variable = { ...environment, Key: 'DATABASE_URL', Value: 'hunter2' };
    const created = await write('serverless_v1:CreateVariable', variable, { confirm: true });
    expect(created.structured.result).toMatchObject({ key: 'DATABASE_URL', value: '[withheld]' });
    expect((await read('serverless_v1:ListVariable', environment, { fields: ['key', 'value'] })).text).not.toContain(
      'hunter2',
    );
    const sink = { Description: 'x', SinkType: 'segment', SinkConfiguration: { write_key: 'hunter2' } };
    for (const rest of [{}, { confirm: true }])
      expect((await write('events_v1:CreateSink', sink, rest)).text).not.toContain('hunter2');
    const user = { CredentialListSid: fakeSid('CL'), Username: 'desk', Password: 'hunter2hunter2' };
    const { text } = await write('api_v2010:CreateSipCredential', user);
    expect(text).toMatch(/Username: "desk", Password: "\[withheld\]"/);
  });

  test.each([
    'iam_v1:FetchKey',
    'api_v2010:CreateNewKey',
    'oauth_v1:CreateToken',
    'accounts_v1:CreateSecondaryAuthToken',
    'iam_organizations:ListOrganizationUsers',
  ])('cannot be read or created with %s', async (id) => {
    for (const { isError, text } of [
      await read(id),
      await write(id, {}, { confirm: true }),
      await call('describe', { ids: [id] }),
    ])
      expect([isError, text]).toEqual([true, expect.stringMatching(/which this deployment denies \(MCP_API_DENY\)/)]);
    expect(sent()).toEqual([]);
  });

  test('are not created by operations in search results', async () => {
    const queries = ['create an api key', 'oauth token', 'secondary auth token'];
    const found = await Promise.all(queries.map((query) => call('search', { query, limit: 20 })));
    const ids = found.flatMap(({ structured }) => structured.operations).map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(20);
    expect(ids.filter((id) => /^(iam|oauth)_|Key$|AuthToken/.test(id))).toEqual([]);
    expect(found[0]!.structured.operations[0].why).toBe('This deployment denies operations that return credentials.');
    expect(found[1]!.structured.note).toMatch(/belongs to the product oauth, which this deployment denies/);
  });
});

describe('MCP_API_DENY', () => {
  const describeWith = async (deny: string, id: string) => {
    const other = await startStack({ env: { MCP_API_DENY: deny } });
    try {
      return await callTool(other.url, 'twilio_api_describe', { ids: [id] }, 'services=Api');
    } finally {
      await other.close();
    }
  };

  test('replaces the products that are denied by default', async () => {
    expect((await describeWith('messaging, voice', 'api_v2010:CreateMessage')).text).toMatch(/denies/);
    expect((await describeWith('none', 'iam_v1:FetchKey')).isError).toBeUndefined();
    expect((await describeWith(',', 'api_v2010:CreateMessage')).text).toMatch(
      /MCP_API_DENY must name products, or be none/,
    );
  });

  test('rejects an unknown product', async () => {
    expect((await describeWith('mesaging', 'api_v2010:CreateMessage')).text).toMatch(
      /MCP_API_DENY names an unknown product "mesaging"/,
    );
  });
});
