/** Messages that products other than Programmable Messaging send. */
import type { JournalEntry } from '../journal';
import type { Properties } from '../json';
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { StoredResource } from '../store';
import type { SandboxRequest, SandboxState } from '../types';
import { MESSAGE_RULES } from './messages';
import { ACCOUNTS_PATH, messagesOf } from './phone';

const MESSAGE_CREATION = 'api_v2010:CreateMessage';

/** Sends a message as if a request with these fields had. @throws ApiError if Twilio refuses it. */
export function sendOutgoing(
  state: SandboxState,
  accountSid: string,
  fields: { To: string; Body: string; From?: string; MessagingServiceSid?: string },
  now: number,
): StoredResource {
  const operation = state.spec.operation(MESSAGE_CREATION)!;
  const collection = messagesOf(accountSid);
  const params = { AccountSid: accountSid };
  const request: SandboxRequest = {
    ...{ state, operation, document: state.spec.document(operation.file), fields, query: {}, headers: {}, accountSid },
    target: { role: 'create', kind: `${ACCOUNTS_PATH}/{}/Messages`, collection, links: {}, params, path: collection },
    now,
    entry: {} as JournalEntry,
  };
  const rule = MESSAGE_RULES[MESSAGE_CREATION]!;
  rule.check?.(request);
  const { To, From = null, MessagingServiceSid = null } = fields;
  const known: Properties = { sid: newSid('SM'), to: To, from: From, messaging_service_sid: MessagingServiceSid };
  const message = seedResource(state, { fetchOperation: 'api_v2010:FetchMessage', params, known, at: now });
  rule.onCreate?.(request, message);
  state.events.emit('change', { resource: message, change: 'created' });
  return message;
}
