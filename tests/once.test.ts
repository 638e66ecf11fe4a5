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
      .filter((entry) => entry.method === method && path.test(entry.path) && (entry.processed ?? entry.status) < 300);
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
});
