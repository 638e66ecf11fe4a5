/** Recordings of calls and conferences, and transcriptions of those made by <Record>. */
import { rfc2822 } from '../dates';
import { badRequest, notFound } from '../errors';
import { listNewestFirst } from '../lists';
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { StoredResource } from '../store';
import type { OperationRule, SandboxRequest, SandboxState } from '../types';
import { callbackOf, reportRecordingStatus, type StatusCallback } from './callbacks';
import { bringUpTo, liveOf, type Utterance } from './live-calls';
import { ACCOUNTS_PATH } from './phone';
import { recordingPrice } from './prices';

const OPEN = ['in-progress', 'paused'];

interface NewRecording {
  source: 'DialVerb' | 'Conference' | 'OutboundAPI' | 'RecordVerb' | 'StartCallRecordingAPI';
  channels?: number;
  track?: string;
  transcribe?: boolean;
  callback?: StatusCallback;
}

/** What the sandbox keeps about a recording: seconds of the call, and what was said in them. */
interface RecordedTime {
  from: number;
  /** Start of the current pause. */
  pausedAt?: number;
  /** Pauses that were left out, as start and end. */
  skipped: Array<[number, number]>;
  skips?: boolean;
  spoken: Utterance[];
}

/** A conference's own time is that since its start. */
const secondsOf = (source: StoredResource, at: number, { options }: SandboxState): number => {
  const live = liveOf(source);
  if (live) return live.talked;
  return options.speed === Number.POSITIVE_INFINITY ? 0 : ((at - source.createdAt) / 1000) * options.speed;
};

const recordingsPath = (accountSid: unknown): string => `${ACCOUNTS_PATH}/${accountSid}/Recordings`;

/** Starts to record a call or a conference, `source`. */
export function startRecording(
  source: StoredResource,
  { channels = 1, track = 'both', transcribe = false, callback, ...recording }: NewRecording,
  at: number,
  state: SandboxState,
): StoredResource {
  const sid = newSid('RE');
  const isCall = source.id.startsWith('CA');
  const time: RecordedTime = { from: secondsOf(source, at, state), skipped: [], spoken: [] };
  const path = `/2010-04-01/Accounts/${source.body.account_sid}/Recordings/${sid}`;
  const started = seedResource(state, {
    fetchOperation: 'api_v2010:FetchRecording',
    params: { AccountSid: String(source.body.account_sid) },
    known: {
      ...{ sid, ...recording, channels, status: 'in-progress', start_time: rfc2822(new Date(at)), duration: null },
      ...{ call_sid: isCall ? source.id : null, conference_sid: isCall ? null : source.id },
      ...{ price: null, price_unit: 'USD', error_code: null, encryption_details: null, api_version: '2010-04-01' },
      ...{ media_url: `https://api.twilio.com${path}` },
      subresource_uris: { add_on_results: `${path}/AddOnResults.json`, transcriptions: `${path}/Transcriptions.json` },
    },
    at,
    internal: { of: source.id, time, track, transcribe, callback },
  });
  reportRecordingStatus(started, state);
  return started;
}

/** The recordings of a call or conference that have not ended, newest first. */
function openRecordings(source: StoredResource, state: SandboxState): StoredResource[] {
  return state.store
    .list(recordingsPath(source.body.account_sid))
    .filter(({ body, internal }) => internal.of === source.id && OPEN.includes(String(body.status)))
    .reverse();
}

/** Completes the recordings of a call or conference; `source` selects those that were made in one way. Returns them. */
export function finishRecordings(
  of: StoredResource,
  at: number,
  state: SandboxState,
  source?: NewRecording['source'],
): StoredResource[] {
  const open = openRecordings(of, state).filter(({ body }) => source === undefined || body.source === source);
  for (const recording of open) finish(recording, of, at, state);
  return open;
}

function finish(recording: StoredResource, of: StoredResource, at: number, state: SandboxState): void {
  const { body } = recording;
  const time = recording.internal.time as RecordedTime;
  const until = secondsOf(of, at, state);
  resume(time, until);
  const seconds = Math.max(1, Math.round(until - time.from - total(time.skipped)));
  body.status = 'completed';
  body.duration = String(seconds);
  body.price = recordingPrice('recording', seconds);
  body.date_updated = rfc2822(new Date(at));
  recording.updatedAt = at;
  time.spoken = (liveOf(of)?.spoken ?? []).flatMap((utterance) => recorded(utterance, time, until));
  state.events.emit('change', { resource: recording, change: 'completed' });
  reportRecordingStatus(recording, state);
  if (recording.internal.transcribe) transcribe(recording, seconds, at, state);
}

const total = (spans: Array<[number, number]>) => spans.reduce((sum, [from, to]) => sum + to - from, 0);

