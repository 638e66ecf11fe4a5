import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLIENTS, connectionUrl } from '../src/connect/configurations';
import { type ManifestTool, type ToolManifest, toolManifest } from '../src/connect/manifest';
import { formatCount, selectTools, tokenCost } from '../src/connect/selection';
import { PROMPTS } from '../src/prompts';

/*
 * `npm run docs` writes what is generated of the documents: docs/tools.md, and the sections of the README between
 * `<!-- generated: … -->` and `<!-- end -->`. With `--check` it writes nothing and ends with 1 where one is out of date.
 */

const root = join(__dirname, '..');
const NOTE = '<!-- Written by npm run docs: change src, not this file. -->';
/** What the README's examples show. */
const EXAMPLE = {
  url: connectionUrl('https://twilio-mcp-1234-dev.twil.io', { services: ['Messaging', 'Voice'], readonly: false }),
  signature: 'nq3Zk0uVrT8bXy1mPq4sJd5wE2c=',
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
const anchor = (service: string) => service.toLowerCase();

function servicesTable(data: ToolManifest): string {
  const cost = (service: string, readonly: boolean) =>
    formatCount(tokenCost(selectTools(data, { services: [service], readonly })));
  return table(
    ['`services=`', 'For', 'Tokens', 'Read only'],
    data.services.map(({ service, summary }) => [
      `[${service}](docs/tools.md#${anchor(service)})`,
      cell(summary),
      cost(service, false),
      cost(service, true),
    ]),
  );
}

function promptsTable(data: ToolManifest): string {
  const services = new Set(data.services.map(({ service }) => service));
  return table(
    ['Prompt', 'Does', 'Services'],
    PROMPTS.filter((prompt) => prompt.services.every((service) => services.has(service))).map((prompt) => [
      `\`${prompt.name}\``,
      cell(prompt.title),
      prompt.services.join(', '),
    ]),
  );
}

const clientSections = () =>
  CLIENTS.map(
    ({ title, instructions, language, write }) =>
      `### ${title}\n${instructions}\n\n\`\`\`${language}\n${write(EXAMPLE)}\n\`\`\``,
  ).join('\n\n');

function toolReference(data: ToolManifest): string {
  const byName = new Map(data.tools.map((tool) => [tool.name, tool]));
  const home = new Map<string, string>();
  const sections = data.services.map(({ service, summary, instructions, tools }) => {
    const own = tools.filter((name) => !home.has(name));
    for (const name of own) home.set(name, service);
    const shared = tools.filter((name) => !own.includes(name));
    const elsewhere = shared.map((name) => `[\`${name}\`](#${name})`).join(', ');
    return [
      `## ${service}`,
      `${summary}\n\n${instructions}`,
      ...own.map((name) => toolSection(byName.get(name)!)),
      ...(shared.length > 0 ? [`Also here: ${elsewhere}.`] : []),
    ].join('\n\n');
  });
  const legend =
    '`read` changes nothing, `create` adds a record, `update` overwrites or stops something, `delete` removes for good, `send` reaches a person, `spend` costs money. `*` marks what is required.';
  return `${NOTE}\n\n# Tools\n\n${legend}\n\n${sections.join('\n\n')}\n`;
}

function toolSection({ name, title, effect, description, parameters }: ManifestTool): string {
  const rows = parameters.map((parameter) => [
    `\`${parameter.name}\`${parameter.required ? '*' : ''}`,
    cell(parameter.type),
    cell(parameter.description),
  ]);
  const takes = rows.length > 0 ? table(['Argument', 'Type', 'Meaning'], rows) : 'Takes no arguments.';
  return `### ${name}\n**${title}** · ${effect}. ${cell(description)}\n\n${takes}`;
}

/** The README with its generated sections anew. Throws for a section that nobody writes, and one that is not there. */
function readme(data: ToolManifest): string {
  const sections: Readonly<Record<string, () => string>> = {
    services: () => servicesTable(data),
    prompts: () => promptsTable(data),
    clients: clientSections,
  };
  const missing = new Set(Object.keys(sections));
  const text = readFileSync(join(root, 'README.md'), 'utf8').replace(
    /(<!-- generated: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin: string, name: string, end: string) => {
      if (!Object.hasOwn(sections, name)) throw new Error(`README.md: nobody writes the section "${name}".`);
      missing.delete(name);
      return `${begin}${sections[name]!()}\n${end}`;
    },
  );
  if (missing.size > 0) throw new Error(`README.md lacks the generated sections ${[...missing].join(', ')}.`);
  return text;
}

function main(): void {
  const data = toolManifest();
  const documents = { 'README.md': readme(data), 'docs/tools.md': toolReference(data) };
  for (const [file, text] of Object.entries(documents)) {
    const path = join(root, file);
    if (!process.argv.includes('--check')) writeFileSync(path, text);
    else if (readFileSync(path, 'utf8') !== text) {
      console.error(`${file} is out of date: run npm run docs.`);
      process.exitCode = 1;
    }
  }
}

main();
