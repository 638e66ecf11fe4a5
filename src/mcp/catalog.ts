import type { Tool as ListedTool } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { nearest } from '../api/nearest';
import { DOMAINS } from '../domains';
import { hintsOf } from '../effect';
import { ToolError } from '../errors';
import type { Domain, Tool } from '../tool';

/** What the URL asks for, as it stands there. */
export interface Selection {
  services: readonly string[];
  tools: readonly string[];
  readonly: boolean;
}

/** The tools of one selection. Frozen and shared by all requests that ask for the same. */
export interface Catalog {
  readonly services: readonly Domain[];
  readonly tools: ReadonlyMap<string, Tool>;
  /** Why a name is none of the tools, and what to do: another service, another name. */
  readonly missing: (name: string) => string;
  /** As `tools/list` answers it; built when first asked for. */
  readonly listed: () => readonly ListedTool[];
}

const DEFAULT_SERVICE = 'Messaging';
/** A URL that names the same things in another order is another entry, so the cache has an end. */
const CACHED_SELECTIONS = 50;

/** `Phone-Numbers`, `phonenumbers` and `PhoneNumbers` are the same name. */
export const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

const domainsByName = new Map(DOMAINS.map((domain) => [plain(domain.service), domain]));
const ALL_TOOLS = new Map(DOMAINS.flatMap(({ tools }) => tools).map((tool) => [tool.name, tool]));
const cache = new Map<string, Catalog>();

/**
 * The catalog of a selection. No service gives Messaging, `all` gives every one.
 * Throws a `ToolError` for a service or tool that does not exist, naming those that do.
 */
export function select(selection: Selection): Catalog {
  const key = JSON.stringify([selection.services, selection.tools, selection.readonly]);
  let catalog = cache.get(key);
  if (catalog === undefined) {
    catalog = build(selection);
    if (cache.size >= CACHED_SELECTIONS) cache.clear();
    cache.set(key, catalog);
  }
  return catalog;
}

function build(selection: Selection): Catalog {
  const services = selectDomains(selection.services);
  const wanted = selection.tools.length > 0 ? new Set(selection.tools) : undefined;
  const tools = new Map<string, Tool>();
  for (const tool of services.flatMap((domain) => domain.tools)) {
    if (selection.readonly && tool.effect !== 'read') continue;
    if (wanted && !wanted.has(tool.name)) continue;
    tools.set(tool.name, tool);
  }
  const missing = (name: string) => missingTool(name, tools, services, selection.readonly);
  for (const name of wanted ?? []) if (!tools.has(name)) throw new ToolError(missing(name));
  let listed: readonly ListedTool[] | undefined;
  return Object.freeze({
    services,
    tools,
    missing,
    listed: () => {
      listed ??= Object.freeze([...tools.values()].map(listTool));
      return listed;
    },
  });
}

function selectDomains(names: readonly string[]): readonly Domain[] {
  if (names.some((name) => plain(name) === 'all')) return DOMAINS;
  const chosen = new Set<Domain>();
  for (const name of names.length > 0 ? names : [DEFAULT_SERVICE]) {
    const domain = domainsByName.get(plain(name));
    if (domain === undefined) {
      const known = DOMAINS.map(({ service }) => service).join(', ');
      throw new ToolError(`Unknown service "${name.slice(0, 60)}". Known services: ${known}, all.`);
    }
    chosen.add(domain);
  }
  // In the registry's order, so that the list does not depend on how the URL is written.
  return DOMAINS.filter((domain) => chosen.has(domain));
}

/** In words, what keeps a tool out of those that are offered; for a name that no tool has, the nearest that some have. */
function missingTool(name: string, offered: Catalog['tools'], services: readonly Domain[], readonly: boolean): string {
  const shown = `"${name.slice(0, 60)}"`;
  const effect = ALL_TOOLS.get(name)?.effect;
  if (effect === undefined) {
    const near = nearestTools(name, [...offered.keys()]) ?? nearestTools(name, [...ALL_TOOLS.keys()]);
    return `Unknown tool ${shown}. ${near ? `Nearest: ${near.join(', ')}.` : 'Use a name from the list of tools.'}`;
  }
  if (readonly && effect !== 'read') return `Tool ${shown} is not read-only, and the URL says readonly=true.`;
  const has = (domain: Domain) => domain.tools.some((candidate) => candidate.name === name);
  if (services.some(has)) return `Tool ${shown} is not among those of tools= in the URL: add it there.`;
  const { service } = DOMAINS.find(has)!;
  return `Tool ${shown} belongs to the service ${service}: add services=${service} to the URL.`;
}

/** By what comes after `twilio_`, so that `send_sms` and `twilio_send_sms` find the tool as well. */
function nearestTools(name: string, known: readonly string[]): readonly string[] | undefined {
  const bare = (name: string) => name.replace(/^twilio_/, '');
  const near = nearest(bare(name), known.map(bare));
  return near.length > 0 ? near.map((found) => `twilio_${found}`) : undefined;
}

/** A tool as `tools/list` shows it. */
function listTool(tool: Tool): ListedTool {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: inputSchema(tool),
    annotations: hintsOf(tool.effect),
  };
}

/** The JSON Schema of a tool's arguments: a flat object, nothing else allowed. */
export function inputSchema(tool: Tool): ListedTool['inputSchema'] {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(z.strictObject(tool.input()), {
    io: 'input',
    // What zod says of a record beyond its type holds for every object.
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type !== 'record') return;
      delete jsonSchema.propertyNames;
      delete jsonSchema.additionalProperties;
    },
  });
  return schema as ListedTool['inputSchema'];
}
