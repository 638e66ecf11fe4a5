import { SEEDS } from '../../sandbox/seed';
import { ask, type Json, type Stack, startStack } from '../support/stack';

/*
 * Whole tasks about permissions, prices, addresses, regulations and registrations, over MCP alone.
 */

const [OWN] = SEEDS.numbers as [string];

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());
beforeEach(() => stack.sandbox.reset());

const call = (name: string, args: object = {}): Promise<Json> => ask(stack.url, `twilio_${name}`, args);
const refused = (name: string, args: object) => expect(call(name, args)).rejects;
/** Time passes: reviews end, calls and registrations complete. */
const pass = () => {
  stack.sandbox.options.speed = Number.POSITIVE_INFINITY;
};

describe('block calls to Cuba', () => {
  const CUBA = { isoCode: 'CU' };
  const dial = { from: OWN, to: '+5371234567', twiml: '<Response><Say>Hello</Say></Response>' };

  test('a call is refused until the country is enabled, and again once it is blocked', async () => {
    const closed = { isoCode: 'CU', name: 'Cuba', countryCodes: ['+53'], continent: 'NORTH_AMERICA' };
    expect(await call('voice_config_get_dialing_permissions', CUBA)).toMatchObject({
      ...closed,
      lowRiskNumbersEnabled: false,
      highRiskSpecialNumbersEnabled: false,
    });
    await refused('voice_make_call', dial).toThrow(/21215/);
    await call('voice_config_update_dialing_permissions', { ...CUBA, lowRiskNumbersEnabled: true });
    expect(await call('voice_make_call', dial)).toMatchObject({ status: 'queued', to: dial.to });
    await call('voice_config_update_dialing_permissions', { ...CUBA, lowRiskNumbersEnabled: false });
    expect(await call('voice_config_get_dialing_permissions', CUBA)).toMatchObject({ lowRiskNumbersEnabled: false });
    await refused('voice_make_call', dial).toThrow(/21215/);
  });

  test('lists tell open countries from closed ones, and premium numbers stay closed', async () => {
    const open = await call('voice_config_list_dialing_countries', { lowRiskNumbersEnabled: true });
    const codes = open.items.map(({ isoCode }: Json) => isoCode);
    expect(codes).toEqual(expect.arrayContaining(['US', 'GB', 'DE', 'FR', 'AU']));
    expect(codes).not.toContain('CU');
    await refused('voice_make_call', { ...dial, to: '+499001234567' }).toThrow(/21215/);
    expect(await call('voice_make_call', { ...dial, to: '+493023125001' })).toMatchObject({ status: 'queued' });
    const canada = await call('voice_config_get_dialing_permissions', { isoCode: 'CA' });
    expect(canada).toMatchObject({ isoCode: 'US', name: 'United States/Canada', lowRiskNumbersEnabled: true });
  });
});

describe('prices', () => {
  test('of a text to the UK are those that the message is charged', async () => {
    const { result } = await call('api_read', { id: 'pricing_v1:FetchMessagingCountry', params: { IsoCountry: 'GB' } });
    expect(result).toMatchObject({ country: 'United Kingdom', iso_country: 'GB', price_unit: 'USD' });
    const [{ prices }] = result.outbound_sms_prices;
    const { current_price } = prices.find(({ number_type }: Json) => number_type === 'mobile');
    const { sid } = await call('messaging_send_sms', { to: '+447700900456', body: 'Hello' });
    pass();
    const { price, priceUnit } = await call('messaging_get_message_status', { messageSid: sid });
    expect([-Number(price), priceUnit]).toEqual([Number(current_price), 'USD']);
  });

  test('of numbers and calls differ by country', async () => {
    const germany = await call('phone_numbers_get_number_prices', { countryCode: 'DE' });
    expect(germany).toMatchObject({ country: 'Germany', isoCountry: 'DE', priceUnit: 'USD' });
    expect(germany.phoneNumberPrices.map((one: Json) => one.numberType)).toEqual(['local', 'mobile']);
    const toMobile = await call('voice_config_get_number_pricing', { destinationNumber: '+447700900456' });
    expect(toMobile).toMatchObject({ country: 'United Kingdom', isoCountry: 'GB' });
    const calls = await call('voice_config_get_country_pricing', { isoCountry: 'GB' });
    const mobile = calls.outboundPrefixPrices.find((one: Json) => one.destinationPrefixes.includes('447'));
    expect(toMobile.outboundCallPrices[0].currentPrice).toBe(mobile.currentPrice);
    await refused('phone_numbers_get_number_prices', { countryCode: 'KP' }).toThrow(/not found/i);
  });
});

