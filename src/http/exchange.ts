/*
 * The parts of the web's Request and Response that the MCP SDK uses. The runtime replaces `global.Response` with its own
 * class, and the native ones take 50 ms to load, so bundles get these (see scripts/build).
 */

type HeaderValues = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The part of the standard class that the MCP SDK uses; one value per name. */
export class Headers {
  readonly #values = new Map<string, string>();

  constructor(values: HeaderValues = {}) {
    for (const [name, value] of Object.entries(values)) {
      if (value !== undefined)
        this.#values.set(name.toLowerCase(), typeof value === 'string' ? value : value.join(', '));
    }
  }

  get(name: string): string | null {
    return this.#values.get(name.toLowerCase()) ?? null;
  }

  entries(): Iterable<[string, string]> {
    return this.#values.entries();
  }
}

/** A POST whose body the platform has parsed; only the headers are read. */
export class Request {
  readonly method = 'POST';
  constructor(
    readonly url: string,
    readonly headers: Headers,
  ) {}
}

type ResponseBody = string | object | ReadableStream<Uint8Array> | null;

/** The part of the standard class that the MCP SDK uses; a JSON body stays an object. */
export class Response {
  readonly status: number;
  readonly headers: Headers;

  constructor(
    readonly body: ResponseBody = null,
    init: { status?: number; headers?: HeaderValues } = {},
  ) {
    this.status = init.status ?? 200;
    this.headers = new Headers(init.headers);
  }

  /** Keeps the data as an object: the platform serializes it, once. */
  static json(data: object, init: { status?: number; headers?: HeaderValues } = {}): Response {
    return new Response(data, {
      ...init,
      headers: { 'content-type': 'application/json', ...lowerCased(init.headers) },
    });
  }
}

const lowerCased = (headers: HeaderValues = {}): HeaderValues =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
