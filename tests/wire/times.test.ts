import { isSelector } from '../../src/params';
import { timeRoleOf } from '../../src/time';
import { law, TOOLS } from '../laws/law';
import { fill, isEndOfRange, propertiesOf } from '../support/arguments';
import { callTool, requestsOf, useStack } from '../support/stack';
import { VARIATIONS, WIRE_ENVIRONMENT } from '../support/variations';

/*
 * What times and days become on their way to Twilio.
 */

const stack = useStack({
  lenient: true,
  env: { ...WIRE_ENVIRONMENT, TWILIO_MESSAGING_SERVICE_SID: `MG${'a'.repeat(32)}` },
});

const isTime = ({ description = '' }: { description?: string }) => /ISO 8601|YYYY-MM-DD/.test(description);
const timesOf = (tool: (typeof TOOLS)[number]) =>
  Object.entries(propertiesOf(tool)).flatMap(([name, property]) => (isTime(property) ? [name] : []));

law(
  'a time argument is declared with the helpers of src/params.ts, and its tool takes timeZone',
  'use timeRange or dayRange for the two ends of a search, since for a start alone, dateTime for one instant; add ...timeZone().',
  () =>
    TOOLS.flatMap((tool) => {
      const shape = tool.input();
      return timesOf(tool).flatMap((name) => {
        const role = timeRoleOf(shape[name]!);
        const label = `${tool.name}.${name}`;
        if (role === undefined) return [`${label}: not declared as a time`];
        const isEnd = role.role === 'before' || role.role === 'until';
        if (isEnd !== isEndOfRange(name)) return [`${label}: its name and its helper disagree on whether it is an end`];
        const alone = role.role === 'start' && !Object.values(shape).some((other) => timeRoleOf(other)?.start === name);
        if (alone && !/^(since|after)$/.test(name)) return [`${label}: a start without an end`];
        const zone = shape.timeZone;
        return role.days || (zone && isSelector(zone)) ? [] : [`${label}: timeZone is missing`];
      });
    }),
);

describe('every search by time', () => {
  // Those of the store send no times to Twilio.
  const searches = TOOLS.filter(({ operations }) => operations.length > 0).flatMap((tool) => {
    const ends = timesOf(tool).filter(isEndOfRange);
    return ends.map((end) => ({ tool, end, start: timeRoleOf(tool.input()[end]!)!.start! }));
  });
  /** The arguments of a search, with the ends of one range and no other times. */
  const argumentsOf = ({ tool, start, end }: (typeof searches)[number], from: string, to: string) => {
    const omit = [...timesOf(tool), 'timeZone', 'minutes', 'pageToken'];
    const [variation] = VARIATIONS[tool.name] ?? [{}];
    return { ...fill(tool, { ...variation, omit: [...omit, ...(variation?.omit ?? [])] }), [start]: from, [end]: to };
  };
  const wrong: string[] = [];
  beforeAll(async () => {
    for (const search of searches) {
      const label = `${search.tool.name}.${search.end}`;
      const day = await requestsOf(stack, search.tool.name, argumentsOf(search, '2026-01-31', '2026-01-31'));
      const values = day.requests.flatMap(({ query }) => [...new URLSearchParams(query).values()]);
      const includesDay = ['2026-02-01T00:00:00Z', '2026-01-31T23:59:59Z', '2026-02-01'].some((end) =>
        values.includes(end),
      );
      if (!includesDay && values.filter((value) => value === '2026-01-31').length !== 2) {
        wrong.push(`${label}: a day as start and end leaves as ${values.join(', ') || day.answer.text}`);
      }
      const { times = {} } = day.answer.structured ?? {};
      if (!(search.start in times && search.end in times)) wrong.push(`${label}: the result has no times`);
      const inverted = await requestsOf(stack, search.tool.name, argumentsOf(search, '2026-02-01', '2026-01-31'));
      if (inverted.requests.length > 0 || !inverted.answer.text.includes('the range is empty')) {
        wrong.push(`${label}: an inverted range is not rejected: ${inverted.answer.text.slice(0, 100)}`);
      }
    }
  }, 120_000);

  law(
    'a day as the end includes that day, the result says what was searched, and an inverted range is rejected',
    'declare the range with timeRange or dayRange, and pass both ends on.',
    () => (searches.length > 15 ? wrong : ['no searches found']),
  );
});

const sentBy = (form = '') => Object.fromEntries(new URLSearchParams(form));

const LOGS = 'twilio_messaging_get_message_logs';
const CALLS = 'twilio_voice_get_call_logs';
const NEW_YORK = { timeZone: 'America/New_York' };

