import { page, paging } from '../../paging';
import { boolean, country, sid, string, words } from '../../params';
import { creates, deletes, reads, tool, updates } from '../../tool';

/*
 * Street addresses: some countries require one to buy a number, and emergency calling always does.
 */

const LIST = 'twilio_phone_numbers_list_addresses';
const SHOWN = words(
  'sid friendlyName customerName street streetSecondary city region postalCode isoCountry emergencyEnabled validated verified',
);
const addressSid = () => sid('AD', 'Street address');

const extras = () => ({
  streetSecondary: string('Second line, such as a suite', 128).optional(),
  friendlyName: string('Label of the address; at most 32 characters for emergency calling', 64).optional(),
  emergencyEnabled: boolean('Allow emergency calling with this address').optional(),
  autoCorrectAddress: boolean('Let Twilio correct the address; default true').optional(),
});

export const addresses = [
  tool({
    name: LIST,
    title: 'List street addresses',
    description: 'List the street addresses of the account, which some number purchases and emergency calling require.',
    ...reads('api_v2010:ListAddress'),
    input: () => ({
      customerName: string('Only addresses of this person or company', 64).optional(),
      friendlyName: string('Only addresses with exactly this label', 64).optional(),
      isoCountry: country('Only addresses in this country').optional(),
      emergencyEnabled: boolean('Only addresses with emergency calling (true) or without (false)').optional(),
      ...paging(1000),
    }),
    run: (query, { twilio }) => page(twilio.addresses, query),
    returns: SHOWN,
  }),
  tool({
    name: 'twilio_phone_numbers_get_address',
    title: 'Get street address',
    description: 'Fetch one street address by its SID. To find the SID use list_addresses.',
    ...reads('api_v2010:FetchAddress'),
    input: () => ({ addressSid: addressSid() }),
    run: ({ addressSid }, { twilio }) => twilio.addresses(addressSid).fetch(),
    returns: [...SHOWN, 'dateCreated', 'dateUpdated'],
  }),
  tool({
    name: 'twilio_phone_numbers_create_address',
    title: 'Create street address',
    description:
      'Store a street address. Pass its SID to buy_phone_number or update_phone_number if a number requires one.',
    ...creates({ checkWith: LIST }, 'api_v2010:CreateAddress'),
    input: () => ({
      customerName: string('Person or company at the address', 64),
      street: string('House number and street', 128),
      city: string('City or town', 64),
      region: string('State, province or region', 64),
      postalCode: string('Postal or ZIP code', 16),
      isoCountry: country('Country of the address; cannot be changed later'),
      ...extras(),
    }),
    run: (address, { twilio }) => twilio.addresses.create(address),
    returns: SHOWN,
  }),
  tool({
    name: 'twilio_phone_numbers_update_address',
    title: 'Update street address',
    description:
      'Change fields of a street address; omitted fields keep their values. The country cannot change: use create_address for another one.',
    ...updates('api_v2010:UpdateAddress'),
    input: () => ({
      addressSid: addressSid(),
      customerName: string('Person or company at the address', 64).optional(),
      street: string('House number and street', 128).optional(),
      city: string('City or town', 64).optional(),
      region: string('State, province or region', 64).optional(),
      postalCode: string('Postal or ZIP code', 16).optional(),
      ...extras(),
    }),
    run: ({ addressSid, ...changes }, { twilio }) => twilio.addresses(addressSid).update(changes),
    returns: SHOWN,
  }),
  tool({
    name: 'twilio_phone_numbers_delete_address',
    title: 'Delete street address',
    description:
      'Permanently delete a street address. Refused while a number requires it: list_dependent_numbers shows which.',
    ...deletes('api_v2010:DeleteAddress'),
    input: () => ({ addressSid: addressSid() }),
    run: ({ addressSid }, { twilio }) => twilio.addresses(addressSid).remove(),
  }),
  tool({
    name: 'twilio_phone_numbers_list_dependent_numbers',
    title: 'List phone numbers that require an address',
    description: 'List the phone numbers of the account that require a street address, before you change or delete it.',
    ...reads('api_v2010:ListDependentPhoneNumber'),
    input: () => ({ addressSid: addressSid(), ...paging(1000) }),
    run: ({ addressSid, ...position }, { twilio }) =>
      page(twilio.addresses(addressSid).dependentPhoneNumbers, position),
    returns: ['sid', 'phoneNumber', 'friendlyName', 'addressRequirements', 'emergencyStatus', 'emergencyAddressSid'],
  }),
];
