import { createHash } from 'node:crypto';
import * as z from 'zod';
import { isTwilioError, ToolError, TransportError } from './errors';
import { integer } from './params';

/** The two paging arguments of every list; `max` is the operation's maximum page size. */
export const paging = (max = 1000) => ({
  limit: integer('Items per page', 1, max).default(Math.min(20, max)),
  pageToken: z
    .string()
    .refine((value) => /^[\w-]{6}\.\d\S{0,1100}$/.test(value), 'must be the nextPageToken of the previous page')
    .describe('nextPageToken of the previous page; repeat the same filters with it')
    .optional(),
});

/** What a page has besides its items. */
interface PageExtras {
  /** The token of the page after the first `shown` items, for a result that is too long. */
  tokenAfter?: (shown: number) => string | undefined;
  /** How far a search got that did not finish, or why nothing was found. */
  searched?: string;
}

/** One page of a list; `nextPageToken` is absent on the last. */
export class Page<T> {
  constructor(
    readonly items: readonly T[],
    readonly nextPageToken?: string,
    readonly extras: PageExtras = {},
  ) {}

  map<U>(change: (item: T, index: number) => U): Page<U> {
    return new Page(this.items.map(change), this.nextPageToken, this.extras);
  }
}

interface PageOptions {
  pageSize?: number;
  pageToken?: string;
  pageNumber?: number;
}

interface Pageable<O, T> {
  page(options?: O): Promise<{ instances: T[]; nextPageUrl?: string }>;
}

/** A filter that Twilio lacks: its pages are read until there are `limit` matches or the time is over. */
interface Search<T> {
  keep: (item: T) => boolean;
  /** When the call must have ended, epoch ms. */
  deadline: number;
  /** The date of an item; only for lists that are in order of it, newest first. */
  dateOf?: (item: T) => Date | null;
}

/** Twilio's usual maximum, which all searched lists have. */
const SEARCH_PAGE_SIZE = 1000;
/** Time that one page of a search may need: a search starts no page with less time left. */
const SEARCH_MARGIN_MS = 4000;

/**
 * Fetches one page of a Twilio list: `page(twilio.calls, { to, limit, pageToken })`. The next page's URL is never followed:
 * only its page number and token are used, so a list never leaves the host that the client chose.
 */
export async function page<O extends PageOptions, T>(
  list: Pageable<O, T>,
  { limit, pageToken, ...filters }: Omit<O, keyof PageOptions> & { limit: number; pageToken?: string },
  search?: Search<T>,
): Promise<Page<T>> {
  const size = search ? SEARCH_PAGE_SIZE : limit;
  const items: T[] = [];
  const tokens: (string | undefined)[] = [];
  let next = pageToken;
  let searched = 0;
  let last: T | undefined;
  do {
    const place: Place = { size, skip: 0, ...placeOf(next) };
    const { number: pageNumber, token, size: pageSize } = place;
    const options = { ...filters, pageNumber, pageToken: token, pageSize } as unknown as O;
    // What an earlier page has found is not lost: the search continues at the page that failed.
    const answer = await list.page(options).catch((error: unknown) => (searched > 0 ? undefined : rethrow(error)));
    if (answer === undefined) break;
    const { instances, nextPageUrl } = answer;
    const following = toToken(nextPageUrl);
    const start = startIn(instances, place);
    for (const [i, item] of instances.entries()) {
      if (i < start) continue;
      searched++;
      last = item;
      if (search && !search.keep(item)) continue;
      items.push(item);
      tokens.push(i + 1 < instances.length ? toTokenWithin(place, i + 1, item) : following);
      if (items.length === limit) break;
    }
    next = items.length === limit ? tokens.at(-1) : following;
  } while (search && next !== undefined && items.length < limit && hasTime(search.deadline));
  const unfinished = search && next !== undefined && items.length < limit;
  return new Page(items, next, {
    tokenAfter: (shown) => tokens[shown - 1],
    searched: unfinished ? describeSearch(searched, pageToken === undefined, last && search.dateOf?.(last)) : undefined,
  });
}

/** The page; if it is empty, with what `reason` says about that, such as a job that is not finished. */
export async function explainEmpty<T>(list: Page<T>, reason: () => Promise<string | undefined>): Promise<Page<T>> {
  return list.items.length > 0 ? list : new Page([], list.nextPageToken, { searched: await reason() });
}

