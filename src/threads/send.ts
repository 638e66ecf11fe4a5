import { setTimeout as sleep } from 'node:timers/promises';
import type { Twilio } from 'twilio';
import { isOwnWebhook, STATUS_WEBHOOK } from '../config';
import { ToolError } from '../errors';
import type { ToolContext } from '../tool';
import { getConversation, isThreadOpen, threadId } from './conversation';
import { creationOf, type Message } from './message';
import { requireOptedIn } from './opt-outs';
import { recordSent } from './record-message';

type MessageOptions = Parameters<Twilio['messages']['create']>[0] & { conversationId?: string };

/** How long an answer waits until the thread of a sent message is written. */
const RECORDING_MS = 2000;

/** An address without its channel prefix. */
const withoutChannel = (address: string) => address.replace(/^\w+:/, '');

/**
 * Sends a message and records it in its thread. Without `conversationId` that is the thread of sender and recipient,
 * which is opened if AUTO_CREATE_CONVERSATIONS allows. After the send nothing hides the SID: `notRecorded` says why the
 * thread lacks the message.
 * Throws a `ToolError` before anything is sent if there is no such thread.
 */
export async function sendMessage({ conversationId, ...message }: MessageOptions, context: ToolContext) {
  const { twilio, store, config } = context;
  if (message.mediaUrl && !config.enableMms) {
    throw new ToolError('ENABLE_MMS switches media off; nothing was sent. Leave `mediaUrl` out.');
  }
  const allowed = Promise.all([requireThread(message, conversationId, context), requireOptedIn(message, context)]);
  // A dry run stops before it is awaited.
  allowed.catch(() => undefined);
  context.call.conditions.push(allowed);
  const sent = await twilio.messages.create(message);
  const from = sent.from ?? message.from;
  const update: Message = {
    messageSid: sent.sid,
    direction: 'outbound',
    from,
    to: sent.to,
    body: sent.body ?? message.body ?? '',
    ...(message.mediaUrl?.length && { media: message.mediaUrl.map((url) => ({ url })) }),
    status: sent.status,
    conversationId,
    timestamp: new Date().toISOString(),
    created: creationOf(sent.dateCreated),
  };
  // The first delivery state names the sender and completes what is missing, if it comes to this server.
  const isTracked = isOwnWebhook(message.statusCallback, STATUS_WEBHOOK, config);
  const recorded = await Promise.race([
    recordSent(store, update, config.autoCreateConversations).catch(() => undefined),
    sleep(RECORDING_MS, undefined, { ref: false }),
  ]);
  const sender = recorded?.from ?? from;
  return Object.assign(sent, {
    messageSid: sent.sid,
    conversationId: recorded ? recorded.conversationId : (conversationId ?? (sender && threadId([sender, sent.to]))),
    notRecorded: whatIsOpen({ isRecorded: recorded !== undefined, isTracked, sender, to: sent.to }),
  });
}

interface Recording {
  isRecorded: boolean;
  /** Whether the delivery states come to this server. */
  isTracked: boolean;
  sender?: string;
  to: string;
}

/** What a thread lacks after a send, and what to do about it; undefined if it lacks nothing. */
function whatIsOpen({ isRecorded, isTracked, sender, to }: Recording): string | undefined {
  if (sender === undefined && !isTracked) return SENDER_UNKNOWN;
  if (isRecorded) return undefined;
  const byHand = `twilio_inbox_import_history with participants ${JSON.stringify([sender ?? 'the sender', to])}`;
  const next = isTracked
    ? `Its next delivery state adds it to the thread of sender and recipient; if it stays missing, use ${byHand}`
    : `Add it with ${byHand}`;
  return `The message was sent, but its thread could not be written in time. ${next}; do not send again.`;
}

/** Throws a `ToolError` if there is no thread for the message, or none that is known before the send. */
async function requireThread(
  { from, to }: Pick<MessageOptions, 'from' | 'to'>,
  conversationId: string | undefined,
  { store, config }: ToolContext,
): Promise<void> {
  if (conversationId !== undefined) {
    const { participants } = await getConversation(
      store,
      conversationId,
      '; nothing was sent. Find it with twilio_inbox_list_conversations.',
    );
    if (participants.map(withoutChannel).includes(withoutChannel(to))) return;
    throw new ToolError(
      `\`to\` is not a participant of this conversation; nothing was sent. Participants: ${participants.join(', ')}.`,
    );
  }
  if (config.autoCreateConversations) return;
  if (from === undefined) {
    throw new ToolError(
      'The Messaging Service chooses the sender, so the conversation is not known, and auto-creation is disabled; nothing was sent. Give `from` or `conversationId`.',
    );
  }
  if (!(await isThreadOpen(store, threadId([from, to])))) {
    throw new ToolError(
      'No conversation found and auto-creation is disabled; nothing was sent. Open it with twilio_inbox_create_conversation, or give `conversationId`.',
    );
  }
}

const SENDER_UNKNOWN =
  'The message was sent, but joins its thread only if its delivery states, which name the sender, come to this server (TRACK_MESSAGING_SERVICES=true). ' +
  'If not, add it with twilio_inbox_import_history once twilio_messaging_get_message_status shows `from`; do not send again.';
