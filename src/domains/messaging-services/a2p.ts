import type { BrandRegistrationInstance } from 'twilio/lib/rest/messaging/v1/brandRegistration';
import type { UsAppToPersonInstance } from 'twilio/lib/rest/messaging/v1/service/usAppToPerson';
import { part } from '../../errors';
import { page, paging } from '../../paging';
import { boolean, oneOf, sid, string, stringList, url, words } from '../../params';
import { deletes, reads, spends, tool } from '../../tool';
import { serviceOf, serviceSid } from './service';

/*
 * A2P 10DLC: US carriers require a registered brand, a campaign of that brand on the Messaging Service, and numbers in
 * that service. Toll-free numbers are verified one by one instead.
 */

const STATUS = 'twilio_messaging_services_get_a2p_status';
const BRAND = words('sid status brandType identityStatus brandScore tcrId failureReason errors dateCreated');
const CAMPAIGN = words(
  'sid campaignStatus campaignId usAppToPersonUsecase brandRegistrationSid rateLimits errors dateCreated',
);
/** Only this version of a campaign has the URLs of its privacy policy and its terms. */
const VERSION = { xTwilioApiVersion: 'v1.2' };
const TOLL_FREE = /^\+18(00|33|44|55|66|77|88)/;

const campaignSid = () => sid('QE', 'A2P campaign, from get_a2p_status');
const ageGated = () => boolean('Whether the content is age-restricted');
const directLending = () => boolean('Whether the content is about direct lending or loans');

/** The part of a campaign that reviewers read. */
const content = () => ({
  description: string('What is sent, to whom and why; at least 40 characters', 4096),
  messageFlow: string('Every way in which people opt in; at least 40 characters', 2048),
  messageSamples: stringList('2 to 5 sample messages of at least 20 characters each', 5),
  hasEmbeddedLinks: boolean('Whether messages contain links'),
  hasEmbeddedPhone: boolean('Whether messages contain phone numbers'),
});

const privacyPolicyUrl = () => url('Public https page with the privacy policy');
const termsAndConditionsUrl = () => url('Public https page with the terms and conditions');

const pick = <T, K extends keyof T>(source: T, fields: readonly K[]) =>
  Object.fromEntries(fields.map((field) => [field, source[field]]));

/** Returns the reasons why the service cannot message the US yet, each with the next step. */
function blockers(
  brands: readonly BrandRegistrationInstance[],
  unread: readonly string[],
  campaigns: readonly UsAppToPersonInstance[] | undefined,
  numbers: number | undefined,
): string[] {
  const found = [...unread];
  if (brands.length === 0 && unread.length === 0) {
    found.push('No brand is registered: register one in the Twilio Console, from a Trust Hub profile.');
  }
  if (!brands.some(({ status }) => status === 'APPROVED')) {
    for (const { sid, status, failureReason } of brands) {
      found.push(`Brand ${sid} is ${status}. ${failureReason || 'Wait for the review.'}`);
    }
  }
  if (campaigns?.length === 0) {
    found.push('The service has no campaign: register one with register_a2p_campaign once a brand is approved.');
  }
  for (const { sid, campaignStatus, errors } of campaigns ?? []) {
    if (campaignStatus === 'VERIFIED') continue;
    const next = errors?.length ? 'See its errors and correct it with update_a2p_campaign.' : 'Wait for the review.';
    found.push(`Campaign ${sid} is ${campaignStatus}. ${next}`);
  }
  if (numbers === 0) found.push('The service has no US number that a campaign can cover: add one with add_number.');
  return found;
}

