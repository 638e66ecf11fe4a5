import { ToolError } from '../../errors';
import { page } from '../../paging';
import type { Conversation } from '../../threads/conversation';
import { record } from '../../threads/record';
import type { ToolContext } from '../../tool';

type Logged = Awaited<ReturnType<ToolContext['twilio']['messages']['page']>>['instances'][number];

/** Messages of the log that are read at once, and written at once. */
const READ = 50;
const WRITTEN = 5;
/** What one group of writes may still take when it begins. */
const MARGIN_MS = 3000;

/**
 * Brings the messages between two numbers from Twilio's log into their thread, as many as the time of one call allows.
 * Those that are there already stay as they are.
 */
export async function importHistory(
  { conversationId, participants }: Conversation,
  { since, pageToken }: { since?: Date; pageToken?: string },
  { twilio, store, deadline }: ToolContext,
) {
  if (participants.length !== 2)
    throw new ToolError('Only the history of two numbers can be imported; nothing was done.');
  const [first, second] = participants as [string, string];
  const ways = [
    { from: first, to: second },
    { from: second, to: first },
  ];
  let [way, token] = pageToken === undefined ? [0, undefined] : parse(pageToken);
  let messagesRead = 0;
  for (; way < ways.length; way++, token = undefined) {
    do {
      if (messagesRead > 0 && Date.now() > deadline - MARGIN_MS) {
        return { conversationId, messagesRead, nextPageToken: `${way}.${token ?? ''}` };
      }
      const filters = { ...ways[way], dateSentAfter: since };
      const { items, nextPageToken } = await page(twilio.messages, filters, { limit: READ, pageToken: token });
      for (let i = 0; i < items.length; i += WRITTEN) {
        await Promise.all(items.slice(i, i + WRITTEN).map((message) => bringIn(message)));
      }
      messagesRead += items.length;
      token = nextPageToken;
    } while (token !== undefined);
  }
  return { conversationId, messagesRead, nextPageToken: undefined };

  async function bringIn(message: Logged): Promise<void> {
    const inbound = message.direction === 'inbound';
    // A listed message's own media() lacks its SID.
    const media = Number(message.numMedia) > 0 ? await twilio.messages(message.sid).media.list({ limit: 10 }) : [];
    await record(
      store,
      {
        messageSid: message.sid,
        direction: inbound ? 'inbound' : 'outbound',
        from: message.from,
        to: message.to,
        body: message.body ?? '',
        ...(media.length > 0 && {
          media: media.map(({ uri, contentType }) => ({
            url: `https://api.twilio.com${uri.replace(/\.json$/, '')}`,
            contentType,
          })),
        }),
        status: message.status,
        ...(message.errorCode && { errorCode: message.errorCode, errorMessage: message.errorMessage }),
        conversationId,
        timestamp: (message.dateSent ?? message.dateCreated ?? new Date()).toISOString(),
      },
      true,
    );
  }
}

function parse(pageToken: string): [number, string | undefined] {
  const dot = pageToken.indexOf('.');
  return [Number(pageToken.slice(0, dot)), pageToken.slice(dot + 1) || undefined];
}
