import { type Deployment, startDeployment } from './support/deployment';
import { callTool } from './support/stack';

/*
 * What the README says about security and no other file tests.
 */

jest.setTimeout(120_000);

let deployment: Deployment;
beforeAll(async () => {
  deployment = await startDeployment({ env: { API_SECRET: 'without-any-right' } });
});
afterAll(() => deployment.close());

test('the tools of a deployment have the rights of its API key and no others', async () => {
  const call = (name: string, args = {}) => callTool(`${deployment.gateway.url}/mcp`, name, args);
  const { journal } = deployment.stack.sandbox;
  for (const [name, args] of [
    ['twilio_messaging_get_message_logs', {}],
    ['twilio_sync_list_services', {}],
    ['twilio_api_read', { id: 'sync_v1:ListService' }],
  ] as const) {
    const { isError, text } = await call(name, args);
    expect([name, isError, text]).toEqual([name, true, expect.any(String)]);
  }
  // The server's own state does not need the key.
  expect((await call('twilio_inbox_list_conversations')).structured).toMatchObject({ items: [] });
  const accepted = journal.entries.filter(({ status }) => status !== 401);
  expect([...new Set(accepted.map(({ host }) => host))]).toEqual(['sync.twilio.com']);
});
