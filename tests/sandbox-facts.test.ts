import { isDeepStrictEqual } from 'node:util';
import { snake } from '../openapi/names';
import type { SpecOperation } from '../openapi/spec';
import { isJsonObject } from '../sandbox/json';
import { flattenSchema } from '../sandbox/response-body';
import * as Rules from '../sandbox/rules';
import { INITIAL_VALUES } from '../sandbox/rules/initial-values';
import { Seeder } from '../sandbox/seed';
import { SANDBOX_ACCOUNT_SID, type Sandbox, startSandbox } from '../sandbox/server';
import type { StoredResource } from '../sandbox/store';
import { GIVEN } from './data/given-requests';
import recorded from './data/recorded-shapes.json';
import unavailable from './data/unanswered-operations.json';
import { request } from './support/every-operation';

/*
 * Every value in the sandbox's answers comes from a request, a seed or a rule. The examples of the API descriptions are
 * replaced by marks beforehand, so that one that shows up in an answer is recognized.
 */

const MARK = { text: 'EXAMPLE', number: 987_654_321, hex: 'feed'.repeat(8), date: '1999-09-09T09:09:09Z' };
const MARKS = new RegExp(`EXAMPLE|${MARK.number}|(?:feed){6}|1999-09`);

/** An example with a mark for each value. IDs keep their prefix and links their path, which are not values. */
function marked(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => marked(item, name));
  if (isJsonObject(value)) {
    const inLinks = /^(links|subresource_uris)$/.test(name) ? name : undefined;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, marked(item, inLinks ?? key)]));
  }
  if (typeof value === 'number') return MARK.number;
  if (typeof value !== 'string') return value;
  if (/^(links|subresource_uris)$/.test(name)) return value.replace(/(?<=\/[A-Z]{2})[0-9a-fA-F]{32}/g, MARK.hex);
  if (/^[A-Z]{2}[0-9a-fA-F]{32}$/.test(value)) return value.slice(0, 2) + MARK.hex;
  if (/^[a-z_]+_[0-9a-z]{26}$/.test(value)) return value.slice(0, -26) + MARK.hex.slice(0, 26);
  return /^\d{4}-\d\d-\d\dT/.test(value) ? MARK.date : MARK.text;
}

/**
 * What a value is known by: a text by itself; numbers, switches and single words, which say little, with the host and the
 * name of their property.
 */
const factOf = (host: string, name: string, value: unknown) =>
  /^(true|false|[-\d.]{1,6}|[a-z]+([-_][a-z]+)*)$/.test(String(value))
    ? `${host} ${name.replaceAll('_', '').toLowerCase()}=${value}`
    : String(value);

/** The values in a body that say something, with the path of each. */
function leavesOf(value: unknown, path: string[] = []): (readonly [path: string[], leaf: unknown])[] {
  if (value === null || value === undefined || value === '') return [];
  if (Array.isArray(value)) return value.flatMap((item) => leavesOf(item, path));
  if (!isJsonObject(value)) return [[path, value]];
  return Object.entries(value).flatMap(([name, item]) => leavesOf(item, [...path, name]));
}

const facts = new Set<string>();
/** The IDs of the account and of everything in it. */
const ids = new Set<string>([SANDBOX_ACCOUNT_SID]);
/** What requests gave, in whatever form. */
const requested = new Set<string>();
const learn = (host: string, value: unknown) => {
  for (const [path, leaf] of leavesOf(value)) {
    const name = path.at(-1) ?? '';
    // A repeated field, such as `Permission`, gives a property in the plural.
    for (const each of [name, name.split('.').at(-1)!, `${name}s`]) facts.add(factOf(host, each, leaf));
  }
};

/** Bodies that the running rule may change, with their leaves before; undefined while none runs. */
let watched: Map<object, { host: string; before: Map<string, unknown> }> | undefined;
const keyed = (body: unknown) => new Map(leavesOf(body).map(([path, leaf]) => [path.join('.'), leaf]));
const watch = (host: string, body: unknown) => {
  if (isJsonObject(body) && watched && !watched.has(body)) watched.set(body, { host, before: keyed(body) });
};
const hostOf = (kind: string) => kind.split('/')[0]!;

