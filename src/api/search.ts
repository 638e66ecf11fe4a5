import MiniSearch, { type Options, type Query } from 'minisearch';
import { ToolError } from '../errors';
import { type Entry, part, type Verb } from './catalogue';
import { stem, words } from './words';

/** How the catalogue's words are indexed; an index is read with the options it was made with. */
export const SEARCH_OPTIONS: Options = {
  fields: ['name', 'known', 'text', 'parameters'],
  tokenize: words,
  processTerm: stem,
};

const BOOSTS = { name: 2, known: 3, text: 1, parameters: 0.2 };
/** What a word that we add to a query counts, beside one that stands in it. */
const SYNONYM = 0.7;
/** How much an operation gains that does what the query's verb says. */
const RIGHT_VERB = 1.8;
/** The longest phrase that has synonyms. */
const PHRASE = 4;

export interface Found extends Entry {
  /** What is to be known of the product's life. */
  status?: string;
}

let index: MiniSearch | undefined;

/**
 * The operations that fit a query best. `allowed` leaves products out.
 * Throws a `ToolError` for a product that does not exist.
 */
export function search(
  query: string,
  { product, limit, allowed }: { product?: string; limit: number; allowed: (product: string) => boolean },
): Found[] {
  const { entries, products, verbs, synonyms, text } = part('index');
  index ??= MiniSearch.loadJSON(text, SEARCH_OPTIONS);
  const wanted = product === undefined ? undefined : productsNamed(product);
  const { plain, added, verb } = understand(query, verbs, synonyms);
  const tree: Query = {
    combineWith: 'OR',
    queries: [plain.join(' '), ...(added.length > 0 ? [{ queries: [added.join(' ')], boostTerm: () => SYNONYM }] : [])],
  };
  const results = index.search(tree, {
    boost: BOOSTS,
    prefix: (term) => term.length > 3,
    fuzzy: (term) => (term.length > 4 ? 0.2 : false),
    weights: { prefix: 0.3, fuzzy: 0.2 },
    filter: ({ id }) => {
      const entry = entries[id]!;
      return allowed(entry.product) && (wanted === undefined || wanted.has(entry.product));
    },
    boostDocument: (id) => {
      const entry = entries[id as number]!;
      return entry.weight * (verb?.[entry.verb] ?? 1);
    },
  });
  return results.slice(0, limit).map(({ id }) => {
    const entry = entries[id]!;
    return { ...entry, status: products[entry.product]!.status };
  });
}

/** Takes a query apart: its words, words that mean the same, and what it says about the verb. */
function understand(query: string, verbs: Readonly<Record<string, Verb>>, synonyms: Readonly<Record<string, string>>) {
  const given = words(query);
  const added: string[] = [];
  const plain: string[] = [];
  let verb: Partial<Record<Verb, number>> | undefined;
  for (const [position, word] of given.entries()) {
    for (let length = 1; length <= PHRASE; length++) {
      const phrase = given.slice(position, position + length);
      if (phrase.length < length) break;
      const meaning = synonyms[phrase.join(' ')];
      if (meaning !== undefined) added.push(meaning);
    }
    const said = Object.hasOwn(verbs, word) ? verbs[word] : undefined;
    if (said === undefined) plain.push(word);
    else if (verb === undefined) verb = { [said]: RIGHT_VERB };
  }
  return { plain: plain.length > 0 ? plain : given, added, verb };
}

/** Products by key or title, written anyhow; a word of either is enough. */
function productsNamed(name: string): Set<string> {
  const { products } = part('index');
  const plain = (text: string) => words(text).join('');
  const exact = Object.keys(products).filter((key) => plain(key) === plain(name));
  const near = Object.entries(products)
    .filter(([key, { title }]) => plain(key).includes(plain(name)) || plain(title).includes(plain(name)))
    .map(([key]) => key);
  const found = exact.length > 0 ? exact : near;
  if (found.length === 0 || plain(name) === '')
    throw new ToolError(`Unknown product "${name.slice(0, 60)}". Products: ${Object.keys(products).join(', ')}.`);
  return new Set(found);
}
