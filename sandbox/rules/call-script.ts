/** What TwiML makes a call do, as steps with their durations. */
import { parseXml, XmlElement } from '@rgrove/parse-xml';
import { isLoopbackUrl } from '../../src/formats';
import { twimlProblem } from '../../src/twiml';
import { callbackOf, type StatusCallback } from './callbacks';

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
  callback?: StatusCallback;
  recordingCallback?: StatusCallback;
}

/** Waiting in a queue, or for a worker of a TaskRouter workflow. */
export interface EnqueueStep {
  do: 'enqueue';
  name: string;
  workflowSid?: string;
  /** Attributes of the task, JSON. */
  task?: string;
}

/** Calls to others, one of whom the call is connected to. */
export interface DialStep {
  do: 'dial';
  targets: { to: string; callback?: StatusCallback }[];
  callerId: string | null;
  /** Seconds that the others may ring. */
  timeout: number;
  seconds: number;
  record: boolean;
  channels: number;
  recordingCallback?: StatusCallback;
}

/** A request for TwiML, which replaces all further steps of the call. `fields` are sent in addition to those of every call. */
export interface TwimlRequest {
  url: string;
  method?: string;
  fallbackUrl?: string;
  fallbackMethod?: string;
  fields?: Record<string, string>;
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
  | { do: 'record'; seconds: number; transcribe: boolean; callback?: StatusCallback }
  | { do: 'fetch'; request: TwimlRequest }
  | { do: 'warn' | 'fail'; error: CallError }
  | { do: 'hangUp' }
  | { do: 'reject'; status: 'busy' | 'no-answer' }
  | EnqueueStep
  | { do: 'dialQueue'; name: string; callSid?: string; timeout: number | null }
  /** Goes on with a Studio execution: its collection and SID. */
  | { do: 'flow'; execution: [collection: string, sid: string] }
  | DialStep
  | ConferenceStep;

const WORDS_PER_SECOND = 2.5;
/** Of audio and TwiML at URLs, which the sandbox does not read. */
export const URL_SECONDS = 30;
/** How long two people talk who are connected. */
export const CONVERSATION_SECONDS = 120;
/** How long a person talks to <Record>. */
export const MESSAGE_SECONDS = 20;

/** Seconds that it takes to say a text, at least one. */
export function speakingTime(text: string): number {
  return Math.max(1, Math.round(text.split(/\s+/).filter(Boolean).length / WORDS_PER_SECOND));
}

/**
 * The steps of TwiML, whose relative URLs are those of the document at `base`. Text that is not TwiML fails as it does
 * with Twilio: only once the call is answered.
 */
export function stepsOfTwiml(twiml: string, base?: string): Step[] {
  let root: XmlElement | null;
  try {
    root = parseXml(twiml).root;
  } catch (error) {
    return failing(12100, `Error on TwiML: ${(error as Error).message.split('\n')[0]}`);
  }
  if (root?.name !== 'Response') return failing(12100, 'Error on TwiML: the root element is not <Response>');
  const problem = twimlProblem(twiml);
  const warning: Step[] = problem ? [{ do: 'warn', error: { code: 12200, message: `Invalid TwiML: ${problem}` } }] : [];
  if (base) resolveUrls(root, base);
  return [...warning, ...elementsOf(root).flatMap(stepsOfVerb)];
}

/** Makes the URLs of an element, and of those in it, absolute. */
function resolveUrls(element: XmlElement, base: string): void {
  const { name, attributes, text } = element;
  if (name === 'Redirect') attributes.url = text.trim();
  for (const [attribute, url] of Object.entries(attributes)) {
    if (/^(action|url|.*Callback)$/.test(attribute) && URL.canParse(url, base)) {
      attributes[attribute] = new URL(url, base).href;
    }
  }
  for (const child of elementsOf(element)) resolveUrls(child, base);
}

/**
 * What a call does at a URL that the sandbox does not request: it lasts half a minute, unless the URL's host does not
 * exist. Undefined for a URL on this machine.
 */
export function stepsElsewhere(request: TwimlRequest): Step[] | undefined {
  const { url } = request;
  if (isLoopbackUrl(url)) return undefined;
  if (!isUnreachable(url)) return [{ do: 'wait', seconds: URL_SECONDS }];
  return stepsAfterFailure(request, { code: 11210, message: `HTTP bad host name: ${new URL(url).hostname}`, url });
}

/** What a call does if a URL has no TwiML for it: the fallback is requested if there is one. */
export function stepsAfterFailure({ url, fallbackUrl, fallbackMethod }: TwimlRequest, error: CallError): Step[] {
  if (!fallbackUrl) return [{ do: 'fail', error }];
  const fields = { ErrorCode: String(error.code), ErrorUrl: url };
  return [{ do: 'warn', error }, ...fetching({ url: fallbackUrl, method: fallbackMethod, fields })];
}

/** The only step of a call whose TwiML is at a URL. */
export const fetching = (request: TwimlRequest): Step[] => [{ do: 'fetch', request }];

/** RFC 2606: names under .invalid never resolve. */
export const isUnreachable = (url: string): boolean => URL.canParse(url) && new URL(url).hostname.endsWith('.invalid');

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
      const callback = callbackOf(attributes, 'recordingStatusCallback');
      return [{ do: 'record', seconds: length, transcribe, callback }, ...afterwards(attributes), { do: 'hangUp' }];
    }
    case 'Dial':
      return [dialed(verb), ...afterwards(attributes)];
    case 'Redirect':
      return fetching({ url: attributes.url ?? verb.text.trim(), method: attributes.method });
    case 'Reject':
      return [{ do: 'reject', status: attributes.reason === 'busy' ? 'busy' : 'no-answer' }];
    case 'Hangup':
    case 'Leave':
      return [{ do: 'hangUp' }];
    case 'Enqueue':
      return [enqueued(verb), ...afterwards(attributes)];
    case 'Connect':
      return [{ do: 'wait', seconds: null }];
    default:
      return [];
  }
}

