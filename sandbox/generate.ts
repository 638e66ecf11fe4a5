/** Makes up a request for any operation, with every parameter filled from the description. */

import type { SpecDocument, SpecOperation, SpecSchema } from '../openapi/spec';
import { sample } from './sample';

export interface GeneratedRequest {
  method: string;
  host: string;
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** @param known values for path parameters, e.g. `{ AccountSid }` */
export function generateRequest(
  document: SpecDocument,
  operation: SpecOperation,
  known: Record<string, string>,
): GeneratedRequest {
  const headers: Record<string, string> = {};
  const query: string[] = [];
  let path = operation.path;
  for (const parameter of operation.parameters) {
    const value = sample(document, parameter.schema);
    if (parameter.in === 'path') {
      path = path.replace(`{${parameter.name}}`, encodeURIComponent(known[parameter.name] ?? String(value)));
    } else if (parameter.in === 'header') {
      if (parameter.name.toLowerCase() !== 'authorization') headers[parameter.name.toLowerCase()] = String(value);
    } else if (!/^(page_?)?token$/i.test(parameter.name)) {
      // A page token is nothing to make up: pages tell it.
      query.push(...pairs(document, parameter.name, parameter.schema, value));
    }
  }
  if (query.length > 0) path += `?${query.join('&')}`;
  const request: GeneratedRequest = { method: operation.method, host: operation.host, path, headers };
  if (!operation.body) return request;
  headers['content-type'] = operation.body.contentTypes[0]!;
  request.body = operation.body.form
    ? formOf(document, document.resolve(operation.body.schema))
    : JSON.stringify(sample(document, operation.body.schema));
  return request;
}

function formOf(document: SpecDocument, schema: SpecSchema): string {
  return Object.entries(schema.properties ?? {})
    .flatMap(([name, property]) => pairs(document, name, property, sample(document, property)))
    .join('&');
}

function pairs(document: SpecDocument, name: string, given: SpecSchema, value: unknown): string[] {
  const schema = document.resolve(given) ?? {};
  const write = (text: unknown) => `${encodeURIComponent(name)}=${encodeURIComponent(String(text))}`;
  const prefix = /^prefixed-collapsible-map-(.+)/.exec(schema.format ?? '')?.[1];
  if (prefix) return [`${encodeURIComponent(`${prefix}.vendor.key`)}=value`];
  if (Array.isArray(value)) return value.map((one) => write(typeof one === 'object' ? JSON.stringify(one) : one));
  return [write(typeof value === 'object' ? JSON.stringify(value) : value)];
}
