import { DOMAINS } from '../../src/domains';
import { agentPhone } from '../../src/domains/agent-phone';
import { inbox } from '../../src/domains/inbox';
import type { Effect } from '../../src/effect';
import type { Tool } from '../../src/tool';
import { fill, propertiesOf, type Variation } from '../support/arguments';
import { callTool, type Stack, startStack } from '../support/stack';
import { VARIATIONS, WIRE_ENVIRONMENT } from '../support/variations';

/*
 * Every tool over the whole path: an MCP call on twilio-run, the real client, a stand-in for Twilio that refuses
 * whatever Twilio's own descriptions do not allow.
 */

const tools = [...new Set(DOMAINS.flatMap((domain) => domain.tools))];
const each = tools.map((tool) => [tool.name, tool] as const);

const METHODS: Readonly<Record<Effect, readonly string[]>> = {
  read: ['GET'],
  create: ['GET', 'POST'],
  update: ['GET', 'POST', 'PUT', 'PATCH'],
  delete: ['GET', 'DELETE'],
  send: ['GET', 'POST'],
  // A paid lookup is a GET that costs money.
  spend: ['GET', 'POST'],
};

/** Requests that change nothing, though they are a POST. */
const READING_POSTS = new Set(['UpdateFlowValidate', 'CreateToken']);

/** Tools that act on the server's own store, here a file: they may do without Twilio. */
const stored = new Set([...inbox.tools, ...agentPhone.tools]);

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ lenient: true, env: WIRE_ENVIRONMENT });
});
afterAll(() => stack.close());

async function requestsOf(tool: Tool, args: object, before: Variation['before'] = []) {
  stack.sandbox.reset();
  stack.sandbox.options.lenient = true;
  for (const [name, given] of before) await callTool(stack.url, name, given);
  const { seq } = stack.sandbox.journal;
  const answer = await callTool(stack.url, tool.name, args);
  return { answer, requests: stack.sandbox.journal.since(seq) };
}

describe.each(each)('%s', (_name, tool) => {
  test.each((VARIATIONS[tool.name] ?? [{}]).map((variation) => [JSON.stringify(variation), variation] as const))(
    'is taken with all arguments filled, but for %s',
    async (_label, variation) => {
      const { answer, requests } = await requestsOf(tool, fill(tool, variation), variation.before);
      expect(requests.flatMap((request) => request.violations)).toEqual([]);
      expect(answer.isError ? answer.text : 'taken').toBe('taken');
      expect(JSON.stringify(answer.structured)).toBe(answer.text);
      const changing = requests.filter((request) => !READING_POSTS.has(request.operationId ?? ''));
      const methods = new Set(changing.map((request) => request.method));
      expect(METHODS[tool.effect]).toEqual(expect.arrayContaining([...methods]));
      if (tool.effect === 'delete') expect(methods).toContain('DELETE');
      else if (tool.effect !== 'read' && tool.effect !== 'spend' && !stored.has(tool))
        expect([...methods].some((method) => method !== 'GET')).toBe(true);
    },
  );

  test('lets no argument leave its place in the path', async () => {
    const variation = VARIATIONS[tool.name]?.[0] ?? {};
    const args = fill(tool, variation);
    const { requests: plain } = await requestsOf(tool, args, variation.before);
    const templates = plain.map((request) => `${request.method} ${request.operationId}`);
    for (const [field, property] of Object.entries(propertiesOf(tool))) {
      if (property.type !== 'string' || property.enum || !(field in args)) continue;
      for (const hostile of ['..', '../..', 'a/b', 'a?b=c', 'a#b', '%2e%2e', '']) {
        const { answer, requests } = await requestsOf(tool, { ...args, [field]: hostile }, variation.before);
        if (requests.length === 0 && plain.length > 0 && !stored.has(tool)) expect(answer.isError).toBe(true);
        for (const request of requests) expect(templates).toContain(`${request.method} ${request.operationId}`);
      }
    }
  });
});
