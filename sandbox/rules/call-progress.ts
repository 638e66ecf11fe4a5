/** Calls as they happen: they ring, are answered, do what their TwiML says, and end. */
import { rfc2822 } from '../dates';
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { StoredResource } from '../store';
import type { SandboxState } from '../types';
import { reportCallError } from './alerts';
import { CONVERSATION_SECONDS, type DialStep, type Step, speakingTime, stepsElsewhere } from './call-script';
import { recordingFields, reportCallStatus, type StatusCallback } from './callbacks';
import { joinConference, leaveConference, participationOf } from './conferences';
import { interrupt, type LiveCall, liveCalls, liveOf, passTime, suspend, wait } from './live-calls';
import { ACCOUNTS_PATH, CALL_OUTCOMES, nationalFormat, ownedNumbers } from './phone';
import { callPrice } from './prices';
import { findQueue, joinQueue, leaveQueue, membersOf } from './queues';
import { finishRecordings, startRecording } from './recordings';
import { continueCall } from './studio/executions';

/** Seconds until a call rings, and until it is answered. */
const SECONDS = { queued: 0.3, ringing: 0.4 };
const UNREACHABLE_NUMBER = 'Dial: Twilio does not support calling this number or the number is invalid';

/** What the sandbox's people and answering machines say. */
const SAYINGS = {
  person: 'Hello?',
  machine: 'You have reached the voicemail of the person you called. Please leave a message after the tone.',
  message: 'Hi, please call me back when you have a moment. Thank you.',
  applicationError: 'We are sorry, an application error has occurred. Goodbye.',
};

interface NewCall {
  accountSid: string;
  to: string;
  from: string;
  direction: 'outbound-api' | 'outbound-dial' | 'inbound';
  parentCallSid?: string;
  steps: Step[];
  timeout?: number;
  timeLimit?: number;
  detection?: LiveCall['detection'];
  conferenceSid?: string;
  callback?: StatusCallback;
}

/** Properties of a call that has just been created. */
export function newCallProperties(call: NewCall, sid: string, state: SandboxState) {
  const { accountSid, to, from, direction, parentCallSid = null } = call;
  const own = direction === 'inbound' ? to : from;
  const number = ownedNumbers(state, accountSid).find(({ body }) => body.phone_number === own);
  const path = `/2010-04-01/Accounts/${accountSid}/Calls/${sid}`;
  const parts =
    'notifications recordings payments events siprec streams transcriptions user_defined_message_subscriptions user_defined_messages';
  const fileOf = (part: string) => part.replaceAll(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());
  return {
    ...{ to, to_formatted: nationalFormat(to), from, from_formatted: nationalFormat(from), direction },
    ...{
      phone_number_sid: number?.id ?? null,
      parent_call_sid: parentCallSid,
      status: direction === 'inbound' ? 'ringing' : 'queued',
    },
    ...{ start_time: null, end_time: null, duration: null, price: null, price_unit: 'USD', answered_by: null },
    ...{ caller_name: null, forwarded_from: null, group_sid: null, trunk_sid: null, queue_time: '0' },
    ...{ api_version: '2010-04-01' },
    subresource_uris: Object.fromEntries(parts.split(' ').map((part) => [part, `${path}/${fileOf(part)}.json`])),
  };
}

const isInbound = ({ body }: StoredResource): boolean => body.direction === 'inbound';

/** Lets a stored call ring; what comes of that depends on its number. */
export function startCall(resource: StoredResource, call: NewCall, at: number, state: SandboxState): void {
  const outcome = CALL_OUTCOMES[call.to] ?? 'answered';
  const live: LiveCall = {
    ...{ stage: 'queued', outcome: outcome === 'machine' ? 'answered' : outcome, isMachine: outcome === 'machine' },
    ...{ detection: call.detection, timeout: call.timeout ?? 60, timeLimit: call.timeLimit ?? 14_400 },
    ...{ due: at, delay: 0, since: at, talked: 0, steps: call.steps, spoken: [], conferenceSid: call.conferenceSid },
  };
  resource.internal.live = live;
  resource.internal.statusCallback = call.callback;
  wait(live, at, SECONDS.queued, state);
}

/** Stores a call and lets it ring. */
export function placeCall(call: NewCall, at: number, state: SandboxState): StoredResource {
  const sid = newSid('CA');
  const resource = seedResource(state, {
    fetchOperation: 'api_v2010:FetchCall',
    params: { AccountSid: call.accountSid },
    known: { sid, ...newCallProperties(call, sid, state) },
    at,
  });
  startCall(resource, call, at, state);
  state.events.emit('change', { resource, change: 'created' });
  return resource;
}

