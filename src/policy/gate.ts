import { type Config, publicAddresses } from '../config';
import type { HttpAnswer } from '../https';
import { boundsEffects, PolicyError, type PolicyRefusal, refusedEffect } from '../upper-bound';
import type { Gate } from '../upstream';
import { audited } from './audit';
import { type Classified, classify, type OutgoingRequest } from './classify';
import { limits } from './limits';
import { once } from './once';
import { type Rules, recipientRules, refusedRecipient, refusedSender, refusedUrl } from './rules';
import type { Action, Safeguard, SafeguardContext } from './safeguard';

/*
 * What the owner's settings let leave, decided for every request to Twilio. What cannot be told is refused where a rule
 * depends on it.
 */

/** What an action passes after the rules, the outermost first. All of them are inside the audit. */
const SAFEGUARDS: readonly Safeguard[] = [once, limits];

/** The gate of one call, for every request that changes something, reaches someone or costs money. */
export const openGate =
  (context: SafeguardContext): Gate =>
  async (request, send) => {
    // Of all reads, only lookups can be more than that.
    if (request.method.toLowerCase() === 'get' && !/\/\/lookups\./.test(request.uri)) return send();
    const found = classify(request);
    return audited({ ...found, request }, context, send, async (leave) => {
      refuseBeyondPolicy(request, found, context.config);
      return found && found.effect !== 'read' ? guarded({ ...found, request }, context, leave) : leave();
    });
  };

/** Passes an action through the safeguards, each of which decides about those after it. */
const guarded = (action: Action, context: SafeguardContext, send: () => Promise<HttpAnswer>): Promise<HttpAnswer> =>
  SAFEGUARDS.reduceRight<() => Promise<HttpAnswer>>(
    (proceed, safeguard) => () => safeguard(action, context, proceed),
    send,
  )();

/** Throws a `PolicyError` that names the rule if a request goes beyond the policy. */
function refuseBeyondPolicy(request: OutgoingRequest, found: Classified | undefined, config: Config): void {
  const restricts = {
    effects: boundsEffects(config),
    recipients: Object.keys(recipientRules(config)).length > 0,
    senders: config.senders !== undefined,
    urls: config.twimlHosts !== undefined,
    limits: config.sendLimits !== undefined,
  };
  if (!Object.values(restricts).some(Boolean)) return;
  const rules: Rules = { ...config, ownHosts: publicAddresses(config).map((url) => new URL(url).host) };
  const refusal = found ? beyondPolicy(found, request, rules, config) : unknownRequest(restricts);
  if (refusal) throw new PolicyError(refusal);
}

function beyondPolicy(
  found: Classified,
  request: OutgoingRequest,
  rules: Rules,
  config: Config,
): PolicyRefusal | undefined {
  const effect = refusedEffect(found.effect, config);
  if (effect) return { ...effect, problem: `${found.operation.id} has the effect ${found.effect}` };
  if (found.operation.method === 'DELETE') return undefined;
  return (
    unclearRecipient(found, rules) ??
    first(found.recipients, (each) => refusedRecipient(each, rules)) ??
    first([...found.urls, ...sipTargets(found, rules)], (each) => refusedUrl(each, rules)) ??
    first(sendersOf(found, request, rules), (each) => refusedSender(each, rules))
  );
}

/** SIP addresses, whose hosts count unless a rule about recipients has already allowed the address itself. */
const sipTargets = (found: Classified, { recipients, countries }: Rules): readonly string[] =>
  recipients || countries ? [] : found.recipients.filter((each) => /^\s*sips?:/i.test(each));

/** What a rule depends on must be known. */
function unclearRecipient({ operation, unclear, isReadable }: Classified, rules: Rules): PolicyRefusal | undefined {
  const depending = recipientRules(rules);
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
  const rules = {
    effects: 'MCP_ALLOW',
    recipients: 'MCP_RECIPIENTS',
    senders: 'MCP_SENDERS',
    urls: 'MCP_TWIML_HOSTS',
    limits: 'MCP_SEND_LIMITS',
  };
  const [rule] = Object.entries(rules).filter(([kind]) => restricts[kind]);
  return { rule: rule![1], allows: 'restricts what it sends', problem: 'this request is not in the catalogue' };
}
