import { callTool, useStack } from './stack';

/*
 * Calls under a policy: whether they are refused, and whether anything of them reaches Twilio.
 */

export const GERMAN = '+493012345678';
export const AMERICAN = '+14155550100';
export const SENDER = '+15005550006';
export const SID = (prefix: string) => prefix + '1'.repeat(32);
const REFUSED =
  /^This deployment .+ \(MCP_\w+\); .+\. Nothing was sent, and no other tool will do it: (try again later, or )?ask the owner\.$/s;

export type Attempt = readonly [tool: string, args: object];
export const api = (id: string, params: object): Attempt => ['twilio_api_write', { id, params, confirm: true }];
export const twiml = (inner: string) => `<Response>${inner}</Response>`;
export const call = (inner: string): Attempt => ['twilio_voice_make_call', { to: AMERICAN, twiml: twiml(inner) }];

/** What reaches a recipient: all the ways there are. */
export const waysTo = (to: string): Attempt[] => [
  ['twilio_messaging_send_sms', { to, body: 'Hello' }],
  ['twilio_voice_make_call', { to, say: 'Hello' }],
  api('api_v2010:CreateMessage', { To: to, From: SENDER, Body: 'Hello' }),
  api('api_v2010:CreateCall', { To: to, From: SENDER, Twiml: twiml('<Say>Hello</Say>') }),
  api('api_v2010:CreateParticipant', { ConferenceSid: SID('CF'), To: to, From: SENDER }),
  api('verify_v2:CreateVerification', { ServiceSid: SID('VA'), To: to, Channel: 'sms' }),
  api('studio_v2:CreateExecution', { FlowSid: SID('FW'), To: to, From: SENDER }),
  api('conversations_v1:CreateConversationParticipant', {
    ConversationSid: SID('CH'),
    'MessagingBinding.Address': to,
    'MessagingBinding.ProxyAddress': SENDER,
  }),
  api('proxy_v1:CreateParticipant', { ServiceSid: SID('KS'), SessionSid: SID('KC'), Identifier: to }),
  api('notify_v1:CreateBinding', { ServiceSid: SID('IS'), Identity: 'a', BindingType: 'sms', Address: to }),
  api('notify_v1:CreateNotification', {
    ServiceSid: SID('IS'),
    Body: 'Hello',
    ToBinding: [
      JSON.stringify({ binding_type: 'sms', address: AMERICAN }),
      JSON.stringify({ binding_type: 'sms', address: to }),
    ],
  }),
  api('taskrouter_v1:UpdateTaskReservation', {
    WorkspaceSid: SID('WS'),
    TaskSid: SID('WT'),
    Sid: SID('WR'),
    Instruction: 'call',
    CallTo: to,
    CallFrom: SENDER,
  }),
  api('taskrouter_v1:UpdateWorkerReservation', {
    WorkspaceSid: SID('WS'),
    WorkerSid: SID('WK'),
    Sid: SID('WR'),
    Instruction: 'dequeue',
    DequeueTo: to,
  }),
  call(`<Dial>${to}</Dial>`),
  call(`<Dial><Number>${to}</Number></Dial>`),
  call(`<Gather><Say>Press</Say></Gather><Dial><Number>${AMERICAN}</Number><Number>${to}</Number></Dial>`),
  call(`<Sms to="${to}" from="${SENDER}">Hello</Sms>`),
  api('api_v2010:UpdateCall', { Sid: SID('CA'), Twiml: twiml(`<Dial><![CDATA[${to}]]></Dial>`) }),
];

/** A policy's stack, with what it lets through and what it refuses. */
export function usePolicy(env: Record<string, string>) {
  const stack = useStack({ env });
  const attempt = async ([tool, args]: Attempt) => {
    const { seq } = stack.sandbox.journal;
    // A tool that is not offered is an error of the protocol.
    const { isError, text } = await callTool(stack.url, tool, args).catch(({ message }: Error) => ({
      isError: true,
      text: message,
    }));
    const writes = stack.sandbox.journal.since(seq).filter(({ method }) => method !== 'GET');
    return { isError, text, writes: writes.map(({ method, path }) => `${method} ${path}`) };
  };
  return {
    stack,
    refuses: async (given: Attempt, words = /^This deployment /) => {
      const { isError, text, writes } = await attempt(given);
      expect([given, isError, writes]).toEqual([given, true, []]);
      // A curated tool may refuse the form of an argument before.
      const refusal = /^(Invalid (arguments|parameters)|Tool )/.test(text) ? text : expect.stringMatching(REFUSED);
      expect([given, text]).toEqual([given, refusal]);
      if (/^This/.test(text)) expect([given, text]).toEqual([given, expect.stringMatching(words)]);
    },
    /** It reaches Twilio, whatever Twilio says of it. */
    allows: async (given: Attempt) => {
      const { writes, text } = await attempt(given);
      expect([given, text, writes.length]).toEqual([given, text, 1]);
    },
  };
}
