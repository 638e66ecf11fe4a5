import { buildOperationTable } from '../../openapi/catalogue';
import { seededRandom } from '../../sandbox/random';
import type { Operation } from '../../src/operations/catalogue';
import { PROMPTS } from '../../src/prompts';
import { TOOLS } from '../laws/law';
import { spec } from '../support/answers';
import { fill, propertiesOf } from '../support/arguments';
import { paramsOf } from '../support/operation-params';
import { clientOf } from '../support/sandbox';
import { callTool, post, SANDBOX_ENVIRONMENT, type Stack, startStack } from '../support/stack';

/*
 * Random calls of all writing operations, of tools and prompts, many at a time and while the store fails, compared with a
 * model that knows nothing of the catalogue: what the policy forbids never reaches Twilio, and what it allows is never
 * refused.
 */

/** Calls on each of the two stores, and how many run at the same time. */
const CALLS = 5000;
const PARALLEL = 30;
const KNOWN = '+12065550199';
const ALLOWED = ['+14155550100', '+1 (212) 555-0101', 'whatsapp:+13105550102', 'sip:alice@example.com', KNOWN];
const FORBIDDEN = ['+493012345678', 'whatsapp:+882161234567', '+1 (876) 555-0100', '+19005550100', 'client:mallory'];
const STRANGERS = ['+12065550198', '+15215550100', '+12125550100'];
const GOOD_URL = 'https://example.com/twiml';
const BAD_URL = 'https://evil.example/twiml';
const POLICY = {
  MCP_COUNTRIES: 'US',
  MCP_RECIPIENTS: 'known,+1415*,+12125550101,+1310*,sip:alice@example.com',
  MCP_TWIML_HOSTS: 'example.com',
};
const SETTINGS = { MCP_API_DENY: 'none', LOG_LEVEL: 'silent', TWILIO_VERIFY_SERVICE_SID: `VA${'1'.repeat(32)}` };

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
  /^(flex_v1:(?!CreateChannel |CreateInteraction|CreateInteractionChannelParticipant)|intelligence_v2:|conversations_v1:\w*Webhook|voice_v1:|verify_v2:(?!CreateVerification (?!Channel)))/;
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
  /:(CreateInteraction(ChannelInvite|Transfer)|CreateChallenge\w*|CreateBrandRegistrationOtp|Create(Sms|Voice)Verification|UpdateHostedNumber\w*|\w*AuthorizationDocument)$|^assistants_v1:CreateMessage$|^verify_v2:CreateNotification$/;
/** Operations whose other parameters name recipients or targets that the model does not vary. */
const NOT_VARIED =
  /^(api_v2010:CreateValidationRequest|notify_v1:CreateBinding|voice_v1:\w+ConnectionPolicyTarget|trunking_v1:\w+OriginationUrl|messaging_v2:\w+ChannelsSender|conversations_v2:\w+(ParticipantInConversation|ConversationWithConfig)|taskrouter_v1:\w+Workflow|proxy_v1:((Create|Update)Service|CreateMessageInteraction))$/;

const { operations } = buildOperationTable(spec);
const writing = Object.values(operations).filter(({ method }) => !/^(GET|HEAD|DELETE)$/.test(method));
const varied = writing.filter(({ id }) => !NOT_VARIED.test(id));
const TO_CONVERSATION =
  /^(conversations_v1:Create(Service)?ConversationMessage|(chat|ip_messaging)_v\d:CreateMessage)$/;
const toConversations = varied.filter(({ id }) => TO_CONVERSATION.test(id));
const random = seededRandom(17);
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;

jest.setTimeout(900_000);

/** Conversations, of which one has a participant who may not be reached. */
let conversations: { allowed: string; forbidden: string; service: string };

interface Attempt {
  label: string;
  call: () => Promise<string>;
  isForbidden: boolean;
}

/** A random address or other value, and whether one that the policy forbids was chosen before. */
function chooser(isForbidden = false) {
  return {
    choose<T>(allowed: readonly T[], forbidden: readonly T[]): T {
      const forbid = random() < 0.2;
      this.isForbidden ||= forbid;
      return pick(forbid ? forbidden : allowed);
    },
    isForbidden,
  };
}

const textOf = (stack: Stack, tool: string, args: object) =>
  callTool(stack.url, tool, args).then(
    ({ text }) => text,
    ({ message }: Error) => message,
  );

/** A call of an operation with random parameters. */
function operationCall(stack: Stack): Attempt {
  const { id, parameters, ...operation } = pick(random() < 0.1 ? toConversations : varied);
  const chosen = chooser(UNNAMED.test(id));
  const addressee = () => chosen.choose(ALLOWED, [...FORBIDDEN, ...STRANGERS]);
  const params = paramsOf({ id, parameters, ...operation } as Operation, () => true);
  for (const name of Object.keys(params)) {
    if (GIVEN[name] && !OTHERWISE.test(`${id} ${name}`)) params[name] = GIVEN[name](addressee());
    if (
      TWIML_URL.test(name) ||
      (/^(Fallback)?Url$/.test(name) && /^api_v2010:(?!CreateStream)/.test(id)) ||
      (name === 'FallbackUrl' && /^messaging_v1:\w+Service$/.test(id))
    )
      params[name] = chosen.choose([GOOD_URL], [BAD_URL]);
  }
  if (BODIES[id]) params.body = BODIES[id](addressee());
  if (/^taskrouter_v1:\w+Worker$/.test(id)) params.Attributes = JSON.stringify({ contact_uri: addressee() });
  if (/^taskrouter_v1:\w+Reservation$/.test(id)) params.Instruction = pick(['call', 'dequeue', 'conference']);
  if (TO_CONVERSATION.test(id)) {
    const conversation = chosen.choose([conversations.allowed], [conversations.forbidden]);
    Object.assign(params, /^conv/.test(id) ? { ConversationSid: conversation } : { ChannelSid: conversation });
    if (/Service|chat|ip_/.test(id)) {
      const name = /^conv/.test(id) ? 'ChatServiceSid' : 'ServiceSid';
      params[name] = conversations.service;
    }
  }
  return {
    label: `${id} ${JSON.stringify(params)}`,
    call: () => textOf(stack, 'twilio_api_write', { id, params, confirm: true }),
    isForbidden: chosen.isForbidden,
  };
}

