import { randomUUID } from 'node:crypto';
import { isUnclear, TransportError } from '../errors';
import { isSame } from '../secrets';
import { segmentsOf } from '../segments';
import type { CurrentCall } from '../tool';
import { PolicyError, type PolicyRefusal } from '../upper-bound';
import { withoutCredential } from '../withhold';
import { areStopped, forgetRequest, isApprover, newCode, replyUntil, standingOf } from './approval-requests';
import { fingerprint } from './fingerprint';
import type { Action, Safeguard, SafeguardContext } from './safeguard';

/*
 * A person approves a call, its tool and arguments, before the first action of it leaves: in the dialog of the client, or
 * by replying to a text message. It counts once.
 */

/** The generic tool, whose effect is that of each request. */
const GENERIC = 'twilio_api_write';
/** How long an answer in a dialog counts. */
const ANSWER_MS = 5 * 60_000;
const USED_STATES = 'approvals-used';
const MAX_SEGMENTS = 10;

/** Lets an action leave once a person has approved its call, and none while agents are stopped. */
export const approved: Safeguard = async (action, context, proceed) => {
  const { config, call } = context;
  if (config.approver !== undefined) await refuseApproverAndStop(action, context);
  const effects: readonly string[] = config.approve ?? [];
  const ofTool = call.tool?.name === GENERIC ? undefined : call.tool?.effect;
  const needsApproval = effects.includes(action.effect) || effects.includes(ofTool ?? '');
  if (needsApproval || decisions.has(call)) await decisionOf(action, context);
  else unasked.add(call);
  return proceed();
};

async function refuseApproverAndStop({ recipients, senders }: Action, context: SafeguardContext): Promise<void> {
  const { approver } = context.config;
  const rule = 'MCP_APPROVER';
  if ([...recipients, ...senders].some((address) => isApprover(address, approver)))
    throw new PolicyError({
      rule,
      allows: 'keeps its approver out of reach',
      problem: 'the request names that number',
    });
  const stopped = await fromStore(() => areStopped(context), rule);
  if (stopped)
    throw new PolicyError(
      { rule, allows: 'only reads while its approver has stopped agents', problem: 'STOP AGENT is in force' },
      'only the approver can end that, with START AGENT',
    );
}

/** What the store says; if it cannot be reached, a refusal. */
async function fromStore<T>(read: () => Promise<T>, rule = 'MCP_APPROVE'): Promise<T> {
  try {
    return await read();
  } catch {
    throw new PolicyError(
      { rule, allows: 'asks its store before it acts', problem: 'the store did not answer' },
      'try again in a minute',
    );
  }
}

/** All actions of a call share its decision, those too that need none themselves. */
const decisions = new WeakMap<CurrentCall, Promise<void>>();
/** Calls that have acted without one. */
const unasked = new WeakSet<CurrentCall>();

function decisionOf(action: Action, context: SafeguardContext): Promise<void> {
  const { call } = context;
  const decision = decisions.get(call) ?? decide(action, context);
  decisions.set(call, decision);
  return decision;
}

const unapproved = ({ config: { approve = [] } }: SafeguardContext, problem: string): PolicyRefusal => ({
  rule: 'MCP_APPROVE',
  allows: `has a person approve ${approve.join(', ')}`,
  problem,
});

/** Returns if the call is approved. Otherwise it asks, if that is possible, and throws a `PolicyError`. */
async function decide(action: Action, context: SafeguardContext): Promise<void> {
  const { call, config } = context;
  const { dialog } = call;
  if (unasked.has(call))
    throw new PolicyError(unapproved(context, 'this call has done a part already'), 'make separate calls');
  if (dialog && config.approveBy === 'any') return decideInDialog(dialog, action, context);
  if (config.approver !== undefined && config.authToken !== undefined) return decideByText(action, context);
  throw new PolicyError(
    unapproved(context, 'this client cannot ask its user, and there is nobody to ask by text message'),
    'the owner can set MCP_APPROVER and AUTH_TOKEN, or use a client with elicitation',
  );
}

/** Stands for a call: equal calls of one client are the same. */
const markOf = ({ config, client, call: { tool, args } }: SafeguardContext) =>
  fingerprint(config, 'approval of a call', [tool?.name, args, client]);

