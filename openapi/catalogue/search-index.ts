import MiniSearch from 'minisearch';
import type { Operation, OperationTable, SearchEntry, SearchIndex, Verb } from '../../src/operations/catalogue';
import { SEARCH_OPTIONS } from '../../src/operations/search';
import { tokenize } from '../../src/operations/tokenize';
import { featuresOf } from '../../src/operations/verb-model';
import { KEYWORDS, RANK_FACTORS, READING_POSTS } from './knowledge';
import { SAMPLE_QUERIES } from './knowledge/sample-queries';
import { SID_PREFIXES } from './knowledge/sid-prefixes';
import { TRANSLATIONS } from './knowledge/translations';
import { UNAVAILABLE } from './knowledge/unavailable';
import { PRODUCTS } from './products';
import { trainVerbWeights } from './train-verbs';

const products = new Map(PRODUCTS.map((product) => [product.key, product]));

/** The search index over all operations. Throws if a keyword, a sample query or an alternative belongs to no operation. */
export function buildSearchIndex({ operations }: OperationTable): SearchIndex {
  const all = Object.values(operations);
  for (const [ids] of KEYWORDS) {
    if (!all.some(({ id }) => ids.test(id))) throw new Error(`Keywords for ${ids} match no operation.`);
  }
  for (const id of SAMPLE_QUERIES.keys()) {
    if (!Object.hasOwn(operations, id)) throw new Error(`Sample queries for an unknown operation: ${id}.`);
  }
  for (const id of UNAVAILABLE.flatMap(({ instead }) => instead.match(/\w+_v?\w+:[A-Z]\w+/g) ?? [])) {
    if (!Object.hasOwn(operations, id)) throw new Error(`What is unavailable names an unknown operation: ${id}.`);
  }
  const minisearch = new MiniSearch(SEARCH_OPTIONS);
  minisearch.addAll(all.map((operation, position) => ({ id: position, ...searchFields(operation) })));
  const entries = all.map(toEntry);
  const examples = entries.flatMap(({ id, verb }) =>
    samplesOf(id).map((query) => ({ features: featuresOf(tokenize(query)), verb })),
  );
  return {
    products: Object.fromEntries(PRODUCTS.map(({ key, title, status }) => [key, { title, status }])),
    entries,
    verbWeights: trainVerbWeights(examples),
    sidPrefixes: SID_PREFIXES,
    translations: TRANSLATIONS,
    unavailable: UNAVAILABLE,
    minisearch: minisearch.toJSON(),
  };
}

const samplesOf = (id: string): readonly string[] => SAMPLE_QUERIES.get(id) ?? [];

/** The words of an operation's name: `IncomingPhoneNumber` for `api_v2010:FetchIncomingPhoneNumber`, verb first. */
const nameWords = (id: string): string[] => tokenize(id.replace(/^.*:/, ''));

function toEntry(operation: Operation): SearchEntry {
  const { id, summary, product, method, parameters } = operation;
  const required = parameters.filter((parameter) => parameter.required && parameter.name !== 'AccountSid');
  const rankFactor = RANK_FACTORS.find(([ids]) => ids.test(id))?.[1] ?? 1;
  // A longer name is a more special operation.
  const nameFactor = 0.96 ** (nameWords(id).length - 2);
  return {
    id,
    summary,
    product,
    method,
    required: required.map(({ name }) => name),
    verb: READING_POSTS.test(id) ? 'fetch' : verbOf(operation),
    weight: (products.get(product)!.weight ?? 1) * rankFactor * nameFactor,
  };
}

const VERB_OF_METHOD: Readonly<Record<Operation['method'], Verb>> = {
  GET: 'fetch',
  HEAD: 'fetch',
  POST: 'create',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
};

/** What an operation does, by the verb in its name if there is one, else by its method. */
export function verbOf({ id, method }: Pick<Operation, 'id' | 'method'>): Verb {
  const verb = /:(List|Fetch|Create|Update|Patch|Delete)/.exec(id)?.[1];
  if (verb === 'Patch') return 'update';
  return verb ? (verb.toLowerCase() as Verb) : VERB_OF_METHOD[method];
}

/** The text of an operation in the fields of the index. */
function searchFields({ id, path, summary, product }: Operation) {
  const [, ...resource] = nameWords(id);
  const segments = path
    .split('/')
    .filter((segment) => !segment.startsWith('{') && !/^(v\d|\d{4}|Accounts$)/.test(segment));
  const keywords = KEYWORDS.filter(([ids]) => ids.test(id)).map(([, words]) => words);
  return {
    name: [...new Set(resource)].join(' '),
    product: `${products.get(product)!.title} ${id.replace(/_.*/, '')}`,
    keywords: keywords.join(' '),
    samples: samplesOf(id).join(' '),
    text: [...segments, summary].join(' '),
  };
}
