import { segmentsOf } from '../src/segments';
import { miscounted } from './support/segment-texts';

test("texts of every kind are counted as Twilio's own calculator counts them", () => {
  expect(miscounted(3000)).toEqual([]);
});

test.each([
  ['', 'GSM-7', 1],
  ['a'.repeat(160), 'GSM-7', 1],
  ['a'.repeat(161), 'GSM-7', 2],
  ['a'.repeat(306), 'GSM-7', 2],
  ['a'.repeat(307), 'GSM-7', 3],
  ['€'.repeat(80), 'GSM-7', 1],
  // A segment of 153 places has no room for half of a €.
  ['€'.repeat(153), 'GSM-7', 3],
  ['ż'.repeat(70), 'UCS-2', 1],
  ['ż'.repeat(71), 'UCS-2', 2],
  ['ż'.repeat(135), 'UCS-2', 3],
  ['😀'.repeat(35), 'UCS-2', 1],
  ['😀'.repeat(67), 'UCS-2', 3],
])('counts %j', (text, encoding, segments) => {
  expect(segmentsOf(text)).toEqual({ encoding, segments });
});
