import { page, paging } from '../../paging';
import { boolean, country, sid, string } from '../../params';
import { tool } from '../../tool';

/*
 * Street addresses: some countries ask for one before a number is sold, emergency calling always does.
 */

const LIST = 'twilio_phone_numbers_list_addresses';
const SHOWN = [
  'sid',
  'friendlyName',
  'customerName',
  'street',
  'streetSecondary',
  'city',
  'region',
  'postalCode',
  'isoCountry',
  'emergencyEnabled',
  'validated',
  'verified',
] as const;
const addressSid = () => sid('AD', 'Address');

const extras = () => ({
  streetSecondary: string('Second line, such as a suite', 128).optional(),
  friendlyName: string('Name of the record; 32 characters for emergency use', 64).optional(),
  emergencyEnabled: boolean('Allow emergency calling with it').optional(),
  autoCorrectAddress: boolean('Let Twilio correct it; default true').optional(),
});

export const addresses = [
  tool({
    name: LIST,
    title: 'List addresses',
    description: 'List the street addresses of the account, which buying a number or emergency calling may need.',
    effect: 'read',
    operations: ['api_v2010:ListAddress'],
    input: () => ({
      customerName: string('Only of this person or company', 64).optional(),
      friendlyName: string('Only with exactly this name', 64).optional(),
      isoCountry: country('Only in this country').optional(),
      emergencyEnabled: boolean('Only with, or without, emergency calling').optional(),
      ...paging(1000),
    }),
    run: ({ limit, pageToken, ...filters }, { twilio }) => page(twilio.addresses, filters, { limit, pageToken }),
    returns: SHOWN,
  }),
  tool({
    name: 'twilio_phone_numbers_get_address',
    title: 'Get address',
    description: 'Fetch one street address by its SID. To find the SID use list_addresses.',
    effect: 'read',
    operations: ['api_v2010:FetchAddress'],
    input: () => ({ addressSid: addressSid() }),
    run: ({ addressSid }, { twilio }) => twilio.addresses(addressSid).fetch(),
    returns: [...SHOWN, 'dateCreated', 'dateUpdated'],
  }),
  tool({
    name: 'twilio_phone_numbers_create_address',
    title: 'Create address',
    description:
      'Store a street address, to give its SID to buy_phone_number or update_phone_number where a number needs one.',
    effect: 'create',
    checkWith: LIST,
    operations: ['api_v2010:CreateAddress'],
    input: () => ({
      customerName: string('Person or company at the address', 64),
      street: string('Number and street', 128),
      city: string('City', 64),
      region: string('State or region', 64),
      postalCode: string('Postal code', 16),
      isoCountry: country('Country'),
      ...extras(),
    }),
    run: (address, { twilio }) => twilio.addresses.create(address),
    returns: SHOWN,
  }),
  tool({
    name: 'twilio_phone_numbers_update_address',
    title: 'Update address',
    description:
      'Change fields of a street address; those left out stay. The country is fixed: use create_address for another.',
    effect: 'update',
    operations: ['api_v2010:UpdateAddress'],
    input: () => ({
      addressSid: addressSid(),
      customerName: string('Person or company at the address', 64).optional(),
      street: string('Number and street', 128).optional(),
      city: string('City', 64).optional(),
      region: string('State or region', 64).optional(),
      postalCode: string('Postal code', 16).optional(),
      ...extras(),
    }),
    run: ({ addressSid, ...changes }, { twilio }) => twilio.addresses(addressSid).update(changes),
    returns: SHOWN,
  }),
  tool({
    name: 'twilio_phone_numbers_delete_address',
    title: 'Delete address',
    description:
      'Delete a street address for good. Refused while a number needs it: list_dependent_numbers tells which.',
    effect: 'delete',
    operations: ['api_v2010:DeleteAddress'],
    input: () => ({ addressSid: addressSid() }),
    run: ({ addressSid }, { twilio }) => twilio.addresses(addressSid).remove(),
  }),
  tool({
    name: 'twilio_phone_numbers_list_dependent_numbers',
    title: 'List numbers of an address',
    description: 'List the own phone numbers that need a street address, before it is changed or deleted.',
    effect: 'read',
    operations: ['api_v2010:ListDependentPhoneNumber'],
    input: () => ({ addressSid: addressSid(), ...paging(1000) }),
    run: ({ addressSid, ...position }, { twilio }) =>
      page(twilio.addresses(addressSid).dependentPhoneNumbers, {}, position),
    returns: ['sid', 'phoneNumber', 'friendlyName', 'addressRequirements', 'emergencyStatus', 'emergencyAddressSid'],
  }),
];
