/**
 * Twilio's API descriptions, read from the OpenAPI documents that `@twilio/cli-core` ships.
 *
 * Nothing here knows about servers or requests, so that other build-time programs can use it.
 * Documents are parsed on first use: all of them take about 130 ms, one takes a few.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PATHS } from './corrections';

/** A JSON Schema as OpenAPI 3.0 writes it (`nullable`, local `$ref`s). */
export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  pattern?: string;
  enum?: unknown[];
  nullable?: boolean;
  default?: unknown;
  example?: unknown;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  [keyword: string]: unknown;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: Schema;
}

export interface RequestBody {
  /** Content types the operation takes, e.g. `['application/x-www-form-urlencoded']`. */
  contentTypes: string[];
  form: boolean;
  required: boolean;
  /** For a form: an object schema whose properties are the fields. */
  schema: Schema;
}

/** How a list answers: which property holds the items, and how it tells of the next page. */
export interface ListShape {
  itemsKey: string;
  /** `uri`: `next_page_uri` beside the items; `meta`: `meta.next_page_url`; `token`: `meta.nextToken`; `none`: one page. */
  style: 'uri' | 'meta' | 'token' | 'none';
}

export interface Success {
  status: number;
  contentType?: string;
  schema?: Schema;
  example?: unknown;
  /** A list's example can be its empty page: these are all of them, in the order of the document. */
  examples: unknown[];
}

export interface Operation {
  /** Document the operation is in, e.g. `api_v2010`. */
  file: string;
  operationId: string;
  /** Unique over all documents: `api_v2010:CreateMessage`. (An operationId alone is not.) */
  id: string;
  /** Host without scheme, e.g. `api.twilio.com`. */
  host: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  /** Path template, e.g. `/2010-04-01/Accounts/{AccountSid}/Messages.json`. */
  path: string;
  summary: string;
  description: string;
  tags: string[];
  parameters: Parameter[];
  body?: RequestBody;
  /** The answer of a request that went well. Where a document names several 2xx, the first is `success`. */
  success: Success;
  /** All 2xx and 3xx statuses of the document. */
  statuses: number[];
  list?: ListShape;
  /** Names of the security schemes, `[]` when none is needed. */
  security: string[];
}

/** A piece of an OpenAPI document: its form is known only where it is read. */
// biome-ignore lint/suspicious/noExplicitAny: see above
type Json = Record<string, any>;

/** Documents without a live API of their own: retired products, duplicates, empty files. */
const LEFT_OUT = new Set([
  'autopilot_v1',
  'fax_v1',
  'media_v1',
  'microvisor_v1',
  'content_sdk',
  'flex-api_v1',
  'voice_oneconsole',
]);
const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head'] as const;

/** Folder of the OpenAPI documents. Throws when `@twilio/cli-core` is not installed. */
export function specFolder(): string {
  // From this file where modules have a file name, so that the working directory does not matter.
  const require = createRequire(typeof __filename === 'string' ? __filename : join(process.cwd(), 'package.json'));
  return join(dirname(require.resolve('@twilio/cli-core/package.json')), 'src/services/twilio-api');
}

/** One OpenAPI document with its `$ref`s and its operations. */
export class SpecDocument {
  readonly file: string;
  readonly json: Json;
  #operations?: Operation[];

  constructor(file: string, json: Json) {
    this.file = file;
    this.json = json;
  }

  /** Follows `$ref` until a schema without one; `undefined` stays `undefined`. */
  resolve<T = Schema>(value: unknown): T {
    let current = value as Json | undefined;
    for (let depth = 0; current && typeof current.$ref === 'string'; depth++) {
      if (depth > 50) throw new Error(`${this.file}: $ref loop at ${current.$ref}`);
      current = this.at(current.$ref);
    }
    return current as T;
  }

