import { join } from 'node:path';
import { callTool, type Stack, startStack } from './support/stack';

/*
 * Nobody is texted or called while it is quiet where they are, whichever tool tries. The servers' clocks are set.
 */

jest.setTimeout(240_000);

const SENDER = '+15005550006';
const BERLIN = '+493012345678';
const NEW_YORK = '+12125550100';
const SERVICE = `MG${'1'.repeat(32)}`;

type Attempt = readonly [tool: string, args: object];
const api = (id: string, params: object): Attempt => ['twilio_api_write', { id, params, confirm: true }];
const apiMessage = (To: string, params: object = {}) =>
  api('api_v2010:CreateMessage', { To, From: SENDER, Body: 'Hello', ...params });
const scheduled = (To: string, SendAt: string | string[], params: object = {}) =>
  apiMessage(To, { From: undefined, MessagingServiceSid: SERVICE, ScheduleType: 'fixed', SendAt, ...params });
const dial = (to: string, inner: string): Attempt => [
  'twilio_voice_make_call',
  { to, twiml: `<Response>${inner}</Response>` },
];
const waysTo = (to: string): Attempt[] => [
  ['twilio_messaging_send_sms', { to, body: 'Hello' }],
  ['twilio_voice_make_call', { to, say: 'Hello' }],
  apiMessage(to),
  api('verify_v2:CreateVerification', { ServiceSid: `VA${'1'.repeat(32)}`, To: to, Channel: 'sms' }),
  api('api_v2010:UpdateCall', { Sid: `CA${'1'.repeat(32)}`, Twiml: `<Response><Dial>${to}</Dial></Response>` }),
];

/** A server at a time of its own. */
async function stackAt(time: string, MCP_QUIET_HOURS: string): Promise<Stack> {
  process.env.TEST_CLOCK = time;
  return startStack({
    env: { MCP_QUIET_HOURS, MCP_REPEAT_SECONDS: 'off' },
    preloads: [join(__dirname, 'support/clock.cjs')],
  });
}

async function attempt(stack: Stack, [tool, args]: Attempt) {
  const { seq } = stack.sandbox.journal;
  const { text } = await callTool(stack.url, tool, args);
  const writes = stack.sandbox.journal.since(seq).filter(({ method }) => method !== 'GET');
  return { text, writes: writes.length };
}

const REFUSED =
  /^This deployment .* \(MCP_(QUIET_HOURS|TWIML_HOSTS)\); .*\. Nothing was sent, and no other tool will do it: (ask the owner|the next can be sent at \d{4}-\d\d-\d\d \d\d:\d\d UTC)\.$/;

async function expectRefused(stack: Stack, way: Attempt, words = REFUSED) {
  const { text, writes } = await attempt(stack, way);
  expect([way, writes, text]).toEqual([way, 0, expect.stringMatching(REFUSED)]);
  expect([way, text]).toEqual([way, expect.stringMatching(words)]);
}
const expectSent = async (stack: Stack, way: Attempt) => {
  const { text, writes } = await attempt(stack, way);
  expect([way, text, writes]).toEqual([way, text, 1]);
};

// 22:30 in Berlin, 16:30 in New York, 11:30 in Honolulu.
describe('in the time zones of a country', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await stackAt('2027-01-15T21:30:00Z', '21:00-08:00');
  });
  afterAll(() => stack.close());

  test('it is quiet in one and not in another', async () => {
    for (const way of waysTo(BERLIN))
      await expectRefused(stack, way, /from 21:00 to 08:00 .* sent at 2027-01-16 07:00 UTC/);
    for (const way of waysTo(NEW_YORK)) await expectSent(stack, way);
  });

  test('of several zones none may be quiet', async () => {
    // Half past midnight in Kamchatka and half past 23 in Kaliningrad; half past 8 in Sydney, half past 5 in Perth.
    for (const to of ['+74951234567', '+61212345678']) for (const way of waysTo(to)) await expectRefused(stack, way);
  });

  test('who is dialled by TwiML counts as well', async () => {
    for (const inner of [
      `<Dial>${BERLIN}</Dial>`,
      `<Dial><Number>${NEW_YORK}</Number><Number>${BERLIN}</Number></Dial>`,
    ])
      await expectRefused(stack, dial(NEW_YORK, inner));
    await expectSent(stack, dial(NEW_YORK, `<Dial>${NEW_YORK}</Dial>`));
  });

  test('whose time is unknown is not reached', async () => {
    for (const to of ['sip:alice@example.com', 'client:alice', '22395', '+870123456789', '493012345678'])
      await expectRefused(stack, apiMessage(to));
    await expectRefused(
      stack,
      api('conversations_v1:CreateConversationMessage', { ConversationSid: `CH${'1'.repeat(32)}`, Body: 'Hello' }),
    );
    await expectRefused(stack, dial(NEW_YORK, '<Redirect>https://evil.example/twiml</Redirect>'));
  });

  test('a scheduled message counts at its time', async () => {
    await expectSent(stack, scheduled(BERLIN, '2027-01-16T08:00:00Z'));
    await expectRefused(stack, scheduled(BERLIN, '2027-01-17T02:00:00Z'));
    await expectRefused(stack, scheduled(NEW_YORK, '2027-01-17T08:00:00Z'));
    await expectRefused(stack, scheduled(BERLIN, '2027-01-16T08:00:00Z', { ScheduleType: undefined }));
  });
});

describe('in one time zone for everyone', () => {
  test('it is quiet for everyone or for nobody', async () => {
    for (const [time, isQuiet] of [
      ['2027-07-15T11:30:00Z', true],
      ['2027-07-15T12:30:00Z', false],
    ] as const) {
      const stack = await stackAt(time, '21:00-08:00 America/New_York');
      try {
        for (const way of [...waysTo(BERLIN), apiMessage('client:alice'), ...waysTo(NEW_YORK)])
          await (isQuiet ? expectRefused(stack, way, /sent at 2027-07-15 12:00 UTC/) : expectSent(stack, way));
      } finally {
        await stack.close();
      }
    }
  });
});
