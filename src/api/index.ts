import { ToolError } from '../errors';
import type { Api, ToolContext } from '../tool';
import { type Operation, part } from './catalogue';
import { describe } from './describe';
import { type Call, execute } from './execute';
import { search } from './search';

/** The whole API over the catalogue. Nothing is read before a method is called. */
export function openApi(context: ToolContext): Api {
  const allowed = (product: string) => !denied(context).has(product);

  function operationOf(id: string): Operation {
    const { operations } = part('operations');
    const operation = Object.hasOwn(operations, id) ? operations[id] : undefined;
    if (operation === undefined) {
      const near = search(id, { limit: 3, allowed }).map((found) => found.id);
      throw new ToolError(
        `Unknown operation "${id.slice(0, 80)}". Nearest: ${near.join(', ') || 'none'}. Ids come from twilio_api_search.`,
      );
    }
    if (!allowed(operation.product))
      throw new ToolError(`${id} belongs to ${operation.product}, which this deployment forbids (MCP_API_DENY).`);
    return operation;
  }

  const run = (call: Omit<Call, 'operation'>, operation: Operation) =>
    execute({ ...call, operation }, part('operations'), context);

  return {
    search: (query, product, limit) => ({
      operations: search(query, { product, limit, allowed }).map(({ id, method, summary, required, status }) => ({
        id,
        method,
        summary,
        ...(required.length > 0 && { required }),
        ...(status && { status }),
      })),
    }),
    describe: (ids) => ({
      operations: ids
        .map(operationOf)
        .map((operation) => describe(operation, part('operations'), part('index').products[operation.product]!)),
    }),
    read: async (id, params, fields) => {
      const operation = operationOf(id);
      if (operation.method !== 'GET' && operation.method !== 'HEAD')
        throw new ToolError(`${id} is a ${operation.method}; nothing was sent. Use twilio_api_write.`);
      return run({ params, confirmed: true, fields }, operation);
    },
    write: async (id, params, confirmed) => {
      const operation = operationOf(id);
      if (operation.method === 'GET' || operation.method === 'HEAD')
        throw new ToolError(`${id} only reads. Use twilio_api_read.`);
      return run({ params, confirmed }, operation);
    },
  };
}

/** Products that this deployment keeps from agents. Throws for a name that is none: it would forbid nothing. */
function denied({ config }: ToolContext): ReadonlySet<string> {
  const names = config.apiDeny.filter((name) => name !== 'none');
  const { products } = part('index');
  const wrong = names.find((name) => !Object.hasOwn(products, name));
  if (wrong !== undefined)
    throw new ToolError(
      `MCP_API_DENY names "${wrong}", which is no product. Products: ${Object.keys(products).join(', ')}.`,
    );
  return new Set(names);
}
