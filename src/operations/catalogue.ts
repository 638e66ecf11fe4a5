import { existsSync, readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import type { AsPlainObject } from 'minisearch';
import type { Effect } from '../effect';
import { ToolError } from '../errors';

/*
 * The catalogue of Twilio's API, and the list of all tools: private assets that the build writes (openapi/catalogue,
 * scripts/build) and that are read on first use. A search reads only the search index. They are compressed because
 * twilio-run passes the bytes of every asset to the process of every request.
 */

/** The part of JSON Schema that Twilio's descriptions use. A `$ref` is a key of `Schemas`. */
export interface Schema {
  $ref?: string;
  type?: string;
  description?: string;
  format?: string;
  pattern?: string;
  enum?: readonly unknown[];
  nullable?: boolean;
  items?: Schema;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: boolean | Schema;
  allOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  anyOf?: readonly Schema[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

/** The schemas that a `$ref` can name. */
export type Schemas = Readonly<Record<string, Schema>>;

export interface OperationParameter {
  /** Name in the tools. */
  name: string;
  /** Name in the request to Twilio, if different. */
  wire?: string;
  /** Each field of a form is a parameter; a JSON body is one parameter, `body`. */
  in: 'path' | 'query' | 'header' | 'form' | 'body';
  required?: true;
  description?: string;
  schema: Schema;
}

export interface Operation {
  /** `<document>:<operationId>`, e.g. `api_v2010:CreateMessage`. */
  id: string;
  summary: string;
  /** Key in `SearchIndex.products`. */
  product: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  host: string;
  /** Path template, e.g. `/v1/Services/{Sid}`. */
  path: string;
  body?: 'form' | 'json' | 'multipart';
  parameters: readonly OperationParameter[];
  /** Property of the response that holds a list's items. */
  items?: string;
  /** Field names of the response, or of a list item, with the type unless it is a string. */
  returns: readonly string[];
  /** Whether it may answer with a redirect, such as to a file. */
  redirects?: boolean;
  /** What a call does, unless its parameters raise that. */
  effect: Effect;
  /** Why the user is asked first: a predicate such as "deletes permanently". Set if the effect asks. */
  confirmReason?: string;
  /** Parameters that make a call something else; the first rule that it fulfils counts. */
  raises?: readonly Raise[];
  /** Whom it reaches, as far as the request says. */
  addresses?: Addresses;
  /** What to know before using it. */
  note?: string;
  /** Names of the tools that request this operation and no other. */
  tools?: readonly string[];
}

/** The parameters that hold addresses; a dot leads into the JSON of `body`. */
interface Addresses {
  recipients?: readonly string[];
  senders?: readonly string[];
  /** TwiML, which can name further recipients. */
  twiml?: readonly string[];
  /** URLs whose answer can name further recipients. */
  urls?: readonly string[];
  /** Whom it reaches beside its recipients: those on the call or in the app, or people that the request does not name. */
  reaches?: 'present' | 'unnamed';
}

/** Parameters that give a call another effect. */
interface Raise {
  parameters: readonly string[];
  effect: Effect;
  /** Why it asks first: a predicate. */
  reason: string;
  /** Pattern of the values that do so, '' being an unset one, and what it matches in words; any set value if undefined. */
  values?: readonly [pattern: string, words: string];
}

/** What Twilio's descriptions say of an operation. */
export type UnreviewedOperation = Omit<Operation, 'effect' | 'confirmReason' | 'raises' | 'addresses'>;

/** The asset `operations`. */
export interface OperationTable {
  operations: Readonly<Record<string, Operation>>;
  schemas: Schemas;
}

export interface Product {
  title: string;
  /** Lifecycle notice: closed, ending or superseded. Absent for most products. */
  status?: string;
}

/** What an operation does to its resource. */
export const VERBS = ['list', 'fetch', 'create', 'update', 'delete'] as const;
export type Verb = (typeof VERBS)[number];

/** Weights of the verb model by feature, one for each of `VERBS`, in hundredths to keep the JSON short. */
export type VerbWeights = Readonly<Record<string, readonly number[]>>;

/** One operation in the search index. */
export interface SearchEntry {
  id: string;
  summary: string;
  product: string;
  method: string;
  /** Names of the required parameters. */
  required: readonly string[];
  verb: Verb;
  /** Score factor; below 1 for superseded and closed products. */
  weight: number;
}

/** Something that people ask for and no operation does. */
export interface Unavailable {
  /** What it is, for people. */
  unavailable: string;
  /** Phrases: a query has all words of one of them. */
  words: readonly string[];
  /** Words of queries that mean something else. */
  unless?: string;
  /** Product that can do it unless the deployment denies it. */
  product?: string;
  why: string;
  instead: string;
}

/** The asset `search-index`. */
export interface SearchIndex {
  products: Readonly<Record<string, Product>>;
  entries: readonly SearchEntry[];
  verbWeights: VerbWeights;
  unavailable: readonly Unavailable[];
  /** English for words of other languages and of informal English. */
  translations: Readonly<Record<string, string>>;
  /** Resource names by SID prefix, e.g. `CA: 'call'`. */
  sidPrefixes: Readonly<Record<string, string>>;
  /** MiniSearch's serialized index; document ids are positions in `entries`. */
  minisearch: AsPlainObject;
}

interface Assets {
  'search-index': SearchIndex;
  operations: OperationTable;
  /** The tools of each service as `tools/list` shows them, as JSON. */
  tools: Readonly<Record<string, string>>;
}

declare const Runtime: { getAssets(): Record<string, { path: string } | undefined> };

const loaded: Partial<Assets> = {};

/** An asset of the catalogue, read once per instance. Throws a `ToolError` if the deployment lacks it. */
export function loadAsset<Name extends keyof Assets>(name: Name): Assets[Name] {
  const asset = findAsset(name);
  if (asset === undefined)
    throw new ToolError('This deployment lacks the API catalogue: run npm run build and deploy again.');
  return asset;
}

/** The same; undefined if it is missing, as in scripts, tests and while `npm run dev` rebuilds. */
export function findAsset<Name extends keyof Assets>(name: Name): Assets[Name] | undefined {
  const path = typeof Runtime === 'undefined' ? undefined : Runtime.getAssets()[`/${name}.bin`]?.path;
  if (loaded[name] === undefined && path !== undefined && existsSync(path)) {
    loaded[name] = JSON.parse(brotliDecompressSync(readFileSync(path)).toString()) as Assets[Name];
  }
  return loaded[name] as Assets[Name] | undefined;
}
