import { VERBS, type Verb, type VerbWeights } from './catalogue';

/*
 * What a query wants done, as far as its words tell: a linear model over them. The build learns its weights from the
 * phrases that it knows for each operation (openapi/catalogue/train-verbs.ts).
 */

/** Longer queries say what they want at their beginning. */
const HEARD = 14;
/** How far a likely verb puts its operations ahead of the others, and how little the unlikeliest still counts. */
const TRUST = 0.25;
const LEAST = 0.02;

/** What of a query can tell: its words, neighbours among them, how it begins, and what it was read as. */
export function cuesOf(given: readonly string[], reading: string): string[] {
  const heard = given.slice(0, HEARD);
  const pairs = heard.slice(1).map((word, at) => `${heard[at]} ${word}`);
  return [...new Set(['', `@${reading}`, `^${heard[0]}`, `^${pairs[0]}`, ...heard, ...pairs])];
}

/** How likely each of `VERBS` is. */
export function likelihood(cues: readonly string[], weights: VerbWeights): number[] {
  const known = cues.filter((cue) => Object.hasOwn(weights, cue)).map((cue) => weights[cue]!);
  const odds = VERBS.map((_, verb) => Math.exp(known.reduce((sum, weight) => sum + weight[verb]! / 100, 0)));
  const all = odds.reduce((sum, one) => sum + one);
  return odds.map((one) => one / all);
}

/** The factors of the verbs' operations. */
export function factors(cues: readonly string[], weights: VerbWeights): Record<Verb, number> {
  const likely = likelihood(cues, weights);
  return Object.fromEntries(VERBS.map((verb, at) => [verb, (LEAST + likely[at]!) ** TRUST])) as Record<Verb, number>;
}
