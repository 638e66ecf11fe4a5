import { SEEDS } from '../sandbox/seed';
import { callTool, type ToolResult, useStack } from './support/stack';

/*
 * The same send happens once, however often and in whatever way it is repeated.
 */

jest.setTimeout(240_000);

const TO = '+14155550100';
const [FROM, OTHER] = SEEDS.numbers as [string, string];

describe.each([
  ['SQLite', {}],
  ['Sync', { STORE: 'sync' }],
])('with %s', (_, env: Record<string, string>) => {
  const stack = useStack({ env: { ...env, MCP_REPEAT_SECONDS: '' } });
  const post = (method: string, path: RegExp) =>
    stack.sandbox.journal
      .since(0)
      .filter(
        (entry) =>
          entry.method === method && path.test(entry.path) && Math.floor((entry.processed ?? entry.status) / 100) === 2,
      );
  const sent = () => post('POST', /Messages\.json$/).length;
  const sms = (args: object = {}) =>
    callTool(stack.url, 'twilio_messaging_send_sms', { to: TO, body: 'Hello', ...args });
  const generic = (args: object = {}, more: object = {}) =>
    callTool(stack.url, 'twilio_api_write', {
      id: 'api_v2010:CreateMessage',
      params: { To: TO, From: FROM, Body: 'Generic', ...args },
      confirm: true,
      ...more,
    });
  const noteOf = ({ structured }: ToolResult) => (structured?.notes ?? []).join(' ');
  const UNKNOWN = /^Whether the same request \d+ s ago reached Twilio is unknown, so nothing was sent now\./;
  const REPEATED = /^The same was sent \d+ s ago \(SM\w{32}\), so it was not sent again\. .* repeat=true\.$/;

  test('a repetition returns the first result and says so', async () => {
    const first = await sms();
    const second = await sms();
    expect(noteOf(first)).toBe('');
    expect(noteOf(second)).toMatch(REPEATED);
    expect(second.structured.sid).toBe(first.structured.sid);
    expect(sent()).toBe(1);
  });

  test('so does one through the generic tool', async () => {
    const first = await generic();
    const second = await generic();
    expect(noteOf(second)).toMatch(REPEATED);
    expect(second.structured.result.sid).toBe(first.structured.result.sid);
    expect(sent()).toBe(1);
  });

  test('ten at once send one', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => sms({ body: 'At once' })));
    expect(sent()).toBe(1);
    for (const { isError, text, structured } of answers)
      if (isError) expect(text).toMatch(/under way in another call\. Nothing was sent now; call again in \d s/);
      else expect(structured.sid).toBe(answers.find((each) => !each.isError)!.structured.sid);
  });

  test('what differs is sent, and what is repeated on purpose', async () => {
    await sms({ body: 'Differs' });
    await sms({ body: 'differs' });
    await sms({ body: 'Differs', to: '+14155550101' });
    await sms({ body: 'Differs', from: OTHER });
    expect(sent()).toBe(4);
    const again = await sms({ body: 'Differs', repeat: true });
    expect(noteOf(again)).toBe('');
    expect(sent()).toBe(5);
    expect(noteOf(await sms({ body: 'Differs' }))).toContain(again.structured.sid);
    // The same through another tool.
    await generic({ Body: 'Differs' });
    expect(sent()).toBe(5);
    await generic({ Body: 'Differs' }, { repeat: true });
    expect(sent()).toBe(6);
  });

  describe('with an unknown outcome', () => {
    const lost = (operationId = 'CreateMessage', fault: object = { drop: 'after' }) =>
      stack.sandbox.faults.add({ operationId, ...fault });

    test.each<[string, object]>([
      ['the connection breaks after the request', { drop: 'after' }],
      ['Twilio answers with an error, and has sent it', { status: 500, processed: true }],
      ['something else answers', { status: 200, body: 'null', processed: true }],
    ])('%s: the log has the message', async (label, fault) => {
      lost('CreateMessage', fault);
      const first = await sms({ body: label });
      expect(first.text).toMatch(/outcome is unknown/);
      const second = await sms({ body: label });
      expect(noteOf(second)).toMatch(REPEATED);
      expect(second.structured).toMatchObject({ to: TO, messageSid: expect.stringMatching(/^SM/) });
      expect((await sms({ body: label })).structured.sid).toBe(second.structured.sid);
      expect(sent()).toBe(1);
    });

    test('the log lacks it: it is not sent before that is certain', async () => {
      lost('CreateMessage', { status: 500 });
      expect((await sms({ body: 'Failed' })).text).toMatch(/outcome is unknown/);
      const { isError, text } = await sms({ body: 'Failed' });
      expect([isError, text]).toEqual([true, expect.stringMatching(UNKNOWN)]);
      expect(text).toMatch(/nothing was sent now\. Call again in 1[45] s/);
      expect((await sms({ body: 'Failed', repeat: true })).text).toMatch(UNKNOWN);
      expect(sent()).toBe(0);
    });

    test('texts that Twilio may have changed, and templates, are not guessed', async () => {
      await sms({ body: "Who's there?" });
      lost('CreateMessage', { status: 500 });
      await sms({ body: 'Who’s there?' });
      const { text } = await sms({ body: 'Who’s there?' });
      expect(text).toMatch(/Check whether it was done; only if it was not, call again with repeat=true\.$/);
      expect(sent()).toBe(1);
      expect((await sms({ body: 'Who’s there?', repeat: true })).isError).toBeFalsy();
      expect(sent()).toBe(2);
    });

    test('the log cannot be read: nothing is sent', async () => {
      lost();
      await generic({ Body: 'No log' });
      lost('ListMessage', { status: 403, code: 20003 });
      expect((await generic({ Body: 'No log' })).text).toMatch(UNKNOWN);
      expect(sent()).toBe(1);
    });

    test('calls are found, verifications repeated, and others refused', async () => {
      const call = () => callTool(stack.url, 'twilio_voice_make_call', { to: TO, say: 'Hello' });
      lost('CreateCall');
      expect((await call()).text).toMatch(/outcome is unknown/);
      expect((await call()).structured).toMatchObject({
        sid: expect.stringMatching(/^CA/),
        notes: [expect.anything()],
      });
      expect(post('POST', /Calls\.json$/)).toHaveLength(1);
      const verify = () =>
        callTool(stack.url, 'twilio_verify_start_verification', {
          serviceSid: SEEDS.verifyServiceSid,
          to: TO,
          channel: 'sms',
        });
      lost('CreateVerification');
      expect((await verify()).text).toMatch(/outcome is unknown/);
      expect((await verify()).structured).toMatchObject({ status: 'pending' });
      expect(noteOf(await verify())).toMatch(/not sent again/);
      expect(post('POST', /Verifications$/)).toHaveLength(2);
    });
  });

  test('what Twilio refuses can be sent again at once', async () => {
    stack.sandbox.faults.add({ operationId: 'CreateMessage', status: 400, code: 21211 });
    expect((await sms({ body: 'Refused' })).text).toMatch(/21211/);
    expect(noteOf(await sms({ body: 'Refused' }))).toBe('');
    expect(sent()).toBe(1);
  });

  test('without the store nothing is sent', async () => {
    if (env.STORE !== 'sync') return;
    stack.sandbox.faults.add({ path: '/Items', status: 403, code: 20003, times: 1000 });
    const { isError, text } = await sms({ body: 'No store' });
    expect([isError, text]).toEqual([true, expect.stringMatching(/Nothing was sent; try again in a few seconds/)]);
    expect(sent()).toBe(0);
    stack.sandbox.faults.clear();
    expect((await sms({ body: 'No store' })).isError).toBeFalsy();
  });
});
