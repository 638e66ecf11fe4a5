import {
  createMcpHandler,
  isLegacyRequest,
  type JSONRPCNotification,
  type JSONRPCRequest,
  type McpServerFactory,
  PerRequestHTTPServerTransport,
  parseJSONRPCMessage,
  SUPPORTED_PROTOCOL_VERSIONS,
  validateOriginHeader,
} from '@modelcontextprotocol/server';
import { type Admission, admit, Forbidden } from '../access/admit';
import { type CheckedConfig, type Config, checkConfig } from '../config';
import { RequestContext } from '../context';
import { ToolError } from '../errors';
import { isRecord, parseJson } from '../formats';
import { type IncomingMessage, readEvent } from '../http/event';
import { Request, Response } from '../http/exchange';
import { type Execution, serverlessFunction } from '../http/function';
import { internalError, jsonRpcError } from '../http/json-rpc';
import { openOperations } from '../operations';
import type { ToolContext } from '../tool';
import { boundError } from '../truncate';
import { buildServer } from './server';
import { selectToolset, type Toolset } from './toolset';

/** Builds the server of a request; the conformance tests replace it by one with the suite's fixtures. */
type BuildServer = typeof buildServer;

/** The handler of a Twilio Function that serves MCP: one request, one server, one buffered response. */
export const mcpFunction = (build: BuildServer = buildServer) =>
  serverlessFunction((execution) => answerMcp(execution, admit, build), internalError);

/** Answers a message with the tools of the grant that `admission` finds in it. */
export async function answerMcp(
  { environment, event, started, requestId, annotate }: Execution,
  admission: (incoming: IncomingMessage, config: Config) => Promise<Admission>,
  build: BuildServer = buildServer,
): Promise<Response> {
  const incoming = readEvent(event);
  if ('status' in incoming) {
    const headers = incoming.status === 405 ? { allow: 'POST' } : undefined;
    return jsonRpcError(incoming.status, incoming.code, incoming.message, event.id, headers);
  }
  const { id, method = 'response' } = incoming.message;
  // Anything else may be a person's text, which must not reach the log.
  annotate({ method: KNOWN_METHODS.has(String(method)) ? String(method) : 'unknown' });
  if (isDeeper(incoming.message, MAX_NESTING)) {
    return jsonRpcError(400, -32600, `Invalid request: nested deeper than ${MAX_NESTING} levels`, id);
  }
  const origin = validateOriginHeader(incoming.headers.get('origin'), allowedOrigins(environment.DOMAIN_NAME));
  if (!origin.ok) return jsonRpcError(403, -32000, 'Forbidden: this Origin may not use the server', id);
  const checked = checkConfig(environment);
  let toolset: Toolset;
  let client: string | undefined;
  let { dryRun } = checked.config;
  try {
    const { grant, ...seen } = await admission(incoming, checked.config);
    annotate({ client: grant.client, ...seen });
    dryRun ||= grant.dryRun;
    toolset = selectToolset(grant, checked.config);
    // What is admitted with a warning has no proof of its client.
    if (seen.warning === undefined) client = grant.client;
  } catch (error) {
    if (error instanceof Forbidden) return jsonRpcError(403, -32000, `Forbidden: ${error.message}`, id);
    if (error instanceof ToolError) return jsonRpcError(400, -32602, error.message, id);
    throw error;
  }
  annotate({ services: toolset.services.map(({ service }) => service).join(',') });
  const context = new CallContext(checked, { started, dryRun }, toolset, client);
  return inWords(await serve(incoming, ({ era }) => build(toolset, context, requestId, annotate, era)));
}

/** The methods that clients of the protocol send, in all its revisions. */
const KNOWN_METHODS: ReadonlySet<string> = new Set([
  ...['initialize', 'ping', 'server/discover', 'response', 'tools/list', 'tools/call', 'prompts/list', 'prompts/get'],
  ...['resources/list', 'resources/templates/list', 'resources/read', 'resources/subscribe', 'resources/unsubscribe'],
  ...['completion/complete', 'logging/setLevel', 'subscriptions/listen', 'tasks/get', 'tasks/list', 'tasks/result'],
  ...['tasks/cancel', 'notifications/initialized', 'notifications/cancelled', 'notifications/progress'],
  'notifications/roots/list_changed',
]);

/** More than any client nests; thousands of levels would exhaust the stack of what reads them. */
const MAX_NESTING = 200;

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1)));

