import MiniSearch, { type Options, type Query } from 'minisearch';
import { ToolError } from '../errors';
import { loadAsset, type SearchEntry } from './catalogue';
import { normalizeTerm, tokenize } from './tokenize';
import { understand } from './understand';
import { factors } from './verb-model';

/** How the catalogue's words are indexed; an index is read with the options it was made with. */
export const SEARCH_OPTIONS: Options = {
  fields: ['name', 'product', 'known', 'asked', 'text'],
  tokenize,
  processTerm: normalizeTerm,
};

/** Weights of the fields: what is known of an operation by agents' words tells most. */
const BOOSTS = { name: 2, product: 1.5, known: 3, asked: 2.5, text: 1 };
const BM25 = { k: 1.2, b: 0.7, d: 0.5 };
/** What a word that we add to a query counts, beside one that stands in it. */
const SYNONYM = 0.4;
/** What a word counts that tells where, why or for whom. */
const AROUND = 0.7;
/** What a word counts that told the intent already. */
const VERB = 0.5;

export interface SearchHit extends SearchEntry {
  /** What is to be known of the product's life. */
  status?: string;
}

let index: MiniSearch | undefined;

/** The operations that fit a query, best first. Throws a `ToolError` for a product that does not exist. */
export function search(query: string, product?: string): SearchHit[] {
  const catalogue = loadAsset('search-index');
  const { entries, products, minisearch } = catalogue;
  index ??= MiniSearch.loadJS(minisearch, SEARCH_OPTIONS);
  const wanted = product === undefined ? undefined : productsNamed(product);
  const { plain, around, told, added, addedAround, cues } = understand(query, catalogue);
  const verbs = factors(cues, catalogue.verbWeights);
  const weighed = (terms: readonly string[], weight: number): Query[] =>
    terms.length > 0 ? [{ queries: [terms.join(' ')], boostTerm: () => weight, prefix: false, fuzzy: false }] : [];
  const tree: Query = {
    combineWith: 'OR',
    queries: [
      plain.join(' '),
      ...(around.length > 0 ? [{ queries: [around.join(' ')], boostTerm: () => AROUND }] : []),
      ...weighed(told, VERB),
      ...weighed(added, SYNONYM),
      ...weighed(addedAround, SYNONYM * AROUND),
    ],
  };
  const results = index.search(tree, {
    boost: BOOSTS,
    bm25: BM25,
    prefix: (term) => term.length > 3,
    fuzzy: (term) => (term.length > 4 ? 0.2 : false),
    weights: { prefix: 0.3, fuzzy: 0.2 },
    filter: ({ id }) => wanted === undefined || wanted.has(entries[id]!.product),
    boostDocument: (id) => {
      const entry = entries[id as number]!;
      return entry.weight * verbs[entry.verb];
    },
  });
  return results.map(({ id }) => {
    const entry = entries[id]!;
    return { ...entry, status: products[entry.product]!.status };
  });
}

/** Products by key or title, written anyhow; a word of either is enough. */
function productsNamed(name: string): Set<string> {
  const { products } = loadAsset('search-index');
  const plain = (text: string) => tokenize(text).join('');
  const exact = Object.keys(products).filter((key) => plain(key) === plain(name));
  const near = Object.entries(products)
    .filter(([key, { title }]) => plain(key).includes(plain(name)) || plain(title).includes(plain(name)))
    .map(([key]) => key);
  const found = exact.length > 0 ? exact : near;
  if (found.length === 0 || plain(name) === '')
    throw new ToolError(`Unknown product "${name.slice(0, 60)}". Products: ${Object.keys(products).join(', ')}.`);
  return new Set(found);
}
