import * as z from 'zod';
import { E164, isSegment, sidForm, sidOrEmptyPattern, sidPattern } from './formats';
import { isDay, isTimeZone, timeArgument } from './time';

/*
 * Schemas of arguments that several tools share. A parameter moves here when a second service needs it.
 * Anything that becomes a segment of a URL path goes through `sid` or `pathName`: Twilio's client encodes nothing and lets
 * dot segments pass.
 *
 * A description says what the argument means. Helpers whose values have a fixed form add that form, because several
 * clients drop patterns: `sid('CA', 'Call to end')` is listed as "Call to end (SID CA…)".
 */

/** Adds the form of a value to the first clause of a description: `Recipient (E.164, …); default …`. */
const withForm = (description: string, form: string) =>
  description.replace(/^[^;]*/, (clause) => `${clause} (${form})`);

/** Schemas of the arguments that `selector` marks. */
const selectors = new WeakSet<z.ZodType>();

/**
 * Marks an argument that selects the resource or tunes the request. An update with only such arguments changes nothing
 * and is rejected.
 */
export const selector = <S extends z.ZodType>(schema: S): S => {
  selectors.add(schema);
  return schema;
};

/** Whether `selector` marked the argument. */
export const isSelector = (schema: z.ZodType): boolean => selectors.has(schema);

/** A phone number, E.164. */
export const e164 = (description: string) =>
  z
    .string()
    .regex(E164, 'must be a phone number in E.164, such as +15551234567')
    .describe(withForm(description, 'E.164, such as +14155550123'));

/** The channels of addresses, each with an example. */
const CHANNEL_EXAMPLES = {
  whatsapp: 'whatsapp:+15551234567',
  rcs: 'rcs:+15551234567',
  messenger: 'messenger:1234567890',
  sip: 'sip:jack@example.com',
  client: 'client:alice',
};
export type Channel = keyof typeof CHANNEL_EXAMPLES;

/** The channel of an address with its colon, such as `whatsapp:`; empty for a phone number. */
export const channelOf = (address: string): string => /^[a-z]+:/i.exec(address)?.[0] ?? '';

const isNumberLike = (text: string) => /^[\d\s+().\p{Pd}]+$/u.test(text);

