import { Spec, type SpecOperation } from '../../openapi/spec';
import type { InjectedFault } from '../../sandbox/faults';

/*
 * Answers that Twilio documents, and what becomes of them in life: for the sandbox to give instead of its own.
 */

export const spec = new Spec();

type Resource = Record<string, unknown>;

const isObject = (value: unknown): value is Resource =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value with `change` applied to everything in it that is not an object or a list. */
function mapLeaves(value: unknown, change: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapLeaves(item, change));
  if (!isObject(value)) return change(value);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, mapLeaves(item, change)]));
}

function emptyLists(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, emptyLists(item)]));
}

/** The example with the most in it, unchanged. */
export const FULLEST = 'all fields';

/** What can be different in a resource. */
const DISTORTIONS: Readonly<Record<string, (resource: Resource) => unknown>> = {
  [FULLEST]: (resource) => resource,
  'every field null': (resource) =>
    mapLeaves(Object.fromEntries(Object.keys(resource).map((name) => [name, 0])), () => null),
  'every value null': (resource) => mapLeaves(resource, () => null),
  'no fields': () => ({}),
  'numbers as text': (resource) => mapLeaves(resource, (leaf) => (typeof leaf === 'number' ? String(leaf) : leaf)),
  'empty lists': emptyLists,
};

/** Applies a distortion to the resource in a body, or to each one in a list; the frame of a list remains. */
function distort({ list }: SpecOperation, body: unknown, change: (resource: Resource) => unknown): unknown {
  if (!isObject(body)) return body;
  if (list === undefined) return change(body);
  const items = body[list.itemsKey];
  if (!Array.isArray(items)) return body;
  const changed = change === emptyLists ? [] : items.map((item) => (isObject(item) ? change(item) : item));
  return { ...body, [list.itemsKey]: changed };
}

/** The bodies to try for an operation by what they are; none if its documents have no example. */
export function answersOf(operation: SpecOperation): ReadonlyMap<string, unknown> {
  const { examples } = operation.success;
  const answers = new Map<string, unknown>(examples.map((example, i) => [`example ${i + 1}`, example]));
  // The first example of a list can be an empty page.
  const [fullest] = [...examples].sort((a, b) => JSON.stringify(b).length - JSON.stringify(a).length);
  for (const [label, change] of Object.entries(examples.length > 0 ? DISTORTIONS : {})) {
    answers.set(label, distort(operation, fullest, change));
  }
  return answers;
}

/** Lets the sandbox process the operation's requests and give this body. */
export const answering = ({ id, success }: SpecOperation, body: unknown): InjectedFault => ({
  operationId: id,
  status: success.status,
  body: JSON.stringify(body),
  processed: true,
  times: 1000,
});
