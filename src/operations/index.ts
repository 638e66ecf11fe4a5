import { ToolError } from '../errors';
import type { Api, ToolContext } from '../tool';
import { type Operation, part } from './catalogue';
import { describe } from './describe';
import { type Call, execute } from './execute';
import { search } from './search';

const FORBIDDEN = 'this deployment forbids (MCP_API_DENY)';
const NOTHING = 'Nothing fits. Say what is to be done in other words, in English, or name no product.';

/** The whole API over the catalogue. Nothing is read before a method is called. */
export function openApi(context: ToolContext): Api {
  const allowed = (product: string) => !denied(context).has(product);

  function operationOf(id: string): Operation {
    const { operations } = part('operations');
    const operation = Object.hasOwn(operations, id) ? operations[id] : undefined;
    if (operation === undefined) {
      const near = search(id.slice(0, 120))
        .filter(({ product }) => allowed(product))
        .slice(0, 3)
        .map((found) => found.id);
      throw new ToolError(
        `Unknown operation "${id.slice(0, 80)}". Nearest: ${near.join(', ') || 'none'}. Ids come from twilio_api_search.`,
      );
    }
    if (!allowed(operation.product)) throw new ToolError(`${id} belongs to ${operation.product}, which ${FORBIDDEN}.`);
    return operation;
  }

  const run = (call: Omit<Call, 'operation'>, operation: Operation) =>
    execute({ ...call, operation }, part('operations'), context);

  return {
    search: (query, product, limit) => {
      const found = search(query, product);
      const best = found[0];
      const operations = found
        .filter((one) => allowed(one.product))
        .slice(0, limit)
        .map(({ id, method, summary, required, status }) => ({
          id,
          method,
          summary,
          ...(required.length > 0 && { required }),
          ...(status && { status }),
        }));
      if (best && !allowed(best.product))
        return { operations, note: `What fits best belongs to ${best.product}, which ${FORBIDDEN}.` };
      return operations.length > 0 ? { operations } : { operations, note: NOTHING };
    },
    describe: (ids) => ({
      operations: ids
        .map(operationOf)
        .map((operation) => describe(operation, part('operations'), part('index').products[operation.product]!)),
    }),
    read: async (id, params, fields) => {
      const operation = operationOf(id);
      if (!reads(operation))
        throw new ToolError(`${id} is a ${operation.method}; nothing was sent. Use twilio_api_write.`);
      const [charged] = chargedBy(operation, params);
      if (charged !== undefined)
        throw new ToolError(`${charged} makes ${id} cost money; nothing was sent. Use twilio_api_write.`);
      return run({ params, confirmed: true, fields }, operation);
    },
    write: async (id, params, confirmed) => {
      const operation = operationOf(id);
      const [charged] = chargedBy(operation, params);
      if (reads(operation) && charged === undefined) throw new ToolError(`${id} only reads. Use twilio_api_read.`);
      const caution = charged === undefined ? operation.caution : `costs money, since ${charged} is given`;
      return run({ params, confirmed }, { ...operation, caution });
    },
  };
}

const reads = ({ method }: Operation): boolean => method === 'GET' || method === 'HEAD';

/** The given parameters that make an operation cost money. */
const chargedBy = ({ charged = [] }: Operation, params: Record<string, unknown>): string[] =>
  charged.filter((name) => ![undefined, null, ''].includes(params[name] as never));

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
