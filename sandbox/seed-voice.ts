/** The seeded conferences with the calls of those in them, and Twilio's own language operators. */
import { DAY_MS, MINUTE_MS, rfc2822 } from './dates';
import type { ConferenceStep } from './rules/call-script';
import { PREBUILT_OPERATORS } from './rules/intelligence';
import type { LiveCall } from './rules/live-calls';
import { nationalFormat } from './rules/phone';
import { callPrice } from './rules/prices';
import type { ResourceSeed } from './seed-resource';
import { fixedSid } from './sids';

type VoiceSeed = Omit<ResourceSeed, 'at'> & { minutesAgo: number };

const PEOPLE = [
  ['ana', '+14155550161'],
  ['ben', '+14155550177'],
] as const;
const HOURS_4 = 14_400;
/** Minutes that yesterday's conference lasted, from noon UTC on. */
const LASTED = 9;
const TODAY = { minutesAgo: 5 };

interface SeededConference {
  sid: string;
  name: string;
  /** The caller ID, and its SID. */
  from: string;
  phoneNumberSid: string;
  startedAt: number;
}

/** A conference of two people that began five minutes before the sandbox started, and is live. */
export function liveConference(conference: SeededConference): VoiceSeed[] {
  return [
    conferenceSeed(conference, TODAY.minutesAgo, { status: 'in-progress' }),
    ...PEOPLE.flatMap(([label, to]) => {
      const call = callSeed(conference, to, TODAY.minutesAgo);
      const sid = String(call.known.sid);
      return [call, participantSeed(conference.sid, sid, label, TODAY.minutesAgo)];
    }),
  ];
}

/** Yesterday's conference of the same people. */
export function endedConference(conference: SeededConference): VoiceSeed[] {
  const { startedAt } = conference;
  const noon = (Math.floor(startedAt / DAY_MS) - 0.5) * DAY_MS;
  const minutesAgo = (startedAt - noon) / MINUTE_MS;
  const calls = PEOPLE.map(([, to]) => callSeed(conference, to, minutesAgo, LASTED));
  const ended = {
    ...{ status: 'completed', reason_conference_ended: 'last-participant-left' },
    ...{ call_sid_ending_conference: calls.at(-1)!.known.sid },
    date_updated: timeOf(conference, minutesAgo - LASTED),
  };
  return [conferenceSeed(conference, minutesAgo, ended), ...calls];
}

const timeOf = ({ startedAt }: SeededConference, minutesAgo: number) =>
  rfc2822(new Date(Math.round(startedAt - minutesAgo * MINUTE_MS)));

const conferenceSeed = ({ sid, name }: SeededConference, minutesAgo: number, known: object): VoiceSeed => ({
  fetchOperation: 'api_v2010:FetchConference',
  known: {
    ...{ sid, friendly_name: name, region: 'us1', api_version: '2010-04-01' },
    ...{ reason_conference_ended: null, call_sid_ending_conference: null, ...known },
  },
  minutesAgo,
});

/** A call that ended after some minutes, or has not ended. */
function callSeed(conference: SeededConference, to: string, minutesAgo: number, minutes?: number): VoiceSeed {
  const { sid, from, phoneNumberSid, startedAt } = conference;
  const step: ConferenceStep = {
    ...{ do: 'conference', name: sid, label: null, muted: false, callSidToCoach: null },
    ...{ startOnEnter: true, endOnExit: false, record: false },
  };
  const since = startedAt - minutesAgo * MINUTE_MS;
  const live: LiveCall = {
    ...{ stage: 'answered', outcome: 'answered', isMachine: false, timeout: 60, timeLimit: HOURS_4 },
    ...{ due: since + HOURS_4 * 1000, delay: HOURS_4, since, talked: 0, steps: [], step, ends: true },
    ...{ spoken: [], conferenceSid: sid },
  };
  return {
    fetchOperation: 'api_v2010:FetchCall',
    known: {
      ...{
        sid: fixedSid('CA', `${sid} ${to}`),
        from,
        from_formatted: nationalFormat(from),
        to,
        direction: 'outbound-api',
      },
      ...{ to_formatted: nationalFormat(to), phone_number_sid: phoneNumberSid, parent_call_sid: null, trunk_sid: null },
      ...{ status: minutes ? 'completed' : 'in-progress', start_time: timeOf(conference, minutesAgo) },
      end_time: minutes ? timeOf(conference, minutesAgo - minutes) : null,
      duration: minutes ? String(minutes * 60) : null,
      price: minutes ? callPrice({ to }, minutes * 60) : null,
      ...{ price_unit: 'USD', answered_by: null, caller_name: null, forwarded_from: null, group_sid: null },
      ...{ queue_time: '0', api_version: '2010-04-01' },
    },
    internal: minutes ? undefined : { live },
    minutesAgo,
  };
}

const participantSeed = (conferenceSid: string, sid: string, label: string, minutesAgo: number): VoiceSeed => ({
  fetchOperation: 'api_v2010:FetchParticipant',
  params: { ConferenceSid: conferenceSid },
  known: {
    ...{ sid, call_sid: sid, conference_sid: conferenceSid, label, status: 'connected', muted: false, hold: false },
    ...{ queue_time: '0', coaching: false, call_sid_to_coach: null },
    ...{ start_conference_on_enter: true, end_conference_on_exit: false },
  },
  minutesAgo,
});

/** Twilio's own language operators. */
export const operatorSeeds = (): VoiceSeed[] =>
  Object.entries(PREBUILT_OPERATORS).map(([friendly_name, { description, type }]) => ({
    fetchOperation: 'intelligence_v2:FetchOperator',
    known: {
      ...{ sid: fixedSid('LY', friendly_name), account_sid: null, friendly_name, description, author: 'twilio' },
      ...{ operator_type: type, version: 1, availability: 'general-availability', config: {} },
    },
    internal: { made_by: 'twilio' },
    minutesAgo: 525_600,
  }));
