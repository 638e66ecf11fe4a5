import type { Config } from '../config';
import { isUnclear, TransportError } from '../errors';
import { canonicalAddress } from '../formats';
import type { Limit } from '../limit-settings';
import { PolicyError } from '../upper-bound';
import { type GiveBack, take } from './counters';
import { fingerprint } from './fingerprint';
import { numberOf, shown } from './rules';
import type { Action, Safeguard, SafeguardContext } from './safeguard';

/** How many sends a busy instance takes from the limit in one write. */
const SENDS_PER_LEASE = 5;

/** Counts what is sent, and refuses what goes beyond a limit. What Twilio refuses, or never gets, is not counted. */
export const limits: Safeguard = async (action, context, proceed) => {
  if (action.effect !== 'send') return proceed();
  const taken = await takeAll(action, context);
  const notDone = () => context.call.ending.push(giveBackAll(taken));
  try {
    const answer = await proceed();
    if (answer.statusCode >= 400 && !isUnclear(answer.statusCode)) notDone();
    return answer;
  } catch (error) {
    if (error instanceof TransportError && !error.sent) notDone();
    throw error;
  }
};

const giveBackAll = (taken: readonly GiveBack[]) => Promise.all(taken.map((giveBack) => giveBack()));

/** Takes from every limit that is set, or from none. */
async function takeAll(action: Action, context: SafeguardContext): Promise<readonly GiveBack[]> {
  const { sendLimits, recipientLimits } = context.config;
  const people = recipientLimits ? peopleIn(action, context.config) : [];
  const taken: GiveBack[] = [];
  try {
    for (const person of people)
      taken.push(
        await take(context, {
          name: `to-${person}`,
          limits: recipientLimits!,
          rule: 'MCP_RECIPIENT_LIMITS',
          describe: (limit, used) => ({
            allows: `allows ${rateOf(limit)} to one person`,
            problem: `${used} ${used === 1 ? 'is' : 'are'} used`,
          }),
        }),
      );
    if (sendLimits)
      taken.push(
        await take(context, {
          name: 'sends',
          limits: sendLimits,
          amount: Math.max(1, new Set(action.recipients).size),
          lease: SENDS_PER_LEASE,
          rule: 'MCP_SEND_LIMITS',
          describe: (limit, used) => ({
            allows: `allows ${rateOf(limit)}`,
            problem: `${used} ${used === 1 ? 'is' : 'are'} used`,
          }),
        }),
      );
    return taken;
  } catch (error) {
    await giveBackAll(taken);
    throw error;
  }
}

/** `50 sends an hour` */
const rateOf = ({ max, per }: Limit): string =>
  `${max} send${max === 1 ? '' : 's'} ${per === 'hour' ? 'an' : 'a'} ${per}`;

/** Those whom a request reaches, each once, as fingerprints. Throws a `PolicyError` if an address does not tell who. */
function peopleIn({ recipients }: Action, config: Config): readonly string[] {
  const people = recipients.map((given) => {
    const person = personAt(given);
    if (person === undefined)
      throw new PolicyError({
        rule: 'MCP_RECIPIENT_LIMITS',
        allows: 'limits the sends to each person',
        problem: `${shown(given)} is not in E.164`,
      });
    return fingerprint(config, 'recipient', person);
  });
  return [...new Set(people)];
}

/** What all addresses of a person have in common; undefined for a number that Twilio may read in another way. */
function personAt(given: string): string | undefined {
  const address = canonicalAddress(given);
  const person = numberOf(address) ?? address.replace(/[;?].*/, '').replace(/^(sips?):(.*?)(:\d+)?$/, 'sip:$2');
  return /^(\+\d+|\d{3,8}|(?!whatsapp|rcs|sms|tel|mms|viber)[a-z]+:\S+|[^\s@:]+@\S+)$/.test(person)
    ? person
    : undefined;
}