/** Lets everything happen that is due, in order of time. */
export function advanceCalls(now: number, state: SandboxState): void {
  let calls = liveCalls(state);
  for (;;) {
    const due = calls.filter((call) => (liveOf(call)?.due ?? Number.POSITIVE_INFINITY) <= now);
    if (due.length === 0) return;
    const call = due.reduce((first, each) => (liveOf(each)!.due < liveOf(first)!.due ? each : first));
    happen(call, state);
    // A <Dial> has made new calls.
    if (liveOf(call)?.step?.do === 'dial') calls = liveCalls(state);
  }
}

function happen(call: StoredResource, state: SandboxState): void {
  const live = liveOf(call)!;
  const at = live.due;
  if (live.stage === 'answered') {
    passTime(live, at, state);
    if (live.ends) return void endCall(call, 'completed', at, state);
    finishStep(call, at, state);
    return void nextStep(call, at, state);
  }
  if (live.ends) return void endCall(call, 'canceled', at, state);
  const [first] = live.steps;
  if (live.stage === 'ringing' && isInbound(call) && first?.do === 'reject') {
    return void endCall(call, first.status, at, state);
  }
  if (live.stage === 'ringing' && live.outcome === 'answered') return void answer(call, at, state);
  if (live.stage === 'ringing') return void endCall(call, live.outcome, at, state);
  if (!isInbound(call)) setCallStatus(call, 'initiated', at, state);
  if (live.outcome === 'failed') {
    reportCallError(call, { code: 13224, message: UNREACHABLE_NUMBER }, 'error', at, state);
    return void endCall(call, 'failed', at, state);
  }
  live.stage = 'ringing';
  live.since = at;
  setCallStatus(call, 'ringing', at, state);
  wait(live, at, live.outcome === 'no-answer' ? live.timeout : SECONDS.ringing, state);
}

function answer(call: StoredResource, at: number, state: SandboxState): void {
  const live = liveOf(call)!;
  Object.assign(live, { stage: 'answered', since: at });
  call.body.start_time = rfc2822(new Date(at));
  setCallStatus(call, 'in-progress', at, state);
  const greeting = live.isMachine ? SAYINGS.machine : SAYINGS.person;
  if (!isInbound(call)) say(live, 'person', greeting, 0);
  if (live.detection) {
    const machine = live.detection === 'Enable' ? 'machine_start' : 'machine_end_beep';
    call.body.answered_by = live.isMachine ? machine : 'human';
  }
  const { record } = call.internal;
  if (record) startRecording(call, { source: 'OutboundAPI', ...(record as object) }, at, state);
  connectToParent(call, at, state);
  // Detecting the end of a greeting delays the TwiML until then.
  if (live.isMachine && live.detection === 'DetectMessageEnd') wait(live, at, speakingTime(greeting), state);
  else nextStep(call, at, state);
}

function say(live: LiveCall, by: 'person' | 'twiml', text: string, after: number): void {
  const from = live.talked + after;
  live.spoken.push({ by, text, from, until: from + speakingTime(text) });
}

function nextStep(call: StoredResource, at: number, state: SandboxState): void {
  const live = liveOf(call)!;
  const step = live.steps.shift();
  live.step = step;
  switch (step?.do) {
    case undefined:
    case 'hangUp':
    case 'reject':
      return void endCall(call, 'completed', at, state);
    case 'say':
      say(live, 'twiml', step.text, 0);
      return void wait(live, at, step.seconds, state);
    case 'wait':
      return void wait(live, at, step.seconds, state);
    case 'record':
      startRecording(call, { source: 'RecordVerb', transcribe: step.transcribe, callback: step.callback }, at, state);
      say(live, 'person', SAYINGS.message, 0);
      return void wait(live, at, step.seconds, state);
    case 'fetch': {
      const elsewhere = stepsElsewhere(step.request);
      step.request.fields = { ...step.request.fields, ...live.result };
      live.result = undefined;
      suspend(live);
      if (!elsewhere) return void state.events.emit('twiml', call);
      live.steps = elsewhere;
      return void nextStep(call, at, state);
    }
    case 'warn':
      reportCallError(call, step.error, 'warning', at, state);
      return void wait(live, at, 0, state);
    case 'fail':
      reportCallError(call, step.error, 'error', at, state);
      say(live, 'twiml', SAYINGS.applicationError, 0);
      live.steps = [];
      return void wait(live, at, speakingTime(SAYINGS.applicationError), state);
    case 'dial':
      dial(call, step, at, state);
      return void wait(live, at, step.timeout, state);
    case 'enqueue':
      live.result = step.workflowSid ? undefined : joinQueue(call, step.name, at, state);
      if (live.result) return void nextStep(call, at, state);
      wait(live, at, null, state);
      return void connectWaiting(call, step.name, at, state);
    case 'dialQueue':
      wait(live, at, step.timeout, state);
      return void connectFirst(call, step, at, state);
    case 'conference':
      joinConference(call, step, at, state);
      return void wait(live, at, null, state);
    case 'flow':
      live.steps = continueCall(state, step.execution, at);
      return void nextStep(call, at, state);
  }
}

