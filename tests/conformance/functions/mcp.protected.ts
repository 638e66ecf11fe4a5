import {
  acceptedContent,
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  createRequestStateCodec,
  type InputRequests,
  inputRequired,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { mcpFunction } from '../../../src/mcp/endpoint';

/*
 * The tools, prompts and resources that the MCP conformance suite requires of a server, behind the endpoint of the
 * product. Only scripts/conformance.ts builds and serves this Function.
 */

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const SILENCE = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=';
const stateCodec = createRequestStateCodec({ key: 'conformance-fixtures-need-a-key-of-32-bytes' });

type Result = CallToolResult | ReturnType<typeof inputRequired>;
type Run = (context: ServerContext, args: Record<string, unknown>) => Result | Promise<Result>;

const text = (content: string): CallToolResult => ({ content: [{ type: 'text', text: content }] });
const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
const responses = ({ mcpReq }: ServerContext) => mcpReq.inputResponses ?? {};
const capabilities = ({ mcpReq }: ServerContext): ClientCapabilities =>
  (mcpReq.envelope as Record<string, ClientCapabilities> | undefined)?.[CLIENT_CAPABILITIES_META_KEY] ?? {};
const image = { type: 'image', data: PIXEL, mimeType: 'image/png' } as const;

const ask = (message: string, field: string, type = 'string') =>
  inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties: { [field]: { type: type as 'string' } }, required: [field] },
  });
const sample = (question: string, maxTokens: number) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text: question } }], maxTokens });

const TOOL_FIXTURES: Readonly<Record<string, Run>> = {
  test_simple_text: () => text('This is a simple text response for testing.'),
  test_image_content: () => ({ content: [image] }),
  test_audio_content: () => ({ content: [{ type: 'audio', data: SILENCE, mimeType: 'audio/wav' }] }),
  test_embedded_resource: () => ({
    content: [
      {
        type: 'resource',
        resource: {
          uri: 'test://embedded-resource',
          mimeType: 'text/plain',
          text: 'This is an embedded resource content.',
        },
      },
    ],
  }),
  test_multiple_content_types: () => ({
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      image,
      {
        type: 'resource',
        resource: {
          uri: 'test://mixed-content-resource',
          mimeType: 'application/json',
          text: '{"test":"data","value":123}',
        },
      },
    ],
  }),
  test_tool_with_logging: async ({ mcpReq }) => {
    await mcpReq.log('info', 'Tool execution started');
    await pause();
    await mcpReq.log('info', 'Tool processing data');
    await pause();
    await mcpReq.log('info', 'Tool execution completed');
    return text('Logged.');
  },
  test_logging_tool: async ({ mcpReq }) => {
    await mcpReq.log('info', 'Only for clients that asked for it');
    return text('Logged.');
  },
  test_error_handling: () => ({ ...text('This tool intentionally returns an error for testing'), isError: true }),
  test_tool_with_progress: async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined) {
        await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
      }
      if (progress < 100) await pause();
    }
    return text('Done.');
  },
  test_missing_capability: (context) => {
    if (!capabilities(context).sampling)
      throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } });
    return text('The client can sample.');
  },
  test_streaming_elicitation: (context) =>
    acceptedContent(responses(context), 'answer')
      ? text('Answered.')
      : inputRequired({ inputRequests: { answer: ask('Go on?', 'answer') } }),
  test_input_required_result_elicitation: (context) => {
    const content = acceptedContent(responses(context), 'user_name');
    return content
      ? text(`Hello, ${content.name}!`)
      : inputRequired({ inputRequests: { user_name: ask('What is your name?', 'name') } });
  },
  test_input_required_result_sampling: (context) => {
    const answer = responses(context).capital_question;
    if (answer === undefined)
      return inputRequired({ inputRequests: { capital_question: sample('What is the capital of France?', 100) } });
    return text(JSON.stringify(answer));
  },
  test_input_required_result_list_roots: (context) => {
    const answer = responses(context).client_roots;
    if (answer === undefined) return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
    return text(JSON.stringify(answer));
  },
  test_input_required_result_request_state: async (context) => {
    if (context.mcpReq.requestState() === 'confirming') return text('state-ok');
    return inputRequired({
      inputRequests: { confirm: ask('Please confirm', 'ok', 'boolean') },
      requestState: await stateCodec.mint('confirming'),
    });
  },
  test_input_required_result_multiple_inputs: async (context) => {
    if (['user_name', 'greeting', 'client_roots'].every((key) => key in responses(context))) return text('All there.');
    return inputRequired({
      inputRequests: {
        user_name: ask('What is your name?', 'name'),
        greeting: sample('Generate a greeting', 50),
        client_roots: inputRequired.listRoots(),
      },
      requestState: await stateCodec.mint('several'),
    });
  },
  test_input_required_result_multi_round: async (context) => {
    const round = context.mcpReq.requestState();
    if (round === 'second') return text('Three rounds.');
    if (round === 'first') {
      return inputRequired({
        inputRequests: { step2: ask('Step 2: What is your favorite color?', 'color') },
        requestState: await stateCodec.mint('second'),
      });
    }
    return inputRequired({
      inputRequests: { step1: ask('Step 1: What is your name?', 'name') },
      requestState: await stateCodec.mint('first'),
    });
  },
  test_input_required_result_tampered_state: async (context) => {
    if (context.mcpReq.requestState() === 'sealed') return text('Untouched.');
    return inputRequired({
      inputRequests: { confirm: ask('Please confirm', 'ok', 'boolean') },
      requestState: await stateCodec.mint('sealed'),
    });
  },
  test_input_required_result_capabilities: (context) => {
    const can = capabilities(context);
    const inputRequests: InputRequests = {
      ...(can.elicitation && { name: ask('What is your name?', 'name') }),
      ...(can.sampling && { greeting: sample('Generate a greeting', 50) }),
      ...(can.roots && { roots: inputRequired.listRoots() }),
    };
    return Object.keys(inputRequests).some((key) => key in responses(context))
      ? text('Thank you.')
      : inputRequired({ inputRequests });
  },
};

