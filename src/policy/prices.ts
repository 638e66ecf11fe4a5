import type { Config } from '../config';
import { E164 } from '../formats';
import { countryOf } from '../numbering-plan';
import { segmentsOf } from '../segments';
import type { Requests } from '../upstream';
import type { Action, SafeguardContext } from './safeguard';

/*
 * What an action costs by the account's own price list (Twilio's Pricing API): an estimate, without what carriers,
 * recordings and the like add to it.
 */

/** The price of one call or message, or the highest if it depends on what is not known. */
interface Listed {
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
}

interface Price extends Listed {
  readonly per?: 'minute' | 'month';
  /** What is charged at most, or for the first month; undefined for a call without a time limit. */
  readonly total?: number;
}

type Pricer = (action: Action, requests: Requests, config: Config) => Promise<Price | undefined>;

const messages: Pricer = async ({ values, recipients }, requests) => {
  const text = values.Body?.[0];
  if (text === undefined || values.MediaUrl || values.ContentSid || values.SendAsMms?.includes('true'))
    return undefined;
  const { segments } = segmentsOf(String(text));
  const price = await priceForAll(recipients, async (to) => {
    const country = countryOf(to);
    const { outbound_sms_prices: all = [], price_unit } = country
      ? await priceList(`v1/Messaging/Countries/${country}`, requests)
      : {};
    const listed = highest(
      all.flatMap(({ prices }) => prices),
      price_unit,
    );
    return listed && { ...listed, amount: listed.amount * segments };
  });
  return price && { ...price, total: price.amount };
};

const calls: Pricer = async ({ values, recipients }, requests, { maxCallSeconds = Number.POSITIVE_INFINITY }) => {
  const minute = await priceForAll(recipients, async (to) => {
    const { outbound_call_prices: all = [], price_unit } = await priceList(
      `v2/Voice/Numbers/${encodeURIComponent(to)}`,
      requests,
    );
    return highest(all, price_unit);
  });
  const seconds = Math.min(Number(values.TimeLimit?.[0] ?? maxCallSeconds), maxCallSeconds);
  return (
    minute && {
      ...minute,
      per: 'minute',
      ...(seconds > 0 && Number.isFinite(seconds) && { total: toSixDigits(minute.amount * Math.ceil(seconds / 60)) }),
    }
  );
};

const numbers: Pricer = async ({ values }, requests) => {
  const number = values.PhoneNumber?.[0];
  // An area code is one of North America, where all numbers of a type cost the same.
  const country = number === undefined ? 'US' : countryOf(String(number));
  const { phone_number_prices: all = [], price_unit } = country
    ? await priceList(`v1/PhoneNumbers/Countries/${country}`, requests)
    : {};
  const month = highest(all, price_unit);
  return month && { ...month, per: 'month', total: month.amount };
};

/** How operations are priced; no price list has those of others. */
const PRICERS: Readonly<Record<string, Pricer>> = {
  'api_v2010:CreateMessage': messages,
  'api_v2010:CreateCall': calls,
  'api_v2010:CreateParticipant': calls,
  'api_v2010:CreateIncomingPhoneNumber': numbers,
  'api_v2010:CreateIncomingPhoneNumberLocal': numbers,
  'api_v2010:CreateIncomingPhoneNumberMobile': numbers,
  'api_v2010:CreateIncomingPhoneNumberTollFree': numbers,
};

/** The estimated price of an action; undefined if it is not known. */
export const priceOf = async (
  action: Action,
  { requests, config }: Pick<SafeguardContext, 'requests' | 'config'>,
): Promise<Price | undefined> => PRICERS[action.operation.id]?.(action, requests, config);

/** The price of all recipients together; undefined if that of one is not known, or if there is none. */
async function priceForAll(
  recipients: readonly string[],
  priceOfOne: (number: string) => Promise<Listed | undefined>,
): Promise<Listed | undefined> {
  let sum: Listed | undefined;
  for (const recipient of new Set(recipients)) {
    const price = E164.test(recipient) ? await priceOfOne(recipient) : undefined;
    if (price === undefined || (sum && sum.currency !== price.currency)) return undefined;
    sum = { currency: price.currency, amount: toSixDigits(price.amount + (sum?.amount ?? 0)) };
  }
  return sum;
}

const toSixDigits = (amount: number) => Number(amount.toFixed(6));

interface ListedPrice {
  current_price: string | null;
}

interface PriceAnswer {
  price_unit?: string;
  outbound_sms_prices?: readonly { prices: readonly ListedPrice[] }[];
  outbound_call_prices?: readonly ListedPrice[];
  phone_number_prices?: readonly ListedPrice[];
}

/** Which of them counts depends on the carrier and on the kind of number: the highest is not too low. */
function highest(prices: readonly ListedPrice[], currency: string | undefined): Listed | undefined {
  const amounts = prices.flatMap(({ current_price: amount }) => (amount === null ? [] : Number(amount)));
  return currency && amounts.length > 0
    ? { amount: Math.max(...amounts), currency: currency.toUpperCase() }
    : undefined;
}

const KEPT_MS = 86_400_000;
const MAX_KEPT = 500;
/** By account and path. */
const priceLists = new Map<string, { at: number; list: PriceAnswer }>();

/** A price list, as read within the last day; empty if Twilio does not answer with one. */
async function priceList(path: string, { accountSid, request }: Requests): Promise<PriceAnswer> {
  const key = `${accountSid} ${path}`;
  const known = priceLists.get(key);
  if (known && Date.now() - known.at < KEPT_MS) return known.list;
  const answer = await request({ method: 'get', uri: `https://pricing.twilio.com/${path}` }).catch(() => undefined);
  if (answer?.statusCode !== 200) return {};
  const list = answer.body as PriceAnswer;
  if (priceLists.size >= MAX_KEPT) priceLists.clear();
  priceLists.set(key, { at: Date.now(), list });
  return list;
}