function finishStep(call: StoredResource, at: number, state: SandboxState): void {
  const live = liveOf(call)!;
  live.result = undefined;
  if (live.step?.do === 'record') {
    const [recording] = finishRecordings(call, at, state, 'RecordVerb');
    live.result = recording && recordingFields(recording);
  }
  if (live.step?.do === 'conference') leaveConference(call, at, state);
  if (live.step?.do === 'dial') {
    finishRecordings(call, at, state, 'DialVerb');
    for (const child of childrenOf(call, state)) {
      endCall(child, liveOf(child)!.stage === 'answered' ? 'completed' : 'no-answer', at, state);
    }
    live.result = dialResult(call, state);
  }
  if (live.step?.do === 'enqueue') {
    const left = live.dequeued ?? leaveQueue(call, at, state);
    live.result = left && { ...left, QueueResult: live.dequeued ? 'bridged' : 'redirected' };
  }
  if (live.step?.do === 'dialQueue') live.result = { DialCallStatus: live.bridgedTo ? 'completed' : 'no-answer' };
  separate(call, at, state);
  live.step = undefined;
}

// ---------------------------------------------------------------- <Dial>

function dial(call: StoredResource, step: DialStep, at: number, state: SandboxState): void {
  const { body } = call;
  const accountSid = String(body.account_sid);
  const from = step.callerId ?? String(body.from);
  const shared = { accountSid, from, direction: 'outbound-dial', parentCallSid: call.id } as const;
  const steps: Step[] = [{ do: 'wait', seconds: null }];
  for (const target of step.targets) placeCall({ ...shared, ...target, steps, timeout: step.timeout }, at, state);
  if (step.targets.length === 0) interrupt(call, at);
}

const childrenOf = (call: StoredResource, state: SandboxState): StoredResource[] =>
  liveCalls(state).filter(({ body }) => body.parent_call_sid === call.id);

function parentOf(call: StoredResource, state: SandboxState): StoredResource | undefined {
  const { account_sid, parent_call_sid } = call.body;
  if (!parent_call_sid) return undefined;
  const parent = state.store.get(`${ACCOUNTS_PATH}/${account_sid}/Calls`, String(parent_call_sid));
  return parent && liveOf(parent)?.step?.do === 'dial' ? parent : undefined;
}

/** The first who answers is connected; the others stop ringing. */
function connectToParent(child: StoredResource, at: number, state: SandboxState): void {
  const parent = parentOf(child, state);
  if (!parent) return;
  for (const other of childrenOf(parent, state)) if (other !== child) endCall(other, 'no-answer', at, state);
  const live = liveOf(parent)!;
  passTime(live, at, state);
  const step = live.step as DialStep;
  const { channels, recordingCallback: callback } = step;
  if (step.record) startRecording(parent, { source: 'DialVerb', channels, callback }, at, state);
  wait(live, at, step.seconds, state);
}

// ---------------------------------------------------------------- queues

const callWith = (sid: string, { collection }: StoredResource, { store }: SandboxState) => store.get(collection, sid);

/** Connects a call to the one that it names, or to the first in the queue; otherwise it waits for one. */
function connectFirst(
  call: StoredResource,
  { name, callSid }: Extract<Step, { do: 'dialQueue' }>,
  at: number,
  state: SandboxState,
): void {
  const queue = findQueue(call.body.account_sid, name, state);
  const sid = callSid ?? (queue && membersOf(state, queue)[0]?.id);
  const waiting = sid && callWith(sid, call, state);
  const live = waiting ? liveOf(waiting) : undefined;
  if (waiting && live?.step?.do === 'enqueue' && !live.bridgedTo) bridge([call, waiting], at, state);
  else if (callSid) interrupt(call, at);
}

