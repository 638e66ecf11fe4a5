import type { Tool as ListedTool } from '@modelcontextprotocol/server';
import * as z from 'zod';
import type { ToolSelection } from '../access/grant';
import { closestNames, normalizeName } from '../closest-names';
import { DOMAINS } from '../domains';
import { RENAMED_TOOLS } from '../domains/renamed-tools';
import { hintsOf } from '../effect';
import { ToolError } from '../errors';
import { findAsset } from '../operations/catalogue';
import type { Domain, Tool } from '../tool';
import { PolicyError, type UpperBound } from '../upper-bound';
import { refusedTools } from './allowed-tools';

/** The tools of one selection. Frozen, and shared by all requests with the same selection. */
export interface Toolset {
  readonly services: readonly Domain[];
  readonly tools: ReadonlyMap<string, Tool>;
  /** Whether the URL names single tools: then it opens these and nothing else. */
  readonly isNarrow: boolean;
  /** Names of the tools that the URL excludes. */
  readonly excluded: ReadonlySet<string>;
  /** A tool by its name, or by a name it had in an earlier version. */
  readonly find: (name: string) => Tool | undefined;
  /** Explains why a tool is unavailable and how to get it. */
  readonly explainMissingTool: (name: string) => string;
  /** Whether the deployment's policy forbids a tool. */
  readonly isForbidden: (name: string) => boolean;
  /** The result of `tools/list`, built on first use. */
  readonly listed: () => readonly ListedTool[];
}

const DEFAULT_SERVICE = 'Messaging';
/** URLs may list the same names in any order, each a cache entry of its own, so the cache is bounded. */
const CACHED_SELECTIONS = 50;

const domainsByName = new Map(DOMAINS.map((domain) => [normalizeName(domain.service), domain]));
const ALL_TOOLS = new Map(DOMAINS.flatMap(({ tools }) => tools).map((tool) => [tool.name, tool]));
const cache = new Map<string, Toolset>();

/**
 * The toolset of a selection, as far as the deployment allows it: Messaging if it names no service, every service for `all`.
 * Throws a `ToolError` that names the known services or the closest tools if a name is unknown.
 */
export function selectToolset(
  { services = [], tools = [], exclude = [], readonly = false }: Partial<ToolSelection>,
  { allow, readOnly, stop }: UpperBound = {},
  renamed = RENAMED_TOOLS,
): Toolset {
  const key = JSON.stringify([services, tools, exclude, readonly, allow, readOnly, stop, renamed]);
  let toolset = cache.get(key);
  if (toolset === undefined) {
    toolset = buildToolset({ services, tools, exclude, readonly }, { allow, readOnly, stop }, renamed);
    if (cache.size >= CACHED_SELECTIONS) cache.clear();
    cache.set(key, toolset);
  }
  return toolset;
}

function buildToolset(selection: ToolSelection, bound: UpperBound, renamed: Readonly<Record<string, string>>): Toolset {
  const refusedTool = refusedTools(bound);
  const currentName = (name: string) => (Object.hasOwn(renamed, name) ? renamed[name]! : name);
  const excluded = excludedTools(selection.exclude.map(currentName));
  const services = selectDomains(selection.services).filter(({ service, tools }) =>
    tools.some((tool) => !excluded.has(tool.name) && !refusedTool(tool, service)),
  );
  const wanted = selection.tools.length > 0 ? new Set(selection.tools.map(currentName)) : undefined;
  const available = services
    .flatMap((domain) => domain.tools)
    .filter((tool) => !excluded.has(tool.name) && (!selection.readonly || tool.effect === 'read') && !refusedTool(tool))
    .map((tool) => [tool.name, tool] as const);
  const tools = new Map(available.filter(([name]) => wanted?.has(name) ?? true));
  const explain = (name: string, from: Toolset['tools']) =>
    explainMissing(name, { tools: from, services, excluded, readonly: selection.readonly, refusedTool });
  const isForbidden = (name: string) => ALL_TOOLS.has(name) && refusedTool(ALL_TOOLS.get(name)!) !== undefined;
  // What the deployment forbids is explained at a call: its owner may allow it again without a new URL.
  for (const name of wanted ?? [])
    if (!tools.has(name) && !isForbidden(name)) throw new ToolError(explain(name, new Map(available)));
  let listed: readonly ListedTool[] | undefined;
  return Object.freeze({
    services,
    tools,
    isNarrow: wanted !== undefined,
    excluded,
    find: (name: string) => tools.get(currentName(name)),
    explainMissingTool: (name: string) => explain(name, tools),
    isForbidden,
    listed: () => {
      listed ??= Object.freeze(listTools(services, [...tools.values()]));
      return listed;
    },
  });
}

