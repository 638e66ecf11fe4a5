/** Phone numbers for sale. They come from ranges that countries reserve for fiction, so they belong to no one. */
import { nationalFormat } from './phone';

export interface AvailableNumber {
  phone_number: string;
  friendly_name: string;
  iso_country: string;
  /** As in the path, e.g. `TollFree`. */
  type: string;
  area: string;
  locality: string | null;
  region: string | null;
  postal_code: string | null;
  rate_center: string | null;
  lata: string | null;
  latitude: number | null;
  longitude: number | null;
  capabilities: { voice: boolean; SMS: boolean; MMS: boolean; fax: boolean };
}

interface Area {
  code: string;
  locality: string | null;
  region: string | null;
  postal: string | null;
  lata?: string;
  at?: [number, number];
}

interface NumberRange {
  type: string;
  /** The number without its last `digits` digits. */
  prefix: (area: Area) => string;
  /** The last digits of the first number, and how many numbers there are. */
  from: number;
  count: number;
  digits: number;
  areas: Area[];
  sms: boolean;
  mms: boolean;
}

const US_AREAS: Area[] = [
  { code: '415', locality: 'San Francisco', region: 'CA', postal: '94105', lata: '722', at: [37.7893, -122.3942] },
  { code: '212', locality: 'New York', region: 'NY', postal: '10001', lata: '132', at: [40.7506, -73.9972] },
  { code: '312', locality: 'Chicago', region: 'IL', postal: '60601', lata: '358', at: [41.8858, -87.6229] },
  { code: '206', locality: 'Seattle', region: 'WA', postal: '98101', lata: '674', at: [47.6114, -122.3305] },
  { code: '512', locality: 'Austin', region: 'TX', postal: '78701', lata: '558', at: [30.2713, -97.7426] },
  { code: '303', locality: 'Denver', region: 'CO', postal: '80202', lata: '656', at: [39.7491, -104.9946] },
  { code: '305', locality: 'Miami', region: 'FL', postal: '33101', lata: '460', at: [25.7791, -80.1978] },
  { code: '617', locality: 'Boston', region: 'MA', postal: '02108', lata: '128', at: [42.3576, -71.0684] },
  { code: '202', locality: 'Washington', region: 'DC', postal: '20001', lata: '236', at: [38.9101, -77.0147] },
];
const CA_AREAS: Area[] = [
  { code: '416', locality: 'Toronto', region: 'ON', postal: 'M5H', lata: '888', at: [43.6509, -79.3845] },
  { code: '604', locality: 'Vancouver', region: 'BC', postal: 'V6B', lata: '888', at: [49.2791, -123.115] },
];
const TOLL_FREE: Area[] = ['800', '888', '877', '866', '855', '844', '833'].map(areaWithCode);

function areaWithCode(code: string): Area {
  return { code, locality: null, region: null, postal: null };
}

function northAmerican(areas: Area[]): NumberRange[] {
  const prefix = (area: Area) => `+1${area.code}55501`;
  const base = { prefix, from: 0, count: 100, digits: 2, sms: true, mms: true };
  return [
    { ...base, type: 'Local', areas },
    { ...base, type: 'TollFree', areas: TOLL_FREE },
  ];
}

/** A range that is not split into area codes. */
function singleRange(
  type: string,
  prefix: string,
  digits: number,
  sms: boolean,
  locality: string | null = null,
): NumberRange {
  const areas = [{ code: '', locality, region: null, postal: null }];
  return { type, prefix: () => prefix, from: 0, count: 100, digits, areas, sms, mms: false };
}

