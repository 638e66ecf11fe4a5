import { serveLocally } from '../scripts/serve-functions';
import { callTool, useStack } from './support/stack';

/*
 * MCP_SPEND_PER_DAY, by the sandbox's price list: an SMS to the United States costs 0.0083 dollars a segment.
 */

const TO = '+14155550100';
const FROM = '+15005550006';

type Attempt = readonly [tool: string, args: object];
const api = (id: string, params: object): Attempt => ['twilio_api_write', { id, params, confirm: true }];
const message = (body = 'Hello'): Attempt => ['twilio_messaging_send_sms', { to: TO, body }];
const apiMessage = api('api_v2010:CreateMessage', { To: TO, From: FROM, Body: 'Hello' });
const USED_UP =
  /^This deployment spends at most 0\.04 US dollars a day \(MCP_SPEND_PER_DAY\); 0\.0\d+ are used, and this costs 0\.0\d+\. Nothing was sent, and no other tool will do it: the next can be sent at \d{4}-\d\d-\d\d 00:00 UTC\.$/;

describe('a budget for four messages', () => {
  const stack = useStack({ env: { MCP_SPEND_PER_DAY: '0.04' } });
  const attempt = (given: Attempt) => callTool(stack.url, ...given);
  const sent = () => stack.sandbox.journal.entries.filter(({ method, status }) => method === 'POST' && status < 300);

  test('counts what is sent, by segment and in every tool, across a restart', async () => {
    // What Twilio refuses costs nothing.
    stack.sandbox.faults.add({ operationId: 'CreateMessage', status: 400, code: 21610, times: 3 });
    for (let n = 0; n < 3; n++) expect((await attempt(message('a'.repeat(161)))).text).toMatch(/Twilio error 21610/);
    expect((await attempt(message('a'.repeat(161)))).isError).toBeUndefined();
    expect((await attempt(apiMessage)).isError).toBeUndefined();
    expect((await attempt(message('a'.repeat(161)))).text).toMatch(USED_UP);
    await stack.server.close();
    stack.server = await serveLocally({ env: stack.env, sandboxUrl: stack.sandbox.url });
    stack.url = `${stack.server.url}/mcp`;
    expect((await attempt(message('a'.repeat(161)))).text).toMatch(USED_UP);
    expect((await attempt(apiMessage)).isError).toBeUndefined();
    for (const given of [apiMessage, message()]) expect((await attempt(given)).text).toMatch(USED_UP);
    expect(sent()).toHaveLength(3);
  });

  test.each<[Attempt, RegExp]>([
    [['twilio_voice_make_call', { to: TO, say: 'Hello' }], /without a time limit, the price of api_v2010:CreateCall/],
    [['twilio_voice_make_call', { to: TO, say: 'Hello', timeLimit: 600 }], /this costs 0\.14\b/],
    [
      ['twilio_voice_make_call', { to: TO, twiml: '<Response><Dial>client:ada</Dial></Response>', timeLimit: 1 }],
      /the price of api_v2010:CreateCall is not known here/,
    ],
    [['twilio_lookups_check_fraud_risk', { phoneNumber: TO }], /MCP_SPEND_PER_DAY/],
    [['twilio_messaging_send_whatsapp', { to: TO, body: 'Hello' }], /CreateMessage is not known here/],
    [['twilio_messaging_send_mms', { to: TO, mediaUrl: ['https://example.com/x.png'] }], /is not known here/],
    [api('api_v2010:CreateIncomingPhoneNumber', { AreaCode: '415' }), /this costs \d/],
    [
      api('verify_v2:CreateVerification', { ServiceSid: `VA${'a'.repeat(32)}`, To: TO, Channel: 'sms' }),
      /is not known/,
    ],
  ])('what goes beyond it, or has no known price, never leaves: %j', async (given, words) => {
    const { isError, text, structured } = await attempt(given);
    expect(isError ? text : JSON.stringify(structured.missing)).toMatch(words);
    expect(sent()).toEqual([]);
  });

  test('a free request is not counted', async () => {
    expect((await attempt(api('api_v2010:CreateQueue', { FriendlyName: 'x' }))).isError).toBeUndefined();
  });
});

describe('with a limit for the length of calls', () => {
  const stack = useStack({ env: { MCP_SPEND_PER_DAY: '0.03', MCP_MAX_CALL_SECONDS: '60' } });

  test('a call costs that at most', async () => {
    const call = () => callTool(stack.url, 'twilio_voice_make_call', { to: TO, say: 'Hello' });
    expect((await call()).isError).toBeUndefined();
    expect((await call()).isError).toBeUndefined();
    expect((await call()).text).toMatch(/0\.028 are used, and this costs 0\.014\./);
  });
});
