import type { Twilio } from 'twilio';
import type * as z from 'zod';
import type { Config } from './config';
import type { Check, Effect } from './effect';
import type { Page } from './paging';
import { boolean } from './params';
import type { Store } from './store/port';

export { creates, deletes, grants, reads, sends, spends, updates } from './effect';

/** The second argument of `run`. Each property is opened on first use. */
export interface ToolContext {
  /** Client of the configured account. Loading it takes 0.2 s, so tools that do not need it leave it alone. */
  readonly twilio: Twilio;
  readonly config: Config;
  /** Whose texts a result contains; undefined for everyone's. Readable while other settings are missing. */
  readonly trustedSenders: Config['trustedSenders'];
  /** Data that outlives the request. */
  readonly store: Store;
  /** The same data, for what the server notes about calls: it does not count as done by the call. */
  readonly ledger: Store;
  /** When the call must have ended, epoch ms. A tool that waits stops before. */
  readonly deadline: number;
  readonly effects: Effects;
  /** Replaced by each call. */
  call: CurrentCall;
  /** Who the owner signed the URL for, if it says so. */
  readonly client?: string | undefined;
  /** Whether nothing may be sent or changed: answers show what would be. */
  readonly dryRun: boolean;
  /** Any operation of Twilio's API. */
  readonly api: OperationsApi;
}

/** The tool call that is under way. The safeguards of the policy read it, and add to its answer. */
export interface CurrentCall {
  readonly tool?: Pick<Tool, 'name' | 'title' | 'effect'>;
  /** As the tool got them. */
  readonly args?: object;
  /** Whether the caller repeats a send on purpose. */
  readonly repeat?: boolean;
  /** `_meta` of the request. */
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly requestId?: string;
  /** If the client can ask its user, what it brings of an earlier question. */
  readonly dialog?: { readonly answer?: 'approved' | 'declined'; readonly state?: string };
  /** What the answer is instead of the result: a question to the user, or that the owner has been asked. */
  instead?:
    | { readonly question: string; readonly state: string }
    | { readonly pending: string; readonly until: string };
  /** Sentences that the answer adds to the result. */
  readonly notes: string[];
  /** What must have ended before the answer leaves, such as a record of what was done. Rejections are ignored. */
  readonly ending: Promise<unknown>[];
  /** In a dry run, the requests that were not sent, for the answer. */
  readonly planned: object[];
  /** In a dry run, whether the call would have changed the store. */
  stores?: boolean;
}

/** What the requests of one call may have done. */
export interface Effects {
  /** Requests that change something or cost money, and are under way or may have been carried out. */
  acted: number;
  /** Requests that have not ended yet. */
  pending?: number;
}

/** Search, describe and call any operation of Twilio's API. Ids are `<document>:<operationId>`. */
export interface OperationsApi {
  /** Operations that match the query, best first, after what no operation does; `note` explains weak and missing matches. */
  search(query: string, product: string | undefined, limit: number): { operations: readonly object[]; note?: string };
  describe(ids: readonly string[]): { operations: readonly object[] };
  /** Calls an operation that reads; `fields` limits the result to these fields. */
  read(id: string, params: Record<string, unknown>, fields?: readonly string[]): Promise<OperationResult>;
  /** Calls any other operation. Throws if its effect asks first and it is not confirmed. */
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

/** The arguments of a tool by name. Flat, as clients handle nested schemas differently. */
export type Shape = Record<string, z.ZodType>;

/** Names of the data fields of a result: of an item, if it is a page; of any member, if it is a union. */
type Field<R> = Awaited<R> extends Page<infer Item> ? DataKeys<Item> : DataKeys<Awaited<R>>;
type DataKeys<R> = R extends unknown
  ? { [K in keyof R & string]: R[K] extends (...args: never[]) => unknown ? never : K }[keyof R & string]
  : never;

/** Calls whose outcome may stay unknown say how to find out whether they happened. */
type Outcome =
  | { readonly effect: 'read' | 'update' | 'delete'; readonly checkWith?: string }
  | ({ readonly effect: 'create' | 'send' | 'spend' | 'grant' } & Check);

type Definition<S extends Shape, R> = Outcome & {
  /** `twilio_<domain>_<action>`, at most 50 characters, so that a client's prefix still fits in 64. */
  readonly name: string;
  readonly title: string;
  /** 20 to 600 characters: what it does, when to use another tool, what it costs or cannot undo. */
  readonly description: string;
  /**
   * The Twilio operations that a call may request, as `<document>:<operationId>`. Empty if the tool only uses this server's
   * store or takes the operation as an argument.
   */
  readonly operations: readonly `${string}:${string}`[];
  /** What a 404 from Twilio means beyond a wrong ID, and what to do. */
  readonly notFoundHint?: string;
  /** A function, so that schemas are built when the tool is first listed or called, not when the module loads. */
  readonly input: () => S;
  /** Returns a value or throws. Never catches, and never builds an MCP result. */
  readonly run: (args: z.output<z.ZodObject<S>>, context: ToolContext) => R;
  /** The fields an agent needs; the result contains no others. A deletion has none. */
  readonly returns?: readonly Field<R>[];
  /** The returned fields that outsiders wrote. The result marks them as data. */
  readonly untrusted?: readonly Field<R>[];
};

/** A tool with any input and result. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly effect: Effect;
  readonly checkWith?: string;
  readonly ifUnknown?: string;
  readonly operations: readonly string[];
  readonly notFoundHint?: string;
  readonly input: () => Shape;
  readonly run: (args: never, context: ToolContext) => unknown;
  readonly returns?: readonly string[];
  readonly untrusted?: readonly string[];
}

/** Whether a tool changes what exists: each call needs a change, and an empty value clears a reference. */
export const overwrites = ({ effect, operations }: Tool): boolean =>
  effect === 'update' || (effect === 'grant' && operations.some((id) => /:Update|BulkUpdate$/.test(id)));

/**
 * Checks a definition at compile time: its fields and outcome must fit its result and effect. Tools that send get the
 * argument `repeat`, which `run` does not see.
 */
export function tool<S extends Shape, R>(definition: Definition<S, R>): Tool {
  if (definition.effect !== 'send') return Object.freeze(definition);
  const repeat = () => boolean('true: repeat the same send on purpose').optional();
  return Object.freeze({ ...definition, input: () => ({ ...definition.input(), repeat: repeat() }) });
}

/** A group of tools that `?services=` selects. */
export interface Domain {
  /** The name in `?services=`, which ignores case and punctuation. */
  readonly service: string;
  /** One line for people who select services. */
  readonly summary: string;
  /** Two or three sentences for the agent: how the tools work together, which defaults exist. */
  readonly instructions: string;
  readonly tools: readonly Tool[];
}

/** Declares a service; `src/domains/index.ts` lists them. */
export function domain(definition: Domain): Domain {
  return Object.freeze(definition);
}