test.each([
  // Twilio takes days.
  ['twilio_debugger_get_usage_records', { endDate: '2026-01-31' }, { EndDate: '2026-01-31' }],
  ['twilio_voice_add_ons_list_conferences', { dateCreatedBefore: '2026-01-31' }, { 'DateCreated<': '2026-02-01' }],
  ['twilio_conversations_list_conversations', { endDate: '2026-01-31' }, { EndDate: '2026-01-31T23:59:59Z' }],
  // Twilio takes an instant, included or not.
  [LOGS, { dateSentBefore: '2026-01-31' }, { 'DateSent<': '2026-01-31T23:59:59Z' }],
  [CALLS, { startTimeBefore: '2026-01-31' }, { 'StartTime<': '2026-02-01T00:00:00Z' }],
  ['twilio_debugger_get_debugger_logs', { endDate: '2026-01-31' }, { EndDate: '2026-01-31T23:59:59Z' }],
  // Days and times of a zone; clocks in New York change on 8 March.
  [
    LOGS,
    { dateSentAfter: '2026-03-08', dateSentBefore: '2026-03-08', ...NEW_YORK },
    { 'DateSent>': '2026-03-08T05:00:00Z', 'DateSent<': '2026-03-09T03:59:59Z' },
  ],
  [LOGS, { dateSentAfter: '2026-07-01T09:00', ...NEW_YORK }, { 'DateSent>': '2026-07-01T13:00:00Z' }],
  [LOGS, { dateSentAfter: '2026-07-01T09:00:00+02:00', ...NEW_YORK }, { 'DateSent>': '2026-07-01T07:00:00Z' }],
  // Other forms with one reading.
  [LOGS, { dateSentAfter: '2026-07-01 09:00', ...NEW_YORK }, { 'DateSent>': '2026-07-01T13:00:00Z' }],
  [LOGS, { dateSentAfter: '2026-07-01 09:00:00 +0200' }, { 'DateSent>': '2026-07-01T07:00:00Z' }],
  [LOGS, { dateSentAfter: '2026-07-01t09:00-05' }, { 'DateSent>': '2026-07-01T14:00:00Z' }],
  [LOGS, { dateSentAfter: '2026-07-01 09:00z' }, { 'DateSent>': '2026-07-01T09:00:00Z' }],
  // Clocks in Beirut skip midnight.
  [LOGS, { dateSentAfter: '2026-03-29', timeZone: 'Asia/Beirut' }, { 'DateSent>': '2026-03-28T22:00:00Z' }],
])('%s %j asks Twilio for %j', async (name, args, expected) => {
  const { requests } = await requestsOf(stack, name, args);
  expect(sentBy(requests[0]?.query)).toMatchObject(expected);
});

test.each([
  [
    LOGS,
    { dateSentAfter: '2026-01-31T09:00:00' },
    /dateSentAfter: has no offset: add one \(Z, \+02:00\), or pass timeZone\./,
  ],
  [
    LOGS,
    { dateSentAfter: '2026-01-31T09:00', timeZone: 'Berlin' },
    /^[^:]*timeZone: must be an IANA time zone, such as America\/New_York\.$/,
  ],
  [LOGS, { dateSentAfter: '2026-03-08T02:30', ...NEW_YORK }, /does not exist in America\/New_York/],
  [LOGS, { dateSentAfter: '2026-11-01T01:30', ...NEW_YORK }, /occurs twice in America\/New_York/],
  [
    LOGS,
    { dateSentAfter: '2026-01-31T09:00:00Z', dateSentBefore: '2026-01-31T08:00:00Z' },
    /dateSentBefore: must be after dateSentAfter, or the range is empty\./,
  ],
  [CALLS, { startTimeAfter: '2026-01-31T09:00:00Z', startTimeBefore: '2026-01-31T09:00:00Z' }, /the range is empty/],
  [
    'twilio_messaging_send_sms',
    { to: '+14155550100', body: 'Hi', sendAt: '2026-01-31' },
    /sendAt: needs a time of day/,
  ],
])('%s %j is rejected without a request', async (name, args, expected) => {
  const { answer, requests } = await requestsOf(stack, name, args);
  expect([answer.isError, answer.text, requests]).toEqual([true, expect.stringMatching(expected), []]);
});

test('a scheduled message is answered with its time in UTC and in the zone', async () => {
  const day = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
  const args = { to: '+14155550100', body: 'Hi', sendAt: `${day}T09:00`, timeZone: 'Asia/Kolkata' };
  const { answer, requests } = await requestsOf(stack, 'twilio_messaging_send_sms', args);
  const sent = requests.find(({ method }) => method === 'POST');
  expect(sentBy(sent?.body as string)).toMatchObject({ SendAt: `${day}T03:30:00Z` });
  expect(answer.structured).toMatchObject({
    times: { sendAt: `${day}T03:30:00Z` },
    localTimes: { sendAt: `${day}T09:00:00+05:30[Asia/Kolkata]` },
  });
});

test('conferences of the day after the end are left out, even if Twilio returns them', async () => {
  const LIST = 'twilio_voice_add_ons_list_conferences';
  const listed = async (filters: object) => (await callTool(stack.url, LIST, filters)).structured.items;
  const [conference] = await listed({});
  const created = Date.parse(conference.dateCreated);
  const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
  expect(await listed({ dateCreatedBefore: dayOf(created) })).toContainEqual(conference);
  expect(await listed({ dateCreatedBefore: dayOf(created - 86_400_000) })).not.toContainEqual(conference);
});

test('the result of a search says what was searched', async () => {
  const { structured } = await callTool(stack.url, LOGS, { dateSentAfter: '2026-01-31', dateSentBefore: '2026-01-31' });
  expect(structured.times).toEqual({ dateSentAfter: '2026-01-31T00:00:00Z', dateSentBefore: '2026-01-31T23:59:59Z' });
});
