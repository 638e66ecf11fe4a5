import type { Config } from '../config';
import { canonicalAddress, E164 } from '../formats';
import { countryOf } from '../numbering-plan';
import type { PolicyRefusal } from '../upper-bound';

/*
 * What the settings of a policy say about one address or URL. A rule answers with what it refuses, as the end of a
 * refusal: `+882… is in neither`.
 */

/** The settings that restrict what leaves. */
export interface Rules
  extends Pick<
    Config,
    'recipients' | 'countries' | 'recipientLimits' | 'quietHours' | 'senders' | 'twimlHosts' | 'fallbackUrl'
  > {
  /** Hosts at which the deployment itself is reached. */
  readonly ownHosts: readonly string[];
  /** Recipients whom KNOWN allows. */
  readonly contacts?: ReadonlySet<string>;
}

/** The settings that depend on whom a request reaches, by variable. */
export const recipientRules = ({
  recipients,
  countries,
  recipientLimits,
  quietHours,
}: Partial<Rules>): Record<string, unknown> => ({
  ...(recipients && { MCP_RECIPIENTS: recipients }),
  ...(countries && { MCP_COUNTRIES: countries }),
  ...(recipientLimits && { MCP_RECIPIENT_LIMITS: recipientLimits }),
  ...(quietHours && quietHours.timeZone === undefined && { MCP_QUIET_HOURS: quietHours }),
});

/** In MCP_RECIPIENTS, everyone who wrote or called first. */
export const KNOWN = 'known';

/** The number that an address of a phone leads to; undefined for SIP, apps, emails, short codes and anything unclear. */
export function numberOf(address: string): string | undefined {
  const number = address.replace(/^(whatsapp|rcs|sms|tel|mms|viber):/, '');
  return E164.test(number) && number.length >= 8 ? number : undefined;
}

const listed = (items: readonly string[]): string =>
  items
    .slice(0, 12)
    .map((item) => (item === KNOWN ? 'people who wrote or called first' : item))
    .join(', ') + (items.length > 12 ? ', …' : '');

/** Why an address may not be reached. */
export function refusedRecipient(given: string, { recipients, countries, contacts }: Rules): PolicyRefusal | undefined {
  const address = canonicalAddress(given);
  const number = numberOf(address);
  // Who is named in full is meant, in whatever country.
  if (recipients?.some((item) => item !== KNOWN && (item === address || item === number))) return undefined;
  const isNamed = (item: string) => matchesPrefix(item, address) || (number && matchesPrefix(item, number));
  if (recipients && !contacts?.has(given) && !recipients.some(isNamed))
    return {
      rule: 'MCP_RECIPIENTS',
      allows: `sends to ${listed(recipients)} only`,
      problem: `${shown(given)} is not among them`,
    };
  if (countries === undefined) return undefined;
  const country = number && countryOf(number);
  if (country ? countries.includes(country) : number && countries.some((item) => matchesPrefix(`${item}*`, number)))
    return undefined;
  return {
    rule: 'MCP_COUNTRIES',
    allows: `sends to ${listed(countries)} only`,
    problem: number
      ? `${shown(given)} is ${country ? `in ${country}` : 'in none of them'}`
      : `${shown(given)} has no country: send to a number in E.164`,
  };
}

const matchesPrefix = (item: string, address: string): boolean =>
  item.startsWith('+') || item.includes(':+') ? item.endsWith('*') && address.startsWith(item.slice(0, -1)) : false;

/** Why a sender may not be used. A number also stands for its channels, such as whatsapp:+1…. */
export function refusedSender(given: string, { senders }: Rules): PolicyRefusal | undefined {
  const address = canonicalAddress(given);
  if (senders === undefined || senders.some((item) => item === address || item === numberOf(address))) return undefined;
  return {
    rule: 'MCP_SENDERS',
    allows: `sends from ${listed(senders)} only`,
    problem: `${shown(given)} is not among them`,
  };
}

/**
 * Why a URL may not decide what a call or message does next. Where recipients are restricted, only known servers may,
 * since their answer can name any recipient.
 */
export function refusedUrl(url: string, rules: Rules): PolicyRefusal | undefined {
  const { ownHosts, fallbackUrl } = rules;
  const allowed = rules.twimlHosts ?? (Object.keys(recipientRules(rules)).length > 0 ? [] : undefined);
  if (allowed === undefined || url === fallbackUrl) return undefined;
  const host = hostOf(url.trim());
  if (host && [...allowed, ...ownHosts].includes(host)) return undefined;
  return {
    rule: 'MCP_TWIML_HOSTS',
    allows: `takes TwiML and SIP targets from ${allowed.length > 0 ? listed(allowed) : 'its own domain'} only, as what they answer can reach anyone`,
    problem: `${shown(url)} is elsewhere`,
  };
}

/** The host of a URL or of a SIP address, with its port if it has one. */
function hostOf(url: string): string | undefined {
  const sip = /^sips?:(?:[^@\s]*@)?([a-z\d.-]+(:\d+)?)$/i.exec(url)?.[1];
  if (sip) return sip.toLowerCase();
  // A backslash or a blank is read in more than one way.
  if (!/^(https?|wss):\/\/[^\s\\]+$/i.test(url) || !URL.canParse(url)) return undefined;
  return new URL(url).host;
}

/** Long text of an argument, cut. */
export const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
