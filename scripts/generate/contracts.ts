import { DOMAINS } from '../../src/domains';
import { inputSchema } from '../../src/mcp/toolset';
import type { Domain, Tool } from '../../src/tool';

/*
 * docs/tools/<Service>.md: the full contract of every tool, in a form that shows a change as a short diff. An argument that
 * several tools of a service share is described once, at the top.
 */

/** The part of JSON Schema that arguments use. */
interface ArgumentSchema {
  type?: string;
  description?: string;
  enum?: readonly string[];
  pattern?: string;
  format?: string;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: ArgumentSchema;
}

const LEGEND =
  '`read` changes nothing, `create` adds a record, `update` overwrites or stops something, `delete` removes for good, `send` reaches a person, `spend` costs money. `*` marks required arguments.';

/** Markdown of each service's contracts, by file name. */
export function contractFiles(): Map<string, string> {
  const home = new Map<Tool, string>();
  return new Map(
    DOMAINS.map((domain) => {
      const own = domain.tools.filter((tool) => !home.has(tool));
      for (const tool of own) home.set(tool, domain.service);
      return [`${domain.service}.md`, serviceContract(domain, own, home)];
    }),
  );
}

function serviceContract(domain: Domain, own: readonly Tool[], home: ReadonlyMap<Tool, string>): string {
  const shared = sharedArguments(own);
  const elsewhere = domain.tools.filter((tool) => !own.includes(tool));
  const links = elsewhere.map((tool) => `[\`${tool.name}\`](${home.get(tool)}.md#${tool.name})`);
  return [
    '<!-- Written by npm run generate: change src, not this file. -->',
    `# ${domain.service}`,
    domain.summary,
    `Instructions: ${domain.instructions}`,
    LEGEND,
    ...(links.length > 0 ? [`Also offered here: ${links.join(', ')}.`] : []),
    ...(shared.size > 0 ? ['## Shared arguments', bullets([...shared].map(([, line]) => line))] : []),
    ...own.map((tool) => toolContract(tool, shared)),
    '',
  ].join('\n\n');
}

/** For each name, the description that most tools of the service share, if at least two do. */
function sharedArguments(tools: readonly Tool[]): Map<string, string> {
  const uses = new Map<string, { name: string; count: number }>();
  for (const tool of tools) {
    for (const { name, line } of argumentsOf(tool)) uses.set(line, { name, count: (uses.get(line)?.count ?? 0) + 1 });
  }
  const shared = new Map<string, string>();
  for (const [line, { name, count }] of [...uses].sort(([, a], [, b]) => b.count - a.count)) {
    if (count > 1 && !shared.has(name)) shared.set(name, line);
  }
  return new Map([...shared].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function toolContract(tool: Tool, shared: ReadonlyMap<string, string>): string {
  const all = argumentsOf(tool);
  const names = all.map(({ name, required }) => `\`${name}\`${required ? '*' : ''}`);
  const own = all.filter(({ name, line }) => shared.get(name) !== line).map(({ line }) => line);
  const codes = (values: readonly string[]) => values.map((value) => `\`${value}\``).join(', ');
  const facts = [
    `Arguments: ${names.join(', ') || 'none'}`,
    `Returns: ${tool.returns ? codes(tool.returns) : '`done`'}`,
    ...(tool.untrusted ? [`Untrusted: ${codes(tool.untrusted)}`] : []),
    ...(tool.checkWith ? [`Check with: \`${tool.checkWith}\``] : []),
    ...(tool.notFoundHint ? [`If not found: ${tool.notFoundHint}`] : []),
    ...(tool.operations.length > 0 ? [`Operations: ${codes(tool.operations)}`] : []),
  ];
  return [
    `## ${tool.name}`,
    `**${tool.title}** · ${tool.effect}`,
    tool.description,
    ...(own.length > 0 ? [bullets(own)] : []),
    bullets(facts),
  ].join('\n\n');
}

const bullets = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join('\n');

function argumentsOf(tool: Tool): { name: string; required: boolean; line: string }[] {
  const { properties = {}, required = [] } = inputSchema(tool);
  return Object.entries(properties).map(([name, property]) => {
    const schema = property as ArgumentSchema;
    return {
      name,
      required: required.includes(name),
      line: `\`${name}\`: ${describeForm(schema)}. ${schema.description}`,
    };
  });
}

function describeForm({ type, items, pattern, format, ...schema }: ArgumentSchema): string {
  const range = (min: number | undefined, max: number | undefined, unit: string) =>
    min === undefined && max === undefined ? [] : [`${min ?? ''}–${max ?? ''}${unit}`];
  return [
    schema.enum ? schema.enum.map((value) => `\`${value}\``).join(' | ') : (type ?? 'string'),
    ...(items ? [`of ${describeForm(items)}`] : []),
    ...range(schema.minimum, schema.maximum, ''),
    ...range(schema.minLength, schema.maxLength, ' characters'),
    ...range(schema.minItems, schema.maxItems, ' items'),
    ...(format && !pattern ? [format] : []),
    ...(pattern ? [`\`${pattern}\``] : []),
    ...(schema.default === undefined ? [] : [`default \`${JSON.stringify(schema.default)}\``]),
  ].join(', ');
}
