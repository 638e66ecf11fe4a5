/**
 * List prices in USD of phone numbers, messages and calls (data/prices.json). Twilio changes its prices; these are the
 * sandbox's own price list. Countries without a list of their own have the prices of `other`.
 */
import PRICES from '../data/prices.json';
import { notFound } from '../errors';
import type { Properties } from '../json';
import { pageResponse } from '../lists';
import type { OperationRule, SandboxRequest, SandboxResponse } from '../types';
import { ALL_COUNTRIES, type Country, callingCountry } from './countries';
import { availableNumber } from './inventory';
import { ownedNumber } from './phone';

interface PriceList {
  /** Mobile country code. */
  mcc: string | null;
  /** Prices by type of number. */
  numbers: Record<string, string>;
  smsOut: Record<string, string>;
  smsIn: Record<string, string>;
  /** Name, prefixes and price of each range, the most specific first. */
  voiceOut: string[][];
  voiceIn: Record<string, string>;
}

const PRICE_LISTS: Record<string, PriceList> = PRICES;
const ALL = [...ALL_COUNTRIES.values()];
const WITH_NUMBERS = ALL.filter(({ iso }) => iso in PRICE_LISTS);

const priceListOf = ({ iso }: Country): PriceList => PRICE_LISTS[iso] ?? PRICE_LISTS.other!;
const price = (amount: string | null) => ({ base_price: amount, current_price: amount });
const byType = (prices: Record<string, string>) =>
  Object.entries(prices).map(([number_type, amount]) => ({ number_type, ...price(amount) }));

/** Prices in USD that are the same everywhere: of a message with media or by WhatsApp, and per minute. */
const FLAT = { media: 0.022, whatsapp: 0.005, recording: 0.0025, transcription: 0.05 };

const pricedCountry = (number: string): Country => callingCountry(number) ?? ALL_COUNTRIES.get('US')!;

const numberTypes = new Map<string, string>();

/** The type of a number as price lists write it, such as `toll free`. */
function numberType(number: string): string {
  const known = numberTypes.get(number);
  if (known) return known;
  const type = (availableNumber(number)?.type ?? 'Local').replace(/(?<=[a-z])(?=[A-Z])/, ' ').toLowerCase();
  numberTypes.set(number, type);
  return type;
}

/** Type and price in USD of one of the account's numbers, in a list of prices by type. */
function ownPrice(number: string, prices: Record<string, string>): [type: string | null, amount: string | null] {
  const type = numberType(number);
  const [otherType = null, otherAmount = null] = Object.entries(prices)[0] ?? [];
  return prices[type] === undefined ? [otherType, otherAmount] : [type, prices[type]];
}

/** A price in USD as messages, calls and recordings show what they cost. */
const charge = (amount: number): string => `-${amount.toFixed(5)}`;

/** What a message costs, as its `price`. */
export function messagePrice({ to, direction, num_media, num_segments = '1' }: Properties): string {
  if (String(to).startsWith('whatsapp:')) return charge(FLAT.whatsapp);
  if (Number(num_media) > 0) return charge(FLAT.media);
  const recipient = String(to);
  const { smsIn, smsOut } = priceListOf(pricedCountry(recipient));
  const segment = direction === 'inbound' ? ownPrice(recipient, smsIn)[1] : Object.values(smsOut)[0];
  return charge(Number(segment) * Number(num_segments));
}

/** What a call of some seconds costs, as its `price`: each minute that has begun. */
export function callPrice({ to, direction }: Properties, seconds: number): string {
  const number = String(to);
  const { voiceIn } = priceListOf(pricedCountry(number));
  const minute =
    direction === 'inbound' ? ownPrice(number, voiceIn)[1] : voiceRangeOf(number, pricedCountry(number))[2];
  return charge(Number(minute) * Math.ceil(seconds / 60));
}

/** What a recording or its transcription costs, as its `price`. */
export const recordingPrice = (of: 'recording' | 'transcription', seconds: number): string =>
  charge(FLAT[of] * Math.ceil(seconds / 60));

/** The monthly price of a phone number, in USD. */
export const numberPrice = (number: string): number =>
  Number(ownPrice(number, priceListOf(pricedCountry(number)).numbers)[1]);

