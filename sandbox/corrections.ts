/**
 * Where a description is stricter than Twilio, so that requests of the `twilio` client that Twilio takes would be refused.
 * Each correction says why it is there.
 */
import type { Field } from './decode';
import type { Operation, Parameter, RequestBody } from './spec';

/** The parameter as Twilio takes it. */
export function correctedParameter(operation: Operation, parameter: Parameter): Field {
  // The 2010 API takes a plain day where its description says date-time; Twilio's documentation shows `YYYY-MM-DD`.
  if (operation.file === 'api_v2010' && parameter.in === 'query' && parameter.schema.format === 'date-time') {
    return {
      ...parameter,
      schema: { anyOf: [{ ...parameter.schema }, { type: 'string', format: 'date' }], type: 'string' },
    };
  }
  return parameter;
}

/** The request body as Twilio takes it. */
export function correctedBody(operation: Operation): RequestBody | undefined {
  return operation.body;
}
