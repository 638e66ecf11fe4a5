/*
 * How each client is told of the server. The connect page, `npm run connect` and the README show what stands here, and
 * the tests use it as shown.
 */

/** What a URL offers. No service stands for the server's default. */
export interface Choice {
  services: readonly string[];
  readonly: boolean;
}

export interface Connection {
  /** From `connectionUrl`: a signature holds for exactly this text. */
  url: string;
  /** Without one, as on this machine, no header is sent. */
  signature?: string;
}

export interface Client {
  /** As in `npm run connect -- --client <id>`. */
  id: string;
  title: string;
  language: 'text' | 'shell' | 'json' | 'javascript' | 'python';
  /** Where it goes, and what else to do: one or two sentences. Where the address is local, see `useOf`. */
  use: string;
  /** Where it says something else without a signature. */
  useLocally?: string;
  /** OpenAI calls the server, and cannot reach a local one. */
  hosted?: true;
  write: (connection: Connection) => string;
}

export const SIGNATURE_HEADER = 'x-twilio-signature';
/** Stands where a signature belongs that is not known yet. */
export const NO_SIGNATURE_YET = '<signature>';

const NAME = 'twilio';
const MODEL = 'gpt-5.5';
const QUESTION = 'What can you do with my Twilio account? Try one thing that only reads.';

/**
 * The URL that offers a choice at the address of a deployment (`https://name-1234-dev.twil.io`, a path is dropped).
 * Its query holds letters, = and & alone: what a client could encode anew would void the signature.
 * Throws a `TypeError` for what is no address.
 */
export function connectionUrl(address: string, { services, readonly }: Choice): string {
  const { origin, protocol, hostname } = new URL(address.includes('://') ? address : `https://${address}`);
  // Browsers differ in what they take for a host.
  if (!/^https?:$/.test(protocol) || !/^([\w.-]+|\[[\da-f:.]+\])$/.test(hostname))
    throw new TypeError('not an http(s) address');
  const query = [...services.map((service) => `services=${service}`), ...(readonly ? ['readonly=true'] : [])];
  return `${origin}/mcp${query.length > 0 ? `?${query.join('&')}` : ''}`;
}

/** On this machine there is no gateway that asks for a signature. */
export const isLocal = (url: string): boolean => /^(localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(url).hostname);

const HOSTED = 'OpenAI calls the server, so its address must be public.';
/** What to say of a client at this address. */
export const useOf = ({ hosted, use, useLocally = use }: Client, url: string): string => {
  if (!isLocal(url)) return use;
  return hosted
    ? `${HOSTED} This one works on this machine alone: deploy the server, or choose another client.`
    : useLocally;
};
/** The first client that can reach the server at this address. */
export const firstClient = (url: string): Client => CLIENTS.find(({ hosted }) => !(hosted && isLocal(url)))!;

const headersOf = ({ signature }: Connection): Record<string, string> =>
  signature === undefined ? {} : { [SIGNATURE_HEADER]: signature };
const withHeaders = (connection: Connection): { headers?: Record<string, string> } =>
  connection.signature === undefined ? {} : { headers: headersOf(connection) };

/** The `mcp` tool of OpenAI's Responses API: what only reads runs at once, everything else asks for approval. */
export const openaiTool = (connection: Connection) => ({
  type: 'mcp' as const,
  server_label: NAME,
  server_url: connection.url,
  ...withHeaders(connection),
  require_approval: { never: { read_only: true } },
});

export const openaiRequest = (connection: Connection) => ({
  model: MODEL,
  tools: [openaiTool(connection)],
  input: QUESTION,
});

const FOR_VSCODE = 'Put it into the file that "MCP: Open User Configuration" opens.';
const FOR_CURSOR = 'Put it into ~/.cursor/mcp.json.';
const KEEP_SECRET = 'The signature is a secret: keep it out of a repository.';

const json = (value: unknown) => JSON.stringify(value, null, 2);
const indented = (text: string, by = '  ') => text.replaceAll('\n', `\n${by}`);
/** JSON as a JavaScript literal: names without quotes where they need none. */
const javascript = (value: unknown) => json(value).replace(/^(\s*)"([a-zA-Z_]\w*)":/gm, '$1$2:');
const python = (value: unknown) => json(value).replace(/: true(,?)$/gm, ': True$1');
/** One command, an option a line. */
const lines = (parts: readonly string[]) => parts.join(' \\\n  ');
const headerFlag = (signature?: string) =>
  signature === undefined ? [] : [`--header ${quoted(`${SIGNATURE_HEADER}: ${signature}`)}`];
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** The Inspector's command line, up to what it shall do; on a Node.js that it runs on. */
export const inspector = ({ url, signature }: Connection) =>
  lines([
    'npx -y -p node@22 -p @modelcontextprotocol/inspector@2.12.0 mcp-inspector',
    `--cli ${quoted(url)} --transport http`,
    ...headerFlag(signature),
  ]);

