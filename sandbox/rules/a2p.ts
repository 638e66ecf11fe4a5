/**
 * Registrations for messages to US phones: A2P 10DLC brands and campaigns, and toll-free verifications. Reviews approve
 * what is complete, with two exceptions: a brand whose business has the registration number 00-0000000 fails, and a
 * toll-free verification that mentions cryptocurrency is rejected.
 */
import USE_CASES from '../data/a2p-use-cases.json';
import { ApiError, badRequest } from '../errors';
import type { Properties } from '../json';
import { advance } from '../lifecycle';
import type { StoredResource } from '../store';
import { collectionRoot } from '../targets';
import type { Lifecycle, OperationRule, SandboxRequest } from '../types';
import { ownedNumbers } from './phone';
import { reviewed, submitForReview } from './reviews';
import { trustBundle, trustItems } from './trusthub';

const MESSAGING_HOST = 'messaging.twilio.com';

/** The registration number (EIN) of businesses whose brands fail. */
const FAILING_EIN = '00-0000000';

/** The error of a brand whose details The Campaign Registry cannot verify. https://www.twilio.com/docs/api/errors/30799 */
const UNVERIFIED = {
  error_code: 30799,
  description: 'We were unable to verify the details of the registration data.',
  fields: ['TAX_ID'],
  url: 'https://www.twilio.com/docs/errors/30799',
};

/** The ID that The Campaign Registry gives: a letter and six others of the resource's SID. */
const registryId = (letter: string, sid: string): string => letter + sid.slice(-6).toUpperCase();

const createBrand: OperationRule = {
  check(request) {
    if (request.state.options.lenient) return;
    const { CustomerProfileBundleSid, A2PProfileBundleSid } = request.fields;
    const bundles = [
      ['CustomerProfileBundleSid', trustBundle(request, 'CustomerProfiles', CustomerProfileBundleSid)],
      ['A2PProfileBundleSid', trustBundle(request, 'TrustProducts', A2PProfileBundleSid)],
    ] as const;
    for (const [name, bundle] of bundles) {
      if (bundle?.body.status !== 'twilio-approved') badRequest(20001, `${name} must be a twilio-approved bundle`);
    }
  },
  onCreate(request, brand) {
    const { CustomerProfileBundleSid, A2PProfileBundleSid, BrandType, Mock, SkipAutomaticSecVet } = request.fields;
    const profile = trustBundle(request, 'CustomerProfiles', CustomerProfileBundleSid);
    const items = profile ? trustItems(request, profile) : [];
    const fails = items.some(({ attributes }) => attributes.business_registration_number === FAILING_EIN);
    Object.assign(brand.body, {
      customer_profile_bundle_sid: CustomerProfileBundleSid,
      a2p_profile_bundle_sid: A2PProfileBundleSid,
      brand_type: BrandType ?? 'STANDARD',
      status: 'PENDING',
      tcr_id: null,
      failure_reason: null,
      errors: [],
      brand_score: null,
      brand_feedback: null,
      identity_status: BrandType === 'SOLE_PROPRIETOR' ? 'SELF_DECLARED' : 'UNVERIFIED',
      russell_3000: false,
      government_entity: false,
      tax_exempt_status: null,
      skip_automatic_sec_vet: SkipAutomaticSecVet === true,
      mock: Mock === true,
      links: { brand_vettings: `${brand.body.url}/Vettings`, brand_registration_otps: `${brand.body.url}/SmsOtp` },
    });
    submitForReview(brand, request.now, fails ? UNVERIFIED : undefined);
  },
};

const reviewBrand: Lifecycle = reviewed('PENDING', ({ body, id }, failure) => {
  if (failure)
    return void Object.assign(body, { status: 'FAILED', failure_reason: UNVERIFIED.description, errors: [failure] });
  Object.assign(body, { status: 'APPROVED', tcr_id: registryId('B', id) });
  if (body.identity_status === 'UNVERIFIED') body.identity_status = 'VERIFIED';
});

// ---------------------------------------------------------------- campaigns

/** Required since 30 June 2026, with the error without each. https://www.twilio.com/docs/api/errors/30933 */
const REQUIRED_URLS = [
  ['PrivacyPolicyUrl', 30933],
  ['TermsAndConditionsUrl', 30934],
] as const;

