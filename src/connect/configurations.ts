import { isLoopbackUrl } from '../formats';

/*
 * How each client is configured to use the server. The connect page, `npm run connect` and the README show these
 * configurations, and the tests run them as shown.
 */

export interface Connection {
  /** From `connectionUrl`. The signature is valid for exactly this text. */
  url: string;
  /** Omitted on this machine, and then no header is sent. */
  signature?: string;
  /** The client's name for the server, see `labelError`; default `DEFAULT_LABEL`. */
  label?: string;
}

interface ClientConfiguration {
  /** As in `npm run connect -- --client <id>`. */
  id: string;
  title: string;
  /** Clients of one group stand together on the page and in docs/clients.md. */
  group: 'Coding agents' | 'OpenAI' | 'Testing';
  language: 'text' | 'shell' | 'json' | 'toml' | 'javascript' | 'python';
  /** Where the configuration goes and what else to do, in one or two sentences. */
  instructions: string;
  /** Replaces `instructions` for an address on this machine. */
  localInstructions?: string;
  /** Runs on OpenAI's servers, which cannot reach a local address. */
  hosted?: true;
  /** What the client puts before the name of a tool, and how long the whole name may be. Omitted if it adds nothing. */
  toolNames?: { prefix: (label: string) => string; maxLength: number };
  /** How many tools of a server the client can offer its model in addition to its own. Omitted if no limit is known. */
  maxTools?: number;
  /** The configuration, as text. */
  write: (connection: Connection) => string;
  /** The fields of a form that the user fills in, each with its value. */
  form?: (connection: Connection) => readonly (readonly [string, string])[];
  /** A link that opens the client, which offers to add the server. It contains the signature. */
  installLink?: (connection: Connection) => string;
}

export const SIGNATURE_HEADER = 'x-twilio-signature';
/** Shown in a configuration until the signature is known. */
export const SIGNATURE_PLACEHOLDER = '<signature>';

export const DEFAULT_LABEL = 'twilio';
const MODEL = 'gpt-5.5';
const QUESTION = 'What can you do with my Twilio account? Try one thing that only reads.';

const NEEDS_PUBLIC_ADDRESS = 'OpenAI calls the server, so its address must be public.';

/** The instructions to show for a client at this address. */
export function instructionsFor(client: ClientConfiguration, url: string): string {
  const { instructions, localInstructions = instructions, hosted } = client;
  if (!isLoopbackUrl(url)) return instructions;
  return hosted
    ? `${NEEDS_PUBLIC_ADDRESS} This one works on this machine only: deploy the server or choose another client.`
    : localInstructions;
}

/** A sentence for more tools than the client can use; `undefined` for fewer. */
export const tooManyTools = ({ title, maxTools = Infinity }: ClientConfiguration, tools: number) =>
  tools > maxTools ? `${title} can use at most ${maxTools} tools: select fewer services.` : undefined;

const labelOf = ({ label = DEFAULT_LABEL }: Connection): string => label;

/** `undefined` without a signature, so that JSON leaves the key out. */
const signatureHeaders = ({ signature }: Connection): Record<string, string> | undefined =>
  signature === undefined ? undefined : { [SIGNATURE_HEADER]: signature };

/** The `mcp` tool of OpenAI's Responses API: read-only tools run at once, all others require approval. */
const openaiTool = (connection: Connection) => ({
  type: 'mcp' as const,
  server_label: labelOf(connection),
  server_url: connection.url,
  headers: signatureHeaders(connection),
  require_approval: { never: { read_only: true } },
});

/** The body of a request to OpenAI's Responses API that asks a question with this server's tools. */
export const openaiRequest = (connection: Connection) => ({
  model: MODEL,
  tools: [openaiTool(connection)],
  input: QUESTION,
});

const VSCODE_FILE = 'Add it to the file that "MCP: Open User Configuration" opens.';
const CURSOR_FILE = 'Add it to ~/.cursor/mcp.json.';
const CODEX_FILE =
  'Add it to ~/.codex/config.toml. Codex begins without a server that takes more than a second to connect, unless required = true is another line.';
