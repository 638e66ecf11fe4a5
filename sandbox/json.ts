/** Values of a JSON object by name: a resource, or the fields of a request. */
export type Properties = Record<string, unknown>;

/** The value of JSON text; undefined if it is invalid. */
export function jsonValue(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

/** Whether a value is an object, and neither null nor an array. */
export function isJsonObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