describe('a German number', () => {
  const BERLIN = { city: 'Berlin', region: 'Berlin', postalCode: '10115', street: 'Teststrasse 1', isoCountry: 'DE' };
  const company = { business_name: 'Sandbox GmbH', business_registration_number: 'HRB 12345' };
  const address = async (extra: object = {}) =>
    (await call('phone_numbers_create_address', { customerName: 'Sandbox GmbH', ...BERLIN, ...extra })).sid;
  const assign = (bundleSid: string, objectSid: string) =>
    call('regulatory_create_bundle_item_assignment', { bundleSid, objectSid });
  const evaluation = (bundleSid: string) => call('regulatory_create_bundle_evaluation', { bundleSid });
  const document = async (bundleSid: string, attributes: object) => {
    const { sid } = await call('regulatory_create_supporting_document', {
      friendlyName: 'Handelsregisterauszug',
      type: 'commercial_registrar_excerpt',
      attributes,
    });
    await assign(bundleSid, sid);
  };

  test('is refused without an approved bundle and a fitting address', async () => {
    const found = await call('phone_numbers_search_available_numbers', { countryCode: 'DE', limit: 1 });
    const [{ phoneNumber, addressRequirements, locality }] = found.items;
    expect([phoneNumber, addressRequirements, locality]).toEqual(['+493023125000', 'local', 'Berlin']);
    await refused('phone_numbers_buy_phone_number', { phoneNumber }).toThrow(/21649/);

    const regulations = await call('regulatory_list_regulations', {
      isoCountry: 'DE',
      numberType: 'local',
      endUserType: 'business',
    });
    expect(regulations.items).toMatchObject([{ friendlyName: 'Germany: Local - Business', isoCountry: 'DE' }]);
    const { requirements } = await call('regulatory_get_regulation', { regulationSid: regulations.items[0].sid });
    expect(requirements.endUser[0].fields).toEqual(expect.arrayContaining(['business_name', 'business_website']));
    expect(requirements.supportingDocument[0].map(({ name }: Json) => name)).toEqual([
      'Proof of Registration',
      'Proof of Business Identity',
      'Proof of Address',
    ]);

    const bundle = await call('regulatory_create_regulatory_bundle', {
      friendlyName: 'Berlin',
      email: 'legal@example.com',
      isoCountry: 'DE',
      numberType: 'local',
      endUserType: 'business',
    });
    expect(bundle).toMatchObject({ status: 'draft', regulationSid: regulations.items[0].sid, friendlyName: 'Berlin' });
    const bundleSid = bundle.sid;
    const empty = await evaluation(bundleSid);
    expect(empty.status).toBe('noncompliant');
    expect(empty.results.map((one: Json) => [one.requirementName, one.passed, one.errorCode])).toEqual([
      ['business_info', false, 22214],
      ['business_registration_info', false, 22216],
      ['business_name_info', false, 22216],
      ['business_address_proof_info', false, 22216],
    ]);

    const endUser = await call('regulatory_create_regulatory_end_user', {
      friendlyName: 'Sandbox GmbH',
      type: 'business',
      attributes: { ...company, first_name: 'Ada', last_name: 'Berg', email: 'ada@example.com' },
    });
    await assign(bundleSid, endUser.sid);
    await document(bundleSid, company);
    await document(bundleSid, { business_name: company.business_name });
    const addressSid = await address();
    await document(bundleSid, { address_sids: [addressSid] });
    const lacking = (await evaluation(bundleSid)).results.find(({ passed }: Json) => !passed);
    expect(lacking.invalid).toMatchObject([{ objectField: 'business_website', errorCode: 22215 }]);
    await call('regulatory_update_regulatory_end_user', {
      endUserSid: endUser.sid,
      attributes: {
        ...company,
        first_name: 'Ada',
        last_name: 'Berg',
        email: 'ada@example.com',
        business_website: 'https://example.com',
      },
    });
    expect(await evaluation(bundleSid)).toMatchObject({ status: 'compliant' });

    const submitted = await call('regulatory_update_regulatory_bundle', { bundleSid, status: 'pending-review' });
    expect(submitted.status).toBe('pending-review');
    await refused('phone_numbers_buy_phone_number', { phoneNumber, bundleSid, addressSid }).toThrow(
      /not twilio-approved/,
    );
    pass();
    expect((await call('regulatory_get_bundle_status', { bundleSid })).status).toBe('twilio-approved');
    await refused('phone_numbers_buy_phone_number', { phoneNumber, bundleSid }).toThrow(/21631/);
    const munich = await address({ city: 'München', postalCode: '80331' });
    await refused('phone_numbers_buy_phone_number', { phoneNumber, bundleSid, addressSid: munich }).toThrow(/21615/);
    const bought = await call('phone_numbers_buy_phone_number', { phoneNumber, bundleSid, addressSid });
    expect(bought).toMatchObject({ phoneNumber, capabilities: { voice: true, sms: false } });
    expect(await call('phone_numbers_get_phone_number', { phoneNumberSid: bought.sid })).toMatchObject({
      bundleSid,
      addressSid,
    });
    await refused('regulatory_delete_regulatory_bundle', { bundleSid }).toThrow(/21648/);
  });

  test('a bundle that lacks something is rejected', async () => {
    const { sid: bundleSid } = await call('regulatory_create_regulatory_bundle', {
      friendlyName: 'Incomplete',
      email: 'legal@example.com',
      isoCountry: 'FR',
      numberType: 'local',
      endUserType: 'business',
    });
    await document(bundleSid, { address_sids: [await address()] });
    const { results } = await evaluation(bundleSid);
    const proof = results.find(({ requirementName }: Json) => requirementName === 'business_address_proof_info');
    expect(proof.invalid).toMatchObject([{ errorCode: 18012, failureReason: 'The Address must be within France.' }]);
    await call('regulatory_update_regulatory_bundle', { bundleSid, status: 'pending-review' });
    pass();
    expect((await call('regulatory_get_bundle_status', { bundleSid })).status).toBe('twilio-rejected');
  });

  test.each([
    ['US', 'local', []],
    ['CA', 'local', []],
    ['GB', 'mobile', ['United Kingdom: Mobile - Business']],
    ['FR', 'local', ['France: Local - Business']],
    ['AU', 'local', ['Australia: Local - Individual', 'Australia: Local - Business']],
  ])('numbers of %s (%s) have the regulations %j', async (countryCode, type, names) => {
    const { items } = await call('regulatory_list_regulations', { isoCountry: countryCode, numberType: type });
    expect(items.map(({ friendlyName }: Json) => friendlyName)).toEqual(names);
    const found = await call('phone_numbers_search_available_numbers', { countryCode, type, limit: 1 });
    expect(found.items[0].addressRequirements === 'none').toBe(names.length === 0);
  });
});

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
    stack.sandbox.options.speed = 1;
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
    };
    await refused('messaging_services_register_a2p_campaign', campaign).toThrow(/21717/);
    pass();
    const { items } = await call('messaging_services_list_brands');
    expect(items).toMatchObject([{ sid: brand.sid, status: 'APPROVED', identityStatus: 'VERIFIED' }]);
    const cases = await call('messaging_services_list_a2p_use_cases', { serviceSid });
    expect(cases.usAppToPersonUsecases.map(({ code }: Json) => code)).toContain(campaign.usAppToPersonUsecase);
    stack.sandbox.options.speed = 1;
    const registered = await call('messaging_services_register_a2p_campaign', campaign);
    expect(registered).toMatchObject({ campaignStatus: 'PENDING', brandRegistrationSid: brand.sid });
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