/** Runs a rule, and adds what it answers and what it changes in `bodies` and in the store to the facts. */
function learningFrom<T>(host: string, rule: () => T, ...bodies: unknown[]): T {
  const outer = watched;
  watched ??= new Map();
  for (const body of bodies) watch(host, body);
  try {
    const result = rule();
    learn(host, (result as { body?: unknown } | undefined)?.body);
    return result;
  } finally {
    for (const [body, { host, before }] of outer ? [] : watched) {
      for (const [path, leaf] of leavesOf(body)) {
        if (before.get(path.join('.')) !== leaf) facts.add(factOf(host, path.at(-1)!, leaf));
      }
    }
    watched = outer;
  }
}

function traceRules({ state }: Sandbox): void {
  for (const rule of Object.values(Rules.OPERATION_RULES)) {
    const { respond, onCreate, onUpdate, decorate, check } = rule;
    if (check) rule.check = (request) => learningFrom(request.operation.host, () => check(request));
    if (respond) rule.respond = (request) => learningFrom(request.operation.host, () => respond(request));
    if (onCreate)
      rule.onCreate = (request, one) => learningFrom(request.operation.host, () => onCreate(request, one), one.body);
    if (onUpdate)
      rule.onUpdate = (request, one) => learningFrom(request.operation.host, () => onUpdate(request, one), one.body);
    if (decorate) {
      rule.decorate = (request, one, response) =>
        learningFrom(request.operation.host, () => decorate(request, one, response), one.body, response.body);
    }
  }
  const { lifecycleOf, store, events } = state;
  state.lifecycleOf = (kind) => {
    const lifecycle = lifecycleOf(kind);
    return lifecycle && ((one, ...rest) => learningFrom(hostOf(kind), () => lifecycle(one, ...rest), one.body));
  };
  const { seedHost } = Seeder.prototype;
  jest.spyOn(Seeder.prototype, 'seedHost').mockImplementation(function (this: Seeder, host) {
    return learningFrom(host, () => seedHost.call(this, host));
  });
  const emit = events.emit.bind(events) as (...event: unknown[]) => boolean;
  events.emit = ((...event: unknown[]) => learningFrom('', () => emit(...event))) as typeof events.emit;
  for (const [kind, values] of Object.entries(INITIAL_VALUES)) learn(hostOf(kind), values);
  const { put, get, list, ofKind } = store;
  const seen = <T extends StoredResource | undefined>(resource: T): T => {
    if (resource) watch(hostOf(resource.kind), resource.body);
    return resource;
  };
  store.put = (resource) => {
    for (const id of [resource.id, resource.body.sid, resource.body.index]) ids.add(String(id));
    if (watched) learn(hostOf(resource.kind), resource.body);
    return put.call(store, resource);
  };
  store.get = (...of) => seen(get.call(store, ...of));
  store.list = (...of) => list.call(store, ...of).map(seen);
  store.ofKind = (...of) => ofKind.call(store, ...of).map(seen);
}

jest.mock('../sandbox/rules', () => {
  const rules = jest.requireActual<typeof Rules>('../sandbox/rules');
  const advanceAccount: typeof Rules.advanceAccount = (...due) => learningFrom('', () => rules.advanceAccount(...due));
  return { ...rules, advanceAccount };
});

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  for (const { success } of sandbox.state.spec.operations()) {
    success.examples = success.examples.map((example) => marked(example));
    success.example = success.examples[0];
  }
  traceRules(sandbox);
});
afterAll(() => sandbox.close());

/** What answers contain that nothing gave. */
const invented: string[] = [];