  /** The value at a local reference such as `#/components/schemas/x`. Throws when there is none. */
  at(ref: string): Json {
    let current: Json | undefined = this.json;
    for (const part of ref.replace(/^#\//, '').split('/')) {
      current = current?.[decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')];
    }
    if (current === undefined) throw new Error(`${this.file}: nothing at ${ref}`);
    return current;
  }

  get operations(): Operation[] {
    this.#operations ??= this.#read();
    return this.#operations;
  }

  #read(): Operation[] {
    const operations: Operation[] = [];
    for (const [path, item] of Object.entries<Json>({ ...this.json.paths, ...PATHS[this.file] })) {
      for (const method of METHODS) if (item[method]) operations.push(this.#operation(path, item, method));
    }
    return operations;
  }

  #operation(path: string, item: Json, method: (typeof METHODS)[number]): Operation {
    const raw: Json = item[method];
    const server = (raw.servers ?? item.servers ?? this.json.servers)[0].url as string;
    const responses = Object.entries<Json>(raw.responses ?? {})
      .map(([status, response]) => this.#success(Number(status), this.resolve<Json>(response)))
      .filter((response) => response.status >= 200 && response.status < 400)
      .sort((a, b) => a.status - b.status);
    const success = responses[0] ?? { status: 200, examples: [] };
    const security: Json[] = raw.security ?? this.json.security ?? [];
    return {
      file: this.file,
      operationId: raw.operationId,
      id: `${this.file}:${raw.operationId}`,
      host: new URL(server).host,
      method: method.toUpperCase() as Operation['method'],
      path,
      summary: raw.summary ?? '',
      description: raw.description ?? '',
      tags: raw.tags ?? [],
      parameters: this.#parameters([...(item.parameters ?? []), ...(raw.parameters ?? [])]),
      body: this.#body(this.resolve<Json>(raw.requestBody)),
      success,
      statuses: responses.map((response) => response.status),
      list: method === 'get' ? this.#list(raw.operationId, success) : undefined,
      security: security.flatMap((scheme) => Object.keys(scheme)),
    };
  }

  #parameters(raw: Json[]): Parameter[] {
    // A parameter of the operation replaces the one of the same name and place on the path.
    const byKey = new Map<string, Parameter>();
    for (const reference of raw) {
      const parameter = this.resolve<Json>(reference);
      byKey.set(`${parameter.in} ${parameter.name}`, {
        name: parameter.name,
        in: parameter.in,
        required: parameter.required === true,
        description: parameter.description,
        schema: parameter.schema ?? {},
      });
    }
    return [...byKey.values()];
  }

  #body(raw: Json | undefined): RequestBody | undefined {
    const contentTypes = Object.keys(raw?.content ?? {});
    if (!raw || contentTypes.length === 0) return undefined;
    const schema: Schema = raw.content[contentTypes[0]!].schema ?? {};
    return {
      contentTypes,
      form: contentTypes[0] === 'application/x-www-form-urlencoded',
      required: raw.required === true,
      schema,
    };
  }

  #success(status: number, response: Json | undefined): Success {
    const [contentType, media] = Object.entries<Json>(response?.content ?? {})[0] ?? [];
    const examples = Object.values<Json>(media?.examples ?? {}).map((example) => this.resolve<Json>(example).value);
    if (media?.example !== undefined) examples.unshift(media.example);
    return { status, contentType, schema: media?.schema, example: examples[0], examples };
  }

  #list(operationId: string, success: Success): ListShape | undefined {
    const properties = this.resolve(success.schema)?.properties ?? {};
    const arrays = Object.keys(properties).filter((name) => this.resolve(properties[name])?.type === 'array');
    const meta = this.resolve(properties.meta)?.properties;
    const paged = 'next_page_uri' in properties || (meta && ('key' in meta || 'next_token' in meta));
    if (arrays.length !== 1 || !(paged || operationId.startsWith('List'))) return undefined;
    const itemsKey = arrays[0]!;
    if ('next_page_uri' in properties) return { itemsKey, style: 'uri' };
    if (meta && 'next_page_url' in meta) return { itemsKey, style: 'meta' };
    if (meta && ('nextToken' in meta || 'next_token' in meta)) return { itemsKey, style: 'token' };
    return { itemsKey, style: 'none' };
  }
}

/** All live documents, each parsed when first asked for. */
export class Spec {
  readonly files: string[];
  readonly #folder: string;
  readonly #documents = new Map<string, SpecDocument>();
  #filesByHost?: Map<string, string[]>;

  constructor(folder = specFolder()) {
    this.#folder = folder;
    this.files = readdirSync(folder)
      .map((name) => /^twilio_(.+)\.json$/.exec(name)?.[1])
      .filter((file): file is string => file !== undefined && !LEFT_OUT.has(file))
      .sort();
  }

  /** @throws Error when there is no such document. */
  document(file: string): SpecDocument {
    let document = this.#documents.get(file);
    if (!document) {
      document = new SpecDocument(file, JSON.parse(readFileSync(this.#path(file), 'utf8')));
      this.#documents.set(file, document);
    }
    return document;
  }

  /** Every operation of every live document; parses them all. */
  operations(): Operation[] {
    return this.files.flatMap((file) => this.document(file).operations);
  }

  /** Finds by `file:operationId`. */
  operation(id: string): Operation | undefined {
    const file = id.slice(0, id.indexOf(':'));
    if (!this.files.includes(file)) return undefined;
    return this.document(file).operations.find((operation) => operation.id === id);
  }

  /** Hosts of the live documents, e.g. `api.twilio.com`. */
  hosts(): string[] {
    return [...this.#hosts().keys()];
  }

  /** Documents that may hold operations of a host. */
  filesOf(host: string): string[] {
    return this.#hosts().get(host) ?? [];
  }

  #hosts(): Map<string, string[]> {
    if (this.#filesByHost) return this.#filesByHost;
    const hosts = new Map<string, string[]>();
    for (const file of this.files) {
      // A server entry is the only URL without a path, so that a look at the text saves the parsing.
      const text = readFileSync(this.#path(file), 'latin1');
      const found = [...text.matchAll(/"url":\s*"https:\/\/([a-z0-9-]+\.twilio\.com)"/g)].map((match) => match[1]!);
      for (const host of new Set(found)) hosts.set(host, [...(hosts.get(host) ?? []), file]);
    }
    this.#filesByHost = hosts;
    return hosts;
  }

  #path(file: string): string {
    return join(this.#folder, `twilio_${file}.json`);
  }
}
