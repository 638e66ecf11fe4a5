/*
 * Twilio's limits on Sync, for the sandbox and the load run. https://www.twilio.com/docs/sync/limits and error 54009
 * name the rates, the burst window and the sizes. The shape of the window, the rates between 1 and 10 KiB and the delay of
 * expiry are models.
 */

/** A sustained rate of 20 a second, which bursts may exceed within this window: 200 in any ten seconds. */
const BURST_MS = 10_000;
const PER_WINDOW = 200;

const KIB = 1024;
/** Bytes of JSON in one item or document. */
export const MAX_ITEM_BYTES = 16 * KIB;
/** Of a write of 10 KiB and more, 2 a second. */
const LARGEST_COST = 10;

/** How long an expired item stays: it is still shown, and its key is still taken. */
export const EXPIRY_DELAY_MS = 5000;

/** What Sync answers to a request beyond its limits. */
export const RATE_LIMIT_EXCEEDED = [429, 54009, 'Rate limit exceeded'] as const;

/** How much of the rate a write of some bytes takes: 1 up to 1 KiB, 10 from 10 KiB on, in proportion in between. */
const writeCost = (bytes: number): number => Math.min(LARGEST_COST, Math.max(1, bytes / KIB));

/** What was accepted in the last window, oldest first. */
interface Usage {
  accepted: { at: number; cost: number }[];
  total: number;
}

/** Counts accesses by object. A refused request counts for nothing. Times are epoch ms. */
export class SyncLimits {
  readonly #usage = new Map<string, Usage>();

  /** Whether an object (a document, list or map) may be read, alone or by one of its items or a page of them. */
  read = (object: string, now: number): boolean => this.#admit(`read ${object}`, 1, now);

  /** Whether an object or one of its items may be written. */
  write = (object: string, bytes: number, now: number): boolean =>
    this.#admit(`write ${object}`, writeCost(bytes), now);

  /** Whether a service may get a new object. */
  create = (service: string, now: number): boolean => this.#admit(`create ${service}`, 1, now);

  clear(): void {
    this.#usage.clear();
  }

  #admit(what: string, cost: number, now: number): boolean {
    const usage = this.#usage.get(what) ?? { accepted: [], total: 0 };
    this.#usage.set(what, usage);
    for (let first = usage.accepted[0]; first && first.at <= now - BURST_MS; first = usage.accepted[0]) {
      usage.total -= first.cost;
      usage.accepted.shift();
    }
    if (usage.total + cost > PER_WINDOW) return false;
    usage.accepted.push({ at: now, cost });
    usage.total += cost;
    return true;
  }
}
