import type { Config } from '../config';
import { E164 } from '../formats';
import { segmentsOf } from '../segments';
import { settings } from '../settings';
import { PolicyError, type PolicyRefusal } from '../upper-bound';
import { withoutCredential } from '../withhold';
import { priceOf } from './prices';
import type { Action, Safeguard } from './safeguard';

/*
 * In a dry run, every request that would do something stops here, and the answer shows it.
 */

/** What a dry run says of any request that it stops. */
export const DRY_RUN: Omit<PolicyRefusal, 'problem'> = { rule: 'MCP_DRY_RUN', allows: 'only shows what it would do' };

/** Notes what an action would do, for the answer, and stops it. */
export const dryRun: Safeguard = async (action, context, proceed) => {
  const { call, config, dryRun: isOn } = context;
  if (!isOn) return proceed();
  const estimatedPrice = await priceOf(action, context);
  call.planned.push({ ...planOf(action, config), ...(estimatedPrice && { estimatedPrice }) });
  throw new PolicyError({ ...DRY_RUN, problem: `${action.operation.id} was not sent` });
};

/** Rules that the request alone decides. */
const STATIC_RULES = ['allow', 'readOnly', 'stop', 'recipients', 'countries', 'senders', 'twimlHosts'];

/** Settings of the policy that decide about no single request. */
const REFUSING_NOTHING = ['dryRun', 'audit', 'auditDays', 'repeatSeconds'];

function planOf({ operation, effect, recipients, senders, values, request, refusal }: Action, config: Config) {
  const text = values.Body?.[0];
  const { recipients: to = [], senders: from = [] } = operation.addresses ?? {};
  const shown = [...to, ...from, ...(text === undefined ? [] : ['Body'])];
  const others = Object.entries(values).filter(([name]) => !shown.includes(name));
  const parameters = Object.fromEntries(others.map(([name, all]) => [name, all.length > 1 ? all : all[0]]));
  const isSms =
    operation.id === 'api_v2010:CreateMessage' &&
    values.MediaUrl === undefined &&
    recipients.every((each) => E164.test(each));
  return {
    operation: operation.id,
    effect,
    request: `${operation.method} ${request.uri}`,
    ...(recipients.length > 0 && { recipients }),
    ...(senders.length > 0 && { senders }),
    ...(text !== undefined && { text }),
    ...(isSms && text !== undefined && segmentsOf(String(text))),
    ...(others.length > 0 && { parameters: JSON.parse(JSON.stringify(parameters, shortened)) }),
    ...rulesFor(refusal, config),
  };
}

/** Which rules an action breaks, or passes, and which are decided only when it is sent. */
function rulesFor(refusal: PolicyRefusal | undefined, config: Config) {
  const set = settings().filter(
    ({ role, key }) => role === 'policy' && !REFUSING_NOTHING.includes(key) && config[key as keyof Config],
  );
  const [passes, later] = [true, false].map((isStatic) =>
    set.filter(({ key }) => STATIC_RULES.includes(key) === isStatic).map(({ variable }) => variable),
  );
  return {
    ...(refusal ? { breaks: new PolicyError(refusal).reason } : passes!.length > 0 && { passes }),
    ...(later!.length > 0 && { decidedWhenSent: later }),
  };
}

/** The longest text of a parameter that is shown whole. */
const MAX_SHOWN_CHARS = 2000;

function shortened(name: string, value: unknown): unknown {
  if (value instanceof Blob) return `[file of ${value.size} bytes]`;
  if (typeof value === 'string' && value.length > MAX_SHOWN_CHARS)
    return `${value.slice(0, MAX_SHOWN_CHARS)}… (${value.length} characters)`;
  return withoutCredential(name, value);
}
