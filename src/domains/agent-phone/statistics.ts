/** A finished wait for a message. */
export interface Wait {
  /** When the message was received or the wait timed out, epoch ms. The same wait is counted once. */
  at: number;
  /** From the receipt of the message to the answer; missing after a timeout. */
  latency_ms?: number;
}

/** Waits kept with each number: with them its entry stays below the 1 KiB up to which Sync allows most writes. */
const MAX_WAITS = 16;
const HOUR_MS = 3_600_000;

/** The entry of a number with one more wait, or the same entry if it has that wait. */
export function addWait<E extends { waits?: readonly Wait[] }>(entry: E, wait: Wait): E {
  const { waits = [] } = entry;
  return waits.some(({ at }) => at === wait.at) ? entry : { ...entry, waits: [...waits, wait].slice(-MAX_WAITS) };
}

/** How the waits of the last day ended; of each number at most its last 16 are known. */
export function summarizeWaits(entries: readonly { waits?: readonly Wait[] }[]) {
  const recent = entries.flatMap(({ waits = [] }) => waits).filter(({ at }) => at > Date.now() - 24 * HOUR_MS);
  const latencies = recent.flatMap(({ latency_ms }) => latency_ms ?? []).sort((a, b) => a - b);
  const timed_out = recent.length - latencies.length;
  return {
    answered: latencies.length,
    timed_out,
    ...(recent.length > 0 && { timed_out_percent: Math.round((100 * timed_out) / recent.length) }),
    ...(latencies.length > 0 && { median_latency_ms: latencies[Math.floor((latencies.length - 1) / 2)] }),
  };
}

/** How many of these instants (ISO 8601) are in the last hour. */
export const inLastHour = (instants: readonly string[]): number =>
  instants.filter((instant) => Date.parse(instant) > Date.now() - HOUR_MS).length;
