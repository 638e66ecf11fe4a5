import { DOMAINS } from '../../src/domains';
import seeds from '../data/seed-tools.json';
import operations from '../data/service-operations.json';
import { fill, propertiesOf } from '../support/arguments';
import { callTool, post, type Stack, startStack } from '../support/stack';
import { VARIATIONS } from '../support/variations';

/*
 * What was promised, name by name: the tools that are listed, and the operations that leave the process.
 */

const tools = new Map(DOMAINS.flatMap((domain) => domain.tools).map((tool) => [tool.name, tool]));

/** Properties of all answers that a tool got, and of the items in them, as the API's descriptions have them. */
const described = new Map<string, Set<string>>();
/** Fields that came out of a tool, described or computed. */
const shown = new Map<string, Set<string>>();

/** Operations that leave the process when a tool is called in all its variations, as `GET /path (Id)`. */
const sent = new Map<string, Set<string>>();

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ lenient: true });
  const { spec } = stack.sandbox.state;
  for (const tool of tools.values()) {
    const done = new Set<string>();
    const properties = new Set<string>();
    const fields = new Set<string>();
    for (const variation of VARIATIONS[tool.name] ?? [{}]) {
      stack.sandbox.reset();
      stack.sandbox.options.lenient = true;
      for (const [before, args] of variation.before ?? []) await callTool(stack.url, before, args);
      const { structured = {} } = await callTool(stack.url, tool.name, fill(tool, variation));
      for (const part of [structured, ...(structured.items ?? [])])
        for (const field of Object.keys(part)) fields.add(field);
      for (const { method, host, file, operationId, path, status } of stack.sandbox.journal.entries) {
        if (status >= 400) continue;
        if (file) for (const property of propertiesOfAnswer(`${file}:${operationId}`)) properties.add(property);
        if (file) done.add(`${method} ${spec.operation(`${file}:${operationId}`)!.path} (${operationId})`);
        // The host that takes uploads is in no description.
        else
          done.add(
            `${method} https://${host}${path.replace(/ZS\w+/, '{ServiceSid}').replace(/ZH\w+/, '{Sid}')} (upload, multipart)`,
          );
      }
    }
    sent.set(tool.name, done);
    described.set(tool.name, properties);
    shown.set(tool.name, fields);
  }
}, 120_000);
afterAll(() => stack.close());

/** The names of an answer's properties, and of those of its items, as the client writes them. */
function propertiesOfAnswer(id: string): string[] {
  const { spec } = stack.sandbox.state;
  const operation = spec.operation(id)!;
  const document = spec.document(operation.file);
  const resolve = (schema: object) => document.resolve(schema);
  const propertiesIn = (schema: object = {}): Record<string, object> =>
    (resolve(schema) as { properties?: Record<string, object> }).properties ?? {};
  const itemOf = (schema: object) => (resolve(schema) as { items?: object }).items;
  const own = propertiesIn(operation.success.schema);
  const names = [own, ...Object.values(own).map((property) => propertiesIn(itemOf(property)))].flatMap((level) =>
    Object.keys(level),
  );
  return names.map((name) => name.replace(/[_-]+(\w)/g, (_, letter) => letter.toUpperCase()));
}

/** Fields that tools make themselves, and that the sandbox's world gives no occasion to show. */
const THREADED = ['conversationId', 'notRecorded'];
const COMPUTED: Readonly<Record<string, readonly string[]>> = {
  twilio_messaging_send_sms: THREADED,
  twilio_messaging_send_mms: THREADED,
  twilio_messaging_send_whatsapp: THREADED,
  twilio_messaging_redact_message: ['copyRemains'],
  twilio_messaging_list_media: ['url'],
  twilio_lookups_check_fraud_risk: ['missing'],
  twilio_verify_list_rate_limits: ['buckets'],
  twilio_studio_get_execution_status: ['nextPageToken'],
  twilio_debugger_analyze_errors: ['cut'],
};
const OF_ERRORS = ['errorMeaning', 'errorRemedy'];
/** Services whose answers this server makes itself: from its own store, or of whatever was asked for. */
const OWN = ['Inbox', 'AgentPhone', 'Api'];
const OF_TWILIO = DOMAINS.filter(({ service }) => !OWN.includes(service));

test.each([...new Set(OF_TWILIO.flatMap((domain) => domain.tools.map(({ name }) => name)))])(
  '%s shows fields that the API has, or that it made itself',
  (name) => {
    const known = [...described.get(name)!, ...shown.get(name)!, ...(COMPUTED[name] ?? []), ...OF_ERRORS];
    expect((tools.get(name)!.returns ?? []).filter((field) => !known.includes(field))).toEqual([]);
  },
);

test.each(OF_TWILIO.map((domain) => [domain.service, domain.tools] as const))(
  'an error of Twilio is explained by %s',
  async (_service, [...candidates]) => {
    const tool = candidates.find(({ effect }) => effect === 'read')!;
    stack.sandbox.reset();
    stack.sandbox.options.lenient = true;
    stack.sandbox.faults.add({ status: 404, code: 20404, message: 'The requested resource was not found' });
    const { isError, text } = await callTool(stack.url, tool.name, fill(tool, VARIATIONS[tool.name]?.[0]));
    expect(isError).toBe(true);
    expect(text).toMatch(
      /^Twilio error 20404: The requested resource was not found\. .*list.* https:\/\/www\.twilio\.com\/docs\/errors\/20404$/i,
    );
  },
);

test('every tool of the seed is listed', async () => {
  const { body } = await post(stack.url, { jsonrpc: '2.0', id: 1, method: 'tools/list' }, 'services=all');
  const listed = new Set(body.result.tools.map(({ name }: { name: string }) => name));
  expect(seeds.map(({ name }) => name).filter((name) => !listed.has(name))).toEqual([]);
});

test.each(seeds.map((seed) => [seed.name, seed] as const))(
  '%s takes its arguments and does its operations',
  (name, seed) => {
    const known = Object.keys(propertiesOf(tools.get(name)!));
    expect([...seed.required, ...seed.optional].filter((argument) => !known.includes(argument))).toEqual([]);
    const wanted = seed.operations.map((operation) => operation.replace(/, \w+\)$/, ')'));
    expect(wanted.filter((operation) => !sent.get(name)!.has(operation))).toEqual([]);
  },
);

test.each(Object.entries(operations))('the service %s reaches all its operations', (service, wanted) => {
  const domain = DOMAINS.find((candidate) => candidate.service === service)!;
  const reached = new Set(domain.tools.flatMap(({ name }) => [...sent.get(name)!]));
  expect(wanted.filter((operation) => !reached.has(operation))).toEqual([]);
});
