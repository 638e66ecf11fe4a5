import {
  type CallToolRequestParams,
  type CompleteRequestParams,
  type GetPromptRequestParams,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceRequestParams,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { version } from '../../package.json';
import { describeError, isTwilioError } from '../errors';
import { type LogEntry, stackOf } from '../log';
import type { ToolContext } from '../tool';
import { boundError } from '../truncate';
import { withholdPasswords } from '../withhold';
import { callTool } from './call';
import { complete } from './complete';
import { askInstead, dialogOf } from './dialog';
import { callWithKey } from './keyed-call';
import { getPrompt, listPrompt, offeredPrompts } from './prompts';
import { listResources, RESOURCE_TEMPLATES, readResource } from './resources';
import type { Toolset } from './toolset';

/** Lists change only with a deployment or its variables, and contain nothing private, so clients may cache them. */
const LIST_CACHE = { ttlMs: 300_000, cacheScope: 'public' } as const;

/** Resources change with the account and belong to its owner. */
const READ_CACHE = { ttlMs: 0, cacheScope: 'private' } as const;

/** An MCP server over a toolset, for one request. `annotate` adds to the request's log line. */
export function buildServer(
  toolset: Toolset,
  context: ToolContext,
  requestId: string,
  annotate: (seen: Partial<LogEntry>) => void,
  era: 'legacy' | 'modern',
): Server {
  const server = new Server(
    { name: 'twilio', title: 'Twilio', version },
    {
      capabilities: { tools: {}, prompts: {}, resources: {}, completions: {} },
      instructions: [
        ...toolset.services.map(({ service, instructions }) => `${service}: ${instructions}`),
        'Results leave out empty fields.',
        ...(context.dryRun ? ['Dry run: nothing is sent or changed, and answers show what would be.'] : []),
      ].join('\n'),
      cacheHints: {
        'server/discover': LIST_CACHE,
        'tools/list': LIST_CACHE,
        'prompts/list': LIST_CACHE,
        'resources/list': LIST_CACHE,
        'resources/templates/list': LIST_CACHE,
        'resources/read': READ_CACHE,
      },
    },
  );
  /** What the account or Twilio says leaves without passwords, be it a result or an error. */
  const answerWith =
    <P, R>(answer: (params: P, request: ServerContext) => Promise<R>) =>
    async ({ params }: { params: P }, request: ServerContext): Promise<R> => {
      try {
        return withholdPasswords(await answer(params, request));
      } catch (error) {
        if (error instanceof Error) error.message = boundError(withholdPasswords(error.message));
        throw error;
      }
    };
  server.setRequestHandler('tools/list', () => ({ tools: [...toolset.listed()] }));
  const call = async (params: CallToolRequestParams, request: ServerContext) => {
    const tool = toolset.find(params.name);
    if (tool === undefined) {
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, toolset.explainMissingTool(params.name));
    }
    annotate({ tool: tool.name });
    const dialog = era === 'modern' ? dialogOf(request) : undefined;
    const { result, ...seen } = await callWithKey(tool, params, context, async () => {
      const answer = await callTool(tool, params.arguments, context, requestId, { meta: params._meta, dialog });
      return context.call.instead ? { ...answer, outcome: 'waits for approval' } : answer;
    });
    annotate(seen);
    const { instead } = context.call;
    return instead ? askInstead(instead) : result;
  };
  server.setRequestHandler('tools/call', answerWith(call));
  /** Prompts, resources and completions have no isError: failures become JSON-RPC errors. */
  const orProtocolError = async <T>(read: () => Promise<T>): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      const message = describeError(error, { effect: 'read' });
      if (message === undefined) annotate({ outcome: 'internal error', stack: stackOf(error) });
      else annotate({ outcome: 'failed', code: isTwilioError(error) ? error.code : undefined });
      const apology = `Internal server error (request ID ${requestId}).`;
      throw new ProtocolError(ProtocolErrorCode.InternalError, message ?? apology);
    }
  };
  server.setRequestHandler('prompts/list', () => ({ prompts: offeredPrompts(toolset).map(listPrompt) }));
  server.setRequestHandler(
    'prompts/get',
    answerWith(async ({ name, arguments: args }: GetPromptRequestParams) => getPrompt(toolset, name, args)),
  );
  server.setRequestHandler('resources/list', () => ({ resources: listResources(toolset) }));
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: RESOURCE_TEMPLATES }));
  server.setRequestHandler(
    'resources/read',
    answerWith(({ uri }: ReadResourceRequestParams) =>
      orProtocolError(() => readResource(toolset, uri, context, requestId)),
    ),
  );
  const completeArgument = async (params: CompleteRequestParams) => {
    const { completion, ...seen } = await orProtocolError(() => complete(toolset, params, context));
    annotate(seen);
    return { completion };
  };
  server.setRequestHandler('completion/complete', answerWith(completeArgument));
  return server;
}
