import { buildOperationTable } from '../openapi/catalogue';
import { SANDBOX_API_KEY } from '../sandbox/server';
import { DOMAINS } from '../src/domains';
import { STORE_NAME } from '../src/store/service';
import { fill, propertiesOf } from './support/arguments';
import { type Deployment, SERVICE_SID, startDeployment } from './support/deployment';
import { callTool, type Json } from './support/stack';

/*
 * A hostile agent with every tool of a deployment: it can neither read nor change what the deployment consists of.
 */

jest.setTimeout(240_000);

const GENUINE_WORDS = 'what the server remembers';

let deployment: Deployment;
/** The Sync service of the server's own store. */
let storeSid: string;
beforeAll(async () => {
  deployment = await startDeployment({ env: { MCP_API_DENY: 'none' } });
  await call('twilio_messaging_send_sms', { to: '+14155550100', body: GENUINE_WORDS });
  const { items: services } = (await call('twilio_sync_list_services', {})).structured;
  storeSid = services.find(({ friendlyName }: Json) => friendlyName === STORE_NAME).sid;
});
afterAll(() => deployment.close());

const call = (name: string, args: object) => callTool(`${deployment.gateway.url}/mcp`, name, args);

/** Makes a call that must be refused before any request leaves whose path has one of these names. */
async function expectRefused(name: string, args: object, ...forbidden: string[]): Promise<void> {
  const { journal } = deployment.stack.sandbox;
  const { seq } = journal;
  const { isError, text } = await call(name, args);
  const reached = journal.since(seq).map(({ method, path }) => `${method} ${path}`);
  const touched = reached.filter((line) => forbidden.some((word) => decodeURIComponent(line).includes(word)));
  expect([name, args, isError, touched]).toEqual([name, args, true, []]);
  expect([name, text]).toEqual([
    name,
    expect.stringMatching(/Nothing was done, and no other tool will do it|Invalid arguments/),
  ]);
}

const toolsOf = (service: string) => DOMAINS.find((domain) => domain.service === service)!.tools;
/** Operations with a service in their path. */
const operationsOf = (product: RegExp) =>
  Object.values(buildOperationTable().operations).filter(
    ({ id, path }) => product.test(id) && /\/Services\/\{/.test(path),
  );

test.each(['its SID', 'its SID in upper case', 'its name'])(
  'the Functions service is out of reach by %s, for every tool',
  async (how) => {
    const name = {
      'its SID': SERVICE_SID,
      'its SID in upper case': SERVICE_SID.toUpperCase(),
      'its name': 'twilio-mcp',
    }[how]!;
    const tools = toolsOf('Serverless').filter((tool) => 'serviceSid' in propertiesOf(tool));
    expect(tools.length).toBeGreaterThan(20);
    for (const tool of tools) await expectRefused(tool.name, { ...fill(tool), serviceSid: name }, name);
  },
);

test.each([
  ['Functions service', /^serverless/, () => [SERVICE_SID, 'twilio-mcp', SERVICE_SID.toLowerCase().toUpperCase()]],
  ['Sync service of the store', /^sync/, () => [storeSid, storeSid.toUpperCase()]],
])('the %s is out of reach for every operation of the API', async (_label, product, names) => {
  const operations = operationsOf(product);
  expect(operations.length).toBeGreaterThan(20);
  for (const operation of operations) {
    for (const name of names()) {
      const params = Object.fromEntries(
        operation.parameters
          .filter(({ required }) => required)
          .map((parameter) => [parameter.name, /^(Service)?Sid$/.test(parameter.name) ? name : `XX${'1'.repeat(32)}`]),
      );
      const tool = operation.method === 'GET' ? 'twilio_api_read' : 'twilio_api_write';
      const { journal } = deployment.stack.sandbox;
      const { seq } = journal;
      const { isError } = await call(tool, {
        id: operation.id,
        params,
        ...(tool.endsWith('write') && { confirm: true }),
      });
      const touched = journal.since(seq).filter(({ path }) => path.includes(name));
      expect([operation.id, name, isError, touched.length]).toEqual([operation.id, name, true, 0]);
    }
  }
});

test('the store is out of reach for every Sync tool, and its name is taken', async () => {
  const tools = toolsOf('Sync').filter((tool) => 'serviceSid' in propertiesOf(tool));
  expect(tools.length).toBeGreaterThan(10);
  for (const tool of tools) await expectRefused(tool.name, { ...fill(tool), serviceSid: storeSid }, storeSid);
  await expectRefused('twilio_sync_create_service', { friendlyName: STORE_NAME });
  const { structured } = await call('twilio_sync_create_service', { friendlyName: 'Mine' });
  await expectRefused(
    'twilio_sync_update_service',
    { serviceSid: structured.sid, friendlyName: STORE_NAME },
    structured.sid,
  );
  await expectRefused('twilio_api_write', {
    id: 'sync_v1:CreateService',
    params: { FriendlyName: STORE_NAME },
    confirm: true,
  });
});

test('the default Sync service has nothing of what the server remembers', async () => {
  const { structured } = await call('twilio_sync_list_maps', {});
  expect(structured.items).toEqual([]);
});

test('the server’s own API key can be read, but neither changed nor deleted', async () => {
  for (const id of [
    'api_v2010:UpdateKey',
    'api_v2010:DeleteKey',
    'api_v2010:DeleteSigningKey',
    'iam_v1:UpdateKey',
    'iam_v1:DeleteKey',
  ]) {
    await expectRefused('twilio_api_write', { id, params: { Sid: SANDBOX_API_KEY }, confirm: true }, SANDBOX_API_KEY);
  }
});
