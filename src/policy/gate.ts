import { publicAddresses } from '../config';
import type { HttpAnswer } from '../https';
import { boundsEffects, PolicyError, type PolicyRefusal, refusedEffect } from '../upper-bound';
import type { Gate } from '../upstream';
import { type Classified, classify, type OutgoingRequest } from './classify';
import { contactsAmong } from './contacts';
import { withReached } from './reached';
import { type Rules, refusedRecipient, refusedSender, refusedUrl } from './rules';
import type { Action, Safeguard, SafeguardContext } from './safeguard';

/*
 * What the owner's settings let leave, decided for every request to Twilio. What cannot be told is refused where a rule
 * depends on it.
 */

/** What an action passes after the rules, the outermost first. */
const SAFEGUARDS: readonly Safeguard[] = [];

/** The gate of one call, for every request that changes something, reaches someone or costs money. */
export const openGate =
  (context: SafeguardContext): Gate =>
  async (request, send) => {
    // Of all reads, only lookups can be more than that.
    if (request.method.toLowerCase() === 'get' && !/\/\/lookups\./.test(request.uri)) return send();
    const found = classify(request);
    const pass = async () => {
      const allowed = await withinPolicy(request, found, context);
      return allowed ? guarded({ ...allowed, request }, context, send) : send();
    };
    return pass();
  };

/** Passes an action through the safeguards, each of which decides about those after it. */
const guarded = (action: Action, context: SafeguardContext, send: () => Promise<HttpAnswer>): Promise<HttpAnswer> =>
  SAFEGUARDS.reduceRight<() => Promise<HttpAnswer>>(
    (proceed, safeguard) => () => safeguard(action, context, proceed),
    send,
  )();

/**
 * What a request does, with those whom it reaches as far as a rule depends on them. Throws a `PolicyError` that names the
 * rule if the request goes beyond the policy.
 */
async function withinPolicy(
  request: OutgoingRequest,
  found: Classified | undefined,
  context: SafeguardContext,
): Promise<Classified | undefined> {
  const { config } = context;
  const restricts = {
    effects: boundsEffects(config),
    recipients: config.recipients !== undefined || config.countries !== undefined,
    senders: config.senders !== undefined,
    urls: config.twimlHosts !== undefined,
  };
  if (!Object.values(restricts).some(Boolean)) return found;
  if (found === undefined) throw new PolicyError(unknownRequest(restricts));
  const { operation, effect } = found;
  const bound = refusedEffect(effect, config);
  if (bound) throw new PolicyError({ ...bound, problem: `${operation.id} has the effect ${effect}` });
  if (operation.method === 'DELETE') return found;
  const requests = () => context.requests;
  const dependsOnPeople = restricts.recipients || restricts.senders;
  const reached = dependsOnPeople ? await withReached(found, request, requests) : found;
  const basic: Rules = { ...config, ownHosts: publicAddresses(config).map((url) => new URL(url).host) };
  const rules = { ...basic, contacts: await contactsAmong(reached.recipients, basic, requests) };
  const refusal =
    unclearRecipient(reached, rules) ??
    first(reached.recipients, (each) => refusedRecipient(each, rules)) ??
    first([...reached.urls, ...sipTargets(reached, rules)], (each) => refusedUrl(each, rules)) ??
    first(sendersOf(reached, request, rules), (each) => refusedSender(each, rules));
  if (refusal) throw new PolicyError(refusal);
  return reached;
}

/** SIP addresses, whose hosts count unless a rule about recipients has already allowed the address itself. */
const sipTargets = (found: Classified, { recipients, countries }: Rules): readonly string[] =>
  recipients || countries ? [] : found.recipients.filter((each) => /^\s*sips?:/i.test(each));

/** What a rule depends on must be known. */
function unclearRecipient({ operation, unclear, isReadable }: Classified, rules: Rules): PolicyRefusal | undefined {
  const depending = { MCP_RECIPIENTS: rules.recipients, MCP_COUNTRIES: rules.countries };
  const all = { ...depending, MCP_SENDERS: rules.senders, MCP_TWIML_HOSTS: rules.twimlHosts };
  const [rule] = Object.entries(isReadable ? depending : all).find(([, value]) => value !== undefined) ?? [];
  if (unclear === undefined || rule === undefined) return undefined;
  return { rule, allows: 'restricts whom it sends to', problem: `of ${operation.id}, ${unclear}` };
}

/** The senders of a request. Where the service in its path chooses the sender, that service. */
function sendersOf(
  { operation, effect, senders }: Classified,
  { uri }: OutgoingRequest,
  rules: Rules,
): readonly string[] {
  if (senders.length > 0 || effect !== 'send' || operation.addresses?.reaches === 'present') return senders;
  const segments = new URL(uri).pathname.split('/');
  return segments.some((segment) => rules.senders?.includes(segment)) ? [] : [operation.id];
}

const first = (
  items: readonly string[],
  refused: (item: string) => PolicyRefusal | undefined,
): PolicyRefusal | undefined => {
  for (const item of items) {
    const refusal = refused(item);
    if (refusal) return refusal;
  }
  return undefined;
};

/** Why a request that the catalogue does not have may not leave. */
function unknownRequest(restricts: Record<string, boolean>): PolicyRefusal {
  const rules = { effects: 'MCP_ALLOW', recipients: 'MCP_RECIPIENTS', senders: 'MCP_SENDERS', urls: 'MCP_TWIML_HOSTS' };
  const [rule] = Object.entries(rules).filter(([kind]) => restricts[kind]);
  return { rule: rule![1], allows: 'restricts what it sends', problem: 'this request is not in the catalogue' };
}
