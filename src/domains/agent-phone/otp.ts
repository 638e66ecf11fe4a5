/** Tried in this order: text that names a code comes before digits that only look like one. */
const PATTERNS = [
  /(?:code|otp|pin|token|password)\s*(?:is|:)\s*(\d{4,8})(?!\d)/i,
  /(?<!\d)(\d{4,8})\s*(?:is your|is the)/i,
  // The same two with grouped digits: 123-456, 123 456, 12-34-56.
  /(?:code|otp|pin|token|password)\s*(?:is|:)*\s*(?:[A-Z]-)?(\d{3,4}[- ]\d{3,4}|\d\d[- ]\d\d[- ]\d\d)(?![- ]?\d)/i,
  /(?<![\d-])(\d{3,4}[- ]\d{3,4})\s*(?:is your|is the)/i,
  // Digits alone, unless they are an amount or part of a word or of a longer or grouped number. G-123456 matches.
  /(?<![\w+.,$€£₹-]|[$€£₹] |\d[ .-])(?:[A-Z]-)?(\d{4,8})(?![\w]|[-.,]\d| ?(?:[$€£₹]|(?:usd|eur|gbp|inr|dollars?|euros?|pounds?)\b))/i,
  /(?<![\d+-]|\d[ .-])(\d{3,4}[- ]\d{3,4})(?!\d|[- ]\d)/,
];

/** Returns the one-time code in a text, digits only, or undefined if it has none. */
export function findCode(text: string): string | undefined {
  for (const pattern of PATTERNS) {
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) return found.replace(/\D/g, '');
  }
  return undefined;
}
