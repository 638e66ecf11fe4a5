import { parseJson } from '../src/formats';

/** Values of a JSON object by name: a resource, or the fields of a request. */
export type Properties = Record<string, unknown>;

/** A value that a request may give as JSON text; undefined if the text is not JSON. */
export const jsonValue = (value: unknown): unknown => (typeof value === 'string' ? parseJson(value) : value);

/** Whether a value is an object, and neither null nor an array. */
export function isJsonObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
