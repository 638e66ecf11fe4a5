import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Schema } from './schema-rules';
import type { Json } from './stack';

/*
 * Stand-ins for the APIs of three models, in one server that is also the only proxy to other machines, and lets nothing
 * through. The model calls one tool once, after a search if it does not see the tool, and then repeats its result.
 */

export interface SentTool {
  /** As the model sees it, with the prefix of its server. */
  name: string;
  schema: Schema;
}

export interface ModelApi {
  /** `http://127.0.0.1:<port>` */
  url: string;
  /** The tools of the latest request that had any. */
  tools: SentTool[];
  /** The result of the call, as text. */
  result?: string;
  /** What the client tried to reach beyond this machine. */
  outside: string[];
  /** Whether it had to search for the tool. */
  searched: boolean;
  close: () => Promise<void>;
}

interface ToolCall {
  name: string;
  args: object;
}

interface Dialect {
  path: RegExp;
  tools: (body: Json) => SentTool[];
  /** The result of the tool call in a request; undefined before it. */
  result: (body: Json) => Json;
  /** The client's own tool that finds others, which `search` calls. */
  searchTool?: string;
  search?: (query: string) => object[];
  /** The events of an answer that calls a tool. */
  call: (call: ToolCall) => object[];
  /** The events of an answer in words. */
  say: (text: string) => object[];
}

const responseEvents = (item: object) => [
  { type: 'response.created', response: { id: 'resp_1' } },
  { type: 'response.output_item.done', output_index: 0, item },
  {
    type: 'response.completed',
    response: { id: 'resp_1', usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 } },
  },
];

/** OpenAI's Responses API. Codex groups the tools of a server in a namespace, which the model repeats in its call. */
const openai: Dialect = {
  path: /\/responses$/,
  tools: ({ tools, input }) =>
    [...tools, ...input.flatMap((item: Json) => (item.type === 'tool_search_output' ? item.tools : []))].flatMap(
      (tool) =>
        tool.type === 'namespace'
          ? tool.tools.map((nested: Json) => ({ name: `${tool.name}__${nested.name}`, schema: nested.parameters }))
          : [{ name: tool.name ?? tool.type, schema: tool.parameters }],
    ),
  searchTool: 'tool_search',
  search: (query) =>
    responseEvents({ type: 'tool_search_call', call_id: 'search_1', execution: 'client', arguments: { query } }),
  result: ({ input }) => input.find(({ type }: Json) => type === 'function_call_output')?.output,
  call: ({ name, args }) => {
    const [, namespace, nested] = name.match(/^(.+)__(.+)$/)!;
    const item = { type: 'function_call', id: 'fc_1', call_id: 'call_1', namespace, name: nested };
    return responseEvents({ ...item, arguments: JSON.stringify(args) });
  },
  say: (text) =>
    responseEvents({ type: 'message', id: 'msg_1', role: 'assistant', content: [{ type: 'output_text', text }] }),
};

const candidate = (part: object) => [
  {
    candidates: [{ content: { role: 'model', parts: [part] }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
  },
];

const gemini: Dialect = {
  path: /:streamGenerateContent/,
  tools: ({ tools = [] }) =>
    tools.flatMap(({ functionDeclarations = [] }: Json) =>
      functionDeclarations.map(({ name, parametersJsonSchema, parameters }: Json) => ({
        name,
        schema: parametersJsonSchema ?? parameters,
      })),
    ),
  result: ({ contents }) =>
    contents.flatMap(({ parts }: Json) => parts).find(({ functionResponse }: Json) => functionResponse)
      ?.functionResponse.response,
  call: (functionCall) => candidate({ functionCall }),
  say: (text) => candidate({ text }),
};

const messageEvents = (stopReason: string, block: object, delta: object) => [
  {
    type: 'message_start',
    message: {
      ...{ id: 'msg_1', type: 'message', role: 'assistant', model: 'test', content: [] },
      ...{ stop_reason: null, stop_sequence: null, usage: { input_tokens: 1, output_tokens: 1 } },
    },
  },
  { type: 'content_block_start', index: 0, content_block: block },
  { type: 'content_block_delta', index: 0, delta },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: stopReason, stop_sequence: null }, usage: { output_tokens: 1 } },
  { type: 'message_stop' },
];

const toolUse = (id: string, name: string, args: object) =>
  messageEvents(
    'tool_use',
    { type: 'tool_use', id, name, input: {} },
    { type: 'input_json_delta', partial_json: JSON.stringify(args) },
  );

const anthropic: Dialect = {
  path: /\/messages(\?|$)/,
  tools: ({ tools = [] }) => tools.map(({ name, input_schema: schema }: Json) => ({ name, schema })),
  result: ({ messages }) =>
    messages
      .flatMap(({ content }: Json) => (typeof content === 'string' ? [] : content))
      .find((block: Json) => block.type === 'tool_result' && block.tool_use_id === 'toolu_1')?.content,
  searchTool: 'ToolSearch',
  search: (query) => toolUse('toolu_search', 'ToolSearch', { query, max_results: 5 }),
  call: ({ name, args }) => toolUse('toolu_1', name, args),
  say: (text) => messageEvents('end_turn', { type: 'text', text: '' }, { type: 'text_delta', text }),
};

/** One event of a stream. Gemini's have no type. */
const sse = (event: { type?: string }) =>
  `${event.type ? `event: ${event.type}\n` : ''}data: ${JSON.stringify(event)}\n\n`;

/**
 * Starts a model that makes the call which `decide` chooses among the tools of a request, and then says its result. If
 * `decide` finds no tool, the model searches for the query with the client's own tool, if there is one.
 */
export async function startModelApi(
  decide: (tools: readonly SentTool[]) => ToolCall | undefined,
  query: string,
): Promise<ModelApi> {
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    // A request through the proxy names its host.
    if (!request.url!.startsWith('/')) model.outside.push(request.url!);
    const dialect = [openai, gemini, anthropic].find(({ path }) => path.test(request.url!));
    if (!dialect || !request.url!.startsWith('/')) return response.writeHead(404).end('{}');
    const body = JSON.parse(text);
    const tools = dialect.tools(body);
    if (tools.length > 0) model.tools = tools;
    const result = dialect.result(body);
    if (result !== undefined) model.result = JSON.stringify(result);
    const call = result === undefined ? decide(tools) : undefined;
    const { searchTool, search } = dialect;
    let events = call ? dialect.call(call) : dialect.say(`The tool answered ${model.result}`);
    if (search && !call && !model.searched && tools.some(({ name }) => name === searchTool)) {
      model.searched = true;
      events = search(query);
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(events.map(sse).join(''));
  });
  server.on('connect', (request, socket) => {
    model.outside.push(request.url!);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const model: ModelApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tools: [],
    outside: [],
    searched: false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return model;
}
