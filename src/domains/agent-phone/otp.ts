/** In the order in which they are tried; what says "code" goes before what only looks like one. */
const PATTERNS = [
  /(?:code|otp|pin|token|password)\s*(?:is|:)\s*(\d{4,8})(?!\d)/i,
  /(?<!\d)(\d{4,8})\s*(?:is your|is the)/i,
  // The same two, written in groups: 123-456, 123 456, 12-34-56.
  /(?:code|otp|pin|token|password)\s*(?:is|:)*\s*(?:[A-Z]-)?(\d{3,4}[- ]\d{3,4}|\d\d[- ]\d\d[- ]\d\d)(?![- ]?\d)/i,
  /(?<![\d-])(\d{3,4}[- ]\d{3,4})\s*(?:is your|is the)/i,
  // Alone: no amount, and neither a part of a word or a longer number, nor of one that is written in groups. G-123456 is.
  /(?<![\w+.,$€£₹-]|[$€£₹] |\d[ .-])(?:[A-Z]-)?(\d{4,8})(?![\w]|[-.,]\d| ?(?:[$€£₹]|(?:usd|eur|gbp|inr|dollars?|euros?|pounds?)\b))/i,
  /(?<![\d+-]|\d[ .-])(\d{3,4}[- ]\d{3,4})(?!\d|[- ]\d)/,
];

/** The one-time code in a text, digits only; undefined where there is none. */
export function findCode(text: string): string | undefined {
  for (const pattern of PATTERNS) {
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) return found.replace(/\D/g, '');
  }
  return undefined;
}
