import { connectionUrl } from '../../src/connect/address';
import type { Connection } from '../../src/connect/client';
import { CLIENTS } from '../../src/connect/configurations';

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

const OTHER_CLIENTS = `## Other clients

Every client that speaks Streamable HTTP and can send a header of its own can connect: enter the URL with its \`key=\`, and the header \`x-twilio-signature\` with the signature. A client that can only start programs connects with the command of Claude Desktop above.

Clients that know only OAuth or a fixed set of headers cannot connect to a deployment, because Twilio's gateway refuses every request without this header: the connectors of claude.ai and of ChatGPT, and the MCP connector of Anthropic's API. Without the header, a client reports \`403 Forbidden\`, or that it needs authentication; logging in does not help then.`;

/** Markdown with the configuration of every client, by group. */
export function clientsPage(): string {
  const groups = [...new Set(CLIENTS.map(({ group }) => group))];
  return [
    '<!-- Written by npm run generate: change src/connect/configurations.ts or scripts/generate/clients.ts, not this file. -->',
    CLIENTS_INTRODUCTION,
    ...groups.flatMap((group) => [
      `## ${group}`,
      ...CLIENTS.filter((client) => client.group === group).map((client) => section(client)),
    ]),
    OTHER_CLIENTS,
    '',
  ].join('\n\n');
}

const block = ({ language, write }: Client, connection: Connection) =>
  `\`\`\`${language}\n${write(connection)}\n\`\`\``;

function section(client: Client): string {
  const limit = client.maxTools === undefined ? '' : ` It can use at most ${client.maxTools} tools.`;
  return [
    `### ${client.title}`,
    `\`--client ${client.id}\`. ${client.instructions}${limit}`,
    block(client, EXAMPLE),
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
