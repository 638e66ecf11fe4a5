import { page, paging } from '../paging';
import { integer, oneOf, sid, string, timeRange, words } from '../params';
import { domain, reads, tool } from '../tool';
import { usageRecords } from './usage';

const logLevel = () => oneOf('Only alerts of this level', ['error', 'warning', 'notice', 'debug']).optional();

/** Twilio keeps alerts for 30 days. */
const MAX_HOURS = 720;
/** Twilio's maximum page size. */
const MAX_ALERTS = 5000;
const SAMPLES = 5;

interface Alert {
  errorCode: string;
  logLevel: string;
  moreInfo: string;
  resourceSid: string;
  requestUrl: string;
  dateGenerated: Date | null;
}

/** Summaries of the alerts by error code, most frequent first. */
function groupByCode(alerts: readonly Alert[]) {
  const byCode = new Map<string, [Alert, ...Alert[]]>();
  for (const alert of alerts) {
    const group = byCode.get(alert.errorCode);
    if (group) group.push(alert);
    else byCode.set(alert.errorCode, [alert]);
  }
  return [...byCode.values()].sort((a, b) => b.length - a.length).map(summarize);
}

function summarize(group: readonly [Alert, ...Alert[]]) {
  const { errorCode, logLevel, moreInfo } = group[0];
  const times = group.flatMap(({ dateGenerated }) => dateGenerated ?? []).sort((a, b) => a.getTime() - b.getTime());
  const resources = distinct(group.map((alert) => alert.resourceSid));
  return {
    errorCode,
    logLevel,
    count: group.length,
    firstSeen: times[0]?.toISOString(),
    lastSeen: times.at(-1)?.toISOString(),
    resourceCount: resources.length,
    resources: resources.slice(0, SAMPLES),
    urls: distinct(group.map(({ requestUrl }) => requestUrl?.replace(/\?.*$/s, ''))).slice(0, SAMPLES),
    moreInfo,
  };
}

function describeCut(alerts: readonly Alert[]): string {
  const oldest = alerts.at(-1)?.dateGenerated;
  const back = oldest ? `, back to ${oldest.toISOString()}` : '';
  return `Only the newest ${alerts.length} alerts were read${back}: lower hours, or raise limit.`;
}

const distinct = (values: readonly (string | null | undefined)[]) => [...new Set(values)].filter((value) => !!value);

const ALERT = words(
  'sid errorCode logLevel alertText resourceSid serviceSid requestMethod requestUrl dateGenerated moreInfo',
);
const EVENT = words(
  'sid eventType eventDate description resourceType resourceSid actorType actorSid source sourceIpAddress',
);

export const debuggerLogs = domain({
  service: 'Debugger',
  summary: 'Find out what went wrong: errors and warnings with their meaning, the audit trail, and usage.',
  instructions:
    'Start with analyze_errors, which groups recent errors; then use get_debugger_logs for single alerts and get_alert ' +
    'for the request to a webhook and its response. To see who changed a setting use list_events. Alerts are kept for 30 days.',
  tools: [
    tool({
      name: 'twilio_debugger_analyze_errors',
      title: 'Analyze errors',
      description:
        'Group recent errors and warnings by code: count, first and last occurrence, affected resources and URLs, meaning and remedy. For single alerts use get_debugger_logs.',
      ...reads('monitor_v1:ListAlert'),
      input: () => ({
        hours: integer('How many hours to look back', 1, MAX_HOURS).default(24),
        logLevel: logLevel(),
        limit: integer('Maximum number of alerts to read, newest first', 1, MAX_ALERTS).default(MAX_ALERTS),
      }),
      run: async ({ hours, logLevel, limit }, { twilio, deadline }) => {
        const startDate = new Date(Date.now() - hours * 3_600_000);
        const range = { logLevel, startDate, limit };
        const read = await page(twilio.monitor.v1.alerts, range, { keep: () => true, deadline });
        const alerts: readonly Alert[] = read.items;
        return {
          since: startDate,
          alertsRead: alerts.length,
          cut: read.nextPageToken === undefined ? undefined : describeCut(alerts),
          errors: groupByCode(alerts),
        };
      },
      returns: ['since', 'alertsRead', 'cut', 'errors'],
    }),
    tool({
      name: 'twilio_debugger_get_debugger_logs',
      title: 'List Debugger alerts',
      description:
        'List errors and warnings of the account, newest first, with the meaning and remedy of each code. For an overview use analyze_errors.',
      ...reads('monitor_v1:ListAlert'),
      input: () => ({
        logLevel: logLevel(),
        ...timeRange({
          from: ['startDate', 'Only alerts at or after this time; at most 30 days ago'],
          until: ['endDate', 'Only alerts at or before this time'],
        }),
        errorCode: integer('Only alerts with this Twilio error code', 10000, 99999).optional(),
        resourceSid: string('Only alerts about this SID, such as a call or message SID', 34).optional(),
        ...paging(1000),
      }),
      run: ({ errorCode, resourceSid, ...filters }, { twilio, deadline }) => {
        const filtered = errorCode !== undefined || resourceSid !== undefined;
        const keep = (alert: Alert) =>
          (errorCode === undefined || Number(alert.errorCode) === errorCode) &&
          (resourceSid === undefined || alert.resourceSid === resourceSid);
        return page(
          twilio.monitor.v1.alerts,
          filters,
          filtered ? { keep, deadline, dateOf: ({ dateGenerated }) => dateGenerated } : undefined,
        );
      },
      returns: ALERT,
      untrusted: ['requestUrl', 'alertText'],
    }),
    tool({
      name: 'twilio_debugger_get_alert',
      title: 'Get Debugger alert',
      description:
        'Fetch one alert with the request that Twilio sent to the webhook and the response. To find it use get_debugger_logs.',
      ...reads('monitor_v1:FetchAlert'),
      input: () => ({ alertSid: sid('NO', 'Alert; from get_debugger_logs') }),
      run: ({ alertSid }, { twilio }) => twilio.monitor.v1.alerts(alertSid).fetch(),
      returns: [...ALERT, 'requestVariables', 'responseBody'],
      untrusted: ['requestUrl', 'alertText', 'requestVariables', 'responseBody'],
    }),
    tool({
      name: 'twilio_debugger_list_events',
      title: 'List audit events',
      description:
        'List the audit trail of the account, newest first: which resource was changed, by whom and from which IP address. For old and new values use get_event.',
      ...reads('monitor_v1:ListEvent'),
      input: () => ({
        eventType: string('Only events of this type, such as phone-number.updated', 100).optional(),
        resourceSid: string('Only changes to the resource with this SID', 34).optional(),
        actorSid: sid('US', 'Only changes made by this user').optional(),
        sourceIpAddress: string('Only changes made from this IP address', 45).optional(),
        ...timeRange({
          from: ['startDate', 'Only events at or after this time'],
          until: ['endDate', 'Only events at or before this time'],
        }),
        ...paging(1000),
      }),
      run: (query, { twilio }) => page(twilio.monitor.v1.events, query),
      returns: EVENT,
    }),
    tool({
      name: 'twilio_debugger_get_event',
      title: 'Get audit event',
      description: 'Fetch one audit event with the values before and after the change. To find it use list_events.',
      ...reads('monitor_v1:FetchEvent'),
      input: () => ({ eventSid: sid('AE', 'Audit event; from list_events') }),
      run: ({ eventSid }, { twilio }) => twilio.monitor.v1.events(eventSid).fetch(),
      returns: [...EVENT, 'eventData'],
    }),
    usageRecords,
  ],
});
