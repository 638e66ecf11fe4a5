import { SEEDS } from '../sandbox/seed';
import { APPROVER, HELLO, SEND, useApproval } from './support/approval';
import { clientOf } from './support/sandbox';
import { OWN } from './support/threads';

/*
 * The questions to the approver and the replies, with the codes that approve, are in no answer of any tool.
 */

jest.setTimeout(240_000);

const { stack, call, send, code, actions } = useApproval({
  MCP_APPROVE: 'send',
  MCP_APPROVER: APPROVER,
  TWILIO_PHONE_NUMBERS: SEEDS.numbers[1]!,
});

const read = (id: string, params: object, fields?: string[]) =>
  ['twilio_api_read', { id, params, ...(fields && { fields }) }] as const;

test('no reading tool shows them', async () => {
  for (const [at, phoneNumberSid] of SEEDS.phoneNumberSids.entries())
    await call('twilio_inbox_configure_webhooks', { phoneNumberSid, codes: at === 1 });
  const { structured: phone } = await call('twilio_agent_phone_get_phone_number', { passport_id: 'tests' });
  await send();
  const said = `YES ${code()}`;
  for (const to of SEEDS.numbers) await stack.sandbox.receive({ from: APPROVER, to, body: `${said} please` });
  await stack.sandbox.receive({ from: HELLO.to, to: OWN, body: 'Hello' });
  const log = clientOf(stack.sandbox).messages;
  const [[question], replies] = await Promise.all([log.list({ to: APPROVER }), log.list({ from: APPROVER })]);
  expect([question!.body, replies.length]).toEqual([expect.stringContaining(code()), SEEDS.numbers.length]);
  const single = [question!, ...replies].map(({ sid }) => sid);
  const alert = { sid: `NO${'a'.repeat(32)}`, request_variables: `From=%2B${APPROVER.slice(1)}&Body=YES%20${code()}` };
  const attempts: (readonly [string, object])[] = [
    ...[{}, { to: APPROVER }, { from: APPROVER }, { bodyContains: 'YES' }, { bodyContains: code() }].map(
      (filter) => ['twilio_messaging_get_message_logs', filter] as const,
    ),
    ...single.flatMap((messageSid) => [
      ['twilio_messaging_get_message_status', { messageSid }] as const,
      ['twilio_messaging_list_media', { messageSid }] as const,
      read('api_v2010:FetchMessage', { Sid: messageSid }),
      read('api_v2010:FetchMessage', { Sid: messageSid }, ['body']),
    ]),
    read('api_v2010:ListMessage', { PageSize: 100 }),
    read('api_v2010:ListMessage', { PageSize: 100 }, ['body']),
    read('api_v2010:ListMessage', { To: APPROVER }, ['body']),
    ['twilio_inbox_import_history', { participants: [APPROVER, OWN] }],
    ['twilio_inbox_list_conversations', {}],
    ['twilio_inbox_get_conversation_thread', { participant: APPROVER, includeContext: true }],
    ['twilio_inbox_get_inbound_messages', {}],
    ['twilio_inbox_get_inbound_messages', { from: APPROVER }],
    ['twilio_agent_phone_wait_for_sms', { phone_number: phone.phone_number, timeout_seconds: 1 }],
    ['twilio_messaging_list_opt_outs', {}],
    ['twilio_debugger_get_alert', { alertSid: alert.sid }],
    ['twilio_messaging_redact_message', { messageSid: single[0] }],
  ];
  let shown = '';
  for (const [name, args] of attempts) {
    if (name === 'twilio_debugger_get_alert') stack.sandbox.faults.add({ status: 200, body: JSON.stringify(alert) });
    const { text } = await call(name, args);
    shown += text;
    expect([name, args, /asks to|YES/.test(text)]).toEqual([name, args, false]);
    if (!JSON.stringify(args).includes(code()))
      expect([name, args, text]).not.toEqual([name, args, expect.stringContaining(code())]);
  }
  // The others are shown.
  expect(shown).toContain('"body":"Hello"');
  expect((await call(SEND, HELLO)).structured.pending).toBe(true);
  expect(actions().filter(({ operationId }) => operationId === 'CreateMessage')).toEqual([]);
});
