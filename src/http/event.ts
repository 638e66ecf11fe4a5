import { couldHold, holds } from './body';
import { Headers } from './exchange';

/** What the platform hands a Function: the headers, and query and body poured into one object. */
export type Event = Readonly<Record<string, unknown>>;

/** The top-level keys of a JSON-RPC message; everything else in an event came with the URL, or is refused. */
const MESSAGE_KEYS = ['jsonrpc', 'id', 'method', 'params', 'result', 'error'] as const;

export interface Incoming {
  headers: Headers;
  /** The query's values by key, each key as often as it stands there. */
  query: ReadonlyMap<string, readonly string[]>;
  message: Readonly<Record<string, unknown>>;
}

/** A request that never becomes a message: HTTP status, JSON-RPC code, and what to send instead. */
export interface Refusal {
  status: number;
  code: number;
  message: string;
}

/**
 * Takes an event apart. The platform shows neither the HTTP method nor the raw body, and a body's key replaces the
 * query's key of the same name, so both are inferred: from the content type, and from the length of the body.
 */
export function readEvent(event: Event, queryKeys: readonly string[]): Incoming | Refusal {
  const headers = headersOf(event);
  if (headers === undefined) return invalid('"request" is a reserved key: leave it out of the body and the query');
  const contentType = headers.get('content-type');
  const length = headers.get('content-length') === null ? undefined : Number(headers.get('content-length'));
  if (!length && (contentType === null || !('jsonrpc' in event))) {
    return { status: 405, code: -32000, message: 'Method not allowed: POST a JSON-RPC message' };
  }
  if (!/^application\/json\s*(;|$)/i.test(contentType ?? '')) {
    return { status: 415, code: -32000, message: 'Unsupported media type: send Content-Type: application/json' };
  }
  // The length of a compressed body tells nothing of the message in it.
  if (!/^(identity)?$/i.test(headers.get('content-encoding') ?? '')) {
    return { status: 415, code: -32000, message: 'Unsupported media type: send the message without Content-Encoding' };
  }
  // Where the head is shown whole, a body always has a length; deployed, the platform may have taken the header away.
  if (length === undefined && headers.get('host') !== null) {
    return { status: 411, code: -32000, message: 'Length required: POST the message with a Content-Length' };
  }
  if ('0' in event) return invalid('batches are not supported: send one message a request');
  const message = Object.fromEntries(
    MESSAGE_KEYS.filter((key) => Object.hasOwn(event, key)).map((key) => [key, event[key]]),
  );
  if (!('jsonrpc' in message)) {
    return invalid('the body is not a JSON-RPC message: send {"jsonrpc":"2.0","id":…,"method":…}');
  }
  if (length !== undefined && !couldHold(length, message))
    return invalid('send the message as the body, not in the URL');
  // A key that nobody knows came with either; it is dropped, but may account for a part of the body's length.
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
      return invalid(
        `"${key}" belongs in the URL's query: leave it out of the body, and send the body as compact JSON`,
      );
    }
    query.set(key, values);
  }
  return { headers, query, message };
}

function headersOf(event: Event): Headers | undefined {
  const headers = (event.request as { headers?: unknown } | null | undefined)?.headers;
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) return undefined;
  const proper = Object.values(headers).every((value) => asStrings(value) !== undefined);
  return proper ? new Headers(headers as Record<string, string | string[]>) : undefined;
}

/** Values of a query are strings, or an array of them where a key is repeated; anything else came from a body. */
function asStrings(value: unknown): readonly string[] | undefined {
  const values = Array.isArray(value) ? value : [value];
  return values.every((item) => typeof item === 'string') ? values : undefined;
}

const invalid = (message: string): Refusal => ({ status: 400, code: -32600, message: `Invalid request: ${message}` });
