import { TOOLS } from '../laws/law';
import { breachesOf, NO_FAULT, PURCHASE_ENVIRONMENT, sweep } from '../support/outcomes';
import { type Stack, startStack } from '../support/stack';

/*
 * The purchase of a number for an agent, with every fault that ends at once, at each request from the first that changes
 * something. The requests before it only read the store, as in the sweep of every tool.
 */

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ env: PURCHASE_ENVIRONMENT });
});
afterAll(() => stack.close());

const tool = TOOLS.find(({ name }) => name === 'twilio_agent_phone_get_phone_number')!;
/** Requests from the claim of a slot to the answer. */
const REQUESTS = 12;

test.each(Array.from({ length: REQUESTS }, (_, n) => n))(
  'a fault %i requests after the claim of a number leaves no purchase denied',
  async (n) => {
    const { requests } = await breachesOf(stack, tool, NO_FAULT);
    expect(requests.map(({ operationId }) => operationId)).toContain('CreateIncomingPhoneNumber');
    const claim = requests.findIndex(({ method }) => method !== 'GET');
    expect(await sweep(stack, tool, [claim + n, claim + n + 1])).toEqual([]);
  },
);
