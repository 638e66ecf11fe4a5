import { withMeaning } from '../errors';
import { page, paging } from '../paging';
import { dateTime, integer, oneOf, sid, string } from '../params';
import { domain, tool } from '../tool';
import { usageRecords } from './usage';

const logLevel = () => oneOf('Only of this level', ['error', 'warning', 'notice', 'debug']).optional();

/** Twilio keeps alerts for 30 days. */
const MAX_HOURS = 720;
/** Twilio's largest page. */
const PAGE_SIZE = 1000;
const SAMPLES = 5;

interface Alert {
  errorCode: string;
  logLevel: string;
  moreInfo: string;
  resourceSid: string;
  requestUrl: string;
  dateGenerated: Date;
}

/** The alerts by code, most frequent first. */
function grouped(alerts: readonly Alert[]) {
  const byCode = new Map<string, [Alert, ...Alert[]]>();
  for (const alert of alerts) {
    const group = byCode.get(alert.errorCode);
    if (group) group.push(alert);
    else byCode.set(alert.errorCode, [alert]);
  }
  return [...byCode.values()].sort((a, b) => b.length - a.length).map(summary);
}

function summary(group: readonly [Alert, ...Alert[]]) {
  const { errorCode, logLevel, moreInfo } = group[0];
  const times = group.map((alert) => alert.dateGenerated.getTime());
  const resources = distinct(group.map((alert) => alert.resourceSid));
  return withMeaning({
    errorCode,
    logLevel,
    count: group.length,
    firstSeen: new Date(Math.min(...times)).toISOString(),
    lastSeen: new Date(Math.max(...times)).toISOString(),
    resourceCount: resources.length,
    resources: resources.slice(0, SAMPLES),
    urls: distinct(group.map((alert) => alert.requestUrl)).slice(0, SAMPLES),
    moreInfo,
  });
}

const distinct = (values: readonly (string | null)[]) => [...new Set(values)].filter((value) => !!value);

const ALERT = [
  'sid',
  'errorCode',
  'errorMeaning',
  'errorRemedy',
  'logLevel',
  'alertText',
  'resourceSid',
  'serviceSid',
  'requestMethod',
  'requestUrl',
  'dateGenerated',
  'moreInfo',
] as const;
const EVENT = [
  'sid',
  'eventType',
  'eventDate',
  'description',
  'resourceType',
  'resourceSid',
  'actorType',
  'actorSid',
  'source',
  'sourceIpAddress',
] as const;

