/**
 * Porting numbers to Twilio: whether a number can be ported, and requests. The sandbox signs the letter of authorization
 * itself; the numbers belong to the account from the requested day on.
 * https://www.twilio.com/docs/phone-numbers/port-in/porting-webhooks
 */
import type { Properties } from '../json';
import { elapsedTime } from '../lifecycle';
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { StoredResource } from '../store';
import type { Lifecycle, OperationRule, SandboxState } from '../types';
import { callingCountry } from './countries';
import { NUMBER_DEFAULTS, nationalFormat } from './phone';

/** States of a request and of its numbers, by the milliseconds after its creation. */
const PORTING_STEPS: Array<[after: number, request: string, number: string]> = [
  [0, 'In Review', 'In Review'],
  [60_000, 'Waiting for Signature', 'Waiting for Signature'],
  [120_000, 'In Progress', 'Submitted'],
  [180_000, 'In Progress', 'Pending'],
];

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

const advancePortIn: Lifecycle = (portIn, now, state) => {
  const { body } = portIn;
  if (body.port_in_request_status === 'Completed') return;
  const elapsed = elapsedTime(portIn, now, state);
  const [after, request, number] = PORTING_STEPS.findLast(([from]) => elapsed >= from) ?? PORTING_STEPS[0]!;
  const isLast = after === PORTING_STEPS.at(-1)![0];
  const date = body.target_port_in_date;
  const isDue = isLast && (typeof date !== 'string' || now >= Date.parse(date));
  body.port_in_request_status = isDue ? 'Completed' : request;
  for (const each of body.phone_numbers as Properties[]) {
    if (!each.portable) continue;
    each.port_in_phone_number_status = isDue ? 'Completed' : number;
    if (!isDue) continue;
    each.port_date = new Date(now).toISOString();
    addPortedNumber(portIn, String(each.phone_number), now, state);
  }
};

function addPortedNumber({ body }: StoredResource, phone_number: string, at: number, state: SandboxState): void {
  seedResource(state, {
    fetchOperation: 'api_v2010:FetchIncomingPhoneNumber',
    params: { AccountSid: String(body.account_sid) },
    known: {
      ...{ ...NUMBER_DEFAULTS, sid: newSid('PN'), phone_number, friendly_name: nationalFormat(phone_number) },
      capabilities: { voice: true, sms: true, mms: true, fax: false },
    },
    at,
    internal: { type: portability(phone_number).number_type.toLowerCase() },
  });
}

export const PORTING_LIFECYCLES: Record<string, Lifecycle> = { 'numbers.twilio.com/v1/Porting/PortIn': advancePortIn };

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
