import { closestNames, normalizeName } from '../closest-names';
import { ToolError } from '../errors';
import type { OperationsApi, ToolContext } from '../tool';
import { boundsEffects, PolicyError, refusedEffect } from '../upper-bound';
import { loadAsset, type Operation } from './catalogue';
import { withExactNames } from './check-parameters';
import { describeOperation } from './describe';
import { effectOf, isRead } from './effect-of';
import { executeOperation, type OperationCall } from './execute';
import { type SearchHit, searchOperations } from './search';
import { singular } from './tokenize';

const WEAK =
  'Weak match: these operations may not do what you mean. Rephrase in plain English with other words, or Twilio may not offer it.';

const WITH_CONFIRM = ' with confirm: true if the user agrees';

/** The tools of this connection. */
interface Offered {
  readonly tools: Pick<ReadonlyMap<string, unknown>, 'has'>;
  /** Names of those that its URL excludes. */
  readonly excluded: ReadonlySet<string>;
}

const unknown = (id: string) => `Unknown operation "${id.slice(0, 80)}".`;

/** Twilio's whole API over the catalogue, which is read when a method is first called. */
export function openOperations(context: ToolContext, { tools: offered, excluded }: Offered): OperationsApi {
  let denied: ReadonlySet<string> | undefined;
  /** Why an operation may not be used, as the end of a sentence about it. */
  const denialOf = ({ id, product }: { id?: string; product: string }): string | undefined => {
    denied ??= deniedProducts(context);
    if (denied.has(product)) return `belongs to the product ${product}, which this deployment denies (MCP_API_DENY)`;
    // Without such rules, a search reads only the search index.
    const isBound = id !== undefined && (excluded.size > 0 || boundsEffects(context.config));
    const { tools = [], effect = 'read' } = isBound ? loadAsset('operations').operations[id]! : {};
    const beyond = refusedEffect(effect, context.config);
    if (beyond) return `has the effect ${effect}, and this deployment ${beyond.allows} (${beyond.rule})`;
    const isExcluded = tools.length > 0 && tools.every((name) => excluded.has(name));
    return isExcluded ? `is used by ${tools.join(', ')}, which the URL excludes` : undefined;
  };
  const isAllowed = (operation: { id?: string; product: string }) => denialOf(operation) === undefined;

  function find(id: string): Operation {
    const { operations } = loadAsset('operations');
    const alike = idsLike(id, Object.keys(operations)).map((each) => operations[each]!);
    const [operation] = alike;
    if (operation === undefined) throw new ToolError(explainUnknown(id));
    const allowed = alike.filter(isAllowed);
    if (alike.length > 1 && allowed.length > 0) throw new ToolError(explainShared(id, allowed));
    const { id: found, effect } = operation;
    const beyond = refusedEffect(effect, context.config);
    if (beyond) throw new PolicyError({ ...beyond, problem: `${found} has the effect ${effect}` });
    if (allowed.length === 0) throw new ToolError(`${found} ${denialOf(operation)}.`);
    return operation;
  }

  /** Message for a name without its document that several operations have; current products come first. */
  function explainShared(id: string, alike: readonly Operation[]): string {
    const ids = alike.map((operation) => operation.id);
    const ranked = loadAsset('search-index').entries.filter((entry) => ids.includes(entry.id));
    const named = ranked.sort((a, b) => b.weight - a.weight).map((entry) => entry.id);
    return `${unknown(id)} These have this name: ${named.join(', ')}. Give the whole id.`;
  }

  /** Message for an id that is a tool's name or wrong. */
  function explainUnknown(id: string): string {
    const { operations } = loadAsset('operations');
    if (offered.has(id)) return `${unknown(id)} ${id} is a tool: call it by itself.`;
    const ofTool = Object.values(operations).filter(({ tools }) => tools?.includes(id));
    const close = ofTool.length > 0 ? ofTool.map((operation) => operation.id) : closestIds(id);
    const suggestion = [...new Set(close)]
      .filter((each) => isAllowed(operations[each]!))
      .slice(0, 3)
      .join(' or ');
    return `${unknown(id)} ${suggestion && `Did you mean ${suggestion}? `}Call twilio_api_search for operation ids.`;
  }

  /** The id with the closest spelling, then those that a search finds. */
  const closestIds = (id: string): readonly string[] => [
    ...closestNames(id, Object.keys(loadAsset('operations').operations), 1),
    ...searchOperations(id.slice(0, 120)).hits.map((hit) => hit.id),
  ];

  const execute = (call: OperationCall) => executeOperation(call, loadAsset('operations'), context);

  return {
    search: (query, product, limit) => {
      const found = searchOperations(query, product);
      const unavailable = found.unavailable.filter(({ product }) => product === undefined || !isAllowed({ product }));
      const allowed = found.hits.filter(isAllowed);
      const isWeak = unavailable.length > 0 || (allowed[0]?.isWeak ?? false);
      const hits = isWeak ? safeFirst(allowed) : allowed;
      const operations = [
        ...unavailable.map(({ unavailable, why, instead }) => ({ unavailable, why, instead })),
        ...hits.map(({ id, method, summary, required, status }) => ({
          id,
          method,
          summary,
          ...(required.length > 0 && { required }),
          ...(status && { status }),
        })),
      ].slice(0, limit);
      const [best] = found.hits;
      if (unavailable.length > 0) return { operations };
      if (best && !best.isWeak && !isAllowed(best)) return { operations, note: `The best match ${denialOf(best)}.` };
      if (operations.length === 0) return { operations, note: 'No match. Rephrase in English, or drop `product`.' };
      return isWeak ? { note: WEAK, operations } : { operations };
    },
    describe: (ids) => ({
      operations: ids
        .map(find)
        .map((operation) =>
          describeOperation(
            operation,
            loadAsset('operations'),
            loadAsset('search-index').products[operation.product]!,
            operation.tools?.filter((name) => offered.has(name)) ?? [],
          ),
        ),
    }),
    read: async (id, given, fields) => {
      const operation = find(id);
      const { method } = operation;
      const params = withExactNames(operation, given);
      const { effect, reason, because } = effectOf(operation, params);
      if (!isRead(operation)) {
        const confirm = reason ? `${WITH_CONFIRM}, as it ${reason}` : '';
        throw new ToolError(
          `${operation.id} is a ${method} request; nothing was sent. Use twilio_api_write${confirm}.`,
        );
      }
      if (effect !== 'read')
        throw new ToolError(
          `${because} makes ${operation.id} cost money; nothing was sent. Use twilio_api_write${WITH_CONFIRM}.`,
        );
      return execute({ operation, params, confirmed: true, fields });
    },
    write: async (id, given, confirmed) => {
      const operation = find(id);
      const params = withExactNames(operation, given);
      const { effect, reason } = effectOf(operation, params);
      if (isRead(operation) && effect === 'read')
        throw new ToolError(`${operation.id} is read-only; nothing was sent. Use twilio_api_read.`);
      return execute({ operation: { ...operation, confirmReason: reason }, params, confirmed });
    },
  };
}

