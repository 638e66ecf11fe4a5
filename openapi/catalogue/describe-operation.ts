import type { SpecOperation } from '../spec';
import { verbOf } from './search-index';

/*
 * Twilio's words as agents need them: plain, and no longer than it takes to use a thing.
 */

const LONGEST_DESCRIPTION = 320;
const LONGEST_SUMMARY = 160;

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

export function described(description: string | undefined): { description?: string } {
  if (!description) return {};
  const plain = description
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  if (plain.length <= LONGEST_DESCRIPTION) return { description: plain };
  let whole = '';
  for (const { segment } of sentences.segment(plain)) {
    if (whole.length + segment.trimEnd().length > LONGEST_DESCRIPTION) break;
    whole += segment;
  }
  if (whole.length > LONGEST_DESCRIPTION / 3) return { description: whole.trimEnd() };
  const cut = plain.slice(0, LONGEST_DESCRIPTION);
  return { description: `${cut.slice(0, cut.lastIndexOf(' '))} …` };
}

/** The parameters that page through a list are the same everywhere, and nothing to write by hand. */
export const pagingWords = (name: string): string | undefined =>
  /^page(_?token)?$/i.test(name) ? 'as nextPage told it' : undefined;

const VERB_WORDS = { list: 'List', fetch: 'Get', create: 'Create', update: 'Update', delete: 'Delete' } as const;

/** Twilio's own line, or one of verb, resource and place. */
export function summaryOf(source: SpecOperation): string {
  const own = described(source.summary || source.description).description;
  if (own) return [...sentences.segment(own)][0]!.segment.trim().replace(/\.$/, '').slice(0, LONGEST_SUMMARY);
  const places = source.path
    .split('/')
    .filter((segment) => !/^(|v\d+|\d{4}-.*|Accounts|ControlPlane|\{.*)$/.test(segment))
    .map((segment) => spoken(segment.replace('.json', '')))
    .reverse();
  const name = spoken(source.id.replace(/.*:(List|Fetch|Create|Update|Patch|Delete)?/, ''));
  const many = verbOf(source) === 'list' && name.endsWith(singular(places[0]!));
  const resource = many ? name.replace(new RegExp(`${singular(places[0]!)}$`), places[0]!) : name;
  const owners = places.slice(1).filter((place) => !name.includes(singular(place)));
  const of = owners.length > 0 ? ` of ${owners.map(singular).join(', ')}` : '';
  return `${VERB_WORDS[verbOf(source)]} ${resource}${of}`;
}

/** `SipAuthCalls` is "SIP auth calls". */
const spoken = (name: string): string =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replace(
      /\b(us|a2p|sms|mms|ip|sip|url|sim|esim|byoc|otp|aws)(s?)\b/g,
      (_, short: string, plural: string) => short.toUpperCase() + plural,
    );

const singular = (plural: string): string =>
  plural
    .replace(/ies$/, 'y')
    .replace(/(?<=ss|x|ch)es$/, '')
    .replace(/(?<!s)s$/, '');
