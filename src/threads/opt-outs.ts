import { setTimeout as sleep } from 'node:timers/promises';
import { ToolError } from '../errors';
import { words } from '../params';
import { modify, type Store } from '../store/port';
import type { ToolContext } from '../tool';

/** What a person chose by a keyword: STOP opts out, START opts in again. */
export type ChoiceType = 'STOP' | 'START';

/** Twilio's default keywords (https://help.twilio.com/articles/223134027): a message is the keyword alone, in any case. */
const CHOICE_KEYWORDS: Readonly<Record<ChoiceType, readonly string[]>> = {
  STOP: words('STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT'),
  START: words('START UNSTOP YES'),
};

/** The choice of a person about one number of the account. */
interface Choice {
  type: ChoiceType;
  keyword: string;
  /** ISO 8601. */
  at: string;
  /** The number's Messaging Service: the choice applies to all of its senders. */
  service?: string;
}

/** A received message, as far as it matters here. */
interface Received {
  from: string;
  to: string;
  body: string | null;
  messagingServiceSid?: string | null;
}

/** The choices of a person by own number. Sync limits the reads of one map, hence several. */
const collectionOf = (person: string) => `opt-outs-${person.slice(-1)}`;
type Choices = Record<string, Choice>;

/** SMS, MMS and RCS share their opt-outs. */
const personOf = (address: string) => address.replace(/^rcs:/, '');
const hasKeywords = (address: string) => !/^\w+:/.test(personOf(address));

const keywordIn = (body: string | null) => (body ?? '').trim().toUpperCase();
const typeOf = (body: string | null) =>
  (['STOP', 'START'] as const).find((type) => CHOICE_KEYWORDS[type].includes(keywordIn(body)));

/** The choice that a message makes. Twilio has keywords for SMS, MMS and RCS. */
export const choiceIn = ({ from, body }: Pick<Received, 'from' | 'body'>): ChoiceType | undefined =>
  hasKeywords(from) ? typeOf(body) : undefined;

/** Records the choice in a received message; an older one never replaces a newer one. */
export async function recordChoice(store: Store, message: Received, type: ChoiceType, at: string): Promise<void> {
  const { from, to, body, messagingServiceSid } = message;
  const keyword = keywordIn(body).slice(0, 20) || type;
  const choice = { type, keyword, at, ...(messagingServiceSid && { service: messagingServiceSid }) };
  const person = personOf(from);
  await modify<Choices>(store, collectionOf(person), person, (choices) =>
    choices?.[to] && choices[to].at >= at ? choices : { ...choices, [to]: choice },
  );
}

interface Send {
  to: string;
  from?: string;
  messagingServiceSid?: string;
}

/**
 * Throws a `ToolError` if the recipient has opted out of messages from this sender. A store that fails or takes longer than
 * a second, or a quarter of the call's time, does not hold up the message, as Twilio itself refuses it with error 21610.
 */
export async function requireOptedIn({ to, from, messagingServiceSid }: Send, context: ToolContext): Promise<void> {
  const { store, twilio, config, deadline } = context;
  if (!config.checkOptOuts) return;
  const person = personOf(to);
  const stored = store.get<Choices>(collectionOf(person), person);
  const patience = sleep(Math.min(1000, (deadline - Date.now()) / 4), undefined, { ref: false });
  const item = await Promise.race([stored, patience]).catch(() => undefined);
  const choices = item?.value ?? {};
  const services = [messagingServiceSid, from === undefined ? undefined : choices[from]?.service].filter(Boolean);
  const applies = (number: string, service?: string | null) => number === from || services.includes(service ?? '');
  const [newest] = Object.entries(choices)
    .filter(([number, { service }]) => applies(number, service))
    .sort(([, a], [, b]) => (a.at < b.at ? 1 : -1));
  if (newest === undefined || newest[1].type === 'START') return;
  const [number, { keyword, at }] = newest;
  // A START reached another server if the number's webhook was set elsewhere in between.
  const later = await newestChoice(twilio, to, new Date(at), (message) =>
    applies(message.to, message.messagingServiceSid),
  );
  if (later?.type === 'START') return recordChoice(store, later.message, 'START', later.at).catch(() => undefined);
  throw new ToolError(
    `${to} opted out at ${at} by replying ${keyword} to ${number}; nothing was sent. Only their own START to that number undoes it.`,
  );
}

/** The newest choice of a person in Twilio's log since a time, among the messages that `concerns` selects. */
export async function newestChoice(
  twilio: ToolContext['twilio'],
  person: string,
  since: Date,
  concerns: (message: Received) => boolean,
) {
  const { instances } = await twilio.messages.page({ from: person, dateSentAfter: since, pageSize: 1000 });
  for (const message of instances) {
    const type = typeOf(message.body);
    const at = (message.dateSent ?? message.dateCreated).toISOString();
    if (type && at > since.toISOString() && concerns(message)) return { type, at, message };
  }
  return undefined;
}
