/** Generates a request for any operation, with every parameter set. */
import type { SpecDocument, SpecOperation, SpecSchema } from '../openapi/spec';
import { sampleValue } from './sample';

interface GeneratedRequest {
  method: string;
  host: string;
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** @param known values of path parameters, e.g. `{ AccountSid }` */
export function generateRequest(
  document: SpecDocument,
  operation: SpecOperation,
  known: Record<string, string>,
): GeneratedRequest {
  const headers: Record<string, string> = {};
  const query: string[] = [];
  let path = operation.path;
  for (const parameter of operation.parameters) {
    const value = sampleValue(document, parameter.schema);
    if (parameter.in === 'path') {
      path = path.replace(`{${parameter.name}}`, encodeURIComponent(known[parameter.name] ?? String(value)));
    } else if (parameter.in === 'header') {
      if (parameter.name.toLowerCase() !== 'authorization') headers[parameter.name.toLowerCase()] = String(value);
    } else if (!/^(page_?)?token$/i.test(parameter.name)) {
      // Page tokens cannot be invented: they come from the previous page.
      query.push(...encodeField(document, parameter.name, parameter.schema, value));
    }
  }
  if (query.length > 0) path += `?${query.join('&')}`;
  const request: GeneratedRequest = { method: operation.method, host: operation.host, path, headers };
  if (!operation.body) return request;
  headers['content-type'] = operation.body.contentTypes[0]!;
  request.body = operation.body.form
    ? encodeForm(document, document.resolve(operation.body.schema))
    : JSON.stringify(sampleValue(document, operation.body.schema));
  return request;
}

function encodeForm(document: SpecDocument, schema: SpecSchema): string {
  return Object.entries(schema.properties ?? {})
    .flatMap(([name, property]) => encodeField(document, name, property, sampleValue(document, property)))
    .join('&');
}

function encodeField(document: SpecDocument, name: string, field: SpecSchema, value: unknown): string[] {
  const schema = document.resolve(field) ?? {};
  const prefix = /^prefixed-collapsible-map-(.+)/.exec(schema.format ?? '')?.[1];
  if (prefix) return [`${encodeURIComponent(`${prefix}.vendor.key`)}=value`];
  const text = (item: unknown) => (typeof item === 'object' ? JSON.stringify(item) : String(item));
  return [value].flat().map((item) => `${encodeURIComponent(name)}=${encodeURIComponent(text(item))}`);
}
