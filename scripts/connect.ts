import { SANDBOX_AUTH_TOKEN } from '../sandbox/credentials';
import type { Grant } from '../src/access/grant';
import { normalizeName } from '../src/closest-names';
import { connectionUrl, dayIn, grantIn, issueToken, signConnection, VALID_DAYS } from '../src/connect/address';
import { DEFAULT_LABEL, proofHeaders, SIGNATURE_PLACEHOLDER } from '../src/connect/client';
import { CLIENTS, instructionsFor, tooManyTools } from '../src/connect/configurations';
import { labelError, maxLabelLength } from '../src/connect/labels';
import { type ToolManifest, toolManifest } from '../src/connect/manifest';
import { formatCount, selectTools, tokenCost } from '../src/connect/selection';
import { TOKEN_CLIENTS } from '../src/connect/token-clients';
import { isLoopbackUrl, splitNames } from '../src/formats';
import { selectToolset } from '../src/mcp/toolset';
import { ENV_OPTION, startCommand } from './command';
import { readEnvFile, usesSandbox, withOwnNames } from './local-env';

/*
 * `npm run connect`: the connect page in a terminal. The auth token comes from the environment or from `.env`, never
 * from an argument, which the shell's history would keep.
 */

const ALL_CLIENTS = [...CLIENTS, ...TOKEN_CLIENTS];
const CLIENT_IDS = ALL_CLIENTS.map(({ id }) => id).join(', ');
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
  exclude: { type: 'string', multiple: true, value: '<names>', help: 'leaves out these services or tools' },
  readonly: { type: 'boolean', help: 'omits every tool that changes, sends or buys something' },
  dryrun: { type: 'boolean', help: 'sends and changes nothing: answers show what would be' },
  name: {
    type: 'string',
    value: '<name>',
    help: 'who holds the URL, such as laptop: the log names this client, and MCP_REVOKED ends it alone',
  },
  expires: {
    type: 'string',
    value: '<day>',
    help: `the last day of the URL, such as 2027-03-31, or never; default ${VALID_DAYS} days from now, on this machine never`,
  },
  token: {
    type: 'boolean',
    help: `an access token in place of the signature, for /mcp/bearer (MCP_ACCESS_TOKENS=true); needs --name, ends within ${VALID_DAYS} days`,
  },
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

interface SelectionOptions extends Partial<Record<'services' | 'tools' | 'exclude', string[]>> {
  readonly?: boolean;
  dryrun?: boolean;
  name?: string;
  expires?: string;
  token?: boolean;
}

/** What the URL and the options ask for together. Throws if both give the same parameter. */
function grantFrom(url: string, { name, expires, token, ...options }: SelectionOptions): Grant {
  const inUrl = grantIn(url);
  const once = <T>(parameter: keyof Grant, option: string, given: T, written: T): T => {
    const isGiven = (value: T) => (Array.isArray(value) ? value.length > 0 : value !== undefined);
    if (isGiven(given) && isGiven(written))
      throw new Error(`The URL already has ${parameter}=: change it there, or leave out --${option}.`);
    return isGiven(given) ? given : written;
  };
  const names = (list: 'services' | 'tools' | 'exclude') =>
    once(list, list, splitNames(options[list]), [...inUrl[list]]);
  const client = once('client', 'name', name, inUrl.client);
  const lastDay =
    once('expires', 'expires', expires, inUrl.expires) ??
    (isLoopbackUrl(connectionUrl(url, {})) && !token ? 'never' : dayIn(VALID_DAYS));
  const selection = selectionOf(names, options.readonly || inUrl.readonly);
  const dryRun = options.dryrun || inUrl.dryRun;
  const grant = { ...selection, dryRun, ...(client && { client }), ...(lastDay !== 'never' && { expires: lastDay }) };
  // As the server reads it, which rejects a malformed name or day.
  return grantIn(connectionUrl(url, grant));
}

/** Parsed as the server parses names: spelling variants are accepted, unknown names throw. */
function selectionOf(names: (list: 'services' | 'tools' | 'exclude') => string[], readonly: boolean) {
  const [named, given, exclude] = [names('tools'), names('services'), names('exclude').map(serviceName)];
  const tools =
    named.length > 0 ? [...selectToolset({ services: ['all'], tools: named, exclude, readonly }).tools.keys()] : [];
  const offered = selectToolset({ services: given, exclude, readonly }).services.map(({ service }) => service);
  if (given.length === 0) return { services: servicesWith(tools), tools, exclude, readonly };
  const [other] = servicesWith(tools, offered).filter((service) => !offered.includes(service));
  if (other) throw new Error(`A tool of --tools belongs to another service: add --services ${other}.`);
  const all = given.some((name) => name.toLowerCase() === 'all');
  return { services: all ? ['all'] : offered, tools, exclude, readonly };
}

/** The name of a service as it is shown; any other name as it is. */
const serviceName = (name: string) =>
  toolManifest().services.find(({ service }) => normalizeName(service) === normalizeName(name))?.service ?? name;

