/** Usage records: what the account's messages, calls, recordings and numbers amount to. */
import { snake } from '../../openapi/names';
import { DAY_MS } from '../dates';
import type { Properties } from '../json';
import { pageResponse } from '../lists';
import type { StoredResource } from '../store';
import type { OperationRule, SandboxRequest, SandboxResponse } from '../types';
import { ACCOUNTS_PATH } from './phone';

/** Numbers are charged when they are bought and every month after. */
const NUMBER_MONTH = { ms: 30 * DAY_MS, price: 1.15 };
const USAGE_LISTS = ['', 'AllTime', 'Daily', 'LastMonth', 'Monthly', 'ThisMonth', 'Today', 'Yearly', 'Yesterday'];

/** Description, unit of the count and unit of the usage, by category. */
const CATEGORIES: Record<string, [description: string, countUnit: string, usageUnit: string]> = {
  calls: ['Voice Minutes', 'calls', 'minutes'],
  'calls-inbound': ['Inbound Voice Minutes', 'calls', 'minutes'],
  'calls-outbound': ['Outbound Voice Minutes', 'calls', 'minutes'],
  'channels-whatsapp-inbound': ['WhatsApp Inbound Messages', 'messages', 'messages'],
  'channels-whatsapp-outbound': ['WhatsApp Outbound Messages', 'messages', 'messages'],
  mms: ['MMS', 'messages', 'messages'],
  'mms-inbound': ['Inbound MMS', 'messages', 'messages'],
  'mms-outbound': ['Outbound MMS', 'messages', 'messages'],
  phonenumbers: ['Phone Numbers', 'numbers', 'numbers'],
  recordings: ['Recordings', 'recordings', 'minutes'],
  sms: ['SMS', 'messages', 'messages'],
  'sms-inbound': ['Inbound SMS', 'messages', 'messages'],
  'sms-outbound': ['Outbound SMS', 'messages', 'messages'],
  totalprice: ['Total Price', 'usd', 'usd'],
};

interface Amount {
  count: number;
  usage: number;
  price: number;
}

/** What was used on one day, by category. */
type DayUsage = Map<string, Amount>;

/** The usage of each day, by its first millisecond since 1970. */
function usageByDay(request: SandboxRequest): Map<number, DayUsage> {
  const days = new Map<number, DayUsage>();
  const account = `${ACCOUNTS_PATH}/${request.accountSid}`;
  const use = (at: number, categories: string[], usage: number, price: unknown) => {
    const day = Math.floor(at / DAY_MS) * DAY_MS;
    const amounts = days.get(day) ?? new Map<string, Amount>();
    days.set(day, amounts);
    const cost = Math.abs(Number(price ?? 0));
    const add = (category: string, more: Amount) => {
      const { count, usage, price } = amounts.get(category) ?? { count: 0, usage: 0, price: 0 };
      amounts.set(category, { count: count + more.count, usage: usage + more.usage, price: price + more.price });
    };
    for (const category of categories) add(category, { count: 1, usage, price: cost });
    add('totalprice', { count: cost, usage: cost, price: cost });
  };
  const { store } = request.state;
  for (const { createdAt, body } of store.list(`${account}/Messages`)) {
    use(createdAt, categoriesOf(body), 1, body.price);
  }
  for (const { createdAt, body } of store.list(`${account}/Calls`)) {
    const minutes = Math.ceil(Number(body.duration ?? 0) / 60);
    const direction = body.direction === 'inbound' ? 'inbound' : 'outbound';
    if (minutes > 0) use(createdAt, ['calls', `calls-${direction}`], minutes, body.price);
  }
  for (const { createdAt, body } of store.list(`${account}/Recordings`)) {
    use(createdAt, ['recordings'], Math.ceil(Number(body.duration ?? 0) / 60), body.price);
  }
  for (const number of store.list(`${account}/IncomingPhoneNumbers`)) {
    for (let at = number.createdAt; at <= request.now; at += NUMBER_MONTH.ms) {
      use(at, ['phonenumbers'], 1, NUMBER_MONTH.price);
    }
  }
  return days;
}

