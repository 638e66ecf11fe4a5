import type { Twilio } from 'twilio';
import * as z from 'zod';
import { type Config, statusWebhook } from '../../config';
import { ToolError } from '../../errors';
import { findConversation, getConversation, threadId } from '../../threads/conversation';
import type { Message } from '../../threads/message';
import { record } from '../../threads/record';
import type { ToolContext } from '../../tool';

export const conversationId = (description: string) =>
  z.guid('must be the UUID of a conversation').describe(description);

/** A number without the channel that it is reached by. */
const bare = (address: string) => address.replace(/^\w+:/, '');

type Outgoing = Parameters<Twilio['messages']['create']>[0] & { conversationId?: string };

/**
 * Sends a message and keeps it in its thread. Without a `conversationId` that is the thread of both numbers, which is
 * opened if AUTO_CREATE_CONVERSATIONS allows. Once the message is out nothing hides its SID: `notRecorded` says so
 * where the thread lacks it.
 * @throws ToolError before anything is sent, where there is no such thread
 */
export async function sendThreaded({ conversationId, ...message }: Outgoing, context: ToolContext) {
  const { twilio, store, config } = context;
  if (message.mediaUrl && !config.enableMms) {
    throw new ToolError('Media are switched off by ENABLE_MMS; nothing was sent. Leave `mediaUrl` out.');
  }
  if (conversationId !== undefined) {
    const { participants } = await getConversation(
      store,
      conversationId,
      '; nothing was sent. List them with list_conversations.',
    );
    if (!participants.map(bare).includes(bare(message.to))) {
      throw new ToolError(
        `\`to\` is not a participant of this conversation; nothing was sent. Participants: ${participants.join(', ')}.`,
      );
    }
  } else if (!config.autoCreateConversations) {
    if (message.from === undefined) {
      throw new ToolError(
        'The Messaging Service chooses the sender, so the conversation is not known and auto-creation is disabled; nothing was sent. Give `from` or `conversationId`.',
      );
    }
    if (!(await findConversation(store, threadId([message.from, message.to])))) {
      throw new ToolError(
        'No conversation found and auto-creation is disabled; nothing was sent. Open it with create_conversation, or give `conversationId`.',
      );
    }
  }
  const sent = await twilio.messages.create(message);
  const news: Message = {
    messageSid: sent.sid,
    direction: 'outbound',
    from: sent.from ?? message.from,
    to: sent.to,
    body: sent.body ?? message.body ?? '',
    ...(message.mediaUrl?.length && { media: message.mediaUrl.map((url) => ({ url })) }),
    status: sent.status,
    conversationId,
    timestamp: new Date().toISOString(),
  };
  try {
    const recorded = await record(store, news, config.autoCreateConversations);
    // Its first delivery state tells the sender, to us or to somebody else.
    const joins = recorded.from !== undefined || isOwn(message.statusCallback, config);
    return Object.assign(sent, {
      conversationId: recorded.conversationId,
      notRecorded: joins ? undefined : SENDER_UNKNOWN,
    });
  } catch {
    return Object.assign(sent, { conversationId, notRecorded: NOT_RECORDED });
  }
}

const isOwn = (callback: string | undefined, config: Config) =>
  callback !== undefined && callback === statusWebhook(config);

const SENDER_UNKNOWN =
  'The message was sent, but joins no thread: its Messaging Service chooses the sender, and the delivery states, which tell it, do not come here. ' +
  'Once get_message_status tells `from`, bring it in with import_history; do not send again.';
const NOT_RECORDED =
  'The message was sent, but its thread could not be written. Bring it in with import_history; do not send again.';
