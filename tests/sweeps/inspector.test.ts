import { inspectorCommand } from '../../src/connect/configurations';
import { run } from '../support/run';
import { useStack } from '../support/stack';

/*
 * Prompts and resources as the MCP Inspector's command line shows them. npx installs it.
 */

jest.setTimeout(180_000);

const stack = useStack();

test.each([
  ['prompts/list', '', 'diagnose_message'],
  ['prompts/get', '--prompt-name debug_call --prompt-args callSid=CA123', 'Debug the Twilio call CA123'],
  ['resources/list', '', 'twilio://numbers'],
  ['resources/templates/list', '', 'twilio://errors/{code}'],
  ['resources/read', '--uri twilio://errors/30003', 'https://www.twilio.com/docs/errors/30003'],
])('the Inspector shows the result of %s %s', async (method, options, expected) => {
  const command = `${inspectorCommand({ url: `${stack.url}?services=all` })} --method ${method} ${options}`;
  const { code, output } = await run('bash', ['-c', command]);
  expect([code, output]).toEqual([0, expect.stringContaining(expected)]);
});
