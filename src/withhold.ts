/*
 * What answers leave out because it is a credential.
 */

/** Stands in an answer where a credential was. */
export const WITHHELD = '[withheld]';

const CREDENTIAL =
  /(^|_)(secret|password|passwd|passphrase|credential|jwt|((api|auth|access|refresh|id|session|bot|private|signing|write|secret|server)_?(token|key)))$|^token$/;
/** Names in settings of a third party, whose form is not known. */
const LIKELY_CREDENTIAL = /key|token|secret|pass|pwd|credential|auth|login|user/;

const toSnakeCase = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();

/** Whether fields of this name, in either case, hold credentials. */
export const isCredentialName = (name: string): boolean => CREDENTIAL.test(toSnakeCase(name));

/** Settings of a third party without what may be a credential. */
export function withholdSettings(value: unknown, name = ''): unknown {
  if (typeof value !== 'object' || value === null) return LIKELY_CREDENTIAL.test(toSnakeCase(name)) ? WITHHELD : value;
  if (Array.isArray(value)) return value.map((item) => withholdSettings(item, name));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withholdSettings(item, key)]));
}

/** The user name and password of a URL, by which Twilio's documentation protects webhooks. */
const USER_INFO = /(:\/\/)[^\s/?#"<>\\]+@/g;

/** Text without the user names and passwords of the URLs in it. */
export const withholdUserInfo = (text: string): string => text.replace(USER_INFO, `$1${WITHHELD}@`);

/** Whether arguments contain a value as answers leave it, which must not replace the real one. */
export const containsWithheld = (args: unknown): boolean => {
  const text = JSON.stringify(args);
  return text.includes(`://${WITHHELD}@`) || text.includes(`"${WITHHELD}"`);
};
