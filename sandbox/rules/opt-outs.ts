/** Opt-outs: a keyword from a person blocks the number that received it, and its whole Messaging Service. */
import type { StoredResource } from '../store';
import type { SandboxState } from '../types';
import { messagesOf } from './phone';

/** The keywords that Twilio handles: https://help.twilio.com/articles/223134027 */
const OPT_OUT = /^\s*(stop|stopall|unsubscribe|cancel|end|quit|revoke|optout)\s*$/i;
const OPT_IN = /^\s*(start|yes|unstop)\s*$/i;

/** The Messaging Service that a number belongs to. */
export const serviceOf = (number: string, { store }: SandboxState): string | undefined =>
  store
    .ofKind('messaging.twilio.com/v1/Services/{}/PhoneNumbers')
    .map(({ body }) => body)
    .find((body) => body.phone_number === number)?.service_sid as string | undefined;

/** Whether a person has opted out of messages from a number or a Messaging Service. */
export function hasOptedOut(person: string, sender: string, accountSid: string, state: SandboxState): boolean {
  const service = serviceOf(sender, state) ?? sender;
  const concerns = ({ body }: StoredResource) =>
    body.from === person &&
    body.direction === 'inbound' &&
    (body.to === sender || serviceOf(String(body.to), state) === service);
  const newest = choicesIn(messagesOf(accountSid), state)
    .filter(concerns)
    .reduce<StoredResource | undefined>((a, b) => (a && a.createdAt > b.createdAt ? a : b), undefined);
  return newest !== undefined && OPT_OUT.test(String(newest.body.body));
}

/** Keywords found so far, of the log as it was then: every send asks for them, and logs have thousands of messages. */
const found = new WeakMap<SandboxState, { log: string; removals: number; seen: number; choices: StoredResource[] }>();

/** The messages of a log that are keywords. */
function choicesIn(log: string, state: SandboxState): StoredResource[] {
  const messages = state.store.list(log);
  const { removals } = state.store;
  const known = found.get(state);
  const isCurrent = known?.log === log && known.removals === removals && known.seen <= messages.length;
  const newer = isCurrent ? messages.slice(known.seen) : messages;
  const isChoice = ({ body }: StoredResource) =>
    body.direction === 'inbound' && [OPT_OUT, OPT_IN].some((keyword) => keyword.test(String(body.body)));
  const choices = [...(isCurrent ? known.choices : []), ...newer.filter(isChoice)];
  found.set(state, { log, removals, seen: messages.length, choices });
  return choices;
}
