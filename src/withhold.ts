/*
 * What answers leave out because it is a credential.
 */

/** Stands in an answer where a credential was. */
export const WITHHELD = '[withheld]';

const CREDENTIAL =
  /(^|_)(secrets?|passwords?|passwd|passphrase|passcode|credential|jwt|pin|activation_code|((api|auth|access|refresh|id|session|bot|private|signing|write|secret|server)_?(token|key)s?))$|^token$/;
/** Names in settings of a third party, whose form is not known. */
const LIKELY_CREDENTIAL = /key|token|secret|pass|pwd|credential|auth|login|user/;

const toSnakeCase = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();

/** Whether fields of this name, in either case, hold credentials. */
export const isCredentialName = (name: string): boolean => CREDENTIAL.test(toSnakeCase(name));

/** The value of a parameter, unless its name says that it is a credential. Also a replacer for JSON. */
export const withoutCredential = (name: string, value: unknown): unknown =>
  isCredentialName(name.replace(/^.*\./, '')) ? WITHHELD : value;

/** Settings of a third party without what may be a credential. */
export function withholdSettings(value: unknown, name = ''): unknown {
  if (typeof value !== 'object' || value === null) return LIKELY_CREDENTIAL.test(toSnakeCase(name)) ? WITHHELD : value;
  if (Array.isArray(value)) return value.map((item) => withholdSettings(item, name));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withholdSettings(item, key)]));
}

/** Passwords within text, between what precedes and follows them. Backslashes and `25` are of JSON or a URL around it. */
const PASSWORDS: readonly RegExp[] = [
  // The user name and password of a URL, by which Twilio's documentation protects webhooks.
  /(:(?:\\*\/){2})[^\s/?#"<>\\]+(@)/g,
  /(%(?:25)*3A%(?:25)*2F%(?:25)*2F)(?:(?!%(?:25)*(?:2F|3F|23))[^\s/?#"<>\\&=])+(%(?:25)*40)/gi,
  /(sips?:[^\s:@;"<>\\]+:)[^\s@"<>\\]+(@)/gi,
  // <Sip> in TwiML.
  /(password\s*=\s*\\*["'])[^"'\\<>]+(\\*["'])/gi,
];

/** What every such password stands next to: most results have none, and are not searched any further. */
const NEXT_TO_PASSWORD = /@|%(?:25)*40|password/i;

/** A value without the passwords in its texts. */
export function withholdPasswords<T>(value: T): T {
  if (!NEXT_TO_PASSWORD.test(JSON.stringify(value) ?? '')) return value;
  const withhold = (item: unknown): unknown => {
    if (typeof item === 'string') {
      return PASSWORDS.reduce((text, password) => text.replace(password, `$1${WITHHELD}$2`), item);
    }
    if (typeof item !== 'object' || item === null) return item;
    if (Array.isArray(item)) return item.map(withhold);
    return Object.fromEntries(Object.entries(item).map(([name, content]) => [name, withhold(content)]));
  };
  return withhold(value) as T;
}

/** Whether arguments contain what stands in an answer for a credential, which must not replace the real one. */
export const containsWithheld = (args: unknown): boolean => JSON.stringify(args).includes(WITHHELD);
