import type * as z from 'zod';

/*
 * Times and days as arguments. Before a tool's arguments are parsed, `resolveTimes` turns the ways to write a time into
 * UTC: a time without an offset is a time of `timeZone`, and a day that bounds a search covers all of that day.
 */

/**
 * What an argument stands for. `instant` is one time, so a day does not do. `start` is the start of a search; `before`
 * is its exclusive end and `until` its inclusive one, each with the name of the start, if there is one.
 */
interface TimeRole {
  role: 'instant' | 'start' | 'before' | 'until';
  /** Whether Twilio takes whole days, in UTC. */
  days?: boolean;
  start?: string;
}

const roles = new WeakMap<z.ZodType, TimeRole>();

/** Marks an argument as a time, which `src/time.ts` resolves before it is parsed. */
export function timeArgument<S extends z.ZodType>(schema: S, role: TimeRole): S {
  roles.set(schema, role);
  return schema;
}

/** What a time argument stands for; undefined for any other argument. */
export const timeRoleOf = (schema: z.ZodType): TimeRole | undefined => {
  const { innerType } = schema._zod.def as { innerType?: z.ZodType };
  return roles.get(schema) ?? (innerType && roles.get(innerType));
};

export const MS_PER_DAY = 86_400_000;

/** Whether a text is a day that exists: `Date` reads 30 February as a day in March. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);

const isLocalTime = (text: string) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?$/.test(text) &&
  isDay(text.slice(0, 10)) &&
  !Number.isNaN(Date.parse(`${text}Z`));

const TIME = /^([\d-]+)[Tt ]([\d:.]+) ?(?:([Zz])|([+-]\d\d)(?::?(\d\d))?)?$/;

/** A time in the form of its schema, if only its T, its Z or the colon in its offset is written in another way. */
function inStandardForm(text: string): string {
  const [, day, time, zulu, hours, minutes = '00'] = TIME.exec(text.trim()) ?? [];
  if (day === undefined) return text;
  return `${day}T${time}${zulu ? 'Z' : hours ? `${hours}:${minutes}` : ''}`;
}

/** Whether the runtime knows an IANA time zone of this name. */
export function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en-US', { timeZone: name }));
  } catch {
    return false;
  }
}

interface Resolved {
  /** The arguments with every time in UTC and every day as Twilio takes it, without `timeZone`. */
  input: Record<string, unknown>;
  issues: { code: 'custom'; path: string[]; message: string; input: unknown }[];
  /** The times and days that the call uses, for its result. */
  times?: Record<string, string>;
  /** The same times in `timeZone`, if that is given. */
  localTimes?: Record<string, string>;
}

/** Resolves the times among the arguments. Leaves malformed ones to their schemas. */
export function resolveTimes(shape: Record<string, z.ZodType>, given: Record<string, unknown>): Resolved {
  const input = { ...given };
  const issues: Resolved['issues'] = [];
  const times: Record<string, string> = {};
  const localTimes: Record<string, string> = {};
  const zone = 'timeZone' in shape && typeof given.timeZone === 'string' ? given.timeZone : undefined;
  // The schema rejects an unknown zone; until then the times count as UTC.
  const known = zone === undefined || isTimeZone(zone) ? zone : 'UTC';
  if (zone !== undefined && zone === known) delete input.timeZone;
  for (const [name, schema] of Object.entries(shape)) {
    const role = timeRoleOf(schema);
    const value = given[name];
    if (role === undefined || typeof value !== 'string') continue;
    const resolved = resolveTime(inStandardForm(value), role, known);
    if (typeof resolved === 'object')
      issues.push({ code: 'custom', path: [name], message: resolved.message, input: value });
    else input[name] = resolved;
  }
  for (const [name, schema] of Object.entries(shape)) {
    const role = timeRoleOf(schema);
    const end = Date.parse(String(input[name]));
    if (role === undefined || Number.isNaN(end)) continue;
    times[name] = role.days ? String(given[name]) : withoutMilliseconds(new Date(end));
    if (known !== undefined && !role.days) localTimes[name] = localTime(end, known);
    const start = role.start === undefined ? Number.NaN : Date.parse(String(input[role.start]));
    if (end > start || (end === start && role.role === 'until') || Number.isNaN(start)) continue;
    const message = `must be after ${role.start}, or the range is empty`;
    issues.push({ code: 'custom', path: [name], message, input: given[name] });
  }
  return {
    input,
    issues,
    ...(Object.keys(times).length > 0 && { times }),
    ...(Object.keys(localTimes).length > 0 && { localTimes }),
  };
}

/** One value in UTC, unchanged if its schema has to reject it, or what is wrong with it. */
function resolveTime(value: string, { role, days }: TimeRole, zone: string | undefined): string | { message: string } {
  if (isDay(value)) {
    if (role === 'instant') return { message: `needs a time of day, such as ${value}T09:00:00-05:00` };
    const next = new Date(Date.parse(value) + MS_PER_DAY).toISOString().slice(0, 10);
    if (days) return role === 'before' ? next : value;
    if (role === 'start') return startOfDay(value, zone).toISOString();
    const end = startOfDay(next, zone).getTime();
    return new Date(role === 'before' ? end : end - 1).toISOString();
  }
  if (days || !isLocalTime(value)) return value;
  if (zone === undefined) return { message: 'has no offset: add one (Z, +02:00), or pass timeZone' };
  const [instant, second] = instantsOf(value, zone);
  if (instant === undefined) return { message: `does not exist in ${zone}: clocks skip it` };
  if (second !== undefined) return { message: `occurs twice in ${zone}, as clocks go back: add the offset` };
  return new Date(instant).toISOString();
}

/** The first instant of a day. Where clocks skip midnight, it is the instant after. */
function startOfDay(day: string, zone = 'UTC'): Date {
  const utc = Date.parse(day);
  return new Date(instantsOf(day, zone)[0] ?? utc - offsetAt(utc - MS_PER_DAY, zone));
}

/** The instants at which clocks of the zone show a local time: one, none if they skip it, or two if they go back. */
function instantsOf(local: string, zone: string): number[] {
  const utc = Date.parse(local.includes('T') ? `${local}Z` : local);
  const offsets = new Set([offsetAt(utc - MS_PER_DAY, zone), offsetAt(utc + MS_PER_DAY, zone)]);
  return [...offsets]
    .map((offset) => utc - offset)
    .filter((instant) => utc - instant === offsetAt(instant, zone))
    .sort((a, b) => a - b);
}

/** How far the clocks of a zone are ahead of UTC, in milliseconds. */
export function offsetAt(instant: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(instant);
  const { value = 'GMT' } = parts.find(({ type }) => type === 'timeZoneName') ?? {};
  const [, sign, hours, minutes, seconds = 0] = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(value) ?? [];
  if (sign === undefined) return 0;
  return Number(`${sign}1`) * ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

/** E.g. `2026-01-31T09:00:00-05:00[America/New_York]`, the form of RFC 9557. */
function localTime(instant: number, zone: string): string {
  const offset = offsetAt(instant, zone);
  const size = new Date(Math.abs(offset)).toISOString().slice(11, 16);
  return `${new Date(instant + offset).toISOString().slice(0, 19)}${offset < 0 ? '-' : '+'}${size}[${zone}]`;
}

const withoutMilliseconds = (time: Date) => time.toISOString().replace(/\.\d+Z$/, 'Z');
