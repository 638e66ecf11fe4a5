import {
  type ClientConfiguration,
  type Connection,
  formatJson,
  labelOf,
  needsPublicAddress,
  proofHeader,
  proofHeaders,
} from './client';

/*
 * OpenAI's Playground, API and Agents SDK.
 */

const MODEL = 'gpt-5.5';
const QUESTION = 'What can you do with my Twilio account? Try one thing that only reads.';

const OPENAI_APPROVAL = `${needsPublicAddress('OpenAI')} Read-only tools run at once; for any other tool the response contains an mcp_approval_request.`;

/** OpenAI advises to show a model fewer than 20 tools at once. From here on, it searches for them instead. */
const OPENAI_SEARCHED_TOOLS = 20;

/**
 * The `mcp` tool of OpenAI's Responses API: read-only tools run at once, all others require approval. With many tools,
 * the model sees only the server at first and loads what it finds with `tool_search`.
 */
const openaiTools = (connection: Connection) => {
  const isSearched = (connection.tools ?? 0) >= OPENAI_SEARCHED_TOOLS;
  const server = {
    type: 'mcp' as const,
    server_label: labelOf(connection),
    server_url: connection.url,
    headers: proofHeaders(connection),
    require_approval: { never: { read_only: true } },
    ...(isSearched && { defer_loading: true }),
  };
  return [server, ...(isSearched ? [{ type: 'tool_search' as const }] : [])];
};

/** The body of a request to OpenAI's Responses API that asks a question with this server's tools. */
export const openaiRequest = (connection: Connection) => ({
  model: MODEL,
  tools: openaiTools(connection),
  input: QUESTION,
});

/** JSON as a JavaScript literal, without quotes around names that need none. */
const formatJavaScript = (value: unknown) => formatJson(value).replace(/^(\s*)"([a-zA-Z_]\w*)":/gm, '$1$2:');
const formatPython = (value: unknown) => formatJson(value).replace(/: true(,?)$/gm, ': True$1');
const indent = (text: string) => text.replaceAll('\n', '\n    ');
const shellQuote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

const playgroundForm = (connection: Connection): [string, string][] => {
  const [name, value] = proofHeader(connection) ?? [];
  return [
    ['URL', connection.url],
    ['Label', labelOf(connection)],
    ['Authentication', name === undefined ? 'None' : 'Custom headers'],
    ...(name === undefined
      ? []
      : ([
          ['Header name', name],
          ['Header value', value!],
        ] satisfies [string, string][])),
    ['Approval', 'Always require approval'],
  ];
};

/** OpenAI refuses requests with more functions, and its Agents SDK sends each tool as one. */
const OPENAI_MAX_FUNCTIONS = 128;

/** The clients of OpenAI, in the order of the page. */
export const OPENAI_CLIENTS: readonly ClientConfiguration[] = [
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
    instructions: OPENAI_APPROVAL,
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
    id: 'openai-powershell',
    title: 'OpenAI API · PowerShell',
    group: 'OpenAI',
    language: 'powershell',
    instructions: OPENAI_APPROVAL,
    hosted: true,
    write: (connection) =>
      [
        "$body = @'",
        formatJson(openaiRequest(connection)),
        "'@",
        '$headers = @{ Authorization = "Bearer $env:OPENAI_API_KEY" }',
        'Invoke-RestMethod https://api.openai.com/v1/responses -Method Post -ContentType application/json -Headers $headers -Body $body | ConvertTo-Json -Depth 20',
      ].join('\n'),
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
    tools=${indent(formatPython(openaiTools(connection)))},
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
      requestInit: proofHeader(connection) && { headers: proofHeaders(connection) },
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
    params = ${indent(formatJson({ url: connection.url, headers: proofHeaders(connection) }))}
    async with MCPServerStreamableHttp(name=${JSON.stringify(labelOf(connection))}, params=params) as twilio:
        agent = Agent(name="Operator", model=${JSON.stringify(MODEL)}, mcp_servers=[twilio])
        result = await Runner.run(agent, ${JSON.stringify(QUESTION)})
        print(result.final_output)


asyncio.run(main())`,
  },
];
