import { Page, page, paging } from '../paging';
import { e164 } from '../params';
import { type ChoiceType, choiceIn, newestChoice } from '../threads/opt-outs';
import { reads, type ToolContext, tool } from '../tool';

type LoggedMessage = Awaited<ReturnType<ToolContext['twilio']['messages']['page']>>['instances'][number];

/** Twilio's error for a message to a person who has opted out. */
const OPTED_OUT = 21610;

/** Twilio's maximum page size. */
const PAGE_SIZE = 1000;

/** Who opted out of what, by a message that shows it; undefined for any other message. */
function choiceShownBy(message: LoggedMessage) {
  const { direction, from, to, messagingServiceSid: service, errorCode } = message;
  const isInbound = direction === 'inbound';
  const type: ChoiceType | undefined = isInbound ? choiceIn(message) : errorCode === OPTED_OUT ? 'STOP' : undefined;
  if (type === undefined) return undefined;
  const [person, number] = isInbound ? [from, to] : [to, from];
  const evidence = isInbound ? `replied ${message.body.trim().toUpperCase()}` : `error ${OPTED_OUT}`;
  const sender = service || number;
  return { type, person, sender, optedOutAt: dateOf(message), evidence, messageSid: message.sid };
}

type ShownChoice = NonNullable<ReturnType<typeof choiceShownBy>>;

/** A filter of messages, newest first: those that show the current opt-out of a person. */
function keepsOptOuts() {
  const decided = new Set<string>();
  return (message: LoggedMessage): boolean => {
    const choice = choiceShownBy(message);
    if (choice === undefined) return false;
    const pair = `${choice.person} ${choice.sender}`;
    const isCurrent = !decided.has(pair);
    decided.add(pair);
    return isCurrent && choice.type === 'STOP';
  };
}

const dateOf = ({ dateSent, dateCreated }: LoggedMessage) => dateSent ?? dateCreated;

/** The opt-outs of one person, by the newest messages in both directions. */
async function optOutsOf(person: string, twilio: ToolContext['twilio']): Promise<Page<ShownChoice>> {
  const filters = [{ from: person }, { to: person }];
  const pages = await Promise.all(filters.map((filter) => page(twilio.messages, { ...filter, limit: PAGE_SIZE })));
  const messages = pages.flatMap(({ items }) => items).sort((a, b) => dateOf(b).getTime() - dateOf(a).getTime());
  const optOuts = messages.filter(keepsOptOuts()).map((message) => choiceShownBy(message)!);
  const cut = pages.some(({ nextPageToken }) => nextPageToken !== undefined);
  const searched = `Searched only the newest ${PAGE_SIZE} messages from and to ${person}.`;
  return new Page(optOuts, undefined, { searched: cut ? searched : undefined });
}

/** Whether a person has chosen again since: a page of older messages does not show it. */
const isSuperseded = async ({ person, sender, optedOutAt }: ShownChoice, twilio: ToolContext['twilio']) =>
  (await newestChoice(twilio, person, optedOutAt, (each) => (each.messagingServiceSid || each.to) === sender)) !==
  undefined;

export const listOptOuts = tool({
  name: 'twilio_messaging_list_opt_outs',
  title: 'List opt-outs',
  description:
    'List who opted out of messages from which sender, newest first, by the message log: people whose last keyword to it was STOP, UNSUBSCRIBE or the like, and those whose message failed with error 21610. Sends to them are refused until they reply START.',
  ...reads('api_v2010:ListMessage'),
  input: () => ({ person: e164('Only this person').optional(), ...paging() }),
  run: async ({ person, ...position }, { twilio, deadline }) => {
    if (person !== undefined) return optOutsOf(person, twilio);
    const found = await page(twilio.messages, position, { keep: keepsOptOuts(), deadline, dateOf });
    const optOuts = found.items.map((message) => choiceShownBy(message)!);
    if (position.pageToken === undefined) return new Page(optOuts, found.nextPageToken, found.extras);
    const superseded = await Promise.all(optOuts.map((each) => isSuperseded(each, twilio)));
    const current = optOuts.filter((_, i) => !superseded[i]);
    return new Page(current, found.nextPageToken, { searched: found.extras.searched });
  },
  returns: ['person', 'sender', 'optedOutAt', 'evidence', 'messageSid'],
});
