/** Troubles that a test orders: an error, a delay, a lost connection. */

export interface Fault {
  /** Struck requests are noted in the journal by this name. */
  name?: string;
  /** `file:operationId` or the operationId alone. */
  operationId?: string;
  /** E.g. `POST`. */
  method?: string;
  /** Regular expression over the path without the query. */
  path?: string;
  /** Answer this status with Twilio's error body instead of the real answer. */
  status?: number;
  code?: number;
  message?: string;
  headers?: Record<string, string>;
  /** Seconds; sent as `Retry-After`. */
  retryAfter?: number;
  /** Milliseconds to wait before the answer. Alone it only delays. */
  delay?: number;
  /** `before`: the connection is closed and nothing happened. `after`: it happened, and the answer is lost. */
  drop?: 'before' | 'after';
  /** Body sent instead of JSON, as a proxy in front of Twilio would. */
  html?: string;
  /** How many requests it strikes; 1 unless told. */
  times?: number;
}

export class Faults {
  #faults: Array<Fault & { left: number; pattern?: RegExp }> = [];

  /** @throws SyntaxError when `path` is no regular expression. */
  add(fault: Fault): void {
    this.#faults.push({ ...fault, left: fault.times ?? 1, pattern: fault.path ? new RegExp(fault.path) : undefined });
  }

  clear(): void {
    this.#faults = [];
  }

  get pending(): Fault[] {
    return this.#faults.map(({ left, pattern, ...fault }) => ({ ...fault, times: left }));
  }

  /** The first fault that fits, used up by one. */
  take(request: { method: string; path: string; file?: string; operationId?: string }): Fault | undefined {
    const found = this.#faults.find(
      (fault) =>
        (!fault.operationId ||
          fault.operationId === request.operationId ||
          fault.operationId === `${request.file}:${request.operationId}`) &&
        (!fault.method || fault.method.toUpperCase() === request.method) &&
        (!fault.pattern || fault.pattern.test(request.path)),
    );
    if (!found) return undefined;
    if (--found.left <= 0) this.#faults.splice(this.#faults.indexOf(found), 1);
    return found;
  }
}
