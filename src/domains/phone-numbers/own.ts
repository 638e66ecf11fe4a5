import * as z from 'zod';
import { ToolError } from '../../errors';
import { page, paging } from '../../paging';
import { boolean, clearableUrl, e164, exactlyOne, integer, method, oneOf, sid, string, url } from '../../params';
import { tool } from '../../tool';

/*
 * The numbers that the account owns. Messaging and PhoneNumbers offer them all.
 */

const LIST = 'twilio_phone_numbers_list_phone_numbers';
const SHOWN = ['sid', 'phoneNumber', 'friendlyName', 'capabilities', 'smsUrl', 'voiceUrl', 'statusCallback'] as const;
const phoneNumberSid = () => sid('PN', 'Own phone number');

/** A part of a phone number, as Twilio compares it. */
const digits = (description: string) =>
  z
    .string()
    .regex(/^[+*\dA-Za-z]{1,20}$/, 'must be digits with nothing between them, such as +15551234567 or 5551')
    .describe(description);

/** Where a number, or the TwiML App in its place, sends what happens on it. */
export const webhooks = () => ({
  smsUrl: clearableUrl('Called on an inbound message').optional(),
  smsMethod: method('smsUrl').optional(),
  smsFallbackUrl: clearableUrl('Called where smsUrl fails').optional(),
  voiceUrl: clearableUrl('Called on an inbound call').optional(),
  voiceMethod: method('voiceUrl').optional(),
  voiceFallbackUrl: clearableUrl('Called where voiceUrl fails').optional(),
  statusCallback: clearableUrl('Receives call states').optional(),
  statusCallbackMethod: method('statusCallback').optional(),
});

/** Also of Inbox, whose webhooks are those of a number. */
export const listNumbers = tool({
  name: LIST,
  title: 'List own phone numbers',
  description:
    'List the phone numbers of the account, with SIDs, capabilities and webhooks. For numbers to buy use search_available_numbers.',
  effect: 'read',
  operations: ['api_v2010:ListIncomingPhoneNumber'],
  input: () => ({
    phoneNumber: digits('Only numbers holding these digits').optional(),
    friendlyName: string('Only with exactly this name', 64).optional(),
    ...paging(1000),
  }),
  run: ({ limit, pageToken, ...filters }, { twilio }) =>
    page(twilio.incomingPhoneNumbers, filters, { limit, pageToken }),
  returns: SHOWN,
});

export const ownNumbers = [
  listNumbers,
  tool({
    name: 'twilio_phone_numbers_get_phone_number',
    title: 'Get own phone number',
    description: 'Fetch one own phone number by its SID with all its settings. To find the SID use list_phone_numbers.',
    effect: 'read',
    operations: ['api_v2010:FetchIncomingPhoneNumber'],
    input: () => ({ phoneNumberSid: phoneNumberSid() }),
    run: ({ phoneNumberSid }, { twilio }) => twilio.incomingPhoneNumbers(phoneNumberSid).fetch(),
    returns: [
      ...SHOWN,
      'smsMethod',
      'smsFallbackUrl',
      'smsApplicationSid',
      'voiceMethod',
      'voiceFallbackUrl',
      'voiceApplicationSid',
      'trunkSid',
      'addressSid',
      'bundleSid',
      'emergencyStatus',
      'origin',
      'beta',
      'dateCreated',
    ],
  }),
  tool({
    name: 'twilio_phone_numbers_configure_webhook',
    title: 'Configure webhooks of a number',
    description:
      'Set where an own number sends inbound messages and calls. Replaces the URL that is there: read it first; "" clears it. Other settings: update_phone_number.',
    effect: 'update',
    operations: ['api_v2010:UpdateIncomingPhoneNumber'],
    input: () => ({ phoneNumberSid: phoneNumberSid(), ...webhooks() }),
    run: ({ phoneNumberSid, ...settings }, { twilio }) => twilio.incomingPhoneNumbers(phoneNumberSid).update(settings),
    returns: SHOWN,
  }),
  tool({
    name: 'twilio_phone_numbers_update_phone_number',
    title: 'Update own phone number',
    description:
      'Rename an own number, or attach it to an application, trunk, address, bundle or emergency address. For webhook URLs use configure_webhook.',
    effect: 'update',
    operations: ['api_v2010:UpdateIncomingPhoneNumber'],
    input: () => ({
      phoneNumberSid: phoneNumberSid(),
      friendlyName: string('Name', 64).optional(),
      smsApplicationSid: sid('AP', 'TwiML App for messages').optional(),
      voiceApplicationSid: sid('AP', 'TwiML App for calls').optional(),
      voiceCallerIdLookup: boolean('Look up callers’ names, for a fee').optional(),
      trunkSid: sid('TK', 'SIP trunk that takes the calls').optional(),
      addressSid: sid('AD', 'Address that the number needs').optional(),
      bundleSid: sid('BU', 'Regulatory bundle').optional(),
      identitySid: sid('RI', 'Identity that the number needs').optional(),
      emergencyStatus: oneOf('Emergency calling', ['Active', 'Inactive']).optional(),
      emergencyAddressSid: sid('AD', 'Emergency address').optional(),
      accountSid: sid('AC', 'Subaccount that takes the number over').optional(),
    }),
    run: ({ phoneNumberSid, ...settings }, { twilio }) => twilio.incomingPhoneNumbers(phoneNumberSid).update(settings),
    returns: [
      ...SHOWN,
      'smsApplicationSid',
      'voiceApplicationSid',
      'trunkSid',
      'addressSid',
      'bundleSid',
      'emergencyStatus',
    ],
  }),
  tool({
    name: 'twilio_phone_numbers_buy_phone_number',
    title: 'Buy phone number',
    description:
      'Buy a phone number: costs money each month until it is released. Take an exact number from search_available_numbers, or any of a US area code.',
    effect: 'spend',
    checkWith: LIST,
    operations: ['api_v2010:CreateIncomingPhoneNumber'],
    input: () => ({
      phoneNumber: e164('Number from the search; else areaCode').optional(),
      areaCode: integer('US or Canadian area code to take any number of', 200, 999).optional(),
      friendlyName: string('Name', 64).optional(),
      addressSid: sid('AD', 'Address, where the country asks for one').optional(),
      bundleSid: sid('BU', 'Regulatory bundle, where the country asks for one').optional(),
      smsUrl: url('Called on an inbound message').optional(),
      voiceUrl: url('Called on an inbound call').optional(),
    }),
    run: ({ areaCode, ...settings }, { twilio }) => {
      if (!exactlyOne(settings.phoneNumber, areaCode)) {
        throw new ToolError('Give exactly one of phoneNumber and areaCode; nothing was bought.');
      }
      return twilio.incomingPhoneNumbers.create({ ...settings, areaCode: areaCode?.toString() });
    },
    returns: SHOWN,
  }),
  tool({
    name: 'twilio_phone_numbers_release_phone_number',
    title: 'Release phone number',
    description:
      'Give an own phone number back: it stops working at once and somebody else may get it. To only stop its webhooks use configure_webhook.',
    effect: 'delete',
    operations: ['api_v2010:DeleteIncomingPhoneNumber'],
    input: () => ({ phoneNumberSid: phoneNumberSid() }),
    run: ({ phoneNumberSid }, { twilio }) => twilio.incomingPhoneNumbers(phoneNumberSid).remove(),
  }),
];
