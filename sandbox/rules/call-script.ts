/** What TwiML makes a call do, as steps with their durations. */
import { parseXml, XmlElement } from '@rgrove/parse-xml';
import { twimlProblem } from '../../src/twiml';

/** How a call takes part in a conference. */
export interface ConferenceStep {
  do: 'conference';
  /** Name of the conference, or its SID. */
  name: string;
  label: string | null;
  muted: boolean;
  callSidToCoach: string | null;
  startOnEnter: boolean;
  endOnExit: boolean;
  record: boolean;
}

/** Calls to others, one of whom the call is connected to. */
export interface DialStep {
  do: 'dial';
  targets: string[];
  callerId: string | null;
  /** Seconds that the others may ring. */
  timeout: number;
  seconds: number;
  record: boolean;
  channels: number;
}

/** An error or warning of a call, as Twilio reports it. */
export interface CallError {
  code: number;
  message: string;
  /** The URL whose TwiML could not be used. */
  url?: string;
}

/** Something that a call does. `seconds` is how long it takes, null as long as the call lasts. */
export type Step =
  | { do: 'say'; text: string; seconds: number }
  | { do: 'wait'; seconds: number | null }
  | { do: 'record'; seconds: number; transcribe: boolean }
  | { do: 'warn' | 'fail'; error: CallError }
  | { do: 'hangUp' }
  | { do: 'reject'; status: 'busy' | 'no-answer' }
  /** Goes on with a Studio execution: its collection and SID. */
  | { do: 'flow'; execution: [collection: string, sid: string] }
  | DialStep
  | ConferenceStep;

const WORDS_PER_SECOND = 2.5;
/** Of audio and TwiML at URLs, which the sandbox does not read. */
export const URL_SECONDS = 30;
/** How long two people talk who are connected by <Dial>. */
export const CONVERSATION_SECONDS = 120;
/** How long a person talks to <Record>. */
export const MESSAGE_SECONDS = 20;

/** Seconds that it takes to say a text, at least one. */
export function speakingTime(text: string): number {
  return Math.max(1, Math.round(text.split(/\s+/).filter(Boolean).length / WORDS_PER_SECOND));
}

/** The steps of TwiML. Text that is not TwiML fails as it does with Twilio: only once the call is answered. */
export function stepsOfTwiml(twiml: string): Step[] {
  let root: XmlElement | null;
  try {
    root = parseXml(twiml).root;
  } catch (error) {
    return failing(12100, `Error on TwiML: ${(error as Error).message.split('\n')[0]}`);
  }
  if (root?.name !== 'Response') return failing(12100, 'Error on TwiML: the root element is not <Response>');
  const problem = twimlProblem(twiml);
  const warning: Step[] = problem ? [{ do: 'warn', error: { code: 12200, message: `Invalid TwiML: ${problem}` } }] : [];
  return [...warning, ...elementsOf(root).flatMap(stepsOfVerb)];
}

/** The steps of a URL's TwiML: a call lasts half a minute, unless the URL's host does not exist. */
export function stepsOfUrl(url: string, fallbackUrl?: string): Step[] {
  if (!isUnreachable(url)) return [{ do: 'wait', seconds: URL_SECONDS }];
  const error = { code: 11210, message: `HTTP bad host name: ${new URL(url).hostname}`, url };
  return fallbackUrl ? [{ do: 'warn', error }, ...stepsOfUrl(fallbackUrl)] : [{ do: 'fail', error }];
}

/** RFC 2606: names under .invalid never resolve. */
const isUnreachable = (url: string): boolean => URL.canParse(url) && new URL(url).hostname.endsWith('.invalid');

const failing = (code: number, message: string): Step[] => [{ do: 'fail', error: { code, message } }];

const elementsOf = (element: XmlElement): XmlElement[] =>
  element.children.filter((child): child is XmlElement => child instanceof XmlElement);

