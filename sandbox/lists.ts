/** Lists: filters that really apply, and both ways of paging. */

import { camel, snake } from '../openapi/names';
import type { SpecSchema } from '../openapi/spec';
import { type Body, flatten, shape } from './answer';
import { refuseViolations } from './errors';
import type { Resource } from './store';
import type { Answer, Call } from './world';

/** Parameters that steer the list itself. */
const STEERING = new Set('page page_size size limit page_token token offset order bounds from_key sort_by'.split(' '));

/** Parameters whose name does not tell the property they compare with. */
const MEANT: Record<string, Record<string, { property: string; compare: 'from' | 'to' }>> = {
  'monitor_v1:ListAlert': range('StartDate', 'EndDate', 'date_created'),
  'monitor_v1:ListEvent': range('StartDate', 'EndDate', 'event_date'),
  'taskrouter_v1:ListEvent': range('StartDate', 'EndDate', 'event_date'),
};

function range(from: string, to: string, property: string) {
  return { [from]: { property, compare: 'from' as const }, [to]: { property, compare: 'to' as const } };
}

export function answerList(call: Call, resources: Resource[]): Answer {
  const { operation, document } = call;
  const list = operation.list!;
  const envelope = flatten(document, operation.success.schema);
  const itemSchema = document.resolve(envelope.properties?.[list.itemsKey])?.items;
  const example = operation.success.examples.map((page) => (page as Body)?.[list.itemsKey]).find(isFilled)?.[0];
  const items = resources.map((resource) => {
    const known = { ...resource.body };
    return shape({ document, schema: itemSchema, example, known, sids: [resource.id], now: resource.updatedAt });
  });
  return answerItems(call, filterItems(call, items as Body[], flatten(document, itemSchema)));
}

/** Answers a page of items that are shaped and filtered already. */
export function answerItems(call: Call, items: unknown[]): Answer {
  const { size, start } = pageOf(call);
  const page = items.slice(start, start + size);
  const more = start + size < items.length;
  const { operation, document } = call;
  const list = operation.list!;
  const envelope = flatten(document, operation.success.schema);
  const known: Body = { [list.itemsKey]: page };
  const number = size > 0 ? Math.floor(start / size) : 0;
  const token = more ? tokenOf(start + size) : null;
  const link = (page: number, token?: string) => linkTo(call, size, page, token);
  if (list.style === 'uri') {
    Object.assign(known, {
      page: number,
      page_size: size,
      start,
      end: start + Math.max(page.length - 1, 0),
      uri: link(number),
      first_page_uri: link(0),
      next_page_uri: more ? link(number + 1, token!) : null,
      previous_page_uri: start > 0 ? link(Math.max(number - 1, 0), tokenOf(Math.max(start - size, 0))) : null,
    });
  } else if (envelope.properties?.meta) {
    const meta: Body = {
      key: list.itemsKey,
      page: number,
      page_size: size,
      url: link(number),
      first_page_url: link(0),
      next_page_url: more ? link(number + 1, token!) : null,
      previous_page_url: start > 0 ? link(Math.max(number - 1, 0), tokenOf(Math.max(start - size, 0))) : null,
      pageSize: size,
      nextToken: token,
      previousToken: start > 0 ? tokenOf(Math.max(start - size, 0)) : null,
      next_token: token,
      previous_token: start > 0 ? tokenOf(Math.max(start - size, 0)) : null,
    };
    const described = Object.entries(flatten(document, envelope.properties.meta).properties ?? {});
    // A token that may not be null is left out on the last page.
    const given = described.filter(([name, schema]) => meta[name] != null || schema.nullable || !/token/i.test(name));
    known.meta = Object.fromEntries(given.map(([name]) => [name, meta[name] ?? null]));
  } else if (envelope.properties?.has_next) {
    const pages = { total_elements: items.length, total_pages: Math.ceil(items.length / size) };
    Object.assign(known, { ...pages, current_page: number, per_page: size, has_next: more, has_prev: start > 0 });
  }
  const body = shape({ document, schema: operation.success.schema, example: {}, known, now: call.now });
  return { status: operation.success.status, body };
}

function isFilled(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 0;
}

// ---------------------------------------------------------------- filters