/** The best operation that deletes nothing comes first: a weak match must not suggest a deletion. */
function safeFirst(hits: readonly SearchHit[]): readonly SearchHit[] {
  const safe = hits.find(({ verb }) => verb !== 'delete');
  return safe === undefined ? [] : [safe, ...hits.filter((hit) => hit !== safe)];
}

/** The id itself, or those that are the same in another spelling or number, or without their document: `CreateMessages`. */
function idsLike(id: string, ids: readonly string[]): readonly string[] {
  if (ids.includes(id)) return [id];
  const fold = (each: string) => singular(normalizeName(each));
  const wanted = fold(id.slice(0, 200));
  const whole = ids.filter((each) => fold(each) === wanted);
  return whole.length > 0 ? whole : ids.filter((each) => fold(each.replace(/^.*:/, '')) === wanted);
}

/** Products that MCP_API_DENY keeps from agents. Throws on an unknown name, which would deny nothing. */
function deniedProducts({ config }: ToolContext): ReadonlySet<string> {
  const names = config.apiDeny.filter((name) => name !== 'none');
  const { products } = loadAsset('search-index');
  const unknown = names.find((name) => !Object.hasOwn(products, name));
  if (unknown !== undefined) {
    const known = Object.keys(products).join(', ');
    throw new ToolError(`MCP_API_DENY names an unknown product "${unknown}". Products: ${known}.`);
  }
  return new Set(names);
}
