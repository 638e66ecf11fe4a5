/** Longer than any name, and work that grows with the square of its length. */
const LONGEST = 120;

/** Those of some names that a misspelt one may mean, the nearest first; none where nothing is near. */
export function nearest(name: string, known: readonly string[], count = 3): string[] {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (name.length > LONGEST) return [];
  const wanted = plain(name);
  const farthest = Math.max(2, Math.floor(wanted.length / 3));
  return known
    .map((candidate) => ({ candidate, distance: distanceTo(wanted, plain(candidate)) }))
    .filter(({ distance }) => distance <= farthest)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** Edits from one word to another; a word that holds the other, or begins alike, is near. */
function distanceTo(a: string, b: string): number {
  if (a.length > 3 && b.length > 3 && (b.includes(a) || a.includes(b))) return 1;
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, previous[j]! + 1, row[j - 1]! + 1));
    }
    previous = row;
  }
  return previous[b.length]!;
}