/** The answers to the requests for an operation that succeed. */
async function answersOf(operation: SpecOperation): Promise<object[]> {
  const { seq } = sandbox.journal;
  const responses = await request(sandbox, operation);
  for (const { params, fields, queryFields, headerFields } of sandbox.journal.since(seq)) {
    for (const given of [params, fields, queryFields, headerFields]) {
      learn(operation.host, given);
      for (const [, leaf] of leavesOf(given)) requested.add(String(leaf));
    }
  }
  for (const { status, body, headers } of responses) {
    const { code, message, details, ...known } = status < 400 ? { status } : body;
    const wellKnown = { status, ...(status >= 400 && { more_info: `https://www.twilio.com/docs/errors/${code}` }) };
    if (!isDeepStrictEqual(known, wellKnown)) invented.push(`${operation.id} error ${JSON.stringify(body)}`);
    if (MARKS.test(JSON.stringify([...headers, message, details]))) invented.push(`${operation.id} ${message}`);
  }
  return responses.flatMap(({ status, body }) => (status < 400 && isJsonObject(body) ? [body] : []));
}

/** Whether the API description says, in words, that a field of the request has this value by default. */
function isDocumented({ file, body }: SpecOperation, name: string, leaf: unknown): boolean {
  const document = sandbox.state.spec.document(file);
  const fields = Object.entries(flattenSchema(document, body?.schema).properties ?? {});
  const field = fields.find(([field]) => snake(field) === name)?.[1];
  const [, sentence = ''] = /default(.*)/is.exec(String(document.resolve(field)?.description)) ?? [];
  return sentence
    .replaceAll(',', '')
    .split(/[^\w./:-]+|\.$/)
    .includes(String(leaf));
}

const ADDRESS = /^(ur[il]|links|subresource_uris|.*_page_ur[il]|redirect_to)$/;
const PAGING = /^(meta|page|page_?size|start|end|total_?(elements|pages)|current_page|per_page|has_(next|prev))$/i;
const DATE = /^(date_?)?(created|updated|generated)(_?(at|on|date))?$|^timestamp$/i;
const ID = /\b([A-Z]{2}|[a-z_]+_)?[0-9a-f]{26,32}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g;

const isSince = (start: number, time: number) => time > start - 1000 && time <= sandbox.state.clock.now();

/** Whether a value follows from the request itself: an address, a new ID, a time of creation or a page. */
function isDerived(operation: SpecOperation, path: string[], leaf: unknown): boolean {
  const text = String(leaf);
  const name = path.at(-1)!;
  if (ids.has(text)) return true;
  if (path.some((name) => ADDRESS.test(name))) {
    return (
      /^(https:\/\/([\w.-]+\.twilio\.com|com-twilio-sandbox\.example\.com))?\//.test(text) &&
      (text.match(ID) ?? []).every((id) => ids.has(id) || facts.has(id))
    );
  }
  if (operation.list && PAGING.test(path[0]!)) return /^(true|false|0|1|50|[a-zA-Z_]+)$/.test(text) || name === 'end';
  return DATE.test(name) && isSince(sandbox.state.startedAt, new Date(text).getTime());
}

/** When an operation is requested: what creates first and what deletes last. */
const stageOf = ({ method, path, list }: SpecOperation) => {
  if (method === 'DELETE') return 3;
  if (method === 'GET' || list) return 1;
  return /\}(\.json)?$/.test(path) ? 2 : 0;
};

/** Requests every operation, and those that fail again when there is more; the answers. */
async function crawl() {
  const operations = sandbox.state.spec.operations();
  const depth = ({ path }: SpecOperation) => path.split('/').length;
  const given = Object.keys(GIVEN);
  operations.sort((a, b) => depth(a) - depth(b) || given.indexOf(a.id) - given.indexOf(b.id));
  const answers = new Map<string, object>();
  for (const stage of [0, 0, 0, 1, 2, 0, 0, 1, 2, 3]) {
    for (const operation of (stage < 2 ? operations : operations.toReversed()).filter(
      (one) => stageOf(one) === stage && !answers.has(one.id),
    )) {
      const found = await answersOf(operation);
      if (found.length > 0) answers.set(operation.id, found.at(-1)!);
      for (const [path, leaf] of found.flatMap((answer) => leavesOf(answer))) {
        const fact = factOf(operation.host, path.at(-1)!, leaf);
        if (isDocumented(operation, path.at(-1)!, leaf)) facts.add(fact);
        const where = `${operation.id} ${path.join('.')}: ${JSON.stringify(leaf)}`;
        if (MARKS.test(String(leaf))) invented.push(`${where} is the example`);
        else if (!facts.has(fact) && !isDerived(operation, path, leaf)) invented.push(where);
      }
    }
    learningFrom('', () => sandbox.advance(60_000));
  }
  return answers;
}

