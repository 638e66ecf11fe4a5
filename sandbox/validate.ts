/** Validates values against the schemas of the API descriptions. Validators are compiled on first use. */
import { default as Ajv2019, type ErrorObject, type ValidateFunction } from 'ajv/dist/2019';
import addFormats from 'ajv-formats';
import type { SpecDocument, SpecSchema } from '../openapi/spec';
import { closestNames } from '../src/closest-names';

const ajv = new Ajv2019({
  strict: false,
  logger: false,
  allErrors: true,
  validateSchema: false,
  unicodeRegExp: false,
  verbose: true,
});
addFormats(ajv, ['date-time', 'date', 'email', 'uuid', 'duration', 'byte']);
ajv.addFormat('uri', isUri);
const isDayOrTime = ajv.compile({ anyOf: [{ format: 'date' }, { format: 'date-time' }] });
ajv.addFormat('day-or-time', (value: string) => isDayOrTime(value));
ajv.addFormat('http-method', /^(GET|POST|PUT|PATCH|DELETE|HEAD)$/);
ajv.addFormat('iso-country-code', /^[A-Z]{2}$/);
ajv.addFormat('currency', /^[A-Za-z]{3}$/);
ajv.addFormat('int32', { type: 'number', validate: (value: number) => Math.abs(value) <= 2 ** 31 });

/** True for an absolute URL of any scheme: media streams use `wss:`, voice uses `sip:`. */
function isUri(value: string): boolean {
  return URL.canParse(value) && /^[a-z][a-z0-9+.-]*:/i.test(value);
}

const validators = new Map<string, ValidateFunction>();

/** How a decoded value violates its schema, as sentences that begin with `where`; `[]` if it is valid. */
export function violationsOf(document: SpecDocument, schema: SpecSchema, value: unknown, where: string): string[] {
  const validate = validatorOf(document, schema);
  if (validate(value)) return [];
  return violationsIn(validate.errors ?? [], where);
}

function validatorOf(document: SpecDocument, schema: SpecSchema): ValidateFunction {
  const references = new Map<string, SpecSchema>();
  const root = toJsonSchema(document, schema, true, references);
  // Fields with the same schema, such as account SIDs, share a validator.
  const whole = references.size === 0 ? root : { ...root, $defs: Object.fromEntries(references) };
  const text = JSON.stringify(whole);
  let validate = validators.get(text);
  if (!validate) {
    validate = ajv.compile(whole);
    validators.set(text, validate);
  }
  return validate;
}

const COPIED_KEYWORDS = [
  'type format pattern enum minimum maximum multipleOf minLength maxLength minItems maxItems uniqueItems',
  'minProperties maxProperties required',
]
  .join(' ')
  .split(' ');

/**
 * Converts an OpenAPI 3.0 schema to a JSON Schema whose objects reject undeclared properties. Members of allOf, oneOf
 * and anyOf stay open (`closed` is false): the object around them rejects what none of them declares.
 */
function toJsonSchema(
  document: SpecDocument,
  schema: SpecSchema,
  closed: boolean,
  references: Map<string, SpecSchema>,
): SpecSchema {
  if (schema.$ref) {
    const name = `${document.file} ${schema.$ref.replace(/.*\//, '')}${closed ? '' : ' open'}`.replaceAll(
      /[^\w.-]/g,
      '_',
    );
    if (!references.has(name)) {
      references.set(name, {});
      references.set(name, toJsonSchema(document, document.at(schema.$ref), closed, references));
    }
    return nullable(schema, { $ref: `#/$defs/${name}` });
  }
  const out: SpecSchema = {};
  for (const keyword of COPIED_KEYWORDS) if (schema[keyword] !== undefined) out[keyword] = schema[keyword];
  const ignoresFormat = (schema['x-twilio'] as { ignoreFormat?: boolean } | undefined)?.ignoreFormat;
  if (ignoresFormat) delete out.format;

  if (schema.items) out.items = toJsonSchema(document, schema.items, true, references);
  if (schema.properties) {
    out.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([name, value]) => [name, toJsonSchema(document, value, true, references)]),
    );
  }
  const parts = (['allOf', 'oneOf', 'anyOf'] as const).filter((keyword) => schema[keyword]);
  for (const keyword of parts) {
    out[keyword] = schema[keyword]!.map((part) => toJsonSchema(document, part, false, references));
  }
  if (typeof schema.additionalProperties === 'object') {
    out.additionalProperties = toJsonSchema(document, schema.additionalProperties, true, references);
  } else if (schema.additionalProperties !== undefined) {
    out.additionalProperties = schema.additionalProperties;
  } else if (closed && parts.length > 0) {
    out.unevaluatedProperties = false;
  } else if (closed && schema.properties) {
    out.additionalProperties = false;
  }
  return nullable(schema, out);
}

function nullable(source: SpecSchema, converted: SpecSchema): SpecSchema {
  if (!source.nullable) return converted;
  return { anyOf: [converted, { type: 'null' }] };
}

function violationsIn(errors: ErrorObject[], where: string): string[] {
  const sentences = errors
    // These only repeat that one of the other errors applies.
    .filter((error) => error.keyword !== 'if' && !(error.keyword === 'anyOf' && errors.length > 1))
    .filter((error) => !(error.keyword === 'type' && error.params.type === 'null' && errors.length > 1))
    .map((error) => violationOf(error, where));
  return [...new Set(sentences)].slice(0, 12);
}

function violationOf(error: ErrorObject, where: string): string {
  const path = where + error.instancePath.replaceAll('/', '.').replaceAll('~1', '/');
  const given = preview(error.data);
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const name = error.params.additionalProperty ?? error.params.unevaluatedProperty;
      const known = Object.keys((error.parentSchema as SpecSchema | undefined)?.properties ?? {});
      const [closest] = closestNames(name, known);
      return `${path} has an unknown property "${name}"${closest ? ` (did you mean "${closest}"?)` : ''}`;
    }
    case 'required':
      return `${path} is missing the required property "${error.params.missingProperty}"`;
    case 'enum':
      return `${path} must be one of ${error.params.allowedValues.join(', ')}, not ${given}`;
    case 'pattern':
      return `${path} must match ${error.params.pattern}, not ${given}`;
    case 'format':
      return `${path} must have the format ${error.params.format}, not ${given}`;
    case 'minLength':
    case 'maxLength':
      return `${path} ${error.message}, not ${String(error.data).length}`;
    default:
      return `${path} ${error.message}, not ${given}`;
  }
}

function preview(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
