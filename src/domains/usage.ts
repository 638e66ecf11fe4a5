import * as z from 'zod';
import { ToolError } from '../errors';
import { page, paging } from '../paging';
import { boolean, date, method, oneOf, sid, string, url } from '../params';
import { domain, tool } from '../tool';

const triggerSid = () => sid('UT', 'Usage trigger');
const recurring = (description: string) => oneOf(description, ['daily', 'monthly', 'yearly']);
const triggerBy = (description: string) => oneOf(description, ['count', 'usage', 'price']);

const TRIGGER = [
  'sid',
  'friendlyName',
  'usageCategory',
  'triggerBy',
  'triggerValue',
  'currentValue',
  'recurring',
  'dateFired',
  'callbackUrl',
  'callbackMethod',
  'dateCreated',
] as const;
const TRIGGERS = 'twilio_usage_list_triggers';

/** Periods that begin and end by themselves, so that dates say nothing about them. */
const FIXED: readonly string[] = ['today', 'yesterday', 'thisMonth', 'lastMonth', 'allTime'];

/** What the account used and what it cost. Two services offer this: Usage and Debugger. */
export const usageRecords = tool({
  name: 'twilio_debugger_get_usage_records',
  title: 'Get usage and costs',
  description:
    'List what the account used and paid, a record a category; of all time unless dates or a period are given. Categories overlap: the sum of ' +
    'all costs is totalprice. Without category, unused ones are left out: take limit 1000.',
  effect: 'read',
  operations: [
    'api_v2010:ListUsageRecord',
    'api_v2010:ListUsageRecordDaily',
    'api_v2010:ListUsageRecordMonthly',
    'api_v2010:ListUsageRecordYearly',
    'api_v2010:ListUsageRecordToday',
    'api_v2010:ListUsageRecordYesterday',
    'api_v2010:ListUsageRecordThisMonth',
    'api_v2010:ListUsageRecordLastMonth',
    'api_v2010:ListUsageRecordAllTime',
  ],
  input: () => ({
    category: string('Such as totalprice, sms, calls, phonenumbers', 100).optional(),
    period: oneOf('daily to yearly: a record each', [
      'daily',
      'monthly',
      'yearly',
      'today',
      'yesterday',
      'thisMonth',
      'lastMonth',
      'allTime',
    ]).optional(),
    startDate: date('First day').optional(),
    endDate: date('Last day').optional(),
    includeSubaccounts: boolean('Default true').optional(),
    ...paging(1000),
  }),
  run: ({ period, limit, pageToken, ...filters }, { twilio }) => {
    if (period && FIXED.includes(period) && (filters.startDate ?? filters.endDate)) {
      throw new ToolError(`The period ${period} takes no startDate and endDate. Leave out either.`);
    }
    const { records } = twilio.usage;
    // The lists of the periods are alike in all but their names.
    const list = period ? (records[period] as unknown as typeof records) : records;
    const used = filters.category === undefined ? isUsed : undefined;
    return page(list, filters, { limit, pageToken }, used);
  },
  returns: [
    'category',
    'description',
    'startDate',
    'endDate',
    'count',
    'countUnit',
    'usage',
    'usageUnit',
    'price',
    'priceUnit',
  ],
});

const isUsed = (record: { count: string; usage: string; price: number }) =>
  [record.count, record.usage, record.price].some((amount) => Number(amount) !== 0);

export const usage = domain({
  service: 'Usage',
  summary: 'What the account used and what it cost, by category and period, and triggers that watch over it.',
  instructions:
    'Costs of a time: get_usage_records with category totalprice; what they come from: the same without category. A trigger calls a URL once ' +
    'usage or price reaches a value; create_trigger takes the category names that get_usage_records shows.',
  tools: [
    usageRecords,
    tool({
      name: TRIGGERS,
      title: 'List usage triggers',
      description: 'List the triggers that watch usage, with current values.',
      effect: 'read',
      operations: ['api_v2010:ListUsageTrigger'],
      input: () => ({
        recurring: recurring('Only with this interval').optional(),
        triggerBy: triggerBy('Only watching this').optional(),
        usageCategory: string('Only of this category', 100).optional(),
        ...paging(1000),
      }),
      run: ({ limit, pageToken, ...filters }, { twilio }) => page(twilio.usage.triggers, filters, { limit, pageToken }),
      returns: TRIGGER,
    }),
    tool({
      name: 'twilio_usage_get_trigger',
      title: 'Get usage trigger',
      description: 'Fetch one usage trigger. To find it use list_triggers.',
      effect: 'read',
      operations: ['api_v2010:FetchUsageTrigger'],
      input: () => ({ triggerSid: triggerSid() }),
      run: ({ triggerSid }, { twilio }) => twilio.usage.triggers(triggerSid).fetch(),
      returns: TRIGGER,
    }),
    tool({
      name: 'twilio_usage_create_trigger',
      title: 'Create usage trigger',
      description: 'Have a URL called when usage or costs reach a value. It only tells: nothing is stopped or blocked.',
      effect: 'create',
      checkWith: TRIGGERS,
      operations: ['api_v2010:CreateUsageTrigger'],
      input: () => ({
        usageCategory: string('Such as totalprice or sms', 100),
        triggerValue: z
          .string()
          .regex(/^\+?\d+(\.\d+)?$/, 'must be a number, such as 100 or +30')
          .describe('Value to fire at; with + so much more than now'),
        callbackUrl: url('Called when it fires'),
        callbackMethod: method('callbackUrl').optional(),
        triggerBy: triggerBy('What is measured (default usage)').optional(),
        recurring: recurring('Starts anew in each; else fires once').optional(),
        friendlyName: string('Name', 64).optional(),
      }),
      run: (settings, { twilio }) => twilio.usage.triggers.create(settings),
      returns: TRIGGER,
    }),
    tool({
      name: 'twilio_usage_update_trigger',
      title: 'Update usage trigger',
      description:
        'Rename a usage trigger or change the URL it calls. Its value and category are fixed: create another.',
      effect: 'update',
      operations: ['api_v2010:UpdateUsageTrigger'],
      input: () => ({
        triggerSid: triggerSid(),
        friendlyName: string('Name', 64).optional(),
        callbackUrl: url('Called when it fires').optional(),
        callbackMethod: method('callbackUrl').optional(),
      }),
      run: ({ triggerSid, ...settings }, { twilio }) => twilio.usage.triggers(triggerSid).update(settings),
      returns: TRIGGER,
    }),
    tool({
      name: 'twilio_usage_delete_trigger',
      title: 'Delete usage trigger',
      description: 'Delete a usage trigger for good: nobody is told any more.',
      effect: 'delete',
      operations: ['api_v2010:DeleteUsageTrigger'],
      input: () => ({ triggerSid: triggerSid() }),
      run: ({ triggerSid }, { twilio }) => twilio.usage.triggers(triggerSid).remove(),
    }),
  ],
});
