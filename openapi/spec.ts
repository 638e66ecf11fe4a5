/*
 * Reads Twilio's API descriptions, the OpenAPI documents that `@twilio/cli-core` ships, with our corrections applied.
 * Documents are parsed on first use: one takes a few milliseconds, all of them about 130 ms.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { words } from '../src/params';
import { correctFormat, MISSING_FIELDS, MISSING_PATHS } from './corrections';

/** A schema as OpenAPI 3.0 writes it: JSON Schema with `nullable` and local `$ref`s. */
export interface SpecSchema {
  $ref?: string;
  type?: string;
  format?: string;
  pattern?: string;
  enum?: unknown[];
  nullable?: boolean;
  default?: unknown;
  example?: unknown;
  items?: SpecSchema;
  properties?: Record<string, SpecSchema>;
  required?: string[];
  additionalProperties?: boolean | SpecSchema;
  oneOf?: SpecSchema[];
  anyOf?: SpecSchema[];
  allOf?: SpecSchema[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  [keyword: string]: unknown;
}

export interface SpecParameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  description?: string;
  schema: SpecSchema;
}

interface RequestBody {
  /** Accepted content types, e.g. `['application/x-www-form-urlencoded']`. */
  contentTypes: string[];
  form: boolean;
  required: boolean;
  /** For a form, an object schema whose properties are the fields. */
  schema: SpecSchema;
}

/** How a list response is laid out: the property with the items, and the style of paging. */
interface ListShape {
  itemsKey: string;
  /** `uri`: `next_page_uri` beside the items; `meta`: `meta.next_page_url`; `token`: `meta.nextToken`; `none`: a single page. */
  style: 'uri' | 'meta' | 'token' | 'none';
}

interface SuccessResponse {
  status: number;
  contentType?: string;
  schema?: SpecSchema;
  example?: unknown;
  /** All examples in the document's order: the first one of a list can be an empty page. */
  examples: unknown[];
}

export interface SpecOperation {
  /** Document of the operation, e.g. `api_v2010`. */
  file: string;
  operationId: string;
  /** `<document>:<operationId>`, e.g. `api_v2010:CreateMessage`; an operationId alone is not unique. */
  id: string;
  /** Host without scheme, e.g. `api.twilio.com`. */
  host: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  /** Path template, e.g. `/2010-04-01/Accounts/{AccountSid}/Messages.json`. */
  path: string;
  summary: string;
  description: string;
  tags: string[];
  parameters: SpecParameter[];
  body?: RequestBody;
  /** The response with the lowest 2xx or 3xx status. */
  success: SuccessResponse;
  /** All documented 2xx and 3xx statuses. */
  statuses: number[];
  list?: ListShape;
  /** Names of the security schemes; empty if the operation needs none. */
  security: string[];
}

/** Part of an OpenAPI document. */
// biome-ignore lint/suspicious/noExplicitAny: its structure depends on where it is read
type Json = Record<string, any>;

/** Documents without a live API of their own: retired products, duplicates, empty files. */
const EXCLUDED: ReadonlySet<string> = new Set(
  words('autopilot_v1 fax_v1 media_v1 microvisor_v1 content_sdk flex-api_v1 voice_oneconsole'),
);
const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head'] as const;

/** Folder of the OpenAPI documents. Throws if `@twilio/cli-core` is not installed. */
function specFolder(): string {
  // Resolved from this file if the module system has file names, so the working directory does not matter.
  const require = createRequire(typeof __filename === 'string' ? __filename : join(process.cwd(), 'package.json'));
  return join(dirname(require.resolve('@twilio/cli-core/package.json')), 'src/services/twilio-api');
}

/** One OpenAPI document: resolves `$ref`s and lists operations. */
export class SpecDocument {
  readonly file: string;
  readonly json: Json;
  #operations?: SpecOperation[];

  constructor(file: string, json: Json) {
    this.file = file;
    this.json = json;
  }

  /** Follows `$ref`s to a value without one; `undefined` stays `undefined`. Throws on a loop. */
  resolve<T = SpecSchema>(value: unknown): T {
    let current = value as Json | undefined;
    for (let depth = 0; current && typeof current.$ref === 'string'; depth++) {
      if (depth > 50) throw new Error(`${this.file}: $ref loop at ${current.$ref}`);
      current = this.at(current.$ref);
    }
    return current as T;
  }

