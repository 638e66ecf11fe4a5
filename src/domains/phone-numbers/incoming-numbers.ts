import * as z from 'zod';
import { ToolError } from '../../errors';
import { page, paging } from '../../paging';
import {
  boolean,
  clearableSid,
  clearableUrl,
  e164,
  exactlyOne,
  integer,
  method,
  oneOf,
  sid,
  string,
  url,
  words,
} from '../../params';
import { findMessagingService, overriddenUrls } from '../../threads/number-routing';
import { deletes, grants, reads, spends, tool } from '../../tool';

/*
 * The phone numbers of the account. Messaging and PhoneNumbers offer all of these tools, Inbox offers the list.
 */

const LIST = 'twilio_phone_numbers_list_phone_numbers';
const SHOWN = [
  'sid',
  'phoneNumber',
  'friendlyName',
  'capabilities',
  'smsUrl',
  'voiceUrl',
  'statusCallback',
  'smsApplicationSid',
  'voiceApplicationSid',
  'trunkSid',
] as const;
/** What handles messages or calls in place of the URLs. */
const ROUTED = ['overridden', 'messagingService', 'unread'] as const;
export const IN_SERVICE = ['messaging_v1:ListService', 'messaging_v1:FetchPhoneNumber'] as const;
const SETTINGS = words(
  'smsMethod smsFallbackUrl smsFallbackMethod voiceMethod voiceFallbackUrl voiceFallbackMethod statusCallbackMethod',
);
const REGULATORY = words(
  'voiceCallerIdLookup addressSid bundleSid identitySid emergencyStatus emergencyAddressSid emergencyAddressStatus',
);
const phoneNumberSid = () => sid('PN', 'Phone number of the account');

/** Part of a phone number, as Twilio matches it. */
const digits = (description: string) =>
  z
    .string()
    .regex(/^[+*\dA-Za-z]{1,20}$/, 'must be digits with nothing between them, such as +15551234567 or 5551')
    .describe(description);

/** The webhooks of a phone number, or of the TwiML App that handles it. */
export const webhooks = () => ({
  smsUrl: clearableUrl('Called for each inbound message').optional(),
  smsMethod: method('smsUrl').optional(),
  smsFallbackUrl: clearableUrl('Called if smsUrl fails').optional(),
  smsFallbackMethod: method('smsFallbackUrl').optional(),
  voiceUrl: clearableUrl('Called for each inbound call').optional(),
  voiceMethod: method('voiceUrl').optional(),
  voiceFallbackUrl: clearableUrl('Called if voiceUrl fails').optional(),
  voiceFallbackMethod: method('voiceFallbackUrl').optional(),
  statusCallback: clearableUrl('Called when a call changes state').optional(),
  statusCallbackMethod: method('statusCallback').optional(),
});

/** Twilio ignores the URLs of a number that a TwiML App or a SIP trunk handles, so these go when a URL is set. */
const detached = ({ smsUrl, voiceUrl }: { smsUrl?: string; voiceUrl?: string }) => ({
  ...(smsUrl && { smsApplicationSid: '' }),
  ...(voiceUrl && { voiceApplicationSid: '', trunkSid: '' }),
});

type Found = Awaited<ReturnType<typeof findMessagingService>>;

/** Adds what handles messages and calls in place of the URLs of a number. */
const withOverrides = <N extends Parameters<typeof overriddenUrls>[0]>(number: N, found: Found = {}) =>
  Object.assign(number, found, { overridden: overriddenUrls(number, found.messagingService) });

export const listNumbers = tool({
  name: LIST,
  title: 'List Twilio phone numbers',
  description:
    'List the phone numbers of the account with their SIDs, capabilities and where they lead: webhooks, or a TwiML App or SIP trunk that overrides them. For numbers to buy use twilio_phone_numbers_search_available_numbers.',
  ...reads('api_v2010:ListIncomingPhoneNumber'),
  input: () => ({
    phoneNumber: digits('Only numbers that contain these digits; * stands for any digit').optional(),
    friendlyName: string('Only numbers with exactly this label', 64).optional(),
    ...paging(1000),
  }),
  run: async (query, { twilio }) =>
    (await page(twilio.incomingPhoneNumbers, query)).map((number) => withOverrides(number)),
  returns: [...SHOWN, 'overridden'],
});

