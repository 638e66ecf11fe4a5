/** Numbers that are no codes: addresses, phone numbers, dates, references, cards, durations and amounts. */
const OTHER_NUMBERS = [
  /\S*:\/\/\S+|\b[\w-]+(?:\.[\w-]+)+\/\S*/g,
  /\+\d[\d ().-]{6,}\d|\b\d{1,4}(?:[-.]\d{3,4}){2,}\b|\d{9,}/g,
  /\b\d{1,4}([/.])\d{1,2}\1\d{1,4}\b|\b\d{4}-\d\d-\d\d\b|\b\d\d-\d\d-\d{4}\b/g,
  /\b(?:\d{1,2} )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (?:\d{1,2},? )?\d{4}\b/gi,
  /\b(?:ref|reference|order|invoice|booking|ticket|case|account|transaction)(?:[ .:#]|no|number|id)*#?\d+(?![\w-])/gi,
  /\bend(?:s|ing)(?: in| with)? \d{3,4}\b|[x*•]{2,}[ -]?\d{3,4}\b/gi,
  /\b\d+ ?(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?)\b/gi,
  /[$€£₹] ?\d[\d.,]*|\d+(?:[.,]\d+)* ?(?:[$€£₹](?!\d)|(?:usd|eur|gbp|inr|dollars?|euros?|pounds?)\b)/gi,
];

const NAME = '(?:code|otp|pin|token|password)';
const GROUPED = '(\\d{3,4}[- ]\\d{3,4}|\\d\\d[- ]\\d\\d[- ]\\d\\d)';
const LETTERED = '((?=[a-z-]*\\d)(?=[\\d-]*[a-z])(?:[a-z\\d]{4,10}|[a-z\\d]{3,6}-[a-z\\d]{3,6}))';
/** The sender's initials before a code that is entered without them: G-123456. */
const PREFIX = '(?:[a-z]{1,2}-)?';

/** Tried in this order: text that names a code comes before digits that only look like one. */
const PATTERNS = [
  `${NAME}\\s*(?:is|:)\\s*(\\d{4,8})(?!\\w|-\\d)`,
  '(?<![\\w.,])(\\d{4,8})\\s*(?:is your|is the)',
  `${NAME}\\s*(?:is|:)*\\s*${PREFIX}${GROUPED}(?![- ]?\\d)`,
  `(?<![\\d-])${GROUPED}\\s*(?:is your|is the)`,
  `${NAME}(?:\\s*(?:is\\b|:)+\\s*|\\s+)${LETTERED}(?![\\w-])`,
  `(?<![\\w-])${LETTERED}\\s*(?:is your|is the)`,
  // The next digits of the sentence: "pin 1234", "code for Acme (4433)".
  `${NAME}\\b[^\\d.!?\\n]{0,40}?(?<!\\w|[a-z]{3}-)(\\d{4,8})(?!\\w|[-.,]\\d)`,
  // Digits alone: what may be a year comes last.
  `(?<![\\w.,+-])${PREFIX}(?!(?:19|20)\\d\\d(?!\\d))(\\d{4,8})(?!\\w|[-.,]\\d)`,
  '(?<![\\d+-]|\\d[ .-])(\\d{3,4}[- ]\\d{3,4}|\\d\\d \\d\\d \\d\\d)(?!\\d|[- ]\\d)',
  `(?<![\\w.,+-])(\\d{4})(?!\\w|[-.,]\\d)`,
].map((source) => new RegExp(source, 'i'));

/**
 * Returns the one-time code in a text, or undefined if it has none. Spaces and hyphens between digits are left out, and
 * so are the sender's initials before them.
 */
export function findCode(text: string): string | undefined {
  const rest = OTHER_NUMBERS.reduce((left, pattern) => left.replace(pattern, '¤'), text);
  for (const pattern of PATTERNS) {
    const found = pattern.exec(rest)?.[1];
    if (found !== undefined) return /[a-z]/i.test(found) ? found : found.replace(/\D/g, '');
  }
  return undefined;
}
