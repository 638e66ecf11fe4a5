/** Names are shorter; the work grows with the square of the length. */
const MAX_LENGTH = 120;

/** Lower case, letters and digits only: `Phone-Numbers`, `phonenumbers` and `PhoneNumbers` are the same name. */
export const normalizeName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The words of a name: `sendSms`, `SendSms` and `send_sms` have the same. */
const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);

/**
 * Up to `count` known names that a misspelled one may mean, closest first; empty if no name is close. Names that share the
 * most words come first; among these, those with few other words, with the same first words, and with few edits.
 */
export function closestNames(name: string, known: readonly string[], count = 3): string[] {
  if (name.length > MAX_LENGTH) return [];
  const wanted = normalizeName(name);
  const words = new Set(wordsOf(name));
  const maxDistance = wanted.length < 4 ? 1 : Math.max(2, Math.floor(wanted.length / 3));
  return known
    .map((candidate) => {
      const own = wordsOf(candidate);
      const shared = new Set(own.filter((word) => words.has(word))).size;
      const start = [...words].findIndex((word, at) => word !== own[at]);
      const distance = distanceBetween(wanted, normalizeName(candidate));
      return { candidate, shared, distance, rank: [-shared, own.length, -(start < 0 ? words.size : start), distance] };
    })
    .filter(({ shared, distance }) => distance <= maxDistance || (words.size > 1 && shared === words.size))
    .sort((a, b) => compareRanks(a.rank, b.rank))
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : a[at]! - b[at]!;
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
