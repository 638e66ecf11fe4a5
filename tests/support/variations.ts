import { SANDBOX_ACCOUNT_SID } from '../../sandbox/credentials';
import type { Variation } from './arguments';

/** Tools whose arguments exclude each other or have a form that no schema tells, with the calls to be tried. */
const tomorrow = new Date(Date.now() + 86_400_000).toISOString();

export const VARIATIONS: Readonly<Record<string, readonly Variation[]>> = {
  // No account but the sandbox's own exists there, and the status of a main account cannot change.
  twilio_account_get_account: [{ set: { accountSid: SANDBOX_ACCOUNT_SID } }],
  twilio_account_update_account: [{ set: { accountSid: SANDBOX_ACCOUNT_SID }, omit: ['status'] }],
  twilio_api_describe: [{ set: { ids: ['api_v2010:CreateMessage'] } }],
  twilio_api_read: [{ set: { id: 'api_v2010:ListMessage', params: { PageSize: 5 } } }],
  twilio_api_search: [{ set: { query: 'send a text', product: 'messaging' } }],
  twilio_api_write: [{ set: { id: 'api_v2010:CreateQueue', params: { FriendlyName: 'x' } } }],
  twilio_messaging_send_sms: [{ set: { sendAt: tomorrow } }],
  twilio_messaging_send_mms: [{ set: { sendAt: tomorrow } }],
  twilio_messaging_send_whatsapp: [{ set: { sendAt: tomorrow } }],
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
