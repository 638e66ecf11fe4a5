import type { SpecSchema } from '../../openapi/spec';
import { flattenSchema } from '../../sandbox/response-body';
import { DOMAINS } from '../../src/domains';
import { RENAMED_TOOLS } from '../../src/domains/renamed-tools';
import { words } from '../../src/params';
import requiredTools from '../data/seed-tools.json';
import requiredOperations from '../data/service-operations.json';
import { fill, propertiesOf } from '../support/arguments';
import { callTool, post, type Stack, startStack } from '../support/stack';
import { VARIATIONS } from '../support/variations';

/*
 * Required coverage: the tools that must be listed, and the Twilio operations that they must request.
 */

const toolsByName = new Map(DOMAINS.flatMap((domain) => domain.tools).map((tool) => [tool.name, tool]));

/** Properties of the responses to each tool, and of their items, in the API descriptions. */
const described = new Map<string, Set<string>>();
/** Fields that each tool returned. */
const returned = new Map<string, Set<string>>();

/** Operations that each tool requested in all its variations, as `GET /path (Id)`. */
const requested = new Map<string, Set<string>>();

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ lenient: true });
  const { spec } = stack.sandbox.state;
  for (const tool of toolsByName.values()) {
    const operations = new Set<string>();
    const properties = new Set<string>();
    const fields = new Set<string>();
    for (const variation of VARIATIONS[tool.name] ?? [{}]) {
      stack.sandbox.reset();
      for (const [before, args] of variation.before ?? []) await callTool(stack.url, before, args);
      const { structured = {} } = await callTool(stack.url, tool.name, fill(tool, variation));
      for (const part of [structured, ...(structured.items ?? [])])
        for (const field of Object.keys(part)) fields.add(field);
      for (const { method, host, file, operationId, path, status } of stack.sandbox.journal.entries) {
        if (status >= 400) continue;
        if (file) for (const property of responseProperties(`${file}:${operationId}`)) properties.add(property);
        if (file) operations.add(`${method} ${spec.operation(`${file}:${operationId}`)!.path} (${operationId})`);
        // No API description covers the upload host.
        else
          operations.add(
            `${method} https://${host}${path.replace(/ZS\w+/, '{ServiceSid}').replace(/ZH\w+/, '{Sid}')} (upload, multipart)`,
          );
      }
    }
    requested.set(tool.name, operations);
    described.set(tool.name, properties);
    returned.set(tool.name, fields);
  }
}, 120_000);
afterAll(() => stack.close());

/** Property names of a response and of its items, in the client's camel case. */
function responseProperties(id: string): string[] {
  const { spec } = stack.sandbox.state;
  const operation = spec.operation(id)!;
  const document = spec.document(operation.file);
  const propertiesIn = (schema?: SpecSchema) => flattenSchema(document, schema).properties ?? {};
  const itemOf = (schema: SpecSchema) => document.resolve<SpecSchema>(schema).items;
  const own = propertiesIn(operation.success.schema);
  const names = [own, ...Object.values(own).map((property) => propertiesIn(itemOf(property)))].flatMap((level) =>
    Object.keys(level),
  );
  return names.map((name) => name.replace(/[_-]+(\w)/g, (_, letter) => letter.toUpperCase()));
}

/** Fields that tools compute and that no call to the sandbox returns. */
const THREADED = ['messageSid', 'conversationId', 'notRecorded'];
const ROUTED = ['overridden', 'messagingService', 'unread'];
const COMPUTED: Readonly<Record<string, readonly string[]>> = {
  twilio_messaging_send_sms: THREADED,
  twilio_messaging_send_mms: THREADED,
  twilio_messaging_send_whatsapp: THREADED,
  twilio_messaging_redact_message: ['copyRemains'],
  twilio_messaging_list_media: ['url'],
  twilio_phone_numbers_list_phone_numbers: ['overridden'],
  twilio_phone_numbers_update_phone_number: ['overridden'],
  twilio_phone_numbers_get_phone_number: ROUTED,
  twilio_phone_numbers_configure_webhook: ROUTED,
  twilio_messaging_list_opt_outs: words('person sender optedOutAt evidence messageSid'),
  twilio_lookups_check_fraud_risk: ['missing'],
  twilio_verify_list_rate_limits: ['buckets', 'unread'],
  twilio_studio_get_execution_status: ['nextPageToken', 'unread'],
  twilio_serverless_get_function_version: ['unread'],
  twilio_debugger_analyze_errors: ['cut'],
};
/** Services whose results do not mirror one Twilio resource. */
const OWN_SERVICES = ['Inbox', 'AgentPhone', 'Audit', 'Api'];
const TWILIO_DOMAINS = DOMAINS.filter(({ service }) => !OWN_SERVICES.includes(service));

test.each([...new Set(TWILIO_DOMAINS.flatMap((domain) => domain.tools.map(({ name }) => name)))])(
  '%s returns fields that the API describes or that it computes',
  (name) => {
    const known = [...described.get(name)!, ...returned.get(name)!, ...(COMPUTED[name] ?? [])];
    expect((toolsByName.get(name)!.returns ?? []).filter((field) => !known.includes(field))).toEqual([]);
  },
);

test.each(TWILIO_DOMAINS.map((domain) => [domain.service, domain.tools] as const))(
  '%s explains a Twilio error',
  async (_service, [...candidates]) => {
    const tool = candidates.find(({ effect }) => effect === 'read')!;
    stack.sandbox.reset();
    stack.sandbox.faults.add({ status: 404, code: 20404, message: 'The requested resource was not found' });
    const { isError, text } = await callTool(stack.url, tool.name, fill(tool, VARIATIONS[tool.name]?.[0]));
    expect(isError).toBe(true);
    expect(text).toMatch(
      /^Twilio error 20404: The requested resource was not found\. .*list.* https:\/\/www\.twilio\.com\/docs\/errors\/20404$/i,
    );
  },
);

/** A required tool may have been renamed. */
const currentName = (name: string) => RENAMED_TOOLS[name] ?? name;

test('every required tool is listed', async () => {
  const { body } = await post(stack.url, { jsonrpc: '2.0', id: 1, method: 'tools/list' }, 'services=all');
  const listed = new Set(body.result.tools.map(({ name }: { name: string }) => name));
  expect(requiredTools.map(({ name }) => name).filter((name) => !listed.has(currentName(name)))).toEqual([]);
});

test.each(requiredTools.map((tool) => [tool.name, tool] as const))(
  '%s accepts the required arguments and requests the required operations',
  (name, { required, optional, operations }) => {
    const known = Object.keys(propertiesOf(toolsByName.get(currentName(name))!));
    expect([...required, ...optional].filter((argument) => !known.includes(argument))).toEqual([]);
    const expected = operations.map((operation) => operation.replace(/, \w+\)$/, ')'));
    expect(expected.filter((operation) => !requested.get(currentName(name))!.has(operation))).toEqual([]);
  },
);

test.each(Object.entries(requiredOperations))('the service %s requests the required operations', (service, ids) => {
  const domain = DOMAINS.find((candidate) => candidate.service === service)!;
  const reached = new Set(domain.tools.flatMap(({ name }) => [...requested.get(name)!]));
  expect(ids.filter((id) => !reached.has(id))).toEqual([]);
});