async function decideInDialog(
  { answer, state = '' }: NonNullable<CurrentCall['dialog']>,
  action: Action,
  context: SafeguardContext,
): Promise<void> {
  const { call, config, store } = context;
  if (answer === 'declined') throw new PolicyError(unapproved(context, 'the user declined'), 'do not try again');
  const seal = (expires: string, id: string) =>
    fingerprint(config, 'answer in a dialog', [markOf(context), expires, id]);
  const [expires = '', id = '', given = ''] = state.split('.');
  const isValid = answer === 'approved' && isSame(given, seal(expires, id)) && Date.now() < Number(expires);
  if (isValid && (await fromStore(() => store.add(USED_STATES, id, {}, ANSWER_MS / 1000)))) return;
  const fresh = [String(Date.now() + ANSWER_MS), randomUUID()] as const;
  call.instead = { question: describeCall(action, context), state: [...fresh, seal(...fresh)].join('.') };
  throw new PolicyError(unapproved(context, 'the user has not been asked yet'));
}

async function decideByText(action: Action, context: SafeguardContext): Promise<void> {
  const { call } = context;
  const code = newCode();
  const text = `${describeCall(action, context)}\nReply YES ${code} to allow, NO ${code} to refuse.`;
  // What is approved is shown in full.
  if (segmentsOf(text).segments > MAX_SEGMENTS)
    throw new PolicyError(unapproved(context, 'the call is too long for a text message to the approver'), 'shorten it');
  const standing = await fromStore(() => standingOf(markOf(context), code, context));
  if (standing.is === 'approved') return;
  if (standing.is === 'refused')
    throw new PolicyError(unapproved(context, 'the approver refused this call'), 'leave it');
  const until = 'until' in standing ? standing.until : replyUntil();
  const time = new Date(until).toISOString();
  if (standing.is === 'too many')
    throw new PolicyError(unapproved(context, 'the approver has been asked often enough'), `wait until ${time}`);
  if (standing.is === 'new') await sendQuestion(text, code, context);
  call.instead = {
    pending:
      `Nothing was done yet: the approver was asked by text message and can reply until ${time}. ` +
      'To go on, repeat the same call with the same arguments; it is carried out once it is approved.',
    until: time,
  };
  throw new PolicyError(unapproved(context, 'the approver has not replied yet'), `repeat the same call until ${time}`);
}

/** Texts the approver. Throws a `PolicyError` if the message was surely not sent. */
async function sendQuestion(text: string, code: string, context: SafeguardContext): Promise<void> {
  const { config, requests } = context;
  const { approver, approverFrom = config.messagingServiceSid ?? config.phoneNumber } = config;
  const sender = approverFrom?.startsWith('MG') ? 'MessagingServiceSid' : 'From';
  const request = {
    method: 'post' as const,
    uri: `https://api.twilio.com/2010-04-01/Accounts/${requests.accountSid}/Messages.json`,
    data: { To: approver, [sender]: approverFrom, Body: text },
  };
  const isUnsent = await requests.request(request).then(
    ({ statusCode }) => statusCode >= 400 && !isUnclear(statusCode),
    (error: unknown) => error instanceof TransportError && !error.sent,
  );
  if (!isUnsent) return;
  await forgetRequest(code, context);
  throw new PolicyError(
    unapproved(context, 'the text message to the approver could not be sent'),
    'the owner can correct MCP_APPROVER and MCP_APPROVER_FROM',
  );
}

/** A call in words that leave nothing of it out: texts are quoted, so that none of them passes for another part. */
function describeCall(
  { senders, recipients }: Action,
  { call: { tool, args = {} }, client }: SafeguardContext,
): string {
  const given = JSON.stringify(args);
  const quoted = (value: unknown) =>
    (JSON.stringify(value, withoutCredential) ?? '').replace(
      /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu,
      (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  const lines = Object.entries(args).map(([name, value]) => `${name}: ${quoted(withoutCredential(name, value))}`);
  // What the settings add, such as the default sender.
  for (const [name, addresses] of [['from', senders] as const, ['to', recipients] as const]) {
    const added = addresses.filter((address) => !given.includes(JSON.stringify(address)));
    if (added.length > 0) lines.push(`${name}: ${quoted(added.join(', '))}`);
  }
  return [`The agent ${client ?? 'without a name'} asks to: ${tool?.title} (${tool?.name})`, ...lines].join('\n');
}
