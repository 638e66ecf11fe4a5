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
import type { Context, ServerlessCallback } from '@twilio-labs/serverless-runtime-types/types';
import { normalizeName } from '../closest-names';
import { type Config, readConfig } from '../config';
import { ToolError } from '../errors';
import { type Event, type Incoming, readEvent } from '../http/event';
import { Request, Response } from '../http/exchange';
import { type ReplyClass, toReply } from '../http/reply';
import { type Entry, faultOf, log } from '../log';
import { openOperations } from '../operations';
import { openStore } from '../store/open';
import type { ToolContext } from '../tool';
import { openTwilio } from '../twilio';
import { buildServer } from './server';
import { selectToolset, type Toolset } from './toolset';

type Environment = Context<Record<string, unknown>>;

/** What builds the server of a request; tests put the protocol's fixtures in its place. */
export type BuildServer = typeof buildServer;

/** The URL's parameters. */
const QUERY_KEYS: readonly string[] = ['services', 'tools', 'readonly'];

/** A handler for a Twilio Function that serves MCP: one request, one server, one buffered answer. Never rejects. */
export function mcpFunction(build: BuildServer = buildServer) {
  return (environment: Environment, event: Event, callback: ServerlessCallback): void => {
    const started = Date.now();
    const entry: Entry = { reference: newReference(), outcome: 'ok' };
    const Reply = (globalThis as unknown as { Twilio: { Response: ReplyClass } }).Twilio.Response;
    answer(environment, event, entry, started, build)
      .catch((error: unknown) => {
        Object.assign(entry, { outcome: 'fault', fault: faultOf(error) });
        return refuse(500, -32603, `Internal error (reference ${entry.reference})`);
      })
      .then(async (response) => {
        const reply = await toReply(response, Reply);
        // Execution ends with the callback, so the line is written before it.
        log(
          entry.outcome === 'fault' ? 'error' : 'info',
          { ...entry, ms: Date.now() - started },
          environment.LOG_LEVEL,
        );
        callback(null, reply);
      })
      .catch(() => callback(null, new Reply().setStatusCode(500)));
  };
}

/** Tells log lines apart; nothing rests on its being hard to guess. */
const newReference = () => Math.random().toString(16).slice(2, 10).padEnd(8, '0');

async function answer(
  environment: Environment,
  event: Event,
  entry: Entry,
  started: number,
  build: BuildServer,
): Promise<Response> {
  const incoming = readEvent(event, QUERY_KEYS);
  if ('status' in incoming) {
    entry.outcome = `refused ${incoming.status}`;
    return refuse(incoming.status, incoming.code, incoming.message, event.id);
  }
  const id = incoming.message.id;
  const { method = 'response' } = incoming.message;
  // Anything else may be a text of somebody's, which a log has no business with.
  entry.method = /^[a-z]+(\/[a-z_]+)*$/i.test(String(method)) ? String(method) : 'none of the protocol';
  const origin = validateOriginHeader(incoming.headers.get('origin'), allowedOrigins(environment));
  if (!origin.ok) {
    entry.outcome = 'refused 403';
    return refuse(403, -32000, 'Forbidden: this Origin may not use the server', id);
  }
  let toolset: Toolset;
  try {
    toolset = selectFrom(incoming, event);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    entry.outcome = 'refused 400';
    return refuse(400, -32602, error.message, id);
  }
  entry.services = toolset.services.map(({ service }) => service).join(',');
  const context = toolContext(environment, started);
  return serve(incoming, () => build(toolset, context, entry.reference, (seen) => Object.assign(entry, seen)));
}

/** A parameter that is nearly one of ours is refused: where `?ReadOnly=true` did nothing, its tools would write. */
function selectFrom({ query }: Incoming, event: Event): Toolset {
  for (const key of Object.keys(event)) {
    const right = QUERY_KEYS.find((name) => [normalizeName(key), `${normalizeName(key)}s`].includes(name));
    if (right !== undefined && right !== key) {
      throw new ToolError(`Unknown parameter "${key.slice(0, 60)}" in the URL: write ${right}.`);
    }
  }
  const readonly = query.get('readonly') ?? [];
  if (readonly.some((value) => !['true', 'false'].includes(value)))
    throw new ToolError('readonly must be true or false.');
  for (const name of ['services', 'tools'] as const) {
    if (query.has(name) && names(query.get(name)).length === 0)
      throw new ToolError(`${name} names none: name some, or leave it out of the URL.`);
  }
  return selectToolset({
    services: names(query.get('services')),
    tools: names(query.get('tools')),
    readonly: readonly.includes('true'),
  });
}

