import type { BrandRegistrationInstance } from 'twilio/lib/rest/messaging/v1/brandRegistration';
import type { UsAppToPersonInstance } from 'twilio/lib/rest/messaging/v1/service/usAppToPerson';
import { page, paging } from '../../paging';
import { boolean, oneOf, sid, string, stringList, url } from '../../params';
import { tool } from '../../tool';
import { serviceOf, serviceSid } from './service';

/*
 * What US carriers ask of those who write to their customers: a registered brand, a campaign of it on the Messaging
 * Service, and numbers in that service. Toll-free numbers are verified one by one instead.
 */

const STATUS = 'twilio_messaging_services_get_a2p_status';
const BRAND = [
  'sid',
  'status',
  'brandType',
  'identityStatus',
  'brandScore',
  'tcrId',
  'failureReason',
  'errors',
  'dateCreated',
] as const;
const CAMPAIGN = [
  'sid',
  'campaignStatus',
  'campaignId',
  'usAppToPersonUsecase',
  'brandRegistrationSid',
  'rateLimits',
  'errors',
  'dateCreated',
] as const;
const TOLL_FREE = /^\+18(00|33|44|55|66|77|88)/;

const campaignSid = () => sid('QE', 'Campaign, from get_a2p_status');
const ageGated = () => boolean('Content is for adults');
const directLending = () => boolean('Content is about loans');

/** What reviewers read of a campaign. */
const texts = () => ({
  description: string('What is sent, to whom and why; 40 characters at least', 4096),
  messageFlow: string('How people opt in, all ways; 40 characters at least', 2048),
  messageSamples: stringList('2 to 5 samples of 20 characters at least', 5),
  hasEmbeddedLinks: boolean('Messages hold links'),
  hasEmbeddedPhone: boolean('Messages hold phone numbers'),
  privacyPolicyUrl: url('Privacy policy').optional(),
  termsAndConditionsUrl: url('Terms').optional(),
});

const pick = <T, K extends keyof T>(source: T, fields: readonly K[]) =>
  Object.fromEntries(fields.map((field) => [field, source[field]]));

/** What stands between the service and a message to the US, each with what to do. */
function missing(
  brands: readonly BrandRegistrationInstance[],
  campaigns: readonly UsAppToPersonInstance[],
  numbers: number,
): string[] {
  const lacks: string[] = [];
  if (brands.length === 0) lacks.push('No brand is registered: register one in the Console, from a Trust Hub profile.');
  if (!brands.some(({ status }) => status === 'APPROVED')) {
    for (const { sid, status, failureReason } of brands) {
      lacks.push(`Brand ${sid} is ${status}. ${failureReason || 'Wait for its review.'}`);
    }
  }
  if (campaigns.length === 0)
    lacks.push('The service has no campaign: register_a2p_campaign, once a brand is approved.');
  for (const { sid, campaignStatus, errors } of campaigns) {
    if (campaignStatus === 'VERIFIED') continue;
    const next = errors?.length ? 'Its errors say why: correct it with update_a2p_campaign.' : 'Wait for its review.';
    lacks.push(`Campaign ${sid} is ${campaignStatus}. ${next}`);
  }
  if (numbers === 0) lacks.push('The service has no US number that a campaign covers: add_number.');
  return lacks;
}

