/** Status callbacks: the URLs that requests and TwiML name for the events of calls, recordings and conferences. */
import { rfc2822 } from '../dates';
import type { Properties } from '../json';
import type { StoredResource } from '../store';
import type { SandboxState } from '../types';

/** A URL that is told of some events. `sent` counts its requests so far. */
export interface StatusCallback {
  url: string;
  method: string;
  events: string[];
  sent: number;
}

/**
 * The callback that fields or attributes such as `StatusCallback`, `StatusCallbackEvent` and `StatusCallbackMethod`
 * describe; undefined without a URL. `otherwise` are its events if none are named.
 */
export function callbackOf(fields: object, name: string, otherwise = 'completed'): StatusCallback | undefined {
  const given = fields as Properties;
  const { [name]: url, [`${name}Event`]: events } = given;
  const method = given[`${name}Method`] ?? given[`${name}_method`];
  if (!url) return undefined;
  const named = [events || otherwise].flat().join(' ').split(/[ ,]+/);
  return { url: String(url), method: String(method || 'POST'), events: named, sent: 0 };
}

/** Posts `fields` to a callback that is told of this event. `about` is the resource of an alert if that fails. */
function callBack(
  callback: StatusCallback | undefined,
  event: string,
  fields: Record<string, string>,
  about: StoredResource,
  state: SandboxState,
): void {
  if (!callback?.events.includes(event)) return;
  const { url, method } = callback;
  const numbered = { ...fields, SequenceNumber: String(callback.sent) };
  callback.sent += 1;
  state.events.emit('webhook', { url, method, fields: numbered, resourceSid: about.id });
}

/** The parameters that Twilio sends with every request about a call. */
export function callFields({ id, body }: StoredResource): Record<string, string> {
  const { account_sid, to, from, status, direction, parent_call_sid, answered_by } = body;
  return {
    ...{ CallSid: id, AccountSid: String(account_sid), ApiVersion: '2010-04-01', Direction: String(direction) },
    ...{ To: String(to), Called: String(to), From: String(from), Caller: String(from), CallStatus: String(status) },
    ...(parent_call_sid ? { ParentCallSid: String(parent_call_sid) } : {}),
    ...(answered_by ? { AnsweredBy: String(answered_by) } : {}),
  };
}

/** Events of calls by their status; every end of a call is `completed`. */
const CALL_EVENTS: Record<string, string> = { initiated: 'initiated', ringing: 'ringing', 'in-progress': 'answered' };

/** Tells a call's status callback of its new status. */
export function reportCallStatus(call: StoredResource, at: number, state: SandboxState): void {
  const { status, duration } = call.body;
  const event = CALL_EVENTS[String(status)] ?? 'completed';
  const lasted = { CallDuration: String(duration), Duration: String(Math.ceil(Number(duration) / 60)) };
  const fields = {
    ...callFields(call),
    ...{ Timestamp: rfc2822(new Date(at)), CallbackSource: 'call-progress-events' },
    ...(event === 'completed' ? lasted : {}),
  };
  callBack(call.internal.statusCallback as StatusCallback | undefined, event, fields, call, state);
}

/** The parameters that describe a recording, as its status callback and the action of its verb get them. */
export function recordingFields({ id, body }: StoredResource): Record<string, string> {
  return {
    ...{ RecordingSid: id, RecordingUrl: String(body.media_url), RecordingStatus: String(body.status) },
    ...(body.duration === null ? {} : { RecordingDuration: String(body.duration) }),
  };
}

/** Tells a recording's status callback of its new status. */
export function reportRecordingStatus(recording: StoredResource, state: SandboxState): void {
  const { account_sid, call_sid, conference_sid, status, start_time, channels, source } = recording.body;
  const fields = {
    ...recordingFields(recording),
    ...{ AccountSid: String(account_sid), RecordingStartTime: String(start_time) },
    ...{ RecordingChannels: String(channels), RecordingSource: String(source) },
    ...(call_sid ? { CallSid: String(call_sid) } : {}),
    ...(conference_sid ? { ConferenceSid: String(conference_sid) } : {}),
  };
  callBack(recording.internal.callback as StatusCallback | undefined, String(status), fields, recording, state);
}

/** Tells a conference's status callback of an event, such as `start`, or `join` of a participant. */
export function reportConference(
  conference: StoredResource,
  event: string,
  detail: string,
  at: number,
  state: SandboxState,
  participant?: StoredResource,
): void {
  const { friendly_name, account_sid, reason_conference_ended, call_sid_ending_conference } = conference.body;
  const { body } = participant ?? {};
  const fields = {
    ...{ ConferenceSid: conference.id, FriendlyName: String(friendly_name), AccountSid: String(account_sid) },
    ...{ StatusCallbackEvent: detail, Timestamp: rfc2822(new Date(at)) },
    ...(body && {
      ...{ CallSid: String(body.call_sid), Muted: String(body.muted), Hold: String(body.hold) },
      ...{ Coaching: String(body.coaching), EndConferenceOnExit: String(body.end_conference_on_exit) },
      StartConferenceOnEnter: String(body.start_conference_on_enter),
    }),
    ...(body?.label ? { ParticipantLabel: String(body.label) } : {}),
    ...(event === 'end' && { ReasonConferenceEnded: String(reason_conference_ended) }),
    ...(event === 'end' && call_sid_ending_conference
      ? { CallSidEndingConference: String(call_sid_ending_conference) }
      : {}),
  };
  callBack(conference.internal.callback as StatusCallback | undefined, event, fields, conference, state);
}