const createCampaign: OperationRule = {
  check(request) {
    if (request.state.options.lenient) return;
    const { BrandRegistrationSid, UsAppToPersonUsecase, Description, MessageFlow, MessageSamples } = request.fields;
    const brands = `${collectionRoot(MESSAGING_HOST, request.accountSid, request.state)}/v1/a2p/BrandRegistrations`;
    const brand = request.state.store.get(brands, String(BrandRegistrationSid));
    if (!brand || advance(brand, request).body.status !== 'APPROVED') {
      const why = `Brand Registration SID ${String(BrandRegistrationSid)} for US A2P Campaign Use Case is not Registered or Not Valid`;
      badRequest(21717, why);
    }
    const useCases = [...USE_CASES.map(({ code }) => code), 'SOLE_PROPRIETOR'];
    if (!useCases.includes(String(UsAppToPersonUsecase))) {
      badRequest(20001, `Unknown UsAppToPersonUsecase ${String(UsAppToPersonUsecase)}: ${useCases.join(', ')}`);
    }
    for (const [name, code] of REQUIRED_URLS) {
      if (!request.fields[name]) badRequest(code, `${name} is required for A2P 10DLC campaign registration`);
    }
    for (const [name, text] of Object.entries({ Description, MessageFlow })) {
      if (String(text).length < 40) badRequest(20001, `${name} must have at least 40 characters`);
    }
    const samples = MessageSamples as string[];
    if (samples.length < 2 || samples.some((sample) => sample.length < 20)) {
      badRequest(20001, 'MessageSamples must be 2 to 5 texts of at least 20 characters');
    }
    if (request.state.store.list(request.target.collection).length > 0) {
      throw new ApiError(409, 20409, 'The Messaging Service has a campaign already');
    }
  },
  onCreate: (request, campaign) => resubmit(request, campaign),
};

function resubmit(request: SandboxRequest, campaign: StoredResource): void {
  const { body } = campaign;
  Object.assign(body, { campaign_status: 'PENDING', campaign_id: null, rate_limits: null, errors: [], mock: false });
  Object.assign(body, {
    messaging_service_sid: request.target.params.MessagingServiceSid,
    is_externally_registered: false,
  });
  submitForReview(campaign, request.now);
}

const reviewCampaign: Lifecycle = reviewed('IN_PROGRESS', ({ body, id }) => {
  Object.assign(body, { campaign_status: 'VERIFIED', campaign_id: registryId('C', id) });
});

/** Shows whether the service has a verified campaign. */
const showRegistration: OperationRule = {
  decorate(request, service, response) {
    const campaigns = request.state.store.list(`${service.collection}/${service.id}/Compliance/Usa2p`);
    const registered = campaigns.some((campaign) => advance(campaign, request).body.campaign_status === 'VERIFIED');
    (response.body as Properties).us_app_to_person_registered = registered;
  },
};

// ---------------------------------------------------------------- toll-free verifications

/** https://www.twilio.com/docs/api/errors/30464 */
const DISALLOWED = { code: 30464, reason: 'Toll Free verification rejection - Disallowed: Cryptocurrency' };

const verifyTollfree: OperationRule = {
  check(request) {
    const sid = request.fields.TollfreePhoneNumberSid;
    const number = tollfreeNumber(request);
    if (!number && !request.state.options.lenient) {
      badRequest(20001, `${String(sid)} is not a toll-free number of the account`);
    }
  },
  onCreate: submitTollfree,
};

function tollfreeNumber({ state, accountSid, fields }: SandboxRequest): StoredResource | undefined {
  return ownedNumbers(state, accountSid).find(
    ({ id, internal }) => id === fields.TollfreePhoneNumberSid && internal.type === 'toll-free',
  );
}

function submitTollfree(request: SandboxRequest, verification: StoredResource): void {
  const { body } = verification;
  const text = [body.business_name, body.use_case_summary, body.production_message_sample].join(' ');
  Object.assign(body, {
    status: 'PENDING_REVIEW',
    tollfree_phone_number: tollfreeNumber(request)?.body.phone_number ?? body.tollfree_phone_number,
    rejection_reason: null,
    rejection_reasons: null,
    error_code: null,
    edit_allowed: null,
    edit_expiration: null,
    regulated_item_sid: null,
    trust_product_sid: null,
    resource_links: {},
  });
  submitForReview(verification, request.now, /crypto|bitcoin/i.test(text) ? DISALLOWED : undefined);
}

const reviewTollfree: Lifecycle = reviewed('IN_REVIEW', ({ body }, failure) => {
  if (!failure) return void Object.assign(body, { status: 'TWILIO_APPROVED', edit_allowed: false });
  const { code, reason } = DISALLOWED;
  Object.assign(body, { status: 'TWILIO_REJECTED', rejection_reason: reason, error_code: code, edit_allowed: false });
  body.rejection_reasons = [{ reason, code }];
});

export const A2P_RULES: Record<string, OperationRule> = {
  'messaging_v1:CreateBrandRegistrations': createBrand,
  'messaging_v1:CreateUsAppToPerson': createCampaign,
  'messaging_v1:UpdateUsAppToPerson': { onUpdate: resubmit },
  'messaging_v1:FetchUsAppToPersonUsecase': {
    respond: () => ({ status: 200, body: { us_app_to_person_usecases: USE_CASES } }),
  },
  'messaging_v1:FetchService': showRegistration,
  'messaging_v1:CreateTollfreeVerification': verifyTollfree,
  'messaging_v1:UpdateTollfreeVerification': { onUpdate: submitTollfree },
};

export const A2P_LIFECYCLES: Record<string, Lifecycle> = {
  [`${MESSAGING_HOST}/v1/a2p/BrandRegistrations`]: reviewBrand,
  [`${MESSAGING_HOST}/v1/Services/{}/Compliance/Usa2p`]: reviewCampaign,
  [`${MESSAGING_HOST}/v1/Tollfree/Verifications`]: reviewTollfree,
};
