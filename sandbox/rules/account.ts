/** Accounts, keys and usage. */
import { randomBytes } from 'node:crypto';
import type { Properties } from '../json';
import { pageResponse } from '../lists';
import type { OperationRule, SandboxRequest, SandboxResponse } from '../types';

const DAY_MS = 86_400_000;
const isoDate = (time: number) => new Date(time).toISOString().slice(0, 10);

const createAccount: OperationRule = {
  onCreate(request, account) {
    const token = randomBytes(16).toString('hex');
    Object.assign(account.body, {
      auth_token: token,
      owner_account_sid: request.state.accountSid,
      status: 'active',
      type: 'Full',
    });
    request.state.logins.set(account.id, { password: token, accountSid: account.id });
  },
};

/** Only the response that creates a key shows its secret. */
const createKey: OperationRule = {
  onCreate(request, key) {
    const secret = randomBytes(16).toString('hex');
    key.internal.secret = secret;
    request.state.logins.set(key.id, { password: secret, accountSid: request.accountSid });
  },
  decorate(_request, key, response) {
    const body = response.body as Properties;
    body.secret = key.internal.secret;
    delete key.body.secret;
  },
};

const deleteKey: OperationRule = {
  check(request) {
    request.state.logins.delete(request.target.id!);
  },
};

interface UsageCategory {
  category: string;
  description: string;
  perDay: number;
  unit: string;
  price: number;
}

const USAGE_CATEGORIES: UsageCategory[] = [
  { category: 'sms', description: 'SMS', perDay: 12, unit: 'messages', price: 0.0083 },
  { category: 'sms-outbound', description: 'SMS Outbound', perDay: 9, unit: 'messages', price: 0.0083 },
  { category: 'mms', description: 'MMS', perDay: 2, unit: 'messages', price: 0.022 },
  { category: 'calls', description: 'Voice Minutes', perDay: 4, unit: 'minutes', price: 0.014 },
  { category: 'phonenumbers', description: 'Phone Numbers', perDay: 0.1, unit: 'numbers', price: 1.15 },
  { category: 'totalprice', description: 'Total Price', perDay: 1, unit: 'usd', price: 0.4 },
];

/** First and last day of the periods that a usage list covers, in milliseconds since 1970. */
function usagePeriods(request: SandboxRequest): Array<[number, number]> {
  const name = /Usage\/Records(?:\/(\w+))?\.json$/.exec(request.operation.path)![1];
  const today = Math.floor(request.now / DAY_MS) * DAY_MS;
  const date = new Date(today);
  const month = (offset: number, nth: number) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, nth);
  const start = request.query.StartDate ? new Date(String(request.query.StartDate)).getTime() : undefined;
  const end = request.query.EndDate ? new Date(String(request.query.EndDate)).getTime() : today;
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
      return Array.from({ length: 7 }, (_, i): [number, number] => [today - i * DAY_MS, today - i * DAY_MS]).filter(
        ([at]) => at >= (start ?? 0) && at <= end,
      );
    case 'Monthly':
      return [0, -1, -2].map((i): [number, number] => [month(i, 1), i === 0 ? today : month(i + 1, 0)]);
    case 'Yearly':
      return [[Date.UTC(date.getUTCFullYear(), 0, 1), today]];
    default:
      return [[start ?? today - 30 * DAY_MS, end]];
  }
}

function listUsage(request: SandboxRequest): SandboxResponse {
  const { Category } = request.query;
  const base = `/2010-04-01/Accounts/${request.accountSid}/Usage/Records`;
  const records = usagePeriods(request).flatMap(([from, to]) =>
    USAGE_CATEGORIES.filter((use) => Category === undefined || use.category === Category).map((use): Properties => {
      const days = Math.max(1, Math.round((to - from) / DAY_MS) + 1);
      const amount = Math.round(use.perDay * days * 100) / 100;
      const query = `Category=${use.category}&StartDate=${isoDate(from)}&EndDate=${isoDate(to)}`;
      return {
        account_sid: request.accountSid,
        api_version: '2010-04-01',
        as_of: new Date(request.now).toISOString(),
        category: use.category,
        description: use.description,
        count: String(amount),
        count_unit: use.unit,
        usage: String(amount),
        usage_unit: use.unit,
        price: Math.round(amount * use.price * 10_000) / 10_000,
        price_unit: 'usd',
        start_date: isoDate(from),
        end_date: isoDate(to),
        subresource_uris: { daily: `${base}/Daily.json?Category=${use.category}` },
        uri: `${base}.json?${query}`,
      };
    }),
  );
  return pageResponse(request, records);
}

const USAGE_LISTS = ['', 'AllTime', 'Daily', 'LastMonth', 'Monthly', 'ThisMonth', 'Today', 'Yearly', 'Yesterday'];

export const ACCOUNT_RULES: Record<string, OperationRule> = {
  ...Object.fromEntries(USAGE_LISTS.map((period) => [`api_v2010:ListUsageRecord${period}`, { respond: listUsage }])),
  'api_v2010:CreateAccount': createAccount,
  'api_v2010:CreateNewKey': createKey,
  'api_v2010:CreateNewSigningKey': createKey,
  'api_v2010:DeleteKey': deleteKey,
  'api_v2010:DeleteSigningKey': deleteKey,
  'iam_v1:CreateNewKey': createKey,
  'iam_v1:DeleteKey': deleteKey,
};
