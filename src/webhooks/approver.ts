import { canonicalAddress } from '../formats';
import { Response } from '../http/exchange';
import { isApprover, takeReply } from '../policy/approval-requests';
import type { Receiver } from './receive';

/** Receives messages, but those of the approver only for what they allow, refuse or stop: they are stored nowhere. */
export const unlessApprover =
  (receive: Receiver): Receiver =>
  async (fields, context, isSigned) => {
    const { From: from = '', To: to = '', Body: body = '' } = fields;
    const { approver } = context.config;
    if (isApprover(to, approver)) return plainText('');
    if (!isApprover(from, approver)) return receive(fields, context, isSigned);
    // Only what Twilio has signed proves its sender, and only a text message itself.
    const counts = isSigned && canonicalAddress(from) === approver && (fields.SmsStatus ?? 'received') === 'received';
    return plainText((counts && (await takeReply(body, context))) || '');
  };

/** Twilio sends such a text back to the sender, and nothing if it is empty. */
const plainText = (text: string) => new Response(text, { headers: { 'content-type': 'text/plain' } });
