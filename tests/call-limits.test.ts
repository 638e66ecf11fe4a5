import { type LocalServer, serveLocally } from '../scripts/serve-functions';
import { callTool, useStack } from './support/stack';

/*
 * How many calls there may be at a time, how long they last, and messages that must be templates: attacked through
 * curated tools, the generic tools and TwiML.
 */

jest.setTimeout(240_000);

const TO = '+14155550100';
const OTHER = '+14155550101';
const SENDER = '+15005550006';
const TEMPLATE = `HX${'1'.repeat(32)}`;
const SID = (prefix: string) => prefix + '1'.repeat(32);

type Attempt = readonly [tool: string, args: object];
const api = (id: string, params: object): Attempt => ['twilio_api_write', { id, params, confirm: true }];
const twiml = (inner: string) => `<Response>${inner}</Response>`;
const make = (args: object): Attempt => ['twilio_voice_make_call', { to: TO, say: 'Hello', ...args }];
const apiCall = (params: object = {}) =>
  api('api_v2010:CreateCall', { To: TO, From: SENDER, Twiml: twiml('<Say>Hello</Say>'), ...params });
const REFUSED = /^This deployment .* \(MCP_\w+\); .*\. Nothing was sent, and no other tool will do it: [\w ]+\.$/;

function useAttempts(env: Record<string, string>) {
  const stack = useStack({ env: { ...env, MCP_REPEAT_SECONDS: 'off' } });
  /** The requests that left, and the answer. */
  return async ([tool, args]: Attempt) => {
    const { seq } = stack.sandbox.journal;
    const { text, structured } = await callTool(stack.url, tool, args);
    const writes = stack.sandbox.journal.since(seq).filter(({ method }) => method !== 'GET');
    return { text, structured, writes };
  };
}

describe('MCP_MAX_CALL_SECONDS', () => {
  const attempt = useAttempts({ MCP_MAX_CALL_SECONDS: '600' });

  test.each<[Attempt, string]>([
    [make({}), '600'],
    [make({ timeLimit: 86400 }), '600'],
    [make({ timeLimit: 60 }), '60'],
    [apiCall(), '600'],
    [apiCall({ TimeLimit: 3600 }), '600'],
    [apiCall({ TimeLimit: 30 }), '30'],
    [apiCall({ TimeLimit: 0 }), '600'],
    [api('api_v2010:CreateParticipant', { ConferenceSid: SID('CF'), To: TO, From: SENDER }), '600'],
    [api('api_v2010:CreateParticipant', { ConferenceSid: SID('CF'), To: TO, From: SENDER, TimeLimit: 601 }), '600'],
    [api('api_v2010:UpdateCall', { Sid: SID('CA'), TimeLimit: 86400 }), '600'],
    [api('api_v2010:UpdateCall', { Sid: SID('CA'), Twiml: twiml(`<Dial timeLimit="86400">${TO}</Dial>`) }), '600'],
    [api('api_v2010:UpdateCall', { Sid: SID('CA'), Url: 'https://example.com/twiml' }), '600'],
  ])('%j ends after %s seconds', async (way, seconds) => {
    const { text, writes } = await attempt(way);
    expect([text, writes.map(({ fields }) => String(fields.TimeLimit))]).toEqual([text, [seconds]]);
  });

  test('the answer says that a limit was lowered', async () => {
    expect((await attempt(make({ timeLimit: 3600 }))).structured.notes).toEqual([
      'The call ends after 600 seconds (MCP_MAX_CALL_SECONDS).',
    ]);
    expect((await attempt(make({ timeLimit: 60 }))).structured).not.toHaveProperty('notes');
  });

  test('calls without a time limit are refused, and what calls nobody is left alone', async () => {
    const reservation = { WorkspaceSid: SID('WS'), TaskSid: SID('WT'), Sid: SID('WR') };
    const call = { Instruction: 'call', CallTo: TO, CallFrom: SENDER };
    const { text, writes } = await attempt(api('taskrouter_v1:UpdateTaskReservation', { ...reservation, ...call }));
    expect([writes, text]).toEqual([[], expect.stringMatching(REFUSED)]);
    const ending = await attempt(api('api_v2010:UpdateCall', { Sid: SID('CA'), Status: 'completed' }));
    expect(ending.writes.map(({ fields }) => fields)).toEqual([{ Status: 'completed' }]);
  });
});

