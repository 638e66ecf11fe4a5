import { isUnclear, ToolError, TransportError } from '../errors';
import { PolicyError } from '../upper-bound';
import { take } from './counters';
import { priceOf } from './prices';
import type { Action, Safeguard, SafeguardContext } from './safeguard';

/** Counters take whole numbers: ten-thousandths of a dollar. */
const DOLLAR_PARTS = 10_000;
/** The part of a day's money that a busy instance takes in one write. */
const LEASED_PART = 1 / 50;

/** Counts the estimated prices of what is sent and bought, and refuses what goes beyond MCP_SPEND_PER_DAY. */
export const spend: Safeguard = async (action, context, proceed) => {
  const { spendPerDay } = context.config;
  if (spendPerDay === undefined || (action.effect !== 'send' && action.effect !== 'spend')) return proceed();
  const refusal = { rule: 'MCP_SPEND_PER_DAY', allows: `spends at most ${spendPerDay} US dollars a day` };
  const price = await dollarsFor(action, context);
  if (typeof price === 'string') throw new PolicyError({ ...refusal, problem: price });
  const max = Math.round(spendPerDay * DOLLAR_PARTS);
  const giveBack = await take(context, {
    name: 'spend',
    limits: [{ max, per: 'day' }],
    amount: Math.ceil(price * DOLLAR_PARTS),
    lease: Math.floor(max * LEASED_PART),
    rule: refusal.rule,
    describe: (_, used) => ({ ...refusal, problem: `${used / DOLLAR_PARTS} are used, and this costs ${price}` }),
  });
  const wasNotDone = () => context.call.ending.push(giveBack());
  try {
    const answer = await proceed();
    if (answer.statusCode >= 400 && !isUnclear(answer.statusCode)) wasNotDone();
    return answer;
  } catch (error) {
    if (error instanceof ToolError || (error instanceof TransportError && !error.sent)) wasNotDone();
    throw error;
  }
};

/** The estimated price in US dollars, or why it is not known, as a clause. */
async function dollarsFor(action: Action, context: SafeguardContext): Promise<number | string> {
  const price = await priceOf(action, context);
  const { id } = action.operation;
  if (price === undefined) return `the price of ${id} is not known here`;
  if (price.currency !== 'USD') return `the account pays in ${price.currency}`;
  return price.total ?? `without a time limit, the price of ${id} is not known`;
}
