import type { LocalListInstance as LocalList } from 'twilio/lib/rest/api/v2010/account/availablePhoneNumberCountry/local';
import { Page, page, paging } from '../../paging';
import { boolean, clearableUrl, country, e164, integer, method, oneOf, sid, string } from '../../params';
import { domain, tool } from '../../tool';
import { addresses } from './addresses';
import { ownNumbers } from './own';

const CALLER_IDS = 'twilio_phone_numbers_list_caller_ids';
const CALLER_ID = ['sid', 'phoneNumber', 'friendlyName', 'dateCreated'] as const;
const SHORT_CODE = [
  'sid',
  'shortCode',
  'friendlyName',
  'smsUrl',
  'smsMethod',
  'smsFallbackUrl',
  'smsFallbackMethod',
] as const;

const TYPES = ['local', 'tollFree', 'mobile', 'national', 'voip', 'sharedCost', 'machineToMachine'] as const;

const callerIdSid = () => sid('PN', 'Verified caller id');
const countryCode = () => country('Country').default('US');
const friendlyName = () => string('Name', 64);

/** `toll_free`, as the API writes a type of numbers, in the words of `TYPES`. */
const camelCase = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

export const phoneNumbers = domain({
  service: 'PhoneNumbers',
  summary: 'Find, price, buy, configure and release phone numbers; addresses, verified caller ids and short codes.',
  instructions:
    'To buy: search_available_numbers, get_number_prices, then buy_phone_number, which costs money each month. Where addressRequirements ' +
    'is not none, an address of create_address goes with it. Own numbers are configured with configure_webhook and update_phone_number.',
  tools: [
    ...ownNumbers,
    tool({
      name: 'twilio_phone_numbers_search_available_numbers',
      title: 'Search numbers to buy',
      description:
        'Search numbers that can be bought now. Buy one with buy_phone_number; for its price use get_number_prices, for the types of a country list_number_types.',
      effect: 'read',
      operations: ['api_v2010:ListAvailablePhoneNumberLocal'],
      notFoundHint: 'The country has no numbers of this type to buy: list_number_types tells which types it has.',
      input: () => ({
        countryCode: countryCode(),
        type: oneOf('Type of number', TYPES).default('local'),
        areaCode: integer('Only in this area code (US, CA)', 200, 999).optional(),
        contains: string('Digits or letters to hold; * one, % several, + start, $ end', 16).optional(),
        inRegion: string('Only in this state or province, such as CA (US, CA)', 64).optional(),
        inLocality: string('Only in this city', 64).optional(),
        inPostalCode: string('Only in this postal code (US, CA)', 16).optional(),
        nearNumber: e164('Only near this number (US, CA)').optional(),
        distance: integer('Miles around nearNumber; default 25', 1, 500).optional(),
        smsEnabled: boolean('Can text').optional(),
        mmsEnabled: boolean('Can send pictures').optional(),
        voiceEnabled: boolean('Can call').optional(),
        excludeAllAddressRequired: boolean('None that needs an address').optional(),
        excludeLocalAddressRequired: boolean('None that needs an address in the country').optional(),
        excludeForeignAddressRequired: boolean('None that needs an address abroad').optional(),
        limit: integer('Numbers to return', 1, 100).default(20),
      }),
      run: async ({ countryCode, type, limit, ...filters }, { twilio }) => {
        // The lists of all types have one shape; only a private field of their items tells them apart for TypeScript.
        const list = twilio.availablePhoneNumbers(countryCode)[type] as LocalList;
        // Without a token: Twilio chooses anew for each search.
        return new Page((await page(list, filters, { limit })).items);
      },
      returns: [
        'phoneNumber',
        'locality',
        'region',
        'postalCode',
        'isoCountry',
        'capabilities',
        'addressRequirements',
        'beta',
      ],
    }),
    tool({
      name: 'twilio_phone_numbers_list_number_types',
      title: 'List countries and types of numbers',
      description:
        'List the countries that have numbers to buy and the types in each (local, tollFree, mobile, …), for search_available_numbers.',
      effect: 'read',
      operations: ['api_v2010:FetchAvailablePhoneNumberCountry'],
      input: () => ({ countryCode: country('Only this country').optional(), ...paging(1000) }),
      run: async ({ countryCode, ...position }, { twilio }) => {
        const countries = countryCode
          ? new Page([await twilio.availablePhoneNumbers(countryCode).fetch()])
          : await page(twilio.availablePhoneNumbers, {}, position);
        return countries.map(({ countryCode, country, beta, subresourceUris }) => ({
          countryCode,
          country,
          beta,
          types: Object.keys(subresourceUris ?? {}).map(camelCase),
        }));
      },
      returns: ['countryCode', 'country', 'types', 'beta'],
    }),
    tool({
      name: 'twilio_phone_numbers_get_number_prices',
      title: 'Get prices of numbers',
      description:
        'Tell what a phone number of a country costs a month, by type: basePrice is the list price, currentPrice this account’s.',
      effect: 'read',
      operations: ['pricing_v1:FetchPhoneNumberCountry'],
      input: () => ({ countryCode: countryCode() }),
      run: ({ countryCode }, { twilio }) => twilio.pricing.v1.phoneNumbers.countries(countryCode).fetch(),
      returns: ['country', 'isoCountry', 'phoneNumberPrices', 'priceUnit'],
    }),
    ...addresses,
    tool({
      name: CALLER_IDS,
      title: 'List verified caller ids',
      description:
        'List the numbers of others that calls may show as caller id. Own numbers need no verification: list_phone_numbers.',
      effect: 'read',
      operations: ['api_v2010:ListOutgoingCallerId'],
      input: () => ({
        phoneNumber: e164('Only this number').optional(),
        friendlyName: string('Only with exactly this name', 64).optional(),
        ...paging(1000),
      }),
      run: ({ limit, pageToken, ...filters }, { twilio }) =>
        page(twilio.outgoingCallerIds, filters, { limit, pageToken }),
      returns: CALLER_ID,
    }),
    tool({
      name: 'twilio_phone_numbers_get_caller_id',
      title: 'Get verified caller id',
      description: 'Fetch one verified caller id by its SID. To find one by its number use list_caller_ids.',
      effect: 'read',
      operations: ['api_v2010:FetchOutgoingCallerId'],
      input: () => ({ callerIdSid: callerIdSid() }),
      run: ({ callerIdSid }, { twilio }) => twilio.outgoingCallerIds(callerIdSid).fetch(),
      returns: [...CALLER_ID, 'dateUpdated'],
    }),
    tool({
      name: 'twilio_phone_numbers_validate_caller_id',
      title: 'Validate caller id by a call',
      description:
        'Call a phone now to verify it as caller id. Show the user the validationCode at once: it has to be typed on that phone during the call. Whether it worked tells list_caller_ids.',
      effect: 'send',
      checkWith: CALLER_IDS,
      operations: ['api_v2010:CreateValidationRequest'],
      input: () => ({
        phoneNumber: e164('Phone that is called'),
        friendlyName: friendlyName().optional(),
        callDelay: integer('Seconds to wait before the call', 0, 60).optional(),
        extension: string('Digits to dial once connected', 32).optional(),
      }),
      run: (request, { twilio }) => twilio.validationRequests.create(request),
      // The code proves nothing by itself: it only counts when typed on the phone that is being called.
      returns: ['phoneNumber', 'friendlyName', 'validationCode', 'callSid'],
    }),
    tool({
      name: 'twilio_phone_numbers_update_caller_id',
      title: 'Rename verified caller id',
      description: 'Rename a verified caller id. Its number cannot change: verify another with validate_caller_id.',
      effect: 'update',
      operations: ['api_v2010:UpdateOutgoingCallerId'],
      input: () => ({ callerIdSid: callerIdSid(), friendlyName: friendlyName() }),
      run: ({ callerIdSid, friendlyName }, { twilio }) =>
        twilio.outgoingCallerIds(callerIdSid).update({ friendlyName }),
      returns: CALLER_ID,
    }),
    tool({
      name: 'twilio_phone_numbers_delete_caller_id',
      title: 'Delete verified caller id',
      description: 'Delete a verified caller id: calls cannot show it until it is verified again.',
      effect: 'delete',
      operations: ['api_v2010:DeleteOutgoingCallerId'],
      input: () => ({ callerIdSid: callerIdSid() }),
      run: ({ callerIdSid }, { twilio }) => twilio.outgoingCallerIds(callerIdSid).remove(),
    }),
    tool({
      name: 'twilio_phone_numbers_list_short_codes',
      title: 'List short codes',
      description: 'List the short codes of the account with their webhooks. Short codes are leased in the Console.',
      effect: 'read',
      operations: ['api_v2010:ListShortCode'],
      input: () => ({
        shortCode: string('Only matching this; * stands for any digit', 8).optional(),
        ...paging(1000),
      }),
      run: ({ limit, pageToken, ...filters }, { twilio }) => page(twilio.shortCodes, filters, { limit, pageToken }),
      returns: SHORT_CODE,
    }),
    tool({
      name: 'twilio_phone_numbers_update_short_code',
      title: 'Update short code',
      description:
        'Rename a short code or set where it sends inbound messages. Replaces the URL that is there: see list_short_codes first; "" clears it.',
      effect: 'update',
      operations: ['api_v2010:UpdateShortCode'],
      input: () => ({
        shortCodeSid: sid('SC', 'Short code'),
        friendlyName: friendlyName().optional(),
        smsUrl: clearableUrl('Called on an inbound message').optional(),
        smsMethod: method('smsUrl').optional(),
        smsFallbackUrl: clearableUrl('Called where smsUrl fails').optional(),
        smsFallbackMethod: method('smsFallbackUrl').optional(),
      }),
      run: ({ shortCodeSid, ...settings }, { twilio }) => twilio.shortCodes(shortCodeSid).update(settings),
      returns: SHORT_CODE,
    }),
  ],
});
