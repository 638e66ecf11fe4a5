import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import type { AsPlainObject } from 'minisearch';
import { ToolError } from '../errors';
import type { Weights } from './verb-model';

/*
 * The catalogue of Twilio's whole API as the build writes it (openapi/catalogue) and a deployment carries it: two
 * private assets, each read when a tool first needs it. A search reads only the small one. They are compressed, since
 * twilio-run hands every asset's bytes to the process of every request.
 */

/** The part of JSON Schema that Twilio's descriptions use. A `$ref` is a key of the catalogue's `schemas`. */
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

export interface Parameter {
  /** As the agent writes it. */
  name: string;
  /** As Twilio reads it, where that differs. */
  wire?: string;
  /** A JSON body is one parameter, `body`; the fields of a form are one each. */
  in: 'path' | 'query' | 'header' | 'form' | 'body';
  required?: true;
  description?: string;
  schema: Schema;
}

export interface Operation {
  /** `<document>:<operationId>`, such as `api_v2010:CreateMessage`. */
  id: string;
  summary: string;
  /** Key of one of the catalogue's products. */
  product: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  host: string;
  /** With `{names}` for the path parameters. */
  path: string;
  body?: 'form' | 'json' | 'multipart';
  parameters: readonly Parameter[];
  /** The property of the answer that holds a list's items. */
  items?: string;
  /** What an answer (or each item of a list) holds: names, with their type where it is not a string. */
  returns: readonly string[];
  /** Why it asks for `confirm`, in words that go on from "it". */
  caution?: string;
  /** Parameters that make it cost money, of an operation that only reads. */
  charged?: readonly string[];
  /** What to know before using it. */
  note?: string;
  /** Names of the curated tools that do the same. */
  tools?: readonly string[];
}

export interface Operations {
  operations: Readonly<Record<string, Operation>>;
  schemas: Readonly<Record<string, Schema>>;
}

export interface Product {
  /** As people call it. */
  title: string;
  /** What is to be known of its life: closed, ending, superseded; absent for most. */
  status?: string;
}

/** One operation as a search shows it. */
export interface Entry {
  id: string;
  summary: string;
  product: string;
  method: string;
  /** Names of the parameters that have to be given. */
  required: readonly string[];
  /** What the operation does to its resource, for words such as "show" and "remove" in a query. */
  verb: Verb;
  /** Factor of its score: below 1 for what is superseded or closed. */
  weight: number;
}

export type Verb = 'list' | 'fetch' | 'create' | 'update' | 'delete';
export interface Index {
  products: Readonly<Record<string, Product>>;
  entries: readonly Entry[];
  /** Phrases of a query that say what it wants done. */
  verbs: Readonly<Record<string, string>>;
  /** What else tells it. */
  weights: Weights;
  /** Words to look for beside a phrase of a query. */
  synonyms: Readonly<Record<string, string>>;
  /** Phrases at the start of a query that say nothing. */
  leads: Readonly<Record<string, string>>;
  /** Words of a query that say nothing of the operation. */
  idle: string;
  /** What the first two letters of an id say that it is the id of. */
  sids: Readonly<Record<string, string>>;
  /** The search library's own form, over positions in `entries`. */
  minisearch: AsPlainObject;
}

const PARTS = { index: '/api-index.bin', operations: '/api-operations.bin' } as const;
interface Parts {
  index: Index;
  operations: Operations;
}

declare const Runtime: { getAssets(): Record<string, { path: string } | undefined> };

const read: Partial<Parts> = {};

/** A part of the catalogue; an instance reads each once. */
export function part<P extends keyof Parts>(name: P): Parts[P] {
  if (read[name] === undefined) {
    const asset = Runtime.getAssets()[PARTS[name]];
    if (asset === undefined)
      throw new ToolError('This deployment lacks the catalogue of the API: build and deploy it again.');
    read[name] = JSON.parse(brotliDecompressSync(readFileSync(asset.path)).toString()) as Parts[P];
  }
  return read[name] as Parts[P];
}
