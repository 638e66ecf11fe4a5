import { buildOperationTable } from '../../openapi/catalogue';
import { closestNames } from '../../src/closest-names';
import { law, TOOLS } from './law';

/*
 * Rules for the Twilio operations that tools name, checked against the catalogue.
 */

const { operations } = buildOperationTable();
const ids = Object.keys(operations);

law(
  'the operations of a tool exist',
  'write the id as twilio_api_search returns it: <document>:<operationId>, spelled as in the API description.',
  () =>
    TOOLS.flatMap((tool) => tool.operations.map((id) => ({ tool, id })))
      .filter(({ id }) => !Object.hasOwn(operations, id))
      .map(({ tool, id }) => {
        const close = closestNames(id, ids);
        return `${tool.name}: "${id}" is not in the catalogue${close.length > 0 ? `; write ${close.join(' or ')}` : ''}`;
      }),
);

const effects = new Map(TOOLS.map(({ name, effect }) => [name, effect]));

law(
  'an operation of a tool that sends, spends or deletes requires confirm',
  'add the operation to CONFIRM_REASONS in openapi/catalogue/products.ts, or to PAID_PARAMETERS if only some calls cost.',
  () =>
    Object.values(operations)
      .filter(({ confirmReason, paidParameters }) => !confirmReason && !paidParameters)
      .flatMap(({ id, tools = [] }) => tools.map((name) => ({ id, name, effect: effects.get(name)! })))
      .filter(({ effect }) => /^(send|spend|delete)$/.test(effect))
      .map(({ id, name, effect }) => `${id}: requires no confirm, but ${name} has the effect ${effect}`),
);
