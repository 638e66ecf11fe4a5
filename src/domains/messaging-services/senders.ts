import * as z from 'zod';
import { page, paging } from '../../paging';
import { sid } from '../../params';
import { creates, deletes, grants, reads, tool } from '../../tool';
import { serviceOf, serviceSid } from './service';

/*
 * The sender pool of a Messaging Service: numbers, short codes, alphanumeric sender IDs and senders of other channels.
 */

const NUMBERS = 'twilio_messaging_services_list_numbers';
const ALPHA_SENDERS = 'twilio_messaging_services_list_alpha_senders';
const SHORT_CODES = 'twilio_messaging_services_list_short_codes';
const CHANNEL_SENDERS = 'twilio_messaging_services_list_channel_senders';
const NUMBER = ['sid', 'phoneNumber', 'countryCode', 'capabilities', 'dateCreated'] as const;
const ALPHA_SENDER = ['sid', 'alphaSender', 'capabilities', 'dateCreated'] as const;
const ALPHA_SENDER_FORM = 'must be 1 to 11 of A-Z a-z 0-9 space - + _ &, with a letter';
const SHORT_CODE = ['sid', 'shortCode', 'countryCode', 'capabilities', 'dateCreated'] as const;
const CHANNEL_SENDER = ['sid', 'sender', 'senderType', 'countryCode', 'dateCreated'] as const;

const phoneNumberSid = () => sid('PN', 'Phone number of the account');
const shortCodeSid = () => sid('SC', 'Short code of the account');
const alphaSenderSid = () => sid('AI', 'Alphanumeric sender ID, from list_alpha_senders');
const channelSenderSid = () => sid('XE', 'WhatsApp, RCS or other channel sender');
const inService = () => ({ serviceSid: serviceSid(), ...paging() });

