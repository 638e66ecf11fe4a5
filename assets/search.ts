/*
 * Search in texts by the beginnings of words.
 */

interface Indexed {
  /** Words of the name, which count more. */
  nameWords: readonly string[];
  otherWords: readonly string[];
}

const splitWords = (text: string): string[] => text.match(/[\p{L}\d]+/gu) ?? [];

/** The lowercase words that a search may match the beginning of; `callSid` also yields `sid`. */
export function searchWords(...texts: string[]): string[] {
  const words = texts.flatMap(splitWords);
  const parts = words.flatMap((word) => [...word.matchAll(/(?<=[a-z\d])[A-Z]/g)].map(({ index }) => word.slice(index)));
  return [...words, ...parts].map((word) => word.toLowerCase());
}

/** The beginning that a word shares with its other forms: `called` and `calls`, `delivery` and `delivered`. */
const stem = (word: string) => word.replace(/(?<=...)(ing|ied|ies|ed|es|s|y)$/, '');

const countMatches = (words: readonly string[], beginnings: readonly string[]) =>
  beginnings.filter((beginning) => words.some((word) => word.startsWith(beginning))).length;

/** The entries with at least this many of the words, those with the most first, and then those with the most in the name. */
function rank<T extends Indexed>(entries: readonly T[], beginnings: readonly string[], atLeast: number): T[] {
  return entries
    .map((entry) => {
      const inName = countMatches(entry.nameWords, beginnings);
      return { entry, inName, all: countMatches([...entry.nameWords, ...entry.otherWords], beginnings) };
    })
    .filter(({ all }) => all >= atLeast)
    .sort((a, b) => b.all - a.all || b.inName - a.inName)
    .map(({ entry }) => entry);
}

/** The entries that contain all words of the query, in the name first; all entries for an empty query. */
export function searchAll<T extends Indexed>(entries: readonly T[], query: string): T[] {
  const words = splitWords(query.toLowerCase());
  return rank(entries, words, words.length);
}

/** The entries that contain any word of the query in any form, those with the most first. */
export const searchAny = <T extends Indexed>(entries: readonly T[], query: string): T[] =>
  rank(entries, splitWords(query.toLowerCase()).map(stem), 1);
