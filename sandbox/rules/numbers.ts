/** Phone numbers: search, purchase, and the senders of messaging services. */

import { snake } from '../../openapi/names';
import { ApiError, invalidRequest, notFound } from '../errors';
import type { Properties } from '../json';
import { pageResponse } from '../lists';
import { seedResource } from '../seed-resource';
import type { StoredResource } from '../store';
import type { OperationRule, SandboxRequest, SandboxResponse } from '../types';
import { callingCountry } from './countries';
import { type AvailableNumber, availableNumber, availableNumbers, COUNTRY_SUPPLY } from './inventory';
import { ACCOUNTS_PATH, isPhoneNumber, MAGIC_NUMBERS, NUMBER_DEFAULTS, nationalFormat, ownedNumbers } from './phone';
import { addressRequirements, checkRegulation } from './regulatory';

// ---------------------------------------------------------------- search

function searchNumbers(request: SandboxRequest): SandboxResponse {
  const country = request.target.params.CountryCode!;
  const type = /\/(\w+)\.json$/.exec(request.operation.path)![1]!;
  if (!COUNTRY_SUPPLY[country]?.types.includes(type)) throw notFound(request.entry.path);
  const query = request.query as Record<string, string | number | boolean | undefined>;
  const near = /^\+1(\d{3})/.exec(String(query.NearNumber ?? ''))?.[1];
  const areaCode = query.AreaCode === undefined ? near : String(query.AreaCode);
  const taken = takenNumbers(request);
  const pattern = query.Contains === undefined ? undefined : containsPattern(String(query.Contains));
  const found = availableNumbers(country, type, areaCode)
    .filter((number) => !taken.has(number.phone_number))
    .filter((number) => !pattern || pattern.test(number.phone_number.slice(1)))
    .filter((number) => matchesQuery(number, query));
  return pageResponse(request, found.map(searchResult));
}

function matchesQuery(number: AvailableNumber, query: Record<string, unknown>): boolean {
  const { capabilities } = number;
  const same = (wanted: unknown, actual: string | null) =>
    wanted === undefined || String(wanted).toLowerCase() === actual?.toLowerCase();
  return (
    (query.SmsEnabled !== true || capabilities.SMS) &&
    (query.MmsEnabled !== true || capabilities.MMS) &&
    (query.VoiceEnabled !== true || capabilities.voice) &&
    (query.FaxEnabled !== true || capabilities.fax) &&
    matchesAddressFilters(number, query) &&
    same(query.InRegion, number.region) &&
    same(query.InLocality, number.locality) &&
    same(query.InPostalCode, number.postal_code) &&
    same(query.InRateCenter, number.rate_center) &&
    same(query.InLata, number.lata)
  );
}

function matchesAddressFilters(number: AvailableNumber, query: Record<string, unknown>): boolean {
  const needed = addressRequirements(number.iso_country, resourceType(number));
  return (
    (query.ExcludeAllAddressRequired !== true || needed === 'none') &&
    (query.ExcludeLocalAddressRequired !== true || needed !== 'local')
  );
}

/**
 * Twilio's `Contains`: letters stand for keypad digits, `*` for one digit, `%` for any number of them, `+` and `$` for
 * the start and the end. https://www.twilio.com/docs/phone-numbers/api/availablephonenumberlocal-resource
 */
function containsPattern(contains: string): RegExp {
  const keys = 'abc2def3ghi4jkl5mno6pqrs7tuv8wxyz9';
  const source = [...contains.toLowerCase()].map((character, i) => {
    if (character === '*') return '\\d';
    if (character === '%') return '\\d*';
    if (character === '+' && i === 0) return '^';
    if (character === '$') return '$';
    if (/[a-z]/.test(character)) return /\d/.exec(keys.slice(keys.indexOf(character)))![0];
    return /\d/.test(character) ? character : '(?!)';
  });
  return new RegExp(source.join(''));
}

function searchResult(number: AvailableNumber): Properties {
  const { type: _, area: __, ...rest } = number;
  return { ...rest, address_requirements: addressRequirements(number.iso_country, resourceType(number)), beta: false };
}

/** `TollFree` → `toll-free`, the type in regulations and of the bought number. */
const resourceType = ({ type }: AvailableNumber): string => snake(type).replaceAll('_', '-');

/** The numbers that any account owns, except that of one resource. */
function takenNumbers(request: SandboxRequest, except?: StoredResource): Set<unknown> {
  const owned = request.state.store.ofKind(`${ACCOUNTS_PATH}/{}/IncomingPhoneNumbers`);
  return new Set(owned.filter((resource) => resource !== except).map((resource) => resource.body.phone_number));
}

function listCountries(request: SandboxRequest): SandboxResponse {
  const countries = Object.keys(COUNTRY_SUPPLY).map((code) => countryBody(request, code));
  return { status: 200, body: { countries, uri: request.entry.path } };
}

function countryBody(request: SandboxRequest, code: string): Properties {
  const supply = COUNTRY_SUPPLY[code];
  if (!supply) throw notFound(request.entry.path);
  const base = `/2010-04-01/Accounts/${request.accountSid}/AvailablePhoneNumbers/${code}`;
  const links = supply.types.map((type) => [snake(type), `${base}/${type}.json`]);
  return {
    country_code: code,
    country: supply.name,
    uri: `${base}.json`,
    beta: false,
    subresource_uris: Object.fromEntries(links),
  };
}

// ---------------------------------------------------------------- purchase

