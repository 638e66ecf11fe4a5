/** Accounts, keys and usage. */
import { randomBytes } from 'node:crypto';
import type { Body } from '../answer';
import { answerItems } from '../lists';
import type { Answer, Call, Rule } from '../world';

const day = (time: number) => new Date(time).toISOString().slice(0, 10);
const DAY = 86_400_000;

const newAccount: Rule = {
  created(call, resource) {
    const token = randomBytes(16).toString('hex');
    Object.assign(resource.body, {
      auth_token: token,
      owner_account_sid: call.world.accountSid,
      status: 'active',
      type: 'Full',
    });
    call.world.logins.set(resource.id, { password: token, accountSid: resource.id });
  },
};

/** A key's secret is shown once, in the answer that creates it. */
const newKey: Rule = {
  created(call, resource) {
    const secret = randomBytes(16).toString('hex');
    resource.notes.secret = secret;
    call.world.logins.set(resource.id, { password: secret, accountSid: call.accountSid });
  },
  decorate(_call, resource, answer) {
    const body = answer.body as Body;
    body.secret = resource.notes.secret;
    delete resource.body.secret;
  },
};

const forgetKey: Rule = {
  check(call) {
    call.world.logins.delete(call.target.id!);
  },
};

interface Use {
  category: string;
  description: string;
  perDay: number;
  unit: string;
  price: number;
}

const USES: Use[] = [
  { category: 'sms', description: 'SMS', perDay: 12, unit: 'messages', price: 0.0083 },
  { category: 'sms-outbound', description: 'SMS Outbound', perDay: 9, unit: 'messages', price: 0.0083 },
  { category: 'mms', description: 'MMS', perDay: 2, unit: 'messages', price: 0.022 },
  { category: 'calls', description: 'Voice Minutes', perDay: 4, unit: 'minutes', price: 0.014 },
  { category: 'phonenumbers', description: 'Phone Numbers', perDay: 0.1, unit: 'numbers', price: 1.15 },
  { category: 'totalprice', description: 'Total Price', perDay: 1, unit: 'usd', price: 0.4 },
];

/** First and last day of the periods that a list of usage records is about. */
function periods(call: Call): Array<[number, number]> {
  const name = /Usage\/Records(?:\/(\w+))?\.json$/.exec(call.operation.path)![1];
  const today = Math.floor(call.now / DAY) * DAY;
  const date = new Date(today);
  const month = (offset: number, nth: number) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, nth);
  const start = call.query.StartDate ? new Date(String(call.query.StartDate)).getTime() : undefined;
  const end = call.query.EndDate ? new Date(String(call.query.EndDate)).getTime() : today;
  switch (name) {
    case 'Today':
      return [[today, today]];
    case 'Yesterday':
      return [[today - DAY, today - DAY]];
    case 'ThisMonth':
      return [[month(0, 1), today]];
    case 'LastMonth':
      return [[month(-1, 1), month(0, 0)]];
    case 'Daily':
      return Array.from({ length: 7 }, (_, i): [number, number] => [today - i * DAY, today - i * DAY]).filter(
        ([at]) => at >= (start ?? 0) && at <= end,
      );
    case 'Monthly':
      return [0, -1, -2].map((i): [number, number] => [month(i, 1), i === 0 ? today : month(i + 1, 0)]);
    case 'Yearly':
      return [[Date.UTC(date.getUTCFullYear(), 0, 1), today]];
    default:
      return [[start ?? today - 30 * DAY, end]];
  }
}

function usage(call: Call): Answer {
  const wanted = call.query.Category;
  const base = `/2010-04-01/Accounts/${call.accountSid}/Usage/Records`;
  const records = periods(call).flatMap(([from, to]) =>
    USES.filter((use) => wanted === undefined || use.category === wanted).map((use): Body => {
      const days = Math.max(1, Math.round((to - from) / DAY) + 1);
      const amount = Math.round(use.perDay * days * 100) / 100;
      const query = `Category=${use.category}&StartDate=${day(from)}&EndDate=${day(to)}`;
      return {
        account_sid: call.accountSid,
        api_version: '2010-04-01',
        as_of: new Date(call.now).toISOString(),
        category: use.category,
        description: use.description,
        count: String(amount),
        count_unit: use.unit,
        usage: String(amount),
        usage_unit: use.unit,
        price: Math.round(amount * use.price * 10_000) / 10_000,
        price_unit: 'usd',
        start_date: day(from),
        end_date: day(to),
        subresource_uris: { daily: `${base}/Daily.json?Category=${use.category}` },
        uri: `${base}.json?${query}`,
      };
    }),
  );
  return answerItems(call, records);
}

const PERIODS = ['', 'AllTime', 'Daily', 'LastMonth', 'Monthly', 'ThisMonth', 'Today', 'Yearly', 'Yesterday'];

export const ACCOUNT_RULES: Record<string, Rule> = {
  ...Object.fromEntries(PERIODS.map((period) => [`api_v2010:ListUsageRecord${period}`, { answer: usage }])),
  'api_v2010:CreateAccount': newAccount,
  'api_v2010:CreateNewKey': newKey,
  'api_v2010:CreateNewSigningKey': newKey,
  'api_v2010:DeleteKey': forgetKey,
  'api_v2010:DeleteSigningKey': forgetKey,
  'iam_v1:CreateNewKey': newKey,
  'iam_v1:DeleteKey': forgetKey,
};
