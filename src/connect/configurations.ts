import { isLoopbackUrl } from '../formats';
import {
  type ClientConfiguration,
  type Connection,
  formatJson,
  labelOf,
  needsPublicAddress,
  proofHeader,
  proofHeaders,
} from './client';
import { OPENAI_CLIENTS } from './openai-clients';

/*
 * How each client is configured to use the server. The connect page, `npm run connect` and the README show these
 * configurations, and the tests run them as shown.
 */

/** The instructions to show for a client at this address. */
export function instructionsFor(client: ClientConfiguration, url: string): string {
  const { group, instructions, localInstructions = instructions, hosted } = client;
  if (!isLoopbackUrl(url)) return instructions;
  return hosted
    ? `${needsPublicAddress(group)} This one works on this machine only: deploy the server or choose another client.`
    : localInstructions;
}

/** A sentence for more tools than the client can use; `undefined` for fewer. */
export const tooManyTools = ({ title, maxTools = Infinity }: ClientConfiguration, tools: number) =>
  tools > maxTools ? `${title} can use at most ${maxTools} tools: select fewer services.` : undefined;

const VSCODE_FILE = 'Add it to the file that "MCP: Open User Configuration" opens.';
const GOOSE_FILE = 'Add it to ~/.config/goose/config.yaml, on Windows %APPDATA%\\Block\\goose\\config\\config.yaml.';
const CODEX_FILE =
  'Add it to ~/.codex/config.toml. Codex begins without a server that takes more than a second to connect, unless required = true is another line.';
const KEEP_SECRET = 'The value of the header is a secret: keep it out of repositories.';

/** A command in one line. URLs and signatures in double quotes are the same to sh, PowerShell and cmd. */
const command = (...parts: readonly string[]) => parts.join(' ');
const headerOptions = (connection: Connection) => {
  const [name, value] = proofHeader(connection) ?? [];
  return name === undefined ? [] : [`--header "${name}: ${value}"`];
};

/** The Inspector's command line without its `--method`, on a Node.js version that it supports. */
export const inspectorCommand = (connection: Connection) =>
  command(
    'npx -y --loglevel=error -p node@22 -p @modelcontextprotocol/inspector@2.12.0 mcp-inspector',
    `--cli "${connection.url}" --transport http`,
    ...headerOptions(connection),
  );

const urlAndHeaders = (connection: Connection) => ({ url: connection.url, headers: proofHeaders(connection) });
/** VS Code asks for the signature or token once and keeps it encrypted, so the file has no secret. */
const vscodeServer = ({ url, signature, token, ...rest }: Connection) => {
  const label = labelOf({ url, ...rest });
  const isToken = token !== undefined;
  const id = `${label}-${isToken ? 'token' : 'signature'}`;
  const asked = `\${input:${id}}`;
  const headers = proofHeaders({ url, ...(isToken ? { token: asked } : { signature: signature && asked }) });
  if (headers === undefined) return { server: { type: 'http', url } };
  const description = `${isToken ? 'Access token' : Object.keys(headers)[0]} of ${label}`;
  return {
    inputs: [{ type: 'promptString', id, description, password: true }],
    server: { type: 'http', url, headers },
  };
};

interface JsonClient extends Omit<ClientConfiguration, 'language' | 'instructions' | 'write'> {
  /** Where the file is, as a sentence. */
  file: string;
  /** The property that contains the servers by label. */
  key: string;
  /** What the file says of the server. */
  server: (connection: Connection) => object;
}

/** A client that reads its servers, signatures included, from a JSON file. */
const jsonClient = ({ file, key, server, ...client }: JsonClient): ClientConfiguration => ({
  ...client,
  language: 'json',
  instructions: `${file} ${KEEP_SECRET}`,
  localInstructions: file,
  write: (connection) => formatJson({ [key]: { [labelOf(connection)]: server(connection) } }),
});

