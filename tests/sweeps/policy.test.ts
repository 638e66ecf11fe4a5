import { buildOperationTable } from '../../openapi/catalogue';
import { seededRandom } from '../../sandbox/random';
import type { Operation } from '../../src/operations/catalogue';
import { TOOLS } from '../laws/law';
import { spec } from '../support/answers';
import { fill, propertiesOf } from '../support/arguments';
import { paramsOf } from '../support/operation-params';
import { callTool, type Stack, startStack } from '../support/stack';

/*
 * Random calls of every writing operation and tool under a policy, compared with a model that knows nothing of the
 * catalogue: what the policy forbids never reaches Twilio, and what it allows is never refused.
 */

const ROUNDS = 6;
const ALLOWED = ['+14155550100', '+1 (212) 555-0101', 'whatsapp:+13105550102', 'sip:alice@example.com'];
const FORBIDDEN = ['+493012345678', 'whatsapp:+882161234567', '+1 (876) 555-0100', '+19005550100', 'client:mallory'];
const GOOD_URL = 'https://example.com/twiml';
const BAD_URL = 'https://evil.example/twiml';

let stack: Stack;
beforeAll(async () => {
  const policy = { MCP_COUNTRIES: 'US', MCP_RECIPIENTS: '+1*,sip:alice@example.com', MCP_TWIML_HOSTS: 'example.com' };
  stack = await startStack({ lenient: true, env: { ...policy, MCP_API_DENY: 'none', LOG_LEVEL: 'silent' } });
});
afterAll(() => stack.close());

const binding = (address: string) => JSON.stringify({ binding_type: 'sms', address });
/** How each parameter is given a recipient. */
const GIVEN: Readonly<Record<string, (address: string) => unknown>> = {
  To: String,
  CallTo: String,
  DequeueTo: String,
  Identifier: String,
  Target: String,
  'MessagingBinding.Address': String,
  ToBinding: (address) => [binding(ALLOWED[0]!), binding(address)],
  Participant: (address) => [JSON.stringify({ 'messaging_binding.address': address })],
  Participants: (address) => [{ Identifier: address }],
  Channel: (address) => ({
    type: 'sms',
    initiated_by: 'agent',
    participants: [{ address, proxy_address: '+4915112345' }],
  }),
  MediaProperties: (address) => ({ address }),
  Twiml: (address) =>
    `<Response><Dial>${/^(client|sip):/.test(address) ? `<Sip>${address}</Sip>` : address}</Dial></Response>`,
};
/** Parameters with these names mean something else in these operations. */
const OTHERWISE =
  /^(flex_v1:(?!CreateChannel$|CreateInteraction|CreateInteractionChannelParticipant)|intelligence_v2:|conversations_v1:\w*Webhook|voice_v1:|verify_v2:(?!CreateVerification$))/;
const BODIES: Readonly<Record<string, (address: string) => unknown>> = {
  'conversations_v2:CreateConversationAction': (address) => ({
    type: 'SEND_MESSAGE',
    payload: {
      from: { address: '+4915112345', channel: 'SMS' },
      to: [{ address, channel: 'SMS' }],
      content: { text: 'Hello' },
    },
  }),
  'conversations_v2:CreateCommunicationInConversation': (address) => ({
    author: { address: '+4915112345', channel: 'SMS' },
    content: { type: 'TEXT', text: 'Hello' },
    recipients: [
      { address: ALLOWED[0], channel: 'SMS' },
      { address, channel: 'SMS' },
    ],
  }),
};
const TWIML_URL = /^((Voice|Sms)(Fallback)?Url|(Redirect|Announce|Hold|Wait|Call|InboundRequest|DisasterRecovery)Url)$/;
/** Operations that reach people whom their parameters do not show, and recipients of other kinds. */
const UNNAMED =
  /:(Create\w*ConversationMessage|CreateMessageInteraction|CreateInteraction(ChannelInvite|Transfer)|CreateChallenge\w*|CreateBrandRegistrationOtp|Create(Sms|Voice)Verification|UpdateHostedNumber\w*|\w*AuthorizationDocument)$|^(chat|ip_messaging|assistants)_v\d:CreateMessage$|^verify_v2:CreateNotification$/;
