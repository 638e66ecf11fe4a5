import { type LocalServer, serveLocally } from '../scripts/serve-functions';
import { callTool, type Stack, startStack, useStack } from './support/stack';

/*
 * Limits of what is sent, attacked through curated tools, the generic tools and TwiML, by one instance and by two.
 */

jest.setTimeout(240_000);

const TO = '+14155550100';
const SENDER = '+15005550006';
/** The same is sent again and again. */
const REPEATS = { MCP_REPEAT_SECONDS: 'off' };

type Attempt = readonly [tool: string, args: object];
const api = (id: string, params: object): Attempt => ['twilio_api_write', { id, params, confirm: true }];
const message = (to = TO): Attempt => ['twilio_messaging_send_sms', { to, body: 'Hello' }];
const apiMessage = (params: object = {}) =>
  api('api_v2010:CreateMessage', { To: TO, From: SENDER, Body: 'Hello', ...params });

const dial = (inner: string): Attempt => ['twilio_voice_make_call', { to: TO, twiml: `<Response>${inner}</Response>` }];

/** Another instance of the same deployment, whose store exists, as after `npm run deploy`. */
const secondInstance = async ({ env, sandbox, url }: Stack): Promise<LocalServer> => {
  await callTool(url, 'twilio_inbox_list_conversations', { participant: SENDER });
  return serveLocally({ env, sandboxUrl: sandbox.url });
};

const sentIn = ({ sandbox }: Stack) =>
  sandbox.journal.entries.filter(
    ({ method, path, status }) => method === 'POST' && /Messages|Calls/.test(path) && status < 300,
  ).length;
const countersIn = ({ sandbox }: Stack) => sandbox.journal.entries.filter(({ path }) => path.includes('/Maps/limits-'));

describe.each(['sqlite', 'sync'])('with the store in %s', (STORE) => {
  test('two instances with 30 sends at a time never exceed the limit', async () => {
    const stack = await startStack({ env: { ...REPEATS, STORE, MCP_SEND_LIMITS: '100/hour,40/day' } });
    const second = await secondInstance(stack);
    try {
      const urls = [stack.url, `${second.url}/mcp`];
      const answers = await Promise.all(
        Array.from({ length: 60 }, (_, n) => callTool(urls[n % 2]!, ...(n % 3 ? message() : apiMessage()))),
      );
      const refused = answers.filter(({ isError }) => isError);
      for (const { text } of refused)
        expect(text).toMatch(
          /^This deployment allows 40 sends a day \(MCP_SEND_LIMITS\); \d+ are used\. Nothing was sent, and no other tool will do it: the next can be sent at \d{4}-\d\d-\d\d 00:00 UTC\.$/,
        );
      expect(answers.length - refused.length).toBe(sentIn(stack));
      expect(sentIn(stack)).toBeLessThanOrEqual(40);
      expect(sentIn(stack)).toBeGreaterThanOrEqual(35);
    } finally {
      await second.close();
      await stack.close();
    }
  });
});

