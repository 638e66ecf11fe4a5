import type { Tool } from '../../src/tool';
import { TOOLS } from '../laws/law';
import { breachesOf, FAST_FAULTS, OUTCOMES_ENVIRONMENT } from '../support/outcomes';
import { type Stack, startStack } from '../support/stack';

/*
 * Every tool that changes something, with every fault that ends at once, at its first request and at each later one.
 */

/** Requests of a call that are made to fail. A purchase with an empty store has more. */
const MAX_REQUESTS = 12;
const MAX_REQUESTS_OF_PURCHASE = 24;

let stack: Stack;
/** With an empty pool, so that an agent's number is bought. */
let buying: Stack;
beforeAll(async () => {
  stack = await startStack({ lenient: true, env: OUTCOMES_ENVIRONMENT });
  const env = { ...OUTCOMES_ENVIRONMENT, TWILIO_PHONE_NUMBERS: '', AGENT_PHONE_AUTO_PROVISION: 'true' };
  buying = await startStack({ env });
});
afterAll(() => Promise.all([stack.close(), buying.close()]));

/** What is wrong with the answers to a tool whose requests fail in every way, from the first on. */
async function sweep(on: Stack, tool: Tool, max = MAX_REQUESTS): Promise<string[]> {
  const { requests } = await breachesOf(on, tool, ['nothing', { delay: 0 }]);
  const found: string[] = [];
  for (let skip = 0; skip < Math.min(requests.length, max); skip++) {
    for (const fault of Object.entries(FAST_FAULTS)) found.push(...(await breachesOf(on, tool, fault, skip)).breaches);
  }
  return found;
}

const writing = TOOLS.filter(({ effect }) => effect !== 'read').map((tool) => [tool.name, tool] as const);

test.each(writing)('%s denies nothing that may have happened', async (_name, tool) => {
  expect(await sweep(stack, tool)).toEqual([]);
});

test("the purchase of an agent's number denies nothing that may have happened", async () => {
  const tool = TOOLS.find(({ name }) => name === 'twilio_agent_phone_get_phone_number')!;
  expect(await sweep(buying, tool, MAX_REQUESTS_OF_PURCHASE)).toEqual([]);
  expect(buying.sandbox.journal.entries.map(({ operationId }) => operationId)).toContain('CreateIncomingPhoneNumber');
});
