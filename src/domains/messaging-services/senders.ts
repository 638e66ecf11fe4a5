import * as z from 'zod';
import { page, paging } from '../../paging';
import { sid } from '../../params';
import { tool } from '../../tool';
import { serviceOf, serviceSid } from './service';

/*
 * What a Messaging Service sends by: numbers, short codes, names and the senders of other channels.
 */

const NUMBERS = 'twilio_messaging_services_list_numbers';
const ALPHA_SENDERS = 'twilio_messaging_services_list_alpha_senders';
const SHORT_CODES = 'twilio_messaging_services_list_short_codes';
const CHANNEL_SENDERS = 'twilio_messaging_services_list_channel_senders';
const NUMBER = ['sid', 'phoneNumber', 'countryCode', 'capabilities', 'dateCreated'] as const;
const ALPHA_SENDER = ['sid', 'alphaSender', 'capabilities', 'dateCreated'] as const;
const SHORT_CODE = ['sid', 'shortCode', 'countryCode', 'capabilities', 'dateCreated'] as const;
const CHANNEL_SENDER = ['sid', 'sender', 'senderType', 'countryCode', 'dateCreated'] as const;

const phoneNumberSid = () => sid('PN', 'Own phone number');
const shortCodeSid = () => sid('SC', 'Own short code');
const alphaSenderSid = () => sid('AI', 'Sender name, from list_alpha_senders');
const channelSenderSid = () => sid('XE', 'Sender of a channel');
const inService = () => ({ serviceSid: serviceSid(), ...paging() });

