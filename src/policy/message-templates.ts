import { PolicyError } from '../upper-bound';
import type { Classified } from './classify';

/** Operations that send a message, of which only the first two kinds take a template. Verify's texts are Twilio's own. */
const TEMPLATED = /^(api_v2010:CreateMessage|conversations_v1:Create(Service)?ConversationMessage)$/;
const WRITTEN =
  /^(?!verify)\w+:Create((Service)?(Conversation)?Message|MessageInteraction|Notification|ConversationAction|CommunicationInConversation)$/;

/** Throws a `PolicyError` for a message in other words than those of a template, and for a change of templates. */
export function requireTemplate({ operation: { id, method }, values }: Classified): void {
  const has = (name: string) => values[name]?.some((value) => value !== '') ?? false;
  const isTemplate = TEMPLATED.test(id) && has('ContentSid') && !has('Body') && !has('MediaUrl');
  const problem =
    WRITTEN.test(id) && !isTemplate
      ? 'send a contentSid, without body and media'
      : values.Twiml?.some((twiml) => /<(message|sms)\b/i.test(String(twiml)))
        ? 'the TwiML writes a message'
        : id.startsWith('content_v1:') && method !== 'DELETE' && 'agents cannot change templates';
  if (problem) throw new PolicyError({ rule: 'MCP_TEMPLATES_ONLY', allows: 'sends templates only', problem });
}