const PLAIN = (addresses: readonly string[]) => addresses.filter((each) => /^\+\d+$/.test(each));
/** A call of a tool that reaches a person. */
function toolCall(stack: Stack): Attempt {
  const chosen = chooser();
  const to = chosen.choose(PLAIN(ALLOWED), PLAIN([...FORBIDDEN, ...STRANGERS]));
  const [tool, args] = pick([
    ['twilio_messaging_send_sms', { to, body: 'Hello' }],
    ['twilio_messaging_send_whatsapp', { to, body: 'Hello' }],
    ['twilio_voice_make_call', { to, say: 'Hello' }],
    ['twilio_voice_make_call', { to: ALLOWED[0], twiml: `<Response><Dial>${to}</Dial></Response>` }],
    ['twilio_verify_start_verification', { to, channel: 'sms' }],
  ] as const);
  return {
    label: `${tool} ${JSON.stringify(args)}`,
    call: () => textOf(stack, tool, args),
    isForbidden: chosen.isForbidden,
  };
}

/** A prompt that names someone who may not be reached, which only writes a text. */
function promptCall(stack: Stack): Attempt {
  const { name, arguments: args } = pick(PROMPTS);
  const given = Object.fromEntries(Object.keys(args).map((each) => [each, pick(FORBIDDEN)]));
  const message = { jsonrpc: '2.0', id: 1, method: 'prompts/get', params: { name, arguments: given } };
  const call = async () => (await post(stack.url, message, 'services=all&client=tests')).text;
  return { label: `prompt ${name}`, call, isForbidden: false };
}

const isPolicy = (text: string) => /^This deployment .*\(MCP_/.test(text);
/** Forbidden addresses and URLs in a request, however they are encoded. */
const BREACH = new RegExp(
  [...FORBIDDEN, ...STRANGERS, BAD_URL].map((each) => each.replace(/[+()]/g, '\\$&')).join('|'),
);

describe.each(['sqlite', 'sync'])('with the store in %s', (STORE) => {
  const stack = {} as Stack;
  beforeAll(async () => {
    await startStack({ lenient: true, env: { ...POLICY, ...SETTINGS, STORE } }, stack);
    await stack.sandbox.receive({ from: KNOWN, to: SANDBOX_ENVIRONMENT.TWILIO_PHONE_NUMBER, body: 'Hello' });
    const { v1 } = clientOf(stack.sandbox).conversations;
    const conversationOf = async (...addresses: readonly string[]) => {
      const { sid, chatServiceSid } = await v1.conversations.create();
      const { participants } = v1.conversations(sid);
      for (const address of addresses)
        await participants.create({
          'messagingBinding.address': address,
          'messagingBinding.proxyAddress': '+15005550006',
        });
      return { sid, chatServiceSid };
    };
    const [{ sid: allowed, chatServiceSid: service }, { sid: forbidden }] = [
      await conversationOf(ALLOWED[0]!),
      await conversationOf(KNOWN, STRANGERS[0]!),
    ];
    conversations = { allowed, forbidden, service };
  });
  afterAll(() => stack.close());

  test('nothing forbidden reaches Twilio, and nothing else is refused', async () => {
    const wrong: string[] = [];
    let refused = 0;
    for (let done = 0; done < CALLS; done += PARALLEL) {
      const { seq } = stack.sandbox.journal;
      const status = pick([500, 503, 429]);
      if (random() < 0.3) stack.sandbox.faults.add({ path: '/v1/Services/IS\\w+/Maps', status, times: 5 });
      const attempts = Array.from({ length: PARALLEL }, () =>
        pick([operationCall, operationCall, operationCall, toolCall, promptCall])(stack),
      );
      const texts = await Promise.all(attempts.map(({ call }) => call()));
      for (const [at, { label, isForbidden }] of attempts.entries()) {
        if (isPolicy(texts[at]!)) refused++;
        if (isPolicy(texts[at]!) !== isForbidden) wrong.push(`${label}: ${isForbidden} ${texts[at]!.slice(0, 300)}`);
      }
      for (const { method, path, fields } of stack.sandbox.journal.since(seq))
        if (method !== 'GET' && BREACH.test(JSON.stringify([path, fields])))
          wrong.push(`${path} ${JSON.stringify(fields)}`);
      stack.sandbox.faults.clear();
    }
    expect(wrong).toEqual([]);
    expect(refused).toBeGreaterThan(CALLS / 20);
  });
});

test('no tool with all its arguments reaches anyone who is forbidden', async () => {
  const stack = await startStack({ lenient: true, env: { ...POLICY, ...SETTINGS } });
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
  await stack.close();
  expect(wrong).toEqual([]);
});
