/**
 * Voice dialing permissions. A new account may call ordinary numbers in the countries where the sandbox sells numbers;
 * the others, and all high-risk numbers, must be enabled.
 * https://www.twilio.com/docs/sip-trunking/voice-dialing-geographic-permissions
 */
import { badRequest, notFound } from '../errors';
import { jsonValue, type Properties } from '../json';
import { pageResponse } from '../lists';
import type { StoredResource } from '../store';
import { collectionRoot } from '../targets';
import type { OperationRule, SandboxRequest, SandboxResponse } from '../types';
import { ALL_COUNTRIES, type Country, callingCountry } from './countries';
import { COUNTRY_SUPPLY } from './inventory';

const PERMISSIONS_HOST = 'voice.twilio.com';
const PERMISSIONS_PATH = '/v1/DialingPermissions/Countries';

/** Premium and special numbers, in the national numbering plans. */
const SPECIAL_PREFIXES: Record<string, string[]> = {
  US: ['+1900'],
  GB: ['+449', '+4470', '+44871', '+44872', '+44873'],
  DE: ['+49900', '+49137'],
  FR: ['+3389'],
  AU: ['+6119'],
  IE: ['+35315'],
  SE: ['+46900', '+46939', '+46944'],
};

const FLAGS = [
  'low_risk_numbers_enabled',
  'high_risk_special_numbers_enabled',
  'high_risk_tollfraud_numbers_enabled',
] as const;

/** Twilio has one entry, US, for the United States and Canada. */
const permissionEntry = (iso: string): string => (iso === 'CA' ? 'US' : iso);

const ENTRIES = [...ALL_COUNTRIES.values()].filter(({ iso }) => permissionEntry(iso) === iso);

/** The changed permissions of a country; undefined if they were never changed. */
function changed(request: SandboxRequest, iso: string): StoredResource | undefined {
  const { store } = request.state;
  return store.get(`${collectionRoot(PERMISSIONS_HOST, request.accountSid, request.state)}${PERMISSIONS_PATH}`, iso);
}

function countryPermissions(request: SandboxRequest, { iso, name, continent, prefixes }: Country): Properties {
  const url = `https://${PERMISSIONS_HOST}${PERMISSIONS_PATH}/${iso}`;
  return {
    iso_code: iso,
    name: iso === 'US' ? 'United States/Canada' : name,
    country_codes: prefixes.map((prefix) => `+${prefix}`),
    continent,
    ...Object.fromEntries(FLAGS.map((flag, i) => [flag, i === 0 && iso in COUNTRY_SUPPLY])),
    ...changed(request, iso)?.body,
    url,
    links: { highrisk_special_prefixes: `${url}/HighRiskSpecialPrefixes` },
  };
}

/** The entry that the path names. @throws ApiError 404 / 20404 */
function requestedCountry(request: SandboxRequest): Country {
  const iso = String(request.target.params.IsoCode).toUpperCase();
  const country = ALL_COUNTRIES.get(permissionEntry(iso));
  if (!country) throw notFound(request.entry.path);
  return country;
}

function listPermissions(request: SandboxRequest): SandboxResponse {
  const { IsoCode, CountryCode, Continent, ...flags } = request.query;
  const wanted = Object.entries(flags).filter(([name]) => /NumbersEnabled$/.test(name));
  const flagOf = (name: string) => FLAGS.find((flag) => flag.replaceAll('_', '') === name.toLowerCase())!;
  const found = ENTRIES.filter(
    ({ iso, continent, prefixes }) =>
      (IsoCode === undefined || permissionEntry(String(IsoCode).toUpperCase()) === iso) &&
      (Continent === undefined || String(Continent).toUpperCase() === continent) &&
      (CountryCode === undefined || prefixes.includes(String(CountryCode).replace(/^\+/, ''))),
  )
    .map((country) => countryPermissions(request, country))
    .filter((country) => wanted.every(([name, value]) => String(country[flagOf(name)]) === String(value)));
  return pageResponse(request, found);
}

/** Stores the changes that the request lists as JSON. Its flags are text. */
function updatePermissions(request: SandboxRequest): SandboxResponse {
  const update_request = request.fields.UpdateRequest;
  const list = jsonValue(update_request);
  if (!Array.isArray(list)) badRequest(20001, 'UpdateRequest must be a JSON array');
  const changes = (list as Properties[]).map((change) => {
    const iso = permissionEntry(String(change.iso_code).toUpperCase());
    if (!ALL_COUNTRIES.has(iso)) badRequest(20001, `Unknown iso_code: ${String(change.iso_code)}`);
    return { iso, body: Object.fromEntries(FLAGS.map((flag) => [flag, String(change[flag]) === 'true'])) };
  });
  for (const { iso, body } of changes) {
    const collection = `${collectionRoot(PERMISSIONS_HOST, request.accountSid, request.state)}${PERMISSIONS_PATH}`;
    request.state.store.add({ kind: PERMISSIONS_HOST + PERMISSIONS_PATH, collection, id: iso, body, at: request.now });
  }
  return { status: 201, body: { update_count: changes.length, update_request } };
}

/** Rejects a call to a number whose country, or whose kind of number, is not enabled. @throws ApiError 400 / 21215 */
export function checkDialingPermission(request: SandboxRequest, to: string): void {
  const called = callingCountry(to);
  if (!called || !to.startsWith('+')) return;
  const country = ALL_COUNTRIES.get(permissionEntry(called.iso))!;
  const isSpecial = SPECIAL_PREFIXES[country.iso]?.some((prefix) => to.startsWith(prefix)) ?? false;
  const flag = isSpecial ? 'high_risk_special_numbers_enabled' : 'low_risk_numbers_enabled';
  if (countryPermissions(request, country)[flag] === true) return;
  badRequest(
    21215,
    `Account not authorized to call ${to}. Perhaps you need to enable some international permissions: https://www.twilio.com/console/voice/calls/geo-permissions/low-risk`,
  );
}

export const DIALING_RULES: Record<string, OperationRule> = {
  'voice_v1:ListDialingPermissionsCountry': { respond: listPermissions },
  'voice_v1:FetchDialingPermissionsCountry': {
    respond: (request) => ({ status: 200, body: countryPermissions(request, requestedCountry(request)) }),
  },
  'voice_v1:ListDialingPermissionsHrsPrefixes': {
    respond(request) {
      const prefixes = SPECIAL_PREFIXES[requestedCountry(request).iso] ?? [];
      return pageResponse(
        request,
        prefixes.map((prefix) => ({ prefix })),
      );
    },
  },
  'voice_v1:CreateDialingPermissionsCountryBulkUpdate': { respond: updatePermissions },
};
