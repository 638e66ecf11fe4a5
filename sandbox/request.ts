/** Reads one HTTP request: its raw parts, and what they mean to an operation. */
import type { IncomingMessage } from 'node:http';
import type { SpecOperation } from '../openapi/spec';
import { decodePairs, type Field } from './decode';
import { Refusal } from './errors';
import type { Match } from './routes';
import { foldHost } from './routes';
import { violationsOf } from './validate';

export interface RawRequest {
  /** As the client meant it, e.g. `api.dublin.ie1.twilio.com`. */
  host: string;
  /** Edge and region folded away. */
  product: string;
  method: string;
  path: string;
  query: string;
  body: Buffer;
  /** Lower case, without parameters; empty when there is none. */
  contentType: string;
  message: IncomingMessage;
}

export interface Meaning {
  fields: Record<string, unknown>;
  query: Record<string, unknown>;
  headers: Record<string, unknown>;
  violations: string[];
}

const LARGEST_BODY = 30 * 1024 * 1024;

/** @throws Refusal 413 when the body is too large. */
export async function readRequest(message: IncomingMessage): Promise<RawRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    size += chunk.length;
    if (size > LARGEST_BODY) throw new Refusal(413, 20001, 'The request body is too large');
    chunks.push(chunk);
  }
  const url = message.url ?? '/';
  const question = url.indexOf('?');
  const host = String(message.headers['x-sandbox-host'] ?? message.headers.host ?? '');
  return {
    host: host.replace(/:\d+$/, ''),
    product: foldHost(host),
    method: message.method ?? 'GET',
    path: question < 0 ? url : url.slice(0, question),
    query: question < 0 ? '' : url.slice(question + 1),
    body: Buffer.concat(chunks),
    contentType: String(message.headers['content-type'] ?? '')
      .split(';')[0]!
      .trim()
      .toLowerCase(),
    message,
  };
}

/** Decodes and checks everything that the description says about a request. */
export function understand(raw: RawRequest, match: Match): Meaning {
  const meaning: Meaning = { fields: {}, query: {}, headers: {}, violations: [] };
  checkPath(match, meaning);
  decodeQuery(raw, match, meaning);
  decodeHeaders(raw, match, meaning);
  decodeBody(raw, match, meaning);
  return meaning;
}

function parametersIn(match: Match, place: 'path' | 'query' | 'header'): Field[] {
  return match.operation.parameters.filter((parameter) => parameter.in === place);
}

function checkPath({ operation, document, params }: Match, meaning: Meaning): void {
  for (const field of parametersIn({ operation, document, params }, 'path')) {
    const raw = params[field.name];
    if (raw === undefined) continue;
    if (/^(undefined|null|NaN|\[object \w+\])$/.test(raw)) {
      meaning.violations.push(`path parameter ${field.name} is ${raw}, which no caller means to send`);
      continue;
    }
    const integer = document.resolve(field.schema)?.type === 'integer';
    const value = integer && /^-?\d+$/.test(raw) ? Number(raw) : raw;
    meaning.violations.push(...violationsOf(document, field.schema, value, `path parameter ${field.name}`));
  }
}

function decodeQuery(raw: RawRequest, match: Match, meaning: Meaning): void {
  const decoded = decodePairs(
    match.document,
    new URLSearchParams(raw.query),
    parametersIn(match, 'query'),
    'query parameter',
  );
  meaning.query = decoded.values;
  meaning.violations.push(...decoded.violations);
}

/** Headers that mean something to Twilio: sent to an operation that does not know them, they are a mistake. */
const MEANINGFUL = /^(if-match|idempotency-key|flex-metadata|ui-version|x-twilio-.*)$/;

function decodeHeaders(raw: RawRequest, match: Match, meaning: Meaning): void {
  const fields = parametersIn(match, 'header').filter((field) => field.name.toLowerCase() !== 'authorization');
  const names = new Map(fields.map((field) => [field.name.toLowerCase(), field.name]));
  const pairs: Array<[string, string]> = [];
  for (const [name, value] of Object.entries(raw.message.headers)) {
    if (names.has(name)) pairs.push([names.get(name)!, String(value)]);
    else if (MEANINGFUL.test(name))
      meaning.violations.push(`unknown header "${name}" for ${match.operation.operationId}`);
  }
  const decoded = decodePairs(match.document, pairs, fields, 'header');
  meaning.headers = decoded.values;
  meaning.violations.push(...decoded.violations);
}

function decodeBody(raw: RawRequest, match: Match, meaning: Meaning): void {
  const { operation, document } = match;
  const { body } = operation;
  if (raw.body.length === 0) {
    if (body?.form) decodeForm(raw, match, meaning);
    else if (body?.required) meaning.violations.push('the request lacks its body');
    return;
  }
  if (!body) {
    meaning.violations.push(`${operation.method} ${operation.operationId} takes no body`);
    return;
  }
  if (!body.contentTypes.includes(raw.contentType)) {
    const given = raw.contentType || 'none';
    meaning.violations.push(`the content type must be ${body.contentTypes.join(' or ')}, not ${given}`);
    return;
  }
  if (body.form) {
    decodeForm(raw, match, meaning);
    return;
  }
  try {
    const value = JSON.parse(raw.body.toString('utf8'));
    meaning.fields = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value };
    meaning.violations.push(...violationsOf(document, body.schema, value, 'body'));
  } catch (error) {
    meaning.violations.push(`the body is not JSON: ${(error as Error).message}`);
  }
}

/** Updates clear a setting with an empty field, whatever its format: Twilio documents it for a number's URLs. */
const updatesOneResource = ({ path }: SpecOperation): boolean => /\}(\.json)?$/.test(path);

function decodeForm(raw: RawRequest, match: Match, meaning: Meaning): void {
  const { document, operation } = match;
  const schema = document.resolve(operation.body!.schema);
  const fields = Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    schema: property,
    required: schema.required?.includes(name) ?? false,
  }));
  const decoded = decodePairs(
    document,
    new URLSearchParams(raw.body.toString('utf8')),
    fields,
    'form field',
    updatesOneResource(operation),
  );
  meaning.fields = decoded.values;
  meaning.violations.push(...decoded.violations);
}
