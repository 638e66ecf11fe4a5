/** Lookup v2: every valid number is an active mobile line of which no more is known. */
import type { Properties } from '../json';
import type { OperationRule, SandboxRequest } from '../types';
import { isPhoneNumber, nationalFormat } from './phone';

/** The test network of ITU-T E.212, which belongs to no country. */
const NETWORK = { carrier_name: 'Sandbox Mobile', mobile_country_code: '001', mobile_network_code: '01' };

/** The values to compare with, by the property that says how far they match. */
const IDENTITY_MATCHES: Readonly<Record<string, string>> = {
  first_name_match: 'FirstName',
  last_name_match: 'LastName',
  address_lines_match: 'AddressLine1',
  city_match: 'City',
  state_match: 'State',
  postal_code_match: 'PostalCode',
  address_country_match: 'AddressCountryCode',
  national_id_match: 'NationalId',
  date_of_birth_match: 'DateOfBirth',
};

const UNCHANGED_SIM = { last_sim_swap_date: null, swapped_period: 'PT24H', swapped_in_period: false };

/** The data packages of a valid number: https://www.twilio.com/docs/lookup/v2-api */
const PACKAGES: Readonly<Record<string, (query: Properties) => Properties>> = {
  line_type_intelligence: () => ({ ...NETWORK, type: 'mobile' }),
  caller_name: () => ({ caller_name: null, caller_type: 'UNDETERMINED' }),
  sim_swap: () => ({ ...NETWORK, last_sim_swap: UNCHANGED_SIM }),
  // The API description names it call_forwarding_enabled.
  call_forwarding: () => ({ call_forwarding_status: false }),
  line_status: () => ({ status: 'active' }),
  sms_pumping_risk: () => ({
    carrier_risk_category: 'low',
    number_blocked: false,
    number_blocked_date: null,
    number_blocked_last_3_months: false,
    sms_pumping_risk_score: 0,
  }),
  identity_match: (query) => {
    const matches = Object.entries(IDENTITY_MATCHES).map(([match, field]) => [
      match,
      query[field] === undefined ? null : 'no_data_available',
    ]);
    return { ...Object.fromEntries(matches), summary_score: null, error_message: null };
  },
  reassigned_number: (query) => ({
    last_verified_date: query.LastVerifiedDate ?? null,
    is_number_reassigned: 'no_data_available',
  }),
};

const CALLING_CODES: Readonly<Record<string, string>> = { US: '1', CA: '1', GB: '44' };

/** National digits with the calling code of their country instead of a leading zero; anything else as it is. */
const internationalForm = (number: string, country: string): string =>
  /^\d+$/.test(number) && CALLING_CODES[country] ? `+${CALLING_CODES[country]}${number.replace(/^0/, '')}` : number;

/** The packages that the request names, each null if there is no data. */
function packagesOf({ query }: SandboxRequest, valid: boolean): Properties {
  const wanted = query.Fields === undefined ? [] : String(query.Fields).split(',');
  const found = wanted.map((name) => {
    const data = valid ? PACKAGES[name]?.(query) : undefined;
    return [name, data ? { ...data, error_code: null } : null];
  });
  return Object.fromEntries(found);
}

const lookupNumber: OperationRule = {
  decorate(request, _resource, response) {
    const number = internationalForm(request.target.params.PhoneNumber!, String(request.query.CountryCode ?? 'US'));
    const valid = isPhoneNumber(number);
    const british = number.startsWith('+44');
    Object.assign(response.body as Properties, packagesOf(request, valid), {
      valid,
      validation_errors: valid ? [] : [number.replace(/\D/g, '').length < 7 ? 'TOO_SHORT' : 'INVALID_COUNTRY_CODE'],
      phone_number: number,
      country_code: valid ? (british ? 'GB' : 'US') : null,
      calling_country_code: valid ? (british ? '44' : '1') : null,
      national_format: valid ? nationalFormat(number) : null,
    });
  },
};

export const LOOKUP_RULES: Record<string, OperationRule> = { 'lookups_v2:FetchPhoneNumber': lookupNumber };
