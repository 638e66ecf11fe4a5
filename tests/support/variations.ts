import { SANDBOX_ACCOUNT_SID } from '../../sandbox/credentials';
import { threadId } from '../../src/threads/conversation';
import type { Variation } from './arguments';

/** Tools whose arguments exclude each other or have a form that no schema tells, with the calls to be tried. */
const participants = ['+15005550006', '+14155550100'];
const conversationId = threadId(participants);
const conversation = [['twilio_inbox_create_conversation', { participants }]] as const;
const phoneNumberSid = `PN${'a'.repeat(32)}`;
/** The first of `WIRE_ENVIRONMENT`. */
const phone_number = '+15005550006';

/** Settings without which some tools refuse; a wait ends soon. */
export const WIRE_ENVIRONMENT = {
  TWILIO_PHONE_NUMBERS: phone_number,
  WEBHOOK_BASE_URL: 'https://example.com',
  TWILIO_TIMEOUT: '2000',
};

const tomorrow = new Date(Date.now() + 86_400_000).toISOString();

export const VARIATIONS: Readonly<Record<string, readonly Variation[]>> = {
  // No account but the sandbox's own exists there, and the status of a main account cannot change.
  twilio_account_get_account: [{ set: { accountSid: SANDBOX_ACCOUNT_SID } }],
  twilio_account_update_account: [{ set: { accountSid: SANDBOX_ACCOUNT_SID }, omit: ['status'] }],
  twilio_messaging_send_sms: [{ set: { sendAt: tomorrow }, omit: ['conversationId'] }],
  twilio_messaging_send_mms: [{ set: { sendAt: tomorrow }, omit: ['conversationId'] }],
  twilio_messaging_send_whatsapp: [{ set: { sendAt: tomorrow }, omit: ['conversationId'] }],
  twilio_inbox_get_inbound_messages: [{ set: { conversationId }, before: conversation }],
  twilio_inbox_create_conversation: [{ set: { participants } }],
  twilio_inbox_get_conversation_thread: [{ set: { conversationId }, before: conversation }],
  twilio_inbox_import_history: [{ set: { conversationId }, before: conversation }],
  twilio_inbox_restore_webhooks: [
    { set: { phoneNumberSid }, before: [['twilio_inbox_configure_webhooks', { phoneNumberSid }]] },
  ],
  twilio_agent_phone_wait_for_sms: [{ set: { timeout: 60_000 }, omit: ['token'] }],
  twilio_agent_phone_extract_otp_from_sms: [{ set: { sms_body: 'Your code is 123456' } }],
  twilio_agent_phone_release_phone_number: [
    { set: { phone_number }, before: [['twilio_agent_phone_get_phone_number', { passport_id: 'xxxx' }]] },
  ],
  twilio_phone_numbers_buy_phone_number: [{ omit: ['areaCode'] }, { omit: ['phoneNumber'], set: { areaCode: 500 } }],
  twilio_voice_make_call: [
    { omit: ['url', 'applicationSid'], set: { twiml: '<Response><Say>Hello</Say></Response>', sendDigits: 'ww1#' } },
    { omit: ['twiml', 'applicationSid', 'sendDigits'] },
    { omit: ['twiml', 'url', 'sendDigits'] },
  ],
  twilio_voice_redirect_call: [
    { omit: ['url'], set: { twiml: '<Response><Play digits="12"/></Response>' } },
    { omit: ['twiml'] },
  ],
};
