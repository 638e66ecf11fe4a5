import * as z from 'zod';
import { Page, page, paging } from '../paging';
import {
  address,
  boolean,
  country,
  dateTime,
  integer,
  jsonObject,
  oneOf,
  pathName,
  selector,
  sid,
  string,
} from '../params';
import { domain, type ToolContext, tool } from '../tool';
import { orDefault } from './defaults';

const serviceSid = () => selector(sid('VA', 'Default TWILIO_VERIFY_SERVICE_SID').optional());
const rateLimitSid = () => sid('RK', 'Rate limit');
const verificationSid = () => pathName('Verification SID, or the recipient while it is pending');
const code = (description: string) =>
  z
    .string()
    .regex(/^[A-Za-z0-9]{4,10}$/, 'must be 4 to 10 letters or digits')
    .describe(description);

/** What a bank's payment is verified with. */
const payment = () => ({
  amount: string('Amount of the payment (PSD2)', 64).optional(),
  payee: string('Payee of the payment (PSD2)', 256).optional(),
});

/** Filters of attempts and of their summary. */
const attempts = () => ({
  serviceSid: sid('VA', 'Only of this service').optional(),
  dateCreatedAfter: dateTime('Only made after').optional(),
  dateCreatedBefore: dateTime('Only made before').optional(),
  country: country('Only to this country').optional(),
  channel: oneOf('Only by this channel', ['sms', 'call', 'email', 'whatsapp', 'rbm']).optional(),
});

const settings = () => ({
  codeLength: integer('Digits of a code', 4, 10).optional(),
  lookupEnabled: boolean('Look each number up, for a fee').optional(),
  skipSmsToLandlines: boolean('No SMS to landlines; needs lookupEnabled').optional(),
  dtmfInputRequired: boolean('Callee presses a key before the code is read').optional(),
  ttsName: string('Voice of calls, such as Polly.Joanna', 64).optional(),
  psd2Enabled: boolean('Take amount and payee').optional(),
  doNotShareWarningEnabled: boolean('SMS warns not to share the code').optional(),
  customCodeEnabled: boolean('Take codes of your own').optional(),
  defaultTemplateSid: sid('HJ', 'Template for SMS').optional(),
  whatsappMessagingServiceSid: sid('MG', 'Messaging Service with the WhatsApp sender').optional(),
  whatsappFrom: address('WhatsApp sender in that service').optional(),
});

/** The settings by the names that the client takes. */
function named<S extends { whatsappMessagingServiceSid?: string; whatsappFrom?: string }>(given: S) {
  const { whatsappMessagingServiceSid, whatsappFrom, ...rest } = given;
  return { ...rest, 'whatsapp.msgServiceSid': whatsappMessagingServiceSid, 'whatsapp.from': whatsappFrom };
}

const serviceOf = (given: string | undefined, { twilio, config }: ToolContext) =>
  twilio.verify.v2.services(orDefault('serviceSid', given, config.verifyServiceSid, 'TWILIO_VERIFY_SERVICE_SID'));

const SERVICE = [
  'sid',
  'friendlyName',
  'codeLength',
  'lookupEnabled',
  'skipSmsToLandlines',
  'dtmfInputRequired',
  'ttsName',
  'psd2Enabled',
  'doNotShareWarningEnabled',
  'customCodeEnabled',
  'defaultTemplateSid',
  'whatsapp',
  'dateCreated',
] as const;
const VERIFICATION = [
  'sid',
  'serviceSid',
  'to',
  'channel',
  'status',
  'lookup',
  'sendCodeAttempts',
  'sna',
  'amount',
  'payee',
  'dateCreated',
  'dateUpdated',
] as const;
const CHECKED = ['sid', 'to', 'channel', 'status', 'valid', 'amount', 'payee', 'snaAttemptsErrorCodes'] as const;
const ATTEMPT = [
  'sid',
  'verificationSid',
  'serviceSid',
  'channel',
  'conversionStatus',
  'channelData',
  'price',
  'dateCreated',
] as const;
const NONE_PENDING =
  'No verification of this recipient is pending in this service: it is approved, expired, canceled or out of tries. Start a new one with start_verification.';
