import * as z from 'zod';
import { compactNumber } from '../../formats';
import { page, paging } from '../../paging';
import { address, boolean, country, jsonObject, oneOf, pathName, sid, string, timeRange, words } from '../../params';
import { grants, reads, sends, tool, updates } from '../../tool';
import { serviceOf, serviceSid } from './shared';

const verificationSid = () => pathName('SID (VE…), or the recipient while the verification is pending', compactNumber);
const code = (description: string) =>
  z
    .string()
    .regex(/^[A-Za-z0-9]{4,10}$/, 'must be 4 to 10 letters or digits')
    .describe(description);

/** The payment that a verification confirms, under the EU's second payment services directive (PSD2). */
const payment = () => ({
  amount: string('Payment amount; for services with psd2Enabled', 64).optional(),
  payee: string('Recipient of the payment; for services with psd2Enabled', 256).optional(),
});

/** Filters of the attempts and of their summary. */
const attemptFilters = () => ({
  serviceSid: sid('VA', 'Only attempts of this service').optional(),
  ...timeRange({ from: ['dateCreatedAfter', 'Only sent after'], before: ['dateCreatedBefore', 'Only sent before'] }),
  country: country('Only sent to this country').optional(),
  channel: oneOf('Only sent by this channel', ['sms', 'call', 'email', 'whatsapp', 'rbm']).optional(),
});

const VERIFICATION = words(
  'sid serviceSid to channel status lookup sendCodeAttempts sna amount payee dateCreated dateUpdated',
);
const CHECKED = ['sid', 'to', 'channel', 'status', 'valid', 'amount', 'payee', 'snaAttemptsErrorCodes'] as const;
const ATTEMPT = words('sid verificationSid serviceSid channel conversionStatus channelData price dateCreated');
const NONE_PENDING =
  'No verification of this recipient is pending in this service: it is approved, expired, canceled or out of attempts. Start a new one with start_verification.';
const ATTEMPTS = 'twilio_verify_list_attempts';

