/** `FriendlyName` (forms) and `friendlyName` (newer JSON) as `friendly_name` (responses of older APIs). */
export function snake(name: string): string {
  return name
    .replace(/[<>]$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replaceAll(/[.-]/g, '_')
    .toLowerCase();
}

/** Any of the three spellings as `friendlyName`. */
export function camel(name: string): string {
  return snake(name).replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
