import { describeError, ToolError } from '../errors';
import { page } from '../paging';
import type { ToolContext } from '../tool';
import type { Conversation } from './conversation';
import { fromLog, type LoggedMessage } from './logged-message';
import { recordMessage } from './record-message';

/** Messages of the log per page, and messages recorded at a time. */
const PAGE_SIZE = 50;
const GROUP_SIZE = 5;
/** Time that one group of writes may need. */
const MARGIN_MS = 3000;

/**
 * Imports the messages between two numbers from Twilio's log into their thread, as many as the time of one call allows.
 * Messages that the thread already has stay as they are. What was imported before a failure counts: the result says what
 * interrupted it, and the next call continues there.
 */
export async function importHistory(
  { conversationId, participants }: Conversation,
  { since, pageToken }: { since?: Date; pageToken?: string },
  { twilio, store, deadline }: ToolContext,
) {
  if (participants.length !== 2) {
    throw new ToolError('Only the history of two numbers can be imported; nothing was done.');
  }
  const [first, second] = participants as [string, string];
  const directions = [
    { from: first, to: second },
    { from: second, to: first },
  ];
  let { direction, done, token }: Progress = pageToken === undefined ? { direction: 0, done: 0 } : parse(pageToken);
  let messagesRead = 0;
  let progressed = false;
  // At least one group or page per call, or a slow call would make no progress.
  const isOver = () => progressed && Date.now() > deadline - MARGIN_MS;
  const unfinished = (interrupted?: string) => ({
    conversationId,
    messagesRead,
    nextPageToken: `${direction}.${done}.${token ?? ''}`,
    interrupted,
  });
  try {
    for (; direction < directions.length; direction++) {
      do {
        if (isOver()) return unfinished();
        const filters = { ...directions[direction], dateSentAfter: since };
        const { items, nextPageToken } = await page(twilio.messages, {
          ...filters,
          limit: PAGE_SIZE,
          pageToken: token,
        });
        while (done < items.length) {
          if (isOver()) return unfinished();
          const group = items.slice(done, done + GROUP_SIZE);
          await Promise.all(group.map((message) => importMessage(message)));
          done += group.length;
          messagesRead += group.length;
          progressed = true;
        }
        token = nextPageToken;
        done = 0;
        progressed = true;
      } while (token !== undefined);
    }
  } catch (error) {
    const interrupted = progressed ? describeError(error) : undefined;
    if (interrupted === undefined) throw error;
    return unfinished(interrupted);
  }
  return { conversationId, messagesRead, nextPageToken: undefined };

  async function importMessage(logged: LoggedMessage): Promise<void> {
    const message = await fromLog(logged, twilio);
    if (message) await recordMessage(store, { ...message, conversationId }, true);
  }
}

/** Where an import continues: the direction, the page of it, and how many messages of that page are done. */
interface Progress {
  direction: number;
  done: number;
  token?: string;
}

function parse(pageToken: string): Progress {
  const [, direction, done, token] = /^([01])\.(\d{1,3})\.(.*)$/.exec(pageToken) ?? [];
  if (direction === undefined) {
    throw new ToolError('Invalid pageToken: use nextPageToken of the previous import_history call. Nothing was done.');
  }
  return { direction: Number(direction), done: Number(done), token: token || undefined };
}
