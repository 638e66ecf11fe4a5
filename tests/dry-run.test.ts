import { SANDBOX_AUTH_TOKEN } from '../sandbox/server';
import { signConnection } from '../src/connect/address';
import { signatureOf } from '../src/signature';
import { deliver, inbound } from './support/deliver';
import { type Deployment, startDeployment } from './support/deployment';
import { ask, callTool, type Json, post, useStack } from './support/stack';

/*
 * What the answers of a dry run show; tests/wire/dry-run tries every tool and operation.
 */

const TO = '+14155550100';
const GERMAN = '+493012345678';
const FROM = '+15005550006';
const DRY = 'services=all&dryrun=true';
const SEND = 'twilio_messaging_send_sms';
const twiml = (inner: string) => `<Response>${inner}</Response>`;

describe('a URL with dryrun=true', () => {
  const stack = useStack();
  const dryRun = (tool: string, args: object) => ask(stack.url, tool, args, DRY);
  const write = (id: string, params: object) => dryRun('twilio_api_write', { id, params });

  test('shows who would get which text, in how many segments', async () => {
    expect(await dryRun(SEND, { to: TO, body: 'ż'.repeat(71), statusCallback: 'https://example.com/x' })).toEqual({
      dryRun: true,
      requests: [
        {
          operation: 'api_v2010:CreateMessage',
          effect: 'send',
          request: expect.stringMatching(
            /^POST https:\/\/api\.twilio\.com\/2010-04-01\/Accounts\/AC\w+\/Messages\.json$/,
          ),
          recipients: [TO],
          senders: [FROM],
          text: 'ż'.repeat(71),
          encoding: 'UCS-2',
          segments: 2,
          estimatedPrice: { amount: 0.0166, currency: 'USD', total: 0.0166 },
          parameters: { StatusCallback: 'https://example.com/x' },
        },
      ],
      note: expect.stringMatching(/^Dry run: nothing was sent or changed\./),
    });
    const { requests } = await dryRun('twilio_messaging_send_whatsapp', { to: TO, body: 'Hello' });
    expect([requests[0].recipients, requests[0].text, requests[0].segments]).toEqual([
      [`whatsapp:${TO}`],
      'Hello',
      undefined,
    ]);
  });

  test('shows whom a call reaches by its TwiML, without passwords', async () => {
    const { requests } = await dryRun('twilio_voice_make_call', {
      to: TO,
      twiml: twiml(`<Dial><Number>${GERMAN}</Number><Sip password="hunter22">sip:a@example.com</Sip></Dial>`),
    });
    expect(requests[0].recipients).toEqual([TO, GERMAN, 'sip:a@example.com']);
    expect(JSON.stringify(requests)).not.toContain('hunter22');
  });

  test('estimates prices by the price list, once a day, and none that is not on it', async () => {
    const priceOf = async (tool: string, args: object) => (await dryRun(tool, args)).requests[0].estimatedPrice;
    const call = { to: GERMAN, say: 'Hello' };
    const minute = { amount: expect.any(Number), currency: 'USD', per: 'minute' };
    const calling = await priceOf('twilio_voice_make_call', call);
    expect(calling).toEqual(minute);
    const limited = await priceOf('twilio_voice_make_call', { ...call, timeLimit: 90 });
    expect(limited).toEqual({ ...calling, total: calling.amount * 2 });
    const [offered] = (await dryRun('twilio_phone_numbers_search_available_numbers', { countryCode: 'US' })).items;
    const { phoneNumber } = offered;
    expect(await priceOf('twilio_phone_numbers_buy_phone_number', { phoneNumber })).toMatchObject({
      currency: 'USD',
      per: 'month',
    });
    expect(await priceOf('twilio_lookups_check_fraud_risk', { phoneNumber: TO })).toBeUndefined();
    expect(await priceOf('twilio_messaging_send_whatsapp', { to: TO, body: 'Hello' })).toBeUndefined();
    stack.sandbox.faults.add({ operationId: 'FetchMessagingCountry', status: 500, code: 20500, times: 9 });
    expect(await priceOf(SEND, { to: '+33123456789', body: 'Hello' })).toBeUndefined();
    expect(await priceOf(SEND, { to: TO, body: 'Hello' })).toMatchObject({ total: 0.0083 });
  });

  test('asks for no confirmation in the generic tool, and shows no credential', async () => {
    const { requests } = await write('api_v2010:CreateSipCredential', {
      CredentialListSid: `CL${'a'.repeat(32)}`,
      Username: 'desk',
      Password: 'IWasAtSignal2018',
    });
    expect(requests[0]).toMatchObject({ effect: 'grant', parameters: { Username: 'desk', Password: '[withheld]' } });
  });

  test('shows every request that leaves at once, and files by their size', async () => {
    const lookups = await dryRun('twilio_lookups_check_fraud_risk', { phoneNumber: TO });
    expect(lookups.requests.length).toBeGreaterThan(1);
    const upload = await write('serverless_upload:CreateFunctionVersion', {
      ServiceSid: `ZS${'a'.repeat(32)}`,
      FunctionSid: `ZH${'a'.repeat(32)}`,
      Path: '/hello',
      Visibility: 'public',
      Content: 'exports.handler = 1;',
    });
    expect(upload.requests[0].parameters.Content).toBe('[file of 20 bytes]');
  });

  test('says that only the own store would change, and leaves it', async () => {
    const participants = [TO, FROM];
    const opened = await dryRun('twilio_inbox_create_conversation', { participants });
    expect(opened).toMatchObject({ dryRun: true, action: 'Open message thread', effect: 'create' });
    expect(opened.requests).toBeUndefined();
    expect((await dryRun('twilio_inbox_list_conversations', {})).items).toEqual([]);
    // Nothing else of it is remembered.
    await ask(stack.url, 'twilio_inbox_create_conversation', { participants });
    expect((await dryRun('twilio_inbox_list_conversations', {})).items).toHaveLength(1);
  });

  test('leaves an idempotency key to the call that is carried out', async () => {
    const _meta = { 'com.twilio/idempotency-key': 'one' };
    const params = { name: SEND, arguments: { to: TO, body: 'Hello' }, _meta };
    const send = async (query: string) =>
      (await post(stack.url, { jsonrpc: '2.0', id: 1, method: 'tools/call', params }, query)).body.result;
    expect((await send(DRY)).structuredContent.dryRun).toBe(true);
    expect((await send('services=all')).structuredContent.sid).toMatch(/^SM/);
    // What was sent is not the answer to another dry run.
    expect((await send(DRY)).structuredContent.dryRun).toBe(true);
  });

  test('reads as usual', async () => {
    await ask(stack.url, SEND, { to: TO, body: 'Hello' });
    const { items } = await dryRun('twilio_messaging_get_message_logs', {});
    expect(items[0]).toMatchObject({ to: TO, body: 'Hello' });
  });
});