describe('MCP_RECIPIENT_LIMITS', () => {
  let stack: Stack;
  let second: LocalServer;
  beforeAll(async () => {
    stack = await startStack({
      env: { ...REPEATS, STORE: 'sync', MCP_RECIPIENT_LIMITS: '2/hour,3/day', MCP_TWIML_HOSTS: 'example.com' },
    });
    second = await secondInstance(stack);
  });
  afterAll(() => Promise.all([second.close(), stack.close()]));
  const refusal =
    /^This deployment allows [23] sends an? (hour|day) to one person \(MCP_RECIPIENT_LIMITS\); [23] are used\. Nothing was sent, .*: the next can be sent at .* UTC\.$/;

  test('all ways to a person are counted together, by all instances', async () => {
    const to = '+14155550111';
    const ways = [
      message(to),
      ['twilio_messaging_send_whatsapp', { to, body: 'Hello' }] as Attempt,
      ['twilio_voice_make_call', { to, say: 'Hello' }] as Attempt,
      apiMessage({ To: '+1 (415) 555-0111' }),
      apiMessage({ To: `whatsapp:${to}` }),
      dial(`<Dial>${to}</Dial>`),
      dial(`<Dial><Number>${TO}</Number><Number> +1 415 555 0111</Number></Dial>`),
      dial(`<Sms to="${to}">Hello</Sms>`),
    ];
    for (const way of [ways[0]!, apiMessage({ To: to })])
      expect(await callTool(stack.url, ...way)).not.toHaveProperty('isError', true);
    for (const [n, way] of ways.entries()) {
      const { text } = await callTool(n % 2 ? stack.url : `${second.url}/mcp`, ...way);
      expect([way, text]).toEqual([way, expect.stringMatching(refusal)]);
    }
    expect(sentIn(stack)).toBe(2);
  });

  test('requests that may reach the person unnoticed are refused', async () => {
    const before = sentIn(stack);
    for (const way of [
      ...['4155550112', '0014155550112', 'whatsapp: +14155550112'].map((To) => apiMessage({ To })),
      api('conversations_v1:CreateConversationMessage', { ConversationSid: `CH${'1'.repeat(32)}`, Body: 'Hello' }),
      api('api_v2010:CreateCall', { To: TO, From: SENDER, Url: 'https://evil.example/twiml' }),
      dial('<Redirect>https://evil.example/twiml</Redirect>'),
    ]) {
      const { text } = await callTool(stack.url, ...way);
      expect([way, text]).toEqual([
        way,
        expect.stringMatching(/^This deployment .* \(MCP_(RECIPIENT_LIMITS|TWIML_HOSTS)\)/),
      ]);
    }
    expect(sentIn(stack)).toBe(before);
  });

  test('30 sends to a person at a time, by two instances', async () => {
    const before = sentIn(stack);
    const urls = [stack.url, `${second.url}/mcp`];
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => callTool(urls[n % 2]!, ...apiMessage({ To: '+14155550113' }))),
    );
    expect(sentIn(stack) - before).toBe(2);
  });

  test('what Twilio refuses is not counted, and what may have been sent is', async () => {
    const to = '+14155550114';
    const send = () => callTool(stack.url, ...apiMessage({ To: to }));
    const fault = (given: object) => stack.sandbox.faults.add({ operationId: 'CreateMessage', ...given });
    for (let n = 0; n < 3; n++) {
      fault({ status: 400, code: 21211 });
      expect((await send()).text).toMatch(/^Twilio error 21211/);
    }
    fault({ drop: 'after' });
    expect((await send()).text).toMatch(/outcome is unknown/);
    fault({ status: 503 });
    expect((await send()).text).toMatch(/outcome is unknown/);
    expect((await send()).text).toMatch(refusal);
  });
});

describe('a store that fails', () => {
  const stack = useStack({
    env: {
      ...REPEATS,
      STORE: 'sync',
      TWILIO_TIMEOUT: '2000',
      MCP_SEND_LIMITS: '1000/hour',
      MCP_RECIPIENT_LIMITS: '900/day',
    },
  });

  test.each([
    ['answers with an error', { status: 500, times: 99 }],
    ['does not answer', { delay: 3000, times: 99 }],
    ['refuses the credentials', { status: 401, code: 20003, times: 99 }],
  ])('%s: nothing is sent', async (_, fault) => {
    stack.sandbox.faults.add({ path: 'Maps/limits-', ...fault });
    for (const way of [message(), apiMessage(), dial('<Say>Hello</Say>')]) {
      const { isError, text } = await callTool(stack.url, ...way);
      expect([isError, text]).toEqual([
        true,
        expect.stringMatching(
          /^This deployment counts what it sends \(MCP_\w+_LIMITS\); counting failed: .+\. (Nothing|That) was (not )?sent, and no other tool will do it: try again in a minute\./,
        ),
      ]);
    }
    expect(sentIn(stack)).toBe(0);
    stack.sandbox.faults.clear();
    expect(await callTool(stack.url, ...message())).not.toHaveProperty('isError', true);
  });
});

describe('what a send costs', () => {
  const stack = useStack({
    env: { ...REPEATS, STORE: 'sync', MCP_SEND_LIMITS: '1000/hour,1000/day', AUTO_CREATE_CONVERSATIONS: 'false' },
  });

  test('one request to the store for five sends', async () => {
    await callTool(stack.url, ...apiMessage());
    await callTool(stack.url, ...apiMessage());
    const before = countersIn(stack).length;
    for (let n = 0; n < 20; n++) expect(await callTool(stack.url, ...apiMessage())).not.toHaveProperty('isError', true);
    expect(countersIn(stack).length - before).toBeLessThanOrEqual(4);
  });
});
