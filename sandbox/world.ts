/** The things that the parts of the sandbox hand to each other. */
import type { EventEmitter } from 'node:events';
import type { Spec, SpecDocument, SpecOperation } from '../openapi/spec';
import type { Body } from './answer';
import type { JournalEntry } from './journal';
import type { Resource, Store } from './store';

export interface Options {
  /** Reading a well-formed SID that was never created makes the resource up from the description's example. */
  lenient: boolean;
  /** How fast messages and calls live: 2 is twice as fast, Infinity goes to the end at once. */
  speed: number;
}

/** One change of state that Twilio would tell a webhook about. */
export interface StateChange {
  resource: Resource;
  /** `created`, `updated`, `deleted`, or the new status, e.g. `delivered`. */
  change: string;
}

export interface World {
  spec: Spec;
  store: Store;
  options: Options;
  accountSid: string;
  /** Login name (account or key SID) to password and the account it opens. */
  logins: Map<string, { password: string; accountSid: string }>;
  /** Emits `change` with a StateChange; `webhooks.ts` listens. */
  events: EventEmitter<{ change: [StateChange]; upload: [{ path: string; content: Buffer }] }>;
  /** The rule of a kind of resource that changes with time. */
  ageOf(kind: string): Age | undefined;
  /** Milliseconds at the last reset; seeds are dated from here. */
  startedAt: number;
}

export interface Target {
  role: 'list' | 'create' | 'instance' | 'singleton';
  kind: string;
  collection: string;
  /** Canonical id of an instance; `~` for a singleton. */
  id?: string;
  /** Fields that tie a resource to the parent it is reached through, when it lives in another collection. */
  links: Record<string, string>;
  /** Path of the first parent that does not exist. */
  missingParent?: string;
  /** Parent SIDs and names, canonical, by parameter. */
  params: Record<string, string>;
  /** Concrete path, canonical, without `.json`. */
  path: string;
}

/** One accepted request. */
export interface Call {
  world: World;
  operation: SpecOperation;
  document: SpecDocument;
  target: Target;
  /** Decoded form fields or JSON body. */
  fields: Record<string, unknown>;
  query: Record<string, unknown>;
  headers: Record<string, unknown>;
  /** The account the request acts on. */
  accountSid: string;
  /** Milliseconds. */
  now: number;
  entry: JournalEntry;
}

export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/**
 * What a product does beyond storing and listing. All parts are optional.
 * Rules are found by the operation (`file:operationId`); `age` goes by the kind of the resource.
 */
export interface Rule {
  /** Refuses by throwing a Refusal, before anything is stored. */
  check?(call: Call): void;
  /** Answers in place of the general handling. */
  answer?(call: Call): Answer | undefined;
  /** Completes a new resource before it is answered. */
  created?(call: Call, resource: Resource): void;
  /** Completes an updated resource before it is answered; `before` is its body as it was. */
  updated?(call: Call, resource: Resource, before: Body): void;
  /** Completes the headers and the body of any answer with the resource. */
  decorate?(call: Call, resource: Resource, answer: Answer): void;
}

/** Brings a resource up to the present: statuses that change with time are worked out when they are read. */
export type Age = (resource: Resource, now: number, world: World) => void;