const SERVICES = 'twilio_verify_list_services';
const ATTEMPTS = 'twilio_verify_list_attempts';
const RATE_LIMITS = 'twilio_verify_list_rate_limits';

export const verify = domain({
  service: 'Verify',
  summary: 'Verify phones and emails by codes sent as SMS, call, WhatsApp or email, and see how well codes arrive.',
  instructions:
    'Send a code with start_verification, ask the person for it, then check_verification; a code lives 10 minutes and five tries. ' +
    'serviceSid defaults to TWILIO_VERIFY_SERVICE_SID; without one, list_services or create_service. What was sent and converted: list_attempts.',
  tools: [
    tool({
      name: 'twilio_verify_start_verification',
      title: 'Send verification code',
      description:
        'Send a code to a phone or email, for a fee. Repeated within 10 minutes it sends the same code. Check what the person typed with check_verification.',
      effect: 'send',
      checkWith: ATTEMPTS,
      operations: ['verify_v2:CreateVerification'],
      input: () => ({
        to: address('Number, or email for the channel email'),
        channel: oneOf('auto chooses; sna has no code: check_silent_verification', [
          'sms',
          'call',
          'email',
          'whatsapp',
          'sna',
          'auto',
        ]).default('sms'),
        serviceSid: serviceSid(),
        locale: string('Language, such as de; default by country', 16).optional(),
        customFriendlyName: string('Name shown in place of that of the service', 32).optional(),
        customCode: code('Code of your own, if the service takes them').optional(),
        templateSid: sid('HJ', 'Template for SMS and calls, from list_templates').optional(),
        templateCustomSubstitutions: jsonObject('Values of the template').optional(),
        channelConfiguration: jsonObject('Email: {"template_id", "from", "from_name", "substitutions"}').optional(),
        ...payment(),
        sendDigits: string('Keys to press once the call is answered, w waits', 32).optional(),
        appHash: string('Android app that reads the SMS', 11).optional(),
        deviceIp: string('IP address of the device, advised for auto', 45).optional(),
        enableSnaClientToken: boolean('Ask for the token of sna in the check').optional(),
        riskCheck: oneOf('disable lets it past fraud protection', ['enable', 'disable']).optional(),
        rateLimits: jsonObject('Values by rate limit, as {"end_user_ip": "192.0.2.1"}').optional(),
        tags: jsonObject('Up to 10 metadata as strings').optional(),
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
      description: 'Check the code that a person typed: status is approved if it is right, pending if not.',
      effect: 'update',
      operations: ['verify_v2:CreateVerificationCheck'],
      notFoundHint: NONE_PENDING,
      input: () => ({
        to: address('Recipient of the code'),
        code: code('What the person typed'),
        serviceSid: serviceSid(),
        ...payment(),
      }),
      run: ({ serviceSid, ...args }, context) => serviceOf(serviceSid, context).verificationChecks.create(args),
      returns: CHECKED,
    }),
    tool({
      name: 'twilio_verify_check_silent_verification',
      title: 'Check silent verification',
      description:
        'Check a verification by the channel sna, after the device has opened its sna URL. For a code use check_verification.',
      effect: 'update',
      operations: ['verify_v2:CreateVerificationCheck'],
      notFoundHint: NONE_PENDING,
      input: () => ({
        to: address('Recipient'),
        snaClientToken: string('What the sna URL returned, if asked for', 256).optional(),
        serviceSid: serviceSid(),
      }),
      run: ({ serviceSid, ...args }, context) => serviceOf(serviceSid, context).verificationChecks.create(args),
      returns: CHECKED,
    }),
    tool({
      name: 'twilio_verify_get_verification_status',
      title: 'Get verification status',
      description:
        'Fetch one verification: its state and each sending. One that is approved or expired may be gone: list_attempts.',
      effect: 'read',
      operations: ['verify_v2:FetchVerification'],
      input: () => ({ verificationSid: verificationSid(), serviceSid: serviceSid() }),
      run: ({ verificationSid, serviceSid }, context) =>
        serviceOf(serviceSid, context).verifications(verificationSid).fetch(),
      returns: VERIFICATION,
    }),
    tool({
      name: 'twilio_verify_update_verification',
      title: 'Cancel or approve verification',
      description:
        'Cancel a pending verification, so that the next has a new code, or approve it without the code because you checked it yourself.',
      effect: 'update',
      operations: ['verify_v2:UpdateVerification'],
      input: () => ({
        verificationSid: verificationSid(),
        status: oneOf('New state', ['canceled', 'approved']),
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
        'List codes sent in the account, newest first: channel, price, carrier, and whether each was converted (entered). For totals use get_attempts_summary.',
      effect: 'read',
      operations: ['verify_v2:ListVerificationAttempt'],
      input: () => ({
        to: address('Only to this number or email').optional(),
        verificationSid: sid('VE', 'Only of this verification').optional(),
        status: oneOf('Only those entered, or not', ['converted', 'unconverted']).optional(),
        ...attempts(),
        ...paging(1000),
      }),
      run: ({ limit, pageToken, to, serviceSid, ...filters }, { twilio }) =>
        page(
          twilio.verify.v2.verificationAttempts,
          { ...filters, 'channelData.to': to, verifyServiceSid: serviceSid },
          { limit, pageToken },
        ),
      returns: ATTEMPT,
    }),
    tool({
      name: 'twilio_verify_get_attempts_summary',
      title: 'Get conversion of verifications',
      description:
        'Count codes sent and entered, and their rate: by country, prefix or channel. A low rate hints at fraud.',
      effect: 'read',
      operations: ['verify_v2:FetchVerificationAttemptsSummary'],
      input: () => ({
        destinationPrefix: string('Only numbers beginning so, such as +4477', 16).optional(),
        ...attempts(),
      }),
      run: ({ serviceSid, ...filters }, { twilio }) =>
        twilio.verify.v2.verificationAttemptsSummary().fetch({ ...filters, verifyServiceSid: serviceSid }),
      returns: ['totalAttempts', 'totalConverted', 'totalUnconverted', 'conversionRatePercentage'],
    }),
    tool({
      name: 'twilio_verify_list_templates',
      title: 'List verification templates',
      description: 'List the message templates that a verification may use, with their texts by language.',
      effect: 'read',
      operations: ['verify_v2:ListVerificationTemplate'],
      input: () => ({ friendlyName: string('Only with this name', 64).optional(), ...paging() }),
      run: ({ limit, pageToken, ...filters }, { twilio }) =>
        page(twilio.verify.v2.templates, filters, { limit, pageToken }),
      returns: ['sid', 'friendlyName', 'channels', 'translations'],
    }),
    tool({
      name: SERVICES,
      title: 'List Verify services',
      description: 'List the Verify services of the account. Each has its own name in messages and its own settings.',
      effect: 'read',
      operations: ['verify_v2:ListService'],
      input: () => paging(),
      run: (position, { twilio }) => page(twilio.verify.v2.services, {}, position),
      returns: ['sid', 'friendlyName', 'codeLength', 'dateCreated'],
    }),
    tool({
      name: 'twilio_verify_get_service',
      title: 'Get Verify service',
      description: 'Fetch one Verify service with its settings.',
      effect: 'read',
      operations: ['verify_v2:FetchService'],
      input: () => ({ serviceSid: serviceSid() }),
      run: ({ serviceSid }, context) => serviceOf(serviceSid, context).fetch(),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_verify_create_service',
      title: 'Create Verify service',
      description:
        'Create a Verify service, which verifications need. Look with list_services first: one is mostly enough.',
      effect: 'create',
      checkWith: SERVICES,
      operations: ['verify_v2:CreateService'],
      input: () => ({ friendlyName: string('Name that the messages show', 32), ...settings() }),
      run: (args, { twilio }) => twilio.verify.v2.services.create(named(args)),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_verify_update_service',
      title: 'Update Verify service',
      description: 'Change the settings of a Verify service. Only what is given changes.',
      effect: 'update',
      operations: ['verify_v2:UpdateService'],
      input: () => ({
        serviceSid: sid('VA', 'Verify service'),
        friendlyName: string('Name that the messages show', 32).optional(),
        ...settings(),
      }),
      run: ({ serviceSid, ...args }, { twilio }) => twilio.verify.v2.services(serviceSid).update(named(args)),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_verify_delete_service',
      title: 'Delete Verify service',
      description: 'Delete a Verify service for good, with its rate limits and pending verifications.',
      effect: 'delete',
      operations: ['verify_v2:DeleteService'],
      input: () => ({ serviceSid: sid('VA', 'Verify service') }),
      run: ({ serviceSid }, { twilio }) => twilio.verify.v2.services(serviceSid).remove(),
    }),
    tool({
      name: RATE_LIMITS,
      title: 'List rate limits',
      description: 'List the rate limits of a Verify service with their buckets (so many requests in so many seconds).',
      effect: 'read',
      operations: ['verify_v2:ListRateLimit'],
      input: () => ({ serviceSid: serviceSid(), ...paging(20) }),
      run: async ({ serviceSid, ...position }, context) => {
        const { rateLimits } = serviceOf(serviceSid, context);
        const limits = await page(rateLimits, {}, position);
        const items = await Promise.all(
          limits.items.map(async ({ sid, uniqueName, description, dateCreated }) => {
            const { items } = await page(rateLimits(sid).buckets, {}, { limit: 20 });
            const buckets = items.map(({ sid, max, interval }) => ({ sid, max, interval }));
            return { sid, uniqueName, description, buckets, dateCreated };
          }),
        );
        return new Page(items, limits.nextPageToken);
      },
      returns: ['sid', 'uniqueName', 'description', 'buckets', 'dateCreated'],
    }),
    tool({
      name: 'twilio_verify_create_rate_limit',
      title: 'Create rate limit',
      description: 'Create a rate limit, which holds nothing back until create_rate_limit_bucket adds a bucket.',
      effect: 'create',
      checkWith: RATE_LIMITS,
      operations: ['verify_v2:CreateRateLimit'],
      input: () => ({
        uniqueName: string('Key in the rateLimits of a verification, such as end_user_ip', 64),
        description: string('What it is for', 256).optional(),
        serviceSid: serviceSid(),
      }),
      run: ({ serviceSid, ...args }, context) => serviceOf(serviceSid, context).rateLimits.create(args),
      returns: ['sid', 'uniqueName', 'description', 'dateCreated'],
    }),
    tool({
      name: 'twilio_verify_create_rate_limit_bucket',
      title: 'Add bucket to rate limit',
      description: 'Let a rate limit pass so many verifications in so many seconds for each value.',
      effect: 'create',
      checkWith: RATE_LIMITS,
      operations: ['verify_v2:CreateBucket'],
      input: () => ({
        rateLimitSid: rateLimitSid(),
        max: integer('Verifications', 1, 100000),
        interval: integer('Seconds', 1, 604800),
        serviceSid: serviceSid(),
      }),
      run: ({ serviceSid, rateLimitSid, ...bucket }, context) =>
        serviceOf(serviceSid, context).rateLimits(rateLimitSid).buckets.create(bucket),
      returns: ['sid', 'rateLimitSid', 'max', 'interval'],
    }),
    tool({
      name: 'twilio_verify_delete_rate_limit',
      title: 'Delete rate limit',
      description: 'Delete a rate limit with its buckets for good.',
      effect: 'delete',
      operations: ['verify_v2:DeleteRateLimit'],
      input: () => ({ rateLimitSid: rateLimitSid(), serviceSid: serviceSid() }),
      run: ({ serviceSid, rateLimitSid }, context) => serviceOf(serviceSid, context).rateLimits(rateLimitSid).remove(),
    }),
  ],
});
