import { closestNames, normalizeName } from '../closest-names';
import type { Config } from '../config';
import { ToolError } from '../errors';
import { withholdTexts } from '../outsiders';
import { indexAt, positionAfter, sealToken } from '../paging';
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

/** Fields that are credentials in the answer to one operation and names in others. */
export const CREDENTIALS_OF: Readonly<Record<string, string>> = {
  // Logs in to Flex Insights.
  'flex_v1:CreateInsightsSession': 'session_id',
};

type JsonObject = Record<string, unknown>;

/** What of a response is wanted. */
interface Selection {
  /** The fields to keep; all if undefined. */
  fields?: readonly string[];
  /** Where on the page to start, as `nextPage` of the page that was cut says. */
  position: string;
  /** The parameters with which the page was requested. */
  params: JsonObject;
}

/**
 * Twilio's response as a result: without empty values, links within the API and credentials, and truncated to a limited
 * size. Throws a `ToolError` for fields that neither the description nor the response has.
 */
export function toOperationResult(
  operation: Operation,
  { statusCode, body, headers }: Awaited<ReturnType<typeof request>>,
  config: Config,
  { fields, position, params }: Selection,
): OperationResult {
  const { items, parameters, host } = operation;
  if (statusCode >= 300) return { link: String((headers as JsonObject | undefined)?.location ?? '') };
  if (typeof body !== 'object' || body === null) return { done: true };
  const list = items === undefined ? undefined : (body as JsonObject)[items];
  if (operation.returns.length === 0) checkFields(fields, keysOf(Array.isArray(list) ? list : [body]), operation.id);
  const own = CREDENTIALS_OF[operation.id];
  const reduce = (value: unknown) => {
    const trimmed = trim(own ? { ...(value as JsonObject), [own]: WITHHELD } : value, config);
    // Before the fields are selected, which may leave out who wrote a text.
    return selectFields(withholdTexts(trimmed, config.trustedSenders), fields);
  };
  if (!Array.isArray(list)) return toSingleResult(reduce(body));
  const start = indexAt(list, position);
  const shown = list.slice(start);
  const pageCutAfter = (count: number) => ({
    ...pagingOf(params),
    [CONTINUE_AFTER]: sealToken(positionAfter(start + count, shown[count - 1]), params),
  });
  return toPage(shown.map(reduce), nextPageOf(body as JsonObject, parameters, host), pageCutAfter);
}

/** The parameter of this server, not of Twilio, with which a page continues where it was cut. */
export const CONTINUE_AFTER = 'ContinueAfter';

const pagingOf = (params: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(params).filter(([name]) => /^page/i.test(name)));

const keysOf = (resources: readonly unknown[]): string[] => [
  ...new Set(resources.flatMap((resource) => (typeof resource === 'object' ? Object.keys(resource ?? {}) : []))),
];

/** Fields that descriptions leave out. */
const UNDESCRIBED = ['account_sid', 'uri', 'url'];

/** Throws a `ToolError` that names the closest known fields for unknown ones. Case and underscores do not count. */
export function checkFields(fields: readonly string[] = [], known: readonly string[], id: string): void {
  const names = new Set([...known, ...UNDESCRIBED].map(normalizeName));
  const unknown = fields.filter((field) => !names.has(normalizeName(field)));
  if (unknown.length === 0 || known.length === 0) return;
  const problems = unknown.map((field) => {
    const [closest] = closestNames(field, known, 1);
    return `${field.slice(0, 80)} is unknown${closest ? `: did you mean ${closest}?` : '.'}`;
  });
  throw new ToolError(
    `Invalid fields; nothing was returned. ${problems.join(' ')} ${id} returns ${known.join(', ').slice(0, 2000)}.`,
  );
}

/** Removes empty values, links within the API and the account's own SID, and withholds credentials. */
function trim(value: unknown, config: Config, name = ''): unknown {
  if (isCredentialName(name) && !isEmpty(value) && typeof value !== 'boolean') return WITHHELD;
  if (Array.isArray(value)) return value.map((item) => trim(item, config));
  if (typeof value === 'string') {
    if (isSecret(value, config)) return WITHHELD;
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

function isSecret(value: string, { apiSecret, authToken }: Config): boolean {
  // An otpauth: link sets up an authenticator app and contains its secret.
  if (value.startsWith('otpauth:')) return true;
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
  const wanted = new Set(fields.map(normalizeName));
  return Object.fromEntries(Object.entries(value).filter(([name]) => wanted.has(normalizeName(name))));
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

function toPage(
  items: readonly unknown[],
  nextPage: JsonObject | undefined,
  pageCutAfter: (shown: number) => JsonObject,
): OperationResult {
  const { value, truncated } = truncateItems(
    items,
    MAX_CONTENT_CHARS,
    () => 'Add nextPage to params for the rest, or limit fields.',
  );
  const next = value.length < items.length ? pageCutAfter(value.length) : nextPage;
  return { items: value, ...(next && { nextPage: next }), ...(truncated && { truncated }) };
}

function toSingleResult(result: unknown): OperationResult {
  if (typeof result !== 'object' || result === null) return { result };
  const { value, truncated } = truncateFields(result as JsonObject, MAX_CONTENT_CHARS);
  if (truncated === undefined) return { result };
  return { result: value, truncated: `${truncated} Repeat with fields to get one of them.` };
}
