import { VERBS, type Verb, type VerbWeights } from './catalogue';

/*
 * Predicts from a query's words whether it wants to list, fetch, create, update or delete: a linear model whose weights
 * the build learns from the sample queries of each operation (openapi/catalogue/train-verbs.ts).
 */

/** Exponent and offset of a verb's factor: how much the model counts next to the words, and what the least likely verb keeps. */
const TRUST = 0.25;
const FLOOR = 0.02;

/** The features of a query: a bias (''), its words, its pairs of neighbouring words, and how it begins (`^`). */
export function featuresOf(words: readonly string[]): string[] {
  const pairs = words.slice(1).map((word, at) => `${words[at]} ${word}`);
  return [...new Set(['', `^${words[0]}`, `^${pairs[0]}`, ...words, ...pairs])];
}

/** The probability of each of `VERBS`. */
export function verbProbabilities(features: readonly string[], weights: VerbWeights): number[] {
  const known = features.filter((feature) => Object.hasOwn(weights, feature)).map((feature) => weights[feature]!);
  const odds = VERBS.map((_, verb) => Math.exp(known.reduce((sum, weight) => sum + weight[verb]! / 100, 0)));
  const total = odds.reduce((sum, each) => sum + each);
  return odds.map((each) => each / total);
}

/** The score factor of each verb's operations. */
export function verbFactors(words: readonly string[], weights: VerbWeights): Record<Verb, number> {
  const probabilities = verbProbabilities(featuresOf(words), weights);
  const factors = VERBS.map((verb, at) => [verb, (FLOOR + probabilities[at]!) ** TRUST]);
  return Object.fromEntries(factors) as Record<Verb, number>;
}
