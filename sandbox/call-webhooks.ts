/** Fetches the TwiML of calls, and makes calls progress by themselves so that their callbacks arrive. */
import { advanceAccount } from './rules';
import { resumeCall } from './rules/call-progress';
import { type Step, stepsAfterFailure, stepsElsewhere, stepsOfTwiml, type TwimlRequest } from './rules/call-script';
import { callFields } from './rules/callbacks';
import { CALLS, liveCalls, liveOf } from './rules/live-calls';
import type { StoredResource } from './store';
import type { Webhooks } from './webhooks';

/** How often calls progress if nothing reads them. */
const FOLLOWING_MS = 100;

/** Fetches the TwiML that calls wait for. */
export function serveCalls(webhooks: Webhooks): void {
  const { state } = webhooks;
  const follow = () => {
    advanceAccount(state.clock.now(), state);
    if (liveCalls(state).some(({ createdAt }) => createdAt >= state.startedAt)) webhooks.later(follow, FOLLOWING_MS);
  };
  state.events.on('change', ({ resource }) => {
    if (resource.kind === CALLS) webhooks.later(follow, FOLLOWING_MS);
  });
  state.events.on('twiml', (call) => webhooks.track(fetchTwiml(call, webhooks)));
}

/** Requests the TwiML of calls that waited for it when the sandbox stopped. */
export function resumeCalls(webhooks: Webhooks): void {
  for (const call of liveCalls(webhooks.state)) {
    if (liveOf(call)?.step?.do === 'fetch') webhooks.track(fetchTwiml(call, webhooks));
  }
}

async function fetchTwiml(call: StoredResource, webhooks: Webhooks): Promise<void> {
  const step = liveOf(call)?.step;
  if (step?.do !== 'fetch') return;
  const steps = await stepsAt(step.request, call, webhooks);
  // The call may have ended, or have been redirected.
  if (liveOf(call)?.step === step) resumeCall(call, steps, webhooks.state);
}

/** The steps of the TwiML at a URL. Only this machine's URLs are requested. */
export async function stepsAt(request: TwimlRequest, call: StoredResource, webhooks: Webhooks): Promise<Step[]> {
  const { url, method = 'POST' } = request;
  const elsewhere = stepsElsewhere(request);
  if (elsewhere) return elsewhere;
  const parameters = { ...callFields(call), ...request.fields };
  const { status, response = '' } = await webhooks.post(url, parameters, undefined, { method });
  if (status < 200 || status >= 300) {
    const reason = status === 0 ? 'no response' : `HTTP status ${status}`;
    return stepsAfterFailure(request, { code: 11200, message: `HTTP retrieval failure: ${reason}`, url });
  }
  const events = (call.internal.events ?? []) as unknown[];
  const answer = { response_code: status, response_body: response };
  call.internal.events = [...events, { request: { method, url, parameters }, response: answer }];
  const steps = stepsOfTwiml(response, url);
  return steps[0]?.do === 'fail' ? stepsAfterFailure(request, steps[0].error) : steps;
}
