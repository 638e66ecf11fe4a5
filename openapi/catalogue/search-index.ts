import MiniSearch from 'minisearch';
import type { Operation, OperationTable, SearchEntry, SearchIndex, Verb } from '../../src/operations/catalogue';
import { SEARCH_OPTIONS } from '../../src/operations/search';
import { tokenize } from '../../src/operations/tokenize';
import { understand } from '../../src/operations/understand';
import { KEYWORDS, RANK_FACTORS, READING_POSTS } from './knowledge';
import { SAMPLE_QUERIES } from './knowledge/sample-queries';
import { SYNONYMS } from './knowledge/synonyms';
import { LEAD_INS, SID_PREFIXES, STOP_PHRASES, VERB_PHRASES } from './knowledge/verbs';
import { PRODUCTS } from './products';
import { type Example, trainVerbWeights } from './train-verbs';

/** The small part of the catalogue: a line for each operation, and the index of all their words. */
export function buildSearchIndex({ operations }: OperationTable): SearchIndex {
  const products = new Map(PRODUCTS.map((product) => [product.key, product]));
  const all = Object.values(operations);
  const search = new MiniSearch(SEARCH_OPTIONS);
  search.addAll(
    all.map((operation, position) => ({ id: position, ...textOf(operation, products.get(operation.product)!.title) })),
  );
  for (const [ids] of KEYWORDS) {
    if (!all.some(({ id }) => ids.test(id))) throw new Error(`The search's knowledge of ${ids} fits no operation.`);
  }
  for (const id of SAMPLE_QUERIES.keys()) {
    if (!Object.hasOwn(operations, id)) throw new Error(`The search knows how people ask for ${id}, which is none.`);
  }
  const index: SearchIndex = {
    products: Object.fromEntries(PRODUCTS.map(({ key, title, status }) => [key, { title, status }])),
    entries: all.map((operation) => entryOf(operation, products.get(operation.product)!.weight ?? 1)),
    verbs: VERB_PHRASES,
    leads: Object.fromEntries(LEAD_INS.map((lead) => [lead, ''])),
    idle: STOP_PHRASES,
    sidPrefixes: SID_PREFIXES,
    synonyms: SYNONYMS,
    minisearch: search.toJSON(),
    verbWeights: {},
  };
  return { ...index, verbWeights: trainVerbWeights(examplesOf(index)) };
}

/** What each phrase that is known for an operation tells of its verb. */
const examplesOf = (index: SearchIndex): Example[] =>
  index.entries.flatMap(({ id, verb }) => asked(id).map((phrase) => ({ cues: understand(phrase, index).cues, verb })));

const asked = (id: string): readonly string[] => SAMPLE_QUERIES.get(id) ?? [];

function entryOf(operation: Operation, weight: number): SearchEntry {
  const { id, summary, product, method, parameters } = operation;
  const required = parameters
    .filter((parameter) => parameter.required && parameter.name !== 'AccountSid')
    .map(({ name }) => name);
  return {
    id,
    summary,
    product,
    method,
    required,
    verb: READING_POSTS.test(id) ? 'fetch' : verbOf(operation),
    weight: weight * placeWeight(operation),
  };
}

/** Of operations on the same resource, some are more usual than others. */
const placeWeight = ({ id }: Operation): number =>
  (RANK_FACTORS.find(([ids]) => ids.test(id))?.[1] ?? 1) * 0.96 ** (tokenize(id.replace(/^.*:/, '')).length - 2);

/** What an operation does, by its name where the name tells, else by its method. */
export function verbOf({ id, method }: Pick<Operation, 'id' | 'method'>): Verb {
  const first = /:(List|Fetch|Create|Update|Patch|Delete)/.exec(id)?.[1];
  if (first === 'Patch') return 'update';
  if (first) return first.toLowerCase() as Verb;
  return ({ GET: 'fetch', HEAD: 'fetch', DELETE: 'delete', PUT: 'update', PATCH: 'update', POST: 'create' } as const)[
    method
  ];
}

/** What an operation is found by: its resource, what is known of it, and the words of its description. */
function textOf({ id, path, summary }: Operation, product: string) {
  const name = tokenize(id.replace(/^.*:/, '')).slice(1);
  const place = path
    .split('/')
    .filter((segment) => !segment.startsWith('{') && !/^(v\d|\d{4}|Accounts$)/.test(segment));
  return {
    name: [...new Set(name)].join(' '),
    asked: asked(id).join(' '),
    known: KEYWORDS.filter(([ids]) => ids.test(id))
      .map(([, text]) => text)
      .join(' '),
    product: `${product} ${id.replace(/_.*/, '')}`,
    text: [place.join(' '), summary].join(' '),
  };
}
