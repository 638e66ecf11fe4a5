/*
 * Queries in other languages and informal English: words that the index lacks become English ones (translations.ts).
 */

/** Shorter translations match whole words only, since many words begin like them. */
const MIN_STEM = 4;

export type Translate = (words: readonly string[]) => string[];

/** `isKnown` tells whether the index has a word, which then stays as it is. */
export function translator(
  translations: Readonly<Record<string, string>>,
  isKnown: (word: string) => boolean,
): Translate {
  const stems = Object.keys(translations)
    .filter((word) => word.length >= MIN_STEM || !isLatin(word))
    .sort((a, b) => b.length - a.length)
    .join('|');
  const parts = new RegExp(stems, 'g');

  /** The English for a word, part by part: `Telefonnummer`, `電話番号を購入`. Undefined unless the parts make up the word. */
  function translate(word: string): string | undefined {
    if (Object.hasOwn(translations, word)) return translations[word];
    const found = [...word.matchAll(parts)];
    const [first] = found;
    if (first === undefined) return undefined;
    const last = found.at(-1)!;
    const ending = word.length - last.index - last[0].length;
    if (isLatin(word) && (first.index > 0 || ending > Math.max(2, last[0].length - 1))) return undefined;
    return found.map(([part]) => translations[part]).join(' ');
  }

  return (words) => {
    const translated = words.map((word) => (isKnown(word) ? undefined : translate(word)));
    // In a foreign sentence, its articles and prepositions are no English words either.
    const meaningful = words.filter((word) => translations[word] !== '');
    const isForeign = translated.filter(Boolean).length * 2 >= meaningful.length;
    return words.flatMap((word, at) => {
      const english = translated[at] ?? (isForeign ? translate(word) : undefined) ?? word;
      return english.split(' ').filter(Boolean);
    });
  };
}

const isLatin = (word: string): boolean => /^[a-z0-9]/.test(word);
