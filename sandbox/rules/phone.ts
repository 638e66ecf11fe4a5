/** What the rules of messages, calls and numbers share about phone numbers. */
import type { Resource } from '../store';
import type { Call, World } from '../world';

export const ACCOUNTS = 'api.twilio.com/2010-04-01/Accounts';
export const MAGIC = {
  invalid: '+15005550001',
  unroutable: '+15005550002',
  noPermission: '+15005550003',
  blocked: '+15005550004',
  valid: '+15005550006',
  notOwned: '+15005550007',
  queueFull: '+15005550008',
  notMobile: '+15005550009',
  taken: '+15005550000',
} as const;

export function isE164(number: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(number);
}

export function ownedNumbers(world: World, accountSid: string): Resource[] {
  return world.store.list(`${ACCOUNTS}/${accountSid}/IncomingPhoneNumbers`);
}

export function owned(call: Call, number: string): Resource | undefined {
  return ownedNumbers(call.world, call.accountSid).find((resource) => resource.body.phone_number === number);
}

/** Milliseconds of life that have passed for a resource, at the speed that the sandbox runs. */
export function livedFor(resource: Resource, now: number, world: World): number {
  const passed = now - resource.createdAt;
  return world.options.speed === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : passed * world.options.speed;
}

/** The moment at which a resource had lived that long, in milliseconds since 1970. */
export function momentOf(resource: Resource, lived: number, world: World): number {
  return resource.createdAt + (world.options.speed === Number.POSITIVE_INFINITY ? 0 : lived / world.options.speed);
}

/** A number of the account before anyone configures it. */
export const NUMBER_DEFAULTS = {
  address_requirements: 'none',
  address_sid: null,
  beta: false,
  bundle_sid: null,
  emergency_address_sid: null,
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