  /** The value at a local reference such as `#/components/schemas/x`. Throws if it does not exist. */
  at(ref: string): Json {
    let current: Json | undefined = this.json;
    for (const part of ref.replace(/^#\//, '').split('/')) {
      current = current?.[decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')];
    }
    if (current === undefined) throw new Error(`${this.file}: no value at ${ref}`);
    return current;
  }

  get operations(): SpecOperation[] {
    this.#operations ??= this.#read();
    return this.#operations;
  }

  #read(): SpecOperation[] {
    const operations: SpecOperation[] = [];
    for (const [path, item] of Object.entries<Json>({ ...this.json.paths, ...MISSING_PATHS[this.file] })) {
      for (const method of METHODS) if (item[method]) operations.push(this.#operation(path, item, method));
    }
    return operations;
  }

  #operation(path: string, item: Json, method: (typeof METHODS)[number]): SpecOperation {
    const raw: Json = item[method];
    const server = (raw.servers ?? item.servers ?? this.json.servers)[0].url as string;
    const responses = Object.entries<Json>(raw.responses ?? {})
      .map(([status, response]) => this.#success(Number(status), this.resolve<Json>(response)))
      .filter((response) => response.status >= 200 && response.status < 400)
      .sort((a, b) => a.status - b.status);
    const success = responses[0] ?? { status: 200, examples: [] };
    const id = `${this.file}:${raw.operationId}`;
    const security: Json[] = raw.security ?? this.json.security ?? [];
    return {
      file: this.file,
      operationId: raw.operationId,
      id,
      host: new URL(server).host,
      method: method.toUpperCase() as SpecOperation['method'],
      path,
      summary: raw.summary ?? '',
      description: raw.description ?? '',
      tags: raw.tags ?? [],
      parameters: this.#parameters([...(item.parameters ?? []), ...(raw.parameters ?? [])]),
      body: this.#body(this.resolve<Json>(raw.requestBody), MISSING_FIELDS[id]),
      success,
      statuses: responses.map((response) => response.status),
      list: method === 'get' ? this.#list(raw.operationId, success) : undefined,
      security: security.flatMap((scheme) => Object.keys(scheme)),
    };
  }

  #parameters(raw: Json[]): SpecParameter[] {
    // A parameter of the operation overrides the path's parameter of the same name and location.
    const byKey = new Map<string, SpecParameter>();
    for (const reference of raw) {
      const parameter = this.resolve<Json>(reference);
      const format = correctFormat(this.file, parameter.in, parameter.schema?.format);
      byKey.set(`${parameter.in} ${parameter.name}`, {
        name: parameter.name,
        in: parameter.in,
        required: parameter.required === true,
        description: parameter.description,
        schema: { ...parameter.schema, ...(format && { format }) },
      });
    }
    return [...byKey.values()];
  }

  #body(raw: Json | undefined, missing: object | undefined): RequestBody | undefined {
    const contentTypes = Object.keys(raw?.content ?? {});
    if (!raw || contentTypes.length === 0) return undefined;
    const described: SpecSchema = raw.content[contentTypes[0]!].schema ?? {};
    const whole = this.resolve(described);
    const schema = missing ? { ...whole, properties: { ...whole.properties, ...missing } } : described;
    return {
      contentTypes,
      form: contentTypes[0] === 'application/x-www-form-urlencoded',
      required: raw.required === true,
      schema,
    };
  }

  #success(status: number, response: Json | undefined): SuccessResponse {
    const [contentType, media] = Object.entries<Json>(response?.content ?? {})[0] ?? [];
    const examples = Object.values<Json>(media?.examples ?? {}).map((example) => this.resolve<Json>(example).value);
    if (media?.example !== undefined) examples.unshift(media.example);
    return { status, contentType, schema: media?.schema, example: examples[0], examples };
  }

  #list(operationId: string, success: SuccessResponse): ListShape | undefined {
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

/** All live documents, each parsed on first use. */
export class Spec {
  readonly files: string[];
  readonly #folder: string;
  readonly #documents = new Map<string, SpecDocument>();
  #filesByHost?: Map<string, string[]>;

  constructor(folder = specFolder()) {
    this.#folder = folder;
    this.files = readdirSync(folder)
      .map((name) => /^twilio_(.+)\.json$/.exec(name)?.[1])
      .filter((file): file is string => file !== undefined && !EXCLUDED.has(file))
      .sort();
  }

  /** Throws if there is no such document. */
  document(file: string): SpecDocument {
    let document = this.#documents.get(file);
    if (!document) {
      document = new SpecDocument(file, JSON.parse(readFileSync(this.#path(file), 'utf8')));
      this.#documents.set(file, document);
    }
    return document;
  }

  /** Every operation of every live document; parses all of them. */
  operations(): SpecOperation[] {
    return this.files.flatMap((file) => this.document(file).operations);
  }

  /** The operation with an id, `<document>:<operationId>`. */
  operation(id: string): SpecOperation | undefined {
    const file = id.slice(0, id.indexOf(':'));
    if (!this.files.includes(file)) return undefined;
    return this.document(file).operations.find((operation) => operation.id === id);
  }

  /** Documents that may have operations on a host. */
  filesOf(host: string): string[] {
    return this.#hosts().get(host) ?? [];
  }

  #hosts(): Map<string, string[]> {
    if (this.#filesByHost) return this.#filesByHost;
    const hosts = new Map<string, string[]>();
    for (const file of this.files) {
      // Only server entries are URLs without a path, so searching the text saves parsing it.
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
