import * as z from 'zod';
import { readArguments } from '../../src/mcp/read-arguments';
import { inputSchema } from '../../src/mcp/toolset';
import { sealToken } from '../../src/paging';
import { isSelector } from '../../src/params';
import { resolveTimes } from '../../src/time';
import type { Tool } from '../../src/tool';

/** The part of JSON Schema that tools use. */
export interface Property {
  type: string;
  description?: string;
  pattern?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  default?: unknown;
  minLength?: number;
  maxLength?: number;
  items?: Property;
}

export const propertiesOf = (tool: Tool): Record<string, Property> =>
  inputSchema(tool).properties as unknown as Record<string, Property>;

/**
 * One call to try for a tool whose arguments exclude each other or have a format that the schema does not express.
 * `omit` leaves arguments out, `set` overrides their values; all others are filled. Twilio must accept the call.
 */
export interface Variation {
  omit?: readonly string[];
  set?: Readonly<Record<string, unknown>>;
  /** Calls to other tools that must come first. */
  before?: readonly (readonly [tool: string, args: object])[];
}

/** Valid values for the arguments of a tool, except pageToken, which only a previous page can supply. */
export function fill(tool: Tool, { omit = [], set = {} }: Variation = {}): Record<string, unknown> {
  const names = Object.entries(propertiesOf(tool)).filter(([name]) => name !== 'pageToken' && !omit.includes(name));
  return Object.fromEntries(
    names.map(([name, property]) => [name, name in set ? set[name] : valueFor(name, property)]),
  );
}

/** Optional arguments by which a tool makes a resource refer to a URL or to another resource. */
export function referencesOf(tool: Tool): string[] {
  const input = tool.input();
  return Object.entries(propertiesOf(tool))
    .filter(([name, { pattern = '', description }]) => {
      const refers = pattern.includes('[0-9a-fA-F]{32}') || /\(absolute URL\b/.test(description ?? '');
      return refers && input[name]!.safeParse(undefined).success && !isSelector(input[name]!);
    })
    .map(([name]) => name);
}

/** The arguments with their pageToken as a page with these filters would have returned it. */
export function withPageToken(tool: Tool, { pageToken, ...args }: Record<string, unknown>): Record<string, unknown> {
  if (pageToken === undefined) return args;
  const shape = tool.input();
  const { input } = resolveTimes(shape, readArguments(shape, args));
  const filters = z.object(shape).safeParse(input).data ?? {};
  return { ...args, pageToken: sealToken(String(pageToken), filters) };
}

/** A valid value; with `other`, a different one if the schema allows more than one. */
export function valueFor(name: string, property: Property, other = false): unknown {
  if (property.enum) return property.enum[Number(other)] ?? property.enum[0];
  if (property.type === 'boolean') return !other;
  if (property.type === 'integer' || property.type === 'number') return (property.minimum ?? 1) + Number(other);
  if (property.type === 'array') return [valueFor(name, property.items!, other)];
  return stringsFor(name, property)[Number(other)];
}

/** Whether an argument is the end of a range of times, by its name. */
export const isEndOfRange = (name: string): boolean => /(Before$|^before|^endDate$|To$)/.test(name);

function stringsFor(name: string, { pattern, description = '', minLength = 1 }: Property): readonly string[] {
  const sid = pattern?.match(/^\^\(?([A-Z]{2})/)?.[1];
  if (sid) return [sid + 'a'.repeat(32), sid + 'b'.repeat(32)];
  if (pattern?.startsWith('^\\+') || /\(E\.164, such as/.test(description)) return ['+15005550006', '+15005550001'];
  if (pattern?.includes('@')) return ['person@example.com', 'other@example.com'];
  if (pattern === '^[A-Z]{2}$') return ['US', 'CA'];
  if (/\(JSON object\)/.test(description)) return ['{"1":"x"}', '{"2":"y"}'];
  if (/YYYY-MM-DD/.test(description)) return ['2026-01-31', '2026-01-30'];
  if (/IANA/.test(description)) return ['Europe/Berlin', 'America/New_York'];
  if (/ISO 8601/.test(description)) {
    const month = isEndOfRange(name) ? '02' : '01';
    return [`2026-${month}-20T09:00:00`, `2026-${month}-19T09:00:00`];
  }
  if (/url/i.test(name) || /\bURL\b/.test(description) || /callback$/i.test(name)) {
    return ['https://example.com/x', 'https://example.com/y'];
  }
  if (/^(to|from)$/.test(name)) return ['+15005550006', '+15005550001'];
  return ['x', 'y'].map((letter) => letter.repeat(Math.max(minLength, 4)));
}
