/** Names are shorter; the work grows with the square of the length. */
const MAX_LENGTH = 120;

/** Lower case, letters and digits only: `Phone-Numbers`, `phonenumbers` and `PhoneNumbers` are the same name. */
export const normalizeName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Up to `count` of the known names that a misspelt one may mean, closest first; empty if none is close. */
export function closestNames(name: string, known: readonly string[], count = 3): string[] {
  if (name.length > MAX_LENGTH) return [];
  const wanted = normalizeName(name);
  const maxDistance = Math.max(2, Math.floor(wanted.length / 3));
  return known
    .map((candidate) => ({ candidate, distance: distanceBetween(wanted, normalizeName(candidate)) }))
    .filter(({ distance }) => distance <= maxDistance)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** Levenshtein distance; 1 if either name contains the other. */
function distanceBetween(a: string, b: string): number {
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
