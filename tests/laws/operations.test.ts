import { buildOperationTable } from '../../openapi/catalogue';
import { Spec, type SpecDocument, type SpecSchema } from '../../openapi/spec';
import { closestNames, normalizeName } from '../../src/closest-names';
import { asksFirst } from '../../src/effect';
import type { Operation, Schema } from '../../src/operations/catalogue';
import { effectOf } from '../../src/operations/effect-of';
import { CREDENTIALS_OF } from '../../src/operations/response';
import { words } from '../../src/params';
import { isCredentialName } from '../../src/withhold';
import { propertiesOf } from '../support/arguments';
import { apartFrom, law, TOOLS } from './law';

/*
 * Rules for the Twilio operations that tools name, checked against the catalogue.
 */

const { operations, schemas } = buildOperationTable();
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

// `twilio_auth_create_token` discards the token that it creates.
law(
  'a tool asks first wherever the generic tool does for the same operation and arguments',
  'give the tool the effect of the operation, or of the parameter that it takes: deletes, sends, spends or grants.',
  () =>
    TOOLS.filter(({ name }) => name !== 'twilio_auth_create_token').flatMap((tool) =>
      tool.operations.flatMap((id) => {
        const operation = operations[id];
        if (operation === undefined) return [];
        const args = new Set(Object.keys(tool.input()).map(normalizeName));
        const taken = operation.parameters.filter((each) => args.has(normalizeName(each.name)));
        const params = Object.fromEntries(taken.map((each) => [each.name, sampleOf(operation, each.name)]));
        const { effect, reason } = effectOf(operation, params);
        return asksFirst(effect) && !asksFirst(tool.effect)
          ? [`${operation.id} ${reason} (${effect}), but ${tool.name} has the effect ${tool.effect}`]
          : [];
      }),
    ),
);

/** A value of a parameter that raises the effect, if one does. */
function sampleOf({ raises = [], parameters }: Operation, name: string): unknown {
  const pattern = raises.find((raise) => raise.parameters.includes(name))?.values?.[0] ?? '';
  const { enum: values = ['true'] } = parameters.find((each) => each.name === name)!.schema;
  return values.find((value) => new RegExp(pattern, 'i').test(String(value))) ?? values[0];
}

law(
  'an operation that GET requests reads, unless its parameters cost money',
  'let the rules in openapi/catalogue/effects.ts match writes only.',
  () =>
    Object.values(operations)
      .filter(
        ({ method, effect, raises = [] }) =>
          method === 'GET' && (effect !== 'read' || raises.some((each) => each.effect !== 'spend')),
      )
      .map(({ id, effect }) => `${id}: ${effect}`),
);

law(
  'an operation asks first if and only if a tool with its effect would',
  'correct openapi/catalogue/effects.ts.',
  () =>
    Object.values(operations)
      .flatMap(({ id, effect, confirmReason, raises = [] }) => [
        { id, effect, reason: confirmReason },
        ...raises.map((raise) => ({ id, ...raise })),
      ])
      .filter(({ effect, reason }) => asksFirst(effect) !== (reason !== undefined))
      .map(({ id, effect }) => `${id}: ${effect}`),
);

/** Names of parameters, and of fields of a JSON body, that open something: sought without the rules of effects.ts. */
const OPENING =
  /((?<!media|policy|conditions|website)url|uri|callback|secret|password|privatekey|credentials?sid|rolesid)$/i;
const OPENING_FIELD = /callback|webhook|secret|password|credential/i;

law(
  'a harmless write asks first if a parameter opens something',
  'add the parameter to RAISING_PARAMETERS or the operation to ASKING_OPERATIONS (openapi/catalogue/effects.ts).',
  () =>
    Object.values(operations)
      .filter(({ effect, method }) => !asksFirst(effect) && method !== 'GET')
      .flatMap(({ id, parameters, raises = [] }) => {
        const raising = raises.flatMap((raise) => raise.parameters);
        return parameters
          .flatMap(({ name, in: place, schema }) =>
            place === 'body'
              ? fieldsOf(schema).filter((field) => OPENING_FIELD.test(field))
              : [name].filter(() => place !== 'path' && OPENING.test(name) && !raising.includes(name)),
          )
          .map((name) => `${id}: ${name}`);
      }),
);

/** The names in a JSON body. */
function fieldsOf(schema: Schema | undefined, seen: readonly string[] = []): string[] {
  if (schema === undefined || seen.includes(schema.$ref ?? '')) return [];
  if (schema.$ref) return fieldsOf(schemas[schema.$ref], [...seen, schema.$ref]);
  const { properties = {}, items, allOf = [], oneOf = [], anyOf = [] } = schema;
  const parts = [...Object.values(properties), ...allOf, ...oneOf, ...anyOf];
  return [...Object.keys(properties), ...[...parts, items].flatMap((part) => fieldsOf(part, seen))];
}