export const senders = [
  tool({
    name: NUMBERS,
    title: 'List Messaging Service numbers',
    description: 'List the phone numbers in the sender pool of a Messaging Service.',
    ...reads('messaging_v1:ListPhoneNumber'),
    input: inService,
    run: ({ serviceSid, ...position }, context) => page(serviceOf(serviceSid, context).phoneNumbers, position),
    returns: NUMBER,
  }),
  tool({
    name: 'twilio_messaging_services_add_number',
    title: 'Add number to Messaging Service',
    description:
      'Add a phone number of the account to a Messaging Service as a sender. Messages to the number then go to the webhook of the service. A number can be in one service only.',
    ...grants({ checkWith: NUMBERS }, 'messaging_v1:CreatePhoneNumber'),
    input: () => ({ serviceSid: serviceSid(), phoneNumberSid: phoneNumberSid() }),
    run: ({ serviceSid, phoneNumberSid }, context) =>
      serviceOf(serviceSid, context).phoneNumbers.create({ phoneNumberSid }),
    returns: NUMBER,
  }),
  tool({
    name: 'twilio_messaging_services_remove_number',
    title: 'Remove number from Messaging Service',
    description:
      'Remove a phone number from a Messaging Service. It stays in the account, but is no longer covered by the A2P campaign.',
    ...deletes('messaging_v1:DeletePhoneNumber'),
    input: () => ({ serviceSid: serviceSid(), phoneNumberSid: phoneNumberSid() }),
    run: ({ serviceSid, phoneNumberSid }, context) =>
      serviceOf(serviceSid, context).phoneNumbers(phoneNumberSid).remove(),
  }),
  tool({
    name: ALPHA_SENDERS,
    title: 'List alphanumeric sender IDs',
    description:
      'List the alphanumeric sender IDs of a Messaging Service: names it sends from in countries that allow them in place of numbers.',
    ...reads('messaging_v1:ListAlphaSender'),
    input: inService,
    run: ({ serviceSid, ...position }, context) => page(serviceOf(serviceSid, context).alphaSenders, position),
    returns: ALPHA_SENDER,
  }),
  tool({
    name: 'twilio_messaging_services_add_alpha_sender',
    title: 'Add alphanumeric sender ID',
    description:
      'Add an alphanumeric sender ID (a name) to a Messaging Service. Recipients cannot reply to it, and not every country accepts it.',
    ...creates({ checkWith: ALPHA_SENDERS }, 'messaging_v1:CreateAlphaSender'),
    input: () => ({
      serviceSid: serviceSid(),
      alphaSender: z
        .string()
        .regex(/^[A-Za-z0-9 _+&-]{1,11}$/, ALPHA_SENDER_FORM)
        .refine((name) => /[A-Za-z]/.test(name), ALPHA_SENDER_FORM)
        .describe('Name shown as the sender, such as ACME; up to 11 characters'),
    }),
    run: ({ serviceSid, alphaSender }, context) => serviceOf(serviceSid, context).alphaSenders.create({ alphaSender }),
    returns: ALPHA_SENDER,
  }),
  tool({
    name: 'twilio_messaging_services_remove_alpha_sender',
    title: 'Remove alphanumeric sender ID',
    description: 'Remove an alphanumeric sender ID from a Messaging Service.',
    ...deletes('messaging_v1:DeleteAlphaSender'),
    input: () => ({ serviceSid: serviceSid(), alphaSenderSid: alphaSenderSid() }),
    run: ({ serviceSid, alphaSenderSid }, context) =>
      serviceOf(serviceSid, context).alphaSenders(alphaSenderSid).remove(),
  }),
  tool({
    name: SHORT_CODES,
    title: 'List Messaging Service short codes',
    description: 'List the short codes in the sender pool of a Messaging Service.',
    ...reads('messaging_v1:ListShortCode'),
    input: inService,
    run: ({ serviceSid, ...position }, context) => page(serviceOf(serviceSid, context).shortCodes, position),
    returns: SHORT_CODE,
  }),
  tool({
    name: 'twilio_messaging_services_add_short_code',
    title: 'Add short code to Messaging Service',
    description: 'Add a short code of the account to a Messaging Service as a sender.',
    ...grants({ checkWith: SHORT_CODES }, 'messaging_v1:CreateShortCode'),
    input: () => ({ serviceSid: serviceSid(), shortCodeSid: shortCodeSid() }),
    run: ({ serviceSid, shortCodeSid }, context) => serviceOf(serviceSid, context).shortCodes.create({ shortCodeSid }),
    returns: SHORT_CODE,
  }),
  tool({
    name: 'twilio_messaging_services_remove_short_code',
    title: 'Remove short code from Messaging Service',
    description: 'Remove a short code from a Messaging Service. It stays in the account.',
    ...deletes('messaging_v1:DeleteShortCode'),
    input: () => ({ serviceSid: serviceSid(), shortCodeSid: shortCodeSid() }),
    run: ({ serviceSid, shortCodeSid }, context) => serviceOf(serviceSid, context).shortCodes(shortCodeSid).remove(),
  }),
  tool({
    name: CHANNEL_SENDERS,
    title: 'List Messaging Service channel senders',
    description: 'List the WhatsApp, RCS and other channel senders of a Messaging Service.',
    ...reads('messaging_v1:ListChannelSender'),
    input: inService,
    run: ({ serviceSid, ...position }, context) => page(serviceOf(serviceSid, context).channelSenders, position),
    returns: CHANNEL_SENDER,
  }),
  tool({
    name: 'twilio_messaging_services_add_channel_sender',
    title: 'Add channel sender to Messaging Service',
    description: 'Add a WhatsApp, RCS or other channel sender of the account to a Messaging Service.',
    ...grants({ checkWith: CHANNEL_SENDERS }, 'messaging_v1:CreateChannelSender'),
    input: () => ({ serviceSid: serviceSid(), channelSenderSid: channelSenderSid() }),
    run: ({ serviceSid, channelSenderSid }, context) =>
      serviceOf(serviceSid, context).channelSenders.create({ sid: channelSenderSid }),
    returns: CHANNEL_SENDER,
  }),
  tool({
    name: 'twilio_messaging_services_remove_channel_sender',
    title: 'Remove channel sender from Messaging Service',
    description: 'Remove a channel sender from a Messaging Service. It stays in the account.',
    ...deletes('messaging_v1:DeleteChannelSender'),
    input: () => ({ serviceSid: serviceSid(), channelSenderSid: channelSenderSid() }),
    run: ({ serviceSid, channelSenderSid }, context) =>
      serviceOf(serviceSid, context).channelSenders(channelSenderSid).remove(),
  }),
];