function selectDomains(names: readonly string[]): readonly Domain[] {
  if (names.some((name) => normalizeName(name) === 'all')) return DOMAINS;
  const chosen = new Set<Domain>();
  for (const name of names.length > 0 ? names : [DEFAULT_SERVICE]) {
    const domain = domainsByName.get(normalizeName(name));
    if (domain === undefined) {
      const known = DOMAINS.map(({ service }) => service).join(', ');
      throw new ToolError(`Unknown service "${name.slice(0, 60)}". Known services: ${known}, all.`);
    }
    chosen.add(domain);
  }
  // In the registry's order, so that the list does not depend on how the URL is written.
  return DOMAINS.filter((domain) => chosen.has(domain));
}

/** The names of all tools that `exclude=` means: it takes tools and services. */
function excludedTools(names: readonly string[]): ReadonlySet<string> {
  return new Set(
    names.flatMap((name) => {
      if (ALL_TOOLS.has(name)) return [name];
      const domain = domainsByName.get(normalizeName(name));
      if (domain !== undefined) return domain.tools.map((tool) => tool.name);
      const close = closestTools(name, [...ALL_TOOLS.keys()]).join(' or ');
      throw new ToolError(
        `exclude= names "${name.slice(0, 60)}", which is neither a service nor a tool.${close && ` Did you mean ${close}?`}`,
      );
    }),
  );
}

/** An agent cannot change the URL, as its header signs it. */
const OWNER_CHANGES_URL = ': only its owner can add it, since the URL is signed';

/** Message for a tool that is filtered out, in another service, or unknown (with the closest names). */
function explainMissing(
  name: string,
  offered: Pick<Toolset, 'tools' | 'services' | 'excluded'> & {
    readonly: boolean;
    refusedTool: ReturnType<typeof refusedTools>;
  },
): string {
  const shown = `"${name.slice(0, 60)}"`;
  const effect = ALL_TOOLS.get(name)?.effect;
  if (effect === undefined) {
    const close = closestTools(name, [...offered.tools.keys()]);
    if (close.length > 0) return `Unknown tool ${shown}. Did you mean ${close.join(' or ')}?`;
    const [other] = closestTools(name, [...ALL_TOOLS.keys()]);
    if (other === undefined) return `Unknown tool ${shown}. Use a name from tools/list.`;
    return `Unknown tool ${shown}. ${explainMissing(other, offered)}`;
  }
  const refusal = offered.refusedTool(ALL_TOOLS.get(name)!);
  if (refusal) return new PolicyError(refusal).message;
  if (offered.excluded.has(name)) return `Tool ${shown} is left out by exclude= of the URL.`;
  if (offered.readonly && effect !== 'read') return `Tool ${shown} is not read-only, and the URL has readonly=true.`;
  const has = (domain: Domain) => domain.tools.some((candidate) => candidate.name === name);
  if (offered.services.some(has)) return `Tool ${shown} is not listed in tools= of the URL${OWNER_CHANGES_URL}.`;
  const { service } = DOMAINS.find(has)!;
  return `Tool ${shown} belongs to the service ${service}, which the URL does not select${OWNER_CHANGES_URL}.`;
}

/** Compares what follows `twilio_`, so that `send_sms` and `twilio_send_sms` find the tool too. */
function closestTools(name: string, known: readonly string[]): readonly string[] {
  const withoutPrefix = (tool: string) => tool.replace(/^twilio_/, '');
  return closestNames(withoutPrefix(name), known.map(withoutPrefix)).map((found) => `twilio_${found}`);
}

/** Tools of these services, as the build has listed them: to compute many schemas would take a new process 0.2 s. */
function listTools(services: readonly Domain[], tools: readonly Tool[]): ListedTool[] {
  const built = findAsset('tools') ?? {};
  const listed = services.flatMap(({ service }) => JSON.parse(built[service] ?? '[]') as ListedTool[]);
  const byName = new Map(listed.map((tool) => [tool.name, tool]));
  return tools.map((tool) => byName.get(tool.name) ?? listTool(tool));
}

/** A tool as `tools/list` shows it. */
export function listTool(tool: Tool): ListedTool {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: inputSchema(tool),
    annotations: hintsOf(tool.effect),
  };
}

/** The JSON Schema of a tool's arguments: a flat object without further properties. */
export function inputSchema(tool: Tool): ListedTool['inputSchema'] {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(z.strictObject(tool.input()), {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      // Gemini refuses an object without properties, OpenAI's strict mode one with arbitrary properties. Both accept text;
      // calls may pass an object too.
      if (zodSchema._zod.def.type === 'record') {
        jsonSchema.type = 'string';
        delete jsonSchema.propertyNames;
        delete jsonSchema.additionalProperties;
      }
      // Several clients drop the keyword `default`, so the description names the value too.
      if (jsonSchema.default !== undefined && jsonSchema.description && !/\bdefault/i.test(jsonSchema.description)) {
        jsonSchema.description += `; default ${jsonSchema.default}`;
      }
    },
  });
  return schema as ListedTool['inputSchema'];
}
