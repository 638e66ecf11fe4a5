import { ToolError } from '../errors';
import { unsealToken } from '../paging';
import type { OperationResult, ToolContext } from '../tool';
import { postForm, request } from '../twilio';
import { withoutCredential } from '../withhold';
import type { Operation, OperationTable } from './catalogue';
import { type CheckedParameters, checkParameters, type ParameterValues } from './check-parameters';
import { CONTINUE_AFTER, checkFields, toOperationResult } from './response';

const DEFAULT_PAGE_SIZE = 20;
const MAP_FIELD = /^prefixed-collapsible-map-/;
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css',
  html: 'text/html',
  js: 'application/javascript',
  json: 'application/json',
  xml: 'application/xml',
};

export interface OperationCall {
  operation: Operation;
  params: ParameterValues;
  /** Whether the user agreed to an operation that has a `confirmReason`. */
  confirmed: boolean;
  /** Fields of the result; all if undefined. */
  fields?: readonly string[];
}

/**
 * Checks the parameters, fills in the account SID and sends one request. Throws a `ToolError` before anything is sent
 * if a parameter is invalid or a needed confirmation is missing.
 */
export async function executeOperation(
  { operation, params: { [CONTINUE_AFTER]: token, ...given }, confirmed, fields }: OperationCall,
  { schemas }: OperationTable,
  context: ToolContext,
): Promise<OperationResult> {
  const params = withDefaults(operation, given, context);
  const checked = checkParameters(operation, schemas, params);
  const position = token === undefined ? '' : positionOf(token, params);
  if (operation.returns.length > 0) checkFields(fields, namesOf(operation), operation.id);
  const uri = `https://${operation.host}${fillPath(operation, checked)}`;
  if (operation.confirmReason && !confirmed && !context.dryRun) {
    throw new ToolError(
      `Confirmation needed; nothing was sent: ${operation.method} ${uri} ${operation.confirmReason}. ` +
        `Parameters: ${summarize(given)}. Ask the user, then repeat with confirm: true.`,
    );
  }
  const toResult = (response: Parameters<typeof toOperationResult>[1]) =>
    toOperationResult(operation, response, context.config, { fields, position, params });
  if (operation.body === 'multipart') {
    return toResult({
      statusCode: 201,
      body: await postForm(context.twilio, uri, uploadForm(checked.form)),
      headers: {},
    });
  }
  const form = encodeFields(operation, checked.form);
  const options = {
    method: operation.method.toLowerCase() as 'get',
    uri,
    params: encodeFields(operation, checked.query),
    headers: requestHeaders(operation, checked),
    data: operation.body === 'json' ? (checked.body.body as object | undefined) : form,
  };
  const hasBody = operation.returns.length > 0 && !/^(DELETE|HEAD)$/.test(operation.method);
  return toResult(await request(context.twilio, options, { hasBody, redirects: operation.redirects }));
}

/** Names of the described fields, without their types. */
const namesOf = ({ returns }: Operation): string[] => returns.map((field) => field.replace(/ .*/, ''));

/** Throws a `ToolError` if the parameters are not those of the page that was cut. */
function positionOf(token: unknown, params: ParameterValues): string {
  const position = unsealToken(String(token), params);
  if (position !== undefined) return position;
  throw new ToolError(
    `${CONTINUE_AFTER} belongs to a page with other parameters; nothing was sent. Add nextPage to the parameters of the call that returned it, or leave it out.`,
  );
}

/** All parameters for the user to review, without credentials. Long values are cut, so that none hides the others. */
function summarize(params: ParameterValues): string {
  const each = Object.entries(params).map(([name, value]) => {
    const text = JSON.stringify(withoutCredential(name, value), withoutCredential) ?? '';
    return `${name}: ${text.length > 80 ? `${text.slice(0, 80)}… (${text.length} characters)` : text}`;
  });
  return each.join(', ').slice(0, 4000) || 'none';
}

/** Adds the configured account and a small page size. */
function withDefaults({ parameters, items }: Operation, params: ParameterValues, { config }: ToolContext) {
  const defaults: ParameterValues = {};
  for (const { name, in: location, required, schema } of parameters) {
    if (required && name === 'AccountSid') defaults[name] = config.accountSid;
    const { minimum = 0, maximum = DEFAULT_PAGE_SIZE } = schema;
    if (items && location === 'query' && /^page_?size$/i.test(name) && maximum >= DEFAULT_PAGE_SIZE)
      defaults[name] = Math.max(DEFAULT_PAGE_SIZE, minimum);
  }
  return { ...defaults, ...params };
}

/** The check made sure that each value is one path segment. */
const fillPath = ({ path }: Operation, { path: values }: CheckedParameters): string =>
  path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));

function requestHeaders({ body }: Operation, { header }: CheckedParameters): Record<string, string> {
  const type = body === 'json' ? 'application/json' : 'application/x-www-form-urlencoded';
  const headers = Object.entries(header).map(([name, value]) => [name, String(value)]);
  return { ...Object.fromEntries(headers), ...(body && { 'Content-Type': type }) };
}

/** Values of a form or a query as text: an object is JSON, or one field for each key if Twilio describes it so. */
function encodeFields({ parameters }: Operation, values: ParameterValues): ParameterValues {
  const encoded: ParameterValues = {};
  const toText = (value: unknown) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value);
  for (const [name, value] of Object.entries(values)) {
    const { schema } = parameters.find((parameter) => (parameter.wire ?? parameter.name) === name)!;
    if (schema.format && MAP_FIELD.test(schema.format)) {
      const prefix = schema.format.replace(MAP_FIELD, '');
      for (const [key, item] of Object.entries(value as ParameterValues)) encoded[`${prefix}.${key}`] = toText(item);
    } else encoded[name] = Array.isArray(value) ? value.map(toText) : toText(value);
  }
  return encoded;
}

function uploadForm({ Content, ContentType, ...fields }: ParameterValues): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
  const file = String(fields.Path).split('/').at(-1)!;
  const type = ContentType ?? CONTENT_TYPES[file.split('.').at(-1)!] ?? 'text/plain';
  form.append('Content', new Blob([String(Content)], { type: String(type) }), file || 'content');
  return form;
}
