import type { Config } from '../config';
import { canonicalAddress } from '../formats';
import { PERIODS } from '../limit-settings';
import { countryOf } from '../numbering-plan';
import { offsetAt } from '../time';
import { PolicyError } from '../upper-bound';
import { numberOf, shown } from './rules';
import type { Action } from './safeguard';

/*
 * Quiet hours, by the clock of those whom a request reaches. The country of a number tells its time zones; where there
 * are several, it must not be quiet in any of them.
 */

const DAY_MINUTES = 1440;
/** All offsets of time zones are multiples of this. */
const STEP_MINUTES = 15;

type QuietHours = NonNullable<Config['quietHours']>;

/** Throws a `PolicyError` if a request reaches someone while it is quiet there, or if that cannot be told. */
export function refuseInQuietHours(action: Action, hours: QuietHours): void {
  const { recipients, unclear } = action;
  // Those who are on a call already are awake. Requests that name nobody have been refused, unless one clock is for all.
  const reached = recipients.length === 0 && unclear ? [''] : recipients;
  for (const recipient of reached) {
    const zones = zonesOf(recipient, hours);
    for (const time of timesOf(action)) {
      const offsets = [...new Set(zones.map((zone) => offsetAt(time || Date.now(), zone) / PERIODS.minute))];
      if (!isQuietAt(time, offsets, hours)) continue;
      const when = Number.isNaN(time) ? 'at an unknown time' : `at ${atUtc(time)}`;
      const next = nextAllowed(time, offsets, hours);
      throw new PolicyError(
        {
          rule: 'MCP_QUIET_HOURS',
          allows: `sends nothing from ${hours.from} to ${hours.to} ${hours.timeZone ?? "of the recipient's time"}`,
          problem: `that includes ${recipient === '' ? 'everyone' : shown(recipient)} ${when}`,
        },
        next === undefined ? undefined : `the next can be sent at ${atUtc(next)}`,
      );
    }
  }
}

/** The time zones in which a recipient may be. Throws a `PolicyError` if that cannot be told. */
function zonesOf(recipient: string, { timeZone }: QuietHours): readonly string[] {
  const number = numberOf(canonicalAddress(recipient));
  const country = number && countryOf(number);
  const zones = timeZone ? [timeZone] : zonesIn(country);
  if (zones.length === 0)
    throw new PolicyError({
      rule: 'MCP_QUIET_HOURS',
      allows: "keeps quiet hours in the recipient's time zone",
      problem: `that of ${shown(recipient)} is unknown`,
    });
  return zones;
}

/** Countries that Intl gives no time zone. */
const OTHER_ZONES: Readonly<Record<string, string>> = {
  AC: 'Atlantic/St_Helena',
  TA: 'Atlantic/St_Helena',
  XK: 'Europe/Belgrade',
};

/** The time zones of a country; none if the runtime does not know them. */
function zonesIn(country: string | undefined): readonly string[] {
  if (country === undefined) return [];
  const other = OTHER_ZONES[country];
  if (other) return [other];
  const locale = new Intl.Locale(`und-${country}`) as { timeZones?: string[]; getTimeZones?: () => string[] };
  return locale.getTimeZones?.() ?? locale.timeZones ?? [];
}

/** When a request reaches people, epoch ms: at once, or when Twilio sends a scheduled message. */
function timesOf({ operation, values }: Action): readonly number[] {
  const { SendAt = [], ScheduleType = [] } = operation.id === 'api_v2010:CreateMessage' ? values : {};
  const scheduled = SendAt.map((value) => Date.parse(String(value)));
  return scheduled.length === 1 && String(ScheduleType) === 'fixed' ? scheduled : [Date.now(), ...scheduled];
}

function isQuietAt(time: number, offsets: readonly number[], { from, to }: QuietHours): boolean {
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  return offsets.some((offset) => {
    const minute = (((time / PERIODS.minute + offset) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
    const isBetween = begin < end ? minute >= begin && minute < end : minute >= begin || minute < end;
    return isBetween || Number.isNaN(minute);
  });
}

const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** The first quarter of an hour within a day that is not quiet; undefined if there is none. */
function nextAllowed(time: number, offsets: readonly number[], hours: QuietHours): number | undefined {
  const step = STEP_MINUTES * PERIODS.minute;
  const start = Math.ceil(time / step) * step;
  return Array.from({ length: DAY_MINUTES / STEP_MINUTES }, (_, n) => start + n * step).find(
    (next) => !isQuietAt(next, offsets, hours),
  );
}

/** `2026-01-31 09:00 UTC` */
const atUtc = (time: number): string => `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