const KEEP_SECRET = 'The signature is a secret: keep it out of repositories.';

const formatJson = (value: unknown) => JSON.stringify(value, null, 2);
/** JSON as a JavaScript literal, without quotes around names that need none. */
const formatJavaScript = (value: unknown) => formatJson(value).replace(/^(\s*)"([a-zA-Z_]\w*)":/gm, '$1$2:');
const formatPython = (value: unknown) => formatJson(value).replace(/: true(,?)$/gm, ': True$1');
const indent = (text: string) => text.replaceAll('\n', '\n    ');
const shellQuote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
/** A command in one line. URLs and signatures in double quotes are the same to sh, PowerShell and cmd. */
const command = (...parts: readonly string[]) => parts.join(' ');
const headerOptions = ({ signature }: Connection) =>
  signature === undefined ? [] : [`--header "${SIGNATURE_HEADER}: ${signature}"`];

/** The Inspector's command line without its `--method`, on a Node.js version that it supports. */
export const inspectorCommand = (connection: Connection) =>
  command(
    'npx -y -p node@22 -p @modelcontextprotocol/inspector@2.12.0 mcp-inspector',
    `--cli "${connection.url}" --transport http`,
    ...headerOptions(connection),
  );

const vscodeServer = (connection: Connection) => ({
  type: 'http',
  url: connection.url,
  headers: signatureHeaders(connection),
});
const cursorServer = (connection: Connection) => ({ url: connection.url, headers: signatureHeaders(connection) });

const playgroundForm = ({ url, signature, label = DEFAULT_LABEL }: Connection): [string, string][] => [
  ['URL', url],
  ['Label', label],
  ['Authentication', signature === undefined ? 'None' : 'Custom headers'],
  ...(signature === undefined
    ? []
    : ([
        ['Header name', SIGNATURE_HEADER],
        ['Header value', signature],
      ] satisfies [string, string][])),
  ['Approval', 'Always require approval'],
];

