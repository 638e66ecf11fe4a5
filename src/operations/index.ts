import { ToolError } from '../errors';
import type { OperationsApi, ToolContext } from '../tool';
import { loadAsset, type Operation } from './catalogue';
import { describeOperation } from './describe';
import { executeOperation, type OperationCall } from './execute';
import { type SearchHit, searchOperations } from './search';

const WEAK =
  'Weak match: these operations may not do what you mean. Rephrase in plain English with other words, or Twilio may not offer it.';
const DENIED = 'which this deployment denies (MCP_API_DENY)';

/** Twilio's whole API over the catalogue, which is read when a method is first called. */
export function openOperations(context: ToolContext): OperationsApi {
  let denied: ReadonlySet<string> | undefined;
  const isAllowed = ({ product }: { product: string }) => {
    denied ??= deniedProducts(context);
    return !denied.has(product);
  };

  function find(id: string): Operation {
    const { operations } = loadAsset('operations');
    const operation = Object.hasOwn(operations, id) ? operations[id] : undefined;
    if (operation === undefined) {
      const close = searchOperations(id.slice(0, 120)).hits.filter(isAllowed).slice(0, 3);
      const suggestion = close.length > 0 ? `Did you mean ${close.map((hit) => hit.id).join(' or ')}? ` : '';
      throw new ToolError(
        `Unknown operation "${id.slice(0, 80)}". ${suggestion}Call twilio_api_search for operation ids.`,
      );
    }
    if (!isAllowed(operation)) throw new ToolError(`${id} belongs to the product ${operation.product}, ${DENIED}.`);
    return operation;
  }

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
      if (best && !best.isWeak && !isAllowed(best))
        return { operations, note: `The best match belongs to the product ${best.product}, ${DENIED}.` };
      if (operations.length === 0) return { operations, note: 'No match. Rephrase in English, or drop `product`.' };
      return isWeak ? { note: WEAK, operations } : { operations };
    },
    describe: (ids) => ({
      operations: ids
        .map(find)
        .map((operation) =>
          describeOperation(operation, loadAsset('operations'), loadAsset('search-index').products[operation.product]!),
        ),
    }),
    read: async (id, params, fields) => {
      const operation = find(id);
      if (!isRead(operation))
        throw new ToolError(`${id} is a ${operation.method} request; nothing was sent. Use twilio_api_write.`);
      const paid = paidParameter(operation, params);
      if (paid !== undefined)
        throw new ToolError(`${paid} makes ${id} cost money; nothing was sent. Use twilio_api_write.`);
      return execute({ operation, params, confirmed: true, fields });
    },
    write: async (id, params, confirmed) => {
      const operation = find(id);
      const paid = paidParameter(operation, params);
      if (isRead(operation) && paid === undefined)
        throw new ToolError(`${id} is read-only; nothing was sent. Use twilio_api_read.`);
      const confirmReason = paid === undefined ? operation.confirmReason : `costs money because ${paid} is set`;
      return execute({ operation: { ...operation, confirmReason }, params, confirmed });
    },
  };
}

/** The best operation that deletes nothing comes first: a weak match must not suggest a deletion. */
function safeFirst(hits: readonly SearchHit[]): readonly SearchHit[] {
  const safe = hits.find(({ verb }) => verb !== 'delete');
  return safe === undefined ? [] : [safe, ...hits.filter((hit) => hit !== safe)];
}

const isRead = ({ method }: Operation): boolean => method === 'GET' || method === 'HEAD';

/** The first parameter that makes the operation cost money. */
const paidParameter = ({ paidParameters = [] }: Operation, params: Record<string, unknown>): string | undefined =>
  paidParameters.find((name) => ![undefined, null, ''].includes(params[name] as never));

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
