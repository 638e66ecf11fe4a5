import MiniSearch, { type Options, type SearchResult } from 'minisearch';
import { normalizeName } from '../closest-names';
import { ToolError } from '../errors';
import { loadAsset, type SearchEntry, type SearchIndex, type Unavailable, type Verb } from './catalogue';
import { normalizeTerm, tokenize } from './tokenize';
import { type Translate, translator } from './translate';
import { verbFactors } from './verb-model';

/** An index must be opened with the options it was built with. */
export const SEARCH_OPTIONS: Options = {
  fields: ['name', 'product', 'keywords', 'samples', 'text'],
  tokenize,
  processTerm: normalizeTerm,
};

/** Keywords and sample queries are the words of people, so they count most. */
const BOOST = { name: 2, product: 1.5, keywords: 3, samples: 2.5, text: 1 };
/** A SID, also one that is shortened or masked: CA0123, SMxxxx. */
const SID = /\b([A-Z]{2})[0-9a-fx.]{2,}(?![a-z])/g;

/**
 * A match is weak if it explains less of the query, or the index does not know more of its words. Chosen on the tasks of
 * tests/data: right first hits above the first limit stay first.
 */
const MIN_EXPLAINED = 0.35;
const MIN_KNOWN = 0.5;
/** What a term counts that matches only in part or misspelled. */
const INEXACT = 0.5;

export interface SearchHit extends SearchEntry {
  /** Lifecycle notice of the product. */
  status?: string;
  /** The match says little about what was meant. */
  isWeak: boolean;
}

interface Found {
  /** Best first. */
  hits: readonly SearchHit[];
  /** What the query asks for if no operation does it. */
  unavailable: readonly Unavailable[];
}

interface OpenIndex {
  minisearch: MiniSearch;
  /** The number of operations that have a term; 0 for an unknown one. */
  frequencyOf: (term: string) => number;
  translate: Translate;
}

let opened: OpenIndex | undefined;

function openIndex({ minisearch, translations }: SearchIndex): OpenIndex {
  const terms = new Map(minisearch.index);
  const frequencyOf = (term: string) => new Set(Object.values(terms.get(term) ?? {}).flatMap(Object.keys)).size;
  return {
    minisearch: MiniSearch.loadJS(minisearch, SEARCH_OPTIONS),
    frequencyOf,
    translate: translator(translations, (word) => terms.has(normalizeTerm(word) ?? '')),
  };
}

/** The operations that match a query. Throws a `ToolError` if `product` is unknown. */
export function searchOperations(query: string, product?: string): Found {
  const index = loadAsset('search-index');
  const { entries, products, sidPrefixes, verbWeights } = index;
  opened ??= openIndex(index);
  const { minisearch, frequencyOf, translate } = opened;
  const allowed = product === undefined ? undefined : productsNamed(product, products);
  const named = query.replace(SID, (sid, prefix) => (Object.hasOwn(sidPrefixes, prefix) ? sidPrefixes[prefix]! : sid));
  const words = translate(tokenize(named));
  const factors = verbFactors(words, verbWeights);
  const found = minisearch.search(words.join(' '), {
    boost: BOOST,
    prefix: (term) => term.length > 3,
    fuzzy: (term) => (term.length > 4 ? 0.2 : false),
    weights: { prefix: 0.3, fuzzy: 0.2 },
    filter: ({ id }) => allowed === undefined || allowed.has(entries[id]!.product),
    boostDocument: (id) => entries[id]!.weight * factors[entries[id]!.verb],
  });
  const terms = termsOf(words);
  const isWeak = weakness(
    [...terms].filter((term) => !/\d/.test(term)),
    frequencyOf,
    entries.length,
  );
  return {
    hits: found.map((result) => {
      const entry = entries[result.id]!;
      return { ...entry, status: products[entry.product]!.status, isWeak: isWeak(result, entry.verb) };
    }),
    unavailable: index.unavailable.filter((each) => asksFor(each, terms)),
  };
}

const termsOf = (words: readonly string[]): ReadonlySet<string> =>
  new Set(words.map(normalizeTerm).filter((term) => term !== undefined));

function asksFor({ words, unless = '' }: Unavailable, terms: ReadonlySet<string>): boolean {
  if ([...termsOf(tokenize(unless))].some((term) => terms.has(term))) return false;
  return words.some((phrase) => [...termsOf(tokenize(phrase))].every((term) => terms.has(term)));
}

/** Tells whether a result is a weak match for the terms: rare ones, and unknown ones, count most. */
function weakness(terms: readonly string[], frequencyOf: OpenIndex['frequencyOf'], operations: number) {
  const rarities = terms.map((term) => [term, Math.log(1 + operations / (frequencyOf(term) || 1))] as const);
  const sum = (weigh: (term: string) => number) =>
    rarities.reduce((total, [term, rarity]) => total + weigh(term) * rarity, 0);
  const isUnknown = terms.filter(frequencyOf).length <= MIN_KNOWN * terms.length;
  const all = sum(() => 1);
  return ({ match, queryTerms }: SearchResult, verb: Verb): boolean => {
    // Nearly every description of a deletion has its verb, "account" and "phone".
    const explains = ([field, ...others]: string[]) => verb !== 'delete' || others.length > 0 || field !== 'text';
    const share = (term: string) =>
      Object.hasOwn(match, term) ? Number(explains(match[term]!)) : queryTerms.includes(term) ? INEXACT : 0;
    return isUnknown || sum(share) < MIN_EXPLAINED * all;
  };
}

/** Keys of the products with a name as key, else of those with the name in their key or title. */
function productsNamed(name: string, products: SearchIndex['products']): Set<string> {
  const wanted = normalizeName(name);
  const exact = Object.keys(products).filter((key) => normalizeName(key) === wanted);
  const partial = Object.keys(products).filter((key) =>
    [key, products[key]!.title].some((text) => normalizeName(text).includes(wanted)),
  );
  const found = exact.length > 0 ? exact : partial;
  if (found.length === 0 || wanted === '')
    throw new ToolError(`Unknown product "${name.slice(0, 60)}". Products: ${Object.keys(products).join(', ')}.`);
  return new Set(found);
}
