import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { OpenAI } from 'openai';

/** A stand-in for OpenAI's Responses API: it lists the tools of the MCP servers in a request, as the real API does. */
export interface OpenAIStandIn {
  /** Includes `/v1`, as OPENAI_BASE_URL must. */
  url: string;
  bodies: OpenAI.Responses.ResponseCreateParamsNonStreaming[];
  close: () => Promise<void>;
}

export async function startOpenAI(): Promise<OpenAIStandIn> {
  const bodies: OpenAIStandIn['bodies'] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text);
    bodies.push(body);
    const names: string[] = [];
    for (const tool of body.tools) names.push(...(tool.type === 'mcp' ? await listTools(tool) : [tool.name]));
    const isValid = request.headers.authorization === 'Bearer test' && request.url === '/v1/responses';
    response.writeHead(isValid ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(responseOf(names)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    bodies,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The names of the tools that a server lists for these headers; only the error message if it fails. */
export async function listTools(tool: { server_url: string; headers?: Record<string, string> }): Promise<string[]> {
  const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode: 'legacy' } });
  try {
    const transport = new StreamableHTTPClientTransport(new URL(tool.server_url), {
      requestInit: { headers: tool.headers ?? {} },
    });
    await client.connect(transport);
    return (await client.listTools()).tools.map(({ name }) => name);
  } catch (error) {
    return [(error as Error).message];
  } finally {
    await client.close();
  }
}

const responseOf = (names: readonly string[]) => ({
  id: 'resp_1',
  object: 'response',
  created_at: 0,
  status: 'completed',
  model: 'test',
  output: [
    {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: `Tools: ${names.join(' ')}`, annotations: [] }],
    },
  ],
  usage: {
    input_tokens: 1,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 1,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 2,
  },
});
