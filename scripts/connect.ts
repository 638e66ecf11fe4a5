import { parseArgs } from 'node:util';
import {
  CLIENTS,
  type Connection,
  connectionUrl,
  isLocal,
  NO_SIGNATURE_YET,
  useOf,
} from '../src/connect/configurations';
import { counted, offeredTools, tokensOf } from '../src/connect/offer';
import { reference } from '../src/connect/reference';
import { signatureOf } from '../src/connect/signature';
import { selectToolset } from '../src/mcp/toolset';
import { readEnvFile } from './environment';

/*
 * `npm run connect`: the connect page in a terminal. The auth token comes from the environment or from `.env`, never as
 * an argument, which a shell would remember.
 */

const USAGE = `npm run connect -- [--url https://name-1234-dev.twil.io] [--services Messaging,Voice] [--readonly] [--client <id>]
  --url       the deployment; default http://localhost:3000, as npm start serves it
  --services  any of the services below, or all; default the server's
  --readonly  leaves out every tool that changes, sends or buys something
  --client    ${CLIENTS.map(({ id }) => id).join(', ')}
  --env       a file in place of .env`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://localhost:3000' },
      services: { type: 'string', multiple: true, default: [] },
      readonly: { type: 'boolean', default: false },
      client: { type: 'string' },
      env: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const data = reference();
  if (values.help) return console.log(`${USAGE}\n\n${servicesTable(data, values.readonly)}`);
  const client = CLIENTS.find(({ id }) => id === values.client);
  if (values.client !== undefined && client === undefined) {
    throw new Error(`Unknown client "${values.client}". Clients: ${CLIENTS.map(({ id }) => id).join(', ')}.`);
  }
  const named = values.services
    .flatMap((value) => value.split(','))
    .map((name) => name.trim())
    .filter(Boolean);
  const all = named.some((name) => name.toLowerCase() === 'all');
  // The server's own reading of the names: it forgives spelling, and refuses what it does not know.
  const { services } = selectToolset({ services: named, tools: [], readonly: values.readonly });
  const choice = {
    services: all ? ['all'] : named.length > 0 ? services.map(({ service }) => service) : [],
    readonly: values.readonly,
  };
  const connection = await connect(connectionUrl(values.url, choice), values.env);
  const tools = offeredTools(data, choice);
  if (client === undefined && named.length === 0) console.log(`${servicesTable(data, values.readonly)}\n`);
  console.log(`URL        ${connection.url}`);
  console.log(`Signature  ${connection.signature ?? 'none: on this machine nobody asks for one'}`);
  console.log(`Offers     ${counted(tools.length)} tools, about ${counted(tokensOf(tools))} tokens`);
  if (connection.signature === NO_SIGNATURE_YET)
    console.log(
      '\nNo AUTH_TOKEN in .env: set it there to get the signature, or use the page at the address of the deployment.',
    );
  else if (connection.signature !== undefined)
    console.log('\nThe signature is a secret for exactly this URL: whoever holds both can use what it offers.');
  if (client) console.log(`\n${client.title}: ${useOf(client, connection.url)}\n\n${client.write(connection)}`);
  else
    console.log(
      `\nThe configuration of a client: add --client <id>, one of ${CLIENTS.map(({ id }) => id).join(', ')}.`,
    );
}

async function connect(url: string, envFile?: string): Promise<Connection> {
  if (isLocal(url)) return { url };
  const token = process.env.AUTH_TOKEN || readEnvFile(envFile).AUTH_TOKEN;
  return { url, signature: token ? await signatureOf(url, token) : NO_SIGNATURE_YET };
}

function servicesTable(data: ReturnType<typeof reference>, readonly: boolean): string {
  const rows = data.services.map(({ service, summary }) => {
    const tokens = counted(tokensOf(offeredTools(data, { services: [service], readonly })));
    return `${service.padEnd(18)} ${tokens.padStart(7)} tokens  ${summary}`;
  });
  return ['Services, and what each costs in every conversation:', ...rows].join('\n');
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
