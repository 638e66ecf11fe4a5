import type { ThreadEntry } from './record-message';

/** How long a message may be under way from its timestamp to the store; a webhook call ends well within it. */
const WINDOW_MS = 30_000;
/** Messages of the window that a cursor names, which bounds its length. */
const MAX_SEEN = 50;

export const CURSOR = /^[0-9a-z]{8,9}\.([0-9a-f]{6})*$/;

const nameOf = ({ messageSid }: ThreadEntry) => messageSid.slice(-6).toLowerCase();

/**
 * A cursor for what arrives after a read at `now` (epoch ms) that found these messages, newest first. It begins before
 * the read and names the messages since then, as one with an earlier timestamp may still be stored later.
 */
export function cursorAfter(entries: readonly ThreadEntry[], now: number): string {
  const recent = entries.filter(({ timestamp }) => Date.parse(timestamp) > now - WINDOW_MS).slice(0, MAX_SEEN);
  const start = recent.length === MAX_SEEN ? Date.parse(recent.at(-1)!.timestamp) : now - WINDOW_MS;
  return `${start.toString(36)}.${recent.map(nameOf).join('')}`;
}

/** Whether messages, newest first and read back to a key, are all that a cursor at `now` (epoch ms) may have to name. */
export const coversRecent = (entries: readonly ThreadEntry[], key: string, now: number): boolean =>
  entries.length >= MAX_SEEN || key < new Date(now - WINDOW_MS).toISOString();

/** Where to read from (ISO 8601), and which of the messages since then are new. */
export function readCursor(cursor: string): { since: string; isNew: (entry: ThreadEntry) => boolean } {
  const [start, seen] = cursor.split('.') as [string, string];
  const names = new Set(seen.match(/.{6}/g));
  return { since: new Date(Number.parseInt(start, 36)).toISOString(), isNew: (entry) => !names.has(nameOf(entry)) };
}
