import { buildOperationTable } from '../../openapi/catalogue';
import type { JournalEntry } from '../../sandbox/journal';
import { agentPhone } from '../../src/domains/agent-phone';
import { inbox } from '../../src/domains/inbox';
import { asksFirst, type Effect } from '../../src/effect';
import { effectOf } from '../../src/operations/effect-of';
import { law, TOOLS } from '../laws/law';
import { fill } from '../support/arguments';
import { requestsOf, useStack } from '../support/stack';
import { VARIATIONS, WIRE_ENVIRONMENT } from '../support/variations';

/*
 * Every tool end to end: an MCP call on twilio-run, Twilio's client, and a sandbox that rejects what Twilio's API
 * descriptions do not allow.
 */

const each = TOOLS.map((tool) => [tool.name, tool] as const);

const METHODS: Readonly<Record<Effect, readonly string[]>> = {
  read: ['GET'],
  create: ['GET', 'POST'],
  update: ['GET', 'POST', 'PUT', 'PATCH'],
  // Redacting a message is a POST.
  delete: ['GET', 'POST', 'DELETE'],
  send: ['GET', 'POST'],
  // A paid lookup is a GET that costs money.
  spend: ['GET', 'POST'],
  grant: ['GET', 'POST', 'PUT', 'PATCH'],
};

/** POST operations that change nothing. */
const READING_POSTS = new Set(['UpdateFlowValidate', 'CreateToken']);

/** Tools of the server's own store, which may work without a request to Twilio. */
const storeTools = new Set([...inbox.tools, ...agentPhone.tools]);

const stack = useStack({ lenient: true, env: WIRE_ENVIRONMENT });

/** Operations that each tool requested. */
const requested = new Map<string, Set<string>>(TOOLS.map(({ name }) => [name, new Set()]));

const { operations } = buildOperationTable();

/** What a request does, by the catalogue. */
const effectAtWire = ({ file = 'serverless_upload', operationId, fields, queryFields }: JournalEntry): Effect =>
  effectOf(operations[`${file}:${operationId}`]!, { ...queryFields, ...fields }).effect;

describe.each(each)('%s', (_name, tool) => {
  test.each((VARIATIONS[tool.name] ?? [{}]).map((variation) => [JSON.stringify(variation), variation] as const))(
    'is accepted with all arguments filled, in the variation %s',
    async (_label, variation) => {
      const { answer, requests } = await requestsOf(stack, tool.name, fill(tool, variation), variation.before);
      // No API description covers uploads; this is their name in the catalogue.
      for (const { file = 'serverless_upload', operationId } of requests) {
        requested.get(tool.name)!.add(`${file}:${operationId}`);
      }
      expect(requests.flatMap((request) => request.violations)).toEqual([]);
      expect(answer.isError ? answer.text : 'accepted').toBe('accepted');
      expect(JSON.stringify(answer.structured)).toBe(answer.text);
      const changing = requests.filter((request) => !READING_POSTS.has(request.operationId ?? ''));
      const methods = new Set(changing.map((request) => request.method));
      expect(METHODS[tool.effect]).toEqual(expect.arrayContaining([...methods]));
      const asking = changing.filter((request) => asksFirst(effectAtWire(request)));
      expect(asksFirst(tool.effect) ? [] : asking.map(({ operationId }) => operationId)).toEqual([]);
      if (tool.effect === 'delete') expect(changing.map(effectAtWire)).toContain('delete');
      else if (tool.effect !== 'read' && tool.effect !== 'spend' && !storeTools.has(tool))
        expect([...methods].some((method) => method !== 'GET')).toBe(true);
    },
  );
});

/** Tools with operations that the calls above do not reach, and why. */
const NOT_REACHED: Readonly<Record<string, string>> = {
  twilio_agent_phone_get_phone_number: 'buys only if the pool is empty',
  twilio_agent_phone_wait_for_sms: 'reads the log after a timeout',
  twilio_messaging_services_get_a2p_status: 'the service of the test has no campaign',
  twilio_verify_list_rate_limits: 'the service of the test has no rate limits',
  ...Object.fromEntries(
    TOOLS.filter(({ operations }) => operations.includes('api_v2010:CreateMessage')).map(({ name }) => [
      name,
      'reads the log if the recipient has opted out',
    ]),
  ),
  twilio_inbox_import_history: 'the thread of the test has no messages',
};

law(
  '`operations` of a tool names exactly what its calls request',
  'list in `operations` exactly the operations that the tool may request.',
  () =>
    TOOLS.filter(({ name }) => !/^twilio_api_(read|write)$/.test(name)).flatMap(({ name, operations }) => {
      const sent = [...requested.get(name)!];
      const unused = name in NOT_REACHED ? [] : operations.filter((id) => !sent.includes(id));
      return [
        ...sent.filter((id) => !operations.includes(id)).map((id) => `${name}: ${id} is missing`),
        ...unused.map((id) => `${name}: ${id} is not requested`),
      ];
    }),
);
