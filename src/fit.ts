/*
 * Answers of limited size: an agent pays for every word, and a client may refuse what is very long.
 */

type Fields = Record<string, unknown>;

interface Fitted<T> {
  kept: T;
  /** What was left out; absent where all is there. */
  truncated?: string;
}

/** The first items that fit into so many characters, and always one. `rest` says how to get the others. */
export function fitItems(
  items: readonly unknown[],
  longest: number,
  rest: (shown: number) => string,
): Fitted<readonly unknown[]> {
  let size = 0;
  let shown = 0;
  for (const item of items) {
    size += JSON.stringify(item).length + 1;
    if (size > longest) break;
    shown++;
  }
  if (shown === items.length) return { kept: items };
  const left = `Only ${Math.max(1, shown)} of ${items.length} items`;
  if (shown > 0) return { kept: items.slice(0, shown), truncated: `${left} fit. ${rest(shown)}` };
  const first = fitFields(items[0] as Fields, longest);
  return { kept: [first.kept], truncated: `${left}, and that one cut. ${first.truncated} ${rest(1)}` };
}

/** An object whose longest texts are cut until it fits into so many characters. */
export function fitFields(fields: Fields, longest: number): Fitted<Fields> {
  if (JSON.stringify(fields).length <= longest) return { kept: fields };
  const share = Math.floor(longest / Math.max(1, Object.keys(fields).length));
  const cut: string[] = [];
  const kept = Object.entries(fields).map(([name, value]) => {
    const written = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
    if (written.length <= share) return [name, value];
    cut.push(`${name} (${written.length} characters)`);
    return [name, written.slice(0, share)];
  });
  return { kept: Object.fromEntries(kept), truncated: `Cut: ${cut.join(', ')}.` };
}