/** `?a=x&a=y` and `?a=x,y` name the same. */
const names = (values: readonly string[] = []): string[] =>
  values
    .flatMap((value) => value.split(','))
    .map((name) => name.trim())
    .filter(Boolean);

/** Browsers may come from the deployment's own pages, and locally from this machine. */
function allowedOrigins({ DOMAIN_NAME }: Environment): string[] {
  return ['localhost', '127.0.0.1', '[::1]', String(DOMAIN_NAME).replace(/:\d+$/, '')];
}

/** Opens nothing before a tool asks for it. */
function toolContext(environment: Environment, started: number): ToolContext {
  let config: Config | undefined;
  let twilio: ToolContext['twilio'] | undefined;
  let store: ToolContext['store'] | undefined;
  let api: ToolContext['api'] | undefined;
  return {
    get config() {
      config ??= readConfig(environment);
      return config;
    },
    get twilio() {
      twilio ??= openTwilio(this.config, this.deadline);
      return twilio;
    },
    get store() {
      store ??= openStore(this.config, this);
      return store;
    },
    get deadline() {
      return started + this.config.timeoutMs;
    },
    get api() {
      api ??= openOperations(this);
      return api;
    },
  };
}

/** Serves both eras of the protocol: the modern one by its claim in the message, the legacy one otherwise. */
async function serve(incoming: Incoming, factory: McpServerFactory): Promise<Response> {
  const { headers, message } = incoming;
  const request = new Request('https://mcp.invalid/mcp', headers) as unknown as globalThis.Request;
  if (await isLegacyRequest(request, message)) return serveLegacy(incoming, factory);
  // A stream of changes would never end here, and nothing changes between deployments.
  if (message.method === 'subscriptions/listen')
    return refuse(404, -32601, 'Method not found: subscriptions/listen', message.id);
  const handler = createMcpHandler(factory, { legacy: 'reject', keepAliveMs: 0 });
  return (await handler.fetch(request, { parsedBody: message })) as unknown as Response;
}

/** The SDK's own legacy transports drop progress or always stream; this one answers JSON unless something precedes the result. */
async function serveLegacy({ headers, message }: Incoming, factory: McpServerFactory): Promise<Response> {
  const version = headers.get('mcp-protocol-version');
  if (version !== null && message.method !== 'initialize' && !SUPPORTED_PROTOCOL_VERSIONS.includes(version)) {
    const supported = SUPPORTED_PROTOCOL_VERSIONS.join(', ');
    return refuse(400, -32000, `Bad request: unsupported protocol version (supported: ${supported})`, message.id);
  }
  let parsed: ReturnType<typeof parseJSONRPCMessage>;
  try {
    parsed = parseJSONRPCMessage(message);
  } catch {
    return refuse(400, -32600, 'Invalid request: not a JSON-RPC 2.0 message', message.id);
  }
  if (!('method' in parsed)) return new Response(null, { status: 202 });
  const server = await factory({ era: 'legacy' });
  const transport = new PerRequestHTTPServerTransport({ classification: { era: 'legacy' }, keepAliveMs: 0 });
  await server.connect(transport);
  const response = await transport.handleMessage(parsed as JSONRPCRequest | JSONRPCNotification);
  // In this era an error is an answer like any other; only the modern one maps errors to statuses.
  const { body, headers: replyHeaders, status } = response as unknown as Response;
  return new Response(body, {
    status: status === 202 ? 202 : 200,
    headers: Object.fromEntries(replyHeaders.entries()),
  });
}

function refuse(status: number, code: number, message: string, id: unknown = null): Response {
  const echoed = typeof id === 'string' || typeof id === 'number' ? id : null;
  const headers = status === 405 ? { allow: 'POST' } : {};
  return Response.json({ jsonrpc: '2.0', id: echoed, error: { code, message } }, { status, headers });
}
