import type { Twilio } from 'twilio';
import { oneOf, pathName, selector, sid } from '../../params';

/*
 * What all tools of this service share. Each resource exists twice: in the account's default service, and in a service
 * that is named.
 */

type Resources = Pick<Twilio['conversations']['v1'], 'conversations' | 'participantConversations' | 'roles' | 'users'>;

/** The resources of the service that is named, else of the default one. Both are alike, but for their types' names. */
export const inService = ({ conversations: { v1 } }: Twilio, chatServiceSid: string | undefined): Resources =>
  chatServiceSid === undefined ? v1 : (v1.services(chatServiceSid) as unknown as Resources);

export const service = () => ({ chatServiceSid: selector(sid('IS', 'Service').optional()) });

export const conversation = () => ({ conversationSid: pathName('SID or unique name'), ...service() });

/** What is done over the API fires no webhooks, unless it is asked for. */
export const firing = () => ({
  xTwilioWebhookEnabled: selector(oneOf('Fire webhooks', ['true', 'false']).optional()),
});
