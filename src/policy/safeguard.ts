import type { Config } from '../config';
import type { HttpAnswer } from '../https';
import type { Store } from '../store/port';
import type { CurrentCall } from '../tool';
import type { PolicyRefusal } from '../upper-bound';
import type { Requests } from '../upstream';
import type { Classified, OutgoingRequest } from './classify';

/** A request that changes something, reaches someone or costs money, and what the catalogue knows of it. */
export interface Action extends Classified {
  readonly request: OutgoingRequest;
  /** The rule that it breaks: only in a dry run, which shows it. */
  readonly refusal?: PolicyRefusal;
}

/** What safeguards have besides the action: the call it belongs to, and means that tools do not have. */
export interface SafeguardContext {
  readonly config: Config;
  readonly call: CurrentCall;
  /** Who the owner signed the URL for, if it says so. */
  readonly client?: string | undefined;
  /** Whether nothing may be sent or changed. */
  readonly dryRun: boolean;
  /** The server's own store. What is written here does not count as done by the call. */
  readonly store: Store;
  /** The same store, which still works for a moment after the deadline: for what became of a request that took all the time. */
  readonly lateStore: Store;
  /** Requests to Twilio that pass no gate, with the credentials of the tools. */
  readonly requests: Requests;
  /** When the call must have ended, epoch ms. */
  readonly deadline: number;
}

/**
 * One protection: lets an action go on with `proceed`, and then knows how it ended; or answers in its place; or throws a
 * `PolicyError`. If `proceed` throws a `TransportError`, the outcome is unknown unless nothing was sent.
 */
export type Safeguard = (
  action: Action,
  context: SafeguardContext,
  proceed: () => Promise<HttpAnswer>,
) => Promise<HttpAnswer>;
