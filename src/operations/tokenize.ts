/*
 * Turns text into search terms, the same way for the index and for queries.
 */

/** Words left out of the index and of queries. No more: others, such as "my" and "who", help to find an operation. */
const STOP_WORDS = new Set(['a', 'an', 'the', 'of', 'to']);

/** The words of a text in lower case; names such as `IncomingPhoneNumber` and `date_created` are split. */
export const tokenize = (text: string): string[] =>
  text
    .replace(/VoIP|WhatsApp|TwiML|TaskRouter/g, (name) => name.toLowerCase())
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replace(/['’]/g, '')
    .split(/[^a-z0-9]+/)
    .filter(Boolean);

/** The stem of a word, equal for its inflections; undefined for a stop word. */
export function normalizeTerm(word: string): string | undefined {
  if (STOP_WORDS.has(word)) return undefined;
  if (word.length < 4 || /\d/.test(word)) return word;
  return word
    .replace(/ies$/, 'y')
    .replace(/(?<=ss|sh|ch|x)es$/, '')
    .replace(/(?<![su])s$/, '')
    .replace(/(?<=[a-z]{3})(ing|ed)$/, '')
    .replace(/(?<=[a-z]{4}t)ion$/, '')
    .replace(/([bdgmnprt])\1$/, '$1')
    .replace(/e$/, '');
}
