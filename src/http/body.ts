/*
 * Which keys of an event were in the body? The platform does not say, but it reports the body's length. A body exactly
 * as long as the message alone, in one of the ways clients write JSON, contains only the message.
 */

type BodyFields = Readonly<Record<string, unknown>>;

/** Numbers may be written shorter than JavaScript writes them (1e5 for 100000). */
const NUMBER_SLACK = 32;

/** Whether a body of `length` bytes can contain this message. If it is too short, part of the message was in the URL. */
export const couldHold = (length: number, message: BodyFields): boolean =>
  length + NUMBER_SLACK >= bytes(JSON.stringify(message));

/**
 * Whether a body of `length` bytes contains this message and nothing of `others`: the rest is too short for them, or the
 * length is that of the message in a common JSON style.
 */
export function holds(length: number, message: BodyFields, others: BodyFields): boolean {
  const compact = JSON.stringify(message);
  // The braces of one object stand for the comma of the other and a final line break.
  if (length - bytes(compact) < bytes(JSON.stringify(others)) - 1) return true;
  return [compact, spaced(message)].some((written) =>
    [written, ascii(written), cautious(written)].some((form) => [0, 1].includes(length - bytes(form))),
  );
}

const bytes = (text: string) => Buffer.byteLength(text);

/** As Python's `json.dumps` writes it: a space after each comma and colon. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${spaced(item)}`);
  return `{${entries.join(', ')}}`;
}

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** With every character outside ASCII escaped, as Python and PHP do. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII itself
const ascii = (json: string) => json.replace(/[^\x00-\x7f]/g, escaped);

/** With what HTML could misread escaped too, as .NET does. */
const cautious = (json: string) => ascii(json.replace(/\\"/g, '\\u0022').replace(/[&'+<>`]/g, escaped));
