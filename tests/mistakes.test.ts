import { DOMAINS } from '../src/domains';
import { changesOf } from '../src/params';
import { fill } from './support/arguments';
import { callTool, type Stack, startStack } from './support/stack';

/*
 * What an agent is told of its own mistakes, and that nothing leaves because of them.
 */

const tools = [...new Set(DOMAINS.flatMap((domain) => domain.tools))];

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());
beforeEach(() => stack.sandbox.reset());

describe('an update that asks for no change', () => {
  const updates = tools.filter((tool) => changesOf(tool).length > 0);

  test.each(updates.map((tool) => [tool.name, tool] as const))('of %s is refused', async (name, tool) => {
    const changes = changesOf(tool);
    const { isError, text } = await callTool(stack.url, name, fill(tool, { omit: changes }));
    expect([isError, text]).toEqual([true, `Give at least one of ${changes.join(', ')}; nothing was changed.`]);
    expect(stack.sandbox.journal.entries).toEqual([]);
  });

  test('is refused where null stands for what is not given', async () => {
    const args = { workspaceSid: `WS${'a'.repeat(32)}`, friendlyName: null };
    const { text } = await callTool(stack.url, 'twilio_taskrouter_update_workspace', args);
    expect(text).toMatch(/^Give at least one of friendlyName, /);
  });
});
