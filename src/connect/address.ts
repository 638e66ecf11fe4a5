import { isLoopback, splitNames } from '../formats';
import type { ServiceSelection } from './selection';

/*
 * The URL of a connection: what a given one asks for, and the one for a selection.
 */

/** An address as people write it: https unless it is on this machine. Throws a `TypeError` for anything but http(s). */
function parseAddress(address: string): URL {
  const withScheme = address.includes('://')
    ? address
    : `${isLoopback(address.split('/')[0]!) ? 'http' : 'https'}://${address}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  // Browsers differ in what they accept as a host.
  if (!url || !/^https?:$/.test(url.protocol) || !/^([\w.-]+|\[[\da-f:.]+\])$/.test(url.hostname))
    throw new TypeError(`"${address}" is not an http(s) address. Write it as https://name-1234-dev.twil.io.`);
  return url;
}

/**
 * The URL of a selection at the address of a deployment (`https://name-1234-dev.twil.io`; a path is dropped). Its query
 * contains only letters, `_`, `=` and `&`: a client that re-encoded anything else would invalidate the signature.
 * Throws a `TypeError` if the address is not an http(s) address.
 */
export function connectionUrl(address: string, { services, tools = [], readonly }: ServiceSelection): string {
  const query = [
    ...services.map((service) => `services=${service}`),
    ...tools.map((tool) => `tools=${tool}`),
    ...(readonly ? ['readonly=true'] : []),
  ];
  return `${parseAddress(address).origin}/mcp${query.length > 0 ? `?${query.join('&')}` : ''}`;
}

/**
 * What a URL asks for, as the server reads it. Throws a `TypeError` that names the first part that a connection cannot
 * keep: another path, credentials, a fragment, an unknown parameter.
 */
export function selectionOf(address: string): Required<ServiceSelection> {
  const { pathname, search, hash, username, searchParams } = parseAddress(address);
  if (!/^\/(mcp)?$/.test(pathname))
    throw new TypeError(`The server answers at /mcp, not at ${pathname}: give the address of the deployment alone.`);
  if (username) throw new TypeError('Remove the name and password from the address: the server takes a signature.');
  if (hash) throw new TypeError(`Remove ${hash} from the address: it never reaches the server.`);
  for (const [name, value] of searchParams) {
    if (!['services', 'tools', 'readonly'].includes(name))
      throw new TypeError(`Unknown parameter "${name}" in ${search}. The server takes services, tools and readonly.`);
    if (name === 'readonly' && !['true', 'false'].includes(value))
      throw new TypeError('readonly must be true or false.');
    if (!value) throw new TypeError(`${name} is empty: give it a value, or remove it.`);
  }
  return {
    services: splitNames(searchParams.getAll('services')),
    tools: splitNames(searchParams.getAll('tools')),
    readonly: searchParams.getAll('readonly').includes('true'),
  };
}
