/** List responses: filters and both styles of paging. */
import { camel, snake } from '../openapi/names';
import type { SpecSchema } from '../openapi/spec';
import { targetResources } from './collection';
import { invalidRequest } from './errors';
import type { Properties } from './json';
import { buildBody, flattenSchema } from './response-body';
import type { StoredResource } from './store';
import type { SandboxRequest, SandboxResponse } from './types';

/** Query parameters, in snake case, that select or order the page instead of filtering. */
const CONTROL_PARAMETERS = new Set(
  'page page_size size limit page_token token offset order bounds from_key sort_by'.split(' '),
);

/** Filters that are not named after the property they compare, by `file:operationId`. */
const DATE_FILTERS: Record<string, Record<string, { property: string; compare: 'from' | 'to' }>> = {
  'monitor_v1:ListAlert': startToEnd('date_generated'),
  'monitor_v1:ListEvent': startToEnd('event_date'),
  'taskrouter_v1:ListEvent': startToEnd('event_date'),
  'studio_v2:ListExecution': {
    DateCreatedFrom: { property: 'date_created', compare: 'from' },
    DateCreatedTo: { property: 'date_created', compare: 'to' },
  },
};

function startToEnd(property: string) {
  return { StartDate: { property, compare: 'from' as const }, EndDate: { property, compare: 'to' as const } };
}

/** The page that the request asks for, of the resources that pass its filters, in their order. */
export function listResponse(request: SandboxRequest, resources: StoredResource[]): SandboxResponse {
  const { operation, document } = request;
  const list = operation.list!;
  const envelope = flattenSchema(document, operation.success.schema);
  const schema = document.resolve(envelope.properties?.[list.itemsKey])?.items;
  const build = (resource: StoredResource) => buildBody({ document, schema, known: resource.body, times: resource });
  return pageResponse(request, filterItems(request, resources, build, flattenSchema(document, schema)), build);
}

/** The requested page of items, which must be filtered already. Only its items are built. */
export function pageResponse<T>(
  request: SandboxRequest,
  items: readonly T[],
  build: (item: T) => unknown = (item) => item,
): SandboxResponse {
  const { size, start } = requestedPage(request);
  const page = items.slice(start, start + size).map(build);
  const more = start + size < items.length;
  const { operation, document } = request;
  const list = operation.list!;
  const envelope = flattenSchema(document, operation.success.schema);
  const known: Properties = { [list.itemsKey]: page };
  const number = size > 0 ? Math.floor(start / size) : 0;
  const nextToken = more ? encodeToken(start + size) : null;
  const previousToken = start > 0 ? encodeToken(Math.max(start - size, 0)) : null;
  const url = (page: number, token?: string) => pageUrl(request, size, page, token);
  const nextUrl = nextToken && url(number + 1, nextToken);
  const previousUrl = previousToken && url(Math.max(number - 1, 0), previousToken);
  if (list.style === 'uri') {
    Object.assign(known, {
      page: number,
      page_size: size,
      start,
      end: start + Math.max(page.length - 1, 0),
      uri: url(number),
      first_page_uri: url(0),
      next_page_uri: nextUrl,
      previous_page_uri: previousUrl,
    });
  } else if (envelope.properties?.meta) {
    const meta: Properties = {
      key: list.itemsKey,
      page: number,
      page_size: size,
      url: url(number),
      first_page_url: url(0),
      next_page_url: nextUrl,
      previous_page_url: previousUrl,
      pageSize: size,
      nextToken,
      previousToken,
      next_token: nextToken,
      previous_token: previousToken,
    };
    const properties = Object.entries(flattenSchema(document, envelope.properties.meta).properties ?? {});
    // A token that is not nullable is omitted on the last page.
    const shown = properties.filter(([name, schema]) => meta[name] != null || schema.nullable || !/token/i.test(name));
    known.meta = Object.fromEntries(shown.map(([name]) => [name, meta[name] ?? null]));
  } else if (envelope.properties?.has_next) {
    const pages = { total_elements: items.length, total_pages: Math.ceil(items.length / size) };
    Object.assign(known, { ...pages, current_page: number, per_page: size, has_next: more, has_prev: start > 0 });
  }
  const body = buildBody({ document, schema: operation.success.schema, known });
  return { status: operation.success.status, body };
}

// ---------------------------------------------------------------- filters

function filterItems(
  request: SandboxRequest,
  resources: StoredResource[],
  build: (resource: StoredResource) => Properties,
  schema: SpecSchema,
): StoredResource[] {
  let kept = resources;
  for (const [name, wanted] of Object.entries(request.query)) {
    if (CONTROL_PARAMETERS.has(snake(name))) continue;
    const filter = filterFor(request, name, wanted, schema);
    if (filter) {
      const { property, matches } = filter;
      // To build thousands of resources takes long, and most are stored with all properties.
      kept = kept.filter((each) => matches((property in each.body ? each.body : build(each))[property]));
    } else request.entry.ignored.push(name);
  }
  if (/^(desc|reverse)/i.test(String(request.query.Order ?? ''))) kept = [...kept].reverse();
  return kept;
}

