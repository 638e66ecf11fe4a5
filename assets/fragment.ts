import type { Grant } from '../src/access/grant';
import { splitNames } from '../src/formats';

/*
 * What the user chose, in the fragment of the page's address, so that it survives a reload and can be shared. The auth
 * token and the signature never get there. The address of the server is left out too: a link could lead to another one.
 */

/** What the URL of a connection offers, as far as the page can choose it. */
export type PageSelection = Pick<Grant, 'services' | 'exclude' | 'readonly' | 'dryRun'>;

export interface ConnectionChoice extends PageSelection {
  /** Who holds the URL: `client=` in it. */
  name: string;
  /** The program, such as Claude Code. */
  client: string;
  label: string;
}

/** The fragment for what differs from the defaults; empty if nothing does. */
export function writeFragment(
  { services, exclude, readonly, dryRun, ...texts }: ConnectionChoice,
  defaults: ConnectionChoice,
): string {
  const fragment = new URLSearchParams();
  if (services.join() !== defaults.services.join()) fragment.set('services', services.join());
  if (exclude.length > 0) fragment.set('exclude', exclude.join());
  if (readonly) fragment.set('readonly', 'true');
  if (dryRun) fragment.set('dryrun', 'true');
  for (const [name, value] of Object.entries(texts))
    if (value !== defaults[name as keyof typeof texts]) fragment.set(name, value);
  return fragment.toString().replaceAll('%2C', ',');
}

/** The choice of a fragment, with defaults for what it lacks. Unknown services and clients are left to the caller. */
export function readFragment(fragment: string, defaults: ConnectionChoice): ConnectionChoice {
  const given = new URLSearchParams(fragment);
  return {
    services: given.has('services') ? splitNames(given.getAll('services')) : defaults.services,
    exclude: splitNames(given.getAll('exclude')),
    readonly: given.get('readonly') === 'true',
    dryRun: given.get('dryrun') === 'true',
    name: given.get('name') ?? defaults.name,
    client: given.get('client') ?? defaults.client,
    label: given.get('label') ?? defaults.label,
  };
}
