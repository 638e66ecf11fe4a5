/** What the sandbox keeps about a call that has not ended, and how its time passes. */
import type { StoredResource } from '../store';
import type { SandboxState } from '../types';
import type { Step } from './call-script';
import { ACCOUNTS_PATH } from './phone';

export const CALLS = `${ACCOUNTS_PATH}/{}/Calls`;

/** Something that was said in a call. Times are in seconds since it was answered. */
export interface Utterance {
  /** Who speaks: the person called, or the call's TwiML. */
  by: 'person' | 'twiml';
  text: string;
  from: number;
  until: number;
}

/** The course of a call. It is stored as JSON in `internal.live` until the call ends. */
export interface LiveCall {
  stage: 'queued' | 'ringing' | 'answered';
  /** What comes of the ringing. */
  outcome: 'answered' | 'busy' | 'no-answer' | 'failed';
  isMachine: boolean;
  detection?: 'Enable' | 'DetectMessageEnd';
  /** Seconds that the phone may ring, and that the call may last. */
  timeout: number;
  timeLimit: number;
  /** When the next thing happens, in milliseconds since 1970, and the seconds of the call until then. */
  due: number;
  delay: number;
  /** When the last thing happened, and the seconds of the call until then. */
  since: number;
  talked: number;
  steps: Step[];
  step?: Step;
  /** What became of the last step, for the action of its verb. */
  result?: Record<string, string>;
  /** The call ends when `due`, whatever steps remain. */
  ends?: boolean;
  spoken: Utterance[];
  /** SID of the conference that the call is in, or is about to join. */
  conferenceSid?: string;
  kicked?: boolean;
  /** SID of the queue that the call waits in. */
  queueSid?: string;
  /** What the action of <Enqueue> gets, once the call has been taken out of the queue. */
  dequeued?: Record<string, string>;
  /** SID of the call that this one talks to, because one of them was taken out of a queue. */
  bridgedTo?: string;
}

/** The course of a call; undefined once it has ended. */
export const liveOf = (call: StoredResource): LiveCall | undefined => call.internal.live as LiveCall | undefined;

/** The live calls of each store when they were last looked up, so that 10,000 calls do not slow down every request. */
const lookedUp = new WeakMap<SandboxState['store'], { stored: number; calls: StoredResource[] }>();

/** All calls that have not ended. */
export function liveCalls({ store }: SandboxState): StoredResource[] {
  const known = lookedUp.get(store);
  const calls = known?.stored === store.stored ? known.calls : store.ofKind(CALLS);
  const live = calls.filter((call) => liveOf(call) !== undefined);
  lookedUp.set(store, { stored: store.stored, calls: live });
  return live;
}

/** Milliseconds that something lasts at the sandbox's speed. */
const durationOf = (seconds: number, state: SandboxState): number => (seconds * 1000) / state.options.speed;

/** Makes the next thing happen after some seconds, null for when the call's time is over. */
export function wait(live: LiveCall, at: number, seconds: number | null, state: SandboxState): void {
  const left = live.stage === 'answered' ? Math.max(0, live.timeLimit - live.talked) : Number.POSITIVE_INFINITY;
  live.ends = seconds === null || seconds > left;
  live.delay = live.ends ? left : seconds!;
  live.due = at + durationOf(live.delay, state);
}

/** Makes the call wait until something else makes it go on. Its own time stands still. */
export function suspend(live: LiveCall): void {
  Object.assign(live, { due: Number.MAX_SAFE_INTEGER, delay: 0, ends: false });
}

/** Moves the call's own time on to `at`. */
export function passTime(live: LiveCall, at: number, { options }: SandboxState): void {
  const isInstant = options.speed === Number.POSITIVE_INFINITY;
  if (live.stage === 'answered') live.talked += isInstant ? live.delay : ((at - live.since) / 1000) * options.speed;
  live.since = at;
  live.delay = 0;
}

/** Adds the time until `at` and keeps when the next thing happens. */
export function bringUpTo(live: LiveCall, at: number, state: SandboxState): void {
  if (live.stage !== 'answered' || state.options.speed === Number.POSITIVE_INFINITY) return;
  const { delay, talked } = live;
  passTime(live, at, state);
  live.delay = delay - (live.talked - talked);
}

/** Limits the whole duration of an answered call, in seconds. */
export function limitTime(live: LiveCall, seconds: number, at: number, state: SandboxState): void {
  live.timeLimit = seconds;
  if (live.stage !== 'answered') return;
  bringUpTo(live, at, state);
  wait(live, at, live.ends ? null : live.delay, state);
}

/** Makes the call go on with its next step, or end, at once. */
export function interrupt(call: StoredResource, at: number, change: Partial<LiveCall> = {}): void {
  const live = liveOf(call);
  if (live) Object.assign(live, { due: at, delay: 0, ends: false }, change);
}
