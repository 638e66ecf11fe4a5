import type { Config } from '../config';
import { isUnclear, TransportError } from '../errors';
import { canonicalAddress } from '../formats';
import type { Limit } from '../limit-settings';
import { PolicyError } from '../upper-bound';
import { limitCallTime, reserveCalls } from './calls';
import { type Demand, orRefuse, take } from './counters';
import { fingerprint } from './fingerprint';
import { requireTemplate } from './message-templates';
import { refuseInQuietHours } from './quiet-hours';
import { numberOf, shown } from './rules';
import type { Action, Safeguard, SafeguardContext } from './safeguard';

/** How many sends a busy instance takes from the limit in one write. */
const SENDS_PER_LEASE = 5;

/** Counts what is sent, and refuses what goes beyond a limit. What Twilio refuses, or never gets, is not counted. */
export const limits: Safeguard = async (action, context, proceed) => {
  const { maxCallSeconds, quietHours, templatesOnly } = context.config;
  if (templatesOnly) requireTemplate(action);
  if (maxCallSeconds) limitCallTime(action, maxCallSeconds, context.call.notes);
  if (action.effect !== 'send') return proceed();
  if (quietHours) refuseInQuietHours(action, quietHours);
  const taken = await takeAll(action, context);
  const end = (sid: string | null | undefined) => context.call.ending.push(endAll(taken, sid));
  try {
    const answer = await proceed();
    const isRefused = answer.statusCode >= 400 && !isUnclear(answer.statusCode);
    end(isRefused ? null : callIn(answer.body));
    return answer;
  } catch (error) {
    if (error instanceof TransportError && !error.sent) end(null);
    throw error;
  }
};

/** What was taken, told the SID of the call that was made: undefined if unknown, null if the request was not carried out. */
type Taken = (sid: string | null | undefined) => unknown;

const endAll = (taken: readonly Taken[], sid: string | null | undefined) => Promise.all(taken.map((end) => end(sid)));

function callIn(body: unknown): string | undefined {
  const { call_sid: callSid, sid } = Object(body) as Record<string, unknown>;
  return [callSid, sid].find((value): value is string => typeof value === 'string' && value.startsWith('CA'));
}

/** Takes from every limit that is set, or from none. */
async function takeAll(action: Action, context: SafeguardContext): Promise<readonly Taken[]> {
  const { maxCalls, sendLimits, recipientLimits } = context.config;
  const describe = (whom: string) => (limit: Limit, used: number) => ({
    allows: `allows ${rateOf(limit)}${whom}`,
    problem: `${used} ${used === 1 ? 'is' : 'are'} used`,
  });
  const demands: Demand[] = [];
  for (const person of recipientLimits ? peopleIn(action, context.config) : [])
    demands.push({
      name: `to-${person}`,
      limits: recipientLimits!,
      rule: 'MCP_RECIPIENT_LIMITS',
      describe: describe(' to one person'),
    });
  if (sendLimits)
    demands.push({
      name: 'sends',
      limits: sendLimits,
      amount: Math.max(1, new Set(action.recipients).size),
      lease: SENDS_PER_LEASE,
      rule: 'MCP_SEND_LIMITS',
      describe: describe(''),
    });
  const taken: Taken[] = [];
  try {
    if (maxCalls) taken.push(await orRefuse('MCP_MAX_CALLS', reserveCalls(action, context, maxCalls)));
    for (const demand of demands) {
      const giveBack = await take(context, demand);
      taken.push((sid) => sid === null && giveBack());
    }
    return taken;
  } catch (error) {
    await endAll(taken, null).catch(() => {});
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
