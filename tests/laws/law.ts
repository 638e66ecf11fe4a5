import { DOMAINS } from '../../src/domains';

/** Every tool once, even if two services offer it. */
export const TOOLS = [...new Set(DOMAINS.flatMap(({ tools }) => tools))];

/** The breaches (`name` or `name: why`) that are no exception, and the exceptions that no breach needs any more. */
export function apartFrom(exceptions: readonly string[], breaches: readonly string[]): string[] {
  const nameOf = (breach: string) => breach.split(':')[0]!;
  const breaching = new Set(breaches.map(nameOf));
  return [
    ...breaches.filter((breach) => !exceptions.includes(nameOf(breach))),
    ...exceptions.filter((name) => !breaching.has(name)).map((name) => `${name}: needs no exception`),
  ];
}

/**
 * Declares a test of a rule for all tools, files or settings. `breaches` returns a line for each breach, with the name of
 * the offender; a failure shows only the rule, these lines and the fix.
 */
export function law(rule: string, fix: string, breaches: () => readonly string[] | Promise<readonly string[]>): void {
  test(rule, async () => {
    const found = await breaches();
    if (found.length === 0) return;
    const error = new Error([`Law: ${rule}.`, ...found.map((breach) => `- ${breach}`), `Fix: ${fix}`].join('\n'));
    // The stack would point to this file, not to the offender.
    error.stack = error.message;
    throw error;
  });
}