describe('MCP_DRY_RUN', () => {
  const env = {
    MCP_DRY_RUN: 'true',
    MCP_COUNTRIES: 'US',
    MCP_SENDERS: FROM,
    STORE: 'sync',
    AUTH_TOKEN: SANDBOX_AUTH_TOKEN,
  };
  const stack = useStack({ env });

  test('reads a store that does not exist yet, without creating it', async () => {
    expect((await ask(stack.url, 'twilio_inbox_list_conversations')).items).toEqual([]);
    await ask(stack.url, 'twilio_inbox_create_conversation', { participants: [TO, FROM] });
    expect(stack.sandbox.journal.entries.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  test('holds for every URL, and shows which rule a request breaks', async () => {
    for (const query of ['services=all', 'services=all&dryrun=false']) {
      const { requests } = await ask(stack.url, SEND, { to: TO, body: 'Hello' }, query);
      expect(requests[0]).toMatchObject({ recipients: [TO], passes: ['MCP_COUNTRIES', 'MCP_SENDERS'] });
    }
    const { requests } = await ask(stack.url, SEND, { to: GERMAN, body: 'Hello' });
    expect(requests[0].breaks).toMatch(
      /^This deployment sends to US only \(MCP_COUNTRIES\); \+493012345678 is in DE\.$/,
    );
    expect(requests[0].passes).toBeUndefined();
  });

  test('is no reason to lose what arrives', async () => {
    const webhook = stack.url.replace(/mcp$/, 'webhooks/twilio/sms');
    expect((await deliver(webhook, inbound(1))).status).toBe(200);
    expect((await ask(stack.url, 'twilio_inbox_get_inbound_messages')).totalCount).toBe(1);
  });
});

describe('of a deployment', () => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await startDeployment();
  });
  afterAll(() => deployment.close());

  test('no body and no change of the URL ends a dry run', async () => {
    const { gateway } = deployment;
    const { url, signature } = await signConnection(gateway.url, { dryRun: true }, SANDBOX_AUTH_TOKEN);
    const params = { name: SEND, arguments: { to: TO, body: 'Hello' } };
    const send = (target: string, signed: string, more = {}) =>
      fetch(target, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-twilio-signature': signed },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params, ...more }),
      });
    const other = url.replace('dryrun=true&', '');
    for (const hidden of [false, true]) {
      if (hidden) gateway.hidden.add('x-twilio-signature');
      expect(((await (await send(url, signature)).json()) as Json).result.structuredContent.dryRun).toBe(true);
      for (const dryrun of ['false', false, '', [], null, ['true', 'false']]) {
        const answer = await send(url, signature, { dryrun });
        expect([
          dryrun,
          answer.status >= 400 || ((await answer.json()) as Json).result.structuredContent.dryRun,
        ]).toEqual([dryrun, true]);
      }
      expect((await send(other, signature)).status).toBe(403);
    }
    // Who signs the other URL, but hides that, has only the key of the dry run.
    expect((await send(other, await signatureOf(other, SANDBOX_AUTH_TOKEN))).status).toBe(403);
  });
});

describe('a malformed MCP_DRY_RUN', () => {
  const stack = useStack({ env: { MCP_DRY_RUN: 'yes' } });

  test('stops everything', async () => {
    const { isError, text } = await callTool(stack.url, SEND, { to: TO, body: 'Hello' });
    expect([isError, text]).toEqual([true, expect.stringMatching(/MCP_DRY_RUN must be true or false/)]);
    expect(stack.sandbox.journal.entries).toEqual([]);
  });
});