export const CLIENTS: readonly Client[] = [
  {
    id: 'openai-playground',
    title: 'OpenAI Playground',
    language: 'text',
    use: 'In a prompt choose Tools, MCP Server, Add new, and fill the form with these values.',
    hosted: true,
    write: ({ url, signature }) =>
      [
        `URL             ${url}`,
        `Label           ${NAME}`,
        ...(signature === undefined
          ? ['Authentication  None']
          : ['Authentication  Custom headers', `Header name     ${SIGNATURE_HEADER}`, `Header value    ${signature}`]),
        'Approval        Always require approval',
      ].join('\n'),
  },
  {
    id: 'openai-curl',
    title: 'OpenAI API · curl',
    language: 'shell',
    use: `${HOSTED} Reading runs at once; the answer holds an mcp_approval_request for everything else.`,
    hosted: true,
    write: (connection) =>
      lines([
        'curl -sS https://api.openai.com/v1/responses',
        '-H "Authorization: Bearer $OPENAI_API_KEY"',
        "-H 'Content-Type: application/json'",
        `-d ${quoted(json(openaiRequest(connection)))}`,
      ]),
  },
  {
    id: 'openai-javascript',
    title: 'OpenAI API · JavaScript',
    language: 'javascript',
    use: 'Needs npm install openai, and OPENAI_API_KEY in the environment.',
    hosted: true,
    write: (connection) => `import OpenAI from "openai";

const client = new OpenAI();
const response = await client.responses.create(${javascript(openaiRequest(connection))});
console.log(response.output_text);`,
  },
  {
    id: 'openai-python',
    title: 'OpenAI API · Python',
    language: 'python',
    use: 'Needs pip install openai, and OPENAI_API_KEY in the environment.',
    hosted: true,
    write: (connection) => `from openai import OpenAI

client = OpenAI()
response = client.responses.create(
    model=${JSON.stringify(MODEL)},
    tools=[${indented(python(openaiTool(connection)), '    ')}],
    input=${JSON.stringify(QUESTION)},
)
print(response.output_text)`,
  },
  {
    id: 'agents-javascript',
    title: 'OpenAI Agents SDK · JavaScript',
    language: 'javascript',
    use: 'Needs npm install @openai/agents, and OPENAI_API_KEY in the environment. Here your program calls the server, so a local one will do.',
    write: (connection) => `import { Agent, MCPServerStreamableHttp, run } from "@openai/agents";

const twilio = new MCPServerStreamableHttp(${javascript({
      name: NAME,
      url: connection.url,
      ...(connection.signature === undefined ? {} : { requestInit: { headers: headersOf(connection) } }),
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
    language: 'python',
    use: 'Needs pip install openai-agents, and OPENAI_API_KEY in the environment.',
    write: (connection) => `import asyncio

from agents import Agent, Runner
from agents.mcp import MCPServerStreamableHttp


async def main():
    params = ${indented(json({ url: connection.url, ...withHeaders(connection) }), '    ')}
    async with MCPServerStreamableHttp(name=${JSON.stringify(NAME)}, params=params) as twilio:
        agent = Agent(name="Operator", model=${JSON.stringify(MODEL)}, mcp_servers=[twilio])
        result = await Runner.run(agent, ${JSON.stringify(QUESTION)})
        print(result.final_output)


asyncio.run(main())`,
  },
  {
    id: 'inspector',
    title: 'MCP Inspector',
    language: 'shell',
    use: 'Lists the tools. To call one, end the command with --method tools/call --tool-name <name> --tool-arg <argument>=<value>.',
    write: (connection) => lines([inspector(connection), '--method tools/list']),
  },
  {
    id: 'claude-code',
    title: 'Claude Code',
    language: 'shell',
    use: 'Adds the server for the folder you are in; with --scope user, for all of them.',
    write: ({ url, signature }) =>
      lines([`claude mcp add --transport http ${NAME}`, quoted(url), ...headerFlag(signature)]),
  },
  {
    id: 'vscode',
    title: 'VS Code',
    language: 'json',
    use: `${FOR_VSCODE} ${KEEP_SECRET}`,
    useLocally: FOR_VSCODE,
    write: (connection) =>
      json({ servers: { [NAME]: { type: 'http', url: connection.url, ...withHeaders(connection) } } }),
  },
  {
    id: 'cursor',
    title: 'Cursor',
    language: 'json',
    use: `${FOR_CURSOR} ${KEEP_SECRET}`,
    useLocally: FOR_CURSOR,
    write: (connection) => json({ mcpServers: { [NAME]: { url: connection.url, ...withHeaders(connection) } } }),
  },
];