export function filterItems(call: Call, items: Body[], schema: SpecSchema): Body[] {
  let kept = items;
  for (const [name, wanted] of Object.entries(call.query)) {
    if (STEERING.has(snake(name))) continue;
    const test = comparison(call, name, wanted, schema);
    if (test) kept = kept.filter(test);
    else call.entry.ignored.push(name);
  }
  if (/^(desc|reverse)/i.test(String(call.query.Order ?? ''))) kept = [...kept].reverse();
  return kept;
}

function comparison(call: Call, name: string, wanted: unknown, schema: SpecSchema) {
  const meant = MEANT[call.operation.id]?.[name];
  const has = (property: string) => schema.properties?.[property] !== undefined;
  const suffix = /(?:([<>])|(?<=[a-z])(After|Before))$/.exec(name);
  const base = suffix ? name.slice(0, suffix.index) : name;
  const property = meant?.property ?? [snake(base), camel(base), base].find(has);
  if (!property) return undefined;
  const type = call.document.resolve(schema.properties![property])?.format ?? '';
  if (meant || suffix || /^date/.test(type)) {
    const from = meant ? meant.compare === 'from' : /[>]|After/.test(suffix?.[0] ?? '');
    const to = meant ? meant.compare === 'to' : /[<]|Before/.test(suffix?.[0] ?? '');
    return (item: Body) => inRange(item[property], String(wanted), from, to);
  }
  if (name === 'PhoneNumber' && call.operation.file === 'api_v2010') {
    // A part of a number will do, and `*` is any digit.
    const part = new RegExp(
      String(wanted).replaceAll(/\W/g, (character) => (character === '*' ? '\\d' : `\\${character}`)),
    );
    return (item: Body) => part.test(String(item[property]));
  }
  const values = (Array.isArray(wanted) ? wanted : [wanted]).map(String);
  return (item: Body) => {
    const actual = item[property];
    return (Array.isArray(actual) ? actual : [actual]).some((one) => values.includes(String(one)));
  };
}

/** A day without a time is the whole day, in UTC; both ends are included. */
function inRange(actual: unknown, wanted: string, from: boolean, to: boolean): boolean {
  if (typeof actual !== 'string' && typeof actual !== 'number') return false;
  const time = new Date(actual).getTime();
  const start = new Date(wanted).getTime();
  const end = /^\d{4}-\d{2}-\d{2}$/.test(wanted) ? start + 86_400_000 - 1 : start + 999;
  if (from) return time >= start;
  if (to) return time <= end;
  return time >= start && time <= end;
}

// ---------------------------------------------------------------- pages

function steering(call: Call, ...names: string[]): unknown {
  return Object.entries(call.query).find(([key]) => names.includes(snake(key)))?.[1];
}

function pageOf(call: Call): { size: number; start: number } {
  const size = Number(steering(call, 'page_size', 'size', 'limit') ?? 50);
  const token = steering(call, 'page_token', 'token');
  if (token !== undefined && token !== '') {
    const start = /^PT(\d+)$/.exec(Buffer.from(String(token), 'base64url').toString())?.[1];
    if (start === undefined)
      throw refuseViolations([`PageToken ${JSON.stringify(token)} is none that a page has named`]);
    return { size, start: Number(start) };
  }
  return { size, start: Number(steering(call, 'page') ?? 0) * size };
}

function tokenOf(start: number): string {
  return Buffer.from(`PT${start}`).toString('base64url');
}

/** On the 2010 API relative to the host; elsewhere absolute, at the host that was asked. */
function linkTo(call: Call, size: number, page: number, token?: string): string {
  const kept = Object.keys(call.query).filter((name) => !/^page(_?size|_?token)?$/i.test(name));
  const query = new URLSearchParams(call.entry.query);
  const link = new URLSearchParams();
  for (const name of kept) for (const value of query.getAll(name)) link.append(name, value);
  link.set('PageSize', String(size));
  link.set('Page', String(page));
  if (token) link.set('PageToken', token);
  const path = `${call.entry.path}?${link}`;
  return call.operation.list!.style === 'uri' ? path : `https://${call.entry.host}${path}`;
}

/** Newest first, as the logs of the 2010 API are read. */
export function newestFirst(resources: Resource[]): Resource[] {
  return [...resources].sort((a, b) => b.createdAt - a.createdAt);
}
