import { singular } from '../../src/operations/tokenize';
import type { SpecOperation } from '../spec';
import { verbOf } from './search-index';

/*
 * Summaries and descriptions for agents: Twilio's text without markup and shortened.
 */

const MAX_DESCRIPTION = 320;
const MAX_SUMMARY = 160;

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Plain text without links, cut at a sentence or a word; an empty object without a description. */
export function toDescription(description: string | undefined): { description?: string } {
  if (!description) return {};
  const plain = description
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  if (plain.length <= MAX_DESCRIPTION) return { description: plain };
  let sentencesThatFit = '';
  for (const { segment } of sentences.segment(plain)) {
    if (sentencesThatFit.length + segment.trimEnd().length > MAX_DESCRIPTION) break;
    sentencesThatFit += segment;
  }
  if (sentencesThatFit.length > MAX_DESCRIPTION / 3) return { description: sentencesThatFit.trimEnd() };
  const cut = plain.slice(0, MAX_DESCRIPTION);
  return { description: `${cut.slice(0, cut.lastIndexOf(' '))} …` };
}

/** Description of a parameter that pages through a list: its value comes from the page before. */
export const pagingDescription = (name: string): string | undefined =>
  /^page(_?token)?$/i.test(name) ? 'Value from nextPage of the previous page' : undefined;

const VERB_WORDS = { list: 'List', fetch: 'Get', create: 'Create', update: 'Update', delete: 'Delete' } as const;

/** Twilio's summary unless it is a link, or one made of verb, resource and parent resources. */
export function summaryOf(source: SpecOperation): string {
  const own = toDescription(source.summary || source.description).description;
  if (own && !own.includes('://'))
    return [...sentences.segment(own)][0]!.segment.trim().replace(/\.$/, '').slice(0, MAX_SUMMARY);
  const places = source.path
    .split('/')
    .filter((segment) => !/^(|v\d+|\d{4}-.*|Accounts|ControlPlane|\{.*)$/.test(segment))
    .map((segment) => toWords(segment.replace('.json', '')))
    .reverse();
  const name = toWords(source.id.replace(/.*:(List|Fetch|Create|Update|Patch|Delete)?/, ''));
  const many = verbOf(source) === 'list' && name.endsWith(singular(places[0]!));
  const resource = many ? name.replace(new RegExp(`${singular(places[0]!)}$`), places[0]!) : name;
  const owners = places.slice(1).filter((place) => !name.includes(singular(place)));
  const of = owners.length > 0 ? ` of ${owners.map(singular).join(', ')}` : '';
  return `${VERB_WORDS[verbOf(source)]} ${resource}${of}`;
}

/** `SipAuthCalls` as "SIP auth calls". */
const toWords = (name: string): string =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replace(
      /\b(us|a2p|sms|mms|ip|sip|url|sim|esim|byoc|otp|aws)(s?)\b/g,
      (_, short: string, plural: string) => short.toUpperCase() + plural,
    );