export const senders = [
  tool({
    name: NUMBERS,
    title: 'List numbers of a service',
    description: 'List the phone numbers that a Messaging Service sends by.',
    effect: 'read',
    operations: ['messaging_v1:ListPhoneNumber'],
    input: inService,
    run: ({ serviceSid, ...position }, context) => page(serviceOf(serviceSid, context).phoneNumbers, {}, position),
    returns: NUMBER,
  }),
  tool({
    name: 'twilio_messaging_services_add_number',
    title: 'Add number to service',
    description:
      'Let a Messaging Service send by an own number; messages to it then go to the webhook of the service. A number is in one service only.',
    effect: 'create',
    checkWith: NUMBERS,
    operations: ['messaging_v1:CreatePhoneNumber'],
    input: () => ({ serviceSid: serviceSid(), phoneNumberSid: phoneNumberSid() }),
    run: ({ serviceSid, phoneNumberSid }, context) =>
      serviceOf(serviceSid, context).phoneNumbers.create({ phoneNumberSid }),
    returns: NUMBER,
  }),
  tool({
    name: 'twilio_messaging_services_remove_number',
    title: 'Remove number from service',
    description: 'Take a number out of a Messaging Service. It stays in the account, without the campaign.',
    effect: 'delete',
    operations: ['messaging_v1:DeletePhoneNumber'],
    input: () => ({ serviceSid: serviceSid(), phoneNumberSid: phoneNumberSid() }),
    run: ({ serviceSid, phoneNumberSid }, context) =>
      serviceOf(serviceSid, context).phoneNumbers(phoneNumberSid).remove(),
  }),
  tool({
    name: ALPHA_SENDERS,
    title: 'List sender names of a service',
    description: 'List the names that a Messaging Service sends by where countries allow names in place of numbers.',
    effect: 'read',
    operations: ['messaging_v1:ListAlphaSender'],
    input: inService,
    run: ({ serviceSid, ...position }, context) => page(serviceOf(serviceSid, context).alphaSenders, {}, position),
    returns: ALPHA_SENDER,
  }),
  tool({
    name: 'twilio_messaging_services_add_alpha_sender',
    title: 'Add sender name to service',
    description: 'Let a Messaging Service send by a name. It cannot be answered, and not every country takes it.',
    effect: 'create',
    checkWith: ALPHA_SENDERS,
    operations: ['messaging_v1:CreateAlphaSender'],
    input: () => ({
      serviceSid: serviceSid(),
      alphaSender: z
        .string()
        .regex(/^(?=.*[A-Za-z])[A-Za-z0-9 _+&-]{1,11}$/, 'must be 1 to 11 of A-Z a-z 0-9 space - + _ &, with a letter')
        .describe('Name, such as ACME'),
    }),
    run: ({ serviceSid, alphaSender }, context) => serviceOf(serviceSid, context).alphaSenders.create({ alphaSender }),
    returns: ALPHA_SENDER,
  }),
  tool({
    name: 'twilio_messaging_services_remove_alpha_sender',
    title: 'Remove sender name from service',
    description: 'Take a name out of a Messaging Service.',
    effect: 'delete',
    operations: ['messaging_v1:DeleteAlphaSender'],
    input: () => ({ serviceSid: serviceSid(), alphaSenderSid: alphaSenderSid() }),
    run: ({ serviceSid, alphaSenderSid }, context) =>
      serviceOf(serviceSid, context).alphaSenders(alphaSenderSid).remove(),
  }),
  tool({
    name: SHORT_CODES,
    title: 'List short codes of a service',
    description: 'List the short codes that a Messaging Service sends by.',
    effect: 'read',
    operations: ['messaging_v1:ListShortCode'],
    input: inService,
    run: ({ serviceSid, ...position }, context) => page(serviceOf(serviceSid, context).shortCodes, {}, position),
    returns: SHORT_CODE,
  }),
  tool({
    name: 'twilio_messaging_services_add_short_code',
    title: 'Add short code to service',
    description: 'Let a Messaging Service send by an own short code.',
    effect: 'create',
    checkWith: SHORT_CODES,
    operations: ['messaging_v1:CreateShortCode'],
    input: () => ({ serviceSid: serviceSid(), shortCodeSid: shortCodeSid() }),
    run: ({ serviceSid, shortCodeSid }, context) => serviceOf(serviceSid, context).shortCodes.create({ shortCodeSid }),
    returns: SHORT_CODE,
  }),
  tool({
    name: 'twilio_messaging_services_remove_short_code',
    title: 'Remove short code from service',
    description: 'Take a short code out of a Messaging Service. It stays in the account.',
    effect: 'delete',
    operations: ['messaging_v1:DeleteShortCode'],
    input: () => ({ serviceSid: serviceSid(), shortCodeSid: shortCodeSid() }),
    run: ({ serviceSid, shortCodeSid }, context) => serviceOf(serviceSid, context).shortCodes(shortCodeSid).remove(),
  }),
  tool({
    name: CHANNEL_SENDERS,
    title: 'List channel senders of a service',
    description: 'List the WhatsApp, RCS and other channel senders of a Messaging Service.',
    effect: 'read',
    operations: ['messaging_v1:ListChannelSender'],
    input: inService,
    run: ({ serviceSid, ...position }, context) => page(serviceOf(serviceSid, context).channelSenders, {}, position),
    returns: CHANNEL_SENDER,
  }),
  tool({
    name: 'twilio_messaging_services_add_channel_sender',
    title: 'Add channel sender to service',
    description: 'Let a Messaging Service send by a WhatsApp, RCS or other channel sender of the account.',
    effect: 'create',
    checkWith: CHANNEL_SENDERS,
    operations: ['messaging_v1:CreateChannelSender'],
    input: () => ({ serviceSid: serviceSid(), channelSenderSid: channelSenderSid() }),
    run: ({ serviceSid, channelSenderSid }, context) =>
      serviceOf(serviceSid, context).channelSenders.create({ sid: channelSenderSid }),
    returns: CHANNEL_SENDER,
  }),
  tool({
    name: 'twilio_messaging_services_remove_channel_sender',
    title: 'Remove channel sender from service',
    description: 'Take a channel sender out of a Messaging Service. It stays in the account.',
    effect: 'delete',
    operations: ['messaging_v1:DeleteChannelSender'],
    input: () => ({ serviceSid: serviceSid(), channelSenderSid: channelSenderSid() }),
    run: ({ serviceSid, channelSenderSid }, context) =>
      serviceOf(serviceSid, context).channelSenders(channelSenderSid).remove(),
  }),
];
