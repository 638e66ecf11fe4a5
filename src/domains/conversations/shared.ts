import type { Twilio } from 'twilio';
import { oneOf, pathName, selector, sid } from '../../params';

/*
 * Shared by all tools of this service. Twilio serves each resource at two paths: in the account's default service, and
 * in a named service.
 */

type Resources = Pick<Twilio['conversations']['v1'], 'conversations' | 'participantConversations' | 'roles' | 'users'>;

/** The resources of the named service, or else of the default service. The two differ only in the names of their types. */
export const inService = ({ conversations: { v1 } }: Twilio, chatServiceSid: string | undefined): Resources =>
  chatServiceSid === undefined ? v1 : (v1.services(chatServiceSid) as unknown as Resources);

export const service = () => ({
  chatServiceSid: selector(sid('IS', "Conversation service; default the account's default service").optional()),
});

export const conversation = () => ({
  conversationSid: pathName('Conversation SID (CH…) or unique name'),
  ...service(),
});

/** Changes made through the API call no webhooks unless this header asks for them. */
export const webhookHeader = () => ({
  xTwilioWebhookEnabled: selector(oneOf('Call webhooks for this change; default false', ['true', 'false']).optional()),
});
