/** Countries with their calling codes. Their English names come from Node.js. */
import CODES_BY_CONTINENT from '../data/countries.json';

export interface Country {
  iso: string;
  name: string;
  /** As Twilio writes it, e.g. `NORTH_AMERICA`. */
  continent: string;
  /** Digits that numbers of the country begin with; those of Canada are its area codes. */
  prefixes: string[];
}

const NAMES = new Intl.DisplayNames('en', { type: 'region' });

/** All countries by ISO code. */
export const ALL_COUNTRIES: ReadonlyMap<string, Country> = new Map(
  Object.entries(CODES_BY_CONTINENT).flatMap(([continent, list]) =>
    [...list.matchAll(/([A-Z]{2}) ([\d,]+)/g)].map(([, iso, codes]) => {
      const country = { iso: iso!, name: NAMES.of(iso!)!, continent, prefixes: codes!.split(',') };
      return [country.iso, country] as const;
    }),
  ),
);

const BY_PREFIX = new Map(
  [...ALL_COUNTRIES.values()].flatMap((country) => country.prefixes.map((code) => [code, country])),
);

/** The country of a number in E.164: the one with the longest matching prefix. */
export function callingCountry(number: string): Country | undefined {
  const digits = number.replace(/^\+/, '');
  for (let length = 4; length > 0; length--) {
    const country = BY_PREFIX.get(digits.slice(0, length));
    if (country) return country;
  }
  return undefined;
}
