import { page, paging } from '../../paging';
import { boolean, country, e164, string, words } from '../../params';
import { grants, reads, tool } from '../../tool';

const PERMISSIONS = words(
  'isoCode name continent countryCodes lowRiskNumbersEnabled highRiskSpecialNumbersEnabled highRiskTollfraudNumbersEnabled',
);

/** Dialing permissions and call prices by country. */
export const dialing = [
  tool({
    name: 'twilio_voice_config_list_dialing_countries',
    title: 'List dialing countries',
    description:
      'List countries with the kinds of numbers that may be called. For one country use get_dialing_permissions.',
    ...reads('voice_v1:ListDialingPermissionsCountry'),
    input: () => ({
      isoCode: country('Only this country').optional(),
      continent: string('Only countries of this continent, such as NORTH_AMERICA', 32).optional(),
      lowRiskNumbersEnabled: boolean('Only where ordinary numbers may (true) or may not (false) be called').optional(),
      highRiskSpecialNumbersEnabled: boolean(
        'Only where premium and special numbers may (true) or may not (false) be called',
      ).optional(),
      highRiskTollfraudNumbersEnabled: boolean(
        'Only where ranges known for toll fraud may (true) or may not (false) be called',
      ).optional(),
      ...paging(1000),
    }),
    run: (query, { twilio }) => page(twilio.voice.v1.dialingPermissions.countries, query),
    returns: PERMISSIONS,
  }),
  tool({
    name: 'twilio_voice_config_get_dialing_permissions',
    title: 'Get dialing permissions',
    description:
      'Fetch which kinds of numbers of a country may be called. A missing permission causes errors 21215, 13227 and 32205.',
    ...reads('voice_v1:FetchDialingPermissionsCountry'),
    input: () => ({ isoCode: country('Country to call') }),
    run: ({ isoCode }, { twilio }) => twilio.voice.v1.dialingPermissions.countries(isoCode).fetch(),
    returns: PERMISSIONS,
  }),
  tool({
    name: 'twilio_voice_config_update_dialing_permissions',
    title: 'Update dialing permissions',
    description:
      'Allow or forbid calls to a country. Omitted permissions stay unchanged. High-risk numbers are expensive and a target of toll fraud: allow them only if explicitly asked to.',
    ...grants(
      { checkWith: 'twilio_voice_config_get_dialing_permissions' },
      'voice_v1:FetchDialingPermissionsCountry',
      'voice_v1:CreateDialingPermissionsCountryBulkUpdate',
    ),
    input: () => ({
      isoCode: country('Country to call'),
      lowRiskNumbersEnabled: boolean('Whether ordinary numbers may be called').optional(),
      highRiskSpecialNumbersEnabled: boolean('Whether premium and special numbers may be called').optional(),
      highRiskTollfraudNumbersEnabled: boolean('Whether ranges known for toll fraud may be called').optional(),
    }),
    run: async ({ isoCode, ...changes }, { twilio }) => {
      const { dialingPermissions } = twilio.voice.v1;
      const permissions = Object.assign(await dialingPermissions.countries(isoCode).fetch(), changes);
      // Twilio requires all three, as strings.
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
    title: 'Get country call prices',
    description:
      'Fetch the per-minute prices of calls to and from a country, by prefix. The result is long: for one number use get_number_pricing.',
    ...reads('pricing_v2:FetchVoiceCountry'),
    input: () => ({ isoCountry: country('Country of the prices') }),
    run: ({ isoCountry }, { twilio }) => twilio.pricing.v2.voice.countries(isoCountry).fetch(),
    returns: ['country', 'isoCountry', 'priceUnit', 'inboundCallPrices', 'outboundPrefixPrices'],
  }),
  tool({
    name: 'twilio_voice_config_get_number_pricing',
    title: 'Get number call prices',
    description: 'Fetch the per-minute price of calls to a number, from a specific number or from any.',
    ...reads('pricing_v2:FetchVoiceNumber'),
    input: () => ({
      destinationNumber: e164('Number to call'),
      originationNumber: e164('Number to call from; default any').optional(),
    }),
    run: ({ destinationNumber, ...options }, { twilio }) =>
      twilio.pricing.v2.voice.numbers(destinationNumber).fetch(options),
    returns: words(
      'destinationNumber originationNumber country isoCountry priceUnit outboundCallPrices inboundCallPrice',
    ),
  }),
];
