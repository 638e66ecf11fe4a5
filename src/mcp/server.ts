import { ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server';
import { version } from '../../package.json';
import { explain, isTwilioError } from '../errors';
import { type Entry, faultOf } from '../log';
import type { ToolContext } from '../tool';
import { call } from './call';
import { complete } from './complete';
import { listPrompt, offeredPrompts, writePrompt } from './prompts';
import { listResources, RESOURCE_TEMPLATES, readResource } from './resources';
import type { Toolset } from './toolset';

/** Lists change only with a deployment, so clients may keep them for a while; they hold nothing private. */
const LIST_CACHE = { ttlMs: 300_000, cacheScope: 'public' } as const;

/** What a resource says changes with the account, and is its owner's. */
const READ_CACHE = { ttlMs: 0, cacheScope: 'private' } as const;

/**
 * An MCP server over a toolset, for one request.
 * What it learns about the request goes to `note`, for the log.
 */
export function buildServer(
  toolset: Toolset,
  context: ToolContext,
  reference: string,
  note: (seen: Partial<Entry>) => void,
): Server {
  const server = new Server(
    { name: 'twilio', title: 'Twilio', version },
    {
      capabilities: { tools: {}, prompts: {}, resources: {}, completions: {} },
      instructions: toolset.services.map(({ service, instructions }) => `${service}: ${instructions}`).join('\n'),
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
  server.setRequestHandler('tools/list', () => ({ tools: [...toolset.listed()] }));
  server.setRequestHandler('tools/call', async ({ params }) => {
    const tool = toolset.tools.get(params.name);
    if (tool === undefined)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, toolset.explainMissingTool(params.name));
    note({ tool: tool.name });
    const { result, ...seen } = await call(tool, params.arguments, context, reference);
    note(seen);
    return result;
  });
  /** What is no tool has no `isError`: a failure becomes an error of the protocol, in the same words. */
  const inWords = async <T>(read: () => Promise<T>): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      const words = explain(error, { effect: 'read' });
      if (words === undefined) note({ outcome: 'fault', fault: faultOf(error) });
      else note({ outcome: 'failed', code: isTwilioError(error) ? error.code : undefined });
      const apology = `The server failed in itself, not in Twilio (reference ${reference}).`;
      throw new ProtocolError(ProtocolErrorCode.InternalError, words ?? apology);
    }
  };
  server.setRequestHandler('prompts/list', () => ({ prompts: offeredPrompts(toolset).map(listPrompt) }));
  server.setRequestHandler('prompts/get', ({ params }) => writePrompt(toolset, params.name, params.arguments));
  server.setRequestHandler('resources/list', () => ({ resources: listResources(toolset) }));
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: RESOURCE_TEMPLATES }));
  server.setRequestHandler('resources/read', ({ params }) =>
    inWords(() => readResource(toolset, params.uri, context, reference)),
  );
  server.setRequestHandler('completion/complete', async ({ params }) => {
    const { completion, ...seen } = await inWords(() => complete(toolset, params, context));
    note(seen);
    return { completion };
  });
  return server;
}
