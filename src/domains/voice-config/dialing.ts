import { page, paging } from '../../paging';
import { boolean, country, e164, string } from '../../params';
import { tool } from '../../tool';

const PERMISSIONS = [
  'isoCode',
  'name',
  'continent',
  'countryCodes',
  'lowRiskNumbersEnabled',
  'highRiskSpecialNumbersEnabled',
  'highRiskTollfraudNumbersEnabled',
] as const;

/** Which countries may be called, and what that costs. */
export const dialing = [
  tool({
    name: 'twilio_voice_config_list_dialing_countries',
    title: 'List dialing countries',
    description: 'List which countries the account may call. For one country use get_dialing_permissions.',
    effect: 'read',
    operations: ['voice_v1:ListDialingPermissionsCountry'],
    input: () => ({
      isoCode: country('Only this country').optional(),
      continent: string('Only this continent, as NORTH_AMERICA', 32).optional(),
      lowRiskNumbersEnabled: boolean('Ordinary numbers may be called, or not').optional(),
      highRiskSpecialNumbersEnabled: boolean('Premium numbers may be called, or not').optional(),
      highRiskTollfraudNumbersEnabled: boolean('Ranges known for toll fraud may be called, or not').optional(),
      ...paging(1000),
    }),
    run: ({ limit, pageToken, ...filters }, { twilio }) =>
      page(twilio.voice.v1.dialingPermissions.countries, filters, { limit, pageToken }),
    returns: PERMISSIONS,
  }),
  tool({
    name: 'twilio_voice_config_get_dialing_permissions',
    title: 'Get dialing permissions',
    description: 'Fetch which numbers of a country may be called: the reason of errors 21215, 13227 and 32205.',
    effect: 'read',
    operations: ['voice_v1:FetchDialingPermissionsCountry'],
    input: () => ({ isoCode: country('Country') }),
    run: ({ isoCode }, { twilio }) => twilio.voice.v1.dialingPermissions.countries(isoCode).fetch(),
    returns: PERMISSIONS,
  }),
  tool({
    name: 'twilio_voice_config_update_dialing_permissions',
    title: 'Update dialing permissions',
    description:
      'Allow or forbid calls to a country. Only what is given changes. High-risk numbers are expensive and a target of toll fraud: allow them only when asked to.',
    effect: 'update',
    operations: ['voice_v1:FetchDialingPermissionsCountry', 'voice_v1:CreateDialingPermissionsCountryBulkUpdate'],
    input: () => ({
      isoCode: country('Country'),
      lowRiskNumbersEnabled: boolean('Ordinary numbers').optional(),
      highRiskSpecialNumbersEnabled: boolean('Premium and special numbers').optional(),
      highRiskTollfraudNumbersEnabled: boolean('Ranges known for toll fraud').optional(),
    }),
    run: async ({ isoCode, ...changes }, { twilio }) => {
      const { dialingPermissions } = twilio.voice.v1;
      const permissions = Object.assign(await dialingPermissions.countries(isoCode).fetch(), changes);
      // Twilio takes all three, as words.
      await dialingPermissions.bulkCountryUpdates.create({
        updateRequest: JSON.stringify([
          {
            iso_code: isoCode,
            low_risk_numbers_enabled: String(permissions.lowRiskNumbersEnabled),
            high_risk_special_numbers_enabled: String(permissions.highRiskSpecialNumbersEnabled),
            high_risk_tollfraud_numbers_enabled: String(permissions.highRiskTollfraudNumbersEnabled),
          },
        ]),
      });
      return permissions;
    },
    returns: PERMISSIONS,
  }),
  tool({
    name: 'twilio_voice_config_get_country_pricing',
    title: 'Get call prices of a country',
    description:
      'Fetch what calls to and from a country cost a minute, by prefix: long. For one number use get_number_pricing.',
    effect: 'read',
    operations: ['pricing_v2:FetchVoiceCountry'],
    input: () => ({ isoCountry: country('Country') }),
    run: ({ isoCountry }, { twilio }) => twilio.pricing.v2.voice.countries(isoCountry).fetch(),
    returns: ['country', 'isoCountry', 'priceUnit', 'inboundCallPrices', 'outboundPrefixPrices'],
  }),
  tool({
    name: 'twilio_voice_config_get_number_pricing',
    title: 'Get call prices of a number',
    description: 'Fetch what a minute costs when a number is called, from a certain number or from any.',
    effect: 'read',
    operations: ['pricing_v2:FetchVoiceNumber'],
    input: () => ({
      destinationNumber: e164('Number to call'),
      originationNumber: e164('Number to call from').optional(),
    }),
    run: ({ destinationNumber, ...options }, { twilio }) =>
      twilio.pricing.v2.voice.numbers(destinationNumber).fetch(options),
    returns: [
      'destinationNumber',
      'originationNumber',
      'country',
      'isoCountry',
      'priceUnit',
      'outboundCallPrices',
      'inboundCallPrice',
    ],
  }),
];
