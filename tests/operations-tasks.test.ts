import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { SEEDS } from '../sandbox/seed';
import { type Stack, startStack } from './support/stack';

/*
 * Whole tasks by a real client that knows only the four tools: search, describe, read and write.
 */

let stack: Stack;
let client: Client;
beforeAll(async () => {
  stack = await startStack();
  client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${stack.url}?services=Api`)));
});
afterAll(async () => {
  await client.close();
  await stack.close();
});

// biome-ignore lint/suspicious/noExplicitAny: read as what it is expected to be
type Json = any;

async function use(name: string, args: Record<string, unknown>): Promise<Json> {
  const { structuredContent, content, isError } = await client.callTool({
    name: `twilio_api_${name}`,
    arguments: args,
  });
  if (isError) throw new Error((content as { text: string }[])[0]!.text);
  return structuredContent;
}

/** Performs a task as an agent would: finds the operation, reads its description, calls it. */
async function achieve(task: string, params: Record<string, unknown>): Promise<Json> {
  const [{ id, method }] = (await use('search', { query: task })).operations;
  const [described] = (await use('describe', { ids: [id] })).operations;
  const required = Object.entries(described.params)
    .filter(([, words]) => typeof words === 'string' && words.startsWith('*'))
    .map(([name]) => name);
  expect(Object.keys(params)).toEqual(expect.arrayContaining(required));
  for (const name of Object.keys(params)) expect(described.params).toHaveProperty([name]);
  if (method === 'GET') return use('read', { id, params });
  return use('write', { id, params, ...(described.confirm && { confirm: true }) });
}

const last = () => stack.sandbox.journal.last!;

test('messages: a text is sent', async () => {
  const { result } = await achieve('send a text to a phone', {
    To: '+14155550100',
    From: '+15005550006',
    Body: 'Hello',
  });
  expect(result).toMatchObject({ status: 'queued', to: '+14155550100' });
});

test('calls: who called', async () => {
  const { items } = await achieve('who called me yesterday', { 'StartTime>': '2020-01-01' });
  expect(items[0]).toMatchObject({ sid: expect.stringMatching(/^CA/) });
});

test('phone numbers: one is found and bought', async () => {
  const { items } = await achieve('search for local numbers to buy in an area code', {
    CountryCode: 'US',
    PageSize: 2,
  });
  const { result } = await achieve('buy a phone number', { PhoneNumber: items[0].phone_number });
  expect(result).toMatchObject({ sid: expect.stringMatching(/^PN/), phone_number: items[0].phone_number });
});

test('verify: a code goes out and is checked', async () => {
  const ServiceSid = SEEDS.verifyServiceSid;
  await achieve('send a one-time passcode', { ServiceSid, To: '+14155550100', Channel: 'sms' });
  const { result } = await achieve('check the code a user typed', { ServiceSid, To: '+14155550100', Code: '123456' });
  expect(result.status).toBe('approved');
});

test('sync: a document is stored and read', async () => {
  await achieve('store a json document', { ServiceSid: 'default', UniqueName: 'cart', Data: { items: 2 } });
  const { result } = await achieve('read a sync document', { ServiceSid: 'default', Sid: 'cart' });
  expect(result.data).toEqual({ items: 2 });
});

test('messaging services: one is made', async () => {
  const { result } = await achieve('create a messaging service', { FriendlyName: 'Shop' });
  expect(result).toMatchObject({ sid: expect.stringMatching(/^MG/), friendly_name: 'Shop' });
});

test('studio: the flows are listed', async () => {
  const { items } = await achieve('which studio flows do we have', {});
  expect(items[0].sid).toMatch(/^FW/);
});

test('taskrouter: a task is queued in a workspace', async () => {
  const { items } = await achieve('list taskrouter workspaces', {});
  const { result } = await achieve('create a task', { WorkspaceSid: items[0].sid, Attributes: '{"language":"en"}' });
  expect(result).toMatchObject({ sid: expect.stringMatching(/^WT/), attributes: '{"language":"en"}' });
});

test('usage: what was spent', async () => {
  const { items } = await achieve('how much did we spend this month', { PageSize: 2 });
  expect(items[0]).toMatchObject({ category: expect.any(String), price: expect.anything() });
});

test('debugger: the errors are explained by their codes', async () => {
  const { items } = await achieve('what errors are in the debugger', { LogLevel: 'error' });
  expect(items[0]).toMatchObject({ error_code: expect.any(String) });
  expect(last()).toMatchObject({ host: 'monitor.twilio.com', violations: [] });
});

test('memory: JSON goes up as the API writes it', async () => {
  await achieve('create a memory store', { body: { displayName: 'Shop', description: 'Customers' } });
  expect(last()).toMatchObject({ violations: [], fields: { displayName: 'Shop', description: 'Customers' } });
});
