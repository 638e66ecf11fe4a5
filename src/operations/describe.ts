import type { Operation, Operations, Parameter, Product, Schema } from './catalogue';

type Outline = string | { [name: string]: Outline } | readonly [Outline];
/** Deeper parts of a JSON body than this are told by their type. */
const DEEPEST = 5;

/** An operation as an agent reads it: parameters as `name: "type: meaning"`, `*` before the type of a required one. */
export function describe(operation: Operation, { schemas }: Operations, { title, status }: Product) {
  const { id, summary, method, host, path, parameters, caution, note, tools, items, returns } = operation;
  const ordered = [...parameters].sort((a, b) => Number(b.required ?? false) - Number(a.required ?? false));
  return {
    id,
    summary,
    request: `${method} https://${host}${path}`,
    product: status ? `${title}: ${status}` : title,
    ...(tools && { curated: tools }),
    ...(note && { note }),
    ...(caution && { confirm: `needed: it ${caution}` }),
    params: Object.fromEntries(ordered.map((parameter) => [parameter.name, parameterWords(parameter, schemas)])),
    ...(items && { list: items }),
    returns: returns.join(', '),
  };
}

function parameterWords(parameter: Parameter, schemas: Operations['schemas']): Outline {
  const { name, in: place, required, description, schema } = parameter;
  if (place === 'body') return outline(schema, schemas, required ?? false, 0);
  const filled = name === 'AccountSid' && required;
  return typeWords(schema, filled ? 'The configured account unless given' : description, filled ? false : required);
}

function typeWords(schema: Schema, description: string | undefined, required: boolean | undefined): string {
  const { type = 'any JSON', format, pattern, minimum, maximum, minLength, maxLength } = schema;
  const sid = pattern && /^\^\(?([A-Z|]{2,})\)?\[0-9a-f/.exec(pattern)?.[1];
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

/** A JSON body: its properties as they nest. */
function outline(given: Schema, schemas: Operations['schemas'], required: boolean, depth: number): Outline {
  const target = given.$ref === undefined ? undefined : schemas[given.$ref];
  const schema = target ? { ...target, description: given.description ?? target.description } : given;
  if (schema.$ref !== undefined) return outline(schema, schemas, required, depth);
  if (depth > DEEPEST) return typeWords(schema, schema.description, required);
  const choice = schema.oneOf ?? schema.anyOf;
  if (choice) {
    const each = choice.map((part, at) => [`choice ${at + 1}`, outline(part, schemas, required, depth + 1)]);
    return { ...ownProperties(schema, schemas, depth), ...Object.fromEntries(each) };
  }
  if (schema.properties || schema.allOf) return ownProperties(schema, schemas, depth);
  if (schema.type === 'array' && schema.items && (schema.items.$ref || schema.items.properties))
    return [outline(schema.items, schemas, required, depth + 1)];
  return typeWords(schema, schema.description, required);
}

function ownProperties(schema: Schema, schemas: Operations['schemas'], depth: number): { [name: string]: Outline } {
  const inherited = (schema.allOf ?? []).map((part) => outline(part, schemas, false, depth));
  const own = Object.entries(schema.properties ?? {}).map(([name, property]) => [
    name,
    outline(property, schemas, schema.required?.includes(name) ?? false, depth + 1),
  ]);
  return Object.assign({}, ...inherited.filter((part) => typeof part === 'object'), Object.fromEntries(own));
}
