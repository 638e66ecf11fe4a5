/*
 * How a text is sent by SMS: https://www.twilio.com/docs/glossary/what-sms-character-limit
 */

const GSM = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà\f^{}\\[~\]|€]*$/;
/** Characters of GSM-7 that take two places. */
const GSM_EXTENSION = /[\f^{}\\[~\]|€]/;

/** The encoding of a text, and how many segments are charged. */
export function segmentsOf(text: string): { encoding: 'GSM-7' | 'UCS-2'; segments: number } {
  const isGsm = GSM.test(text);
  const [whole, part] = isGsm ? [160, 153] : [70, 67];
  // What is read as one character is not split.
  const sizes = isGsm
    ? [...text].map((character) => (GSM_EXTENSION.test(character) ? 2 : 1))
    : Array.from(new Intl.Segmenter().segment(text.replaceAll('\r\n', '\n\n')), ({ segment }) => segment.length);
  let [segments, used] = [1, 0];
  if (sizes.reduce((sum, size) => sum + size, 0) > whole) {
    for (const size of sizes) {
      if (used + size > part) [segments, used] = [segments + 1, 0];
      used += size;
    }
  }
  return { encoding: isGsm ? 'GSM-7' : 'UCS-2', segments };
}
