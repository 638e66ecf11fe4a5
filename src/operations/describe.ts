import type { Operation, OperationParameter, OperationTable, Product, Schema, Schemas } from './catalogue';
import { sidPrefixesOf } from './check-parameters';

type Description = string | { [name: string]: Description } | readonly [Description];

/** Parts of a JSON body that are nested deeper are described by their type only. */
const MAX_DEPTH = 5;

/**
 * An operation for agents: its parameters as `name: "type: meaning"`, with `*` before the type of a required one.
 * `curated` names tools that do the same.
 */
export function describeOperation(
  operation: Operation,
  { schemas }: OperationTable,
  { title, status }: Product,
  curated: readonly string[],
) {
  const { id, summary, method, host, path, parameters, note, items, returns } = operation;
  const requiredFirst = [...parameters].sort((a, b) => Number(b.required ?? false) - Number(a.required ?? false));
  return {
    id,
    summary,
    request: `${method} https://${host}${path}`,
    product: status ? `${title}: ${status}` : title,
    ...(curated.length > 0 && { curated }),
    ...(note && { note }),
    ...confirmOf(operation),
    params: Object.fromEntries(
      requiredFirst.map((parameter) => [parameter.name, describeParameter(parameter, schemas)]),
    ),
    ...(items && { list: items }),
    returns: returns.join(', '),
  };
}

/** When `confirm` is needed, and why. */
function confirmOf({ confirmReason, raises = [] }: Operation): { confirm?: string } {
  if (confirmReason) return { confirm: `required: it ${confirmReason}` };
  const rules = raises.map(
    ({ parameters, reason, values: [, words] = ['', 'set'] }) =>
      `if ${parameters.join(' or ')} is ${words}, it ${reason}`,
  );
  return rules.length > 0 ? { confirm: `required ${rules.join('; ')}` } : {};
}

function describeParameter(
  { name, in: location, required, description, schema }: OperationParameter,
  schemas: Schemas,
) {
  if (location === 'body') return describeSchema(schema, schemas, required ?? false, 0);
  if (name === 'AccountSid' && required) return describeType(schema, 'default: the configured account', false);
  return describeType(schema, description, required ?? false);
}

function describeType(schema: Schema, description: string | undefined, required: boolean): string {
  const { type = 'any JSON', format, pattern, minimum, maximum, minLength, maxLength } = schema;
  const sid = pattern && sidPrefixesOf(pattern);
  const values = schema.enum ?? schema.items?.enum;
  const parts = [
    values ? values.join('|') : sid ? `${sid}… SID` : type,
    !values && !sid && format,
    !values && !sid && pattern && `like ${pattern}`,
    type === 'array' && (values ? 'list of these' : `of ${schema.items?.type ?? 'any'}`),
    (minimum !== undefined || maximum !== undefined) && `${minimum ?? ''}..${maximum ?? ''}`,
    !sid && !values && (minLength || maxLength) && `${minLength ?? 0}..${maxLength ?? ''} characters`,
  ];
  return `${required ? '*' : ''}${parts.filter(Boolean).join(' ')}${description ? `: ${description}` : ''}`;
}

/** The schema of a JSON body, nested as the body is. */
function describeSchema(source: Schema, schemas: Schemas, required: boolean, depth: number): Description {
  const target = source.$ref === undefined ? undefined : schemas[source.$ref];
  const schema = target ? { ...target, description: source.description ?? target.description } : source;
  if (schema.$ref !== undefined) return describeSchema(schema, schemas, required, depth);
  if (depth > MAX_DEPTH) return describeType(schema, schema.description, required);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) {
    const each = choices.map((part, at) => [`choice ${at + 1}`, describeSchema(part, schemas, required, depth + 1)]);
    return { ...describeProperties(schema, schemas, depth), ...Object.fromEntries(each) };
  }
  if (schema.properties || schema.allOf) return describeProperties(schema, schemas, depth);
  if (schema.type === 'array' && schema.items && (schema.items.$ref || schema.items.properties))
    return [describeSchema(schema.items, schemas, required, depth + 1)];
  return describeType(schema, schema.description, required);
}

function describeProperties(schema: Schema, schemas: Schemas, depth: number): { [name: string]: Description } {
  const inherited = (schema.allOf ?? []).map((part) => describeSchema(part, schemas, false, depth));
  const own = Object.entries(schema.properties ?? {}).map(([name, property]) => [
    name,
    describeSchema(property, schemas, schema.required?.includes(name) ?? false, depth + 1),
  ]);
  return Object.assign({}, ...inherited.filter((part) => typeof part === 'object'), Object.fromEntries(own));
}