/** The property that a query parameter filters by, and its values that match; undefined if there is no such property. */
function filterFor(request: SandboxRequest, name: string, wanted: unknown, schema: SpecSchema) {
  const dateFilter = DATE_FILTERS[request.operation.id]?.[name];
  const has = (property: string) => schema.properties?.[property] !== undefined;
  const suffix = /(?:([<>])|(?<=[a-z])(After|Before))$/.exec(name);
  const base = suffix ? name.slice(0, suffix.index) : name;
  const property = dateFilter?.property ?? [snake(base), camel(base), base].find(has);
  if (!property) return undefined;
  const format = request.document.resolve(schema.properties![property])?.format ?? '';
  if (dateFilter || suffix || /^date/.test(format)) {
    const from = dateFilter ? dateFilter.compare === 'from' : /[>]|After/.test(suffix?.[0] ?? '');
    const to = dateFilter ? dateFilter.compare === 'to' : /[<]|Before/.test(suffix?.[0] ?? '');
    return { property, matches: inRange(String(wanted), from, to) };
  }
  if (name === 'PhoneNumber' && request.operation.file === 'api_v2010') {
    // Matches part of a number; `*` stands for any digit.
    const part = new RegExp(
      String(wanted).replaceAll(/\W/g, (character) => (character === '*' ? '\\d' : `\\${character}`)),
    );
    return { property, matches: (value: unknown) => part.test(String(value)) };
  }
  const values = new Set([wanted].flat().map(String));
  const matches = (value: unknown) =>
    Array.isArray(value) ? value.some((each) => values.has(String(each))) : values.has(String(value));
  return { property, matches };
}

/** Whether a value is in the range that begins or ends at a date, inclusively. A date without a time is the whole day in UTC. */
function inRange(wanted: string, from: boolean, to: boolean): (actual: unknown) => boolean {
  const start = new Date(wanted).getTime();
  const end = /^\d{4}-\d{2}-\d{2}$/.test(wanted) ? start + 86_400_000 - 1 : start + 999;
  return (actual) => {
    if (typeof actual !== 'string' && typeof actual !== 'number') return false;
    const time = new Date(actual).getTime();
    return (to || time >= start) && (from || time <= end);
  };
}

// ---------------------------------------------------------------- pages

function controlParameter(request: SandboxRequest, ...names: string[]): unknown {
  return Object.entries(request.query).find(([key]) => names.includes(snake(key)))?.[1];
}

function requestedPage(request: SandboxRequest): { size: number; start: number } {
  const size = Number(controlParameter(request, 'page_size', 'size', 'limit') ?? 50);
  const token = controlParameter(request, 'page_token', 'token');
  if (token !== undefined && token !== '') {
    const start = /^PT(\d+)$/.exec(Buffer.from(String(token), 'base64url').toString())?.[1];
    if (start === undefined) {
      throw invalidRequest([`Invalid PageToken ${JSON.stringify(token)}: use the token of the previous page`]);
    }
    return { size, start: Number(start) };
  }
  return { size, start: Number(controlParameter(request, 'page') ?? 0) * size };
}

function encodeToken(start: number): string {
  return Buffer.from(`PT${start}`).toString('base64url');
}

/** Without the host on the 2010 API; an absolute URL elsewhere. */
function pageUrl(request: SandboxRequest, size: number, page: number, token?: string): string {
  const kept = Object.keys(request.query).filter((name) => !/^page(_?size|_?token)?$/i.test(name));
  const query = new URLSearchParams(request.entry.query);
  const parameters = new URLSearchParams();
  for (const name of kept) for (const value of query.getAll(name)) parameters.append(name, value);
  parameters.set('PageSize', String(size));
  parameters.set('Page', String(page));
  if (token) parameters.set('PageToken', token);
  const path = `${request.entry.path}?${parameters}`;
  return request.operation.list!.style === 'uri' ? path : `https://${request.entry.host}${path}`;
}

/** The order of the 2010 API's logs. */
export const listNewestFirst = (request: SandboxRequest): SandboxResponse =>
  listResponse(request, newestFirst(targetResources(request)));

/** A sorted copy, by time of creation; of those of the same millisecond, the one stored last comes first. */
export function newestFirst(resources: StoredResource[]): StoredResource[] {
  const reversed = resources.toReversed();
  // Resources are stored in about the order of their creation, so that hardly ever anything is left to sort.
  const isSorted = reversed.every(({ createdAt }, at) => at === 0 || createdAt <= reversed[at - 1]!.createdAt);
  return isSorted ? reversed : reversed.sort((a, b) => b.createdAt - a.createdAt);
}
