import { buildOperationTable } from '../../openapi/catalogue';
import { Spec, type SpecDocument, type SpecSchema } from '../../openapi/spec';
import { closestNames } from '../../src/closest-names';
import { CREDENTIALS_OF } from '../../src/operations/response';
import { isCredentialName } from '../../src/withhold';
import { propertiesOf } from '../support/arguments';
import { apartFrom, law, TOOLS } from './law';

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

law(
  'a parameter of an operation that takes TwiML has the format twiml, which is checked',
  'correct its format in openapi/corrections.ts.',
  () =>
    Object.values(operations).flatMap(({ id, parameters }) =>
      parameters
        .filter(({ name, schema }) => /twiml$/i.test(name) && schema.format !== 'twiml')
        .map(({ name }) => `${id}: ${name}`),
    ),
);

/** Fields that sound like credentials but are public, chosen by the customer, or meant for the person who verifies a number. */
const NOT_CREDENTIALS: readonly string[] = [
  ...[
    'access_token_ttl',
    'token_type',
    'token_endpoint',
    'token_endpoint_auth_methods_supported',
    'include_credentials',
  ],
  ...['tokens', 'tokens_per_second', 'total_tokens', 'last_token_received', 'nextToken', 'previousToken'],
  ...['next_token', 'previous_token', 'credentials', 'credential_lists', 'credential_list_mappings', 'private'],
  ...['customer_key', 'validation_code', 'validationCode', 'verification_code', 'verificationCode'],
];
const SOUNDS_SECRET =
  /secret|pass(word|wd|phrase|code)|token|(^|_)pin$|credential|private|_key$|session_id|(activation|validation|verification)_?code|jwt/i;

/** The names of all fields in a response, those of objects in it too. */
function namesIn(document: SpecDocument, source: SpecSchema | undefined, depth = 0): string[] {
  const schema = document.resolve(source);
  if (schema === undefined || depth > 8) return [];
  const parts = [...(schema.allOf ?? []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? []), schema.items];
  const below = [...parts, ...Object.values(schema.properties ?? {})];
  return [...Object.keys(schema.properties ?? {}), ...below.flatMap((part) => namesIn(document, part, depth + 1))];
}

law(
  'a field that the API returns under the name of a credential is withheld, or on a reviewed list',
  'let isCredentialName in src/withhold.ts know it, add it to CREDENTIALS_OF in src/operations/response.ts, or if it is none, to NOT_CREDENTIALS.',
  () => {
    const spec = new Spec();
    const breaches = spec.operations().flatMap(({ id, file, success }) =>
      namesIn(spec.document(file), success.schema)
        .filter((name) => SOUNDS_SECRET.test(name) && !/_sid$/.test(name) && !isCredentialName(name))
        .filter((name) => CREDENTIALS_OF[id] !== name && !(name === 'session_id' && /^(assistants|insights)_/.test(id)))
        .map((name) => `${name}: in the answer to ${id}`),
    );
    return apartFrom([...NOT_CREDENTIALS], breaches);
  },
);

/** The largest page of an operation: from its schema, else from its description; undefined if it has no page size. */
function maxPageSize(id: string): number | undefined {
  const size = operations[id]?.parameters.find(({ name }) => /^pageSize$/i.test(name));
  const documented = size?.description?.match(/maximum (?:is|of) ([\d,]+)/i)?.[1]?.replace(',', '');
  return size && (size.schema.maximum ?? (documented === undefined ? undefined : Number(documented)));
}

/** Lists whose limit is another one, and why. */
const OTHER_LIMITS: Readonly<Record<string, string>> = {
  twilio_debugger_analyze_errors: 'reads several pages',
  twilio_inbox_list_conversations: 'lists what the store keeps',
  twilio_inbox_get_conversation_thread: 'lists what the store keeps',
  twilio_verify_list_rate_limits: 'reads the buckets of each',
  twilio_phone_numbers_search_available_numbers: 'Twilio offers fewer at a time',
};

law(
  'the limit of a list goes up to the maximum page size of its operations, and its default is not above it',
  'pass that maximum: ...paging(<maximum>); if there is a reason for another limit, add it to OTHER_LIMITS.',
  () =>
    apartFrom(
      Object.keys(OTHER_LIMITS),
      TOOLS.flatMap((tool) => {
        const { limit } = propertiesOf(tool);
        const max = Math.min(...tool.operations.map((id) => maxPageSize(id) ?? Infinity));
        if (limit === undefined || max === Infinity) return [];
        const isRight = limit.maximum === max && Number(limit.default) <= max;
        return isRight
          ? []
          : [`${tool.name}: limit up to ${limit.maximum}, documented is ${max}: write paging(${max})`];
      }),
    ),
);