let answers: Map<string, object>;
beforeAll(async () => {
  answers = await crawl();
}, 240_000);

test('every value in every answer comes from a request, a seed or a rule', () => {
  expect(invented).toEqual([]);
  expect(answers.size).toBeGreaterThan(800);
});

const KINDS: readonly (readonly [string, RegExp])[] = [
  ['iso8601', /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/],
  ['rfc2822', /^\w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000$/],
  ['date', /^\d{4}-\d\d-\d\d$/],
  ['url', /^https?:\/\//],
  ['numeric string', /^-?\d+(\.\d+)?$/],
];

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value !== 'string') return typeof value;
  if (/^[A-Z]{2}[0-9a-f]{32}$/.test(value)) return `sid:${value.slice(0, 2)}`;
  return KINDS.find(([, form]) => form.test(value))?.[0] ?? 'string';
}

/** The values at a path such as `messages[].links.media`; none if what leads to it is null or empty. */
function valuesAt(value: unknown, path: string): unknown[] {
  let values = [value];
  for (const part of path.replaceAll('[]', '.[]').split('.')) {
    const filled = values.filter((one) => one !== null && one !== undefined);
    values = filled.flatMap((one) => (part === '[]' ? (one as unknown[]) : [(one as Record<string, unknown>)[part]]));
  }
  return values;
}

/** Kinds in which answers rightly differ from recorded ones. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'events[].resource_sid': 'of whatever was changed',
  friendly_name: 'as someone named it',
};

/** How the answers compare with recorded ones: counts of recorded fields, the kinds that differ, and what is not answered. */
function comparison() {
  const counts = { fields: 0, present: 0, recorded: 0, filled: 0 };
  const differing: string[] = [];
  const unanswered: string[] = [];
  for (const [id, fields] of Object.entries(recorded as Record<string, Record<string, string>>)) {
    const answer = answers.get(id);
    if (!answer) {
      unanswered.push(id);
      continue;
    }
    for (const [path, kinds] of Object.entries(fields)) {
      const values = valuesAt(answer, path);
      if (values.length === 0) continue;
      const present = values.filter((value) => value !== undefined);
      const filled = present.filter((value) => value !== null && value !== '');
      counts.fields++;
      if (present.length > 0) counts.present++;
      if (!/null/.test(kinds)) counts.recorded++;
      if (!/null/.test(kinds) && filled.length > 0) counts.filled++;
      const wrong = filled.find((value) => !isOfKind(value, kinds) && !requested.has(String(value)));
      if (wrong !== undefined && !(path in DIFFERENT)) differing.push(`${id} ${path}: ${kinds}, not ${kindOf(wrong)}`);
    }
  }
  return { counts, differing, unanswered };
}

/** `kinds` as in `null|sid:CA`. A text may have any form, and nothing is known of what was recorded as null. */
const isOfKind = (value: unknown, kinds: string) => {
  const allowed = kinds.split('|');
  return (
    allowed.includes(kindOf(value)) || kinds === 'null' || (typeof value === 'string' && allowed.includes('string'))
  );
};

test('answers have the fields and kinds of recorded ones', () => {
  const { counts, differing, unanswered } = comparison();
  expect(differing).toEqual([]);
  expect(unanswered.sort()).toEqual(Object.values(unavailable).flat().sort());
  // The API descriptions lack the others, such as `last_page_uri`.
  expect(counts.present / counts.fields).toBeGreaterThan(0.978);
  expect(counts.filled / counts.recorded).toBeGreaterThan(0.9);
});
