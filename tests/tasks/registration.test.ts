import type { Json } from '../support/stack';
import { taskTools } from '../support/tasks';

/*
 * Registering a business to message the US, over MCP alone.
 */

const { call, sandbox } = taskTools();
const refused = (tool: string, args: object) => expect(call(tool, args)).rejects;
const pass = () => {
  sandbox().options.speed = Number.POSITIVE_INFINITY;
};

describe('a business', () => {
  const POLICIES = { secondary: 'RNdfbf3fae0e1107f8aded0e7cead80bf5', a2p: 'RNb0d4771c2c98518d916a3d4cd70a8f8b' };
  const EMAIL = { email: 'legal@example.com' };
  const business = (business_registration_number: string) => ({
    business_name: 'Owl LLC',
    business_type: 'Limited Liability Corporation',
    business_identity: 'direct_customer',
    business_industry: 'RETAIL',
    business_registration_identifier: 'EIN',
    business_registration_number,
    business_regions_of_operation: 'USA_AND_CANADA',
    website_url: 'https://owl.example.com',
  });
  const person = {
    first_name: 'Olive',
    last_name: 'Owl',
    email: 'olive@example.com',
    phone_number: '+14155550190',
    business_title: 'CEO',
    job_position: 'CEO',
  };
  const endUser = async (type: string, attributes: object) =>
    (await call('trusthub_create_end_user', { friendlyName: type, type, attributes })).sid;
  const add = (customerProfileSid: string, objectSid: string) =>
    call('trusthub_create_profile_entity_assignment', { customerProfileSid, objectSid });

  /** A secondary customer profile with all that its policy requires, submitted for review. */
  async function submittedProfile(ein: string): Promise<string> {
    const { items } = await call('trusthub_list_policies');
    expect(items.map(({ sid }: Json) => sid)).toEqual(expect.arrayContaining(Object.values(POLICIES)));
    const profiles = await call('trusthub_list_customer_profiles', { status: 'twilio-approved' });
    const [primary] = profiles.items;
    const draft = { friendlyName: 'Owl', policySid: POLICIES.secondary, ...EMAIL };
    const { sid, status } = await call('trusthub_create_customer_profile', draft);
    expect(status).toBe('draft');
    const evaluate = () =>
      call('trusthub_create_profile_evaluation', { customerProfileSid: sid, policySid: POLICIES.secondary });
    const { results } = await evaluate();
    expect(results.map((one: Json) => one.requirementName)).toEqual([
      'customer_profile_business_information',
      'authorized_representative_1',
      'customer_profile_address',
      'primary_customer_profile',
    ]);
    await add(sid, await endUser('customer_profile_business_information', business(ein)));
    await add(sid, await endUser('authorized_representative_1', person));
    const street = { street: '1 Owl Way', city: 'Austin', region: 'TX', postalCode: '78701', isoCountry: 'US' };
    const address = await call('phone_numbers_create_address', { customerName: 'Owl LLC', ...street });
    const document = await call('trusthub_create_supporting_document', {
      friendlyName: 'Address',
      type: 'customer_profile_address',
      attributes: { address_sids: address.sid },
    });
    await add(sid, document.sid);
    expect(await evaluate()).toMatchObject({ status: 'noncompliant' });
    await add(sid, primary.sid);
    expect(await evaluate()).toMatchObject({ status: 'compliant' });
    await call('trusthub_update_customer_profile', { customerProfileSid: sid, status: 'pending-review' });
    return sid;
  }

  async function approvedBundles(ein: string) {
    const CustomerProfileBundleSid = await submittedProfile(ein);
    pass();
    const profile = { customerProfileSid: CustomerProfileBundleSid };
    expect((await call('trusthub_get_customer_profile', profile)).status).toBe('twilio-approved');
    const product = { friendlyName: 'Owl A2P', policySid: POLICIES.a2p, ...EMAIL };
    const { sid: trustProductSid } = await call('trusthub_create_trust_product', product);
    const messaging = await endUser('us_a2p_messaging_profile_information', { company_type: 'private' });
    for (const objectSid of [messaging, CustomerProfileBundleSid]) {
      await call('trusthub_create_product_entity_assignment', { trustProductSid, objectSid });
    }
    const evaluated = { trustProductSid, policySid: POLICIES.a2p };
    expect(await call('trusthub_create_product_evaluation', evaluated)).toMatchObject({ status: 'compliant' });
    await call('trusthub_update_trust_product', { trustProductSid, status: 'pending-review' });
    expect((await call('trusthub_get_trust_product', { trustProductSid })).status).toBe('twilio-approved');
    return { CustomerProfileBundleSid, A2PProfileBundleSid: trustProductSid };
  }

  const createBrand = async (params: object) =>
    (await call('api_write', { id: 'messaging_v1:CreateBrandRegistrations', params, confirm: true })).result;
  const status = (serviceSid: string) => call('messaging_services_get_a2p_status', { serviceSid });

  test('registers a brand and a campaign, and its numbers may message the US', async () => {
    const { sid: serviceSid } = await call('messaging_services_create_messaging_service', { friendlyName: 'Owl' });
    const number = await call('phone_numbers_buy_phone_number', { areaCode: 512 });
    await call('messaging_services_add_number', { serviceSid, phoneNumberSid: number.sid });
    const bundles = await approvedBundles('45-6789012');
    sandbox().options.speed = 1;
    const brand = await createBrand(bundles);
    expect(brand).toMatchObject({
      customer_profile_bundle_sid: bundles.CustomerProfileBundleSid,
      a2p_profile_bundle_sid: bundles.A2PProfileBundleSid,
      status: 'PENDING',
    });
    expect(brand).not.toHaveProperty('failure_reason');
    expect(brand).not.toHaveProperty('tcr_id');
    const campaign = {
      serviceSid,
      brandRegistrationSid: brand.sid,
      usAppToPersonUsecase: 'ACCOUNT_NOTIFICATION',
      description: 'Order and delivery notifications to customers who asked for them.',
      messageFlow: 'Customers tick a box at the checkout of owl.example.com to get texts.',
      messageSamples: ['Your order 1234 has been shipped today.', 'Your order 1234 will arrive at about 5 pm.'],
      hasEmbeddedLinks: false,
      hasEmbeddedPhone: false,
      privacyPolicyUrl: 'https://owl.example.com/privacy',
      termsAndConditionsUrl: 'https://owl.example.com/terms',
    };
    const register = 'messaging_services_register_a2p_campaign';
    await refused(register, { ...campaign, privacyPolicyUrl: undefined }).toThrow(/privacyPolicyUrl: is required/);
    await refused(register, campaign).toThrow(/21717/);
    pass();
    const { items } = await call('messaging_services_list_brands');
    expect(items).toMatchObject([{ sid: brand.sid, status: 'APPROVED', identityStatus: 'VERIFIED' }]);
    const cases = await call('messaging_services_list_a2p_use_cases', { serviceSid });
    expect(cases.usAppToPersonUsecases.map(({ code }: Json) => code)).toContain(campaign.usAppToPersonUsecase);
    sandbox().options.speed = 1;
    const registered = await call(register, campaign);
    expect(registered).toMatchObject({ campaignStatus: 'PENDING', brandRegistrationSid: brand.sid });
    expect(sandbox().journal.last).toMatchObject({
      headers: { 'x-twilio-api-version': 'v1.2' },
      fields: { PrivacyPolicyUrl: campaign.privacyPolicyUrl, TermsAndConditionsUrl: campaign.termsAndConditionsUrl },
    });
    expect(await status(serviceSid)).toMatchObject({ ready: false, usAppToPersonRegistered: false });
    pass();
    expect(await status(serviceSid)).toMatchObject({
      ready: true,
      missing: [],
      usAppToPersonRegistered: true,
      campaigns: [{ campaignStatus: 'VERIFIED', usAppToPersonUsecase: 'ACCOUNT_NOTIFICATION' }],
      usNumbers: [number.phoneNumber],
    });
  });

  test('with an EIN that cannot be verified gets a failed brand', async () => {
    const bundles = await approvedBundles('00-0000000');
    await createBrand(bundles);
    const { items } = await call('messaging_services_list_brands');
    expect(items).toMatchObject([{ status: 'FAILED', failureReason: expect.stringMatching(/unable to verify/) }]);
  });

  test('cannot submit what its policy does not accept', async () => {
    const primary = { friendlyName: 'Owl', policySid: 'RN6433641899984f951173ef1738c3bdd0', ...EMAIL };
    await refused('trusthub_create_customer_profile', primary).toThrow(/Console/);
    const product = { friendlyName: 'Empty', policySid: POLICIES.a2p, ...EMAIL };
    const { sid: trustProductSid } = await call('trusthub_create_trust_product', product);
    await call('trusthub_update_trust_product', { trustProductSid, status: 'pending-review' });
    pass();
    const rejected = await call('trusthub_get_trust_product', { trustProductSid });
    expect(rejected).toMatchObject({ status: 'twilio-rejected', errors: [{ code: 22214 }, { code: 22214 }] });
  });
});