export const incomingNumbers = [
  listNumbers,
  tool({
    name: 'twilio_phone_numbers_get_phone_number',
    title: 'Get Twilio phone number',
    description:
      'Fetch one phone number of the account by its SID, with all settings and its Messaging Service. To find the SID use list_phone_numbers.',
    ...reads('api_v2010:FetchIncomingPhoneNumber', ...IN_SERVICE),
    input: () => ({ phoneNumberSid: phoneNumberSid() }),
    run: async ({ phoneNumberSid }, context) => {
      const number = await context.twilio.incomingPhoneNumbers(phoneNumberSid).fetch();
      return withOverrides(number, await findMessagingService(phoneNumberSid, context));
    },
    returns: [...SHOWN, ...ROUTED, ...SETTINGS, ...REGULATORY, ...words('origin beta dateCreated')],
  }),
  tool({
    name: 'twilio_phone_numbers_configure_webhook',
    title: 'Configure phone number webhooks',
    description:
      'Set where a phone number sends inbound messages and calls. Replaces the current URLs, and detaches a TwiML App or SIP trunk that would override the new one; `overridden` names a Messaging Service that does. Read them first with get_phone_number; "" clears one. For other settings use update_phone_number.',
    ...grants(
      { checkWith: 'twilio_phone_numbers_get_phone_number' },
      'api_v2010:UpdateIncomingPhoneNumber',
      ...IN_SERVICE,
    ),
    input: () => ({ phoneNumberSid: phoneNumberSid(), ...webhooks() }),
    run: async ({ phoneNumberSid, ...settings }, context) => {
      const changes = { ...settings, ...detached(settings) };
      const number = await context.twilio.incomingPhoneNumbers(phoneNumberSid).update(changes);
      const setsMessages = settings.smsUrl || settings.smsFallbackUrl;
      return withOverrides(number, setsMessages ? await findMessagingService(phoneNumberSid, context) : {});
    },
    returns: [...SHOWN, ...ROUTED, ...SETTINGS],
  }),
  tool({
    name: 'twilio_phone_numbers_update_phone_number',
    title: 'Update Twilio phone number',
    description:
      'Rename a phone number, attach it to a TwiML App, SIP trunk, address, regulatory bundle or emergency address, or transfer it to a subaccount. For webhook URLs use configure_webhook.',
    ...grants({ checkWith: 'twilio_phone_numbers_get_phone_number' }, 'api_v2010:UpdateIncomingPhoneNumber'),
    input: () => ({
      phoneNumberSid: phoneNumberSid(),
      friendlyName: string('Label of the number', 64).optional(),
      smsApplicationSid: clearableSid('AP', 'TwiML App that handles messages in place of the SMS webhooks').optional(),
      voiceApplicationSid: clearableSid(
        'AP',
        'TwiML App that handles calls in place of the voice webhooks; detaches a SIP trunk',
      ).optional(),
      voiceCallerIdLookup: boolean('Look up the names of callers, for a fee').optional(),
      trunkSid: clearableSid('TK', 'SIP trunk that receives the calls; detaches a voice TwiML App').optional(),
      addressSid: clearableSid('AD', 'Address that the country requires').optional(),
      bundleSid: clearableSid('BU', 'Regulatory bundle that the country requires').optional(),
      identitySid: clearableSid('RI', 'Identity that the country requires').optional(),
      emergencyStatus: oneOf('Whether emergency calling is on', ['Active', 'Inactive']).optional(),
      emergencyAddressSid: clearableSid('AD', 'Address used for emergency calls from the number').optional(),
      accountSid: sid('AC', 'Subaccount to transfer the number to').optional(),
    }),
    run: async ({ phoneNumberSid, ...settings }, { twilio }) =>
      withOverrides(await twilio.incomingPhoneNumbers(phoneNumberSid).update(settings)),
    returns: [...SHOWN, 'overridden', ...REGULATORY],
  }),
  tool({
    name: 'twilio_phone_numbers_buy_phone_number',
    title: 'Buy phone number',
    description:
      'Buy a phone number, which is charged monthly until it is released. Pass an exact number from twilio_phone_numbers_search_available_numbers, or areaCode for any number in it.',
    ...spends({ checkWith: LIST }, 'api_v2010:CreateIncomingPhoneNumber'),
    input: () => ({
      phoneNumber: e164('Exact number to buy; alternative to areaCode').optional(),
      areaCode: integer(
        'US or Canadian area code to buy any number in; alternative to phoneNumber',
        200,
        999,
      ).optional(),
      friendlyName: string('Label of the number; default the formatted number', 64).optional(),
      addressSid: sid('AD', 'Address, if the country requires one').optional(),
      bundleSid: sid('BU', 'Regulatory bundle, if the country requires one').optional(),
      identitySid: sid('RI', 'Identity, if the country requires one').optional(),
      emergencyAddressSid: sid('AD', 'Address for emergency calls').optional(),
      smsUrl: url('Called for each inbound message').optional(),
      voiceUrl: url('Called for each inbound call').optional(),
    }),
    run: ({ areaCode, ...settings }, { twilio }) => {
      if (!exactlyOne(settings.phoneNumber, areaCode)) {
        throw new ToolError('Pass exactly one of `phoneNumber` and `areaCode`; nothing was bought.');
      }
      return twilio.incomingPhoneNumbers.create({ ...settings, areaCode: areaCode?.toString() });
    },
    returns: SHOWN,
  }),
  tool({
    name: 'twilio_phone_numbers_release_phone_number',
    title: 'Release Twilio phone number',
    description:
      'Release a phone number of the account: it stops working at once, and someone else may get it. To only stop its webhooks use configure_webhook.',
    ...deletes('api_v2010:DeleteIncomingPhoneNumber'),
    input: () => ({ phoneNumberSid: phoneNumberSid() }),
    run: ({ phoneNumberSid }, { twilio }) => twilio.incomingPhoneNumbers(phoneNumberSid).remove(),
  }),
];
