/** Searching, buying and releasing numbers; numbers of a Messaging Service; lookups. */

import { snake } from '../../openapi/names';
import type { Body } from '../answer';
import { notFound, Refusal, refuseViolations } from '../errors';
import { answerItems } from '../lists';
import { place } from '../place';
import type { Resource } from '../store';
import type { Answer, Call, Rule } from '../world';
import { formatted } from './calls';
import { type FreeNumber, freeNumber, freeNumbers, SUPPLY } from './inventory';
import { ACCOUNTS, isE164, MAGIC, NUMBER_DEFAULTS, ownedNumbers } from './phone';

// ---------------------------------------------------------------- search

function search(call: Call): Answer {
  const country = call.target.params.CountryCode!;
  const type = /\/(\w+)\.json$/.exec(call.operation.path)![1]!;
  if (!SUPPLY[country]?.types.includes(type)) throw notFound(call.entry.path);
  const query = call.query as Record<string, string | number | boolean | undefined>;
  const near = /^\+1(\d{3})/.exec(String(query.NearNumber ?? ''))?.[1];
  const areaCode = query.AreaCode === undefined ? near : String(query.AreaCode);
  const taken = new Set(takenNumbers(call));
  const pattern = query.Contains === undefined ? undefined : containsPattern(String(query.Contains));
  const free = freeNumbers(country, type, areaCode)
    .filter((number) => !taken.has(number.phone_number))
    .filter((number) => !pattern || pattern.test(number.phone_number.slice(1)))
    .filter((number) => fits(number, query));
  return answerItems(call, free.map(described));
}

function fits(number: FreeNumber, query: Record<string, unknown>): boolean {
  const { capabilities } = number;
  const same = (wanted: unknown, actual: string | null) =>
    wanted === undefined || String(wanted).toLowerCase() === actual?.toLowerCase();
  return (
    (query.SmsEnabled !== true || capabilities.SMS) &&
    (query.MmsEnabled !== true || capabilities.MMS) &&
    (query.VoiceEnabled !== true || capabilities.voice) &&
    (query.FaxEnabled !== true || capabilities.fax) &&
    same(query.InRegion, number.region) &&
    same(query.InLocality, number.locality) &&
    same(query.InPostalCode, number.postal_code) &&
    same(query.InRateCenter, number.rate_center) &&
    same(query.InLata, number.lata)
  );
}

/** Twilio's pattern: letters stand for keys, `*` for one digit, `%` for some, `+` and `$` for the ends. */
function containsPattern(contains: string): RegExp {
  const keys = 'abc2def3ghi4jkl5mno6pqrs7tuv8wxyz9';
  const source = [...contains.toLowerCase()].map((character, i) => {
    if (character === '*') return '\\d';
    if (character === '%') return '\\d*';
    if (character === '+' && i === 0) return '^';
    if (character === '$') return '$';
    if (/[a-z]/.test(character)) return /\d/.exec(keys.slice(keys.indexOf(character)))![0];
    return /\d/.test(character) ? character : '(?!)';
  });
  return new RegExp(source.join(''));
}

function described(number: FreeNumber): Body {
  const { type: _, area: __, ...rest } = number;
  return { ...rest, address_requirements: 'none', beta: false };
}

function takenNumbers(call: Call): string[] {
  return call.world.store
    .ofKind(`${ACCOUNTS}/{}/IncomingPhoneNumbers`)
    .map((number) => String(number.body.phone_number));
}

function countries(call: Call): Answer {
  return {
    status: 200,
    body: { countries: Object.keys(SUPPLY).map((code) => country(call, code)), uri: call.entry.path },
  };
}

function country(call: Call, code: string): Body {
  const supply = SUPPLY[code];
  if (!supply) throw notFound(call.entry.path);
  const base = `/2010-04-01/Accounts/${call.accountSid}/AvailablePhoneNumbers/${code}`;
  const links = supply.types.map((type) => [snake(type), `${base}/${type}.json`]);
  return {
    country_code: code,
    country: supply.name,
    uri: `${base}.json`,
    beta: false,
    subresource_uris: Object.fromEntries(links),
  };
}

// ---------------------------------------------------------------- buy

function choose(call: Call): FreeNumber {
  const { PhoneNumber, AreaCode } = call.fields as Record<string, string | undefined>;
  if (!PhoneNumber && !AreaCode) throw refuseViolations(['either form field "PhoneNumber" or "AreaCode" is needed']);
  const magic = {
    ...freeNumbers('US', 'Local', '500')[0]!,
    phone_number: MAGIC.valid,
    friendly_name: formatted(MAGIC.valid),
  };
  if (PhoneNumber === MAGIC.valid || (!PhoneNumber && AreaCode === '500')) return magic;
  if (PhoneNumber === MAGIC.invalid || (PhoneNumber && !isE164(PhoneNumber))) {
    throw new Refusal(400, 21421, `Phone number ${PhoneNumber} is invalid`);
  }
  const taken = new Set(takenNumbers(call));
  if (PhoneNumber) {
    const found = freeNumber(PhoneNumber);
    if (!found || taken.has(PhoneNumber)) throw new Refusal(400, 21422, `${PhoneNumber} is not available`);
    return found;
  }
  const found = ['US', 'CA']
    .flatMap((code) => freeNumbers(code, 'Local', AreaCode))
    .find((one) => !taken.has(one.phone_number));
  if (!found) throw new Refusal(400, 21452, `No phone numbers found in area code ${AreaCode}`);
  return found;
}

