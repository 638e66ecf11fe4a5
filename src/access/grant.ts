import { normalizeName } from '../closest-names';
import { ToolError } from '../errors';
import { splitNames } from '../formats';
import { isDay } from '../time';

/** What the owner of a deployment allows one connection. */
export interface Grant {
  /** Who holds the URL, for the log and MCP_REVOKED. */
  readonly client?: string;
  /** As written in the URL; none means the default service. */
  readonly services: readonly string[];
  /** Only these tools of the services; none means all. */
  readonly tools: readonly string[];
  /** Tools and services that are left out. */
  readonly exclude: readonly string[];
  readonly readonly: boolean;
  /** Whether answers only show what would be sent or changed. */
  readonly dryRun: boolean;
  /** The last day on which the URL works, in UTC, as YYYY-MM-DD. */
  readonly expires?: string;
}

/** The part of a grant that selects tools. */
export type ToolSelection = Pick<Grant, 'services' | 'tools' | 'exclude' | 'readonly'>;

/** The parameters of a URL in their order, each with its values: several if it is repeated. */
export type Query = ReadonlyMap<string, readonly string[]>;

const LISTS = ['services', 'tools', 'exclude'] as const;
/** The parameters that a URL takes. `key` proves the others, see `connectionKey`. */
const PARAMETERS: readonly string[] = [...LISTS, 'readonly', 'dryrun', 'client', 'expires', 'key'];

/** The form of `client=`. */
export const CLIENT_FORM = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;

/**
 * What a URL asks for. Throws a `ToolError` if a parameter is unknown, empty, repeated where it takes one value, or
 * malformed: if `?ReadOnly=true` were ignored, tools could write.
 */
export function readGrant(query: Query): Grant {
  for (const name of query.keys()) if (!PARAMETERS.includes(name)) throw unknownParameter(name);
  for (const [name, values] of query) {
    if (splitNames(values).length === 0)
      throw new ToolError(`${name} is empty: give it a value, or remove it from the URL.`);
    if (!(LISTS as readonly string[]).includes(name) && values.length > 1)
      throw new ToolError(`${name} is given ${values.length} times in the URL: give it once.`);
  }
  const [services, tools, exclude] = LISTS.map((name) => splitNames(query.get(name)));
  const [client, expires] = ['client', 'expires'].map((name) => query.get(name)?.[0]);
  const [readonly, dryRun] = ['readonly', 'dryrun'].map((name) => {
    const value = query.get(name)?.[0] ?? 'false';
    if (!['true', 'false'].includes(value)) throw new ToolError(`${name} must be true or false.`);
    return value === 'true';
  });
  if (client !== undefined && !CLIENT_FORM.test(client))
    throw new ToolError('client must be a name of up to 40 letters, digits, dots, hyphens and underscores.');
  if (expires !== undefined && !isDay(expires))
    throw new ToolError('expires must be the last day on which the URL works, such as 2027-03-31.');
  return {
    services: services!,
    tools: tools!,
    exclude: exclude!,
    readonly: readonly!,
    dryRun: dryRun!,
    ...(client !== undefined && { client }),
    ...(expires !== undefined && { expires }),
  };
}

function unknownParameter(name: string): ToolError {
  const meant = PARAMETERS.find((known) => [normalizeName(name), `${normalizeName(name)}s`].includes(known));
  const known = `${PARAMETERS.slice(0, -1).join(', ')} and ${PARAMETERS.at(-1)}`;
  return new ToolError(
    `Unknown parameter "${name.slice(0, 60)}": ${meant ? `write ${meant}` : `the URL takes ${known}`}. The body takes nothing but a JSON-RPC message.`,
  );
}

/** The parameters of a query. */
export const queryOf = (parameters: URLSearchParams): Query =>
  new Map([...parameters.keys()].map((name) => [name, parameters.getAll(name)]));

/** The query of a grant. It needs no encoding, so every client sends exactly what was signed. */
export function writeGrant({ services, tools, exclude, readonly, dryRun, client, expires }: Grant): string {
  const pairs = [
    ...services.map((name) => ['services', name]),
    ...tools.map((name) => ['tools', name]),
    ...exclude.map((name) => ['exclude', name]),
    ...(readonly ? [['readonly', 'true']] : []),
    ...(dryRun ? [['dryrun', 'true']] : []),
    ...(client === undefined ? [] : [['client', client]]),
    ...(expires === undefined ? [] : [['expires', expires]]),
  ];
  return pairs.map((pair) => pair.join('=')).join('&');
}
