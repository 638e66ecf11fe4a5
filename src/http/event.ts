import { Headers } from './exchange';

/** The platform's argument to a Function: the headers, and query and body merged into one object. */
export type FunctionEvent = Readonly<Record<string, unknown>>;

/** The top-level keys of a JSON-RPC message. Every other key of an event is taken for a parameter of the URL. */
const MESSAGE_KEYS: readonly string[] = ['jsonrpc', 'id', 'method', 'params', 'result', 'error'];

export interface IncomingMessage {
  headers: Headers;
  /**
   * The parameters of the URL in their order, each with its values, as the request claims them: a key of the body
   * replaces the same key of the query, and the platform does not say which one it was.
   */
  query: ReadonlyMap<string, readonly string[]>;
  message: Readonly<Record<string, unknown>>;
}

/** Why a request is not a message: HTTP status, JSON-RPC code, and what to send instead. */
interface Refusal {
  status: number;
  code: number;
  message: string;
}

/** Splits an event into query and message. The platform hides the HTTP method and the raw body. */
export function readEvent({ request, ...keys }: FunctionEvent): IncomingMessage | Refusal {
  const headers = headersOf(request);
  if (headers === undefined) return malformed('"request" is a reserved key: leave it out of the body and the query');
  const contentType = headers.get('content-type');
  const isMessage = Object.hasOwn(keys, 'jsonrpc');
  if (!isMessage && (contentType === null || !Number(headers.get('content-length')))) {
    return { status: 405, code: -32000, message: 'Method not allowed: POST a JSON-RPC message' };
  }
  if (!/^application\/json\s*(;|$)/i.test(contentType ?? '')) {
    return { status: 415, code: -32000, message: 'Unsupported media type: send Content-Type: application/json' };
  }
  if (Object.hasOwn(keys, '0')) return malformed('batches are not supported: send one message a request');
  if (!isMessage) return malformed('the body is not a JSON-RPC message: send {"jsonrpc":"2.0","id":…,"method":…}');
  const query = new Map<string, readonly string[]>();
  const message: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(keys)) {
    if (MESSAGE_KEYS.includes(key)) {
      message[key] = value;
      continue;
    }
    const values = asStrings(value);
    if (values === undefined)
      return malformed(`"${key.slice(0, 60)}" is not part of a message: leave it out of the body`);
    query.set(key, values);
  }
  return { headers, query, message };
}

/** The headers of an event's `request`; undefined if a body or query has replaced it by something else. */
export function headersOf(request: unknown): Headers | undefined {
  const headers = (request as { headers?: unknown } | null | undefined)?.headers;
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) return undefined;
  const proper = Object.values(headers).every((value) => asStrings(value) !== undefined);
  return proper ? new Headers(headers as Record<string, string | string[]>) : undefined;
}

/** Query values are strings, or arrays of strings for repeated keys; anything else came from a body. */
function asStrings(value: unknown): readonly string[] | undefined {
  const values = Array.isArray(value) ? value : [value];
  return values.length > 0 && values.every((item) => typeof item === 'string') ? values : undefined;
}

const malformed = (message: string): Refusal => ({ status: 400, code: -32600, message: `Invalid request: ${message}` });
