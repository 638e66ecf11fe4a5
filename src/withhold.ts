/*
 * What answers leave out because it is a credential.
 */

/** Stands in an answer where a credential was. */
export const WITHHELD = '[withheld]';

/** The user name and password of a URL, by which Twilio's documentation protects webhooks. */
const USER_INFO = /(:\/\/)[^\s/?#"<>\\]+@/g;

/** Text without the user names and passwords of the URLs in it. */
export const withholdUserInfo = (text: string): string => text.replace(USER_INFO, `$1${WITHHELD}@`);

/** Whether arguments contain a URL as `withholdUserInfo` leaves it, which must not replace the real one. */
export const containsWithheld = (args: unknown): boolean => JSON.stringify(args).includes(`://${WITHHELD}@`);
