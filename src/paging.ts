import * as z from 'zod';
import { ToolError } from './errors';
import { integer } from './params';
import { type Item, MAX_PAGE, type Position, type Store } from './store/port';

/** The two paging arguments of every list; `max` is at most the operation's maximum page size. */
export const paging = (max = 100) => ({
  limit: integer('Items per page', 1, max).default(Math.min(20, max)),
  pageToken: z
    .string()
    .refine((value) => /^\d{1,9}\.\S{0,1024}$/.test(value), 'must be the nextPageToken of the previous page')
    .describe('nextPageToken of the previous page; repeat the same filters with it')
    .optional(),
});

/** One page of a list; `nextPageToken` is absent on the last. */
export class Page<T> {
  constructor(
    readonly items: readonly T[],
    readonly nextPageToken?: string,
  ) {}

  map<U>(change: (item: T) => U): Page<U> {
    return new Page(this.items.map(change), this.nextPageToken);
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

/** Pages of Twilio that a filter of ours may read for one page of the result. */
const SEARCHED_PAGES = 5;

/**
 * Fetches one page of a Twilio list: `page(twilio.calls, { to, limit, pageToken })`. The next page's URL is never followed:
 * only its page number and token are used, so a list never leaves the host that the client chose. `keep` filters by what
 * Twilio cannot; such a page may be shorter or longer than `limit`, and there are more while it has a token.
 */
export async function page<O extends PageOptions, T>(
  list: Pageable<O, T>,
  { limit, pageToken, ...filters }: Omit<O, keyof PageOptions> & { limit: number; pageToken?: string },
  keep?: (item: T) => boolean,
): Promise<Page<T>> {
  const items: T[] = [];
  let next = pageToken;
  for (let searched = 0; searched < (keep ? SEARCHED_PAGES : 1); searched++) {
    const options = { ...filters, ...fromToken(next), pageSize: limit } as unknown as O;
    const { instances, nextPageUrl } = await list.page(options);
    items.push(...(keep ? instances.filter(keep) : instances));
    next = toToken(nextPageUrl);
    if (next === undefined || items.length >= limit) break;
  }
  return new Page(items, next);
}

/** One page of a stored collection, ordered by key. */
export async function storedPage<T>(
  store: Store,
  collection: string,
  { limit, pageToken, ...position }: Position & { pageToken?: string; limit: number },
): Promise<Page<Item<T>>> {
  const after = pageToken === undefined ? position.after : keyOf(pageToken);
  const { items, more } = await store.list<T>(collection, { ...position, after, limit: Math.min(limit, MAX_PAGE) });
  return new Page(items, more ? tokenAfter(items.at(-1)!.key) : undefined);
}

/** The token of the page after a key, and back. `keyOf` throws a `ToolError` for an invalid token. */
export const tokenAfter = (key: string): string => `0.${encodeURIComponent(key)}`;
export const keyOf = (pageToken: string): string => {
  try {
    return decodeURIComponent(pageToken.slice(pageToken.indexOf('.') + 1));
  } catch {
    throw new ToolError('Invalid pageToken: use nextPageToken of the previous page. Nothing was read.');
  }
};

function fromToken(token: string | undefined): PageOptions {
  if (token === undefined) return {};
  const dot = token.indexOf('.');
  return { pageNumber: Number(token.slice(0, dot)), pageToken: token.slice(dot + 1) || undefined };
}

function toToken(nextPageUrl: string | undefined): string | undefined {
  if (!nextPageUrl) return undefined;
  const query = new URL(nextPageUrl).searchParams;
  return `${query.get('Page') ?? 0}.${query.get('PageToken') ?? ''}`;
}
