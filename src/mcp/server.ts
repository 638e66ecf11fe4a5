import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError, Server } from '@modelcontextprotocol/server';
import { version } from '../../package.json';
import type { Entry } from '../log';
import type { ToolContext } from '../tool';
import { call } from './call';
import type { Catalog } from './catalog';

/** Lists change only with a deployment, so clients may keep them for a while; they hold nothing private. */
const LIST_CACHE = { ttlMs: 300_000, cacheScope: 'public' } as const;

/**
 * An MCP server over a catalog, for one request.
 * What it learns about the request goes to `note`, for the log.
 */
export function buildServer(
  catalog: Catalog,
  context: ToolContext,
  reference: string,
  note: (seen: Partial<Entry>) => void,
): Server {
  const server = new Server(
    { name: 'twilio', title: 'Twilio', version },
    {
      capabilities: { tools: {}, prompts: {}, resources: {} },
      instructions: catalog.services.map(({ service, instructions }) => `${service}: ${instructions}`).join('\n'),
      cacheHints: {
        'server/discover': LIST_CACHE,
        'tools/list': LIST_CACHE,
        'prompts/list': LIST_CACHE,
        'resources/list': LIST_CACHE,
        'resources/templates/list': LIST_CACHE,
      },
    },
  );
  server.setRequestHandler('tools/list', () => ({ tools: [...catalog.listed()] }));
  server.setRequestHandler('tools/call', async ({ params }) => {
    const tool = catalog.tools.get(params.name);
    if (tool === undefined) {
      const known = [...catalog.tools.keys()].join(', ');
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        `Unknown tool: ${params.name.slice(0, 60)}. Tools here: ${known}.`,
      );
    }
    note({ tool: tool.name });
    const { result, ...seen } = await call(tool, params.arguments, context, reference);
    note(seen);
    return result;
  });
  server.setRequestHandler('prompts/list', () => ({ prompts: [] }));
  server.setRequestHandler('resources/list', () => ({ resources: [] }));
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [] }));
  server.setRequestHandler('resources/read', ({ params }) => {
    throw new ResourceNotFoundError(params.uri);
  });
  return server;
}
