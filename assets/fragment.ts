import type { ServiceSelection } from '../src/connect/selection';

/*
 * What the user chose, in the fragment of the page's address, so that it survives a reload and can be shared. The auth
 * token and the signature never get there. The address of the server is left out too: a link could lead to another one.
 */

export interface ConnectionChoice extends ServiceSelection {
  client: string;
  label: string;
}

/** The fragment for what differs from the defaults; empty if nothing does. */
export function writeFragment({ services, readonly, ...texts }: ConnectionChoice, defaults: ConnectionChoice): string {
  const fragment = new URLSearchParams();
  if (services.join() !== defaults.services.join()) fragment.set('services', services.join());
  if (readonly) fragment.set('readonly', 'true');
  for (const [name, value] of Object.entries(texts))
    if (value !== defaults[name as keyof typeof texts]) fragment.set(name, value);
  return fragment.toString().replaceAll('%2C', ',');
}

/** The choice of a fragment, with defaults for what it lacks. Unknown services and clients are left to the caller. */
export function readFragment(fragment: string, defaults: ConnectionChoice): ConnectionChoice {
  const given = new URLSearchParams(fragment);
  return {
    services: given.get('services')?.split(',').filter(Boolean) ?? defaults.services,
    readonly: given.get('readonly') === 'true',
    client: given.get('client') ?? defaults.client,
    label: given.get('label') ?? defaults.label,
  };
}
