import { TOOLS } from '../laws/law';
import { OUTCOMES_ENVIRONMENT, sweep } from '../support/outcomes';
import { type Stack, startStack } from '../support/stack';

/*
 * Every tool that changes something, with every fault that ends at once, at its first request and at each later one.
 */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ lenient: true, env: OUTCOMES_ENVIRONMENT });
});
afterAll(() => stack.close());

const writing = TOOLS.filter(({ effect }) => effect !== 'read').map((tool) => [tool.name, tool] as const);

test.each(writing)('%s denies nothing that may have happened', async (_name, tool) => {
  expect(await sweep(stack, tool)).toEqual([]);
});
