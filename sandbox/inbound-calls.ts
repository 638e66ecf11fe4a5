/** Calls from outside to the account's phone numbers. */
import { stepsAt } from './call-webhooks';
import { placeCall, redirectCall } from './rules/call-progress';
import type { Step } from './rules/call-script';
import { callbackOf, callFields } from './rules/callbacks';
import { voiceUrlsOf } from './rules/calls';
import { liveOf } from './rules/live-calls';
import { ACCOUNTS_PATH, ownedNumbers } from './rules/phone';
import { relayCall, relayOf } from './rules/proxy';
import { flowOf, startFlow } from './rules/studio';
import { callSteps, type Trigger } from './rules/studio/executions';
import type { StoredResource } from './store';
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
  const application = store.get(
    `${ACCOUNTS_PATH}/${accountSid}/Applications`,
    String(number.body.voice_application_sid),
  );
  const handler = application ?? number;
  const request = voiceUrlsOf(handler);
  const now = state.clock.now();
  const relay = relayOf(state, { from, to }, 'message-only', now);
  if (!request.url && !relay) throw new Error(`Nothing handles calls to ${to}: set its voiceUrl`);
  const call = placeCall(
    {
      ...{ accountSid, to, from, direction: 'inbound', steps: [...UNTIL_FETCHED] },
      callback: callbackOf(handler.body, 'status_callback'),
    },
    now,
    state,
  );
  const flow = flowOf(state, request.url);
  const steps = relay
    ? relayCall(state, relay, call, now)
    : flow
      ? callSteps(startFlow(state, flow, triggerOf(call), now))
      : await stepsAt(request, call, webhooks);
  const live = liveOf(call);
  if (live?.stage === 'answered') redirectCall(call, steps, state.clock.now(), state);
  else if (live) live.steps = steps;
  return { sid: call.id };
}

/** What a call starts an execution of a flow with. */
const triggerOf = (call: StoredResource): Trigger => ({
  ...{ event: 'incomingCall', own: call.body.to, contact: call.body.from },
  ...{ values: { call: callFields(call) }, callSid: call.id },
});
