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
