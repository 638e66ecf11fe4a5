import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { SEEDS } from '../sandbox/seed';
import { type Json, type Stack, startStack } from './support/stack';

/*
 * Complete tasks with a real client that uses only the API tools: search, describe, read and write.
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

async function call(name: string, args: Record<string, unknown>): Promise<Json> {
  const { structuredContent, content, isError } = await client.callTool({
    name: `twilio_api_${name}`,
    arguments: args,
  });
  if (isError) throw new Error((content as { text: string }[])[0]!.text);
  return structuredContent;
}

/** Does a task as an agent would: finds the operation, reads its description, calls it. */
async function perform(task: string, params: Record<string, unknown>): Promise<Json> {
  const [{ id, method }] = (await call('search', { query: task })).operations;
  const [described] = (await call('describe', { ids: [id] })).operations;
  const required = Object.entries(described.params)
    .filter(([, text]) => typeof text === 'string' && text.startsWith('*'))
    .map(([name]) => name);
  expect(Object.keys(params)).toEqual(expect.arrayContaining(required));
  for (const name of Object.keys(params)) expect(described.params).toHaveProperty([name]);
  if (method === 'GET') return call('read', { id, params });
  return call('write', { id, params, ...(described.confirm && { confirm: true }) });
}

const last = () => stack.sandbox.journal.last!;

test('sends a text message', async () => {
  const { result } = await perform('send a text to a phone', {
    To: '+14155550100',
    From: '+15005550006',
    Body: 'Hello',
  });
  expect(result).toMatchObject({ status: 'queued', to: '+14155550100' });
});

test('lists calls', async () => {
  const { items } = await perform('who called me yesterday', { 'StartTime>': '2020-01-01' });
  expect(items[0]).toMatchObject({ sid: expect.stringMatching(/^CA/) });
});

test('finds and buys a phone number', async () => {
  const { items } = await perform('search for local numbers to buy in an area code', {
    CountryCode: 'US',
    PageSize: 2,
  });
  const { result } = await perform('buy a phone number', { PhoneNumber: items[0].phone_number });
  expect(result).toMatchObject({ sid: expect.stringMatching(/^PN/), phone_number: items[0].phone_number });
});

test('sends and checks a verification code', async () => {
  const ServiceSid = SEEDS.verifyServiceSid;
  await perform('send a one-time passcode', { ServiceSid, To: '+14155550100', Channel: 'sms' });
  const { result } = await perform('check the code a user typed', { ServiceSid, To: '+14155550100', Code: '123456' });
  expect(result.status).toBe('approved');
});

test('stores and reads a Sync document', async () => {
  await perform('store a json document', { ServiceSid: 'default', UniqueName: 'cart', Data: { items: 2 } });
  const { result } = await perform('read a sync document', { ServiceSid: 'default', Sid: 'cart' });
  expect(result.data).toEqual({ items: 2 });
});

test('creates a Messaging Service', async () => {
  const { result } = await perform('create a messaging service', { FriendlyName: 'Shop' });
  expect(result).toMatchObject({ sid: expect.stringMatching(/^MG/), friendly_name: 'Shop' });
});

test('lists Studio flows', async () => {
  const { items } = await perform('which studio flows do we have', {});
  expect(items[0].sid).toMatch(/^FW/);
});

test('creates a TaskRouter task in a workspace', async () => {
  const { items } = await perform('list taskrouter workspaces', {});
  const { result } = await perform('create a task', { WorkspaceSid: items[0].sid, Attributes: '{"language":"en"}' });
  expect(result).toMatchObject({ sid: expect.stringMatching(/^WT/), attributes: { language: 'en' } });
});

test('lists usage with prices', async () => {
  const { items } = await perform('how much did we spend this month', { PageSize: 2 });
  expect(items[0]).toMatchObject({ category: expect.any(String), price: expect.anything() });
});

test('lists debugger errors with their codes', async () => {
  const { items } = await perform('what errors are in the debugger', { LogLevel: 'error' });
  expect(items[0]).toMatchObject({ error_code: expect.any(String) });
  expect(last()).toMatchObject({ host: 'monitor.twilio.com', violations: [] });
});

test('sends a JSON body with the property names of the API', async () => {
  await perform('create a memory store', { body: { displayName: 'Shop', description: 'Customers' } });
  expect(last()).toMatchObject({ violations: [], fields: { displayName: 'Shop', description: 'Customers' } });
});
