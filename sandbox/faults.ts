/** Fault injection: errors, delays and lost connections that a test requests. */

export interface InjectedFault {
  /** Recorded in the journal for the requests it affects. */
  name?: string;
  /** `file:operationId` or the operationId alone. */
  operationId?: string;
  /** E.g. `POST`. */
  method?: string;
  /** Regular expression for the path without the query. */
  path?: string;
  /** Status of the error response that replaces the real one. */
  status?: number;
  code?: number;
  message?: string;
  headers?: Record<string, string>;
  /** Seconds; sent as `Retry-After`. */
  retryAfter?: number;
  /** Milliseconds to wait before the response. With nothing else set, the request is only delayed. */
  delay?: number;
  /** Closes the connection `before` the request is processed, or `after`, so that only the response is lost. */
  drop?: 'before' | 'after';
  /** Body to send instead of JSON, like a proxy in front of Twilio. */
  html?: string;
  /** Body to send as it is, labelled as JSON: empty, truncated or of another type. */
  body?: string;
  /** Processes the request first, so that only its response is wrong. */
  processed?: boolean;
  /** Sends the body one byte at a time, with this many milliseconds in between. */
  trickle?: number;
  /** Matching requests to let pass first. */
  skip?: number;
  /** Number of requests it affects; default 1. */
  times?: number;
}

/** Faults to inject into the next requests that match. */
export class Faults {
  #faults: Array<InjectedFault & { left: number; toSkip: number; pattern?: RegExp }> = [];

  /** @throws SyntaxError if `path` is not a regular expression. */
  add(fault: InjectedFault): void {
    const pattern = fault.path ? new RegExp(fault.path) : undefined;
    this.#faults.push({ ...fault, left: fault.times ?? 1, toSkip: fault.skip ?? 0, pattern });
  }

  clear(): void {
    this.#faults = [];
  }

  get pending(): InjectedFault[] {
    return this.#faults.map(({ left, toSkip, pattern, ...fault }) => ({
      ...fault,
      skip: toSkip || undefined,
      times: left,
    }));
  }

  /** The first fault that matches the request; counts as one use. */
  take(request: { method: string; path: string; file?: string; operationId?: string }): InjectedFault | undefined {
    const found = this.#faults.find(
      (fault) =>
        (!fault.operationId ||
          fault.operationId === request.operationId ||
          fault.operationId === `${request.file}:${request.operationId}`) &&
        (!fault.method || fault.method.toUpperCase() === request.method) &&
        (!fault.pattern || fault.pattern.test(request.path)),
    );
    if (!found || found.toSkip-- > 0) return undefined;
    if (--found.left <= 0) this.#faults.splice(this.#faults.indexOf(found), 1);
    return found;
  }
}