/** The response; if the SDK refused the params with Zod's issues as JSON, with a sentence instead. */
function inWords(response: Response): Response {
  const { error, id } = (response.body ?? {}) as { error?: { message?: string }; id?: unknown };
  if (error?.message === undefined) return response;
  const issues = parseJson(error.message.replace(/^[^[]*/, ''));
  if (!Array.isArray(issues)) return response;
  const problems = issues.map(({ path, message }) => `${['', ...path].join('.').slice(1)}: ${message}`);
  return jsonRpcError(response.status, -32602, boundError(`Invalid params: ${problems.join('; ')}`), id);
}

/** The context of a tool call: the operations of the whole API as well. */
class CallContext extends RequestContext implements ToolContext {
  readonly #toolset: Toolset;
  #api: ToolContext['api'] | undefined;

  constructor(
    checked: CheckedConfig,
    options: { started: number; dryRun: boolean },
    toolset: Toolset,
    override readonly client: string | undefined,
  ) {
    super(checked, options);
    this.#toolset = toolset;
  }

  get api(): ToolContext['api'] {
    this.#api ??= openOperations(this, this.#toolset);
    return this.#api;
  }
}

/** Browsers may call from the deployment's own pages, and locally from this machine. */
const allowedOrigins = (domainName: unknown): string[] => [
  'localhost',
  '127.0.0.1',
  '[::1]',
  String(domainName).replace(/:\d+$/, ''),
];

/** Serves both eras of the protocol: the modern one if the message claims it, otherwise the legacy one. */
async function serve(incoming: IncomingMessage, factory: McpServerFactory): Promise<Response> {
  const { headers, message } = incoming;
  const request = new Request('https://mcp.invalid/mcp', headers) as unknown as globalThis.Request;
  if (await isLegacyRequest(request, message)) return serveLegacy(incoming, factory);
  // A subscription would never end here, and nothing changes between deployments.
  if (message.method === 'subscriptions/listen') {
    return jsonRpcError(404, -32601, 'Method not found: subscriptions/listen', message.id);
  }
  const handler = createMcpHandler(factory, { legacy: 'reject', keepAliveMs: 0 });
  return (await handler.fetch(request, { parsedBody: message })) as unknown as Response;
}

/** The SDK's own legacy transports drop progress or always stream; this one answers JSON unless something precedes the result. */
async function serveLegacy({ headers, message }: IncomingMessage, factory: McpServerFactory): Promise<Response> {
  const version = headers.get('mcp-protocol-version');
  if (version !== null && message.method !== 'initialize' && !SUPPORTED_PROTOCOL_VERSIONS.includes(version)) {
    const supported = SUPPORTED_PROTOCOL_VERSIONS.join(', ');
    return jsonRpcError(400, -32000, `Bad request: unsupported protocol version (supported: ${supported})`, message.id);
  }
  if (!isPlainRequest(message)) {
    try {
      parseJSONRPCMessage(message);
    } catch {
      return jsonRpcError(400, -32600, 'Invalid request: not a JSON-RPC 2.0 message', message.id);
    }
  }
  if (!('method' in message)) return new Response(null, { status: 202 });
  const server = await factory({ era: 'legacy' });
  const transport = new PerRequestHTTPServerTransport({ classification: { era: 'legacy' }, keepAliveMs: 0 });
  await server.connect(transport);
  // The server ends with the response, so nothing is left to abort when the transport closes.
  transport.onclose = undefined;
  const response = await transport.handleMessage(message as unknown as JSONRPCRequest | JSONRPCNotification);
  // The legacy era answers an error with 200; only the modern one maps errors to HTTP statuses.
  const { body, headers: replyHeaders, status } = response as unknown as Response;
  return new Response(body, {
    status: status === 202 ? 202 : 200,
    headers: Object.fromEntries(replyHeaders.entries()),
  });
}

/** True for most requests; the SDK's parser, which takes as long as building the server, decides about all others. */
const isPlainRequest = ({ jsonrpc, id, method, params, ...rest }: IncomingMessage['message']): boolean =>
  jsonrpc === '2.0' &&
  typeof method === 'string' &&
  (typeof id === 'string' || Number.isSafeInteger(id)) &&
  (params === undefined || (isRecord(params) && params._meta === undefined)) &&
  Object.keys(rest).length === 0;
