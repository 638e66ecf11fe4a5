/** What the rules of several products share about phone numbers. */
import type { StoredResource } from '../store';
import type { SandboxRequest, SandboxState } from '../types';

export const ACCOUNTS_PATH = 'api.twilio.com/2010-04-01/Accounts';

/** https://www.twilio.com/docs/iam/test-credentials */
export const MAGIC_NUMBERS = {
  invalid: '+15005550001',
  unroutable: '+15005550002',
  noPermission: '+15005550003',
  blocked: '+15005550004',
  valid: '+15005550006',
  notOwned: '+15005550007',
  queueFull: '+15005550008',
  notMobile: '+15005550009',
} as const;

/** The sandbox's own numbers: what comes of a call to them. A call to any other number is answered by a person. */
export const CALL_OUTCOMES: Readonly<Record<string, 'busy' | 'no-answer' | 'failed' | 'machine'>> = {
  '+15005550021': 'busy',
  '+15005550022': 'no-answer',
  '+15005550023': 'failed',
  '+15005550024': 'machine',
};

/** E.164 with at least seven digits: Twilio rejects shorter numbers. */
export function isPhoneNumber(number: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(number);
}

/** `(415) 555-0100` for a North American number; others stay as they are. */
export function nationalFormat(number: string): string {
  const match = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return match ? `(${match[1]}) ${match[2]}-${match[3]}` : number;
}

/** The collection of an account's messages. */
export const messagesOf = (accountSid: unknown): string => `${ACCOUNTS_PATH}/${String(accountSid)}/Messages`;

/** The phone numbers of an account. */
export function ownedNumbers(state: SandboxState, accountSid: string): StoredResource[] {
  return state.store.list(`${ACCOUNTS_PATH}/${accountSid}/IncomingPhoneNumbers`);
}

/** The resource of a number of the request's account; undefined if the account does not own it. */
export function ownedNumber(request: SandboxRequest, number: string): StoredResource | undefined {
  return ownedNumbers(request.state, request.accountSid).find((resource) => resource.body.phone_number === number);
}

/** Properties of a phone number that is not configured. */
export const NUMBER_DEFAULTS = {
  address_requirements: 'none',
  address_sid: null,
  beta: false,
  bundle_sid: null,
  emergency_address_sid: null,
  emergency_address_status: 'unregistered',
  emergency_status: 'Active',
  identity_sid: null,
  origin: 'twilio',
  sms_application_sid: '',
  sms_fallback_method: 'POST',
  sms_fallback_url: '',
  sms_method: 'POST',
  sms_url: '',
  status: 'in-use',
  status_callback: '',
  status_callback_method: 'POST',
  trunk_sid: null,
  voice_application_sid: '',
  voice_caller_id_lookup: false,
  voice_fallback_method: 'POST',
  voice_fallback_url: '',
  voice_method: 'POST',
  voice_receive_mode: 'voice',
  voice_url: '',
};
