/** Calls from outside to the account's phone numbers. */
import { isLoopbackUrl } from '../src/formats';
import { placeCall, redirectCall } from './rules/call-progress';
import { type Step, stepsOfTwiml, stepsOfUrl } from './rules/call-script';
import { liveOf } from './rules/live-calls';
import { ACCOUNTS_PATH, ownedNumbers } from './rules/phone';
import { flowOf, startFlow } from './rules/studio';
import { callSteps } from './rules/studio/executions';
import { DEFAULT_FROM, type Webhooks } from './webhooks';

/** A call from outside to one of the account's phone numbers. */
export interface InboundCall {
  to: string;
  from?: string;
}

const UNTIL_FETCHED: Step[] = [{ do: 'wait', seconds: null }];

/**
 * Calls one of the account's numbers, which answers with the TwiML of its webhook.
 * @throws Error if the account does not own the number, or if nothing handles its calls
 */
export async function receiveCall(webhooks: Webhooks, { to, from = DEFAULT_FROM }: InboundCall) {
  const { state } = webhooks;
  const { accountSid, store } = state;
  const number = ownedNumbers(state, accountSid).find(({ body }) => body.phone_number === to);
  if (!number) throw new Error(`The sandbox account has no number ${to}`);
  const { voice_url, voice_fallback_url, voice_application_sid } = number.body;
  const application = store.get(`${ACCOUNTS_PATH}/${accountSid}/Applications`, String(voice_application_sid));
  const url = String(application?.body.voice_url || voice_url || '');
  if (!url) throw new Error(`Nothing handles calls to ${to}: set its voiceUrl`);
  const call = placeCall(
    { accountSid, to, from, direction: 'inbound', steps: [...UNTIL_FETCHED] },
    state.clock.now(),
    state,
  );
  const fields = { CallSid: call.id, AccountSid: accountSid, To: to, From: from, Called: to, Caller: from };
  const request = { ...fields, CallStatus: 'ringing', Direction: 'inbound', ApiVersion: '2010-04-01' };
  const flow = flowOf(state, url);
  const trigger = {
    event: 'incomingCall',
    own: to,
    contact: from,
    values: { call: request },
    callSid: call.id,
  } as const;
  const steps = flow
    ? callSteps(startFlow(state, flow, trigger, state.clock.now()))
    : await fetchedSteps(webhooks, [url, String(voice_fallback_url || '')], request, call.internal);
  const live = liveOf(call);
  if (live?.stage === 'answered') redirectCall(call, steps, state.clock.now(), state);
  else if (live) live.steps = steps;
  return { sid: call.id };
}

/** The steps of the first URL that answers. Only this machine's URLs are requested. */
async function fetchedSteps(
  webhooks: Webhooks,
  [url, fallbackUrl]: string[],
  fields: Record<string, string>,
  internal: Record<string, unknown>,
): Promise<Step[]> {
  if (!isLoopbackUrl(url!)) return stepsOfUrl(url!, fallbackUrl || undefined);
  const { status, response = '' } = await webhooks.post(url!, fields);
  if (status >= 200 && status < 300) {
    const answer = { response_code: status, response_body: response };
    internal.events = [{ request: { method: 'POST', url, parameters: fields }, response: answer }];
    return stepsOfTwiml(response);
  }
  const reason = status === 0 ? 'no response' : `HTTP status ${status}`;
  const error = { code: 11200, message: `HTTP retrieval failure: ${reason}`, url };
  if (!fallbackUrl) return [{ do: 'fail', error }];
  return [{ do: 'warn', error }, ...(await fetchedSteps(webhooks, [fallbackUrl], fields, internal))];
}
