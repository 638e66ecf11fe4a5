import { Spec, type SpecDocument, type SpecSchema } from '../../openapi/spec';
import { callTool } from '../../src/mcp/call';
import { camelCase, parseJsonField, VERBATIM } from '../../src/spelling';
import type { ToolContext } from '../../src/tool';
import { law, TOOLS } from './law';

/*
 * Rules for the answers of tools, checked with the examples and the descriptions of Twilio's API.
 */

const spec = new Spec();
type Fields = Record<string, unknown>;

/** The documented examples of an operation's resource, with the names that twilio-node gives their fields. */
function examplesOf(id: string): Fields[] {
  const { success, list } = spec.operation(id) ?? {};
  return (success?.examples ?? [])
    .flatMap((example) => (list ? ((example as Fields)[list.itemsKey] ?? []) : example))
    .map((resource) =>
      Object.fromEntries(Object.entries(Object(resource)).map(([key, value]) => [camelCase(key), value])),
    );
}

/** What a tool answers if Twilio answers with the examples of its operations. */
async function answersOf(tool: (typeof TOOLS)[number]): Promise<Fields[]> {
  const results = tool.operations.flatMap(examplesOf).map((resource) => {
    const replay = { ...tool, effect: 'read' as const, input: () => ({}), run: () => resource };
    return callTool(replay, {}, { effects: { acted: 0 } } as ToolContext, 'test');
  });
  return (await Promise.all(results)).map(({ result }) => result.structuredContent as Fields);
}

/** Paths in a value with what they hold; contents of customers' fields are left out. */
function* entriesOf(value: unknown, path = ''): Generator<[path: string, key: string, content: unknown]> {
  for (const [key, content] of Object.entries(Object(value) as Fields)) {
    const below = Array.isArray(value) ? path : `${path}.${key}`;
    if (!Array.isArray(value)) yield [below, key, content];
    if (typeof content === 'object' && !VERBATIM.has(key)) yield* entriesOf(content, below);
  }
}

const found = async (isBreach: (key: string, content: unknown) => boolean) => {
  const breaches = new Set<string>();
  for (const tool of TOOLS.filter(({ name }) => !/^twilio_(api|agent_phone)_/.test(name))) {
    for (const answer of await answersOf(tool)) {
      for (const [path, key, content] of entriesOf(answer)) if (isBreach(key, content)) breaches.add(tool.name + path);
    }
  }
  return [...breaches];
};

/** What a webhook answered is shown as it was. */
const isJson = (key: string, content: unknown): boolean => {
  if (typeof content !== 'string' || key === 'responseBody' || !/^\s*[[{]/.test(content)) return false;
  try {
    return Boolean(JSON.parse(content));
  } catch {
    return false;
  }
};

law(
  'answers name their fields in camel case, apart from what customers name',
  'results pass through `spell` in src/spelling.ts; contents that keep their names belong to its VERBATIM.',
  () => found((key) => /_/.test(key) || /^[A-Z]+$/.test(key)),
);

law('answers contain no JSON as text', 'add the field to JSON_FIELD in src/spelling.ts.', () => found(isJson));

law(
  'every field that the API describes as JSON text is answered as an object',
  'add the field to JSON_FIELD in src/spelling.ts.',
  () =>
    spec.operations().flatMap(({ id, file, success, list }) => {
      const document = spec.document(file);
      const properties = propertiesOf(document, success.schema);
      const fields = list ? propertiesOf(document, document.resolve(properties[list.itemsKey])?.items) : properties;
      return Object.entries(fields)
        .filter(([, field]) => /JSON (Object )?string that|valid JSON|JSON array/.test(String(field.description)))
        .filter(([name, { type }]) => type === 'string' && typeof parseJsonField(name, '{}') === 'string')
        .map(([name]) => `${id}.${name}`);
    }),
);

function propertiesOf(document: SpecDocument, schema: SpecSchema | undefined): Record<string, SpecSchema> {
  const { properties = {} } = document.resolve(schema) ?? {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [name, { ...document.resolve(field), ...field }]),
  );
}
