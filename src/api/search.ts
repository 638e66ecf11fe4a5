import MiniSearch, { type Options, type Query } from 'minisearch';
import { ToolError } from '../errors';
import { type Entry, type Intent, part, type Verb } from './catalogue';
import { stem, words } from './words';

/** How the catalogue's words are indexed; an index is read with the options it was made with. */
export const SEARCH_OPTIONS: Options = {
  fields: ['name', 'product', 'known', 'text'],
  tokenize: words,
  processTerm: stem,
};

/** Weights of the fields: what is known of an operation by agents' words tells most. */
const BOOSTS = { name: 2, product: 1.5, known: 3, text: 1 };
/** What a word that we add to a query counts, beside one that stands in it. */
const SYNONYM = 0.7;
/** How much an operation gains by doing what the query's verb says, or what an agent may mean by it. */
const MEANT: Readonly<Record<Intent, Partial<Record<Verb, number>>>> = {
  list: { list: 1.8, fetch: 1.3 },
  fetch: { fetch: 1.8, list: 1.5 },
  create: { create: 1.8 },
  update: { update: 1.8 },
  set: { update: 1.7, create: 1.5 },
  delete: { delete: 1.8 },
};
/** The longest phrase that has synonyms. */
const PHRASE = 4;
const READING = new Set<Intent>(['list', 'fetch']);

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
function understand(
  query: string,
  verbs: Readonly<Record<string, Intent>>,
  synonyms: Readonly<Record<string, string>>,
) {
  const given = words(query);
  const added: string[] = [];
  const plain: string[] = [];
  let intent: Intent | undefined;
  let first = 0;
  for (const [position, word] of given.entries()) {
    for (let length = 1; length <= PHRASE && position + length <= given.length; length++) {
      const phrase = given.slice(position, position + length).join(' ');
      if (Object.hasOwn(synonyms, phrase)) added.push(synonyms[phrase]!);
    }
    const said = Object.hasOwn(verbs, word) ? verbs[word] : undefined;
    // A query that begins with a verb means it; elsewhere what changes something tells more than "is" and "status".
    if (said && (intent === undefined || (first > 0 && READING.has(intent) && !READING.has(said)))) {
      first = intent === undefined ? position : first;
      intent = said;
    } else plain.push(word);
  }
  return { plain: plain.length > 0 ? plain : given, added, verb: intent && MEANT[intent] };
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
