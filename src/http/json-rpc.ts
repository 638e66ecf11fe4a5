import { Response } from './exchange';

/** A response with a JSON-RPC error; `id` is that of the request, if it has one that can be echoed. */
export function jsonRpcError(
  status: number,
  code: number,
  message: string,
  id: unknown = null,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const echoed = typeof id === 'string' || typeof id === 'number' ? id : null;
  return Response.json({ jsonrpc: '2.0', id: echoed, error: { code, message } }, { status, headers });
}

/** The response if the server itself fails. */
export const internalError = (requestId: string): Response =>
  jsonRpcError(500, -32603, `Internal error (request ID ${requestId})`);
