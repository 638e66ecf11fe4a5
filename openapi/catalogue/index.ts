import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { DOMAINS } from '../../src/domains';
import type { OperationParameter, OperationTable, Schema, UnreviewedOperation } from '../../src/operations/catalogue';
import { Spec, type SpecDocument, type SpecOperation, type SpecParameter, type SpecSchema } from '../spec';
import { addressParametersOf, REACHES, RECIPIENTS } from './addresses';
import { pagingDescription, summaryOf, toDescription } from './describe-operation';
import { ASKING_OPERATIONS, effectsOf, RAISING_PARAMETERS } from './effects';
import { HARMLESS_WRITES } from './harmless-writes';
import { NOTES, PRODUCTS } from './products';
import { buildSearchIndex } from './search-index';
import { UPLOADS } from './uploads';

/*
 * Generates the catalogue of Twilio's API from the descriptions in the pinned `@twilio/cli-core`. The catalogue is two
 * private assets of the deployment.
 */

const root = join(__dirname, '../..');
/** The folder of assets that is served and deployed. */
const ASSETS = join(root, 'dist/assets');

/** The best quality, 11, takes thirty times as long and saves a tenth. */
const BROTLI_QUALITY = { [constants.BROTLI_PARAM_QUALITY]: 9 };

/** Fills `dist/assets` with the catalogue and the files of `assets`. Throws if a hand-written rule is out of date. */
export function buildAssets(): void {
  rmSync(ASSETS, { recursive: true, force: true });
  mkdirSync(ASSETS, { recursive: true });
  const table = buildOperationTable();
  writeAsset('operations', table);
  writeAsset('search-index', buildSearchIndex(table));
}

/** Writes a private asset, which only the Functions can read. */
export const writeAsset = (name: string, content: object): void =>
  writeFileSync(
    join(ASSETS, `${name}.private.bin`),
    brotliCompressSync(JSON.stringify(content), { params: BROTLI_QUALITY }),
  );

/** Every live operation. Throws if a rule matches no operation, or an operation has no product. */
export function buildOperationTable(spec = new Spec()): OperationTable {
  const schemas: Record<string, Schema> = {};
  const described = spec
    .operations()
    .map((operation) => convertOperation(spec.document(operation.file), operation, schemas));
  const operations = [...described, ...UPLOADS].map((operation) => ({
    ...operation,
    ...effectsOf(operation),
    addresses: addressParametersOf(operation),
    tools: TOOLS.get(operation.id),
  }));
  checkRules(operations.map(({ id }) => id));
  for (const { key } of PRODUCTS) {
    if (!operations.some(({ product }) => product === key)) throw new Error(`The product ${key} has no operation.`);
  }
  return { operations: Object.fromEntries(operations.map((operation) => [operation.id, operation])), schemas };
}

/** Throws if a rule matches no operation. */
function checkRules(known: readonly string[]): void {
  const patterns = [
    ...NOTES.map(([, ids]) => ids),
    ...ASKING_OPERATIONS.map(([, , ids]) => ids),
    ...RAISING_PARAMETERS.map(([, , , ids]) => ids),
    ...RECIPIENTS.map(([, ids]) => ids),
    ...REACHES.map(([, , ids]) => ids),
  ];
  const outdated = patterns.find((ids) => !known.some((id) => ids.test(id)));
  if (outdated) throw new Error(`${outdated} matches no operation: fix products.ts, effects.ts or addresses.ts.`);
  const gone = HARMLESS_WRITES.filter((id) => !known.includes(id));
  if (gone.length > 0) throw new Error(`harmless-writes.ts names unknown operations: ${gone.join(', ')}.`);
}

/**
 * The tools that do what an operation does, by its id: the first operation that a tool names, unless it only prepares a
 * change, and its variants, which have the same verb in the same API. The generic tools request any.
 */
const TOOLS = new Map<string, string[]>();
for (const tool of new Set(DOMAINS.filter(({ service }) => service !== 'Api').flatMap(({ tools }) => tools))) {
  const [verb] = /^\w+:[A-Z][a-z]+/.exec(tool.operations[0] ?? '') ?? [];
  const isRead = /:(Fetch|List)$/.test(verb ?? '');
  if (verb === undefined || isRead !== (tool.effect === 'read')) continue;
  for (const id of tool.operations.filter((id) => id.startsWith(verb))) {
    TOOLS.set(id, [...(TOOLS.get(id) ?? []), tool.name]);
  }
}

function convertOperation(
  document: SpecDocument,
  source: SpecOperation,
  schemas: Record<string, Schema>,
): UnreviewedOperation {
  const { id, method, host, path } = source;
  return {
    id,
    summary: summaryOf(source),
    product: productOf(source),
    method,
    host,
    path,
    ...(source.body && { body: source.body.form ? 'form' : 'json' }),
    parameters: parametersOf(document, source, schemas),
    ...(source.list && { items: source.list.itemsKey }),
    returns: returnsOf(document, source),
    // A redirected write is not known to have been done.
    ...(method === 'GET' && source.statuses.some((status) => status >= 300) && { redirects: true }),
    note: NOTES.find(([, ids]) => ids.test(id))?.[0],
  };
}

