import { IDEMPOTENCY_KEY } from '../src/policy/once';
import { APPROVER, HELLO, SEND, useApproval } from './support/approval';
import { signature } from './support/deliver';
import { callTool, post } from './support/stack';

/*
 * MCP_APPROVE with clients that have no dialog: nothing leaves before the approver has replied YES.
 */

jest.setTimeout(240_000);

const api = (id: string, params: object) => ({ id, params, confirm: true });

describe('with nobody to ask', () => {
  const { call, send, actions } = useApproval();

  test('what needs an approval is refused, and says how it becomes possible', async () => {
    const { isError, text } = await send();
    expect([isError, text]).toEqual([
      true,
      'This deployment has a person approve send, spend, grant, delete (MCP_APPROVE); this client cannot ask its user, and ' +
        'there is nobody to ask by text message. Nothing was sent, and no other tool will do it: the owner can set ' +
        'MCP_APPROVER and AUTH_TOKEN, or use a client with elicitation.',
    ]);
    const attempts = [
      ['twilio_api_write', api('api_v2010:CreateMessage', { To: HELLO.to, From: '+15005550006', Body: 'Hello' })],
      ['twilio_api_write', api('api_v2010:DeleteMessage', { Sid: `SM${'1'.repeat(32)}` })],
      ['twilio_api_write', api('lookups_v2:FetchPhoneNumber', { PhoneNumber: HELLO.to, Fields: 'caller_name' })],
      // An update that a webhook raises to a grant.
      [
        'twilio_api_write',
        api('api_v2010:UpdateIncomingPhoneNumber', { Sid: `PN${'1'.repeat(32)}`, SmsUrl: 'https://a.example' }),
      ],
      ['twilio_voice_make_call', { to: HELLO.to, say: 'Hello' }],
    ] as const;
    for (const [name, args] of attempts) {
      const answer = await call(name, args);
      expect([args, answer.isError, answer.text]).toEqual([args, true, expect.stringContaining('(MCP_APPROVE)')]);
    }
    expect(actions()).toEqual([]);
  });

  test('everything else stays possible', async () => {
    const answer = await call('twilio_api_write', api('sync_v1:CreateService', { FriendlyName: 'Mine' }));
    expect(answer.isError).toBeUndefined();
    expect(actions()).toHaveLength(1);
  });
});

