import { connectionUrl, grantIn } from '../src/connect/address';
import { DEFAULT_LABEL, SIGNATURE_HEADER, SIGNATURE_PLACEHOLDER } from '../src/connect/client';
import { CLIENTS, instructionsFor, tooManyTools } from '../src/connect/configurations';
import { labelError, maxLabelLength } from '../src/connect/labels';
import { type ToolManifest, toolManifest } from '../src/connect/manifest';
import { formatCount, selectTools, tokenCost } from '../src/connect/selection';
import { isLoopbackUrl, splitNames } from '../src/formats';
import { selectToolset } from '../src/mcp/toolset';
import { signatureOf } from '../src/signature';
import { ENV_OPTION, startCommand } from './command';
import { readEnvFile, withOwnNames } from './local-env';

/*
 * `npm run connect`: the connect page in a terminal. The auth token comes from the environment or from `.env`, never
 * from an argument, which the shell's history would keep.
 */

const CLIENT_IDS = CLIENTS.map(({ id }) => id).join(', ');
const OPTIONS = {
  url: {
    type: 'string',
    value: '<url>',
    default: `http://localhost:${process.env.PORT || 3000}`,
    help: 'the deployment, such as https://name-1234-dev.twil.io, or the URL of a connection',
  },
  services: { type: 'string', multiple: true, value: '<names>', help: 'services of the list below, or all' },
  tools: {
    type: 'string',
    multiple: true,
    value: '<names>',
    help: 'only these tools; without --services, of any service',
  },
  readonly: { type: 'boolean', help: 'omits every tool that changes, sends or buys something' },
  client: { type: 'string', value: '<id>', help: CLIENT_IDS },
  label: {
    type: 'string',
    value: '<name>',
    default: DEFAULT_LABEL,
    help: "the client's name for the server, before the names of its tools",
  },
  json: { type: 'boolean', help: 'prints the URL, headers, tools and tokens as JSON' },
  ...ENV_OPTION,
} as const;

/** What the URL and the options ask for together. Throws if both list services, or both tools. */
function selectionFrom(url: string, options: { services?: string[]; tools?: string[]; readonly?: boolean }) {
  const inUrl = grantIn(url);
  const either = (name: 'services' | 'tools') => {
    const names = splitNames(options[name]);
    if (names.length > 0 && inUrl[name].length > 0)
      throw new Error(`The URL already has ${name}=: change it there, or leave out --${name}.`);
    return names.length > 0 ? names : inUrl[name];
  };
  const readonly = options.readonly || inUrl.readonly;
  // Parsed as the server parses them: spelling variants are accepted, unknown names throw.
  const named = either('tools');
  const tools = named.length > 0 ? [...selectToolset({ services: ['all'], tools: named, readonly }).tools.keys()] : [];
  const given = either('services');
  if (given.length === 0) return { services: servicesWith(tools), tools, readonly };
  const all = given.some((name) => name.toLowerCase() === 'all');
  const services = selectToolset({ services: given, tools: [], readonly }).services.map(({ service }) => service);
  const [other] = servicesWith(tools, services).filter((service) => !services.includes(service));
  if (other) throw new Error(`A tool of --tools belongs to another service: add --services ${other}.`);
  return { services: all ? ['all'] : services, tools, readonly };
}

/** The given services, and those that the tools need beside them. Empty if the default service has all tools. */
function servicesWith(tools: readonly string[], given: readonly string[] = []): string[] {
  const { services, defaultService } = toolManifest();
  const chosen = new Set(given);
  for (const tool of tools) {
    const offering = services.filter((service) => service.tools.includes(tool)).map(({ service }) => service);
    if (!offering.some((service) => chosen.has(service))) chosen.add(offering[0]!);
  }
  return [...chosen].join() === defaultService ? [] : [...chosen];
}

/** The headers of a connection, `undefined` where none are needed; without an auth token, a placeholder. */
async function signatureFor(url: string, envFile?: string): Promise<string | undefined> {
  if (isLoopbackUrl(url)) return undefined;
  const token = withOwnNames(process.env).AUTH_TOKEN || readEnvFile(envFile).AUTH_TOKEN;
  return token ? signatureOf(url, token) : SIGNATURE_PLACEHOLDER;
}

const NO_TOKEN =
  'The signature is missing, because AUTH_TOKEN is not set: set it in .env, or open the address of the deployment in a browser.';

void startCommand({
  name: 'connect',
  summary: 'Prints the URL of a connection, its signature and the configuration of a client. It requests nothing.',
  options: OPTIONS,
  details: () => listServices(toolManifest(), false),
  run: async (options) => {
    const manifest = toolManifest();
    const client = CLIENTS.find(({ id }) => id === options.client);
    if (options.client !== undefined && client === undefined)
      throw new Error(`Unknown client "${options.client}". Clients: ${CLIENT_IDS}.`);
    const selection = selectionFrom(options.url, options);
    const tools = selectTools(manifest, selection);
    const { label } = options;
    const error = labelError(label, tools);
    if (error !== undefined) throw new Error(error);
    const url = connectionUrl(options.url, selection);
    const signature = await signatureFor(url, options.env);
    if (options.json) {
      if (signature === SIGNATURE_PLACEHOLDER) throw new Error(NO_TOKEN);
      const headers = signature ? { [SIGNATURE_HEADER]: signature } : {};
      const names = tools.map(({ name }) => name);
      return console.log(JSON.stringify({ url, headers, label, tools: names, tokens: tokenCost(tools) }, null, 2));
    }
    if (client === undefined && selection.services.length === 0)
      console.log(`${listServices(manifest, selection.readonly)}\n`);
    console.log(`URL        ${url}`);
    console.log(`Signature  ${signature ?? 'not needed on this machine'}`);
    console.log(`Label      ${label}; at most ${maxLabelLength(tools)} characters for these tools`);
    console.log(`Offers     ${formatCount(tools.length)} tools, about ${formatCount(tokenCost(tools))} tokens`);
    if (signature !== undefined && signature !== SIGNATURE_PLACEHOLDER)
      console.log(
        '\nThe signature is a secret for exactly this URL: anyone who has both can use the tools that the URL offers.',
      );
    const warning = client && tooManyTools(client, tools.length);
    if (warning !== undefined) console.log(`\n${warning}`);
    if (client)
      console.log(
        `\n${client.title}: ${instructionsFor(client, url)}\n\n${client.write({ url, signature, label, tools: tools.length })}`,
      );
    else console.log(`\nTo show the configuration of a client, add --client <id>, one of ${CLIENT_IDS}.`);
    if (signature === SIGNATURE_PLACEHOLDER) throw new Error(`\n${NO_TOKEN}`);
  },
});

function listServices(manifest: ToolManifest, readonly: boolean): string {
  const rows = manifest.services.map(({ service, summary }) => {
    const cost = formatCount(tokenCost(selectTools(manifest, { services: [service], readonly })));
    return `${service.padEnd(18)} ${cost.padStart(7)} tokens  ${summary}`;
  });
  return ['Services, and what each costs in every conversation:', ...rows].join('\n');
}
