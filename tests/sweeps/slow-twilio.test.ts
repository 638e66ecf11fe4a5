import { writeFileSync } from 'node:fs';
import type { Tool } from '../../src/tool';
import { TOOLS } from '../laws/law';
import { fill } from '../support/arguments';
import { callTool, type Stack, startStack } from '../support/stack';
import { VARIATIONS, WIRE_ENVIRONMENT } from '../support/variations';

/*
 * Every tool while each request to Twilio takes a second: a call ends before the platform would end it, after ten, and
 * what takes longer goes on with a token. `npm run load` shows the result.
 */

const STACKS = 10;
const REQUEST_MS = 1000;
const LONGEST_MS = 9500;

let stacks: Stack[];
beforeAll(async () => {
  const env = { ...WIRE_ENVIRONMENT, STORE: 'sync', TWILIO_TIMEOUT: '8000' };
  stacks = await Promise.all(Array.from({ length: STACKS }, () => startStack({ lenient: true, env })));
});
afterAll(() => Promise.all(stacks.map((stack) => stack.close())));

async function measure({ sandbox, url }: Stack, tool: Tool) {
  const variation = VARIATIONS[tool.name]?.[0] ?? {};
  sandbox.reset();
  for (const [name, args] of variation.before ?? []) await callTool(url, name, args);
  sandbox.faults.add({ delay: REQUEST_MS, times: 1_000_000 });
  const started = Date.now();
  const { text, isError = false } = await callTool(url, tool.name, fill(tool, variation));
  const ms = Date.now() - started;
  // What changes something says how far it got; a read has nothing to say but what it found.
  const isCutOff = tool.effect === 'read' && isError && /time of this call|did not answer/.test(text);
  return { name: tool.name, ms, isCutOff, text };
}

test('every tool answers in time, and a read that takes longer goes on with a token', async () => {
  // The first call of a server loads its modules.
  await Promise.all(stacks.map((stack) => callTool(stack.url, TOOLS[0]!.name, fill(TOOLS[0]!))));
  const queue = [...TOOLS];
  const measured: Awaited<ReturnType<typeof measure>>[] = [];
  await Promise.all(
    stacks.map(async (stack) => {
      for (let tool = queue.shift(); tool; tool = queue.shift()) measured.push(await measure(stack, tool));
    }),
  );
  const slowest = measured.sort((a, b) => b.ms - a.ms)[0]!;
  if (process.env.LOAD_RESULT)
    writeFileSync(process.env.LOAD_RESULT, JSON.stringify({ tools: measured.length, ...slowest }));
  expect(measured.filter(({ ms }) => ms > LONGEST_MS)).toEqual([]);
  expect(measured.filter(({ isCutOff }) => isCutOff).map(({ name, text }) => [name, text])).toEqual([]);
}, 600_000);
