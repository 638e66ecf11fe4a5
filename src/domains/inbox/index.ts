import * as z from 'zod';
import { ToolError } from '../../errors';
import { keyOf, Page, paging, storedPage } from '../../paging';
import { address, boolean, conversationId, dateTime, e164, integer, jsonObject, sid } from '../../params';
import {
  CONVERSATIONS,
  findConversation,
  getConversation,
  openConversation,
  threadCollection,
} from '../../threads/conversation';
import { importHistory } from '../../threads/history';
import { getWebhooks, restoreWebhooks, setWebhooks } from '../../threads/number-webhooks';
import { fitMessages, summarizeThread, threadPage } from '../../threads/read';
import { entriesAfter, entryKey, inboundEntries } from '../../threads/record-message';
import { domain, tool } from '../../tool';
import { listNumbers } from '../phone-numbers/own';

const LIST = 'twilio_inbox_list_conversations';
const THREAD = 'twilio_inbox_get_conversation_thread';
const CONVERSATION = ['conversationId', 'participants', 'createdAt', 'metadata'] as const;
const WEBHOOKS = [
  'phoneNumberSid',
  'phoneNumber',
  'smsUrl',
  'smsMethod',
  'smsFallbackUrl',
  'smsApplicationSid',
  'pointsHere',
  'before',
] as const;
const METADATA_CHARACTERS = 8000;
const phoneNumberSid = () => sid('PN', 'Own phone number');