/** OpenAI refuses requests with more functions, and its Agents SDK sends each tool as one. */
const OPENAI_MAX_FUNCTIONS = 128;

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
  {
    id: 'cursor',
    title: 'Cursor',
    group: 'Coding agents',
    language: 'json',
    instructions: `${CURSOR_FILE} ${KEEP_SECRET}`,
    localInstructions: CURSOR_FILE,
    toolNames: { prefix: (label) => `${label}-`, maxLength: 60 },
    write: (connection) => formatJson({ mcpServers: { [labelOf(connection)]: cursorServer(connection) } }),
    // https://cursor.com/docs/context/mcp/install-links
    installLink: (connection) => {
      const config = encodeURIComponent(btoa(JSON.stringify(cursorServer(connection))));
      return `cursor://anysphere.cursor-deeplink/mcp/install?name=${labelOf(connection)}&config=${config}`;
    },
  },
  {
    id: 'vscode',
    title: 'VS Code',
    group: 'Coding agents',
    language: 'json',
    instructions: `${VSCODE_FILE} ${KEEP_SECRET}`,
    localInstructions: VSCODE_FILE,
    toolNames: { prefix: (label) => `mcp_${label}_`, maxLength: 64 },
    maxTools: 128,
    write: (connection) => formatJson({ servers: { [labelOf(connection)]: vscodeServer(connection) } }),
    // https://code.visualstudio.com/api/extension-guides/ai/mcp
    installLink: (connection) => {
      const server = { name: labelOf(connection), ...vscodeServer(connection) };
      return `vscode:mcp/install?${encodeURIComponent(JSON.stringify(server))}`;
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
    write: ({ url, signature, label = DEFAULT_LABEL }) =>
      [
        `[mcp_servers.${label}]`,
        `url = ${JSON.stringify(url)}`,
        ...(signature === undefined ? [] : [`http_headers = { ${SIGNATURE_HEADER} = ${JSON.stringify(signature)} }`]),
      ].join('\n'),
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
    id: 'openai-playground',
    title: 'OpenAI Playground',
    group: 'OpenAI',
    language: 'text',
    instructions: 'In a prompt, choose Tools, MCP Server, Add new, and fill in the form with these values.',
    hosted: true,
    write: (connection) =>
      playgroundForm(connection)
        .map(([name, value]) => `${name.padEnd(16)}${value}`)
        .join('\n'),
    form: playgroundForm,
  },
  {
    id: 'openai-curl',
    title: 'OpenAI API · curl',
    group: 'OpenAI',
    language: 'shell',
    instructions: `${NEEDS_PUBLIC_ADDRESS} Read-only tools run at once; for any other tool the response contains an mcp_approval_request.`,
    hosted: true,
    write: (connection) =>
      [
        'curl -sS https://api.openai.com/v1/responses',
        '-H "Authorization: Bearer $OPENAI_API_KEY"',
        "-H 'Content-Type: application/json'",
        `-d ${shellQuote(formatJson(openaiRequest(connection)))}`,
      ].join(' \\\n  '),
  },
  {
    id: 'openai-javascript',
    title: 'OpenAI API · JavaScript',
    group: 'OpenAI',
    language: 'javascript',
    instructions: 'Requires npm install openai and OPENAI_API_KEY in the environment.',
    hosted: true,
    write: (connection) => `import OpenAI from "openai";

const client = new OpenAI();
const response = await client.responses.create(${formatJavaScript(openaiRequest(connection))});
console.log(response.output_text);`,
  },
  {
    id: 'openai-python',
    title: 'OpenAI API · Python',
    group: 'OpenAI',
    language: 'python',
    instructions: 'Requires pip install openai and OPENAI_API_KEY in the environment.',
    hosted: true,
    write: (connection) => `from openai import OpenAI

client = OpenAI()
response = client.responses.create(
    model=${JSON.stringify(MODEL)},
    tools=[${indent(formatPython(openaiTool(connection)))}],
    input=${JSON.stringify(QUESTION)},
)
print(response.output_text)`,
  },
  {
    id: 'agents-javascript',
    title: 'OpenAI Agents SDK · JavaScript',
    group: 'OpenAI',
    language: 'javascript',
    instructions:
      'Requires npm install @openai/agents and OPENAI_API_KEY in the environment. Your program calls the server, so a local one works.',
    maxTools: OPENAI_MAX_FUNCTIONS,
    write: (connection) => `import { Agent, MCPServerStreamableHttp, run } from "@openai/agents";

const twilio = new MCPServerStreamableHttp(${formatJavaScript({
      name: labelOf(connection),
      url: connection.url,
      requestInit: connection.signature && { headers: signatureHeaders(connection) },
    })});
await twilio.connect();
try {
  const agent = new Agent({ name: "Operator", model: ${JSON.stringify(MODEL)}, mcpServers: [twilio] });
  const result = await run(agent, ${JSON.stringify(QUESTION)});
  console.log(result.finalOutput);
} finally {
  await twilio.close();
}`,
  },
  {
    id: 'agents-python',
    title: 'OpenAI Agents SDK · Python',
    group: 'OpenAI',
    language: 'python',
    instructions: 'Requires pip install openai-agents and OPENAI_API_KEY in the environment.',
    maxTools: OPENAI_MAX_FUNCTIONS,
    write: (connection) => `import asyncio

from agents import Agent, Runner
from agents.mcp import MCPServerStreamableHttp


async def main():
    params = ${indent(formatJson({ url: connection.url, headers: signatureHeaders(connection) }))}
    async with MCPServerStreamableHttp(name=${JSON.stringify(labelOf(connection))}, params=params) as twilio:
        agent = Agent(name="Operator", model=${JSON.stringify(MODEL)}, mcp_servers=[twilio])
        result = await Runner.run(agent, ${JSON.stringify(QUESTION)})
        print(result.final_output)


asyncio.run(main())`,
  },
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
