import MiniSearch, { type Options } from 'minisearch';
import { normalizeName } from '../closest-names';
import { ToolError } from '../errors';
import { loadAsset, type SearchEntry, type SearchIndex } from './catalogue';
import { normalizeTerm, tokenize } from './tokenize';
import { verbFactors } from './verb-model';

/** An index must be loaded with the options it was built with. */
export const SEARCH_OPTIONS: Options = {
  fields: ['name', 'product', 'keywords', 'samples', 'text'],
  tokenize,
  processTerm: normalizeTerm,
};

/** Keywords and sample queries are the words of people, so they count most. */
const BOOST = { name: 2, product: 1.5, keywords: 3, samples: 2.5, text: 1 };
/** A SID, also one that is shortened or masked: CA0123, SMxxxx. */
const SID = /\b([A-Z]{2})[0-9a-fx.]{2,}(?![a-z])/g;

interface SearchHit extends SearchEntry {
  /** Lifecycle notice of the product. */
  status?: string;
}

let index: MiniSearch | undefined;

/** The operations that match a query, best first. Throws a `ToolError` if `product` is unknown. */
export function searchOperations(query: string, product?: string): SearchHit[] {
  const { entries, products, sidPrefixes, verbWeights, minisearch } = loadAsset('search-index');
  index ??= MiniSearch.loadJS(minisearch, SEARCH_OPTIONS);
  const allowed = product === undefined ? undefined : productsNamed(product, products);
  const words = query.replace(SID, (sid, prefix) => (Object.hasOwn(sidPrefixes, prefix) ? sidPrefixes[prefix]! : sid));
  const factors = verbFactors(tokenize(words), verbWeights);
  const hits = index.search(words, {
    boost: BOOST,
    prefix: (term) => term.length > 3,
    fuzzy: (term) => (term.length > 4 ? 0.2 : false),
    weights: { prefix: 0.3, fuzzy: 0.2 },
    filter: ({ id }) => allowed === undefined || allowed.has(entries[id]!.product),
    boostDocument: (id) => entries[id]!.weight * factors[entries[id]!.verb],
  });
  return hits.map(({ id }) => ({ ...entries[id]!, status: products[entries[id]!.product]!.status }));
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