const COUNTRIES: Record<string, { name: string; ranges: NumberRange[] }> = {
  US: {
    name: 'United States',
    ranges: [...northAmerican(US_AREAS), singleRange('MachineToMachine', '+152155501', 2, true)],
  },
  CA: { name: 'Canada', ranges: northAmerican(CA_AREAS) },
  GB: {
    name: 'United Kingdom',
    ranges: [
      singleRange('Local', '+442079460', 3, false, 'London'),
      singleRange('Mobile', '+447700900', 3, true),
      singleRange('TollFree', '+448081570', 3, false),
      singleRange('National', '+443069990', 3, false),
    ],
  },
  AU: {
    name: 'Australia',
    ranges: [
      singleRange('Local', '+6125550', 5, false, 'Sydney'),
      singleRange('Mobile', '+6149157', 4, true),
      singleRange('TollFree', '+611800160', 3, false),
      { ...singleRange('SharedCost', '+611300975', 3, false), from: 707, count: 5 },
    ],
  },
  DE: {
    name: 'Germany',
    ranges: [singleRange('Local', '+493023125', 3, false, 'Berlin'), singleRange('Mobile', '+4917139200', 2, true)],
  },
  FR: {
    name: 'France',
    ranges: [singleRange('Local', '+33199000', 4, false, 'Paris'), singleRange('Mobile', '+3363998', 4, true)],
  },
  IE: {
    name: 'Ireland',
    ranges: [singleRange('Local', '+35312091', 3, false, 'Dublin'), singleRange('Voip', '+35320910', 4, false)],
  },
  SE: {
    name: 'Sweden',
    ranges: [singleRange('Local', '+46846500', 3, true, 'Stockholm'), singleRange('Mobile', '+467017400', 2, true)],
  },
};

/** Names and number types by country, e.g. `{ US: { name: 'United States', types: ['Local', 'TollFree'] } }`. */
export const COUNTRY_SUPPLY: Record<string, { name: string; types: string[] }> = Object.fromEntries(
  Object.entries(COUNTRIES).map(([code, { name, ranges }]) => [
    code,
    { name, types: ranges.map((range) => range.type) },
  ]),
);

/**
 * All numbers of a country and type, alternating between areas. `areaCode` may be any local area code of the US or
 * Canada, not only one in the table above.
 */
export function availableNumbers(country: string, type: string, areaCode?: string): AvailableNumber[] {
  const range = COUNTRIES[country]?.ranges.find((candidate) => candidate.type === type);
  if (!range) return [];
  let areas = range.areas;
  if (areaCode) {
    areas = areas.filter((area) => area.code === areaCode);
    const isNorthAmerican = (country === 'US' || country === 'CA') && /^[2-9]\d\d$/.test(areaCode);
    const isInvented = type === 'Local' && isNorthAmerican && !TOLL_FREE.some(({ code }) => code === areaCode);
    // With Twilio's test credentials, area code 533 has no numbers.
    if (areas.length === 0 && isInvented && areaCode !== '533') areas = [areaWithCode(areaCode)];
  }
  const numbers: AvailableNumber[] = [];
  for (let i = range.from; i < range.from + range.count; i++) {
    for (const area of areas) numbers.push(toAvailableNumber(country, range, area, i));
  }
  return numbers;
}

/** The number for sale in E.164; undefined if it is not for sale. */
export function availableNumber(number: string): AvailableNumber | undefined {
  for (const [country, { types }] of Object.entries(COUNTRY_SUPPLY)) {
    for (const type of types) {
      const areaCode = /^\+1([2-9]\d\d)/.exec(number)?.[1];
      const found = availableNumbers(country, type, country === 'US' ? areaCode : undefined).find(
        (candidate) => candidate.phone_number === number,
      );
      if (found) return found;
    }
  }
  return undefined;
}

function toAvailableNumber(country: string, range: NumberRange, area: Area, i: number): AvailableNumber {
  const phone_number = range.prefix(area) + String(i).padStart(range.digits, '0');
  return {
    phone_number,
    friendly_name: nationalFormat(phone_number),
    iso_country: country,
    type: range.type,
    area: area.code,
    locality: area.locality,
    region: area.region,
    postal_code: area.postal,
    rate_center: area.locality?.toUpperCase() ?? null,
    lata: area.lata ?? null,
    latitude: area.at?.[0] ?? null,
    longitude: area.at?.[1] ?? null,
    capabilities: { voice: true, SMS: range.sms, MMS: range.mms, fax: false },
  };
}
