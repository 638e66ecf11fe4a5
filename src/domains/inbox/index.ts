import * as z from 'zod';
import { ToolError } from '../../errors';
import { paging } from '../../paging';
import {
  address,
  boolean,
  conversationId,
  exactlyOne,
  integer,
  jsonObject,
  recipient,
  sid,
  since,
  timeZone,
  words,
} from '../../params';
import { MAX_PAGE } from '../../store/port';
import { conversationPage, getConversation, openConversation } from '../../threads/conversation';
import { CURSOR } from '../../threads/cursor';
import { threadOf, threadsOf } from '../../threads/find';
import { importHistory } from '../../threads/history';
import { inboundPage } from '../../threads/inbound';
import { getWebhooks, restoreWebhooks, setWebhooks } from '../../threads/number-webhooks';
import { summarizeThread, threadPage } from '../../threads/read';
import { creates, domain, grants, reads, type ToolContext, tool } from '../../tool';
import { IN_SERVICE, listNumbers } from '../phone-numbers/incoming-numbers';

const LIST = 'twilio_inbox_list_conversations';
const THREAD = 'twilio_inbox_get_conversation_thread';
const CONVERSATION = ['conversationId', 'participants', 'createdAt', 'metadata'] as const;
const WEBHOOKS = words(
  'phoneNumberSid phoneNumber smsUrl smsMethod smsFallbackUrl smsApplicationSid pointsHere overridden unread before',
);
const METADATA_CHARACTERS = 8000;
const phoneNumberSid = () => sid('PN', 'Phone number of the account');

const participants = (max: number) =>
  z
    .array(recipient('Address', ['whatsapp', 'rcs', 'messenger']))
    .min(2)
    .max(max);

/** Throws a `ToolError` for a thread of one. */
function openThread(participants: string[], { store }: ToolContext, metadata?: Record<string, unknown>) {
  if (new Set(participants).size < 2) {
    throw new ToolError('`participants` must be two or more different addresses; nothing was done.');
  }
  return openConversation(store, participants, metadata);
}

