import { SANDBOX_ACCOUNT_SID } from '../../sandbox/credentials';
import { DAY_MS } from '../../sandbox/dates';
import { SEEDS } from '../../sandbox/seed';
import type { Json } from '../support/stack';
import { taskTools } from '../support/tasks';

/*
 * Whole tasks about permissions, prices, addresses and regulations, over MCP alone.
 */

const [OWN] = SEEDS.numbers as [string];

const { call, sandbox } = taskTools();
const refused = (tool: string, args: object) => expect(call(tool, args)).rejects;
const pass = () => {
  sandbox().options.speed = Number.POSITIVE_INFINITY;
};

test('block texts to Cuba, and allow them again', async () => {
  const text = { from: OWN, to: '+5351234567', body: 'Hello' };
  expect(await call('messaging_send_sms', text)).toMatchObject({ to: text.to });
  const allow = (enabled: boolean) =>
    call('api_write', {
      ...{ id: 'accounts_v1:UpdateMessagingGeopermissions', confirm: true },
      params: { Permissions: [{ country_code: 'CU', type: 'country', enabled }] },
    });
  await allow(false);
  const params = { CountryCode: 'CU,US' };
  const { result } = await call('api_read', { id: 'accounts_v1:FetchMessagingGeopermissions', params });
  expect(result.permissions).toMatchObject([
    { country_code: 'CU', prefix: '+53', enabled: false },
    { country_code: 'US', prefix: '+1', enabled: true },
  ]);
  await refused('messaging_send_sms', text).toThrow(/21408/);
  await allow(true);
  expect(await call('messaging_send_sms', text)).toMatchObject({ to: text.to });
});

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

  test('of calls are those that calls are charged, made and received', async () => {
    const voiceUrl = 'https://voice.example.invalid/';
    const perMinute = (destinationNumber: string) => call('voice_config_get_number_pricing', { destinationNumber });
    const charged = async (callSid: string) => {
      sandbox().advance(59_000);
      return -Number((await call('voice_get_call', { callSid })).price);
    };
    const to = '+447700900456';
    const { outboundCallPrices } = await perMinute(to);
    const { sid } = await call('voice_make_call', { to, say: 'Hello' });
    expect(await charged(sid)).toBe(Number(outboundCallPrices[0].currentPrice));
    for (const [i, amount] of [
      [0, '0.0085'],
      [2, '0.0100'],
    ] as const) {
      await call('phone_numbers_configure_webhook', { phoneNumberSid: SEEDS.phoneNumberSids[i], voiceUrl });
      const { inboundCallPrice } = await perMinute(SEEDS.numbers[i]!);
      expect(inboundCallPrice).toMatchObject({ currentPrice: amount });
      const received = await sandbox().receiveCall({ to: SEEDS.numbers[i]! });
      expect(await charged(received.sid)).toBe(Number(amount));
    }
    expect((await perMinute(to)).inboundCallPrice?.currentPrice).toBeNull();
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

test('an emergency address is registered for a number, and cannot be deleted while it is used', async () => {
  const phoneNumberSid = SEEDS.phoneNumberSids[1]!;
  const number = () => call('phone_numbers_get_phone_number', { phoneNumberSid });
  expect(await number()).toMatchObject({ emergencyAddressStatus: 'unregistered' });
  const street = { street: '1 Owl Way', city: 'Austin', region: 'TX', postalCode: '78701', isoCountry: 'US' };
  const address = (extra: object) =>
    call('phone_numbers_create_address', { customerName: 'Owl LLC', ...street, ...extra });
  const plain = await address({});
  const use = (emergencyAddressSid: string) =>
    call('phone_numbers_update_phone_number', { phoneNumberSid, emergencyAddressSid });
  await expect(use(plain.sid)).rejects.toThrow(/not enabled for emergency calls/);
  const { sid, validated } = await address({ emergencyEnabled: true });
  expect(validated).toBe(true);
  expect(await use(sid)).toMatchObject({ emergencyAddressSid: sid, emergencyAddressStatus: 'pending-registration' });
  pass();
  expect(await number()).toMatchObject({ emergencyAddressSid: sid, emergencyAddressStatus: 'registered' });
  const dependent = await call('phone_numbers_list_dependent_numbers', { addressSid: sid });
  expect(dependent.items).toMatchObject([{ sid: phoneNumberSid, emergencyAddressSid: sid }]);
  await refused('phone_numbers_delete_address', { addressSid: sid }).toThrow(/is required by/);
  await use('');
  await call('phone_numbers_delete_address', { addressSid: sid });
  expect(await number()).toMatchObject({ emergencyAddressStatus: 'unregistered' });
});

test('a caller ID is verified by the code that its phone is called with', async () => {
  const phoneNumber = '+14155550177';
  const dial = { from: phoneNumber, to: '+14155550100', twiml: '<Response><Say>Hello</Say></Response>' };
  await refused('voice_make_call', dial).toThrow(/21210/);
  const request = { phoneNumber, friendlyName: 'Desk' };
  const { validationCode, ...rest } = await call('phone_numbers_validate_caller_id', request);
  expect(rest).toMatchObject({ phoneNumber, friendlyName: 'Desk' });
  expect(validationCode).toMatch(/^\d{6}$/);
  const { items } = await call('phone_numbers_list_caller_ids', { phoneNumber });
  expect(items).toMatchObject([{ phoneNumber, friendlyName: 'Desk' }]);
  expect(await call('voice_make_call', dial)).toMatchObject({ from: phoneNumber });
  await refused('phone_numbers_validate_caller_id', request).toThrow(/21450/);
});

test('a number is ported on the requested day, and belongs to the account then', async () => {
  const read = async (id: string, params: object) => (await call('api_read', { id, params })).result;
  const PhoneNumber = '+14155550166';
  const portable = await read('numbers_v1:FetchPortingPortability', { PhoneNumber });
  expect(portable).toMatchObject({ phone_number: PhoneNumber, portable: true, number_type: 'LOCAL', country: 'US' });
  const german = await read('numbers_v1:FetchPortingPortability', { PhoneNumber: '+493012345678' });
  expect(german).toMatchObject({ portable: false, not_portable_reason: 'MANUAL_PORTING_AVAILABLE' });
  const target_port_in_date = new Date(Date.now() + 10 * DAY_MS).toISOString().slice(0, 10);
  const body = {
    target_port_in_date,
    account_sid: SANDBOX_ACCOUNT_SID,
    documents: [`RD${'a'.repeat(32)}`],
    phone_numbers: [{ phone_number: PhoneNumber }],
    notification_emails: ['owl@example.com'],
    losing_carrier_information: {
      customer_type: 'Business',
      customer_name: 'Owl LLC',
      authorized_representative: 'Olive Owl',
      authorized_representative_email: 'owl@example.com',
    },
  };
  const id = 'numbers_v1:CreatePortingPortIn';
  const { result } = await call('api_write', { id, params: { body }, confirm: true });
  const request = await read('numbers_v1:FetchPortingPortIn', { PortInRequestSid: result.port_in_request_sid });
  expect(request).toMatchObject({
    port_in_request_status: 'In Review',
    notification_emails: ['owl@example.com'],
    phone_numbers: [{ phone_number: PhoneNumber, portable: true, port_in_phone_number_status: 'In Review' }],
  });
  const owned = async () => (await call('phone_numbers_list_phone_numbers', { phoneNumber: PhoneNumber })).items;
  const states: string[][] = [];
  for (const seconds of [70, 60, 60, 11 * 86_400]) {
    expect(await owned()).toEqual([]);
    sandbox().advance(seconds * 1000);
    const { port_in_request_status, phone_numbers } = await read('numbers_v1:FetchPortingPortIn', {
      PortInRequestSid: result.port_in_request_sid,
    });
    states.push([port_in_request_status, phone_numbers[0].port_in_phone_number_status]);
  }
  expect(states).toEqual([
    ['Waiting for Signature', 'Waiting for Signature'],
    ['In Progress', 'Submitted'],
    ['In Progress', 'Pending'],
    ['Completed', 'Completed'],
  ]);
  expect(await owned()).toEqual([expect.objectContaining({ phoneNumber: PhoneNumber })]);
});
