import { sampleValue } from '../../sandbox/sample';
import type { Operation, OperationParameter } from '../../src/operations/catalogue';
import { spec } from './answers';

/** A value made from Twilio's API description instead of the catalogue, so that errors in the catalogue show. */
function sampleOf(operation: Operation, { name, wire, in: place, schema }: OperationParameter): unknown {
  if (schema.format === 'twiml') return '<Response><Hangup/></Response>';
  const source = spec.operation(operation.id);
  const document = spec.document(operation.id.split(':')[0]!);
  const form = source?.body && document.resolve(source.body.schema);
  const described =
    place === 'body'
      ? form
      : place === 'form'
        ? form!.properties![wire ?? name]
        : source!.parameters.find((parameter) => parameter.name === name && parameter.in === place)!.schema;
  return /^prefixed/.test(schema.format ?? '') ? { 'vendor.key': 'value' } : sampleValue(document, described);
}

/** A sample value for each parameter that `filter` accepts. */
export function paramsOf(
  operation: Operation,
  filter: (parameter: OperationParameter) => boolean,
): Record<string, unknown> {
  if (operation.body === 'multipart') {
    const sids = operation.parameters.filter((parameter) => parameter.in === 'path');
    const path = sids.map(({ name }) => [name, (name === 'ServiceSid' ? 'ZS' : 'ZH') + 'a'.repeat(32)]);
    return { ...Object.fromEntries(path), Path: '/hello', Visibility: 'public', Content: 'exports.handler = 1;' };
  }
  const chosen = operation.parameters.filter(
    (parameter) => parameter.name !== 'AccountSid' && !/token$/i.test(parameter.name) && filter(parameter),
  );
  return Object.fromEntries(chosen.map((parameter) => [parameter.name, sampleOf(operation, parameter)]));
}
