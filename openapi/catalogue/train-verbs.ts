import { VERBS, type Verb, type VerbWeights } from '../../src/operations/catalogue';
import { likelihood } from '../../src/operations/verb-model';

/*
 * Learns which words of a query tell what it wants done: multinomial logistic regression by stochastic gradient descent.
 */

const ROUNDS = 25;
const RATE = 0.3;
/** Draws weights back to nothing, so that a cue needs more than one example. */
const DECAY = 0.02;
/** Rarer cues are chance. */
const SEEN = 3;
/** Visits the examples, which come sorted, in an order that is mixed and always the same. */
const STRIDE = 7919;

export interface Example {
  cues: readonly string[];
  verb: Verb;
}

export function trainVerbWeights(examples: readonly Example[]): VerbWeights {
  const seen = new Map<string, number>();
  for (const cue of examples.flatMap(({ cues }) => cues)) seen.set(cue, (seen.get(cue) ?? 0) + 1);
  const kept = [...seen].filter(([, times]) => times >= SEEN);
  const weights: Record<string, number[]> = Object.fromEntries(kept.map(([cue]) => [cue, VERBS.map(() => 0)]));
  for (let round = 0; round < ROUNDS; round++) {
    const rate = RATE / (1 + round * RATE);
    for (let visit = 0; visit < examples.length; visit++) {
      const { cues, verb } = examples[(visit * STRIDE) % examples.length]!;
      const likely = likelihood(cues, weights);
      for (const cue of cues.filter((one) => Object.hasOwn(weights, one))) {
        weights[cue] = weights[cue]!.map(
          (weight, at) => weight * (1 - rate * DECAY) - 100 * rate * (likely[at]! - Number(VERBS[at] === verb)),
        );
      }
    }
  }
  return Object.fromEntries(Object.entries(weights).map(([cue, each]) => [cue, each.map(Math.round)]));
}
