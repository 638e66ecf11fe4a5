import { parseArgs } from 'node:util';
import {
  CLIENTS,
  type Connection,
  connectionUrl,
  DEFAULT_LABEL,
  instructionsFor,
  SIGNATURE_PLACEHOLDER,
  tooManyTools,
} from '../src/connect/configurations';
import { labelError, maxLabelLength } from '../src/connect/labels';
import { type ToolManifest, toolManifest } from '../src/connect/manifest';
import { formatCount, selectTools, tokenCost } from '../src/connect/selection';
import { isLoopbackUrl } from '../src/formats';
import { selectToolset } from '../src/mcp/toolset';
import { signatureOf } from '../src/signature';
import { readEnvFile } from './local-env';

/*
 * `npm run connect`: the connect page in a terminal. The auth token comes from the environment or from `.env`, never
 * from an argument, which the shell's history would keep.
 */

const CLIENT_IDS = CLIENTS.map(({ id }) => id).join(', ');
const USAGE = `npm run connect -- [--url https://name-1234-dev.twil.io] [--services Messaging,Voice] [--readonly] [--client <id>] [--label <name>]
  --url       the deployment; default http://localhost:3000, the address of npm start
  --services  any of the services below, or all; default the server's default service
  --readonly  omits every tool that changes, sends or buys something
  --client    ${CLIENT_IDS}
  --label     the client's name for the server, before the names of its tools; default ${DEFAULT_LABEL}. Connections need different ones
  --env       the file to read instead of .env`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://localhost:3000' },
      services: { type: 'string', multiple: true, default: [] },
      readonly: { type: 'boolean', default: false },
      client: { type: 'string' },
      label: { type: 'string', default: DEFAULT_LABEL },
      env: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const manifest = toolManifest();
  if (values.help) return console.log(`${USAGE}\n\n${listServices(manifest, values.readonly)}`);
  const client = CLIENTS.find(({ id }) => id === values.client);
  if (values.client !== undefined && client === undefined) {
    throw new Error(`Unknown client "${values.client}". Clients: ${CLIENT_IDS}.`);
  }
  const names = values.services
    .flatMap((value) => value.split(','))
    .map((name) => name.trim())
    .filter(Boolean);
  const all = names.some((name) => name.toLowerCase() === 'all');
  // Parsed as the server parses them: spelling variants are accepted, unknown names throw.
  const { services } = selectToolset({ services: names, tools: [], readonly: values.readonly });
  const selection = {
    services: all ? ['all'] : names.length > 0 ? services.map(({ service }) => service) : [],
    readonly: values.readonly,
  };
  const tools = selectTools(manifest, selection);
  const error = labelError(values.label, tools);
  if (error !== undefined) throw new Error(error);
  const connection = { ...(await connectTo(connectionUrl(values.url, selection), values.env)), label: values.label };
  if (client === undefined && names.length === 0) console.log(`${listServices(manifest, values.readonly)}\n`);
  console.log(`URL        ${connection.url}`);
  console.log(`Signature  ${connection.signature ?? 'not needed on this machine'}`);
  console.log(`Label      ${values.label}; at most ${maxLabelLength(tools)} characters for these tools`);
  console.log(`Offers     ${formatCount(tools.length)} tools, about ${formatCount(tokenCost(tools))} tokens`);
  if (connection.signature === SIGNATURE_PLACEHOLDER)
    console.log(
      '\nAUTH_TOKEN is not set in .env: set it to get the signature, or open the address of the deployment in a browser.',
    );
  else if (connection.signature !== undefined)
    console.log(
      '\nThe signature is a secret for exactly this URL: anyone who has both can use the tools that the URL offers.',
    );
  const warning = client && tooManyTools(client, tools.length);
  if (warning !== undefined) console.log(`\n${warning}`);
  if (client)
    console.log(`\n${client.title}: ${instructionsFor(client, connection.url)}\n\n${client.write(connection)}`);
  else console.log(`\nTo show the configuration of a client, add --client <id>, one of ${CLIENT_IDS}.`);
}

async function connectTo(url: string, envFile?: string): Promise<Connection> {
  if (isLoopbackUrl(url)) return { url };
  const token = process.env.AUTH_TOKEN || readEnvFile(envFile).AUTH_TOKEN;
  return { url, signature: token ? await signatureOf(url, token) : SIGNATURE_PLACEHOLDER };
}

function listServices(manifest: ToolManifest, readonly: boolean): string {
  const rows = manifest.services.map(({ service, summary }) => {
    const cost = formatCount(tokenCost(selectTools(manifest, { services: [service], readonly })));
    return `${service.padEnd(18)} ${cost.padStart(7)} tokens  ${summary}`;
  });
  return ['Services, and what each costs in every conversation:', ...rows].join('\n');
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