describe('by text message', () => {
  const { stack, call, send, actions, texts, code, reply, moveClock } = useApproval({ MCP_APPROVER: APPROVER });

  test('the owner is asked about the exact call, and YES lets it through once', async () => {
    const asked = await send();
    expect(asked).toMatchObject({ structured: { pending: true, until: expect.stringMatching(/Z$/) } });
    expect(asked.isError).toBeUndefined();
    expect(texts()).toEqual([
      `The agent tests asks to: Send SMS, RCS or Messenger message (${SEND})\nto: "+14155550100"\nbody: "Hello"\n` +
        `from: "+15005550006"\nReply YES ${code()} to allow, NO ${code()} to refuse.`,
    ]);
    expect(JSON.stringify(asked)).not.toContain(code());
    expect((await send()).structured.pending).toBe(true);
    const { text } = await reply(` yes ${code()}.`);
    expect(text).toBe('Allowed once, for 5 minutes.');
    expect(actions()).toEqual([]);
    expect((await call(SEND, { ...HELLO, body: 'Hello!' })).structured.pending).toBe(true);
    expect((await send('services=all&client=other')).structured.pending).toBe(true);
    expect((await send()).structured).toMatchObject({ sid: expect.stringMatching(/^SM/) });
    expect(actions()).toMatchObject([{ fields: { To: HELLO.to, Body: 'Hello' } }]);
    expect((await send()).structured.pending).toBe(true);
    expect(actions()).toHaveLength(1);
    expect(texts()).toHaveLength(4);
  });

  test('equal calls at the same time go through once', async () => {
    await Promise.all([send(), send(), send()]);
    expect(texts()).toHaveLength(1);
    await reply(`YES ${code()}`);
    await Promise.all([send(), send(), send()]);
    expect(actions()).toHaveLength(1);
  });

  test('a call with an idempotency key goes on after its approval', async () => {
    const params = { name: SEND, arguments: HELLO, _meta: { [IDEMPOTENCY_KEY]: 'one' } };
    const keyed = async () => {
      const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params };
      return (await post(stack.url, message, 'services=all&client=tests')).body.result.structuredContent;
    };
    expect((await keyed()).pending).toBe(true);
    await reply(`YES ${code()}`);
    const { sid } = await keyed();
    expect([sid, (await keyed()).sid]).toEqual([expect.stringMatching(/^SM/), sid]);
    expect(actions()).toHaveLength(1);
  });

  test('NO refuses, also after YES, and ends the matter', async () => {
    await send();
    const first = code();
    await reply(`YES ${first}`);
    expect((await reply(`NO ${first}`)).text).toBe('Refused.');
    expect((await reply(`YES ${first}`)).text).toBe('Too late: nothing was changed.');
    expect((await send()).text).toContain('the approver refused this call');
    expect(texts()).toHaveLength(1);
    expect(actions()).toEqual([]);
  });

  test.each([
    ['of somebody else', { From: '+14155550178' }, undefined],
    ['of the number on another channel', { From: `whatsapp:${APPROVER}` }, undefined],
    ['without a signature', {}, null],
    ['with a signature of another request', {}, signature('http://localhost/webhooks/twilio/sms', {})],
    ['that is the state of a sent message', { SmsStatus: 'delivered' }, undefined],
  ] as const)('a reply %s allows nothing', async (_label, fields, signed) => {
    await send();
    await reply(`YES ${code()}`, fields, signed);
    expect((await send()).structured.pending).toBe(true);
    expect(actions()).toEqual([]);
  });

  test('wrong codes allow nothing, and end the request', async () => {
    await send();
    const [wrong] = ['000000', '111111'].filter((each) => each !== code());
    for (let tries = 0; tries < 5; tries++) {
      expect((await reply(`YES ${wrong}`)).text).toBe('No open request has this code.');
      expect((await reply(`YES ${code()}1`)).text).toBe('');
    }
    const first = code();
    expect((await reply(`YES ${first}`)).text).toBe('Too late: nothing was changed.');
    expect((await send()).structured.pending).toBe(true);
    expect(code()).not.toBe(first);
    expect(actions()).toEqual([]);
  });

  test('a late reply and a late call count for nothing', async () => {
    await send();
    const first = code();
    moveClock(16);
    expect((await reply(`YES ${first}`)).text).toBe('Too late: nothing was changed.');
    await send();
    expect(texts()).toHaveLength(2);
    expect((await reply(`YES ${code()}`)).text).toBe('Allowed once, for 5 minutes.');
    moveClock(22);
    expect((await send()).structured.pending).toBe(true);
    expect(texts()).toHaveLength(3);
    expect(actions()).toEqual([]);
    moveClock(0);
  });

  test('the approver is not flooded', async () => {
    for (let n = 0; n < 10; n++) await call(SEND, { ...HELLO, body: `Hello ${n}` });
    const { isError, text } = await call(SEND, { ...HELLO, body: 'Hello 10' });
    expect([isError, text]).toEqual([true, expect.stringContaining('the approver has been asked often enough')]);
    expect(texts()).toHaveLength(10);
    moveClock(61);
    expect((await call(SEND, { ...HELLO, body: 'Hello 10' })).structured.pending).toBe(true);
    moveClock(0);
  });

  test('what does not fit into a text message is not asked', async () => {
    const { isError, text } = await call(SEND, { ...HELLO, body: 'x'.repeat(1500) });
    expect([isError, text]).toEqual([true, expect.stringContaining('too long for a text message')]);
    expect(texts()).toEqual([]);
  });

  test('a text cannot pass for another part of the question', async () => {
    await call(SEND, { ...HELLO, body: 'Hi"\nto: "+14155550101"\u202e' });
    expect(texts()[0]).toContain(String.raw`body: "Hi\"\nto: \"+14155550101\"\u202e"`);
  });

  test('a question that cannot be sent is an error, and one whose outcome is unknown is not repeated', async () => {
    const { faults } = stack.sandbox;
    faults.add({ operationId: 'CreateMessage', status: 400, code: 21610 });
    expect((await send()).text).toContain('could not be sent');
    faults.add({ operationId: 'CreateMessage', status: 503 });
    expect((await send()).structured.pending).toBe(true);
    // A request that a fault answers is not in the journal; one that was repeated would be.
    expect((await send()).structured.pending).toBe(true);
    expect(texts()).toEqual([]);
  });

  test('tools neither write to the approver nor in their name', async () => {
    const reach = { From: '+15005550006', To: APPROVER, Body: 'Hello' };
    for (const [name, args] of [
      [SEND, { to: APPROVER, body: 'Hello' }],
      ['twilio_voice_make_call', { to: APPROVER, say: 'Hello' }],
      ['twilio_voice_make_call', { to: HELLO.to, twiml: `<Response><Dial>${APPROVER}</Dial></Response>` }],
      ['twilio_api_write', api('api_v2010:CreateMessage', reach)],
      ['twilio_api_write', api('api_v2010:CreateMessage', { ...reach, To: '(415) 555-0177' })],
      ['twilio_api_write', api('api_v2010:CreateMessage', { ...reach, To: `whatsapp:${APPROVER}` })],
      ['twilio_api_write', api('api_v2010:CreateMessage', { ...reach, To: HELLO.to, From: APPROVER })],
    ] as const) {
      const { isError, text } = await call(name, args);
      expect([args, isError, text]).toEqual([args, true, expect.stringContaining('(MCP_APPROVER)')]);
    }
    expect(stack.sandbox.journal.entries.filter(({ method }) => method !== 'GET')).toEqual([]);
  });
});

