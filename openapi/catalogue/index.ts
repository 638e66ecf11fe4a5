import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import type { Operation, Operations, Parameter, Schema } from '../../src/operations/catalogue';
import { Spec, type SpecDocument, type SpecOperation, type SpecParameter, type SpecSchema } from '../spec';
import curated from './curated.json';
import { described, pagingWords, summaryOf } from './describe-operation';
import { CAUTIONS, CHARGED, NOTES, PRODUCTS, type ProductRule } from './products';
import { buildIndex } from './search-index';
import { UPLOADS } from './uploads';

/*
 * Writes the catalogue of Twilio's API, from the descriptions of the pinned `@twilio/cli-core`, as private assets of
 * the deployment, beside a copy of the committed assets.
 */

const root = join(__dirname, '../..');
/** The folder of assets that is served and deployed. */
export const ASSETS = join(root, 'dist/assets');

/** The best quality takes thirty times as long and saves a tenth. */
const QUICKLY = { [constants.BROTLI_PARAM_QUALITY]: 9 };

/** Fills `dist/assets`. Throws where the product knowledge no longer fits the descriptions. */
export function buildAssets(): void {
  rmSync(ASSETS, { recursive: true, force: true });
  mkdirSync(ASSETS, { recursive: true });
  if (existsSync(join(root, 'assets'))) cpSync(join(root, 'assets'), ASSETS, { recursive: true });
  const catalogue = readCatalogue();
  writePart('operations', catalogue);
  writePart('index', buildIndex(catalogue));
}

const writePart = (name: string, part: object): void =>
  writeFileSync(join(ASSETS, `api-${name}.private.bin`), brotliCompressSync(JSON.stringify(part), { params: QUICKLY }));

/** Every live operation, in the form of the catalogue. */
export function readCatalogue(spec = new Spec()): Operations {
  const schemas: Record<string, Schema> = {};
  const read = spec.operations().map((operation) => convert(spec.document(operation.file), operation, schemas));
  const operations = [...read, ...UPLOADS];
  for (const [, ids] of [...CAUTIONS, ...CHARGED, ...NOTES]) {
    if (!operations.some(({ id }) => ids.test(id))) throw new Error(`The catalogue's ${ids} fits no operation.`);
  }
  for (const id of Object.keys(curated)) {
    if (!operations.some((operation) => operation.id === id)) throw new Error(`Curated tools do ${id}, which is none.`);
  }
  for (const { key } of PRODUCTS) {
    if (!operations.some(({ product }) => product === key)) throw new Error(`The product ${key} has no operation.`);
  }
  return { operations: Object.fromEntries(operations.map((operation) => [operation.id, operation])), schemas };
}

function convert(document: SpecDocument, source: SpecOperation, schemas: Record<string, Schema>): Operation {
  const { id, method, host, path } = source;
  const toolsOf: Readonly<Record<string, readonly string[]>> = curated;
  return {
    id,
    summary: summaryOf(source),
    product: productOf(source).key,
    method,
    host,
    path,
    ...(source.body && { body: source.body.form ? 'form' : 'json' }),
    parameters: parametersOf(document, source, schemas),
    ...(source.list && { items: source.list.itemsKey }),
    returns: returnsOf(document, source),
    caution: method === 'DELETE' ? 'deletes for good' : CAUTIONS.find(([, ids]) => ids.test(id))?.[0],
    charged: CHARGED.find(([, ids]) => ids.test(id))?.[0],
    note: NOTES.find(([, ids]) => ids.test(id))?.[0],
    tools: toolsOf[id],
  };
}

function productOf({ file, path }: SpecOperation): ProductRule {
  const product = PRODUCTS.find(({ fits }) => fits.test(`${file} ${path}`));
  if (product === undefined) throw new Error(`No product for ${file} ${path}: add a rule.`);
  return product;
}

function parametersOf(document: SpecDocument, source: SpecOperation, schemas: Record<string, Schema>): Parameter[] {
  const parameters: Parameter[] = source.parameters
    // The client logs in.
    .filter(({ name }) => name.toLowerCase() !== 'authorization')
    .map((parameter) => parameterOf(document, parameter, schemas));
  if (!source.body) return parameters;
  if (!source.body.form) {
    const schema = schemaOf(document, source.body.schema, schemas);
    const required = source.body.required || requiredOf(document, source.body.schema).length > 0;
    return [...parameters, { name: 'body', in: 'body', ...(required && { required: true }), schema }];
  }
  const form = document.resolve(source.body.schema);
  for (const [name, given] of Object.entries(form.properties ?? {})) {
    const taken = parameters.some((parameter) => parameter.name === name);
    const resolved = document.resolve(given);
    parameters.push({
      ...(taken ? { name: `form.${name}`, wire: name } : { name }),
      in: 'form',
      ...(form.required?.includes(name) && { required: true }),
      ...described(resolved.description as string | undefined),
      schema: bare(schemaOf(document, resolved, schemas)),
    });
  }
  return parameters;
}

const requiredOf = (document: SpecDocument, schema: SpecSchema): readonly string[] =>
  document.resolve(schema)?.required ?? [];

function parameterOf(
  document: SpecDocument,
  { name, in: location, required, description, schema }: SpecParameter,
  schemas: Record<string, Schema>,
): Parameter {
  return {
    name,
    in: location,
    ...(required && { required: true }),
    ...described(pagingWords(name) ?? description),
    schema: bare(schemaOf(document, document.resolve(schema), schemas)),
  };
}

const KEPT = [
  ...['type', 'format', 'pattern', 'enum', 'nullable', 'required', 'minimum', 'maximum'],
  ...['minLength', 'maxLength', 'minItems', 'maxItems'],
] as const;

/** A schema with what a check and a reader need; schemas that others refer to go into the shared table. */
function schemaOf(document: SpecDocument, source: SpecSchema, schemas: Record<string, Schema>): Schema {
  if (source.$ref) {
    const name = `${document.file} ${source.$ref.replace(/.*\//, '')}`;
    if (!(name in schemas)) {
      schemas[name] = {};
      schemas[name] = schemaOf(document, document.at(source.$ref) as SpecSchema, schemas);
    }
    return { $ref: name };
  }
  const one = (schema: SpecSchema) => schemaOf(document, schema, schemas);
  const kept = Object.fromEntries(KEPT.filter((key) => source[key] !== undefined).map((key) => [key, source[key]]));
  const ignored = (source['x-twilio'] as { ignoreFormat?: boolean } | undefined)?.ignoreFormat;
  const { items, properties, additionalProperties } = source;
  return {
    ...kept,
    ...(ignored && { format: undefined }),
    ...described(source.description as string | undefined),
    ...(items && { items: one(items) }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, one(schema)])),
    }),
    ...(additionalProperties !== undefined && {
      additionalProperties: typeof additionalProperties === 'object' ? one(additionalProperties) : additionalProperties,
    }),
    ...Object.fromEntries(
      (['allOf', 'oneOf', 'anyOf'] as const).filter((key) => source[key]).map((key) => [key, source[key]!.map(one)]),
    ),
  };
}

const bare = ({ description: _told, ...schema }: Schema): Schema => schema;

/** The names of an answer's fields, or of those of a list's items. */
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