/** Operations whose other parameters name recipients or targets that the model does not vary. */
const NOT_VARIED =
  /^(api_v2010:CreateValidationRequest|notify_v1:CreateBinding|voice_v1:\w+ConnectionPolicyTarget|trunking_v1:\w+OriginationUrl|messaging_v2:\w+ChannelsSender|conversations_v2:\w+(ParticipantInConversation|ConversationWithConfig)|taskrouter_v1:\w+Workflow|proxy_v1:(Create|Update)Service)$/;

const { operations } = buildOperationTable(spec);
const writing = Object.values(operations).filter(({ method }) => !/^(GET|HEAD|DELETE)$/.test(method));
const random = seededRandom(17);
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;

/** Random parameters, and whether the policy forbids them. */
function randomCall({ id, parameters, ...operation }: Operation) {
  let isForbidden = UNNAMED.test(id);
  const choose = <T>(allowed: readonly T[], forbidden: readonly T[]): T => {
    const forbid = random() < 0.2;
    isForbidden ||= forbid;
    return pick(forbid ? forbidden : allowed);
  };
  const params = paramsOf({ id, parameters, ...operation } as Operation, () => true);
  for (const name of Object.keys(params)) {
    if (GIVEN[name] && !OTHERWISE.test(id)) params[name] = GIVEN[name](choose(ALLOWED, FORBIDDEN));
    if (
      TWIML_URL.test(name) ||
      (/^(Fallback)?Url$/.test(name) && /^api_v2010:(?!CreateStream)/.test(id)) ||
      (name === 'FallbackUrl' && /^messaging_v1:\w+Service$/.test(id))
    )
      params[name] = choose([GOOD_URL], [BAD_URL]);
  }
  if (BODIES[id]) params.body = BODIES[id](choose(ALLOWED, FORBIDDEN));
  return { params, isForbidden };
}

const isPolicy = (text: string) => /^This deployment .*\(MCP_/.test(text);

test('random calls of every writing operation', async () => {
  const wrong: unknown[] = [];
  let refused = 0;
  for (const operation of writing.filter(({ id }) => !NOT_VARIED.test(id))) {
    for (let round = 0; round < ROUNDS; round++) {
      const { params, isForbidden } = randomCall(operation);
      const { seq } = stack.sandbox.journal;
      const { text } = await callTool(stack.url, 'twilio_api_write', { id: operation.id, params, confirm: true });
      const reached = stack.sandbox.journal.since(seq).length > 0;
      if (isPolicy(text)) refused++;
      if (isForbidden ? reached : isPolicy(text)) wrong.push([operation.id, params, isForbidden, text]);
    }
  }
  expect(wrong).toEqual([]);
  expect(refused).toBeGreaterThan(50);
});

test('random calls of every writing tool', async () => {
  const sending = new Set(writing.filter(({ effect }) => effect === 'send').map(({ id }) => id.replace(/.*:/, '')));
  const wrong: unknown[] = [];
  for (const tool of TOOLS.filter(({ effect }) => effect !== 'read')) {
    const names = Object.keys(propertiesOf(tool)).filter((name) =>
      /^(to|phoneNumber|participants?|identifier|address|messagingAddress|callTo)$/i.test(name),
    );
    for (let round = 0; round < (names.length > 0 ? 5 : 1); round++) {
      const to = pick(FORBIDDEN);
      const set = Object.fromEntries(
        names.map((name) => [name, propertiesOf(tool)[name]!.type === 'array' ? [to] : to]),
      );
      const { seq } = stack.sandbox.journal;
      await callTool(stack.url, tool.name, fill(tool, { set })).catch(() => undefined);
      for (const { method, operationId = '', fields } of stack.sandbox.journal.since(seq)) {
        const text = JSON.stringify(fields);
        if (method !== 'GET' && sending.has(operationId) && FORBIDDEN.some((each) => text.includes(each)))
          wrong.push([tool.name, text]);
      }
    }
  }
  expect(wrong).toEqual([]);
});
