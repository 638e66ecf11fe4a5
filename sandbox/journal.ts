/** What was asked and what was answered, so that a test can look at the request that left its process. */

export interface JournalEntry {
  /** Counts up from 1; goes on counting after older entries were dropped. */
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
  /** Raw body as text; a multipart upload is cut to its first 2,000 characters. */
  body: string;
  file?: string;
  operationId?: string;
  params: Record<string, string>;
  /** Form fields or JSON body, query and header parameters, decoded. */
  fields: Record<string, unknown>;
  queryFields: Record<string, unknown>;
  headerFields: Record<string, unknown>;
  /** Why the description does not accept the request. */
  violations: string[];
  /** Query parameters that have no effect here, for want of a field to compare with. */
  ignored: string[];
  /** Status answered; 0 when the socket was dropped. */
  status: number;
  /** Code of the error answered. */
  code?: number;
  /** Name of the fault that a test had set, when it struck. */
  fault?: string;
}

export class Journal {
  entries: JournalEntry[] = [];
  #seq = 0;
  readonly #limit: number;

  constructor(limit = 5000) {
    this.#limit = limit;
  }

  /** The entry may be completed after it was added. */
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
