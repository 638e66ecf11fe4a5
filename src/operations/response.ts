import type { Config } from '../config';
import { parseJsonField } from '../spelling';
import type { OperationResult } from '../tool';
import { MAX_CONTENT_CHARS, truncateFields, truncateItems } from '../truncate';
import type { request } from '../twilio';
import { isCredentialName, WITHHELD } from '../withhold';
import type { Operation, OperationParameter } from './catalogue';

/** A shorter secret could be part of any text by chance. */
const MIN_SECRET_LENGTH = 16;
/** Links within the API, which agents cannot follow. */
const LINK_FIELDS = new Set(['links', 'subresource_uris']);
const API_URL = /^(https:\/\/[a-z0-9.-]+\.twilio\.com\/v\d|\/2010-04-01\/)/;

type JsonObject = Record<string, unknown>;

/**
 * Twilio's response as a result: without empty values, links within the API and credentials, and truncated to a limited
 * size. `fields` are the fields to keep, all if undefined.
 */
export function toOperationResult(
  { items, parameters, host }: Operation,
  { statusCode, body, headers }: Awaited<ReturnType<typeof request>>,
  config: Config,
  fields?: readonly string[],
): OperationResult {
  if (statusCode >= 300) return { link: String((headers as JsonObject | undefined)?.location ?? '') };
  if (typeof body !== 'object' || body === null) return { done: true };
  const reduce = (value: unknown) => selectFields(trim(value, config), fields);
  const list = items === undefined ? undefined : (body as JsonObject)[items];
  if (!Array.isArray(list)) return toSingleResult(reduce(body));
  return toPage(list.map(reduce), nextPageOf(body as JsonObject, parameters, host));
}

/** Removes empty values, links within the API and the account's own SID, and withholds credentials. */
function trim(value: unknown, config: Config, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => trim(item, config));
  if (typeof value === 'string') {
    if (isSecret(name, value, config)) return WITHHELD;
    const parsed = parseJsonField(name, value);
    return typeof parsed === 'string' ? parsed : trim(parsed, config);
  }
  if (typeof value !== 'object' || value === null) return value;
  const source = value as JsonObject;
  const kept = Object.entries(source)
    .filter(([key, item]) => !isEmpty(item) && !isNoise(key, item, config))
    // Variables of Functions often hold secrets, whatever their name.
    .map(([key, item]) => [
      key,
      key === 'value' && typeof source.key === 'string' ? WITHHELD : trim(item, config, key),
    ]);
  return Object.fromEntries(kept);
}

function isSecret(name: string, value: string, { apiSecret, authToken }: Config): boolean {
  // An otpauth: link sets up an authenticator app and contains its secret.
  if (isCredentialName(name) || value.startsWith('otpauth:')) return true;
  return [apiSecret, authToken].some((own = '') => own.length >= MIN_SECRET_LENGTH && value.includes(own));
}

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

const isNoise = (name: string, value: unknown, { accountSid }: Config): boolean =>
  LINK_FIELDS.has(name) ||
  ((name === 'url' || name === 'uri') && typeof value === 'string' && API_URL.test(value)) ||
  (name === 'account_sid' && value === accountSid);

function selectFields(value: unknown, fields: readonly string[] | undefined): unknown {
  if (fields === undefined || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => fields.includes(name)));
}

/**
 * The parameters to add for the next page, if there is one. They are read from the next page's URL, which is never
 * followed, and only those that the operation has, so paging cannot leave its host.
 */
function nextPageOf(body: JsonObject, parameters: readonly OperationParameter[], host: string): JsonObject | undefined {
  const meta = (body.meta ?? {}) as JsonObject;
  const token = meta.nextToken ?? meta.next_token;
  const url = body.next_page_uri ?? meta.next_page_url;
  const query = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  if (typeof token === 'string' && token !== '') {
    const name = query.find((one) => /^(page_?)?token$/i.test(one));
    return name === undefined ? undefined : { [name]: token };
  }
  if (body.has_next === true && query.includes('Page')) return { Page: Number(body.current_page) + 1 };
  if (typeof url !== 'string' || url === '') return undefined;
  const { searchParams } = new URL(url, `https://${host}`);
  const next = query
    .filter((name) => /^page/i.test(name) && searchParams.has(name))
    .map((name) => [name, searchParams.get(name)]);
  return next.length > 0 ? Object.fromEntries(next) : undefined;
}

function toPage(items: readonly unknown[], nextPage: JsonObject | undefined): OperationResult {
  const { value, truncated } = truncateItems(
    items,
    MAX_CONTENT_CHARS,
    (shown) => `Repeat with a page size of ${shown} and page through the rest, or limit fields.`,
  );
  if (truncated !== undefined) return { items: value, truncated };
  return { items: value, ...(nextPage && { nextPage }) };
}

function toSingleResult(result: unknown): OperationResult {
  if (typeof result !== 'object' || result === null) return { result };
  const { value, truncated } = truncateFields(result as JsonObject, MAX_CONTENT_CHARS);
  if (truncated === undefined) return { result };
  return { result: value, truncated: `${truncated} Repeat with fields to get one of them.` };
}
