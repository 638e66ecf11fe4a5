import { normalizeName } from '../../src/closest-names';
import { DOMAINS } from '../../src/domains';
import { inputSchema } from '../../src/mcp/toolset';
import type { Schema } from '../../src/operations/catalogue';
import type { Domain, Tool } from '../../src/tool';

/*
 * docs/tools/<Service>.md: the full contract of every tool, in a form that shows a change as a short diff. An argument that
 * several tools of a service share is described once, at the top.
 */

const LEGEND =
  '`read` changes nothing, `create` adds a record, `update` overwrites or stops something, `delete` removes for good, `send` reaches a person, `spend` costs money. `*` marks required arguments.';

/** Markdown of each service's contracts, by file name. */
export const contractFiles = (): Map<string, string> =>
  new Map(DOMAINS.map((domain) => [`${domain.service}.md`, serviceContract(domain)]));

/** The service that a tool is named after; others may offer it too. */
export function homeOf({ name }: Tool): string {
  const fitting = DOMAINS.filter(({ service }) => normalizeName(name).startsWith(`twilio${normalizeName(service)}`));
  return fitting.sort((a, b) => b.service.length - a.service.length)[0]!.service;
}

function serviceContract(domain: Domain): string {
  const own = domain.tools.filter((tool) => homeOf(tool) === domain.service);
  const shared = sharedArguments(own);
  const elsewhere = domain.tools.filter((tool) => !own.includes(tool));
  const links = elsewhere.map((tool) => `[\`${tool.name}\`](${homeOf(tool)}.md#${tool.name})`);
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

/**
 * The lines of arguments that several tools of the service share, with the tools where the name has other meanings too.
 * All meanings of such a name stand together, so that a change of a shared argument is one hunk.
 */
function sharedArguments(tools: readonly Tool[]): Map<string, string> {
  const uses = new Map<string, { name: string; users: string[] }>();
  for (const tool of tools) {
    for (const { name, line } of argumentsOf(tool)) {
      uses.set(line, { name, users: [...(uses.get(line)?.users ?? []), tool.name] });
    }
  }
  const all = [...uses].sort(([a], [b]) => (a < b ? -1 : 1));
  const names = new Set(all.filter(([, { users }]) => users.length > 1).map(([, { name }]) => name));
  return new Map(
    all
      .filter(([, { name }]) => names.has(name))
      .map(([line, { name, users }]) => {
        const isUnique = all.filter(([, other]) => other.name === name).length === 1;
        return [line, isUnique ? line : `${line} (${users.map((user) => `\`${user}\``).join(', ')})`];
      }),
  );
}

function toolContract(tool: Tool, shared: ReadonlyMap<string, string>): string {
  const all = argumentsOf(tool);
  const names = all.map(({ name, required }) => `\`${name}\`${required ? '*' : ''}`);
  const own = all.filter(({ line }) => !shared.has(line)).map(({ line }) => line);
  const codes = (values: readonly string[]) => values.map((value) => `\`${value}\``).join(', ');
  const facts = [
    `Arguments: ${names.join(', ') || 'none'}`,
    `Returns: ${tool.returns ? codes(tool.returns) : '`done`'}`,
    ...(tool.untrusted ? [`Untrusted: ${codes(tool.untrusted)}`] : []),
    ...(tool.checkWith ? [`Check with: \`${tool.checkWith}\``] : []),
    ...(tool.ifUnknown ? [`If the outcome is unknown: ${withoutHtml(tool.ifUnknown)}`] : []),
    ...(tool.notFoundHint ? [`If not found: ${withoutHtml(tool.notFoundHint)}`] : []),
    ...(tool.operations.length > 0 ? [`Operations: ${codes(tool.operations)}`] : []),
  ];
  return [
    `## ${tool.name}`,
    `**${tool.title}** · ${tool.effect}`,
    withoutHtml(tool.description),
    ...(own.length > 0 ? [`Own arguments:\n\n${bullets(own)}`] : []),
    `Contract:\n\n${bullets(facts)}`,
  ].join('\n\n');
}

/** Angle brackets would be HTML. */
const withoutHtml = (text: string) => text.replaceAll('<', '&lt;');
const bullets = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join('\n');

function argumentsOf(tool: Tool): { name: string; required: boolean; line: string }[] {
  const { properties = {}, required = [] } = inputSchema(tool);
  return Object.entries(properties).map(([name, property]) => {
    const schema = property as Schema;
    return {
      name,
      required: required.includes(name),
      line: `\`${name}\`: ${describeForm(schema)}. ${withoutHtml(schema.description ?? '')}`,
    };
  });
}

function describeForm({ type, items, pattern, format, ...schema }: Schema): string {
  const range = (min: number | undefined, max: number | undefined, unit: string) => {
    if (min === undefined && max === undefined) return [];
    if (min === undefined) return [`up to ${max}${unit}s`];
    return [min === max ? `${min}${unit}` : `${min}–${max ?? ''}${unit && `${unit}s`}`];
  };
  return [
    schema.enum ? schema.enum.map((value) => `\`${value}\``).join(' | ') : (type ?? 'string'),
    ...(items ? [`of ${describeForm(items)}`] : []),
    ...range(schema.minimum, schema.maximum, ''),
    ...range(schema.minLength, schema.maxLength, ' character'),
    ...range(schema.minItems, schema.maxItems, ' item'),
    ...(format && !pattern ? [format] : []),
    ...(pattern ? [`\`${pattern}\``] : []),
  ].join(', ');
}