export const debuggerLogs = domain({
  service: 'Debugger',
  summary: 'Find out what goes wrong: errors and warnings of the account, what they mean, who changed what, and usage.',
  instructions:
    'Begin with analyze_errors, which groups the errors of the last hours; then get_debugger_logs for the single alerts and get_alert ' +
    'for what a webhook was sent and answered. Who changed a setting is in list_events. Alerts are kept for 30 days.',
  tools: [
    tool({
      name: 'twilio_debugger_analyze_errors',
      title: 'Analyze errors',
      description:
        'Group the errors of the last hours by code: how many, first and last seen, resources and URLs hit, what each means and what to do. Single ones: get_debugger_logs.',
      effect: 'read',
      operations: ['monitor_v1:ListAlert'],
      input: () => ({
        hours: integer('Hours back', 1, MAX_HOURS).default(24),
        logLevel: logLevel(),
        limit: integer('Alerts to read; the answer says if there are more', 1, 5 * PAGE_SIZE).default(PAGE_SIZE),
      }),
      run: async ({ hours, logLevel, limit }, { twilio }) => {
        const startDate = new Date(Date.now() - hours * 3_600_000);
        const alerts: Alert[] = [];
        let pageToken: string | undefined;
        do {
          const next = { limit: Math.min(limit, PAGE_SIZE), pageToken };
          const read = await page(twilio.monitor.v1.alerts, { logLevel, startDate }, next);
          alerts.push(...read.items);
          pageToken = read.nextPageToken;
        } while (pageToken !== undefined && alerts.length < limit);
        const cut = pageToken !== undefined || alerts.length > limit;
        return {
          since: startDate,
          alertsRead: Math.min(alerts.length, limit),
          cut: cut ? `Only the newest ${limit} alerts were read: give a larger limit or fewer hours.` : undefined,
          errors: grouped(alerts.slice(0, limit)),
        };
      },
      returns: ['since', 'alertsRead', 'cut', 'errors'],
    }),
    tool({
      name: 'twilio_debugger_get_debugger_logs',
      title: 'List alerts',
      description:
        'List errors and warnings of the account, newest first, with what each code means and what to do. For an overview use analyze_errors.',
      effect: 'read',
      operations: ['monitor_v1:ListAlert'],
      input: () => ({
        logLevel: logLevel(),
        startDate: dateTime('Only from then on, 30 days back at most').optional(),
        endDate: dateTime('Only until then').optional(),
        errorCode: integer('Only with this code', 10000, 99999).optional(),
        resourceSid: string('Only about this SID: a call, a message or other', 34).optional(),
        ...paging(1000),
      }),
      run: async ({ limit, pageToken, errorCode, resourceSid, ...filters }, { twilio }) => {
        const filtered = errorCode !== undefined || resourceSid !== undefined;
        const wanted = (alert: Alert) =>
          (errorCode === undefined || Number(alert.errorCode) === errorCode) &&
          (resourceSid === undefined || alert.resourceSid === resourceSid);
        const alerts = await page(
          twilio.monitor.v1.alerts,
          filters,
          { limit, pageToken },
          filtered ? wanted : undefined,
        );
        return alerts.map(withMeaning);
      },
      returns: ALERT,
      untrusted: ['alertText'],
    }),
    tool({
      name: 'twilio_debugger_get_alert',
      title: 'Get alert',
      description:
        'Fetch one alert with what Twilio sent to the webhook and what came back. To find it use get_debugger_logs.',
      effect: 'read',
      operations: ['monitor_v1:FetchAlert'],
      input: () => ({ alertSid: sid('NO', 'Alert') }),
      run: async ({ alertSid }, { twilio }) => withMeaning(await twilio.monitor.v1.alerts(alertSid).fetch()),
      returns: [...ALERT, 'requestVariables', 'responseBody'],
      untrusted: ['alertText', 'requestVariables', 'responseBody'],
    }),
    tool({
      name: 'twilio_debugger_list_events',
      title: 'List events',
      description:
        'List what was changed in the account, by whom and from where, newest first: the audit trail. The change itself: get_event.',
      effect: 'read',
      operations: ['monitor_v1:ListEvent'],
      input: () => ({
        eventType: string('Only of this type, such as phone-number.updated', 100).optional(),
        resourceSid: string('Only about this SID', 34).optional(),
        actorSid: sid('US', 'Only by this user').optional(),
        sourceIpAddress: string('Only from this IP address', 45).optional(),
        startDate: dateTime('Only from then on').optional(),
        endDate: dateTime('Only until then').optional(),
        ...paging(1000),
      }),
      run: ({ limit, pageToken, ...filters }, { twilio }) =>
        page(twilio.monitor.v1.events, filters, { limit, pageToken }),
      returns: EVENT,
    }),
    tool({
      name: 'twilio_debugger_get_event',
      title: 'Get event',
      description: 'Fetch one event with what it changed: values before and after. To find it use list_events.',
      effect: 'read',
      operations: ['monitor_v1:FetchEvent'],
      input: () => ({ eventSid: sid('AE', 'Event') }),
      run: ({ eventSid }, { twilio }) => twilio.monitor.v1.events(eventSid).fetch(),
      returns: [...EVENT, 'eventData'],
    }),
    usageRecords,
  ],
});
