/** Porting numbers to Twilio: whether a number can be ported, and requests, which stay in review. */
import type { Properties } from '../json';
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { OperationRule } from '../types';
import { callingCountry } from './countries';

/** US numbers can be ported by API; Twilio ports those of other countries by hand. */
function portability(phone_number: string) {
  const country = callingCountry(phone_number)?.iso ?? null;
  const isTollFree = /^\+18(00|33|44|55|66|77|88)/.test(phone_number);
  const reason = country === 'US' ? null : 'MANUAL_PORTING_AVAILABLE';
  return {
    phone_number,
    country,
    number_type: isTollFree ? 'TOLL-FREE' : country === 'US' ? 'LOCAL' : 'UNKNOWN',
    portable: reason === null,
    not_portable_reason: reason,
    not_portable_reason_code: reason && 22133,
  };
}

const createPortIn: OperationRule = {
  respond(request) {
    const { fields, state, accountSid, now } = request;
    const sid = newSid('KW');
    const phone_numbers = ((fields.phone_numbers ?? []) as Properties[]).map((wanted) => {
      const { phone_number, number_type, portable, not_portable_reason, not_portable_reason_code } = portability(
        String(wanted.phone_number),
      );
      return {
        phone_number,
        number_type,
        portable,
        not_portability_reason: not_portable_reason,
        not_portability_reason_code: not_portable_reason_code,
        port_in_phone_number_sid: newSid('PU'),
        port_in_phone_number_status: 'In Review',
        rejection_reason: null,
        rejection_reason_code: null,
        port_date: null,
      };
    });
    const known: Properties = {
      ...fields,
      sid,
      port_in_request_sid: sid,
      url: `https://${request.entry.host}/v1/Porting/PortIn/${sid}`,
      account_sid: accountSid,
      port_in_request_status: 'In Review',
      order_cancellation_reason: null,
      signature_request_url: null,
      support_ticket_id: null,
      phone_numbers,
    };
    for (const name of ['bundle_sid', 'portability_advance_carrier', 'auto_cancel_approval_numbers'])
      known[name] ??= null;
    const { body } = seedResource(state, { fetchOperation: 'numbers_v1:FetchPortingPortIn', known, at: now });
    return { status: 201, body };
  },
};

export const PORTING_RULES: Record<string, OperationRule> = {
  'numbers_v1:FetchPortingPortability': {
    respond(request) {
      const found = portability(request.target.params.PhoneNumber!);
      const url = `https://${request.entry.host}${request.entry.path}`;
      const body = { ...found, account_sid: request.accountSid, pin_and_account_number_required: null, url };
      return { status: 200, body };
    },
  },
  'numbers_v1:CreatePortingPortIn': createPortIn,
};