/** The most common clients come first; the first is the default of the page. */
export const CLIENTS: readonly ClientConfiguration[] = [
  {
    id: 'claude-code',
    title: 'Claude Code',
    group: 'Coding agents',
    language: 'shell',
    instructions: 'Adds the server for the current folder; with --scope user, for all folders.',
    toolNames: { prefix: (label) => `mcp__${label}__`, maxLength: 64 },
    write: (connection) =>
      command(
        `claude mcp add --transport http ${labelOf(connection)}`,
        `"${connection.url}"`,
        ...headerOptions(connection),
      ),
  },
  jsonClient({
    id: 'cursor',
    title: 'Cursor',
    group: 'Coding agents',
    file: 'Add it to ~/.cursor/mcp.json.',
    toolNames: { prefix: (label) => `${label}-`, maxLength: 60 },
    key: 'mcpServers',
    server: urlAndHeaders,
    // https://cursor.com/docs/context/mcp/install-links
    installLink: (connection) => {
      const config = encodeURIComponent(btoa(JSON.stringify(urlAndHeaders(connection))));
      return `cursor://anysphere.cursor-deeplink/mcp/install?name=${labelOf(connection)}&config=${config}`;
    },
  }),
  {
    id: 'vscode',
    title: 'VS Code',
    group: 'Coding agents',
    language: 'json',
    instructions: `${VSCODE_FILE} When VS Code first starts the server, it asks for the signature or access token and keeps it encrypted.`,
    localInstructions: VSCODE_FILE,
    toolNames: { prefix: (label) => `mcp_${label}_`, maxLength: 64 },
    maxTools: 128,
    write: (connection) => {
      const { inputs, server } = vscodeServer(connection);
      return formatJson({ inputs, servers: { [labelOf(connection)]: server } });
    },
    // https://code.visualstudio.com/api/extension-guides/ai/mcp
    installLink: (connection) => {
      const { inputs, server } = vscodeServer(connection);
      return `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name: labelOf(connection), ...server, inputs }))}`;
    },
  },
  {
    id: 'codex',
    title: 'Codex',
    group: 'Coding agents',
    language: 'toml',
    instructions: `${CODEX_FILE} ${KEEP_SECRET}`,
    localInstructions: CODEX_FILE,
    toolNames: { prefix: (label) => `mcp__${label.replaceAll('-', '_')}__`, maxLength: 64 },
    write: (connection) => {
      const [name, value] = proofHeader(connection) ?? [];
      return [
        `[mcp_servers.${labelOf(connection)}]`,
        `url = ${JSON.stringify(connection.url)}`,
        ...(name === undefined ? [] : [`http_headers = { ${name} = ${JSON.stringify(value)} }`]),
      ].join('\n');
    },
  },
  {
    id: 'gemini-cli',
    title: 'Gemini CLI',
    group: 'Coding agents',
    language: 'shell',
    instructions: 'Adds the server for all folders; with --scope project, for the current one.',
    toolNames: { prefix: (label) => `mcp_${label}_`, maxLength: 63 },
    // Gemini's API accepts 512 function declarations; some are the client's own.
    maxTools: 480,
    write: (connection) =>
      command(
        `gemini mcp add --scope user --transport http ${labelOf(connection)}`,
        `"${connection.url}"`,
        ...headerOptions(connection),
      ),
  },
  {
    id: 'copilot-cli',
    title: 'Copilot CLI',
    group: 'Coding agents',
    language: 'shell',
    instructions: 'Adds the server for all folders, in ~/.copilot/mcp-config.json.',
    toolNames: { prefix: (label) => `${label}-`, maxLength: 64 },
    write: (connection) =>
      command(
        `copilot mcp add --transport http ${labelOf(connection)}`,
        `"${connection.url}"`,
        ...headerOptions(connection),
      ),
  },
  jsonClient({
    id: 'windsurf',
    title: 'Windsurf',
    group: 'Coding agents',
    file: 'Add it to ~/.codeium/windsurf/mcp_config.json, which MCPs, Configure opens.',
    // https://docs.windsurf.com/windsurf/cascade/mcp
    maxTools: 100,
    key: 'mcpServers',
    server: (connection) => ({ serverUrl: connection.url, headers: proofHeaders(connection) }),
  }),
  jsonClient({
    id: 'zed',
    title: 'Zed',
    group: 'Coding agents',
    file: 'Add it to the file that "zed: open settings file" opens.',
    key: 'context_servers',
    server: urlAndHeaders,
  }),
  jsonClient({
    id: 'opencode',
    title: 'opencode',
    group: 'Coding agents',
    file: 'Add it to ~/.config/opencode/opencode.json, or to opencode.json of a project. Version 2 reads it from "servers" below "mcp".',
    toolNames: { prefix: (label) => `${label}_`, maxLength: 64 },
    key: 'mcp',
    server: (connection) => ({ type: 'remote', ...urlAndHeaders(connection) }),
  }),
  jsonClient({
    id: 'cline',
    title: 'Cline',
    group: 'Coding agents',
    file: 'Add it to the file that MCP Servers, Configure, Configure MCP Servers opens.',
    key: 'mcpServers',
    server: (connection) => ({ type: 'streamableHttp', ...urlAndHeaders(connection) }),
  }),
  jsonClient({
    id: 'claude-desktop',
    title: 'Claude Desktop',
    group: 'Desktop apps',
    file: 'Needs Node.js. Add it to the file that Settings, Developer, Edit Config opens, and start Claude again.',
    key: 'mcpServers',
    server: (connection) => {
      // On Windows, arguments with spaces break.
      const [name, value] = connection.token ? ['x-api-key', connection.token] : (proofHeader(connection) ?? []);
      return {
        command: 'npx',
        args: [
          ...['-y', 'mcp-remote@0.15.1', connection.url],
          ...(name === undefined ? [] : ['--header', `${name}:${value}`]),
        ],
      };
    },
  }),
  {
    id: 'goose',
    title: 'Goose',
    group: 'Desktop apps',
    language: 'yaml',
    instructions: `${GOOSE_FILE} ${KEEP_SECRET}`,
    localInstructions: GOOSE_FILE,
    write: (connection) => {
      const [name, value] = proofHeader(connection) ?? [];
      return [
        'extensions:',
        `  ${labelOf(connection)}:`,
        `    name: ${labelOf(connection)}`,
        '    type: streamable_http',
        `    uri: ${JSON.stringify(connection.url)}`,
        ...(name === undefined ? [] : ['    headers:', `      ${name}: ${JSON.stringify(value)}`]),
        '    enabled: true',
        '    timeout: 30',
      ].join('\n');
    },
  },
  ...OPENAI_CLIENTS,
  {
    id: 'inspector',
    title: 'MCP Inspector',
    group: 'Testing',
    language: 'shell',
    instructions:
      'Lists the tools. To call one, replace the last option with --method tools/call --tool-name <name> --tool-arg <argument>=<value>.',
    write: (connection) => command(inspectorCommand(connection), '--method tools/list'),
  },
];
