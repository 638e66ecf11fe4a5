import { DOMAINS } from '../../src/domains';

/** Every tool once; one that two services offer is one value. */
export const TOOLS = [...new Set(DOMAINS.flatMap(({ tools }) => tools))];

/**
 * A test over everything of a kind. `breaches` returns one line for each breach, which names the offender; the failure
 * shows the rule, those lines and the fix, and nothing else.
 */
export function law(rule: string, fix: string, breaches: () => readonly string[]): void {
  test(rule, () => {
    const found = breaches();
    if (found.length === 0) return;
    const error = new Error([`Law: ${rule}.`, ...found.map((breach) => `  - ${breach}`), `Fix: ${fix}`].join('\n'));
    // The place in this file says nothing to whoever broke the law.
    error.stack = error.message;
    throw error;
  });
}