const buy: Rule = {
  check: (call) => void choose(call),
  created(call, resource) {
    const chosen = choose({ ...call, world: withoutResource(call, resource) });
    const { voice, SMS: sms, MMS: mms, fax } = chosen.capabilities;
    const given = Object.fromEntries(
      Object.entries(resource.body).filter(([, value]) => value !== null && value !== false),
    );
    Object.assign(resource.body, NUMBER_DEFAULTS, settings(call, given), {
      phone_number: chosen.phone_number,
      friendly_name: call.fields.FriendlyName ?? chosen.friendly_name,
      capabilities: { voice, sms, mms, fax },
    });
    resource.notes.type = snake(chosen.type).replaceAll('_', '-');
  },
};

/** The choice is made again when the new number is stored already: it must not stand in its own way. */
function withoutResource(call: Call, resource: Resource) {
  const store = Object.create(call.world.store) as typeof call.world.store;
  store.ofKind = (kind) => call.world.store.ofKind(kind).filter((one) => one !== resource);
  return { ...call.world, store };
}

/** What the buyer configured at once. */
function settings(call: Call, body: Body): Body {
  const snake = (name: string) => name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  const names = new Set(Object.keys(call.fields).map(snake));
  return Object.fromEntries(Object.entries(body).filter(([name]) => names.has(name)));
}

// ---------------------------------------------------------------- messaging services, lookups

const addToService: Rule = {
  check(call) {
    const sid = String(call.fields.PhoneNumberSid);
    const number = ownedNumbers(call.world, call.accountSid).find((one) => one.id === sid);
    if (!number && !call.world.options.lenient) throw new Refusal(404, 21421, `Phone Number SID ${sid} is not valid`);
    const services = call.world.store
      .ofKind('messaging.twilio.com/v1/Services/{}/PhoneNumbers')
      .filter((one) => one.id === sid);
    if (services.some((one) => one.collection !== call.target.collection)) {
      throw new Refusal(409, 21712, 'Phone Number or Short Code is associated with another Messaging Service.');
    }
    if (services.length > 0) {
      throw new Refusal(409, 21710, 'Phone Number or Short Code is already in the Messaging Service.');
    }
  },
  answer(call) {
    const sid = String(call.fields.PhoneNumberSid);
    const number = ownedNumbers(call.world, call.accountSid).find((one) => one.id === sid);
    const capabilities = Object.entries((number?.body.capabilities as Body | undefined) ?? { voice: true, sms: true });
    const resource = place(call.world, {
      reads: 'messaging_v1:FetchPhoneNumber',
      params: { ServiceSid: call.target.params.ServiceSid! },
      known: {
        sid,
        account_sid: call.accountSid,
        service_sid: call.target.params.ServiceSid,
        phone_number: number?.body.phone_number ?? MAGIC.valid,
        country_code: String(number?.body.phone_number ?? '').startsWith('+44') ? 'GB' : 'US',
        capabilities: capabilities
          .filter(([, has]) => has)
          .map(([name]) => (name === 'voice' ? 'Voice' : name.toUpperCase())),
      },
      at: call.now,
    });
    return { status: 201, body: resource.body };
  },
};

/** Packages of Lookup v2: null unless asked for. */
const PLAIN_LOOKUP = [
  'calling_country_code',
  'country_code',
  'phone_number',
  'national_format',
  'valid',
  'validation_errors',
  'url',
];

const lookup: Rule = {
  decorate(call, _resource, answer) {
    const body = answer.body as Body;
    const number = call.target.params.PhoneNumber!;
    const fields = String(call.query.Fields ?? '').split(',');
    for (const name of Object.keys(body)) {
      if (PLAIN_LOOKUP.includes(name)) continue;
      // Each package has an example of its own, in which the others are null.
      const shown = call.operation.success.examples.map((example) => (example as Body)[name]).find((value) => value);
      body[name] = fields.includes(name) ? (body[name] ?? shown ?? null) : null;
    }
    const valid = isE164(number);
    const british = number.startsWith('+44');
    Object.assign(body, {
      valid,
      validation_errors: valid ? [] : [number.replace(/\D/g, '').length < 7 ? 'TOO_SHORT' : 'INVALID_COUNTRY_CODE'],
      phone_number: number,
      country_code: valid ? (british ? 'GB' : 'US') : null,
      calling_country_code: valid ? (british ? '44' : '1') : null,
      national_format: valid ? formatted(number) : null,
    });
  },
};

const SEARCHES = ['Local', 'MachineToMachine', 'Mobile', 'National', 'SharedCost', 'TollFree', 'Voip'];

export const NUMBER_RULES: Record<string, Rule> = {
  ...Object.fromEntries(SEARCHES.map((type) => [`api_v2010:ListAvailablePhoneNumber${type}`, { answer: search }])),
  'api_v2010:ListAvailablePhoneNumberCountry': { answer: countries },
  'api_v2010:FetchAvailablePhoneNumberCountry': {
    answer: (call) => ({ status: 200, body: country(call, call.target.id!) }),
  },
  'api_v2010:CreateIncomingPhoneNumber': buy,
  'api_v2010:CreateIncomingPhoneNumberLocal': buy,
  'api_v2010:CreateIncomingPhoneNumberMobile': buy,
  'api_v2010:CreateIncomingPhoneNumberTollFree': buy,
  'messaging_v1:CreatePhoneNumber': addToService,
  'lookups_v2:FetchPhoneNumber': lookup,
};
