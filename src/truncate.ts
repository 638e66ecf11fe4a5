/*
 * Results of limited size: an agent pays for every character, and some clients reject very long results.
 */

/** Longest result of a tool, in characters of JSON: about 10,000 tokens. */
export const MAX_RESULT_CHARS = 40_000;
/** Longest content of a result, which leaves room for what is put around it. */
export const MAX_CONTENT_CHARS = 36_000;
/** Longest error, in characters: about 1,500 tokens, more than any error of this server's own has. */
const MAX_ERROR_CHARS = 6000;

/** An error of limited length: it may repeat what a caller or Twilio wrote. */
export const boundError = (message: string): string =>
  message.length > MAX_ERROR_CHARS ? `${message.slice(0, MAX_ERROR_CHARS)}… (${message.length} characters)` : message;

type Fields = Record<string, unknown>;

interface Truncated<T> {
  value: T;
  /** What was left out; undefined if nothing was. */
  truncated?: string;
}

/** How many of the items fit into `maxChars` characters of JSON; at least one, if there is one. */
export function countFitting(items: readonly unknown[], maxChars: number): number {
  let size = 0;
  const fitting = items.findIndex((item) => {
    size += JSON.stringify(item).length + 1;
    return size > maxChars;
  });
  return fitting < 0 ? items.length : Math.max(1, fitting);
}

/** The first items that fit into `maxChars` characters, at least one. `rest` says how to get the others. */
export function truncateItems(
  items: readonly unknown[],
  maxChars: number,
  rest: (shown: number) => string,
): Truncated<readonly unknown[]> {
  const shown = countFitting(items, maxChars);
  const first = shown === 1 ? truncateFields(items[0] as Fields, maxChars) : undefined;
  if (first?.truncated !== undefined) {
    return {
      value: [first.value],
      truncated: `Only 1 of ${items.length} items, and it is cut. ${first.truncated} ${rest(1)}`,
    };
  }
  if (shown === items.length) return { value: items };
  return { value: items.slice(0, shown), truncated: `Only ${shown} of ${items.length} items fit. ${rest(shown)}` };
}

/** An object whose longest values are cut, as text, until it fits into `maxChars` characters. */
export function truncateFields(fields: Fields, maxChars: number): Truncated<Fields> {
  if (JSON.stringify(fields).length <= maxChars) return { value: fields };
  const share = Math.floor(maxChars / Math.max(1, Object.keys(fields).length));
  const cut: string[] = [];
  const entries = Object.entries(fields).map(([name, value]) => {
    const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
    if (text.length <= share) return [name, value];
    cut.push(`${name} (${text.length} characters)`);
    return [name, text.slice(0, share)];
  });
  return { value: Object.fromEntries(entries), truncated: `Cut: ${cut.join(', ')}.` };
}
