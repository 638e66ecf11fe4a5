import { VERBS, type Verb, type VerbWeights } from '../../src/operations/catalogue';
import { verbProbabilities } from '../../src/operations/verb-model';

/*
 * Trains the verb model on sample queries: multinomial logistic regression by stochastic gradient descent.
 */

const EPOCHS = 25;
const LEARNING_RATE = 0.3;
/** Weight decay: a feature needs more than one example to count. */
const DECAY = 0.02;
/** Features with fewer examples are ignored. */
const MIN_EXAMPLES = 3;
/** A prime, to visit the examples, which come sorted, in a mixed order that never changes. */
const STRIDE = 7919;

interface Example {
  features: readonly string[];
  verb: Verb;
}

/** Trains the classifier that guesses the verb of a query. The same examples give the same weights. */
export function trainVerbWeights(examples: readonly Example[]): VerbWeights {
  const counts = new Map<string, number>();
  for (const feature of examples.flatMap(({ features }) => features))
    counts.set(feature, (counts.get(feature) ?? 0) + 1);
  const frequent = [...counts].filter(([, count]) => count >= MIN_EXAMPLES);
  const weights: Record<string, number[]> = Object.fromEntries(
    frequent.map(([feature]) => [feature, VERBS.map(() => 0)]),
  );
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const rate = LEARNING_RATE / (1 + epoch * LEARNING_RATE);
    for (let visit = 0; visit < examples.length; visit++) {
      const { features, verb } = examples[(visit * STRIDE) % examples.length]!;
      const probabilities = verbProbabilities(features, weights);
      for (const feature of features.filter((each) => Object.hasOwn(weights, each))) {
        weights[feature] = weights[feature]!.map(
          (weight, at) => weight * (1 - rate * DECAY) - 100 * rate * (probabilities[at]! - Number(VERBS[at] === verb)),
        );
      }
    }
  }
  return Object.fromEntries(Object.entries(weights).map(([feature, each]) => [feature, each.map(Math.round)]));
}
