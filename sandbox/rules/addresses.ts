/** Street addresses, their use for emergency calls, and verified caller IDs. */
import { badRequest } from '../errors';
import { elapsedTime } from '../lifecycle';
import { listResponse } from '../lists';
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { StoredResource } from '../store';
import type { Lifecycle, OperationRule, SandboxRequest } from '../types';
import { callingCountry } from './countries';
import { ACCOUNTS_PATH, isPhoneNumber, MAGIC_NUMBERS, nationalFormat, ownedNumbers } from './phone';

/** https://www.twilio.com/docs/voice/tutorials/emergency-calling-for-programmable-voice */
const EMERGENCY_COUNTRIES = ['US', 'CA', 'GB'];

/** https://support.twilio.com/hc/en-us/articles/360007534873 */
const VALIDATED_COUNTRIES = 'AT AU BR DE ES FR GB IE IT LU MX NL PL'.split(' ');

/** Milliseconds that the registration of an emergency address takes. */
const REGISTRATION_MS = 1000;

function describeAddress(_: SandboxRequest, { body }: StoredResource): void {
  const isValidated = VALIDATED_COUNTRIES.includes(String(body.iso_country)) || body.emergency_enabled === true;
  Object.assign(body, { emergency_enabled: body.emergency_enabled === true, validated: isValidated, verified: false });
}

/** The numbers that have the address as their own or as their emergency address. */
function dependentNumbers(request: SandboxRequest, sid: string): StoredResource[] {
  return ownedNumbers(request.state, request.accountSid).filter(
    ({ body }) => body.address_sid === sid || body.emergency_address_sid === sid,
  );
}

/** An emergency address must be enabled for emergency calls, and its number in a country that registers them. */
function checkEmergencyAddress(request: SandboxRequest): void {
  const sid = request.fields.EmergencyAddressSid;
  if (!sid || request.state.options.lenient) return;
  const address = request.state.store.get(`${ACCOUNTS_PATH}/${request.accountSid}/Addresses`, String(sid));
  if (!address) badRequest(20001, `EmergencyAddressSid ${String(sid)} is not an address of the account`);
  if (address.body.emergency_enabled !== true)
    badRequest(20001, `Address ${address.id} is not enabled for emergency calls`);
  const number = ownedNumbers(request.state, request.accountSid).find(({ id }) => id === request.target.id);
  const country = number && callingCountry(String(number.body.phone_number))?.iso;
  if (country && !EMERGENCY_COUNTRIES.includes(country)) {
    badRequest(20001, `Numbers of ${country} have no emergency addresses`);
  }
}

const updateNumber: OperationRule = {
  check: checkEmergencyAddress,
  onUpdate(request, number) {
    if (request.fields.EmergencyAddressSid === undefined) return;
    number.internal.registeredAt = request.now;
    const isSet = number.body.emergency_address_sid !== null;
    number.body.emergency_address_status = isSet ? 'pending-registration' : 'pending-unregistration';
  },
};

const registerAddress: Lifecycle = ({ body, internal, ...number }, now, state) => {
  const since = { ...number, body, internal, createdAt: Number(internal.registeredAt) };
  if (internal.registeredAt === undefined || elapsedTime(since, now, state) < REGISTRATION_MS) return;
  body.emergency_address_status = body.emergency_address_sid === null ? 'unregistered' : 'registered';
};

// ---------------------------------------------------------------- caller IDs

const callerIdsOf = (request: SandboxRequest): string => `${ACCOUNTS_PATH}/${request.accountSid}/OutgoingCallerIds`;

/** Twilio calls the number, and the person who answers types the code at once. */
const validateNumber: OperationRule = {
  check(request) {
    const number = String(request.fields.PhoneNumber);
    if (!isPhoneNumber(number) || number === MAGIC_NUMBERS.invalid) {
      badRequest(21401, `Phone number is invalid: ${number}`);
    }
    const known = request.state.store.list(callerIdsOf(request));
    if (known.some(({ body }) => body.phone_number === number) && !request.state.options.lenient) {
      badRequest(21450, `Phone number is already verified: ${number}`);
    }
  },
  respond(request) {
    const { accountSid, fields, now, state } = request;
    const phone_number = String(fields.PhoneNumber);
    const friendly_name = String(fields.FriendlyName ?? nationalFormat(phone_number));
    seedResource(state, {
      fetchOperation: 'api_v2010:FetchOutgoingCallerId',
      params: { AccountSid: accountSid },
      known: { sid: newSid('PN'), phone_number, friendly_name },
      at: now,
    });
    const validation_code = phone_number.slice(-6);
    return {
      status: 201,
      body: { account_sid: accountSid, call_sid: null, friendly_name, phone_number, validation_code },
    };
  },
};

export const ADDRESS_RULES: Record<string, OperationRule> = {
  'api_v2010:CreateAddress': { onCreate: describeAddress },
  'api_v2010:UpdateAddress': { onUpdate: describeAddress },
  'api_v2010:DeleteAddress': {
    check(request) {
      const [number] = dependentNumbers(request, request.target.id!);
      if (number) badRequest(20001, `The address is required by ${String(number.body.phone_number)}`);
    },
  },
  'api_v2010:ListDependentPhoneNumber': {
    respond: (request) => listResponse(request, dependentNumbers(request, request.target.params.AddressSid!)),
  },
  'api_v2010:UpdateIncomingPhoneNumber': updateNumber,
  'api_v2010:CreateValidationRequest': validateNumber,
};

export const ADDRESS_LIFECYCLES: Record<string, Lifecycle> = {
  [`${ACCOUNTS_PATH}/{}/IncomingPhoneNumbers`]: registerAddress,
};