const user = (...contents: readonly object[]) =>
  ({ messages: contents.map((content) => ({ role: 'user', content })) }) as never;

const PROMPT_FIXTURES: Readonly<
  Record<string, { args: readonly string[]; get: (args: Record<string, string>, context: ServerContext) => never }>
> = {
  test_simple_prompt: { args: [], get: () => user({ type: 'text', text: 'This is a simple prompt for testing.' }) },
  test_prompt_with_arguments: {
    args: ['arg1', 'arg2'],
    get: ({ arg1, arg2 }) => user({ type: 'text', text: `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'` }),
  },
  test_prompt_with_embedded_resource: {
    args: ['resourceUri'],
    get: ({ resourceUri }) =>
      user(
        {
          type: 'resource',
          resource: { uri: resourceUri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
        },
        { type: 'text', text: 'Please process the embedded resource above.' },
      ),
  },
  test_prompt_with_image: {
    args: [],
    get: () => user(image, { type: 'text', text: 'Please analyze the image above.' }),
  },
  test_input_required_result_prompt: {
    args: [],
    get: (_args, context) => {
      const content = acceptedContent(responses(context), 'user_context');
      if (content) return user({ type: 'text', text: `Use this context: ${content.context}` });
      return inputRequired({
        inputRequests: { user_context: ask('What context should the prompt use?', 'context') },
      }) as never;
    },
  },
};

function readResource(uri: string) {
  if (uri === 'test://static-text')
    return { uri, mimeType: 'text/plain', text: 'This is the content of the static text resource.' };
  if (uri === 'test://static-binary') return { uri, mimeType: 'image/png', blob: PIXEL };
  const id = uri.match(/^test:\/\/template\/([^/]+)\/data$/)?.[1];
  if (id === undefined) throw new ResourceNotFoundError(uri);
  return {
    uri,
    mimeType: 'application/json',
    text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
  };
}

function fixtures(): Server {
  const cache = { ttlMs: 60_000, cacheScope: 'public' } as const;
  const server = new Server(
    { name: 'conformance-fixtures', version: '1.0.0' },
    {
      capabilities: { tools: {}, prompts: {}, resources: {}, completions: {}, logging: {} },
      requestState: { verify: stateCodec.verify },
      cacheHints: {
        'tools/list': cache,
        'prompts/list': cache,
        'resources/list': cache,
        'resources/templates/list': cache,
        'resources/read': cache,
        'server/discover': cache,
      },
    },
  );
  server.setRequestHandler('tools/list', () => ({
    tools: Object.keys(TOOL_FIXTURES).map((name) => ({
      name,
      description: `Fixture ${name}`,
      inputSchema: { type: 'object' as const },
    })),
  }));
  server.setRequestHandler('tools/call', ({ params }, context) => {
    const run = TOOL_FIXTURES[params.name];
    if (run === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${params.name}`);
    return run(context, params.arguments ?? {});
  });
  server.setRequestHandler('prompts/list', () => ({
    prompts: Object.entries(PROMPT_FIXTURES).map(([name, { args }]) => ({
      name,
      description: `Fixture ${name}`,
      arguments: args.map((argument) => ({ name: argument, description: argument, required: true })),
    })),
  }));
  server.setRequestHandler('prompts/get', ({ params }, context) => {
    const prompt = PROMPT_FIXTURES[params.name];
    if (prompt === undefined)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown prompt: ${params.name}`);
    return prompt.get(params.arguments ?? {}, context);
  });
  server.setRequestHandler('resources/list', () => ({
    resources: [
      { uri: 'test://static-text', name: 'Static text', mimeType: 'text/plain' },
      { uri: 'test://static-binary', name: 'Static binary', mimeType: 'image/png' },
    ],
  }));
  server.setRequestHandler('resources/templates/list', () => ({
    resourceTemplates: [{ uriTemplate: 'test://template/{id}/data', name: 'Template', mimeType: 'application/json' }],
  }));
  server.setRequestHandler('resources/read', ({ params }) => ({ contents: [readResource(params.uri)] }));
  server.setRequestHandler('completion/complete', ({ params }) => {
    const values = ['paris', 'park', 'party'].filter((value) => value.startsWith(params.argument.value));
    return { completion: { values, total: values.length, hasMore: false } };
  });
  return server;
}

export const handler = mcpFunction(fixtures);