describe('MCP_TEMPLATES_ONLY', () => {
  const attempt = useAttempts({ MCP_TEMPLATES_ONLY: 'true' });
  const message = (params: object) => api('api_v2010:CreateMessage', { To: TO, From: SENDER, ...params });
  const inConversation = (params: object) =>
    api('conversations_v1:CreateConversationMessage', { ConversationSid: SID('CH'), ...params });

  test.each<Attempt>([
    ['twilio_messaging_send_sms', { to: TO, body: 'Hello' }],
    ['twilio_messaging_send_sms', { to: TO, body: 'Hello', contentSid: TEMPLATE }],
    ['twilio_messaging_send_sms', { to: TO, mediaUrl: ['https://example.com/a.png'], contentSid: TEMPLATE }],
    ['twilio_conversations_send_message', { conversationSid: SID('CH'), body: 'Hello' }],
    message({ Body: 'Hello' }),
    message({ Body: 'Hello', ContentSid: TEMPLATE }),
    inConversation({ Body: 'Hello' }),
    inConversation({ MediaSid: SID('ME') }),
    api('conversations_v1:CreateServiceConversationMessage', {
      ChatServiceSid: SID('IS'),
      ConversationSid: SID('CH'),
      Body: 'Hello',
    }),
    api('notify_v1:CreateNotification', { ServiceSid: SID('IS'), Body: 'Hello', Identity: ['a'] }),
    api('proxy_v1:CreateMessageInteraction', {
      ServiceSid: SID('KS'),
      SessionSid: SID('KC'),
      ParticipantSid: SID('KP'),
      Body: 'Hello',
    }),
    make({ say: undefined, twiml: twiml(`<Sms to="${TO}">Hello</Sms>`) }),
    apiCall({ Twiml: twiml(`<Say>Hello</Say><Sms to="${TO}">Hello</Sms>`) }),
    api('content_v1:CreateContent', { body: { language: 'en', types: { 'twilio/text': { body: '{{1}}' } } } }),
  ])('%s %j is refused', async (...way) => {
    const { text, writes } = await attempt(way);
    expect([writes, text]).toEqual([[], expect.stringMatching(/\(MCP_TEMPLATES_ONLY\)/)]);
  });

  test.each<Attempt>([
    ['twilio_messaging_send_sms', { to: TO, contentSid: TEMPLATE, contentVariables: { 1: 'Ada' } }],
    message({ ContentSid: TEMPLATE }),
    inConversation({ ContentSid: TEMPLATE }),
    api('verify_v2:CreateVerification', { ServiceSid: SID('VA'), To: TO, Channel: 'sms' }),
    apiCall(),
  ])('%s %j is sent', async (...way) => {
    const { text, writes } = await attempt(way);
    expect([text, writes.length]).toEqual([text, 1]);
  });
});

describe.each(['sqlite', 'sync'])('MCP_MAX_CALLS with the store in %s', (STORE) => {
  const stack = useStack({ env: { MCP_REPEAT_SECONDS: 'off', STORE, MCP_MAX_CALLS: '2' } });
  let second: LocalServer;
  beforeAll(async () => {
    second = await serveLocally({ env: stack.env, sandboxUrl: stack.sandbox.url });
  });
  afterAll(() => second.close());
  const urls = () => [stack.url, `${second.url}/mcp`];
  const called = () =>
    stack.sandbox.journal.entries.filter(
      ({ method, path, status }) => method === 'POST' && /(Calls|Participants)\.json$/.test(path) && status < 300,
    ).length;
  const refusal =
    /^This deployment allows 2 calls at a time \(MCP_MAX_CALLS\); \d are under way\. Nothing was sent, and no other tool will do it: wait until a call has ended\.$/;

  // The seeded calls end.
  beforeEach(() => stack.sandbox.advance(86_400_000));

  test('of 12 calls at once by two instances, two are made', async () => {
    await callTool(stack.url, 'twilio_inbox_list_conversations', { participant: SENDER });
    stack.sandbox.faults.add({ operationId: 'CreateCall', status: 400, code: 21211, times: 3 });
    for (let n = 0; n < 3; n++) expect((await callTool(stack.url, ...apiCall())).text).toMatch(/^Twilio error 21211/);
    const tooMany = make({
      say: undefined,
      twiml: twiml(`<Dial><Number>${OTHER}</Number><Number>${TO}</Number></Dial>`),
    });
    expect((await callTool(stack.url, ...tooMany)).text).toMatch(/0 are under way.*: ask the owner\.$/);
    const participant = { ConferenceSid: 'Room', To: TO, From: SENDER };
    const ways = [make({}), apiCall(), apiCall({ To: OTHER }), api('api_v2010:CreateParticipant', participant)];
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => callTool(urls()[n % 2]!, ...ways[n % ways.length]!)),
    );
    expect(called()).toBe(2);
    for (const { text } of answers.filter(({ isError }) => isError)) expect(text).toMatch(refusal);
    expect((await callTool(stack.url, ...apiCall())).text).toMatch(refusal);
  });

  test('without the list of calls, none is made', async () => {
    stack.sandbox.faults.add({ operationId: 'ListCall', status: 401, code: 20003 });
    expect((await callTool(stack.url, ...apiCall())).text).toMatch(/^This deployment counts .* \(MCP_MAX_CALLS\)/);
    expect(called()).toBe(0);
  });
});

describe('MCP_MAX_CALLS and what a call dials', () => {
  const stack = useStack({ env: { MCP_REPEAT_SECONDS: 'off', STORE: 'sync', MCP_MAX_CALLS: '2' } });

  test('it counts while the call is under way', async () => {
    stack.sandbox.advance(86_400_000);
    const dialling = make({ say: undefined, twiml: twiml(`<Dial><Number>${OTHER}</Number></Dial>`) });
    expect(await callTool(stack.url, ...dialling)).toMatchObject({ structured: { sid: expect.stringMatching(/^CA/) } });
    const { text } = await callTool(stack.url, ...apiCall());
    expect(text).toMatch(/^This deployment allows 2 calls at a time \(MCP_MAX_CALLS\); 2 are under way/);
  });
});