describe('STOP AGENT', () => {
  const { stack, call, send, actions, texts, code, reply, secondInstance } = useApproval({
    MCP_APPROVE: 'send',
    MCP_APPROVER: APPROVER,
  });
  const create = (url = stack.url) =>
    callTool(url, 'twilio_api_write', api('sync_v1:CreateService', { FriendlyName: 'Mine' }));

  test('stops everything but reading in every instance until START AGENT, and is no opt-out', async () => {
    await send();
    await reply(`YES ${code()}`);
    const other = await secondInstance();
    try {
      expect((await reply('Stop agent!')).text).toMatch(/^Agents are stopped/);
      for (const url of [stack.url, `${other.url}/mcp`]) {
        for (const { isError, text } of [await create(url), await callTool(url, SEND, HELLO)])
          expect([isError, text]).toEqual([true, expect.stringContaining('STOP AGENT is in force')]);
        expect(await callTool(url, 'twilio_messaging_get_message_logs')).not.toHaveProperty('isError', true);
      }
      expect(actions()).toEqual([]);
      await reply('START AGENT', { From: '+14155550178' });
      expect((await create()).isError).toBe(true);
      expect((await reply('START AGENT')).text).toMatch(/^Agents may go on/);
      expect((await create(`${other.url}/mcp`)).isError).toBeUndefined();
      expect((await send()).structured.sid).toMatch(/^SM/);
      expect(texts()).toHaveLength(1);
    } finally {
      await other.close();
    }
  });

  test('of somebody else is an ordinary message', async () => {
    await reply('STOP AGENT', { From: HELLO.to });
    expect((await create()).isError).toBeUndefined();
    const { structured } = await call('twilio_inbox_get_inbound_messages', {});
    expect(structured.messages).toMatchObject([{ from: HELLO.to, body: 'STOP AGENT' }]);
    await send();
    await reply(`YES ${code()}`);
    expect((await send()).structured.sid).toMatch(/^SM/);
  });
});

describe('the store of a deployment', () => {
  const { stack, send, actions, code, reply } = useApproval({ MCP_APPROVER: APPROVER, STORE: 'sync' });
  const sends = () => actions().filter(({ operationId }) => operationId === 'CreateMessage');

  test('keeps requests and approvals; while it does not answer, nothing leaves', async () => {
    expect((await send()).text).toMatch(/pending/);
    await reply(`YES ${code()}`);
    stack.sandbox.faults.add({ path: '/Maps', status: 503, code: 20503, times: 1000 });
    const { isError, text } = await send();
    expect([isError, text]).toEqual([true, expect.stringContaining('the store did not answer. Nothing was sent')]);
    expect(sends()).toEqual([]);
    stack.sandbox.faults.clear();
    await Promise.all([send(), send(), send()]);
    expect(sends()).toHaveLength(1);
  });
});
