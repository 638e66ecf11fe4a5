import { buildOperationTable } from '../../openapi/catalogue';
import { closestNames } from '../../src/closest-names';
import { propertiesOf } from '../support/arguments';
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

law(
  'the summary of an operation says what it does, not where that is written',
  'let summaryOf in openapi/catalogue/describe-operation.ts make one.',
  () =>
    Object.values(operations)
      .filter(({ summary }) => /:\/\//.test(summary))
      .map(({ id, summary }) => `${id}: ${summary}`),
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

/** The largest page of an operation: from its schema, else from its description; undefined if it has no page size. */
function maxPageSize(id: string): number | undefined {
  const size = operations[id]?.parameters.find(({ name }) => /^pageSize$/i.test(name));
  const documented = size?.description?.match(/maximum (?:is|of) ([\d,]+)/i)?.[1]?.replace(',', '');
  return size && (size.schema.maximum ?? (documented === undefined ? undefined : Number(documented)));
}

/** Its limit spans pages of Twilio. */
const SPANS_PAGES = ['twilio_debugger_analyze_errors'];

law(
  'no limit of a tool, given or by default, is above the maximum page size of its operations',
  'pass that maximum: ...paging(<maximum>).',
  () =>
    TOOLS.filter(({ name }) => !SPANS_PAGES.includes(name)).flatMap((tool) => {
      const { limit } = propertiesOf(tool);
      if (limit === undefined) return [];
      const largest = Math.max(limit.maximum!, Number(limit.default));
      return tool.operations
        .map((id) => ({ id, max: maxPageSize(id) ?? Infinity }))
        .filter(({ max }) => largest > max)
        .map(({ id, max }) => `${tool.name}: limit up to ${largest}, but ${id} accepts ${max}: write paging(${max})`);
    }),
);
