import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countryOf } from '../src/numbering-plan';

/*
 * The countries of all North American area codes, compared with published data.
 */

const published: { countries: Record<string, string> } = JSON.parse(
  readFileSync(join(__dirname, 'data/area-codes.json'), 'utf8'),
);
const codesIn = (ranges: string): number[] =>
  ranges.split(' ').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, n) => first + n);
  });
const countries = new Map(
  Object.entries(published.countries).flatMap(([country, ranges]) =>
    codesIn(ranges).map((code) => [code, country] as const),
  ),
);

test('each area code is in the country that uses it, and in none if none does', () => {
  const all = Array.from({ length: 800 }, (_, n) => 200 + n);
  const ours = all.map((code) => [code, countryOf(`+1${code}5550100`)]);
  expect(ours).toEqual(all.map((code) => [code, countries.get(code)]));
});
