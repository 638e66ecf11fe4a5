import type { Effect } from '../effect';
import type { Operation } from './catalogue';

interface CallEffect {
  effect: Effect;
  /** Why the user is asked first: a predicate. Undefined if the effect does not ask. */
  reason?: string;
  /** The parameter that raises the effect. */
  because?: string;
}

/** Whether Twilio's method only reads. */
export const isRead = ({ method }: Pick<Operation, 'method'>): boolean => method === 'GET' || method === 'HEAD';

/** What a call with these parameters does. */
export function effectOf(
  operation: Pick<Operation, 'method' | 'effect' | 'confirmReason' | 'raises'>,
  params: Record<string, unknown>,
): CallEffect {
  const { effect, confirmReason, raises = [] } = operation;
  for (const { parameters, effect: raised, reason, values } of raises) {
    // An empty value removes what a write has set before, and asks nothing of a read.
    const [pattern, words] = values ?? [isRead(operation) ? '.' : '', 'set'];
    const raisesEffect = (value: unknown) =>
      (values !== undefined || (value !== undefined && value !== null)) &&
      new RegExp(pattern, 'is').test(String(value ?? ''));
    const because = parameters.find((name) => raisesEffect(params[name]));
    if (because !== undefined) return { effect: raised, reason: `${reason} because ${because} is ${words}`, because };
  }
  return { effect, reason: confirmReason };
}
