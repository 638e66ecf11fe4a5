import { type Admission, Forbidden } from '../access/admit';
import { admitToken, NoToken } from '../access/bearer';
import { checkConfig } from '../config';
import { ToolError } from '../errors';
import type { IncomingMessage } from '../http/event';
import { Response } from '../http/exchange';
import { type Execution, serverlessFunction } from '../http/function';
import { internalError, jsonRpcError } from '../http/json-rpc';

/**
 * The handler of a Function that anyone can reach: it serves MCP to those who send an access token. All others are
 * refused before the server is loaded; switched off, it does not exist.
 */
export const bearerFunction = () => serverlessFunction(answerBearer, internalError);

async function answerBearer(execution: Execution): Promise<Response> {
  const { environment, event, annotate } = execution;
  annotate({ method: String(environment.PATH) });
  const { config } = checkConfig(environment);
  if (!config.accessTokens) return new Response(null, { status: 404 });
  let admission: Admission;
  try {
    const { id, ...rest } = await admitToken(event.request, config);
    annotate({ token: id });
    admission = rest;
  } catch (error) {
    if (!(error instanceof Forbidden)) throw error;
    const reason = error instanceof NoToken ? '' : ', error="invalid_token"';
    const headers = { 'www-authenticate': `Bearer realm="mcp"${reason}` };
    return jsonRpcError(401, -32000, `Unauthorized: ${error.message}`, event.id, headers);
  }
  const { answerMcp } = await import('./endpoint');
  return answerMcp(execution, async ({ query }) => {
    refuseParameters(query);
    return admission;
  });
}

/** The token says everything. A key of the body would look like a parameter too. */
function refuseParameters(query: IncomingMessage['query']): void {
  const [name] = query.keys();
  if (name === undefined) return;
  throw new ToolError(
    `"${name.slice(0, 60)}" cannot be a parameter: the access token says what it opens. Remove it from the URL and the body.`,
  );
}