function categoriesOf({ direction, from, num_media }: StoredResource['body']): string[] {
  const way = direction === 'inbound' ? 'inbound' : 'outbound';
  if (String(from).startsWith('whatsapp:')) return [`channels-whatsapp-${way}`];
  const kind = Number(num_media) > 0 ? 'mms' : 'sms';
  return [kind, `${kind}-${way}`];
}

/** First and last day of the periods that a usage list covers, newest first, in milliseconds since 1970. */
function usagePeriods(request: SandboxRequest, firstDay: number): Array<[number, number]> {
  const name = /Usage\/Records(?:\/(\w+))?\.json$/.exec(request.operation.path)![1];
  const today = Math.floor(request.now / DAY_MS) * DAY_MS;
  const date = new Date(today);
  const month = (offset: number, nth: number) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, nth);
  const { StartDate, EndDate } = request.query;
  const start = StartDate ? new Date(String(StartDate)).getTime() : firstDay;
  const end = EndDate ? new Date(String(EndDate)).getTime() : today;
  const intervals: Array<[number, number]> = [];
  switch (name) {
    case 'Today':
      return [[today, today]];
    case 'Yesterday':
      return [[today - DAY_MS, today - DAY_MS]];
    case 'ThisMonth':
      return [[month(0, 1), today]];
    case 'LastMonth':
      return [[month(-1, 1), month(0, 0)]];
    case 'Daily':
      for (let day = Math.min(end, today); day >= start; day -= DAY_MS) intervals.push([day, day]);
      return intervals;
    case 'Monthly':
      for (let back = 0; month(1 - back, 0) >= start; back++) {
        if (month(-back, 1) <= end) intervals.push([month(-back, 1), Math.min(month(1 - back, 0), end)]);
      }
      return intervals;
    case 'Yearly':
      for (let year = date.getUTCFullYear(); Date.UTC(year, 11, 31) >= start; year--) {
        if (Date.UTC(year, 0, 1) <= end) intervals.push([Date.UTC(year, 0, 1), Math.min(Date.UTC(year, 11, 31), end)]);
      }
      return intervals;
    default:
      return [[start, end]];
  }
}

const isoDate = (time: number) => new Date(time).toISOString().slice(0, 10);

function listUsage(request: SandboxRequest): SandboxResponse {
  const days = usageByDay(request);
  const today = Math.floor(request.now / DAY_MS) * DAY_MS;
  const wanted = Object.keys(CATEGORIES).filter((name) => name === (request.query.Category ?? name));
  const records = usagePeriods(request, Math.min(today, ...days.keys())).flatMap(([from, to]) => {
    const period = [...days].filter(([day]) => day >= from && day <= to).map(([, amounts]) => amounts);
    return wanted.map((category) => usageRecord(request, category, from, to, period));
  });
  return pageResponse(request, records);
}

function usageRecord(
  request: SandboxRequest,
  category: string,
  from: number,
  to: number,
  period: readonly DayUsage[],
): Properties {
  const base = `/2010-04-01/Accounts/${request.accountSid}/Usage/Records`;
  const [description, countUnit, usageUnit] = CATEGORIES[category]!;
  const sum = (name: keyof Amount) =>
    Math.round(period.reduce((total, amounts) => total + (amounts.get(category)?.[name] ?? 0), 0) * 1e5) / 1e5;
  const list = (name: string) => [snake(name), `${base}/${name}.json?Category=${category}`];
  return {
    account_sid: request.accountSid,
    api_version: '2010-04-01',
    as_of: new Date(request.now).toISOString().replace(/\.\d+Z$/, '+00:00'),
    category,
    description,
    count: String(sum('count')),
    count_unit: countUnit,
    usage: String(sum('usage')),
    usage_unit: usageUnit,
    price: String(sum('price')),
    price_unit: 'usd',
    start_date: isoDate(from),
    end_date: isoDate(to),
    subresource_uris: Object.fromEntries(USAGE_LISTS.filter((name) => name !== '').map(list)),
    uri: `${base}.json?Category=${category}&StartDate=${isoDate(from)}&EndDate=${isoDate(to)}`,
  };
}

/** Every list of usage records is computed from the account's log. */
export const USAGE_RULES: Record<string, OperationRule> = Object.fromEntries(
  USAGE_LISTS.map((period) => [`api_v2010:ListUsageRecord${period}`, { respond: listUsage }]),
);
