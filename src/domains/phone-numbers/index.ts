import type { LocalListInstance as LocalList } from 'twilio/lib/rest/api/v2010/account/availablePhoneNumberCountry/local';
import { Page, page, paging } from '../../paging';
import { boolean, clearableUrl, country, e164, integer, method, oneOf, sid, string, words } from '../../params';
import { camelCase } from '../../spelling';
import { deletes, domain, grants, reads, sends, tool, updates } from '../../tool';
import { addresses } from './addresses';
import { incomingNumbers } from './incoming-numbers';

const CALLER_IDS = 'twilio_phone_numbers_list_caller_ids';
const CALLER_ID = ['sid', 'phoneNumber', 'friendlyName', 'dateCreated'] as const;
const SHORT_CODE = words('sid shortCode friendlyName smsUrl smsMethod smsFallbackUrl smsFallbackMethod');

const TYPES = ['local', 'tollFree', 'mobile', 'national', 'voip', 'sharedCost', 'machineToMachine'] as const;

const callerIdSid = () => sid('PN', 'Verified caller ID');
const countryCode = () => country('Country of the numbers').default('US');

export const phoneNumbers = domain({
  service: 'PhoneNumbers',
  summary:
    'Search, price, buy, configure and release phone numbers; manage addresses, verified caller IDs and short codes.',
  instructions:
    'To buy a number: search_available_numbers, get_number_prices, then buy_phone_number, which is charged monthly. If addressRequirements ' +
    'is not none, pass the SID of an address from create_address. Configure numbers with configure_webhook and update_phone_number.',
  tools: [
    ...incomingNumbers,
    tool({
      name: 'twilio_phone_numbers_search_available_numbers',
      title: 'Search available phone numbers',
      description:
        'Search phone numbers that can be bought now. Buy one with buy_phone_number. For prices use get_number_prices, for the types a country offers list_number_types.',
      ...reads('api_v2010:ListAvailablePhoneNumberLocal'),
      notFoundHint: 'The country has no numbers of this type to buy: list_number_types shows the types it offers.',
      input: () => ({
        countryCode: countryCode(),
        type: oneOf('Type of number; list_number_types shows what a country offers', TYPES).default('local'),
        areaCode: integer('Only numbers in this area code (US and Canada)', 200, 999).optional(),
        contains: string(
          'Digits or letters in the number; * matches one, % several, + marks the start, $ the end',
          16,
        ).optional(),
        inRegion: string('Only numbers in this state or province, such as CA (US and Canada)', 64).optional(),
        inLocality: string('Only numbers in this city', 64).optional(),
        inPostalCode: string('Only numbers in this postal code (US and Canada)', 16).optional(),
        nearNumber: e164('Only numbers near this one; US and Canada only').optional(),
        distance: integer('Miles around nearNumber; default 25', 1, 500).optional(),
        smsEnabled: boolean('Only numbers that handle SMS').optional(),
        mmsEnabled: boolean('Only numbers that handle MMS').optional(),
        voiceEnabled: boolean('Only numbers that handle calls').optional(),
        excludeAllAddressRequired: boolean('Leave out numbers that require any address').optional(),
        excludeLocalAddressRequired: boolean('Leave out numbers that require an address in their country').optional(),
        excludeForeignAddressRequired: boolean('Leave out numbers that require an address abroad').optional(),
        limit: integer('Numbers to return; Twilio may stop at about 30, and there is no next page', 1, 100).default(20),
      }),
      run: async ({ countryCode, type, limit, ...filters }, { twilio }) => {
        // The lists of all types have the same shape; only a private field of their items differs for TypeScript.
        const list = twilio.availablePhoneNumbers(countryCode)[type] as LocalList;
        // No page token: Twilio makes a new selection for each search.
        return new Page((await page(list, { ...filters, limit })).items);
      },
      returns: words('phoneNumber locality region postalCode isoCountry capabilities addressRequirements beta'),
    }),
    tool({
      name: 'twilio_phone_numbers_list_number_types',
      title: 'List phone number types by country',
      description:
        'List the countries with numbers to buy and the types each offers (local, tollFree, mobile, …), for search_available_numbers.',
      ...reads('api_v2010:FetchAvailablePhoneNumberCountry'),
      input: () => ({ countryCode: country('Only this country').optional(), ...paging(1000) }),
      run: async ({ countryCode, ...position }, { twilio }) => {
        const countries = countryCode
          ? new Page([await twilio.availablePhoneNumbers(countryCode).fetch()])
          : await page(twilio.availablePhoneNumbers, position);
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
      title: 'Get phone number prices',
      description:
        'Fetch the monthly price of a phone number in a country, by type: basePrice is the list price, currentPrice what this account pays.',
      ...reads('pricing_v1:FetchPhoneNumberCountry'),
      input: () => ({ countryCode: countryCode() }),
      run: ({ countryCode }, { twilio }) => twilio.pricing.v1.phoneNumbers.countries(countryCode).fetch(),
      returns: ['country', 'isoCountry', 'phoneNumberPrices', 'priceUnit'],
    }),
    ...addresses,
    tool({
      name: CALLER_IDS,
      title: 'List verified caller IDs',
      description:
        'List the numbers outside the account that calls may show as caller ID. Numbers of the account need no verification: see list_phone_numbers.',
      ...reads('api_v2010:ListOutgoingCallerId'),
      input: () => ({
        phoneNumber: e164('Only the caller ID with this number').optional(),
        friendlyName: string('Only caller IDs with exactly this label', 64).optional(),
        ...paging(1000),
      }),
      run: (query, { twilio }) => page(twilio.outgoingCallerIds, query),
      returns: CALLER_ID,
    }),
    tool({
      name: 'twilio_phone_numbers_get_caller_id',
      title: 'Get verified caller ID',
      description: 'Fetch one verified caller ID by its SID. To find one by its number use list_caller_ids.',
      ...reads('api_v2010:FetchOutgoingCallerId'),
      input: () => ({ callerIdSid: callerIdSid() }),
      run: ({ callerIdSid }, { twilio }) => twilio.outgoingCallerIds(callerIdSid).fetch(),
      returns: [...CALLER_ID, 'dateUpdated'],
    }),
    tool({
      name: 'twilio_phone_numbers_validate_caller_id',
      title: 'Verify caller ID by phone call',
      description:
        'Call a phone now to verify it as caller ID. Show the user the validationCode at once: it must be typed on that phone during the call. Check the result with list_caller_ids.',
      ...sends(
        {
          ifUnknown:
            'The phone may ring, but the code of that call is lost: tell the user to ignore it, then call again.',
        },
        'api_v2010:CreateValidationRequest',
      ),
      input: () => ({
        phoneNumber: e164('Phone to call and verify'),
        friendlyName: string('Label of the caller ID; default the formatted number', 64).optional(),
        callDelay: integer('Seconds to wait before the call; default 0', 0, 60).optional(),
        extension: string('Digits to dial once the call is connected', 32).optional(),
      }),
      run: (request, { twilio }) => twilio.validationRequests.create(request),
      // Not a credential: the code only counts when typed on the phone that is being called.
      returns: ['phoneNumber', 'friendlyName', 'validationCode', 'callSid'],
    }),
    tool({
      name: 'twilio_phone_numbers_update_caller_id',
      title: 'Rename verified caller ID',
      description: 'Rename a verified caller ID. Its number cannot change: verify another one with validate_caller_id.',
      ...updates('api_v2010:UpdateOutgoingCallerId'),
      input: () => ({ callerIdSid: callerIdSid(), friendlyName: string('New label of the caller ID', 64) }),
      run: ({ callerIdSid, friendlyName }, { twilio }) =>
        twilio.outgoingCallerIds(callerIdSid).update({ friendlyName }),
      returns: CALLER_ID,
    }),
    tool({
      name: 'twilio_phone_numbers_delete_caller_id',
      title: 'Delete verified caller ID',
      description: 'Delete a verified caller ID: calls cannot show it until it is verified again.',
      ...deletes('api_v2010:DeleteOutgoingCallerId'),
      input: () => ({ callerIdSid: callerIdSid() }),
      run: ({ callerIdSid }, { twilio }) => twilio.outgoingCallerIds(callerIdSid).remove(),
    }),
    tool({
      name: 'twilio_phone_numbers_list_short_codes',
      title: 'List short codes',
      description:
        'List the short codes of the account with their webhooks. Short codes are leased in the Twilio Console.',
      ...reads('api_v2010:ListShortCode'),
      input: () => ({
        shortCode: string('Only short codes that match this; * stands for any digit', 8).optional(),
        ...paging(1000),
      }),
      run: (query, { twilio }) => page(twilio.shortCodes, query),
      returns: SHORT_CODE,
    }),
    tool({
      name: 'twilio_phone_numbers_update_short_code',
      title: 'Update short code',
      description:
        'Rename a short code or set where it sends inbound messages. Replaces the current URL: read it first with list_short_codes; "" clears it.',
      ...grants({ checkWith: 'twilio_phone_numbers_list_short_codes' }, 'api_v2010:UpdateShortCode'),
      input: () => ({
        shortCodeSid: sid('SC', 'Short code of the account'),
        friendlyName: string('Label of the short code', 64).optional(),
        smsUrl: clearableUrl('Called for each inbound message').optional(),
        smsMethod: method('smsUrl').optional(),
        smsFallbackUrl: clearableUrl('Called if smsUrl fails').optional(),
        smsFallbackMethod: method('smsFallbackUrl').optional(),
      }),
      run: ({ shortCodeSid, ...settings }, { twilio }) => twilio.shortCodes(shortCodeSid).update(settings),
      returns: SHORT_CODE,
    }),
  ],
});