export const a2p = [
  tool({
    name: STATUS,
    title: 'Get A2P status',
    description:
      'Tell whether a service may write to US phones (A2P 10DLC): its brand, campaign and numbers, and what is missing. Toll-free numbers: list_tollfree_statuses.',
    effect: 'read',
    operations: [
      'messaging_v1:FetchService',
      'messaging_v1:ListUsAppToPerson',
      'messaging_v1:ListPhoneNumber',
      'messaging_v1:ListBrandRegistrations',
    ],
    input: () => ({ serviceSid: serviceSid() }),
    run: async ({ serviceSid }, context) => {
      const service = serviceOf(serviceSid, context);
      const { brandRegistrations } = context.twilio.messaging.v1;
      const [fetched, { items: campaigns }, { items: numbers, nextPageToken }] = await Promise.all([
        service.fetch(),
        page(service.usAppToPerson, {}, { limit: 20 }),
        page(service.phoneNumbers, {}, { limit: 400 }),
      ]);
      // Without a campaign the brands of the account tell whether one can be registered.
      const brandSids = [...new Set(campaigns.map((campaign) => campaign.brandRegistrationSid))];
      const brands =
        brandSids.length > 0
          ? await Promise.all(brandSids.map((brandSid) => brandRegistrations(brandSid).fetch()))
          : (await page(brandRegistrations, {}, { limit: 20 })).items;
      const american = numbers.filter(({ countryCode }) => countryCode === 'US');
      const covered = american.filter(({ phoneNumber }) => !TOLL_FREE.test(phoneNumber));
      const lacks = missing(brands, campaigns, covered.length);
      return {
        serviceSid: fetched.sid,
        friendlyName: fetched.friendlyName,
        usAppToPersonRegistered: fetched.usAppToPersonRegistered,
        ready: lacks.length === 0,
        missing: lacks,
        brands: brands.map((brand) => pick(brand, BRAND)),
        campaigns: campaigns.map((campaign) => pick(campaign, CAMPAIGN)),
        usNumbers: covered.map(({ phoneNumber }) => phoneNumber),
        tollFreeNumbers: american.filter((number) => !covered.includes(number)).map(({ phoneNumber }) => phoneNumber),
        moreNumbers: nextPageToken !== undefined,
      };
    },
    returns: [
      'serviceSid',
      'friendlyName',
      'usAppToPersonRegistered',
      'ready',
      'missing',
      'brands',
      'campaigns',
      'usNumbers',
      'tollFreeNumbers',
      'moreNumbers',
    ],
  }),
  tool({
    name: 'twilio_messaging_services_list_brands',
    title: 'List brands',
    description: 'List the A2P brands of the account with their state and why one failed.',
    effect: 'read',
    operations: ['messaging_v1:ListBrandRegistrations'],
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.messaging.v1.brandRegistrations, {}, position),
    returns: BRAND,
  }),
  tool({
    name: 'twilio_messaging_services_list_a2p_use_cases',
    title: 'List A2P use cases',
    description: 'List the use cases that a campaign of a brand may have, with what carriers allow each.',
    effect: 'read',
    operations: ['messaging_v1:FetchUsAppToPersonUsecase'],
    input: () => ({ brandRegistrationSid: sid('BN', 'Brand').optional(), serviceSid: serviceSid() }),
    run: ({ serviceSid, ...brand }, context) => serviceOf(serviceSid, context).usAppToPersonUsecases.fetch(brand),
    returns: ['usAppToPersonUsecases'],
  }),
  tool({
    name: 'twilio_messaging_services_register_a2p_campaign',
    title: 'Register A2P campaign',
    description:
      'Submit a campaign for US messages: costs a fee once and each month. A review takes days; texts must be true and complete. Follow it with get_a2p_status.',
    effect: 'spend',
    checkWith: STATUS,
    operations: ['messaging_v1:CreateUsAppToPerson'],
    input: () => ({
      serviceSid: serviceSid(),
      brandRegistrationSid: sid('BN', 'Approved brand, from list_brands'),
      usAppToPersonUsecase: string('From list_a2p_use_cases, such as 2FA or MARKETING', 64),
      ...texts(),
      subscriberOptIn: boolean('People opt in').optional(),
      ageGated: ageGated().optional(),
      directLending: directLending().optional(),
      optInMessage: string('Answer to an opt-in, by keyword', 320).optional(),
      optOutMessage: string('Answer to an opt-out', 320).optional(),
      helpMessage: string('Answer to a call for help', 320).optional(),
      optInKeywords: stringList('Keywords of opt-in', 20).optional(),
      optOutKeywords: stringList('Keywords of opt-out', 20).optional(),
      helpKeywords: stringList('Keywords for help', 20).optional(),
    }),
    run: ({ serviceSid, ...campaign }, context) => serviceOf(serviceSid, context).usAppToPerson.create(campaign),
    returns: CAMPAIGN,
  }),
  tool({
    name: 'twilio_messaging_services_update_a2p_campaign',
    title: 'Correct A2P campaign',
    description:
      'Correct a campaign whose review failed and submit it again, which may cost the fee of a review again.',
    effect: 'spend',
    checkWith: STATUS,
    operations: ['messaging_v1:UpdateUsAppToPerson'],
    input: () => ({
      serviceSid: serviceSid(),
      campaignSid: campaignSid(),
      ...texts(),
      ageGated: ageGated(),
      directLending: directLending(),
    }),
    run: ({ serviceSid, campaignSid, ...campaign }, context) =>
      serviceOf(serviceSid, context).usAppToPerson(campaignSid).update(campaign),
    returns: CAMPAIGN,
  }),
  tool({
    name: 'twilio_messaging_services_delete_a2p_campaign',
    title: 'Delete A2P campaign',
    description:
      'Delete a campaign for good: the numbers of the service then cannot write to US phones, and a new one costs its fee again.',
    effect: 'delete',
    operations: ['messaging_v1:DeleteUsAppToPerson'],
    input: () => ({ serviceSid: serviceSid(), campaignSid: campaignSid() }),
    run: ({ serviceSid, campaignSid }, context) => serviceOf(serviceSid, context).usAppToPerson(campaignSid).remove(),
  }),
  tool({
    name: 'twilio_messaging_services_list_tollfree_statuses',
    title: 'List toll-free verifications',
    description:
      'List the verifications that toll-free numbers need to write to the US and Canada, and why one failed.',
    effect: 'read',
    operations: ['messaging_v1:ListTollfreeVerification'],
    input: () => ({
      tollfreePhoneNumberSid: sid('PN', 'Only of this number').optional(),
      status: oneOf('Only in this state', [
        'PENDING_REVIEW',
        'IN_REVIEW',
        'TWILIO_APPROVED',
        'TWILIO_REJECTED',
      ]).optional(),
      ...paging(),
    }),
    run: ({ limit, pageToken, ...filters }, { twilio }) =>
      page(twilio.messaging.v1.tollfreeVerifications, filters, { limit, pageToken }),
    returns: [
      'sid',
      'tollfreePhoneNumber',
      'tollfreePhoneNumberSid',
      'status',
      'rejectionReason',
      'rejectionReasons',
      'errorCode',
      'editAllowed',
      'editExpiration',
      'businessName',
    ],
  }),
];