/** The request to a verb's action, once the verb is done. */
const afterwards = ({ action, method }: Record<string, string>): Step[] =>
  action ? fetching({ url: action, method }) : [];

/** Zero loops are endless. */
function repeated(step: Extract<Step, { seconds: number | null }>, loop = '1'): Step[] {
  const times = Number(loop);
  if (times === 0) return [step, { do: 'wait', seconds: null }];
  return Array.from({ length: Math.max(1, times || 1) }, () => step);
}

function enqueued(verb: XmlElement): EnqueueStep {
  const { workflowSid } = verb.attributes;
  const task = elementsOf(verb)
    .find(({ name }) => name === 'Task')
    ?.text.trim();
  return { do: 'enqueue', name: verb.text.trim(), workflowSid, task };
}

function dialed(verb: XmlElement): Step {
  const { attributes } = verb;
  const record = attributes.record !== undefined && !/^(false|do-not-record)$/.test(attributes.record);
  const conference = elementsOf(verb).find(({ name }) => name === 'Conference');
  if (conference) return conferenceStep(conference);
  const queue = elementsOf(verb).find(({ name }) => name === 'Queue');
  const timeout = attributes.timeout ? Number(attributes.timeout) : null;
  if (queue) return { do: 'dialQueue', name: queue.text.trim(), timeout };
  const recordingCallback = callbackOf(attributes, 'recordingStatusCallback');
  const targets = elementsOf(verb).map((noun) => ({
    to: dialedAddress(noun),
    callback: callbackOf(noun.attributes, 'statusCallback'),
  }));
  return {
    do: 'dial',
    targets: targets.length > 0 ? targets : [verb.text.trim()].filter(Boolean).map((to) => ({ to })),
    callerId: attributes.callerId ?? null,
    timeout: Number(attributes.timeout ?? 30),
    seconds: Math.min(CONVERSATION_SECONDS, Number(attributes.timeLimit ?? CONVERSATION_SECONDS)),
    record,
    channels: attributes.record?.endsWith('-dual') ? 2 : 1,
    recordingCallback,
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
    callback: callbackOf(attributes, 'statusCallback', 'start end'),
    recordingCallback: callbackOf(attributes, 'recordingStatusCallback'),
  };
}
