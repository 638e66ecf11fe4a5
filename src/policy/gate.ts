import { publicAddresses } from '../config';
import type { HttpAnswer } from '../https';
import { boundsEffects, PolicyError, type PolicyRefusal, refusedEffect } from '../upper-bound';
import type { Gate } from '../upstream';
import { approved } from './approval';
import { withoutApprover } from './approver';
import { audited } from './audit';
import { type Classified, classify, type OutgoingRequest } from './classify';
import { contactsAmong } from './contacts';
import { DRY_RUN, dryRun } from './dry-run';
import { limits } from './limits';
import { once } from './once';
import { withReached } from './reached';
import { type Rules, recipientRules, refusedRecipient, refusedSender, refusedUrl } from './rules';
import type { Action, Safeguard, SafeguardContext } from './safeguard';
import { spend } from './spend';

/*
 * What the owner's settings let leave, decided for every request to Twilio. What cannot be told is refused where a rule
 * depends on it.
 */

/** What an action passes after the rules, the outermost first. All of them are inside the audit. */
const SAFEGUARDS: readonly Safeguard[] = [dryRun, approved, once, spend, limits];

/** The gate of one call, for every request that changes something, reaches someone or costs money. */
export const openGate =
  (context: SafeguardContext): Gate =>
  async (request, leave) => {
    const send = async () => withoutApprover(await leave(), request, context.config);
    // Of all reads, only lookups can be more than that.
    if (request.method.toLowerCase() === 'get' && !/\/\/lookups\./.test(request.uri)) return send();
    const found = classify(request);
    const pass = async (leave: () => Promise<HttpAnswer>) => {
      if (found?.effect === 'read') return leave();
      const { action, refusal } = await judged(request, found, context);
      if (refusal && !(action && context.dryRun)) throw new PolicyError(refusal);
      if (action) return guarded({ ...action, request, ...(refusal && { refusal }) }, context, leave);
      if (context.dryRun) throw new PolicyError({ ...DRY_RUN, problem: 'this request is not in the catalogue' });
      return leave();
    };
    // A dry run does nothing that could be recorded.
    return context.dryRun ? pass(send) : audited({ ...found, request }, context, send, pass);
  };

/** Passes an action through the safeguards, each of which decides about those after it. */
const guarded = (action: Action, context: SafeguardContext, send: () => Promise<HttpAnswer>): Promise<HttpAnswer> =>
  SAFEGUARDS.reduceRight<() => Promise<HttpAnswer>>(
    (proceed, safeguard) => () => safeguard(action, context, proceed),
    send,
  )();

interface Judgement {
  /** What the request does, with those whom it reaches as far as a rule depends on them. */
  action?: Classified | undefined;
  /** Why it goes beyond the policy, if it does. */
  refusal?: PolicyRefusal | undefined;
}

/** What the rules that need no counter say of a request. */
async function judged(
  request: OutgoingRequest,
  found: Classified | undefined,
  context: SafeguardContext,
): Promise<Judgement> {
  const { config } = context;
  const restricts = {
    effects: boundsEffects(config),
    recipients: Object.keys(recipientRules(config)).length > 0,
    senders: config.senders !== undefined,
    urls: config.twimlHosts !== undefined,
    limits: Boolean(
      config.sendLimits || config.quietHours || config.maxCalls || config.maxCallSeconds || config.templatesOnly,
    ),
    spend: config.spendPerDay !== undefined,
    approval: config.approve !== undefined || config.approver !== undefined,
  };
  if (!Object.values(restricts).some(Boolean)) return { action: found };
  if (found === undefined) return { refusal: unknownRequest(restricts) };
  const { operation, effect } = found;
  const bound = refusedEffect(effect, config);
  if (bound) return { action: found, refusal: { ...bound, problem: `${operation.id} has the effect ${effect}` } };
  if (operation.method === 'DELETE') return { action: found };
  const requests = () => context.requests;
  const dependsOnPeople = restricts.recipients || restricts.senders;
  const action = dependsOnPeople ? await withReached(found, request, requests) : found;
  const basic: Rules = { ...config, ownHosts: publicAddresses(config).map((url) => new URL(url).host) };
  const rules = { ...basic, contacts: await contactsAmong(action.recipients, basic, requests) };
  const refusal =
    unclearRecipient(action, rules) ??
    first(action.recipients, (each) => refusedRecipient(each, rules)) ??
    first([...action.urls, ...sipTargets(action, rules)], (each) => refusedUrl(each, rules)) ??
    first(sendersOf(action, request, rules), (each) => refusedSender(each, rules));
  return { action, refusal };
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
    spend: 'MCP_SPEND_PER_DAY',
    approval: 'MCP_APPROVE',
  };
  const [rule] = Object.entries(rules).filter(([kind]) => restricts[kind]);
  return { rule: rule![1], allows: 'restricts what it sends', problem: 'this request is not in the catalogue' };
}