/** Sending and checking codes, and the conversion of those sent. */
export const verifications = [
  tool({
    name: 'twilio_verify_start_verification',
    title: 'Send verification code',
    description:
      'Send a code to a phone or email, for a fee. A repeat within 10 minutes sends the same code. Check the code that the person enters with check_verification.',
    ...sends({ checkWith: ATTEMPTS }, 'verify_v2:CreateVerification'),
    input: () => ({
      to: address('Recipient; an email address if channel is email', []),
      channel: oneOf(
        'auto lets Twilio choose; sna sends no code, use check_silent_verification',
        words('sms call email whatsapp sna auto'),
      ).default('sms'),
      serviceSid: serviceSid(),
      locale: string('Language of the message, such as de; default by country', 16).optional(),
      customFriendlyName: string('Name shown in the message instead of the service name', 32).optional(),
      customCode: code('Your own code, 4 to 10 letters or digits; for services with customCodeEnabled').optional(),
      templateSid: sid('HJ', 'SMS or call template, from list_templates').optional(),
      templateCustomSubstitutions: jsonObject('Values for the variables of the template').optional(),
      channelConfiguration: jsonObject(
        'Email settings: {"template_id", "from", "from_name", "substitutions"}',
      ).optional(),
      ...payment(),
      sendDigits: string('Keys to press once the call is answered; w waits', 32).optional(),
      appHash: string('Hash of the Android app that reads the SMS', 11).optional(),
      deviceIp: string('IP address of the person’s device; recommended for channel auto', 45).optional(),
      enableSnaClientToken: boolean('Require snaClientToken in check_silent_verification').optional(),
      riskCheck: oneOf('disable bypasses fraud protection for this SMS; default enable', [
        'enable',
        'disable',
      ]).optional(),
      rateLimits: jsonObject('Values by rate limit name, such as {"end_user_ip": "192.0.2.1"}').optional(),
      tags: jsonObject('Up to 10 strings stored as metadata; no personal data').optional(),
    }),
    run: ({ serviceSid, templateCustomSubstitutions, tags, ...args }, context) =>
      serviceOf(serviceSid, context).verifications.create({
        ...args,
        templateCustomSubstitutions: templateCustomSubstitutions && JSON.stringify(templateCustomSubstitutions),
        tags: tags && JSON.stringify(tags),
      }),
    returns: VERIFICATION,
  }),
  tool({
    name: 'twilio_verify_check_verification',
    title: 'Check verification code',
    description:
      'Check the code that a person entered. The returned status is approved if it is correct, pending if not.',
    ...updates('verify_v2:CreateVerificationCheck'),
    notFoundHint: NONE_PENDING,
    input: () => ({
      to: address('Recipient of the code', []),
      code: code('Code as entered by the person'),
      serviceSid: serviceSid(),
      ...payment(),
    }),
    run: ({ serviceSid, ...args }, context) => serviceOf(serviceSid, context).verificationChecks.create(args),
    returns: CHECKED,
  }),
  tool({
    name: 'twilio_verify_check_silent_verification',
    title: 'Check Silent Network Auth verification',
    description:
      'Check a verification by channel sna (Silent Network Auth) after the device has opened its sna URL. For a code use check_verification.',
    ...updates('verify_v2:CreateVerificationCheck'),
    notFoundHint: NONE_PENDING,
    input: () => ({
      to: address('Number being verified', []),
      snaClientToken: string('Token that the device received, if enableSnaClientToken was set', 256).optional(),
      serviceSid: serviceSid(),
    }),
    run: ({ serviceSid, ...args }, context) => serviceOf(serviceSid, context).verificationChecks.create(args),
    returns: CHECKED,
  }),
  tool({
    name: 'twilio_verify_get_verification_status',
    title: 'Get verification status',
    description:
      'Fetch one verification: its state and each code sent. An approved or expired one may be gone; then use list_attempts.',
    ...reads('verify_v2:FetchVerification'),
    input: () => ({ verificationSid: verificationSid(), serviceSid: serviceSid() }),
    run: ({ verificationSid, serviceSid }, context) =>
      serviceOf(serviceSid, context).verifications(verificationSid).fetch(),
    returns: VERIFICATION,
  }),
  tool({
    name: 'twilio_verify_update_verification',
    title: 'Cancel or approve verification',
    description:
      'Cancel a pending verification so that the next one has a new code, or approve it without the code if you checked it yourself.',
    ...grants({ checkWith: 'twilio_verify_get_verification_status' }, 'verify_v2:UpdateVerification'),
    input: () => ({
      verificationSid: verificationSid(),
      status: oneOf('New state of the verification', ['canceled', 'approved']),
      serviceSid: serviceSid(),
    }),
    run: ({ verificationSid, status, serviceSid }, context) =>
      serviceOf(serviceSid, context).verifications(verificationSid).update({ status }),
    returns: VERIFICATION,
  }),
  tool({
    name: ATTEMPTS,
    title: 'List verification attempts',
    description:
      'List codes sent by the account, newest first: channel, price, carrier and whether each was entered (converted). For totals use get_attempts_summary.',
    ...reads('verify_v2:ListVerificationAttempt'),
    input: () => ({
      to: address('Only sent to this number or email', []).optional(),
      verificationSid: sid('VE', 'Only attempts of this verification').optional(),
      status: oneOf('Only codes that were entered (converted), or not', ['converted', 'unconverted']).optional(),
      ...attemptFilters(),
      ...paging(1000),
    }),
    run: ({ to, serviceSid, ...filters }, { twilio }) =>
      page(twilio.verify.v2.verificationAttempts, { ...filters, 'channelData.to': to, verifyServiceSid: serviceSid }),
    returns: ATTEMPT,
  }),
  tool({
    name: 'twilio_verify_get_attempts_summary',
    title: 'Get verification conversion rate',
    description:
      'Count codes sent and entered, with the conversion rate, by country, prefix or channel. A low rate may indicate fraud.',
    ...reads('verify_v2:FetchVerificationAttemptsSummary'),
    input: () => ({
      destinationPrefix: string('Only numbers with this prefix, such as +4477', 16).optional(),
      ...attemptFilters(),
    }),
    run: ({ serviceSid, ...filters }, { twilio }) =>
      twilio.verify.v2.verificationAttemptsSummary().fetch({ ...filters, verifyServiceSid: serviceSid }),
    returns: ['totalAttempts', 'totalConverted', 'totalUnconverted', 'conversionRatePercentage'],
  }),
  tool({
    name: 'twilio_verify_list_templates',
    title: 'List verification templates',
    description: 'List the message templates that verifications can use, with their text in each language.',
    ...reads('verify_v2:ListVerificationTemplate'),
    input: () => ({ friendlyName: string('Only templates with this name', 64).optional(), ...paging() }),
    run: (query, { twilio }) => page(twilio.verify.v2.templates, query),
    returns: ['sid', 'friendlyName', 'channels', 'translations'],
  }),
];
