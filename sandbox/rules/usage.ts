/** Usage records: what the account's messages, calls, recordings and numbers amount to; and the triggers that watch them. */
import { snake } from '../../openapi/names';
import { DAY_MS } from '../dates';
import type { Properties } from '../json';
import { pageResponse } from '../lists';
import type { StoredResource } from '../store';
import type { Lifecycle, OperationRule, SandboxRequest, SandboxResponse, SandboxState } from '../types';
import { ACCOUNTS_PATH } from './phone';
import { numberPrice } from './prices';

/** Numbers are charged when they are bought and every month after. */
const MONTH_MS = 30 * DAY_MS;
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
function usageByDay({ store }: SandboxState, accountSid: string, now: number): Map<number, DayUsage> {
  const days = new Map<number, DayUsage>();
  const account = `${ACCOUNTS_PATH}/${accountSid}`;
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
    for (let at = number.createdAt; at <= now; at += MONTH_MS) {
      use(at, ['phonenumbers'], 1, numberPrice(String(number.body.phone_number)));
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
  const days = usageByDay(request.state, request.accountSid, request.now);
  const today = Math.floor(request.now / DAY_MS) * DAY_MS;
  const wanted = Object.keys(CATEGORIES).filter((name) => name === (request.query.Category ?? name));
  const records = usagePeriods(request, Math.min(today, ...days.keys())).flatMap(([from, to]) => {
    const period = [...days].filter(([day]) => day >= from && day <= to).map(([, amounts]) => amounts);
    return wanted.map((category) => usageRecord(request, category, from, to, period));
  });
  return pageResponse(request, records);
}

/** Without the rounding errors of a sum. */
const rounded = (amount: number) => Math.round(amount * 1e5) / 1e5;

const sumOf = (days: readonly DayUsage[], category: string, name: keyof Amount): number =>
  rounded(days.reduce((sum, amounts) => sum + (amounts.get(category)?.[name] ?? 0), 0));

function usageRecord(
  request: SandboxRequest,
  category: string,
  from: number,
  to: number,
  period: readonly DayUsage[],
): Properties {
  const base = `/2010-04-01/Accounts/${request.accountSid}/Usage/Records`;
  const [description, countUnit, usageUnit] = CATEGORIES[category]!;
  const sum = (name: keyof Amount) => sumOf(period, category, name);
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

/** Length of the part of an ISO date that all days of an interval share. */
const TRIGGER_INTERVALS: Record<string, number> = { daily: 10, monthly: 7, yearly: 4 };

const intervalOf = ({ body }: StoredResource, time: number) =>
  isoDate(time).slice(0, TRIGGER_INTERVALS[String(body.recurring)] ?? 0);

/** What a trigger watches: the usage of the present interval, or all usage. */
function watchedAmount(trigger: StoredResource, now: number, state: SandboxState): number {
  const { account_sid, usage_category, trigger_by } = trigger.body as Record<string, string>;
  const days = [...usageByDay(state, account_sid!, now)].filter(
    ([day]) => intervalOf(trigger, day) === intervalOf(trigger, now),
  );
  return sumOf(
    days.map(([, amounts]) => amounts),
    usage_category!,
    trigger_by as keyof Amount,
  );
}

/** A trigger fires once in each of its intervals. */
const watchUsage: Lifecycle = (trigger, now, state) => {
  const { body } = trigger;
  const amount = watchedAmount(trigger, now, state);
  body.current_value = String(amount);
  const fired = body.date_fired ? intervalOf(trigger, Date.parse(String(body.date_fired))) : undefined;
  if (amount >= Number(body.trigger_value) && fired !== intervalOf(trigger, now)) {
    body.date_fired = new Date(now).toISOString();
  }
};

/** A value with a plus is relative to what has been used so far. */
const createTrigger: OperationRule = {
  onCreate({ now, state, fields }, trigger) {
    const value = String(fields.TriggerValue);
    if (value.startsWith('+')) {
      trigger.body.trigger_value = String(rounded(watchedAmount(trigger, now, state) + Number(value)));
    }
    watchUsage(trigger, now, state);
  },
};

/** Every list of usage records is computed from the account's log. */
export const USAGE_RULES: Record<string, OperationRule> = {
  ...Object.fromEntries(USAGE_LISTS.map((period) => [`api_v2010:ListUsageRecord${period}`, { respond: listUsage }])),
  'api_v2010:CreateUsageTrigger': createTrigger,
};

export const USAGE_LIFECYCLES: Record<string, Lifecycle> = { [`${ACCOUNTS_PATH}/{}/Usage/Triggers`]: watchUsage };
