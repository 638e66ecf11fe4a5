import { DOMAINS } from '../src/domains';
import seeds from './data/seed-tools.json';
import operations from './data/service-operations.json';
import { fill, propertiesOf } from './support/arguments';
import { callTool, post, type Stack, startStack } from './support/stack';
import { VARIATIONS } from './support/variations';

/*
 * What was promised, name by name: the tools that are listed, and the operations that leave the process.
 */

const tools = new Map(DOMAINS.flatMap((domain) => domain.tools).map((tool) => [tool.name, tool]));

/** Operations that leave the process when a tool is called in all its variations, as `GET /path (Id)`. */
const sent = new Map<string, Set<string>>();

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ lenient: true });
  const { spec } = stack.sandbox.world;
  for (const tool of tools.values()) {
    const done = new Set<string>();
    for (const variation of VARIATIONS[tool.name] ?? [{}]) {
      stack.sandbox.reset();
      stack.sandbox.options.lenient = true;
      if (variation.first) await callTool(stack.url, variation.first.tool, variation.first.args);
      await callTool(stack.url, tool.name, fill(tool, variation));
      for (const { method, host, file, operationId, path, status } of stack.sandbox.journal.entries) {
        if (status >= 400) continue;
        if (file) done.add(`${method} ${spec.operation(`${file}:${operationId}`)!.path} (${operationId})`);
        // The host that takes uploads is in no description.
        else
          done.add(
            `${method} https://${host}${path.replace(/ZS\w+/, '{ServiceSid}').replace(/ZH\w+/, '{Sid}')} (upload, multipart)`,
          );
      }
    }
    sent.set(tool.name, done);
  }
}, 120_000);
afterAll(() => stack.close());

test('every tool of the seed is listed', async () => {
  const { body } = await post(stack.url, { jsonrpc: '2.0', id: 1, method: 'tools/list' }, 'services=all');
  const listed = new Set(body.result.tools.map(({ name }: { name: string }) => name));
  expect(seeds.map(({ name }) => name).filter((name) => !listed.has(name))).toEqual([]);
});

test.each(seeds.map((seed) => [seed.name, seed] as const))(
  '%s takes its arguments and does its operations',
  (name, seed) => {
    const known = Object.keys(propertiesOf(tools.get(name)!));
    expect([...seed.required, ...seed.optional].filter((argument) => !known.includes(argument))).toEqual([]);
    const wanted = seed.operations.map((operation) => operation.replace(/, \w+\)$/, ')'));
    expect(wanted.filter((operation) => !sent.get(name)!.has(operation))).toEqual([]);
  },
);

test.each(Object.entries(operations))('the service %s reaches all its operations', (service, wanted) => {
  const domain = DOMAINS.find((candidate) => candidate.service === service)!;
  const reached = new Set(domain.tools.flatMap(({ name }) => [...sent.get(name)!]));
  expect(wanted.filter((operation) => !reached.has(operation))).toEqual([]);
});

test.each(DOMAINS.map(({ service }) => service))('the list of %s stays below 12,000 tokens', async (service) => {
  const { body } = await post(stack.url, { jsonrpc: '2.0', id: 1, method: 'tools/list' }, `services=${service}`);
  expect(Buffer.byteLength(JSON.stringify(body.result.tools)) / 4).toBeLessThan(12_000);
});

test('a tool costs 200 tokens in the mean', async () => {
  const { body } = await post(stack.url, { jsonrpc: '2.0', id: 1, method: 'tools/list' }, 'services=all');
  expect(Buffer.byteLength(JSON.stringify(body.result.tools)) / 4 / body.result.tools.length).toBeLessThanOrEqual(200);
});