/** An utterance with its times in the recording; none outside of it and in its pauses. */
function recorded(utterance: Utterance, { from, skipped }: RecordedTime, until: number): Utterance[] {
  const start = utterance.from;
  if (start < from || start >= until || skipped.some(([pause, end]) => start >= pause && start < end)) return [];
  const before = from + total(skipped.filter(([, end]) => end <= start));
  return [{ ...utterance, from: start - before, until: Math.min(utterance.until, until) - before }];
}

function resume(time: RecordedTime, at: number): void {
  if (time.pausedAt !== undefined && time.skips) time.skipped.push([time.pausedAt, at]);
  time.pausedAt = undefined;
}

/** What was said in a completed recording. */
export const spokenIn = (recording: StoredResource): Utterance[] =>
  (recording.internal.time as RecordedTime | undefined)?.spoken ?? [];

function transcribe(recording: StoredResource, seconds: number, at: number, state: SandboxState): void {
  const text = spokenIn(recording).map((utterance) => utterance.text);
  seedResource(state, {
    fetchOperation: 'api_v2010:FetchTranscription',
    params: { AccountSid: String(recording.body.account_sid) },
    known: {
      ...{ sid: newSid('TR'), recording_sid: recording.id, duration: String(seconds), api_version: '2010-04-01' },
      ...{ status: text.length > 0 ? 'completed' : 'failed', transcription_text: text.join(' ') || '(blank)' },
      ...{ price: recordingPrice('transcription', seconds), price_unit: 'USD', type: 'fast' },
    },
    at,
  });
}

// ---------------------------------------------------------------- operations

function createCallRecording(request: SandboxRequest) {
  const { state, now, fields, target, accountSid } = request;
  const call = state.store.get(`${ACCOUNTS_PATH}/${accountSid}/Calls`, target.params.CallSid!);
  if (!call) return undefined;
  const live = liveOf(call);
  if (live?.stage !== 'answered') badRequest(21220, 'Invalid call state: the call is not in-progress');
  bringUpTo(live, now, state);
  const channels = fields.RecordingChannels === 'dual' ? 2 : 1;
  const track = fields.RecordingTrack as string | undefined;
  const callback = callbackOf(fields, 'RecordingStatusCallback');
  const recording = startRecording(call, { source: 'StartCallRecordingAPI', channels, track, callback }, now, state);
  const { media_url: _, subresource_uris: __, ...body } = recording.body;
  return { status: request.operation.success.status, body: { ...body, track: recording.internal.track } };
}

/** The recording that an update names, which `Twilio.CURRENT` does as well. */
function checkRecordingUpdate(request: SandboxRequest): void {
  const { target, state, accountSid, entry } = request;
  const { CallSid, ConferenceSid } = target.params;
  const path = `${ACCOUNTS_PATH}/${accountSid}/${CallSid ? 'Calls' : 'Conferences'}`;
  const source = state.store.get(path, (CallSid ?? ConferenceSid)!);
  if (!source) return;
  const [current] = openRecordings(source, state);
  if (target.id === 'Twilio.CURRENT') {
    if (!current) throw notFound(entry.path);
    target.id = current.id;
  }
  const recording = state.store.get(recordingsPath(accountSid), target.id!);
  if (recording && recording.internal.of === source.id && !OPEN.includes(String(recording.body.status))) {
    badRequest(21220, `Invalid recording state: the recording is ${recording.body.status} already`);
  }
}

function updateRecording(request: SandboxRequest, recording: StoredResource): void {
  const { state, now, fields, accountSid } = request;
  const of = String(recording.internal.of);
  const source = state.store.get(`${ACCOUNTS_PATH}/${accountSid}/${of.startsWith('CA') ? 'Calls' : 'Conferences'}`, of);
  if (!source) return;
  const live = liveOf(source);
  if (live) bringUpTo(live, now, state);
  const time = recording.internal.time as RecordedTime;
  const at = secondsOf(source, now, state);
  if (fields.Status === 'stopped') return void finish(recording, source, now, state);
  if (fields.Status === 'in-progress') return void resume(time, at);
  time.pausedAt ??= at;
  time.skips = fields.PauseBehavior === 'skip';
}

export const RECORDING_RULES: Record<string, OperationRule> = {
  'api_v2010:CreateCallRecording': { respond: createCallRecording },
  'api_v2010:UpdateCallRecording': { check: checkRecordingUpdate, onUpdate: updateRecording },
  'api_v2010:UpdateConferenceRecording': { check: checkRecordingUpdate, onUpdate: updateRecording },
  'api_v2010:ListRecording': { respond: listNewestFirst },
  'api_v2010:ListCallRecording': { respond: listNewestFirst },
  'api_v2010:ListConferenceRecording': { respond: listNewestFirst },
};
