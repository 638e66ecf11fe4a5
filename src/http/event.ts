import { couldHold, holds } from './body';
import { Headers } from './exchange';

/** The platform's argument to a Function: the headers, and query and body merged into one object. */
export type FunctionEvent = Readonly<Record<string, unknown>>;

/** The top-level keys of a JSON-RPC message. Every other key of an event came with the URL, or is refused. */
const MESSAGE_KEYS = ['jsonrpc', 'id', 'method', 'params', 'result', 'error'] as const;

export interface IncomingMessage {
  headers: Headers;
  /** The query's values by key; several if a key is repeated. */
  query: ReadonlyMap<string, readonly string[]>;
  message: Readonly<Record<string, unknown>>;
}

/** Why a request is not a message: HTTP status, JSON-RPC code, and what to send instead. */
interface Refusal {
  status: number;
  code: number;
  message: string;
}

/**
 * Splits an event into query and message. The platform hides the HTTP method and the raw body, and a key in the body
 * replaces the same key of the query, so both are inferred from the content type and the length of the body.
 */
export function readEvent(event: FunctionEvent, queryKeys: readonly string[]): IncomingMessage | Refusal {
  const headers = headersOf(event);
  if (headers === undefined) return malformed('"request" is a reserved key: leave it out of the body and the query');
  const contentType = headers.get('content-type');
  const length = headers.get('content-length') === null ? undefined : Number(headers.get('content-length'));
  if (!length && (contentType === null || !('jsonrpc' in event))) {
    return { status: 405, code: -32000, message: 'Method not allowed: POST a JSON-RPC message' };
  }
  if (!/^application\/json\s*(;|$)/i.test(contentType ?? '')) {
    return { status: 415, code: -32000, message: 'Unsupported media type: send Content-Type: application/json' };
  }
  // The length of a compressed body says nothing about the message in it.
  if (!/^(identity)?$/i.test(headers.get('content-encoding') ?? '')) {
    return { status: 415, code: -32000, message: 'Unsupported media type: send the message without Content-Encoding' };
  }
  // With all headers present a body always has a length; deployed, the platform may remove the header.
  if (length === undefined && headers.get('host') !== null) {
    return { status: 411, code: -32000, message: 'Length required: POST the message with a Content-Length' };
  }
  if ('0' in event) return malformed('batches are not supported: send one message a request');
  const message = Object.fromEntries(
    MESSAGE_KEYS.filter((key) => Object.hasOwn(event, key)).map((key) => [key, event[key]]),
  );
  if (!('jsonrpc' in message)) {
    return malformed('the body is not a JSON-RPC message: send {"jsonrpc":"2.0","id":…,"method":…}');
  }
  if (length !== undefined && !couldHold(length, message))
    return malformed('send the message as the body, not in the URL');
  // An unknown key may have come with either; it is dropped, but may account for part of the body's length.
  const unknown = Object.entries(event).filter(
    ([key]) => key !== 'request' && !Object.hasOwn(message, key) && !queryKeys.includes(key),
  );
  const bodies = [message, { ...message, ...Object.fromEntries(unknown) }];
  const query = new Map<string, readonly string[]>();
  for (const key of queryKeys) {
    if (!Object.hasOwn(event, key)) continue;
    const values = asStrings(event[key]);
    if (
      values === undefined ||
      (length !== undefined && !bodies.some((body) => holds(length, body, { [key]: event[key] })))
    ) {
      return malformed(
        `"${key}" belongs in the URL's query: leave it out of the body, and send the body as compact JSON`,
      );
    }
    query.set(key, values);
  }
  return { headers, query, message };
}

function headersOf(event: FunctionEvent): Headers | undefined {
  const headers = (event.request as { headers?: unknown } | null | undefined)?.headers;
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) return undefined;
  const proper = Object.values(headers).every((value) => asStrings(value) !== undefined);
  return proper ? new Headers(headers as Record<string, string | string[]>) : undefined;
}

/** Query values are strings, or arrays of strings for repeated keys; anything else came from a body. */
function asStrings(value: unknown): readonly string[] | undefined {
  const values = Array.isArray(value) ? value : [value];
  return values.every((item) => typeof item === 'string') ? values : undefined;
}

const malformed = (message: string): Refusal => ({ status: 400, code: -32600, message: `Invalid request: ${message}` });