/** Whether a number in the address, if it is one, has the only form that Twilio matches. Parameters follow SIP and clients. */
function isWellFormed(value: string): boolean {
  const channel = channelOf(value);
  const rest = value.slice(channel.length);
  if (/^(sips?|client):$/.test(channel)) return /^\S{1,1300}$/.test(rest);
  if (!/^[^\s/?#][^/?#]{0,254}$/.test(value) || rest === '') return false;
  if (!isNumberLike(rest) || !/^(whatsapp:|rcs:)?$/.test(channel)) return true;
  return E164.test(rest) || (channel === '' && /^\d{3,8}$/.test(rest));
}

const isOf = (channels: readonly string[], value: string) =>
  ['', ...channels].includes(
    channelOf(value)
      .replace(/^sips:/, 'sip:')
      .slice(0, -1),
  );

const either = (items: readonly string[]) => items.join(', ').replace(/, (?=[^,]*$)/, ' or ');
const examplesOf = (channels: readonly Channel[]) =>
  either(['such as +15551234567', ...channels.map((channel) => CHANNEL_EXAMPLES[channel])]);
const formsOf = (channels: readonly Channel[]) => either(['E.164', ...channels.map((channel) => `${channel}:…`)]);

const addressSchema = (description: string, form: string, error: string, accepts: (value: string) => boolean) =>
  z
    .string()
    .regex(/^\S(.*\S)?$/, error)
    .refine((value) => isWellFormed(value) && accepts(value), error)
    .describe(withForm(description, form));

/**
 * A person or a sender as messages and calls address them: a number, a short code, a name, or an address of one of the
 * channels; without `channels`, of any.
 */
export const address = (description: string, channels?: readonly Channel[]) =>
  channels
    ? addressSchema(description, formsOf(channels), `must be an address ${examplesOf(channels)}`, (value) =>
        isOf(channels, value),
      )
    : addressSchema(
        description,
        'E.164, or channel:address',
        `must be an address ${examplesOf(['whatsapp'])}`,
        () => true,
      );

/** A person to message: a number, or an address of one of the channels. `advice` says what to do about others. */
export const recipient = (description: string, channels: readonly Channel[], advice?: string) =>
  addressSchema(
    description,
    formsOf(channels).replace('E.164', 'E.164, such as +14155550123'),
    `must be a phone number in E.164, ${examplesOf(channels)}${advice ? `; ${advice}` : ''}`,
    (value) => E164.test(value) || (channelOf(value) !== '' && isOf(channels, value)),
  );

/** A SID with one of the prefixes: `sid('SM|MM', …)`. */
export const sid = (prefixes: string, description: string) =>
  selector(
    z
      .string()
      .regex(sidPattern(prefixes), `must be ${sidForm(prefixes)}`)
      .describe(withForm(description, `SID ${prefixes.split('|').join('… or ')}…`)),
  );

const NAME = 'must be a name in one line without control characters, and not . or .. alone';

/** A name or key that a user chooses for a resource. Where it selects the resource, it is a `pathName`. */
export const chosenName = (description: string) =>
  z
    .string()
    .max(320)
    .regex(/^\S(.*\S)?$/, NAME)
    // Not in the pattern: OpenAI refuses every request with a lookahead in a schema.
    .refine(isSegment, NAME)
    .describe(description);

/**
 * A unique name, or the SID in its place, that becomes a path segment: `run` gets it encoded for the path, in the form
 * that `read` returns.
 */
export const pathName = (description: string, read = (name: string) => name) =>
  selector(
    chosenName(description).transform(read).refine(isSegment, NAME).transform(encodeURIComponent).describe(description),
  );

/** A thread of this server's Inbox. */
export const conversationId = (description: string) =>
  z
    .string()
    .regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, 'must be the UUID of a conversation')
    .describe(withForm(description, 'UUID'));

/** A resource that this one refers to until an empty string clears the reference. */
export const clearableSid = (prefix: string, description: string) =>
  z
    .string()
    .regex(sidOrEmptyPattern(prefix), `must be ${sidForm(prefix)}, or "" to clear it`)
    .describe(withForm(description, `SID ${prefix}…, or "" to clear it`));

/** Free text of 1 to `max` characters. */
export const string = (description: string, max: number) => z.string().min(1).max(max).describe(description);

/** An email address of up to 320 characters. */
export const email = (description: string) =>
  z
    .string()
    .max(320)
    .regex(/^[^\s@]+@[^\s@]+$/, 'must be an email address')
    .describe(description);

const isUrl = (value: string) => value.length <= 2048 && /^https?:\/\/\S+$/.test(value);

/** An absolute http(s) URL of up to 2,048 characters. */
export const url = (description: string) =>
  z.string().refine(isUrl, 'must be an absolute http(s) URL').describe(withForm(description, 'absolute URL'));

/** A URL that stays set until an empty string clears it. */
export const clearableUrl = (description: string) =>
  z
    .string()
    .refine((value) => value === '' || isUrl(value), 'must be an absolute http(s) URL, or "" to clear it')
    .describe(withForm(description, 'absolute URL, or "" to clear it'));

/** One to `max` absolute http(s) URLs. */
export const urls = (description: string, max: number) =>
  z.array(url('Address')).min(1).max(max).describe(withForm(description, 'absolute URLs'));

/** One of the values. */
export const oneOf = <const V extends readonly [string, ...string[]]>(description: string, values: V) =>
  z.enum(values).describe(description);

/** One or more of the values. */
export const someOf = <const V extends readonly [string, ...string[]]>(description: string, values: V) =>
  z.array(z.enum(values)).min(1).max(values.length).describe(description);

/** The HTTP method of a webhook. */
export const method = (of: string) => oneOf(`HTTP method of ${of}`, ['GET', 'POST']);

/** True or false. */
export const boolean = (description: string) => z.boolean().describe(description);

/** A whole number within both limits, inclusive. */
export const integer = (description: string, min: number, max: number) =>
  z.int().min(min).max(max).describe(description);

/** One to `max` strings, none empty. */
export const stringList = (description: string, max: number) =>
  z.array(z.string().min(1)).min(1).max(max).describe(description);

const INSTANT = 'ISO 8601, such as 2026-01-31T09:00:00-05:00';
const INSTANT_OR_DAY = 'ISO 8601 time or day';

const time = (description: string, form: string) =>
  z
    .string()
    .refine(
      (value) =>
        /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(value) &&
        !Number.isNaN(Date.parse(value)) &&
        isDay(value.slice(0, 10)),
      `must be ${INSTANT}${form === INSTANT_OR_DAY ? ', or a day, such as 2026-01-31' : ''}`,
    )
    .transform((value) => new Date(value))
    .describe(withForm(description, form));

/** An instant; parsed to a `Date`. The tool also takes `...timeZone()`. */
export const dateTime = (description: string) => timeArgument(time(description, INSTANT), { role: 'instant' });

/** The start of a search that has no end; a day is its first instant. The tool also takes `...timeZone()`. */
export const since = (description: string) => timeArgument(time(description, INSTANT_OR_DAY), { role: 'start' });

/** The zone of times without an offset and of days. `run` gets all times in UTC, and never the zone. */
export const timeZone = () => ({
  timeZone: selector(
    z
      .string()
      .refine(isTimeZone, 'must be an IANA time zone, such as America/New_York')
      .describe('IANA zone, such as America/New_York, of times without offset and of days (else UTC)')
      .optional(),
  ),
});

type Bound<Name extends string> = readonly [name: Name, description: string];
type Bounds<S extends string, E extends string> = { from: Bound<S> } & ({ before: Bound<E> } | { until: Bound<E> });
type Range<Name extends string> = Record<Name, z.ZodOptional<ReturnType<typeof time>>>;

/**
 * The two filters of a search by time: `timeRange({ from: ['dateSentAfter', '…'], before: ['dateSentBefore', '…'] })`.
 * `before` is the name of an exclusive end, `until` that of an inclusive one, according to Twilio's documentation. A day
 * as the end includes that day. An empty range is rejected.
 */
export function timeRange<const S extends string, const E extends string>(bounds: Bounds<S, E>) {
  const schema = (description: string) => time(description, INSTANT_OR_DAY).optional();
  return { ...rangeOf(bounds, schema), ...timeZone() };
}

/** The same for filters that Twilio or its client truncates to days. */
export function dayRange<const S extends string, const E extends string>(bounds: Bounds<S, E>) {
  const schema = (description: string) =>
    z
      .string()
      .refine(isDay, 'must be a day, such as 2026-01-31')
      .transform((value) => new Date(value))
      .describe(withForm(description, 'YYYY-MM-DD, UTC'))
      .optional();
  return rangeOf(bounds, schema, true);
}

function rangeOf<const S extends string, const E extends string>(
  bounds: Bounds<S, E>,
  schema: (description: string) => z.ZodOptional<ReturnType<typeof time>>,
  days = false,
) {
  const [start, startDescription] = bounds.from;
  const [role, [end, endDescription]] =
    'before' in bounds ? (['before', bounds.before] as const) : (['until', bounds.until] as const);
  return {
    [start]: timeArgument(schema(startDescription), { role: 'start', days }),
    [end]: timeArgument(schema(endDescription), { role, days, start }),
  } as Range<S | E>;
}

/** A country, ISO 3166-1 alpha-2. */
export const country = (description: string) =>
  selector(
    z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be a country as two capital letters, such as US')
      .describe(withForm(description, 'two letters, such as US')),
  );

/** A JSON object with the API's own key names; listed as JSON text, and accepted as an object too. */
export const jsonObject = <V extends z.ZodType = z.ZodUnknown>(description: string, values?: V) =>
  z.record(z.string(), (values ?? z.unknown()) as V).describe(withForm(description, 'JSON object'));

type Split<S extends string> = S extends `${infer First} ${infer Rest}` ? [First, ...Split<Rest>] : [S];

/** `words('sid status')` is `['sid', 'status']`, in one line and with the same type: for lists of fields or values. */
export const words = <const S extends string>(list: S): Readonly<Split<S>> => list.split(' ') as Split<S>;

/** Whether exactly one of several mutually exclusive arguments is given. */
export const exactlyOne = (...values: unknown[]): boolean => values.filter((value) => value !== undefined).length === 1;