export const a2p = [
  tool({
    name: STATUS,
    title: 'Get A2P status',
    description:
      'Check whether a Messaging Service may message US phones (A2P 10DLC): its brand, campaign and numbers, and what is missing. For toll-free numbers use list_tollfree_statuses.',
    ...reads(
      'messaging_v1:FetchService',
      'messaging_v1:ListUsAppToPerson',
      'messaging_v1:ListPhoneNumber',
      'messaging_v1:ListBrandRegistrations',
      'messaging_v1:FetchBrandRegistrations',
    ),
    input: () => ({ serviceSid: serviceSid() }),
    run: async ({ serviceSid }, context) => {
      const service = serviceOf(serviceSid, context);
      const { brandRegistrations } = context.twilio.messaging.v1;
      const [fetched, listed, numbered] = await Promise.all([
        service.fetch(),
        part('campaigns', page(service.usAppToPerson, { limit: 20 })),
        part('numbers', page(service.phoneNumbers, { limit: 400 })),
      ]);
      const campaigns = listed.value?.items;
      // Without a campaign, the brands of the account show whether one can be registered. The brand of a campaign may belong
      // to a parent account, or be deleted.
      const brandSids = [...new Set(campaigns?.flatMap(({ brandRegistrationSid }) => brandRegistrationSid ?? []))];
      const parts =
        brandSids.length > 0
          ? await Promise.all(
              brandSids.map((brandSid) => part(`brand ${brandSid}`, brandRegistrations(brandSid).fetch())),
            )
          : [await part('brands of the account', page(brandRegistrations, { limit: 20 }))];
      const brands = parts.flatMap(({ value }) => (value === undefined ? [] : 'items' in value ? value.items : value));
      const unread = [listed, numbered, ...parts].flatMap(({ unread = [] }) => unread);
      const domestic = numbered.value?.items.filter(({ countryCode }) => countryCode === 'US');
      const covered = domestic?.filter(({ phoneNumber }) => !TOLL_FREE.test(phoneNumber));
      const missing = blockers(brands, unread, campaigns, covered?.length);
      return {
        serviceSid: fetched.sid,
        friendlyName: fetched.friendlyName,
        usAppToPersonRegistered: fetched.usAppToPersonRegistered,
        ready: missing.length === 0,
        missing,
        brands: brands.map((brand) => pick(brand, BRAND)),
        campaigns: campaigns?.map((campaign) => pick(campaign, CAMPAIGN)),
        usNumbers: covered?.map(({ phoneNumber }) => phoneNumber),
        tollFreeNumbers: domestic?.filter((number) => !covered?.includes(number)).map(({ phoneNumber }) => phoneNumber),
        moreNumbers: numbered.value && numbered.value.nextPageToken !== undefined,
      };
    },
    returns: words(
      'serviceSid friendlyName usAppToPersonRegistered ready missing brands campaigns usNumbers tollFreeNumbers moreNumbers',
    ),
  }),
  tool({
    name: 'twilio_messaging_services_list_brands',
    title: 'List A2P brands',
    description: 'List the A2P brands of the account with their states and failure reasons.',
    ...reads('messaging_v1:ListBrandRegistrations'),
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.messaging.v1.brandRegistrations, position),
    returns: BRAND,
  }),
  tool({
    name: 'twilio_messaging_services_list_a2p_use_cases',
    title: 'List A2P use cases',
    description: 'List the use cases that a campaign of a brand may have, with what carriers allow for each.',
    ...reads('messaging_v1:FetchUsAppToPersonUsecase'),
    input: () => ({
      brandRegistrationSid: sid('BN', 'Brand of the campaign, from list_brands').optional(),
      serviceSid: serviceSid(),
    }),
    run: ({ serviceSid, ...brand }, context) => serviceOf(serviceSid, context).usAppToPersonUsecases.fetch(brand),
    returns: ['usAppToPersonUsecases'],
  }),
  tool({
    name: 'twilio_messaging_services_register_a2p_campaign',
    title: 'Register A2P campaign',
    description:
      'Submit a campaign for US messages, for a one-time fee and a monthly fee. The review takes days; its texts must be true and complete. Track it with get_a2p_status.',
    ...spends({ checkWith: STATUS }, 'messaging_v1:CreateUsAppToPerson'),
    input: () => ({
      serviceSid: serviceSid(),
      brandRegistrationSid: sid('BN', 'Approved brand, from list_brands'),
      usAppToPersonUsecase: string('Use case from list_a2p_use_cases, such as 2FA or MARKETING', 64),
      ...content(),
      // Required since 30 June 2026: https://www.twilio.com/docs/api/errors/30933
      privacyPolicyUrl: privacyPolicyUrl(),
      termsAndConditionsUrl: termsAndConditionsUrl(),
      subscriberOptIn: boolean('Whether recipients opt in').optional(),
      ageGated: ageGated().optional(),
      directLending: directLending().optional(),
      optInMessage: string('Reply to an opt-in keyword; required if people opt in by keyword', 320).optional(),
      optOutMessage: string('Reply to an opt-out keyword; required if you handle opt-outs yourself', 320).optional(),
      helpMessage: string('Reply to a help keyword; required if you handle help requests yourself', 320).optional(),
      optInKeywords: stringList('Words that subscribe a person when texted', 20).optional(),
      optOutKeywords: stringList('Words that unsubscribe a person when texted', 20).optional(),
      helpKeywords: stringList('Words that request help when texted', 20).optional(),
    }),
    run: ({ serviceSid, ...campaign }, context) =>
      serviceOf(serviceSid, context).usAppToPerson.create({ ...campaign, ...VERSION }),
    returns: CAMPAIGN,
  }),
  tool({
    name: 'twilio_messaging_services_update_a2p_campaign',
    title: 'Correct and resubmit A2P campaign',
    description: 'Correct a campaign that failed its review and submit it again, which may incur the review fee again.',
    ...spends({ checkWith: STATUS }, 'messaging_v1:UpdateUsAppToPerson'),
    input: () => ({
      serviceSid: serviceSid(),
      campaignSid: campaignSid(),
      ...content(),
      ageGated: ageGated(),
      directLending: directLending(),
      privacyPolicyUrl: privacyPolicyUrl().optional(),
      termsAndConditionsUrl: termsAndConditionsUrl().optional(),
    }),
    run: ({ serviceSid, campaignSid, ...campaign }, context) =>
      serviceOf(serviceSid, context)
        .usAppToPerson(campaignSid)
        .update({ ...campaign, ...VERSION }),
    returns: CAMPAIGN,
  }),
  tool({
    name: 'twilio_messaging_services_delete_a2p_campaign',
    title: 'Delete A2P campaign',
    description:
      'Permanently delete a campaign: the numbers of the service can then no longer message US phones, and a new campaign costs its fee again.',
    ...deletes('messaging_v1:DeleteUsAppToPerson'),
    input: () => ({ serviceSid: serviceSid(), campaignSid: campaignSid() }),
    run: ({ serviceSid, campaignSid }, context) => serviceOf(serviceSid, context).usAppToPerson(campaignSid).remove(),
  }),
  tool({
    name: 'twilio_messaging_services_list_tollfree_statuses',
    title: 'List toll-free verifications',
    description:
      'List the verifications that toll-free numbers need to message the US and Canada, with the reasons of rejections.',
    ...reads('messaging_v1:ListTollfreeVerification'),
    input: () => ({
      tollfreePhoneNumberSid: sid('PN', 'Only verifications of this toll-free number').optional(),
      status: oneOf(
        'Only verifications in this state',
        words('PENDING_REVIEW IN_REVIEW TWILIO_APPROVED TWILIO_REJECTED'),
      ).optional(),
      ...paging(),
    }),
    run: (query, { twilio }) => page(twilio.messaging.v1.tollfreeVerifications, query),
    returns: words(
      'sid tollfreePhoneNumber tollfreePhoneNumberSid status rejectionReason rejectionReasons errorCode editAllowed editExpiration businessName',
    ),
  }),
];
