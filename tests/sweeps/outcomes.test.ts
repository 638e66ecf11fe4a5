import { TOOLS } from '../laws/law';
import { breachesOf, FAST_FAULTS, OUTCOMES_ENVIRONMENT } from '../support/outcomes';
import { type Stack, startStack } from '../support/stack';

/*
 * Every tool that changes something, with every fault that ends at once, at its first request and at each later one.
 */

/** Requests of a call that are made to fail. */
const MAX_REQUESTS = 6;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ lenient: true, env: OUTCOMES_ENVIRONMENT });
});
afterAll(() => stack.close());

const writing = TOOLS.filter(({ effect }) => effect !== 'read');

test.each(writing.map((tool) => [tool.name, tool] as const))(
  '%s denies nothing that may have happened',
  async (_name, tool) => {
    const { requests } = await breachesOf(stack, tool, ['nothing', { delay: 0 }]);
    const found: string[] = [];
    for (let skip = 0; skip < Math.min(requests.length, MAX_REQUESTS); skip++) {
      for (const fault of Object.entries(FAST_FAULTS)) {
        found.push(...(await breachesOf(stack, tool, fault, skip)).breaches);
      }
    }
    expect(found).toEqual([]);
  },
);
