import { connectionUrl } from '../../src/connect/address';
import type { Connection } from '../../src/connect/client';
import { CLIENTS } from '../../src/connect/configurations';
import { TOKEN_CLIENTS } from '../../src/connect/token-clients';

/*
 * docs/clients.md, and the clients that the README shows with a server on this machine.
 */

/** The connection of the examples. */
const EXAMPLE: Connection = {
  url: `${connectionUrl('https://twilio-mcp-1234-dev.twil.io', { services: ['Messaging', 'Voice'], client: 'laptop', expires: '2027-03-31' })}&key=q3Vd8nTz0LmXw1RkYb7uFe`,
  signature: 'nq3Zk0uVrT8bXy1mPq4sJd5wE2c=',
};
const LOCAL: Connection = { url: connectionUrl('http://localhost:3000', { services: ['Messaging'], readonly: false }) };

type Client = (typeof CLIENTS)[number];

const CLIENTS_INTRODUCTION = `# Clients

How each client is configured, here for a deployment at \`${new URL(EXAMPLE.url).origin}\`. Yours has another address, key and signature: the connect page of the server and \`npm run connect -- --client <id>\` write these texts for yours. A server that only your own machine reaches needs no signature, so its configuration has no header; see the [README](../README.md#try-it).

Commands in one line work in sh, PowerShell and cmd.`;

/** The connection of the examples with an access token. */
const TOKEN_EXAMPLE: Connection = {
  url: `${new URL(EXAMPLE.url).origin}/mcp/bearer`,
  token: 'c2VydmljZXM9TWVzc2FnaW5nJnJl….Yap3DSWjax7Aw5xiK0PPUHMv…',
};

const TOKEN_INTRODUCTION = `## With an access token

These clients send an access token, but no header of another name. Set \`MCP_ACCESS_TOKENS=true\`, deploy, and let \`npm run connect -- --token --name <name> --client <id>\` sign a token. Every client above takes one too: with \`--token\`, its configuration has the header \`Authorization\` in place of the signature.`;

const OTHER_CLIENTS = `## Other clients

Every client that speaks Streamable HTTP and can send a header of its own can connect: enter the URL with its \`key=\`, and the header \`x-twilio-signature\` with the signature. A client that can only start programs connects with the command of Claude Desktop above.

A client that has only a field for a token, or for an API key that it sends as \`x-api-key\`, connects to \`/mcp/bearer\` with an [access token](#with-an-access-token). Clients that know only OAuth, such as the connectors of ChatGPT, cannot connect to a deployment yet.

Without the header that \`/mcp\` needs, a client reports \`403 Forbidden\`, or that it needs authentication; logging in does not help then.`;

/** Markdown with the configuration of every client, by group. */
export function clientsPage(): string {
  const groups = [...new Set(CLIENTS.map(({ group }) => group))];
  return [
    '<!-- Written by npm run generate: change src/connect/configurations.ts or scripts/generate/clients.ts, not this file. -->',
    CLIENTS_INTRODUCTION,
    ...groups.flatMap((group) => [
      `## ${group}`,
      ...CLIENTS.filter((client) => client.group === group).map((client) => section(client, EXAMPLE)),
    ]),
    TOKEN_INTRODUCTION,
    ...TOKEN_CLIENTS.map((client) => section(client, TOKEN_EXAMPLE)),
    OTHER_CLIENTS,
    '',
  ].join('\n\n');
}

const block = ({ language, write }: Client, connection: Connection) =>
  `\`\`\`${language}\n${write(connection)}\n\`\`\``;

function section(client: Client, connection: Connection): string {
  const limit = client.maxTools === undefined ? '' : ` It can use at most ${client.maxTools} tools.`;
  return [
    `### ${client.title}`,
    `\`--client ${client.id}\`. ${client.instructions}${limit}`,
    block(client, connection),
  ].join('\n\n');
}

/** Coding agents with the server on this machine: those with a command, a link or a few lines. */
export function localClients(): string {
  return CLIENTS.filter(({ group }) => group === 'Coding agents')
    .filter(({ language, installLink }) => language !== 'json' || installLink)
    .map((client) => {
      const link = client.installLink?.(LOCAL);
      return link
        ? `**${client.title}**: [add the server](${webLink(link)})`
        : `**${client.title}**${client.language === 'toml' ? ', in `~/.codex/config.toml`' : ''}:\n\n${block(client, LOCAL)}`;
    })
    .join('\n\n');
}

/** GitHub shows only https links, so both vendors have a page that opens their program. */
const webLink = (link: string) =>
  link.startsWith('cursor:')
    ? link.replace('cursor://anysphere.cursor-deeplink/mcp/install', 'https://cursor.com/en/install-mcp')
    : `https://insiders.vscode.dev/redirect?url=${encodeURIComponent(link)}`;