export const inbox = domain({
  service: 'Inbox',
  summary: 'Message threads: inbound messages, both directions of a conversation, delivery of sent messages.',
  instructions:
    'Every message sent or received joins the thread of its two addresses automatically, unless notRecorded says otherwise. Inbound messages arrive only if their number points to ' +
    'this server: see get_webhooks and configure_webhooks. Load earlier messages with import_history.',
  tools: [
    tool({
      name: 'twilio_inbox_get_inbound_messages',
      title: 'List inbound messages',
      description:
        'List inbound messages, newest first. totalCount counts all, or if hasMoreThanCounted, the newest. To see what is new since an earlier call, pass its cursor. For both directions of one thread use get_conversation_thread.',
      ...reads(),
      input: () => ({
        from: address('Only messages from this sender').optional(),
        to: address('Only messages to this number of the account').optional(),
        conversationId: conversationId('Only messages of this thread').optional(),
        since: since('Only messages after this time').optional(),
        ...timeZone(),
        cursor: z
          .string()
          .regex(CURSOR, 'must be the cursor of an earlier result')
          .describe('cursor of an earlier result: only messages that arrived since; repeat its filters')
          .optional(),
        ...paging(1000),
        limit: integer('Messages per page', 1, 1000).default(50),
      }),
      run: inboundPage,
      returns: ['messages', 'totalCount', 'hasMoreThanCounted', 'nextPageToken', 'searched', 'cursor'],
      untrusted: ['messages'],
    }),
    tool({
      name: 'twilio_inbox_create_conversation',
      title: 'Open message thread',
      description:
        'Open the thread of these participants; if it exists, return it and replace its metadata if given. Sends nothing: pass its conversationId to twilio_messaging_send_sms.',
      ...creates({ checkWith: LIST }),
      input: () => ({
        participants: participants(20).describe(
          'All addresses of the thread (E.164, whatsapp:…, rcs:… or messenger:…), the account’s own included',
        ),
        metadata: jsonObject(
          `Data to store with the thread, at most ${METADATA_CHARACTERS} characters of JSON`,
        ).optional(),
      }),
      run: ({ participants, metadata }, context) => {
        if (JSON.stringify(metadata ?? {}).length > METADATA_CHARACTERS) {
          throw new ToolError(
            `\`metadata\` must be at most ${METADATA_CHARACTERS} characters of JSON; nothing was done.`,
          );
        }
        return openThread(participants, context, metadata);
      },
      returns: CONVERSATION,
      untrusted: ['participants'],
    }),
    tool({
      name: THREAD,
      title: 'Get message thread',
      description:
        'Read the newest messages of one thread, both directions in time order, sent ones with their delivery state; nextPageToken leads to earlier ones. Pass conversationId, or participant if that person has only one thread; list_conversations shows all.',
      ...reads('api_v2010:ListIncomingPhoneNumber'),
      input: () => ({
        conversationId: conversationId('Thread to read').optional(),
        participant: address('Person whose thread to read').optional(),
        includeContext: boolean(
          'Also return a summary, the last activity and the count of the newest messages, at most 500',
        ).default(false),
        ...paging(),
        limit: integer('Messages per page', 1, 100).default(50),
      }),
      run: async ({ conversationId: id, participant, includeContext, ...position }, context) => {
        const { store } = context;
        if (!exactlyOne(id, participant)) {
          throw new ToolError('Pass either `conversationId` or `participant`; nothing was read.');
        }
        const found = id ? getConversation(store, id) : threadOf(participant!, context);
        const conversationId = id ?? (await found).conversationId;
        const [conversation, page, summary] = await Promise.all([
          found,
          threadPage(store, conversationId, position),
          includeContext ? summarizeThread(store, conversationId) : undefined,
        ]);
        return { ...conversation, ...page, context: summary };
      },
      returns: ['conversationId', 'participants', 'messages', 'nextPageToken', 'context'],
      untrusted: ['participants', 'messages'],
    }),
    tool({
      name: LIST,
      title: 'List message threads',
      description:
        'List message threads, in no particular order, all or those of one participant. Read one with get_conversation_thread.',
      ...reads('api_v2010:ListIncomingPhoneNumber'),
      input: () => ({ participant: address('Only threads with this number').optional(), ...paging(MAX_PAGE) }),
      run: ({ participant, ...position }, context) =>
        participant === undefined
          ? conversationPage(context.store, position)
          : threadsOf(participant, position, context),
      returns: CONVERSATION,
      untrusted: ['participants'],
    }),
    tool({
      name: 'twilio_inbox_import_history',
      title: 'Import message history',
      description:
        "Copy a thread's messages from Twilio's message log, such as those from before its webhooks were set or while they were down. " +
        'Stored messages are not duplicated. Repeat with nextPageToken until the result has no more, then read get_conversation_thread.',
      ...creates({ checkWith: THREAD }, 'api_v2010:ListMessage', 'api_v2010:ListMedia'),
      input: () => ({
        conversationId: conversationId('Thread of exactly two addresses').optional(),
        participants: participants(2).describe('Its two addresses instead: opens the thread if needed').optional(),
        since: since('Only messages sent at or after this time').optional(),
        ...timeZone(),
        pageToken: paging().pageToken,
      }),
      run: async ({ conversationId: id, participants, ...position }, context) => {
        const { store } = context;
        if (!exactlyOne(id, participants)) {
          throw new ToolError('Pass either `conversationId` or `participants`; nothing was done.');
        }
        const conversation = id ? await getConversation(store, id) : await openThread(participants!, context);
        return importHistory(conversation, position, context);
      },
      returns: ['conversationId', 'messagesRead', 'nextPageToken', 'interrupted'],
    }),
    tool({
      name: 'twilio_inbox_get_webhooks',
      title: 'Get inbound webhook of number',
      description:
        'Show where a phone number sends inbound messages, whether that is this server, what overrides it (`overridden`), and the saved previous settings. Find its SID with list_phone_numbers.',
      ...reads('api_v2010:FetchIncomingPhoneNumber', ...IN_SERVICE),
      input: () => ({ phoneNumberSid: phoneNumberSid() }),
      run: ({ phoneNumberSid }, context) => getWebhooks({ sid: phoneNumberSid }, context),
      returns: WEBHOOKS,
    }),
    tool({
      name: 'twilio_inbox_configure_webhooks',
      title: 'Point number to this server',
      description:
        'Send the inbound messages of a phone number to this server, so that threads and inboxes receive them. The previous settings are saved: ' +
        'restore_webhooks puts them back. To set another URL use twilio_phone_numbers_configure_webhook.',
      ...grants(
        { checkWith: 'twilio_inbox_get_webhooks' },
        'api_v2010:FetchIncomingPhoneNumber',
        'api_v2010:UpdateIncomingPhoneNumber',
        ...IN_SERVICE,
      ),
      input: () => ({
        phoneNumberSid: phoneNumberSid(),
        codes: boolean("For an agent's number: keep messages for five minutes, outside threads").default(false),
      }),
      run: ({ phoneNumberSid, codes }, context) => setWebhooks({ sid: phoneNumberSid, codes }, context),
      returns: WEBHOOKS,
    }),
    tool({
      name: 'twilio_inbox_restore_webhooks',
      title: 'Restore previous webhook of number',
      description: 'Undo configure_webhooks: the phone number sends inbound messages where it did before.',
      ...grants(
        { checkWith: 'twilio_inbox_get_webhooks' },
        'api_v2010:FetchIncomingPhoneNumber',
        'api_v2010:UpdateIncomingPhoneNumber',
        ...IN_SERVICE,
      ),
      input: () => ({ phoneNumberSid: phoneNumberSid() }),
      run: ({ phoneNumberSid }, context) => restoreWebhooks({ sid: phoneNumberSid }, context),
      returns: [...WEBHOOKS, 'notForgotten'],
    }),
    listNumbers,
  ],
});
