/** Values of a JSON object by name: a resource, or the fields of a request. */
export type Properties = Record<string, unknown>;

export function isJsonObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
