/*
 * How text becomes the terms of the search: the same for the catalogue when it is built and for a query.
 */

/** Words without meaning for a search. */
const STOP_WORDS = new Set(
  'a an the up of to for in on at by with and or from into is are was were be been being do does did has have had how what when where why can could should would will i me my we our us you your it its this that these those there their them they any some so as if about just please want need needs via using use per all every each one s t'.split(
    ' ',
  ),
);

/** The words of a text in lower case; names such as `IncomingPhoneNumber` and `date_created` are taken apart. */
export const tokenize = (text: string): string[] =>
  text
    .replace(/VoIP|WhatsApp|TwiML|TaskRouter/g, (name) => name.toLowerCase())
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replace(/['’]/g, '')
    .split(/[^a-z0-9]+/)
    .filter(Boolean);

/** The form under which a word is found whatever its ending; undefined for a word without meaning. */
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