/** The number that the request buys. Ignores `bought`, which the request has already stored. @throws ApiError */
function selectNumber(request: SandboxRequest, bought?: StoredResource): AvailableNumber {
  const { PhoneNumber, AreaCode } = request.fields as Record<string, string | undefined>;
  if (!PhoneNumber && !AreaCode) throw invalidRequest(['form field "PhoneNumber" or "AreaCode" is required']);
  const magic = {
    ...availableNumbers('US', 'Local', '500')[0]!,
    phone_number: MAGIC_NUMBERS.valid,
    friendly_name: nationalFormat(MAGIC_NUMBERS.valid),
  };
  if (PhoneNumber === MAGIC_NUMBERS.valid || (!PhoneNumber && AreaCode === '500')) return magic;
  if (PhoneNumber === MAGIC_NUMBERS.invalid || (PhoneNumber && !isPhoneNumber(PhoneNumber))) {
    throw new ApiError(400, 21421, `Phone number ${PhoneNumber} is invalid`);
  }
  const taken = takenNumbers(request, bought);
  if (PhoneNumber) {
    const found = availableNumber(PhoneNumber);
    if (!found || taken.has(PhoneNumber)) throw new ApiError(400, 21422, `${PhoneNumber} is not available`);
    return found;
  }
  const found = ['US', 'CA']
    .flatMap((code) => availableNumbers(code, 'Local', AreaCode))
    .find((number) => !taken.has(number.phone_number));
  if (!found) throw new ApiError(400, 21452, `No phone numbers found in area code ${AreaCode}`);
  return found;
}

const buyNumber: OperationRule = {
  check(request) {
    const number = selectNumber(request);
    checkRegulation(request, number, resourceType(number));
  },
  onCreate(request, number) {
    const bought = selectNumber(request, number);
    const { phone_number, friendly_name, capabilities } = bought;
    const type = resourceType(bought);
    const { voice, SMS: sms, MMS: mms, fax } = capabilities;
    Object.assign(number.body, NUMBER_DEFAULTS, requestedSettings(request, number.body), {
      phone_number,
      friendly_name: request.fields.FriendlyName ?? friendly_name,
      capabilities: { voice, sms, mms, fax },
      address_requirements: addressRequirements(bought.iso_country, type),
    });
    number.internal.type = type;
  },
};

function requestedSettings(request: SandboxRequest, body: Properties): Properties {
  const names = new Set(Object.keys(request.fields).map(snake));
  const isSet = ([name, value]: [string, unknown]) => names.has(name) && value !== null && value !== false;
  return Object.fromEntries(Object.entries(body).filter(isSet));
}

// ---------------------------------------------------------------- messaging services

const ownedBySid = (request: SandboxRequest, sid: string): StoredResource | undefined =>
  ownedNumbers(request.state, request.accountSid).find((number) => number.id === sid);

const addToService: OperationRule = {
  check(request) {
    const sid = String(request.fields.PhoneNumberSid);
    if (!ownedBySid(request, sid) && !request.state.options.lenient) {
      throw new ApiError(404, 21421, `Phone Number SID ${sid} is not valid`);
    }
    const senders = request.state.store
      .ofKind('messaging.twilio.com/v1/Services/{}/PhoneNumbers')
      .filter((sender) => sender.id === sid);
    if (senders.some((sender) => sender.collection !== request.target.collection)) {
      throw new ApiError(409, 21712, 'Phone Number or Short Code is associated with another Messaging Service.');
    }
    if (senders.length > 0) {
      throw new ApiError(409, 21710, 'Phone Number or Short Code is already in the Messaging Service.');
    }
  },
  respond(request) {
    const sid = String(request.fields.PhoneNumberSid);
    const number = ownedBySid(request, sid);
    const capabilities = (number?.body.capabilities as Properties | undefined) ?? { voice: true, sms: true };
    const { body } = seedResource(request.state, {
      fetchOperation: 'messaging_v1:FetchPhoneNumber',
      params: { ServiceSid: request.target.params.ServiceSid! },
      known: {
        sid,
        account_sid: request.accountSid,
        service_sid: request.target.params.ServiceSid,
        phone_number: number?.body.phone_number ?? MAGIC_NUMBERS.valid,
        country_code: callingCountry(String(number?.body.phone_number ?? MAGIC_NUMBERS.valid))?.iso ?? null,
        capabilities: Object.keys(capabilities)
          .filter((name) => capabilities[name])
          .map((name) => (name === 'voice' ? 'Voice' : name.toUpperCase())),
      },
      at: request.now,
    });
    return { status: 201, body };
  },
};

const SEARCHABLE_TYPES = ['Local', 'MachineToMachine', 'Mobile', 'National', 'SharedCost', 'TollFree', 'Voip'];

export const NUMBER_RULES: Record<string, OperationRule> = {
  ...Object.fromEntries(
    SEARCHABLE_TYPES.map((type) => [`api_v2010:ListAvailablePhoneNumber${type}`, { respond: searchNumbers }]),
  ),
  'api_v2010:ListAvailablePhoneNumberCountry': { respond: listCountries },
  'api_v2010:FetchAvailablePhoneNumberCountry': {
    respond: (request) => ({ status: 200, body: countryBody(request, request.target.id!) }),
  },
  'api_v2010:CreateIncomingPhoneNumber': buyNumber,
  'api_v2010:CreateIncomingPhoneNumberLocal': buyNumber,
  'api_v2010:CreateIncomingPhoneNumberMobile': buyNumber,
  'api_v2010:CreateIncomingPhoneNumberTollFree': buyNumber,
  'messaging_v1:CreatePhoneNumber': addToService,
};