function stepsOfVerb(verb: XmlElement): Step[] {
  const { attributes } = verb;
  const seconds = (name: string, otherwise: number) => Number(attributes[name] ?? otherwise) || otherwise;
  switch (verb.name) {
    case 'Say':
      return repeated({ do: 'say', text: verb.text.trim(), seconds: speakingTime(verb.text) }, attributes.loop);
    case 'Play':
      return attributes.digits
        ? [{ do: 'wait', seconds: Math.max(1, attributes.digits.length / 2) }]
        : repeated({ do: 'wait', seconds: URL_SECONDS }, attributes.loop);
    case 'Pause':
      return [{ do: 'wait', seconds: seconds('length', 1) }];
    case 'Gather':
      return [...elementsOf(verb).flatMap(stepsOfVerb), { do: 'wait', seconds: seconds('timeout', 5) }];
    case 'Record': {
      const length = Math.min(seconds('maxLength', 3600), MESSAGE_SECONDS);
      const transcribe = attributes.transcribe === 'true' || attributes.transcribeCallback !== undefined;
      return [{ do: 'record', seconds: length, transcribe }, ...afterwards(attributes.action), { do: 'hangUp' }];
    }
    case 'Dial':
      return [
        dialed(verb),
        ...(attributes.action ? [...afterwards(attributes.action), { do: 'hangUp' } as const] : []),
      ];
    case 'Redirect':
      return [...stepsOfUrl(verb.text.trim()), { do: 'hangUp' }];
    case 'Reject':
      return [{ do: 'reject', status: attributes.reason === 'busy' ? 'busy' : 'no-answer' }];
    case 'Hangup':
    case 'Leave':
      return [{ do: 'hangUp' }];
    case 'Enqueue':
    case 'Connect':
      return [{ do: 'wait', seconds: null }];
    default:
      return [];
  }
}

const afterwards = (action: string | undefined): Step[] => (action ? stepsOfUrl(action) : []);

/** Zero loops are endless. */
function repeated(step: Extract<Step, { seconds: number | null }>, loop = '1'): Step[] {
  const times = Number(loop);
  if (times === 0) return [step, { do: 'wait', seconds: null }];
  return Array.from({ length: Math.max(1, times || 1) }, () => step);
}

function dialed(verb: XmlElement): Step {
  const { attributes } = verb;
  const record = attributes.record !== undefined && !/^(false|do-not-record)$/.test(attributes.record);
  const conference = elementsOf(verb).find(({ name }) => name === 'Conference');
  if (conference) return conferenceStep(conference);
  if (elementsOf(verb).some(({ name }) => name === 'Queue')) return { do: 'wait', seconds: null };
  const targets = elementsOf(verb).map(dialedAddress);
  return {
    do: 'dial',
    targets: targets.length > 0 ? targets : [verb.text.trim()].filter(Boolean),
    callerId: attributes.callerId ?? null,
    timeout: Number(attributes.timeout ?? 30),
    seconds: Math.min(CONVERSATION_SECONDS, Number(attributes.timeLimit ?? CONVERSATION_SECONDS)),
    record,
    channels: attributes.record?.endsWith('-dual') ? 2 : 1,
  };
}

function dialedAddress(noun: XmlElement): string {
  const identity = elementsOf(noun).find(({ name }) => name === 'Identity')?.text ?? noun.text;
  return noun.name === 'Client' ? `client:${identity.trim()}` : identity.trim();
}

function conferenceStep({ text, attributes }: XmlElement): ConferenceStep {
  return {
    do: 'conference',
    name: text.trim(),
    label: attributes.participantLabel ?? null,
    muted: attributes.muted === 'true',
    callSidToCoach: attributes.coach ?? null,
    startOnEnter: attributes.startConferenceOnEnter !== 'false',
    endOnExit: attributes.endConferenceOnExit === 'true',
    record: attributes.record === 'record-from-start',
  };
}
