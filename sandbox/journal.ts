/** Requests and their outcomes, so that a test can inspect what its process sent. */

export interface JournalEntry {
  /** Counts from 1, and continues after old entries are dropped or the journal is cleared. */
  seq: number;
  /** ISO 8601 with milliseconds. */
  time: string;
  host: string;
  method: string;
  path: string;
  /** Raw query without the question mark. */
  query: string;
  /** Lower-case names; credentials redacted. */
  headers: Record<string, string>;
  /** Raw body as text; the first 2,000 characters of a multipart upload. */
  body: string;
  file?: string;
  operationId?: string;
  params: Record<string, string>;
  /** Decoded form fields or JSON body. `queryFields` and `headerFields` are the decoded parameters. */
  fields: Record<string, unknown>;
  queryFields: Record<string, unknown>;
  headerFields: Record<string, unknown>;
  /** Why the request does not conform to the API description. */
  violations: string[];
  /** Parameters without effect, such as a filter on a property that the resource does not have. */
  ignored: string[];
  /** Status of the response; 0 if the connection was dropped. */
  status: number;
  /** Status with which the request was processed, whatever was sent; missing if a fault came before. */
  processed?: number;
  /** Twilio's error code in the response. */
  code?: number;
  /** Name of the injected fault, if one affected the request. */
  fault?: string;
}

/** The newest requests, oldest first, up to a limit. */
export class Journal {
  entries: JournalEntry[] = [];
  #seq = 0;
  readonly #limit: number;

  constructor(limit = 5000) {
    this.#limit = limit;
  }

  /** Returns the stored entry, which the caller completes later. */
  add(entry: Omit<JournalEntry, 'seq'>): JournalEntry {
    const added = { seq: ++this.#seq, ...entry };
    this.entries.push(added);
    if (this.entries.length > this.#limit) this.entries.splice(0, this.entries.length - this.#limit);
    return added;
  }

  /** Entries with a number greater than `seq`. */
  since(seq: number): JournalEntry[] {
    return this.entries.filter((entry) => entry.seq > seq);
  }

  get last(): JournalEntry | undefined {
    return this.entries.at(-1);
  }

  get seq(): number {
    return this.#seq;
  }

  clear(): void {
    this.entries = [];
  }
}
