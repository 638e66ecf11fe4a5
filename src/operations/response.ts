import type { Config } from '../config';
import type { ApiAnswer } from '../tool';
import { MAX_CONTENT_CHARS, truncateFields, truncateItems } from '../truncate';
import type { Parameter } from './catalogue';
import type { Call } from './execute';

const WITHHELD = '[withheld]';
/** Names of fields that hold what gives access. */
const SECRET =
  /(^|_)(secret|password|passwd|passphrase|credential|jwt|((api|auth|access|refresh|id|session|bot|private|signing|write|secret|server)_?(token|key)))$|^token$/;
/** Anything shorter would be found by chance. */
const SHORTEST_SECRET = 16;
/** Links of the API to itself tell an agent nothing. */
const OWN_LINKS = new Set(['links', 'subresource_uris']);
const OWN_URL = /^(https:\/\/[a-z0-9.-]+\.twilio\.com\/v\d|\/2010-04-01\/)/;

type Fields = Record<string, unknown>;

/** Turns Twilio's answer into what an agent needs of it: trimmed, without credentials, of limited size. */
export function answerOf(
  { operation, fields }: Pick<Call, 'operation' | 'fields'>,
  { statusCode, body, headers }: { statusCode: number; body: unknown; headers?: unknown },
  config: Config,
): ApiAnswer {
  if (statusCode >= 300) return { link: String((headers as Fields | undefined)?.location ?? '') };
  if (typeof body !== 'object' || body === null) return { done: true };
  const trimmed = (value: unknown) => choose(trim(value, config), fields);
  const list = operation.items === undefined ? undefined : (body as Fields)[operation.items];
  if (!Array.isArray(list)) return resultOf(trimmed(body));
  return pageOf(list.map(trimmed), nextPage(body as Fields, operation.parameters));
}

/** Leaves out what is empty, links within the API, the account's own SID, and whatever gives access. */
function trim(value: unknown, config: Config, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => trim(item, config));
  if (typeof value === 'string') return isSecret(name, value, config) ? WITHHELD : value;
  if (typeof value !== 'object' || value === null) return value;
  const source = value as Fields;
  const kept = Object.entries(source)
    .filter(([key, item]) => !isEmpty(item) && !isNoise(key, item, config))
    // A variable of a deployment is often a secret, and its name need not tell.
    .map(([key, item]) => [
      key,
      key === 'value' && typeof source.key === 'string' ? WITHHELD : trim(item, config, key),
    ]);
  return Object.fromEntries(kept);
}

const plain = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();

function isSecret(name: string, value: string, { apiSecret, authToken }: Config): boolean {
  // The link that sets up an authenticator app holds its secret.
  if (SECRET.test(plain(name)) || value.startsWith('otpauth:')) return true;
  return [apiSecret, authToken].some((own = '') => own.length >= SHORTEST_SECRET && value.includes(own));
}

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

const isNoise = (name: string, value: unknown, { accountSid }: Config): boolean =>
  OWN_LINKS.has(name) ||
  ((name === 'url' || name === 'uri') && typeof value === 'string' && OWN_URL.test(value)) ||
  (name === 'account_sid' && value === accountSid);

function choose(value: unknown, fields: readonly string[] | undefined): unknown {
  if (fields === undefined || typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => fields.includes(name)));
}

/**
 * What to add to the parameters for the next page. The next page's URL is never followed: only the parameters in it
 * that the operation has travel, so a list never leaves its host.
 */
function nextPage(body: Fields, parameters: readonly Parameter[]): Fields | undefined {
  const meta = (body.meta ?? {}) as Fields;
  const token = meta.nextToken ?? meta.next_token;
  const url = body.next_page_uri ?? meta.next_page_url;
  const query = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  if (typeof token === 'string' && token !== '') {
    const name = query.find((one) => /^(page_?)?token$/i.test(one));
    return name === undefined ? undefined : { [name]: token };
  }
  if (body.has_next === true && query.includes('Page')) return { Page: Number(body.current_page) + 1 };
  if (typeof url !== 'string' || url === '') return undefined;
  const given = new URL(url, 'https://api.twilio.com').searchParams;
  const next = query.filter((name) => /^page/i.test(name) && given.has(name)).map((name) => [name, given.get(name)]);
  return next.length > 0 ? Object.fromEntries(next) : undefined;
}

function pageOf(items: readonly unknown[], next: Fields | undefined): ApiAnswer {
  const again = (shown: number) => `Repeat with a page size of ${shown}, or with fields, and page on.`;
  const { value, truncated } = truncateItems(items, MAX_CONTENT_CHARS, again);
  if (truncated !== undefined) return { items: value, truncated };
  return { items: value, ...(next && { nextPage: next }) };
}

function resultOf(result: unknown): ApiAnswer {
  if (typeof result !== 'object' || result === null) return { result };
  const { value, truncated } = truncateFields(result as Fields, MAX_CONTENT_CHARS);
  if (truncated === undefined) return { result };
  return { result: value, truncated: `${truncated} Repeat with fields to get one of them.` };
}