/** The given services, and others that the tools need. Empty if the default service has all tools. */
function servicesWith(tools: readonly string[], given: readonly string[] = []): string[] {
  const { services, defaultService } = toolManifest();
  const chosen = new Set(given);
  for (const tool of tools) {
    const offering = services.filter((service) => service.tools.includes(tool)).map(({ service }) => service);
    if (!offering.some((service) => chosen.has(service))) chosen.add(offering[0]!);
  }
  return [...chosen].join() === defaultService ? [] : [...chosen];
}

/** What proves a connection: a signature, or an access token with its ID; neither if this machine needs none. */
interface ConnectionProof {
  url: string;
  signature?: string;
  token?: string;
  id?: string;
}

/** The URL of a connection and its proof; without an auth token, a placeholder. */
async function signed(address: string, grant: Grant, envFile?: string, asToken = false): Promise<ConnectionProof> {
  const url = connectionUrl(address, grant);
  const [own, file] = [withOwnNames(process.env), readEnvFile(envFile)];
  const authToken = own.AUTH_TOKEN || file.AUTH_TOKEN;
  const base = own.WEBHOOK_BASE_URL ?? file.WEBHOOK_BASE_URL;
  if (asToken) {
    const key = isLoopbackUrl(url) && usesSandbox(file) ? SANDBOX_AUTH_TOKEN : authToken;
    if (!key) throw new Error(NO_TOKEN.replace('signature', 'access token'));
    return issueToken(address, grant, key);
  }
  // Others may reach a local server with a public address, so it requires a signature from everyone.
  if (isLoopbackUrl(url) && (!base || isLoopbackUrl(base) || usesSandbox(file))) return { url };
  return authToken ? signConnection(address, grant, authToken) : { url, signature: SIGNATURE_PLACEHOLDER };
}

const NO_TOKEN =
  'The signature is missing, because AUTH_TOKEN is not set: set it in .env, or open the address of the deployment in a browser.';

/** The lines about the proof. */
function describeProof({ signature, token, id }: ConnectionProof, { client, expires }: Grant): string[] {
  if (signature === undefined && token === undefined) return ['Signature  not needed on this machine'];
  return [
    ...(token === undefined
      ? [`Signature  ${signature}`]
      : [`Token      ${token}`, `ID         ${id}; MCP_REVOKED=${id} ends this token alone`]),
    `Name       ${client ?? 'none; with --name laptop, the log names this client and MCP_REVOKED ends it alone'}`,
    `Expires    ${expires ?? 'never'}`,
  ];
}

/** What whoever has the proof can do. */
function warnAboutProof({ signature, token }: ConnectionProof): string | undefined {
  if (token !== undefined)
    return 'The token is a secret: anyone who has it can use these tools. Clients send it as Authorization: Bearer <token> or x-api-key: <token>; the server takes it if MCP_ACCESS_TOKENS=true.';
  return signature === undefined || signature === SIGNATURE_PLACEHOLDER
    ? undefined
    : 'The signature is a secret for exactly this URL: anyone who has both can use the tools that the URL offers.';
}

void startCommand({
  name: 'connect',
  summary: 'Prints the URL of a connection, its signature and the configuration of a client. It requests nothing.',
  options: OPTIONS,
  details: () => listServices(toolManifest(), false),
  run: async (options) => {
    const manifest = toolManifest();
    const client = ALL_CLIENTS.find(({ id }) => id === options.client);
    if (options.client !== undefined && client === undefined)
      throw new Error(`Unknown client "${options.client}". Clients: ${CLIENT_IDS}.`);
    if (client?.needsToken && !options.token) throw new Error(`${client.title} takes an access token: add --token.`);
    const grant = grantFrom(options.url, options);
    if (options.token && grant.client === undefined)
      throw new Error('An access token says who holds it: add --name, such as --name laptop.');
    const tools = selectTools(manifest, grant);
    const { label } = options;
    const error = labelError(label, tools);
    if (error !== undefined) throw new Error(error);
    const proof = await signed(options.url, grant, options.env, options.token);
    const { url, signature, token, id } = proof;
    const connection = { url, signature, token, label, tools: tools.length };
    if (options.json) {
      if (signature === SIGNATURE_PLACEHOLDER) throw new Error(NO_TOKEN);
      const [headers, names] = [proofHeaders(connection) ?? {}, tools.map(({ name }) => name)];
      return console.log(JSON.stringify({ url, headers, id, label, tools: names, tokens: tokenCost(tools) }, null, 2));
    }
    if (client === undefined && grant.services.length === 0) console.log(`${listServices(manifest, grant.readonly)}\n`);
    console.log([`URL        ${url}`, ...describeProof(proof, grant)].join('\n'));
    console.log(`Label      ${label}; at most ${maxLabelLength(tools)} characters for these tools`);
    console.log(`Offers     ${formatCount(tools.length)} tools, about ${formatCount(tokenCost(tools))} tokens`);
    for (const warning of [warnAboutProof(proof), client && tooManyTools(client, tools.length)])
      if (warning !== undefined) console.log(`\n${warning}`);
    if (client) console.log(`\n${client.title}: ${instructionsFor(client, url)}\n\n${client.write(connection)}`);
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