function productOf({ file, path }: SpecOperation): string {
  const product = PRODUCTS.find(({ pattern }) => pattern.test(`${file} ${path}`));
  if (product === undefined) throw new Error(`No product matches ${file} ${path}: add one to products.ts.`);
  return product.key;
}

function parametersOf(
  document: SpecDocument,
  source: SpecOperation,
  schemas: Record<string, Schema>,
): OperationParameter[] {
  const parameters: OperationParameter[] = source.parameters
    // The client sends the credentials.
    .filter(({ name }) => name.toLowerCase() !== 'authorization')
    .map((parameter) => parameterOf(document, parameter, schemas));
  if (!source.body) return parameters;
  if (!source.body.form) {
    const schema = convertSchema(document, source.body.schema, schemas);
    const required = source.body.required || (document.resolve(source.body.schema)?.required ?? []).length > 0;
    return [...parameters, { name: 'body', in: 'body', ...(required && { required: true }), schema }];
  }
  const form = document.resolve(source.body.schema);
  for (const [name, property] of Object.entries(form.properties ?? {})) {
    const taken = parameters.some((parameter) => parameter.name === name);
    const resolved = document.resolve(property);
    parameters.push({
      ...(taken ? { name: `form.${name}`, wire: name } : { name }),
      in: 'form',
      ...(form.required?.includes(name) && { required: true }),
      ...toDescription(resolved.description as string | undefined),
      schema: withoutDescription(convertSchema(document, resolved, schemas)),
    });
  }
  return parameters;
}

function parameterOf(
  document: SpecDocument,
  { name, in: location, required, description, schema }: SpecParameter,
  schemas: Record<string, Schema>,
): OperationParameter {
  return {
    name,
    in: location,
    ...(required && { required: true }),
    ...toDescription(pagingDescription(name) ?? description),
    schema: withoutDescription(convertSchema(document, document.resolve(schema), schemas)),
  };
}

const KEPT_KEYWORDS = [
  ...['type', 'format', 'pattern', 'enum', 'nullable', 'required', 'minimum', 'maximum'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems'],
] as const;

/** A schema reduced to what checks and descriptions use. Referenced schemas go into the shared table. */
function convertSchema(document: SpecDocument, source: SpecSchema, schemas: Record<string, Schema>): Schema {
  if (source.$ref) {
    const name = `${document.file} ${source.$ref.replace(/.*\//, '')}`;
    if (!(name in schemas)) {
      schemas[name] = {};
      schemas[name] = convertSchema(document, document.at(source.$ref) as SpecSchema, schemas);
    }
    return { $ref: name };
  }
  const convertPart = (schema: SpecSchema) => convertSchema(document, schema, schemas);
  const kept = KEPT_KEYWORDS.filter((key) => source[key] !== undefined).map((key) => [key, source[key]]);
  const ignoresFormat = (source['x-twilio'] as { ignoreFormat?: boolean } | undefined)?.ignoreFormat;
  const { items, properties, additionalProperties: additional } = source;
  return {
    ...Object.fromEntries(kept),
    ...(ignoresFormat && { format: undefined }),
    ...toDescription(source.description as string | undefined),
    ...(items && { items: convertPart(items) }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, convertPart(schema)])),
    }),
    ...(additional !== undefined && {
      additionalProperties: typeof additional === 'object' ? convertPart(additional) : additional,
    }),
    ...Object.fromEntries(
      (['allOf', 'oneOf', 'anyOf'] as const)
        .filter((key) => source[key])
        .map((key) => [key, source[key]!.map(convertPart)]),
    ),
  };
}

const withoutDescription = ({ description: _, ...schema }: Schema): Schema => schema;

/** The field names of the response, or of a list's items. */
function returnsOf(document: SpecDocument, { success, list }: SpecOperation): string[] {
  let schema = document.resolve(success.schema);
  if (list) schema = document.resolve(document.resolve(schema?.properties?.[list.itemsKey])?.items);
  return Object.entries(allProperties(document, schema))
    .filter(([name]) => !/^(uri|url|links|subresource_uris|account_sid)$/.test(name))
    .map(([name, property]) => {
      const { type } = document.resolve(property) ?? {};
      return type === undefined || type === 'string' ? name : `${name} (${type})`;
    });
}

function allProperties(document: SpecDocument, schema: SpecSchema | undefined, depth = 0): Record<string, SpecSchema> {
  if (!schema || depth > 3) return {};
  const parts = [...(schema.allOf ?? []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  const inherited = parts.map((part) => allProperties(document, document.resolve(part), depth + 1));
  return Object.assign({}, ...inherited, schema.properties);
}
