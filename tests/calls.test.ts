import { seedResource } from '../sandbox/seed-resource';
import { callTool, useStack } from './support/stack';

/*
 * The log of calls, and the settings of a call.
 */

const LOGS = 'twilio_voice_get_call_logs';
const COUNT = 1500;
const FROM = '+14155550199';
const START = Date.parse('2026-06-01T00:00:00Z');

const stack = useStack();

const sidOf = (n: number) => `CA${String(n).padStart(32, '0')}`;

/** Call `n`, the nth newest, that lasted so long; null for one that was never dialed. */
function addCall(n: number, duration: number | null): void {
  const at = START - n * 60_000;
  const ended = duration !== null && { end_time: new Date(at + duration * 1000).toUTCString(), price: '-0.014' };
  seedResource(stack.sandbox.state, {
    fetchOperation: 'api_v2010:FetchCall',
    known: {
      ...{
        sid: sidOf(n),
        from: FROM,
        to: '+14155550100',
        parent_call_sid: null,
        forwarded_from: null,
        queue_time: '0',
      },
      ...{ duration: duration?.toString() ?? null, start_time: ended ? new Date(at).toUTCString() : null },
      ...{ end_time: null, price: null, price_unit: 'USD', answered_by: ended ? 'human' : null, ...ended },
      status: ended ? 'completed' : 'failed',
      direction: 'outbound-api',
    },
    at,
  });
}

test('calls of at least a duration are found in one call, wherever they are in the log', async () => {
  for (let n = 0; n < COUNT; n++) addCall(n, n === 1400 ? 601 : n === 20 ? 600 : n % 2 ? 599 : null);
  const { structured } = await callTool(stack.url, LOGS, { from: FROM, minDuration: 600 });
  expect(structured.items.map(({ sid }: { sid: string }) => sid)).toEqual([sidOf(20), sidOf(1400)]);
  expect(structured.searched).toBeUndefined();
});

test.each([
  [{ status: ['busy', 'failed'] }, [2]],
  [{ status: ['completed', 'failed'] }, [1, 2, 3]],
  [{ status: 'completed', minDuration: 60 }, [1]],
  [{ status: ['completed', 'failed'], minDuration: 60 }, [1]],
])('calls are found by %j', async (filters, found) => {
  for (const [n, duration] of [
    [1, 90],
    [2, null],
    [3, 30],
  ] as const)
    addCall(n, duration);
  const { structured } = await callTool(stack.url, LOGS, { from: FROM, ...filters });
  expect(structured.items.map(({ sid }: { sid: string }) => sid)).toEqual(found.map(sidOf));
});

test('a listed call says when, who answered and the price; one that was never dialed, when it was created', async () => {
  addCall(1, 90);
  addCall(2, null);
  const { structured } = await callTool(stack.url, LOGS, { from: FROM });
  const both = { direction: 'outbound-api', from: FROM, to: '+14155550100' };
  expect(structured.items).toEqual([
    {
      ...{ sid: sidOf(1), status: 'completed', ...both, startTime: '2026-05-31T23:59:00.000Z', duration: '90' },
      ...{ endTime: '2026-06-01T00:00:30.000Z', answeredBy: 'human', price: '-0.014', priceUnit: 'USD' },
    },
    { sid: sidOf(2), status: 'failed', ...both, dateCreated: '2026-05-31T23:58:00.000Z' },
  ]);
});

test.each([
  [{ timeLimit: 60 }, { TimeLimit: 60 }],
  [{ statusCallback: 'https://example.com/x' }, { StatusCallback: 'https://example.com/x' }],
  [
    { url: 'https://example.com/x', timeLimit: 60 },
    { Url: 'https://example.com/x', TimeLimit: 60 },
  ],
])('a live call takes %j', async (args, fields) => {
  stack.sandbox.options.lenient = true;
  await callTool(stack.url, 'twilio_voice_redirect_call', { callSid: sidOf(1), ...args });
  expect(stack.sandbox.journal.last!.fields).toEqual(fields);
});

test.each([
  {},
  { method: 'GET' },
  { url: 'https://example.com/x', say: 'Hi' },
  { say: 'Hi', twiml: '<Response/>', timeLimit: 1 },
])('a live call is not redirected by %j', async (args) => {
  const { isError, text } = await callTool(stack.url, 'twilio_voice_redirect_call', { callSid: sidOf(1), ...args });
  expect([isError, text]).toEqual([true, expect.stringMatching(/^Pass one of say, twiml and url, or only/)]);
  expect(stack.sandbox.journal.entries).toEqual([]);
});

test.each(['sip:jack@example.com?x-customheader=foo', 'client:alice?room=12'])('a conference calls %s', async (to) => {
  stack.sandbox.options.lenient = true;
  await callTool(stack.url, 'twilio_voice_add_ons_add_participant', { conferenceSid: 'standup', to });
  expect(stack.sandbox.journal.last!.fields.To).toBe(to);
});
