import { ToolError } from '../errors';
import type { ApiAnswer, ToolContext } from '../tool';
import { postForm, request } from '../twilio';
import type { Operation, Operations } from './catalogue';
import { type Checked, check, type Values } from './check-parameters';
import { answerOf } from './response';

/** Items of a page where the agent does not say. */
const PAGE_SIZE = 20;
const MAP_FORMAT = /^prefixed-collapsible-map-/;
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  css: 'text/css',
  html: 'text/html',
  js: 'application/javascript',
  json: 'application/json',
  xml: 'application/xml',
};

export interface Call {
  operation: Operation;
  params: Values;
  /** Whether the user agreed to what cannot be taken back. */
  confirmed: boolean;
  /** The fields to answer with; all without. */
  fields?: readonly string[];
}

/**
 * Checks the parameters, fills in the account, and sends one request.
 * Throws a `ToolError`, and sends nothing, where a parameter is wrong or an operation that needs it is not confirmed.
 */
export async function execute(call: Call, { schemas }: Operations, context: ToolContext): Promise<ApiAnswer> {
  const { operation, params, confirmed } = call;
  const checked = check(operation, schemas, withDefaults(operation, params, context));
  const uri = `https://${operation.host}${fillPath(operation, checked)}`;
  if (operation.caution && !confirmed) {
    throw new ToolError(
      `Nothing was done: ${operation.method} ${uri} ${operation.caution}. ` +
        `It would be called with ${outline(params)}. Ask the user, then repeat with confirm: true.`,
    );
  }
  if (operation.body === 'multipart') {
    return { result: await postForm(context.twilio, uri, multipart(checked.form)) };
  }
  const answer = await request(context.twilio, {
    method: operation.method.toLowerCase() as 'get',
    uri,
    params: asText(operation, checked.query),
    headers: headersOf(operation, checked),
    data: operation.body === 'json' ? (checked.body.body as object | undefined) : asText(operation, checked.form),
  });
  return answerOf(call, answer, context.config);
}

/** Every parameter, so that none hides behind a long one; long values are cut. */
function outline(params: Values): string {
  const each = Object.entries(params).map(([name, value]) => {
    const text = JSON.stringify(value) ?? '';
    return `${name}: ${text.length > 80 ? `${text.slice(0, 80)}… (${text.length} characters)` : text}`;
  });
  return each.join(', ').slice(0, 4000);
}

/** The account, and a page that is not longer than it needs to be. */
function withDefaults({ parameters, items }: Operation, params: Values, { config }: ToolContext): Values {
  const defaults: Values = {};
  for (const { name, in: place, required, schema } of parameters) {
    if (required && name === 'AccountSid') defaults[name] = config.accountSid;
    if (items && place === 'query' && /^page_?size$/i.test(name) && (schema.maximum ?? PAGE_SIZE) >= PAGE_SIZE)
      defaults[name] = Math.max(PAGE_SIZE, schema.minimum ?? 0);
  }
  return { ...defaults, ...params };
}

/** Every value was checked to be one segment. */
const fillPath = ({ path }: Operation, { path: values }: Checked): string =>
  path.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));

function headersOf({ body }: Operation, { header }: Checked): Record<string, string> {
  const type = body === 'json' ? 'application/json' : 'application/x-www-form-urlencoded';
  const headers = Object.entries(header).map(([name, value]) => [name, String(value)]);
  return { ...Object.fromEntries(headers), ...(body && { 'Content-Type': type }) };
}

/** Objects travel in a form or a query as JSON, or as a field for each key where Twilio says so. */
function asText({ parameters }: Operation, values: Values): Values {
  const written: Values = {};
  const text = (value: unknown) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value);
  for (const [name, value] of Object.entries(values)) {
    const { schema } = parameters.find((parameter) => (parameter.wire ?? parameter.name) === name)!;
    if (schema.format && MAP_FORMAT.test(schema.format)) {
      const prefix = schema.format.replace(MAP_FORMAT, '');
      for (const [key, item] of Object.entries(value as Values)) written[`${prefix}.${key}`] = text(item);
    } else written[name] = Array.isArray(value) ? value.map(text) : text(value);
  }
  return written;
}

function multipart({ Content, ContentType, ...fields }: Values): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, String(value));
  const file = String(fields.Path).split('/').at(-1)!;
  const type = ContentType ?? CONTENT_TYPES[file.split('.').at(-1)!] ?? 'text/plain';
  form.append('Content', new Blob([String(Content)], { type: String(type) }), file || 'content');
  return form;
}
