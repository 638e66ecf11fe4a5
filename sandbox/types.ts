/** Types that the parts of the sandbox share. */
import type { EventEmitter } from 'node:events';
import type { Spec, SpecDocument, SpecOperation } from '../openapi/spec';
import type { Clock } from './clock';
import type { JournalEntry } from './journal';
import type { Properties } from './json';
import type { ResourceStore, StoredResource } from './store';
import type { SyncLimits } from './sync-limits';

export interface RuntimeOptions {
  /** Reading a well-formed SID that was never created returns the example of the API description. */
  lenient: boolean;
  /** How fast messages and calls progress: 2 is twice as fast, Infinity completes them at once. */
  speed: number;
  /** Sync refuses what is beyond Twilio's limits, and expired items stay for some seconds. */
  syncLimits: boolean;
}

/** A change that Twilio would report to a webhook. */
export interface StateChange {
  resource: StoredResource;
  /** `created`, `updated`, `deleted`, or the new status, e.g. `delivered`. */
  change: string;
  /** The request that made the change; without one it happened by itself, or somebody outside made it. */
  request?: SandboxRequest;
  /** What the webhook gets in addition to the resource. */
  details?: Properties;
}

/** A request that Twilio makes to a program. `resourceSid` is what the alert is about if it fails. */
interface WebhookRequest {
  url: string;
  method: string;
  fields: Record<string, string>;
  resourceSid: string;
}

/** The sandbox's account and everything in it. */
export interface SandboxState {
  spec: Spec;
  store: ResourceStore;
  options: RuntimeOptions;
  accountSid: string;
  /** User name (account SID or API key SID) to its password and account. */
  logins: Map<string, { password: string; accountSid: string }>;
  events: EventEmitter<{
    change: [StateChange];
    upload: [{ path: string; content: Buffer }];
    webhook: [WebhookRequest];
    /** A call waits for the TwiML at a URL on this machine. */
    twiml: [StoredResource];
  }>;
  /** The lifecycle of a kind of resource whose status changes over time. */
  lifecycleOf(kind: string): Lifecycle | undefined;
  clock: Clock;
  syncLimits: SyncLimits;
  /** Milliseconds since 1970 of the last reset. The dates of seeded resources are relative to it. */
  startedAt: number;
}

/** The resource or collection that a request addresses. */
export interface Target {
  role: 'list' | 'create' | 'instance' | 'singleton';
  kind: string;
  collection: string;
  /** ID of an instance, even if the path has its name; `~` for a singleton. */
  id?: string;
  /** Properties that a resource must have to be visible at this path, if it is stored in another collection. */
  links: Record<string, string>;
  /** Path of the first parent that does not exist. */
  missingParent?: string;
  /** Path parameters with names resolved to IDs. */
  params: Record<string, string>;
  /** The path with names resolved to IDs, without `.json`. */
  path: string;
}

/** A request that conforms to the API description. */
export interface SandboxRequest {
  state: SandboxState;
  operation: SpecOperation;
  document: SpecDocument;
  target: Target;
  /** Decoded form fields or JSON body. */
  fields: Record<string, unknown>;
  query: Record<string, unknown>;
  headers: Record<string, unknown>;
  /** The account that the request acts on. */
  accountSid: string;
  /** Milliseconds since 1970. */
  now: number;
  entry: JournalEntry;
}

export interface SandboxResponse {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** What an operation does beyond storing and returning a resource. */
export interface OperationRule {
  /** The path may name a parent that does not exist: `respond` creates it. */
  namesParent?: boolean;
  /** Validates the request before anything is stored. @throws ApiError */
  check?(request: SandboxRequest): void;
  /** Replaces the generic handling, unless it returns undefined. */
  respond?(request: SandboxRequest): SandboxResponse | undefined;
  /** Completes a new resource before it is returned. */
  onCreate?(request: SandboxRequest, resource: StoredResource): void;
  /** Completes an updated resource before it is returned. */
  onUpdate?(request: SandboxRequest, resource: StoredResource): void;
  /** Completes the headers and the body of a response that shows the resource. */
  decorate?(request: SandboxRequest, resource: StoredResource, response: SandboxResponse): void;
}

/** Updates a resource's status to what it is at `now`. */
export type Lifecycle = (resource: StoredResource, now: number, state: SandboxState) => void;
