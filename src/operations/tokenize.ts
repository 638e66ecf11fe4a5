/*
 * Turns text into search terms, the same way for the index and for queries.
 */

/** Words left out of the index and of queries. No more: others, such as "my" and "who", help to find an operation. */
const STOP_WORDS = new Set(['a', 'an', 'the', 'of', 'to']);

/** Letters without accents: é as e, ß as ss. */
export const foldAccents = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss');

/** The words of a text in lower case, without accents; names such as `IncomingPhoneNumber` and `date_created` are split. */
export const tokenize = (text: string): string[] =>
  foldAccents(text)
    // Japanese puts no space between its words and those in Latin letters.
    .replace(
      /(?<=[\p{Script=Latin}\d])(?=[^\p{Script=Latin}\p{Script=Common}])|(?<=[^\p{Script=Latin}\p{Script=Common}])(?=[\p{Script=Latin}\d])/gu,
      ' ',
    )
    .replace(/VoIP|WhatsApp|TwiML|TaskRouter|OAuth/g, (name) => name.toLowerCase())
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    // French elides: d'hier, l'appel.
    .replace(/\b([cdjlmnst]|qu)['’](?=[aeiouh])/g, '$1 ')
    .replace(/['’]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** A word, or a name that ends in it, without the ending of its plural. */
export const singular = (word: string): string =>
  word
    .replace(/ies$/, 'y')
    .replace(/(?<=ss|sh|ch|x)es$/, '')
    .replace(/(?<![su])s$/, '');

/** The stem of a word, equal for its inflections; undefined for a stop word. */
export function normalizeTerm(word: string): string | undefined {
  if (STOP_WORDS.has(word)) return undefined;
  if (word.length < 4 || /\d/.test(word)) return word;
  return singular(word)
    .replace(/(?<=[a-z]{3})(ing|ed)$/, '')
    .replace(/(?<=[a-z]{4}t)ion$/, '')
    .replace(/([bdgmnprt])\1$/, '$1')
    .replace(/e$/, '');
}
