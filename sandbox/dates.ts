export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** E.g. `Thu, 24 Aug 2023 05:01:45 +0000`, as the 2010 API writes dates. */
export const rfc2822 = (date: Date): string => date.toUTCString().replace('GMT', '+0000');

/** ISO 8601 without milliseconds, as the newer APIs write dates. */
export const isoSeconds = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');