/** Name, prefixes and price of the range that a number belongs to. */
function voiceRangeOf(number: string, country: Country): string[] {
  const matches = ([, prefixes]: string[]) =>
    prefixes!.split(',').some((prefix) => number.replace(/^\+/, '').startsWith(prefix));
  const ranges = priceListOf(country).voiceOut;
  return ranges.find(matches) ?? ranges.at(-1)!;
}

/** The response for one country. @throws ApiError 404 / 20404 */
function countryRule(known: Country[], describe: (country: Country) => Properties): OperationRule {
  return {
    respond(request) {
      const iso = String(request.target.params.IsoCountry).toUpperCase();
      const country = known.find((candidate) => candidate.iso === iso);
      if (!country) throw notFound(request.entry.path);
      return { status: 200, body: { ...summary(request, country, ''), ...describe(country), price_unit: 'USD' } };
    },
  };
}

const listRule = (known: Country[]): OperationRule => ({
  respond: (request) =>
    pageResponse(
      request,
      known.map((country) => summary(request, country, `/${country.iso}`)),
    ),
});

function summary({ entry }: SandboxRequest, { name, iso }: Country, suffix: string): Properties {
  return { country: name, iso_country: iso, url: `https://${entry.host}${entry.path}${suffix}` };
}

const describeMessages = (country: Country): Properties => {
  const { mcc, smsOut, smsIn } = priceListOf(country);
  const prices = byType(smsOut);
  return { outbound_sms_prices: [{ carrier: 'Other', mcc, mnc: null, prices }], inbound_sms_prices: byType(smsIn) };
};

const describeCalls =
  (version: 1 | 2) =>
  (country: Country): Properties => {
    const { voiceOut, voiceIn } = priceListOf(country);
    const outbound_prefix_prices = voiceOut.map(([name, list, amount]) => {
      const prefixes = list ? list.split(',') : country.prefixes;
      const friendly_name = ['Programmable Outbound Minute', country.name, ...(name ? [name] : [])].join(' - ');
      const ranges = version === 1 ? { prefixes } : { destination_prefixes: prefixes, origination_prefixes: ['ALL'] };
      return { ...ranges, friendly_name, ...price(amount!) };
    });
    return { outbound_prefix_prices, inbound_call_prices: byType(voiceIn) };
  };

/** The price of a call to one number, and of calls to it if it belongs to the account. */
function numberPrices(request: SandboxRequest): SandboxResponse {
  const number = String(request.target.params.DestinationNumber ?? request.target.params.Number);
  const country = callingCountry(number);
  if (!country) throw notFound(request.entry.path);
  const amount = voiceRangeOf(number, country)[2]!;
  const isOwn = ownedNumber(request, number) !== undefined;
  const [number_type, inbound] = isOwn ? ownPrice(number, priceListOf(country).voiceIn) : [null, null];
  const known = {
    country: country.name,
    iso_country: country.iso,
    inbound_call_price: { ...price(inbound), number_type },
    price_unit: 'USD',
    url: `https://${request.entry.host}${request.entry.path}`,
  };
  const body = request.target.params.Number
    ? { ...known, number, outbound_call_price: price(amount) }
    : {
        ...known,
        destination_number: number,
        origination_number: request.query.OriginationNumber ?? null,
        outbound_call_prices: [{ ...price(amount), origination_prefixes: ['ALL'] }],
      };
  return { status: 200, body };
}

export const PRICE_RULES: Record<string, OperationRule> = {
  'pricing_v1:ListPhoneNumberCountry': listRule(WITH_NUMBERS),
  'pricing_v1:FetchPhoneNumberCountry': countryRule(WITH_NUMBERS, (country) => ({
    phone_number_prices: byType(priceListOf(country).numbers),
  })),
  'pricing_v1:ListMessagingCountry': listRule(ALL),
  'pricing_v1:FetchMessagingCountry': countryRule(ALL, describeMessages),
  'pricing_v1:ListVoiceCountry': listRule(ALL),
  'pricing_v1:FetchVoiceCountry': countryRule(ALL, describeCalls(1)),
  'pricing_v1:FetchVoiceNumber': { respond: numberPrices },
  'pricing_v2:ListVoiceCountry': listRule(ALL),
  'pricing_v2:FetchVoiceCountry': countryRule(ALL, describeCalls(2)),
  'pricing_v2:FetchVoiceNumber': { respond: numberPrices },
};