/** Throws the error. The client fails with errors of its own if the answer has no items. */
function rethrow(error: unknown): never {
  if (isTwilioError(error) || error instanceof TransportError || error instanceof ToolError) throw error;
  throw new TransportError(true, 'did not answer as its API does: the answer is not a list');
}

/** Whether a search has time for another page; `deadline` is epoch ms. */
export const hasTime = (deadline: number): boolean => Date.now() < deadline - SEARCH_MARGIN_MS;

/** How far an unfinished search got: how many items, and back to which date if they are in order. */
export function describeSearch(searched: number, first = false, date?: Date | null): string {
  const which = date
    ? `${first ? 'the newest' : 'the next'} ${searched} items, back to ${date.toISOString()}`
    : `${searched} items`;
  return `Searched only ${which}; to search the rest, continue with nextPageToken.`;
}

const invalidToken = () =>
  new ToolError('Invalid pageToken: use nextPageToken of the previous page. Nothing was read.');

/** The token of the page after a key, and back. `keyOf` throws a `ToolError` for an invalid token. */
export const tokenAfter = (key: string): string => `0.${encodeURIComponent(key)}`;
/** The key in a token of `tokenAfter`. Throws a `ToolError` for an invalid token. */
export const keyOf = (pageToken: string): string => {
  try {
    return decodeURIComponent(pageToken.slice(pageToken.indexOf('.') + 1));
  } catch {
    throw invalidToken();
  }
};

/** A place in a list of Twilio: a page, and how many of its items to skip. */
interface Place {
  number?: number;
  token?: string;
  /** Items per page, without which a page number means nothing. */
  size: number;
  skip: number;
  /** SID of the last skipped item: what is new since then has moved it. */
  anchor?: string;
}

/** The position that a token stands for; without a token, the start. Throws a `ToolError` for an invalid token. */
function placeOf(token: string | undefined): Partial<Place> {
  if (token === undefined) return {};
  const [, number, size, skip, anchor, rest] = TOKEN.exec(token) ?? [];
  if (number === undefined) throw invalidToken();
  const within = size === undefined ? {} : { size: Number(size), skip: Number(skip), anchor };
  return { number: Number(number), token: rest || undefined, ...within };
}

/** `7.PAnext` is page 7; `7/1000/30/SM….PAnext` is what follows the 30th of its 1000 items. */
const TOKEN = /^(\d{1,9})(?:\/(\d{1,4})\/(\d{1,4})\/(\w{0,64}))?\.(\S*)$/;

function toToken(nextPageUrl: string | undefined): string | undefined {
  if (!nextPageUrl) return undefined;
  const query = new URL(nextPageUrl).searchParams;
  return `${query.get('Page') ?? 0}.${query.get('PageToken') ?? ''}`;
}

function toTokenWithin({ number = 0, token = '', size }: Place, skip: number, item: unknown): string {
  return `${number}/${size}/${positionAfter(skip, item)}.${token}`;
}

/** The position after the first `skip` items of a page, the last of which is `item`. */
export const positionAfter = (skip: number, item: unknown): string => `${skip}/${sidOf(item)}`;

/** The index in a page at a position of `positionAfter`; 0 for any other text. */
export function indexAt(instances: readonly unknown[], position: string): number {
  const [, skip, anchor] = /^(\d{1,4})\/(\w{0,64})$/.exec(position) ?? [];
  return startIn(instances, { skip: Number(skip ?? 0), anchor });
}

const startIn = (instances: readonly unknown[], { skip, anchor }: Pick<Place, 'skip' | 'anchor'>): number =>
  (anchor ? instances.findIndex((item) => sidOf(item) === anchor) + 1 : 0) || skip;

function sidOf(item: unknown): string {
  const { sid } = Object(item) as { sid?: unknown };
  return typeof sid === 'string' && /^\w{1,64}$/.test(sid) ? sid : '';
}

/** Arguments that select nothing: they may change from page to page. */
const NOT_FILTERS = ['limit', 'pageToken', 'includeSteps', 'includeContext'];

const hashOfFilters = (args: object) => {
  const filters = Object.entries(args)
    .filter(([name, value]) => value !== undefined && !NOT_FILTERS.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(filters)).digest('base64url').slice(0, 6);
};

/** The token as an agent sees it: bound to the filters of its page. */
export const sealToken = (token: string, args: object): string => `${hashOfFilters(args)}.${token}`;

/** The token of `sealToken`; undefined if its page had other filters. */
export const unsealToken = (sealed: string, args: object): string | undefined =>
  sealed.startsWith(`${hashOfFilters(args)}.`) ? sealed.slice(7) : undefined;