/** Connects a call that joined a queue to one that waits for it. */
function connectWaiting(call: StoredResource, name: string, at: number, state: SandboxState): void {
  const dialing = liveCalls(state).find((each) => {
    const { step, bridgedTo } = liveOf(each)!;
    return step?.do === 'dialQueue' && !step.callSid && step.name === name && !bridgedTo;
  });
  if (dialing) bridge([dialing, call], at, state);
}

function bridge([dialing, waiting]: [StoredResource, StoredResource], at: number, state: SandboxState): void {
  const live = liveOf(waiting)!;
  live.dequeued = leaveQueue(waiting, at, state) ?? {};
  liveOf(dialing)!.bridgedTo = waiting.id;
  live.bridgedTo = dialing.id;
  for (const call of [dialing, waiting]) {
    passTime(liveOf(call)!, at, state);
    wait(liveOf(call)!, at, CONVERSATION_SECONDS, state);
  }
}

/** Makes the call that this one talked to go on. */
function separate(call: StoredResource, at: number, state: SandboxState): void {
  const live = liveOf(call)!;
  const other = live.bridgedTo && callWith(live.bridgedTo, call, state);
  live.bridgedTo = undefined;
  live.dequeued = undefined;
  if (other && liveOf(other)?.bridgedTo === call.id) interrupt(other, at);
}

/** What became of a <Dial>: the call that was answered, otherwise the last one. */
function dialResult(call: StoredResource, state: SandboxState): Record<string, string> {
  const legs = state.store.list(call.collection).filter(({ body }) => body.parent_call_sid === call.id);
  const leg = legs.findLast(({ body }) => body.status === 'completed') ?? legs.at(-1);
  if (!leg) return { DialCallStatus: 'failed' };
  const { status, duration } = leg.body;
  const isAnswered = status === 'completed';
  return {
    ...{ DialCallSid: leg.id, DialCallStatus: String(status), DialBridged: String(isAnswered) },
    ...(isAnswered && { DialCallDuration: String(duration) }),
  };
}

// ---------------------------------------------------------------- the end

/** Gives a call the steps of the TwiML that it waits for. No time has passed for it. */
export function resumeCall(call: StoredResource, steps: Step[], state: SandboxState): void {
  const live = liveOf(call)!;
  live.steps = steps;
  interrupt(call, live.since);
  advanceCalls(state.clock.now(), state);
}

/** Gives a live call new steps from now on. */
export function redirectCall(call: StoredResource, steps: Step[], at: number, state: SandboxState): void {
  const live = liveOf(call)!;
  passTime(live, at, state);
  finishStep(call, at, state);
  live.steps = steps;
  nextStep(call, at, state);
}

/** Ends a call: its step, its recordings and, unless others still ring, the <Dial> of its parent. */
export function endCall(call: StoredResource, status: string, at: number, state: SandboxState): void {
  const live = liveOf(call);
  if (!live) return;
  const wasAnswered = live.stage === 'answered';
  if (wasAnswered && live.since < at) passTime(live, at, state);
  finishStep(call, at, state);
  if (participationOf(call, state)) leaveConference(call, at, state);
  finishRecordings(call, at, state);
  const date = rfc2822(new Date(at));
  const seconds = wasAnswered ? Math.max(1, Math.round(live.talked)) : 0;
  Object.assign(call.body, { start_time: call.body.start_time ?? date, end_time: date, duration: String(seconds) });
  if (wasAnswered) call.body.price = callPrice(call.body, seconds);
  call.internal.live = undefined;
  setCallStatus(call, status, at, state);
  const parent = parentOf(call, state);
  if (parent && childrenOf(parent, state).length === 0) interrupt(parent, at);
}

/** Sets a call's status, which that of its participant follows. */
function setCallStatus(call: StoredResource, status: string, at: number, state: SandboxState): void {
  call.body.status = status;
  call.body.date_updated = rfc2822(new Date(at));
  call.updatedAt = at;
  const participant = participationOf(call, state)?.participant;
  if (participant && status === 'ringing') participant.body.status = 'ringing';
  state.events.emit('change', { resource: call, change: status });
  reportCallStatus(call, at, state);
}