export const inbox = domain({
  service: 'Inbox',
  summary: 'SMS threads: what came in, conversations of both directions, delivery of what was sent.',
  instructions:
    'Every message sent or received joins the thread of its two numbers by itself. Own numbers must point here: see get_webhooks and configure_webhooks. ' +
    'What came before that is brought in by import_history.',
  tools: [
    tool({
      name: 'twilio_inbox_get_inbound_messages',
      title: 'Get inbound messages',
      description:
        'List messages that came in, newest first, with how many there are in all. Both directions of one thread: get_conversation_thread.',
      effect: 'read',
      operations: [],
      input: () => ({
        from: address('Only from this sender').optional(),
        to: address('Only to this own number').optional(),
        conversationId: conversationId('Only of this thread').optional(),
        since: dateTime('Only after this instant').optional(),
        ...paging(1000),
        limit: integer('Messages a page', 1, 1000).default(50),
      }),
      run: async ({ from, to, conversationId, since, limit, pageToken }, { store }) => {
        const after = since?.toISOString() ?? '';
        if (conversationId) await getConversation(store, conversationId);
        const entries = conversationId
          ? (await entriesAfter(store, threadCollection(conversationId), after)).reverse()
          : await inboundEntries(store, to, after);
        const matching = entries
          .filter((entry) => entry.direction === 'inbound')
          .filter((entry) => (!from || entry.from === from) && (!to || entry.to === to))
          .map((entry) => ({ media: [], ...entry, status: 'received' }));
        const beyond =
          pageToken === undefined ? matching : matching.filter((entry) => entryKey(entry) < keyOf(pageToken));
        const shown = beyond.slice(0, limit);
        return {
          ...fitMessages(shown, shown.length < beyond.length, (i) => entryKey(shown[i]!)),
          totalCount: matching.length,
        };
      },
      returns: ['messages', 'totalCount', 'nextPageToken'],
      untrusted: ['messages'],
    }),
    tool({
      name: 'twilio_inbox_create_conversation',
      title: 'Create conversation',
      description:
        'Open the thread of these participants, or find it and replace its metadata. Sends nothing: give its id to send_sms.',
      effect: 'create',
      checkWith: LIST,
      operations: [],
      input: () => ({
        participants: z.array(e164('Number')).min(2).max(20).describe('Own numbers and others'),
        metadata: jsonObject('Anything to keep with it').optional(),
      }),
      run: ({ participants, metadata }, { store }) => {
        if (new Set(participants).size < 2) {
          throw new ToolError('`participants` must be two or more different numbers; nothing was done.');
        }
        if (JSON.stringify(metadata ?? {}).length > METADATA_CHARACTERS) {
          throw new ToolError(
            `\`metadata\` must be at most ${METADATA_CHARACTERS} characters of JSON; nothing was done.`,
          );
        }
        return openConversation(store, participants, metadata);
      },
      returns: CONVERSATION,
    }),
    tool({
      name: THREAD,
      title: 'Get conversation thread',
      description:
        'Read a thread, both directions in time order, each sent message with its delivery state. Find its id with list_conversations.',
      effect: 'read',
      operations: [],
      input: () => ({
        conversationId: conversationId('Thread'),
        includeContext: boolean('Also a summary, the last activity and the count').default(false),
        ...paging(),
        limit: integer('Messages a page', 1, 100).default(50),
      }),
      run: async ({ conversationId, includeContext, ...position }, { store }) => {
        const conversation = await getConversation(store, conversationId);
        const { messages, nextPageToken } = await threadPage(store, conversationId, position);
        const context = includeContext ? await summarizeThread(store, conversation) : undefined;
        return { ...conversation, messages, nextPageToken, context };
      },
      returns: ['conversationId', 'participants', 'messages', 'nextPageToken', 'context'],
      untrusted: ['messages'],
    }),
    tool({
      name: LIST,
      title: 'List conversations',
      description:
        'List the threads, in no particular order, all or those of one participant. To read one: get_conversation_thread.',
      effect: 'read',
      operations: [],
      input: () => ({
        participant: address('Only threads with this number').optional(),
        ...paging(),
      }),
      run: async ({ participant, ...position }, { store }) => {
        const listed = await storedPage<{ participants: string[] }>(store, CONVERSATIONS, position);
        const wanted = listed.items.filter(({ value }) => !participant || value.participants.includes(participant));
        const found = await Promise.all(wanted.map(({ key }) => findConversation(store, key)));
        return new Page(
          found.filter((conversation) => conversation !== undefined),
          listed.nextPageToken,
        );
      },
      returns: CONVERSATION,
    }),
    tool({
      name: 'twilio_inbox_import_history',
      title: 'Import history of a thread',
      description:
        "Bring a thread's messages in from Twilio's own log: those from before the webhooks were set, or while they were down. " +
        'Nothing is doubled. Repeat with nextPageToken until there is none, then read get_conversation_thread.',
      effect: 'create',
      checkWith: THREAD,
      operations: ['api_v2010:ListMessage', 'api_v2010:ListMedia'],
      input: () => ({
        conversationId: conversationId('Thread of two numbers'),
        since: dateTime('Only sent at or after').optional(),
        pageToken: paging().pageToken,
      }),
      run: async ({ conversationId, ...position }, context) =>
        importHistory(await getConversation(context.store, conversationId), position, context),
      returns: ['conversationId', 'messagesRead', 'nextPageToken'],
    }),
    tool({
      name: 'twilio_inbox_get_webhooks',
      title: 'Get webhooks of a number',
      description:
        'Tell where an own number sends inbound messages, whether that is here, and what is kept to be put back. SIDs: list_phone_numbers.',
      effect: 'read',
      operations: ['api_v2010:FetchIncomingPhoneNumber'],
      input: () => ({ phoneNumberSid: phoneNumberSid() }),
      run: ({ phoneNumberSid }, context) => getWebhooks({ sid: phoneNumberSid }, context),
      returns: WEBHOOKS,
    }),
    tool({
      name: 'twilio_inbox_configure_webhooks',
      title: 'Point a number here',
      description:
        'Send what comes in at an own number to this server, so that threads and inboxes see it. What was set before is kept: restore_webhooks puts it back. ' +
        'To set another URL use configure_webhook.',
      effect: 'update',
      operations: ['api_v2010:FetchIncomingPhoneNumber', 'api_v2010:UpdateIncomingPhoneNumber'],
      input: () => ({
        phoneNumberSid: phoneNumberSid(),
        codes: boolean("For an agent's number: keep messages five minutes, in no thread").default(false),
      }),
      run: ({ phoneNumberSid, codes }, context) => setWebhooks({ sid: phoneNumberSid, codes }, context),
      returns: WEBHOOKS,
    }),
    tool({
      name: 'twilio_inbox_restore_webhooks',
      title: 'Put webhooks of a number back',
      description: 'Undo configure_webhooks: the number sends inbound messages where it did before.',
      effect: 'update',
      operations: ['api_v2010:FetchIncomingPhoneNumber', 'api_v2010:UpdateIncomingPhoneNumber'],
      input: () => ({ phoneNumberSid: phoneNumberSid() }),
      run: ({ phoneNumberSid }, context) => restoreWebhooks({ sid: phoneNumberSid }, context),
      returns: WEBHOOKS,
    }),
    listNumbers,
  ],
});
