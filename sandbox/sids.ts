import { createHash, randomBytes } from 'node:crypto';
import { sidPattern } from '../src/formats';

const ANY_SID = sidPattern('[A-Z]{2}');

/** A random SID, e.g. `newSid('SM')`. */
export const newSid = (prefix: string): string => prefix + randomBytes(16).toString('hex');

/** The SID that a name always gets. */
export const fixedSid = (prefix: string, name: string): string => prefix + createHash('md5').update(name).digest('hex');

/** Whether a text has the form of any SID. */
export const isSid = (text: string): boolean => ANY_SID.test(text);

/** The prefix that a pattern such as `^(SM|MM)[0-9a-fA-F]{32}$` requires; the first one if it allows several. */
export function sidPrefix(pattern: string | undefined): string | undefined {
  return /^\^?\(?([A-Za-z]{2})(?:\|[A-Za-z|]+)?\)?\[[0-9a-fA-F-]+\]\{32\}\$?$/.exec(pattern ?? '')?.[1];
}
