import { toolManifest } from '../../src/connect/manifest';
import { formatCount, selectTools, tokenCost } from '../../src/connect/selection';
import { PROMPTS } from '../../src/prompts';
import { settings } from '../../src/settings';
import { screenshotFingerprint } from '../screenshot';
import { localClients } from './clients';

/*
 * The generated sections of the README, each between `<!-- generated: name -->` and `<!-- end -->`.
 */

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

function servicesTable(): string {
  const manifest = toolManifest();
  const cost = (service: string, readonly: boolean) =>
    formatCount(tokenCost(selectTools(manifest, { services: [service], readonly })));
  return table(
    ['`services=`', 'For', 'Tokens', 'Tokens, read-only'],
    manifest.services.map(({ service, summary }) => [
      `[${service}](docs/tools/${service}.md)`,
      cell(summary),
      cost(service, false),
      cost(service, true),
    ]),
  );
}

const promptsTable = () =>
  table(
    ['Prompt', 'Does', 'Services'],
    PROMPTS.map(({ name, title, services }) => [`\`${name}\``, cell(title), services.join(', ')]),
  );

const settingsTable = () =>
  table(
    ['Variable', 'Meaning'],
    settings()
      .filter(({ role }) => role !== 'platform')
      .map(({ variable, help }) => [`\`${variable}\``, cell(help)]),
  );

/** The fingerprint says which state of the page the picture shows. */
const screenshot = () =>
  `![The connect page: services with their cost on the left; URL, signature and configuration on the right](docs/connect.png)\n<!-- of ${screenshotFingerprint()} -->`;

const SECTIONS: Readonly<Record<string, () => string>> = {
  screenshot,
  services: servicesTable,
  prompts: promptsTable,
  clients: localClients,
  settings: settingsTable,
};

/** The README with its generated sections replaced. Throws for a section that is unknown or missing. */
export function readmeWithSections(readme: string): string {
  const missing = new Set(Object.keys(SECTIONS));
  const text = readme.replace(
    /(<!-- generated: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin: string, name: string, end: string) => {
      if (!Object.hasOwn(SECTIONS, name)) throw new Error(`README.md: unknown generated section "${name}".`);
      missing.delete(name);
      return `${begin}${SECTIONS[name]!()}\n${end}`;
    },
  );
  if (missing.size > 0) throw new Error(`README.md lacks the generated sections ${[...missing].join(', ')}.`);
  return text;
}