describe('toll-free verification', () => {
  const submit = async (UseCaseSummary: string) => {
    const search = { countryCode: 'US', type: 'tollFree', limit: 1 };
    const [{ phoneNumber }] = (await call('phone_numbers_search_available_numbers', search)).items;
    const { sid } = await call('phone_numbers_buy_phone_number', { phoneNumber });
    const params = {
      TollfreePhoneNumberSid: sid,
      BusinessName: 'Owl LLC',
      BusinessWebsite: 'https://owl.example.com',
      NotificationEmail: 'legal@example.com',
      UseCaseCategories: ['ACCOUNT_NOTIFICATIONS'],
      UseCaseSummary,
      ProductionMessageSample: 'Your order has been shipped.',
      OptInImageUrls: ['https://owl.example.com/opt-in.png'],
      OptInType: 'WEB_FORM',
      MessageVolume: '1,000',
    };
    const id = 'messaging_v1:CreateTollfreeVerification';
    const { result } = await call('api_write', { id, params, confirm: true });
    expect(result).toMatchObject({ status: 'PENDING_REVIEW', tollfree_phone_number: phoneNumber });
    pass();
    const { items } = await call('messaging_services_list_tollfree_statuses', { tollfreePhoneNumberSid: sid });
    return items;
  };

  test('is approved after its review', async () => {
    expect(await submit('Notifications about orders')).toMatchObject([{ status: 'TWILIO_APPROVED' }]);
  });

  test('is rejected, with the reason, for what is not allowed', async () => {
    expect(await submit('Alerts about Bitcoin prices')).toMatchObject([
      { status: 'TWILIO_REJECTED', errorCode: 30464, rejectionReason: expect.stringMatching(/Cryptocurrency/) },
    ]);
  });
});
