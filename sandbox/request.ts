/** Reads an HTTP request and parses it by the API description of its operation. */
import type { IncomingMessage } from 'node:http';
import type { SpecOperation } from '../openapi/spec';
import { isLoopback } from '../src/formats';
import { decodePairs, type FieldSchema } from './decode';
import { ApiError } from './errors';
import { isJsonObject } from './json';
import { canonicalHost, type RouteMatch } from './routes';
import { violationsOf } from './validate';

export interface RawRequest {
  /** As the client sent it, e.g. `api.dublin.ie1.twilio.com`. */
  host: string;
  /** Without edge and region, e.g. `api.twilio.com`. */
  canonicalHost: string;
  method: string;
  path: string;
  query: string;
  body: Buffer;
  /** Lower case, without parameters; empty if the request has none. */
  contentType: string;
  message: IncomingMessage;
}

interface ParsedRequest {
  /** Decoded form fields or JSON body. */
  fields: Record<string, unknown>;
  query: Record<string, unknown>;
  headers: Record<string, unknown>;
  violations: string[];
}

const MAX_BODY_BYTES = 30 * 1024 * 1024;

/** @throws ApiError 413 if the body is too large. */
export async function readRequest(message: IncomingMessage): Promise<RawRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new ApiError(413, 20001, 'The request body is too large');
    chunks.push(chunk);
  }
  const url = message.url ?? '/';
  const question = url.indexOf('?');
  const named = String(message.headers['x-sandbox-host'] ?? message.headers.host ?? '');
  // Only one host has such paths, so they also work at the sandbox's own address.
  const host = isLoopback(named) && url.startsWith('/2010-04-01/') ? 'api.twilio.com' : named;
  return {
    host: host.replace(/:\d+$/, ''),
    canonicalHost: canonicalHost(host),
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

/** Decodes a request and validates every part of it that the API description covers. */
export function parseRequest(raw: RawRequest, match: RouteMatch): ParsedRequest {
  const parsed: ParsedRequest = { fields: {}, query: {}, headers: {}, violations: [] };
  checkPath(match, parsed);
  decodeQuery(raw, match, parsed);
  decodeHeaders(raw, match, parsed);
  decodeBody(raw, match, parsed);
  return parsed;
}

function parametersIn(match: RouteMatch, location: 'path' | 'query' | 'header'): FieldSchema[] {
  return match.operation.parameters.filter((parameter) => parameter.in === location);
}

function checkPath(match: RouteMatch, parsed: ParsedRequest): void {
  for (const field of parametersIn(match, 'path')) {
    const raw = match.params[field.name];
    if (raw === undefined) continue;
    if (/^(undefined|null|NaN|\[object \w+\])$/.test(raw)) {
      parsed.violations.push(`path parameter ${field.name} is "${raw}", which looks like a bug in the caller`);
      continue;
    }
    const integer = match.document.resolve(field.schema)?.type === 'integer';
    const value = integer && /^-?\d+$/.test(raw) ? Number(raw) : raw;
    parsed.violations.push(...violationsOf(match.document, field.schema, value, `path parameter ${field.name}`));
  }
}

function decodeQuery(raw: RawRequest, match: RouteMatch, parsed: ParsedRequest): void {
  const decoded = decodePairs(
    match.document,
    new URLSearchParams(raw.query),
    parametersIn(match, 'query'),
    'query parameter',
  );
  parsed.query = decoded.values;
  parsed.violations.push(...decoded.violations);
}

/** Headers that Twilio interprets. Sent to an operation that does not declare them, they are a mistake. */
const TWILIO_HEADERS = /^(if-match|idempotency-key|flex-metadata|ui-version|x-twilio-.*)$/;

function decodeHeaders(raw: RawRequest, match: RouteMatch, parsed: ParsedRequest): void {
  const fields = parametersIn(match, 'header').filter((field) => field.name.toLowerCase() !== 'authorization');
  const names = new Map(fields.map((field) => [field.name.toLowerCase(), field.name]));
  const pairs: Array<[string, string]> = [];
  for (const [name, value] of Object.entries(raw.message.headers)) {
    if (names.has(name)) pairs.push([names.get(name)!, String(value)]);
    else if (TWILIO_HEADERS.test(name))
      parsed.violations.push(`unknown header "${name}" for ${match.operation.operationId}`);
  }
  const decoded = decodePairs(match.document, pairs, fields, 'header');
  parsed.headers = decoded.values;
  parsed.violations.push(...decoded.violations);
}

function decodeBody(raw: RawRequest, match: RouteMatch, parsed: ParsedRequest): void {
  const { operation, document } = match;
  const { body } = operation;
  if (raw.body.length === 0) {
    if (body?.form) decodeForm(raw, match, parsed);
    else if (body?.required) parsed.violations.push('missing request body');
    return;
  }
  if (!body) {
    parsed.violations.push(`${operation.method} ${operation.operationId} does not accept a body`);
    return;
  }
  if (!body.contentTypes.includes(raw.contentType)) {
    const given = raw.contentType || 'none';
    parsed.violations.push(`the content type must be ${body.contentTypes.join(' or ')}, not ${given}`);
    return;
  }
  if (body.form) {
    decodeForm(raw, match, parsed);
    return;
  }
  try {
    const value = JSON.parse(raw.body.toString('utf8'));
    parsed.fields = isJsonObject(value) ? value : { value };
    parsed.violations.push(...violationsOf(document, body.schema, value, 'body'));
  } catch (error) {
    parsed.violations.push(`the body is not valid JSON: ${(error as Error).message}`);
  }
}

/** Updates clear a setting with an empty field, whatever its format: Twilio documents it for a number's URLs. */
const updatesOneResource = ({ path }: SpecOperation): boolean => /\}(\.json)?$/.test(path);

function decodeForm(raw: RawRequest, match: RouteMatch, parsed: ParsedRequest): void {
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
  parsed.fields = decoded.values;
  parsed.violations.push(...decoded.violations);
}
