import { connectionUrl, grantIn } from '../src/connect/address';
import {
  CLIENTS,
  DEFAULT_LABEL,
  instructionsFor,
  SIGNATURE_HEADER,
  SIGNATURE_PLACEHOLDER,
  tooManyTools,
} from '../src/connect/configurations';
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
  tools: { type: 'string', multiple: true, value: '<names>', help: 'only these tools of the services' },
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
  const asked = { services: either('services'), tools: either('tools'), readonly: options.readonly || inUrl.readonly };
  // Parsed as the server parses them: spelling variants are accepted, unknown names throw.
  const toolset = selectToolset(asked);
  const all = asked.services.some((name) => name.toLowerCase() === 'all');
  const services = all ? ['all'] : toolset.services.map(({ service }) => service);
  return {
    ...asked,
    services: asked.services.length > 0 ? services : [],
    tools: asked.tools.length > 0 ? [...toolset.tools.keys()] : [],
  };
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
      console.log(`\n${client.title}: ${instructionsFor(client, url)}\n\n${client.write({ url, signature, label })}`);
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
