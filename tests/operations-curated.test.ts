import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCatalogue } from '../openapi/catalogue';
import curated from '../openapi/catalogue/curated.json';
import { DOMAINS } from '../src/domains';
import { fill } from './support/arguments';
import { callTool, type Stack, startStack } from './support/stack';
import { VARIATIONS } from './support/variations';

/*
 * Which curated tools do what an operation of the API does: found by running each tool, and kept in a file that the
 * catalogue is built from. `UPDATE_CURATED=1 npx jest tests/operations-curated` writes it anew.
 */

const FILE = join(__dirname, '../openapi/catalogue/curated.json');

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ lenient: true });
});
afterAll(() => stack.close());

/** Operations that a tool consists of: all calls of it send that one request and no other. */
async function operationOf(tool: (typeof DOMAINS)[number]['tools'][number]): Promise<string | undefined> {
  const seen = new Set<string>();
  for (const variation of VARIATIONS[tool.name] ?? [{}]) {
    stack.sandbox.reset();
    stack.sandbox.options.lenient = true;
    await callTool(stack.url, tool.name, fill(tool, variation));
    // Uploads are in no description: the catalogue gives them a name.
    const asked = stack.sandbox.journal.entries.map(
      ({ file = 'serverless_upload', operationId }) => `${file}:${operationId}`,
    );
    if (asked.length !== 1) return undefined;
    seen.add(asked[0]!);
  }
  return seen.size === 1 ? [...seen][0] : undefined;
}

test('what curated tools send, spend or delete by asks for confirm', () => {
  const { operations } = readCatalogue();
  const costly = new Set(
    DOMAINS.flatMap(({ tools }) => tools).flatMap(({ name, effect }) =>
      /send|spend|delete/.test(effect) ? [name] : [],
    ),
  );
  const unasked = Object.entries(curated)
    .filter(([, tools]) => tools.some((tool) => costly.has(tool)))
    .map(([id]) => operations[id]!)
    .filter(({ caution, charged }) => !caution && !charged);
  expect(unasked.map(({ id }) => id)).toEqual([]);
});

test('the catalogue names the curated tools that do the same', async () => {
  const tools = new Set(DOMAINS.filter(({ service }) => service !== 'Api').flatMap((domain) => domain.tools));
  const found: Record<string, string[]> = {};
  for (const tool of tools) {
    const id = await operationOf(tool);
    if (id !== undefined) found[id] = [...(found[id] ?? []), tool.name];
  }
  const sorted = Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
  const written = `${JSON.stringify(sorted, null, 2)}\n`;
  if (process.env.UPDATE_CURATED) writeFileSync(FILE, written);
  expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(sorted);
});
