import { type ClientConfiguration, type Connection, formatJson, labelOf, needsPublicAddress } from './client';

/*
 * Clients that send an access token and no header of another name. Their configurations leave the token to a variable,
 * or are for its vault.
 */

const ANTHROPIC_MODEL = 'claude-sonnet-5-5';

/** A request to Anthropic's API with a body, which sh may complete with variables. */
const anthropicRequest = (path: string, beta: string, body: object) =>
  [
    `curl -sS https://api.anthropic.com/v1/${path}`,
    '-H "x-api-key: $ANTHROPIC_API_KEY"',
    "-H 'anthropic-version: 2023-06-01'",
    `-H 'anthropic-beta: ${beta}'`,
    "-H 'content-type: application/json'",
    `-d '${formatJson(body)}'`,
  ].join(' \\\n  ');

/** The server as Anthropic's API takes it, and the tools of it that the model sees. */
const anthropicServer = (connection: Connection) => ({
  mcp_servers: [{ type: 'url', name: labelOf(connection), url: connection.url }],
  tools: [{ type: 'mcp_toolset', mcp_server_name: labelOf(connection) }],
});

/** The clients that only an access token connects, in the order of docs/clients.md. */
export const TOKEN_CLIENTS: readonly ClientConfiguration[] = [
  {
    id: 'anthropic-api',
    title: 'Anthropic Messages API',
    group: 'Anthropic',
    language: 'shell',
    instructions: `${needsPublicAddress('Anthropic')} It runs every tool that the model calls without asking anyone, so sign a token for few tools, or with --readonly.`,
    hosted: true,
    needsToken: true,
    // https://platform.claude.com/docs/en/agents-and-tools/mcp-connector
    write: (connection) => {
      const { mcp_servers, tools } = anthropicServer(connection);
      return anthropicRequest('messages', 'mcp-client-2025-11-20', {
        model: ANTHROPIC_MODEL,
        max_tokens: 1000,
        mcp_servers: mcp_servers.map((server) => ({ ...server, authorization_token: connection.token })),
        tools,
        messages: [{ role: 'user', content: 'What can you do with my Twilio account?' }],
      });
    },
  },
  {
    id: 'managed-agents',
    title: 'Claude Managed Agents',
    group: 'Anthropic',
    language: 'shell',
    instructions: `${needsPublicAddress('Anthropic')} Create the agent with the mcp_servers and tools of the Messages API, without the token. This stores the token in a vault of yours; start sessions with this vault.`,
    hosted: true,
    needsToken: true,
    // https://platform.claude.com/docs/en/managed-agents/vaults
    write: ({ url, token, ...rest }) =>
      anthropicRequest('vaults/VAULT_ID/credentials', 'managed-agents-2026-04-01', {
        display_name: labelOf({ url, ...rest }),
        auth: { type: 'static_bearer', mcp_server_url: url, token },
      }),
  },
  {
    id: 'codex-token',
    title: 'Codex, token in a variable',
    group: 'Coding agents',
    language: 'shell',
    instructions:
      'Adds the server to ~/.codex/config.toml. Codex reads the token from the variable whenever it starts.',
    needsToken: true,
    toolNames: { prefix: (label) => `mcp__${label.replaceAll('-', '_')}__`, maxLength: 64 },
    write: (connection) =>
      [
        `export TWILIO_MCP_TOKEN="${connection.token}"`,
        `codex mcp add ${labelOf(connection)} --url "${connection.url}" --bearer-token-env-var TWILIO_MCP_TOKEN`,
      ].join('\n'),
  },
];
