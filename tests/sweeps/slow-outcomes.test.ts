import { setTimeout } from 'node:timers/promises';
import type { Tool } from '../../src/tool';
import { TOOLS } from '../laws/law';
import {
  acted,
  breachesOf,
  NO_FAULT,
  OUTCOMES_ENVIRONMENT,
  PURCHASE_ENVIRONMENT,
  SLOW_FAULTS,
} from '../support/outcomes';
import { type Stack, startStack } from '../support/stack';

/*
 * Every tool that changes something, with every fault that lasts, at its first request and at each one that changes
 * something. Each call takes its whole time and mostly waits, so several stacks share the machine.
 */

const STACKS = 10;
const PURCHASE = 'twilio_agent_phone_get_phone_number';

let stacks: Stack[];
let buying: Stack;
beforeAll(async () => {
  buying = await startStack({ env: PURCHASE_ENVIRONMENT });
  stacks = await Promise.all(
    Array.from({ length: STACKS }, () => startStack({ lenient: true, env: OUTCOMES_ENVIRONMENT })),
  );
});
afterAll(() => Promise.all([buying, ...stacks].map((stack) => stack.close())));

type Trial = readonly [Tool, fault: Parameters<typeof breachesOf>[2], skip: number];

/** The faults to try on a tool, with the number of requests to let pass. */
async function trialsOf(stack: Stack, tool: Tool): Promise<Trial[]> {
  const call = () => breachesOf(stack, tool, NO_FAULT);
  let { requests } = await call();
  // The machine may have been busy for longer than a call may take.
  if (requests.length === 0) ({ requests } = await call());
  const positions = requests.flatMap((request, i) => (i === 0 || acted(request) ? i : []));
  return positions.flatMap((skip) => Object.entries(SLOW_FAULTS).map((fault) => [tool, fault, skip] as const));
}

test('no tool denies what may have happened, and every call ends in time', async () => {
  const [first] = stacks as [Stack];
  const tools = TOOLS.filter(({ effect }) => effect !== 'read');
  const purchase = tools.find(({ name }) => name === PURCHASE)!;
  // The first call of a server loads its modules, which can take all its time.
  for (const stack of [...stacks, buying]) await trialsOf(stack, tools[0]!);
  const queue: Trial[] = [];
  for (const tool of tools) queue.push(...(await trialsOf(first, tool)));
  const purchases = await trialsOf(buying, purchase);
  const total = queue.length + purchases.length;
  const tried = new Set(queue.map(([{ name }]) => name));
  expect(tools.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);

  const found: string[] = [];
  let reached = 0;
  const run = async (stack: Stack, trials: Trial[]) => {
    for (let trial = trials.shift(); trial; trial = trials.shift()) {
      let { breaches, requests } = await breachesOf(stack, ...trial);
      if (breaches.length > 0) {
        // The machine may have been busy: the repetition waits for requests that the first call sent late.
        await setTimeout(2000);
        ({ breaches, requests } = await breachesOf(stack, ...trial));
      }
      found.push(...breaches);
      if (requests.some(({ fault }) => fault === trial![1][0])) reached++;
    }
  };
  await Promise.all([...stacks.map((stack) => run(stack, queue)), run(buying, purchases)]);
  expect(found).toEqual([]);
  // On a busy machine, the time of a call can end before its request.
  expect(reached / total).toBeGreaterThan(0.9);
}, 600_000);