/** Products in which every write opens something, and their writes that do not: names of resources. */
const OPENING_PRODUCTS: readonly string[] = words(
  'sip trunking voice-config events serverless connect-apps bulk-exports keys iam oauth auth-tokens routes',
);
const NAMING_ONLY = words(
  'accounts_v1:UpdateCredentialAws accounts_v1:UpdateCredentialPublicKey api_v2010:UpdateKey api_v2010:UpdateSigningKey iam_v1:UpdateKey api_v2010:UpdateSipCredentialList api_v2010:UpdateSipIpAccessControlList events_v1:UpdateSink events_v1:UpdateSubscription serverless_v1:CreateAsset serverless_v1:UpdateAsset serverless_v1:CreateEnvironment serverless_v1:CreateFunction serverless_v1:UpdateFunction serverless_v1:CreateService serverless_v1:UpdateService voice_v1:CreateConnectionPolicy voice_v1:UpdateConnectionPolicy voice_v1:UpdateIpRecord',
);

law(
  'a write to SIP, keys, sinks or deployed code asks first',
  'add it to ASKING_OPERATIONS (openapi/catalogue/effects.ts); if it only names something, to NAMING_ONLY.',
  () =>
    apartFrom(
      NAMING_ONLY.map((id) => id.replace(':', ' ')),
      Object.values(operations)
        .filter(
          ({ product, method, effect }) => OPENING_PRODUCTS.includes(product) && method !== 'GET' && !asksFirst(effect),
        )
        .map(({ id }) => id.replace(':', ' ')),
    ),
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
  'let isCredentialName in src/withhold.ts know it, add it to CREDENTIALS_OF in src/operations/response.ts, or, if it is not a credential, to NOT_CREDENTIALS.',
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

/** The values that Twilio documents for a filter of an operation, or for the field that it filters; undefined if none. */
function documentedValues(spec: Spec, id: string, filter: string): readonly unknown[] | undefined {
  // `statuses` selects by the field `status`.
  const isFilter = (name: string) =>
    [filter, filter.replace(/e?s$/, '')].map(normalizeName).includes(normalizeName(name));
  const { schema } = operations[id]?.parameters.find(({ name }) => isFilter(name)) ?? {};
  const { file, success, list } = spec.operation(id)!;
  const document = spec.document(file);
  const answer = document.resolve(success.schema)?.properties ?? {};
  const { properties = {} } = (list && document.resolve(document.resolve(answer[list.itemsKey])?.items)) ?? {};
  const [, field] = Object.entries(properties).find(([name]) => isFilter(name)) ?? [];
  return schema?.enum ?? schema?.items?.enum ?? document.resolve(field)?.enum;
}

law(
  'a filter of a list takes every value that Twilio documents',
  'add the value to its oneOf or someOf: without it, some items cannot be found.',
  () => {
    const spec = new Spec();
    return TOOLS.filter(({ effect }) => effect === 'read').flatMap((tool) =>
      Object.entries(propertiesOf(tool)).flatMap(([name, { enum: own, items }]) => {
        const offered: readonly unknown[] | undefined = own ?? items?.enum;
        const documented = offered && tool.operations.flatMap((id) => documentedValues(spec, id, name) ?? []);
        return [...new Set(documented)]
          .filter((value) => value !== null && !offered!.includes(value))
          .map((value) => `${tool.name}.${name}: ${value} is missing`);
      }),
    );
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

law(
  'an operation that reaches people names its recipients, or says why it has none',
  'add it to RECIPIENTS in openapi/catalogue/addresses.ts, or to REACHES.',
  () =>
    Object.values(operations)
      .filter(({ effect, raises = [] }) => effect === 'send' || raises.some((raise) => raise.effect === 'send'))
      .filter(({ addresses = {} }) => (addresses.recipients?.length ?? 0) === 0 && addresses.reaches === undefined)
      .map(({ id }) => id),
);

law(
  'a parameter that looks like a recipient of what is sent counts as one',
  'add it to RECIPIENTS or SENDER_PARAMETERS in openapi/catalogue/addresses.ts.',
  () =>
    Object.values(operations)
      .filter(({ effect, raises = [] }) => effect === 'send' || raises.some((raise) => raise.effect === 'send'))
      .flatMap(({ id, parameters, addresses: { recipients = [], senders = [] } = {} }) =>
        parameters
          .filter(({ name }) => /(To|From|Address|PhoneNumber|Identifier|Binding|CallerId|Target)$/.test(name))
          .filter(({ name }) => ![...recipients, ...senders].includes(name))
          .map(({ name }) => `${id} ${name}`),
      )
      // The address of an emergency is read out, and the senders of chats are names.
      .filter((each) => !/ EmergencyAddress$|^(chat|ip_messaging)_v\d:CreateMessage From$/.test(each)),
);
