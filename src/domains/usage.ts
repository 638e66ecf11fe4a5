import * as z from 'zod';
import { ToolError } from '../errors';
import { page, paging } from '../paging';
import { boolean, dayRange, method, oneOf, sid, string, url, words } from '../params';
import { deletes, domain, grants, reads, tool } from '../tool';

const triggerSid = () => sid('UT', 'Usage trigger');
const INTERVALS = ['daily', 'monthly', 'yearly'] as const;
const triggerBy = (description: string) => oneOf(description, ['count', 'usage', 'price']);

const TRIGGER = words(
  'sid friendlyName usageCategory triggerBy triggerValue currentValue recurring dateFired callbackUrl callbackMethod dateCreated',
);
const TRIGGERS = 'twilio_usage_list_triggers';

/** Periods with fixed dates, which accept no others. */
const FIXED: readonly string[] = ['today', 'yesterday', 'thisMonth', 'lastMonth', 'allTime'];

/** Usage, Debugger and Lookups offer this tool. */
export const usageRecords = tool({
  name: 'twilio_debugger_get_usage_records',
  title: 'Get usage and costs',
  description:
    'List the usage and costs of the account, one record per category, over all time unless dates or a period are given. Categories overlap: ' +
    'totalprice is the sum of all costs. Without category unused ones are left out, so set limit to 1000.',
  ...reads(
    'api_v2010:ListUsageRecord',
    'api_v2010:ListUsageRecordDaily',
    'api_v2010:ListUsageRecordMonthly',
    'api_v2010:ListUsageRecordYearly',
    'api_v2010:ListUsageRecordToday',
    'api_v2010:ListUsageRecordYesterday',
    'api_v2010:ListUsageRecordThisMonth',
    'api_v2010:ListUsageRecordLastMonth',
    'api_v2010:ListUsageRecordAllTime',
  ),
  input: () => ({
    category: string('Only this category, such as totalprice, sms, calls or phonenumbers', 100).optional(),
    period: oneOf(
      'daily, monthly and yearly return one record per interval; the others cover fixed dates',
      words('daily monthly yearly today yesterday thisMonth lastMonth allTime'),
    ).optional(),
    ...dayRange({ from: ['startDate', 'First day to include'], until: ['endDate', 'Last day to include'] }),
    includeSubaccounts: boolean('Include the usage of subaccounts; default true').optional(),
    ...paging(1000),
  }),
  run: ({ period, ...filters }, { twilio, deadline }) => {
    if (period && FIXED.includes(period) && (filters.startDate ?? filters.endDate)) {
      throw new ToolError(`Period ${period} accepts no startDate or endDate. Omit the dates, or the period.`);
    }
    const { records } = twilio.usage;
    // The lists of all periods differ in name only.
    const list = period ? (records[period] as unknown as typeof records) : records;
    return page(list, filters, filters.category === undefined ? { keep: isUsed, deadline } : undefined);
  },
  returns: words('category description startDate endDate count countUnit usage usageUnit price priceUnit'),
});

const isUsed = (record: { count: string; usage: string; price: number }) =>
  [record.count, record.usage, record.price].some((amount) => Number(amount) !== 0);

export const usage = domain({
  service: 'Usage',
  summary: 'Usage and costs of the account by category and period, and triggers that watch them.',
  instructions:
    'For the cost of a period call get_usage_records with category totalprice; for its breakdown call it without category. A trigger calls a ' +
    'URL once usage or price reaches a value; create_trigger takes the category names that get_usage_records returns.',
  tools: [
    usageRecords,
    tool({
      name: TRIGGERS,
      title: 'List usage triggers',
      description: 'List the usage triggers with their current values.',
      ...reads('api_v2010:ListUsageTrigger'),
      input: () => ({
        recurring: oneOf('Only triggers with this interval; alltime: those that fire once', [
          ...INTERVALS,
          'alltime',
        ]).optional(),
        triggerBy: triggerBy('Only triggers that measure this').optional(),
        usageCategory: string('Only triggers on this category', 100).optional(),
        ...paging(1000),
      }),
      run: (query, { twilio }) => page(twilio.usage.triggers, query),
      returns: TRIGGER,
    }),
    tool({
      name: 'twilio_usage_get_trigger',
      title: 'Get usage trigger',
      description: 'Fetch one usage trigger by its SID. To find the SID use list_triggers.',
      ...reads('api_v2010:FetchUsageTrigger'),
      input: () => ({ triggerSid: triggerSid() }),
      run: ({ triggerSid }, { twilio }) => twilio.usage.triggers(triggerSid).fetch(),
      returns: TRIGGER,
    }),
    tool({
      name: 'twilio_usage_create_trigger',
      title: 'Create usage trigger',
      description:
        'Have a URL called when usage or costs reach a value. It only notifies: nothing is stopped or blocked.',
      ...grants({ checkWith: TRIGGERS }, 'api_v2010:CreateUsageTrigger'),
      input: () => ({
        usageCategory: string('Category to watch, such as totalprice or sms', 100),
        triggerValue: z
          .string()
          .regex(/^\+?\d+(\.\d+)?$/, 'must be a number, such as 100 or +30')
          .describe('Value to fire at, such as 100; with a leading + relative to the current value'),
        callbackUrl: url('Called when the trigger fires'),
        callbackMethod: method('callbackUrl').optional(),
        triggerBy: triggerBy('What is measured; default usage').optional(),
        recurring: oneOf('Interval after which the trigger resets; if omitted, it fires once', INTERVALS).optional(),
        friendlyName: string('Label of the trigger', 64).optional(),
      }),
      run: (settings, { twilio }) => twilio.usage.triggers.create(settings),
      returns: TRIGGER,
    }),
    tool({
      name: 'twilio_usage_update_trigger',
      title: 'Update usage trigger',
      description:
        'Rename a usage trigger or change the URL it calls. Its value and category cannot change: use create_trigger for another one.',
      ...grants({ checkWith: 'twilio_usage_get_trigger' }, 'api_v2010:UpdateUsageTrigger'),
      input: () => ({
        triggerSid: triggerSid(),
        friendlyName: string('Label of the trigger', 64).optional(),
        callbackUrl: url('Called when the trigger fires').optional(),
        callbackMethod: method('callbackUrl').optional(),
      }),
      run: ({ triggerSid, ...settings }, { twilio }) => twilio.usage.triggers(triggerSid).update(settings),
      returns: TRIGGER,
    }),
    tool({
      name: 'twilio_usage_delete_trigger',
      title: 'Delete usage trigger',
      description: 'Permanently delete a usage trigger: its URL is no longer called.',
      ...deletes('api_v2010:DeleteUsageTrigger'),
      input: () => ({ triggerSid: triggerSid() }),
      run: ({ triggerSid }, { twilio }) => twilio.usage.triggers(triggerSid).remove(),
    }),
  ],
});
