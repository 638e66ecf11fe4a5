import type { Twilio } from 'twilio';
import type * as z from 'zod';
import type { Config } from './config';
import type { Effect } from './effect';
import type { Page } from './paging';
import type { Store } from './store/port';

/** What a tool is handed when it runs. Nothing is opened before it is touched. */
export interface ToolContext {
  /** The Twilio client of the configured account; loading it is what costs, so a tool without Twilio never touches it. */
  readonly twilio: Twilio;
  readonly config: Config;
  /** What outlives the request. */
  readonly store: Store;
  /** When the call must have ended, in epoch ms; what waits ends before it. */
  readonly deadline: number;
  /** All of Twilio's API; its catalogue is read when a method is first called. */
  readonly api: OperationsApi;
}

/** Search, describe and call any operation of Twilio's API. Ids are `<document>:<operationId>`. */
export interface OperationsApi {
  /** Operations that match the query, best first; `note` explains missing matches. */
  search(query: string, product: string | undefined, limit: number): { operations: readonly object[]; note?: string };
  describe(ids: readonly string[]): { operations: readonly object[] };
  /** Calls an operation that reads; `fields` limits the result to these fields. */
  read(id: string, params: Record<string, unknown>, fields?: readonly string[]): Promise<OperationResult>;
  /** Calls any other operation. Throws if it deletes, spends or reaches people and is not confirmed. */
  write(id: string, params: Record<string, unknown>, confirmed: boolean): Promise<OperationResult>;
}

/** The result of one request: a resource, a page of items, a link to a file, or nothing but success. */
export interface OperationResult {
  result?: unknown;
  items?: readonly unknown[];
  /** Parameters to add for the next page. */
  nextPage?: Record<string, unknown>;
  /** Where Twilio redirects to; it is not followed. */
  link?: string;
  /** Set if Twilio's response is empty. */
  done?: true;
  /** What was left out, and how to get it. */
  truncated?: string;
}

/** The arguments of a tool by name. Flat: clients differ in what they make of anything else. */
export type Shape = Record<string, z.ZodType>;

/** Names of the data fields of a result: of one item, where it is a page; of any, where it is one of several. */
type Field<R> = Awaited<R> extends Page<infer Item> ? DataKeys<Item> : DataKeys<Awaited<R>>;
type DataKeys<R> = R extends unknown
  ? { [K in keyof R & string]: R[K] extends (...args: never[]) => unknown ? never : K }[keyof R & string]
  : never;

/** A call whose outcome can stay unknown names the tool that tells whether it happened. */
type Outcome =
  | { readonly effect: 'read' | 'update' | 'delete'; readonly checkWith?: string }
  | { readonly effect: 'create' | 'send' | 'spend'; readonly checkWith: string };

type Definition<S extends Shape, R> = Outcome & {
  /** `twilio_<domain>_<action>`, at most 50 characters, so that a client's prefix still fits in 64. */
  readonly name: string;
  readonly title: string;
  /** 20 to 600 characters: when to use it, and which sibling to use instead. */
  readonly description: string;
  /**
   * The operations of Twilio's API that a call may request, as `<document>:<operationId>`; none for a tool that works on
   * this server's own store, or on whatever operation it is given.
   */
  readonly operations: readonly `${string}:${string}`[];
  /** Where a 404 of Twilio means more than a wrong id: what is missing, and what to do. Read only with such an error. */
  readonly notFoundHint?: string;
  /** A thunk: a schema is built when its tool is first listed or called, not when the module loads. */
  readonly input: () => S;
  /** Returns a value or throws; never catches and never builds a protocol shape. */
  readonly run: (args: z.output<z.ZodObject<S>>, context: ToolContext) => R;
  /** The fields an agent needs; the rest is one call away. A deletion has none. */
  readonly returns?: readonly Field<R>[];
  /** Those of the fields that hold words written by outsiders. The answer marks them as data. */
  readonly untrusted?: readonly Field<R>[];
};

/** A tool of any input and result, as the registry holds it. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly effect: Effect;
  readonly checkWith?: string;
  readonly operations: readonly string[];
  readonly notFoundHint?: string;
  readonly input: () => Shape;
  readonly run: (args: never, context: ToolContext) => unknown;
  readonly returns?: readonly string[];
  readonly untrusted?: readonly string[];
}

export function tool<S extends Shape, R>(definition: Definition<S, R>): Tool {
  return Object.freeze(definition);
}

/** A group of tools that `?services=` names. */
export interface Domain {
  /** As written in `?services=`; case and punctuation do not matter there. */
  readonly service: string;
  /** One line for people who choose services. */
  readonly summary: string;
  /** Two or three sentences for the agent: how the tools go together, which defaults exist. */
  readonly instructions: string;
  readonly tools: readonly Tool[];
}

export function domain(definition: Domain): Domain {
  return Object.freeze(definition);
}
