import { SegmentedMessage } from 'sms-segments-calculator';
import { seededRandom } from '../../sandbox/random';
import { segmentsOf } from '../../src/segments';

/*
 * Texts of every kind, and how Twilio's own calculator counts their segments.
 */

const GSM = [...'@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0189:;<=>?¡AMZÄÖÑÜ§¿amzäöñüà'];
const EXTENSION = [...'\f^{}\\[~]|€'];
const UCS = ['`', 'ç', 'ż', 'Ω', '中', '가', 'ᄀ', '\t', '’', '–', '\r\n', '\0', '\u00a0'];
const PAIRS = ['e\u0301', '😀', '👍', '𝒳', '👍🏽', '🇩🇪', '👩‍💻', '❤️', 'é', '👨‍👩‍👧', 'ก็'];
const ALPHABETS = [
  GSM,
  [...GSM, ...EXTENSION],
  EXTENSION,
  [...GSM, ...UCS],
  UCS,
  [...UCS, ...PAIRS],
  PAIRS,
  [...GSM, ...PAIRS],
];
/** Just below and above where another segment begins. */
const LENGTHS = [1, 35, 68, 71, 78, 135, 154, 162, 202, 307];

/** Texts, as many as `count`, whose encoding or segments the calculator sees otherwise. */
export function miscounted(count: number): unknown[] {
  const random = seededRandom(7);
  const below = (limit: number) => Math.floor(random() * limit);
  return Array.from({ length: count }, (_, n) => {
    const alphabet = ALPHABETS[n % ALPHABETS.length]!;
    const length = LENGTHS[below(LENGTHS.length)]! - 3 + below(6);
    const text = Array.from({ length: Math.max(0, length) }, () => alphabet[below(alphabet.length)]).join('');
    const { encodingName: encoding, segmentsCount: segments } = new SegmentedMessage(text);
    const counted = segmentsOf(text);
    return counted.encoding === encoding && counted.segments === segments ? [] : { text, encoding, segments, counted };
  }).flat();
}
