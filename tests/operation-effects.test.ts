import { buildOperationTable } from '../openapi/catalogue';
import { effectsOf } from '../openapi/catalogue/effects';
import { asksFirst } from '../src/effect';
import { effectOf } from '../src/operations/effect-of';
import dangerous from './data/dangerous-operations.json';
import { TOOLS } from './laws/law';
import { paramsOf } from './support/operation-params';
import { fakeSid, useOperationTools } from './support/operations';
import { callTool, post } from './support/stack';

/*
 * What operations do to the world, and that the generic tool asks first where a tool of their own would.
 */

const { operations } = buildOperationTable();
const { stack, call, write, sent } = useOperationTools({ MCP_API_DENY: 'none' });

type Listed = { name: string; annotations: Record<string, boolean> };
type Dangerous = { id: string; effect: string; params?: Record<string, unknown> };
const cases = (dangerous as Dangerous[]).map((each) => [each.id, JSON.stringify(each.params ?? {}), each] as const);

test.each(cases)('%s with %s asks first', async (id, _label, { effect, params = {} }) => {
  const operation = operations[id]!;
  const all = { ...paramsOf(operation, ({ required }) => required === true), ...params };
  expect(effectOf(operation, all).effect).toBe(effect);
  const { text } = await write(id, all);
  expect(text).toMatch(/^Confirmation needed; nothing was sent: .*Ask the user, then repeat with confirm: true/s);
  expect(sent()).toEqual([]);
});

test('an empty value counts as well: an empty Body redacts a message', async () => {
  const { text } = await write('api_v2010:UpdateMessage', { Sid: fakeSid('SM'), Body: '' });
  expect(text).toMatch(/^Confirmation needed.* permanently redacts a message because Body is set/);
});

test('the same operation without such a parameter needs no confirm', async () => {
  await write('api_v2010:UpdateIncomingPhoneNumber', { Sid: fakeSid('PN'), FriendlyName: 'Desk' });
  await write('serverless_v1:CreateService', { UniqueName: 'app', FriendlyName: 'App', IncludeCredentials: false });
  expect(sent().map(({ fields }) => fields)).toEqual([
    { FriendlyName: 'Desk' },
    { UniqueName: 'app', FriendlyName: 'App', IncludeCredentials: false },
  ]);
});

test('describe tells which parameters need confirm', async () => {
  const { structured } = await call('describe', { ids: ['serverless_v1:CreateService', 'studio_v2:UpdateFlow'] });
  expect(structured.operations.map(({ confirm }: { confirm: string }) => confirm)).toEqual([
    expect.stringMatching(/^required if IncludeCredentials is not false, it lets the code of the service read/),
    expect.stringMatching(/^required if Status is published, it publishes a flow/),
  ]);
});

test('a service is created without the credentials of the account unless they are asked for', async () => {
  for (const args of [{}, { includeCredentials: true }]) {
    await callTool(stack().url, 'twilio_serverless_create_service', {
      uniqueName: 'app',
      friendlyName: 'App',
      ...args,
    });
  }
  expect(sent().map(({ fields }) => fields.IncludeCredentials)).toEqual([false, true]);
});

test('grants are announced as destructive and open to the world, and readonly leaves them out', async () => {
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  const listed = async (query: string) => (await post(stack().url, list, query)).body.result.tools as Listed[];
  const granting = new Set(TOOLS.filter(({ effect }) => effect === 'grant').map(({ name }) => name));
  const grants = (await listed('services=all')).filter(({ name }) => granting.has(name));
  expect(grants.length).toBe(granting.size);
  for (const { annotations } of grants)
    expect(annotations).toMatchObject({ readOnlyHint: false, destructiveHint: true, openWorldHint: true });
  expect((await listed('services=all&readonly=true')).filter(({ name }) => granting.has(name))).toEqual([]);
});

test('a write without a reviewed effect fails the build', () => {
  const made = { ...operations['api_v2010:CreateMessage']!, id: 'api_v2010:CreateSomethingNew' };
  expect(() => effectsOf(made)).toThrow(/no reviewed effect: .*ASKING_OPERATIONS/);
  expect(effectsOf({ ...made, method: 'GET' }).effect).toBe('read');
  expect(effectsOf({ ...made, method: 'DELETE' }).effect).toBe('delete');
});

test('a new URL parameter of a harmless write asks first without a rule of its own', () => {
  const harmless = operations['taskrouter_v1:UpdateWorker']!;
  expect(asksFirst(harmless.effect)).toBe(false);
  const url = { name: 'WakeUpUrl', in: 'form', schema: { type: 'string' } } as const;
  const { raises } = effectsOf({ ...harmless, parameters: [...harmless.parameters, url] });
  expect(raises).toEqual([expect.objectContaining({ effect: 'grant', parameters: ['WakeUpUrl'] })]);
});
