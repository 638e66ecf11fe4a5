/**
 * Where a description is stricter than Twilio, so that requests of the `twilio` client that Twilio takes would be refused.
 * Each correction says why it is there.
 */
import type { Field } from './decode';
import type { Operation, Parameter, RequestBody, Schema, SpecDocument } from './spec';

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

/** A redirection to a file, as Twilio's documentation of the resource tells it. */
const media = (operationId: string, prefix: string) => ({
  get: {
    operationId,
    parameters: [
      { name: 'Sid', in: 'path', required: true, schema: { type: 'string', pattern: `^${prefix}[0-9a-fA-F]{32}$` } },
    ],
    responses: { 302: {} },
  },
});

/** Paths that Twilio has and the description leaves out, by document. */
export const PATHS: Record<string, object> = {
  video_v1: {
    '/v1/Recordings/{Sid}/Media': media('FetchRecordingMedia', 'RT'),
    '/v1/Compositions/{Sid}/Media': media('FetchCompositionMedia', 'CJ'),
  },
};

/** Form fields that Twilio takes and the description leaves out, by `file:operationId`. */
const FIELDS: Record<string, Record<string, Schema>> = {
  // The description has account_sid in the query; the twilio client sends it in the form.
  'oauth_v2:CreateOauth2Token': { account_sid: { type: 'string' } },
  // Twilio's own deploy client names the environment, and deploys.
  'serverless_v1:CreateEnvironment': { FriendlyName: { type: 'string' } },
};

/** The request body as Twilio takes it. */
export function correctedBody(operation: Operation, document: SpecDocument): RequestBody | undefined {
  const fields = FIELDS[operation.id];
  if (!fields || !operation.body) return operation.body;
  const schema = document.resolve(operation.body.schema);
  return { ...operation.body, schema: { ...schema, properties: { ...schema.properties, ...fields } } };
}

/**
 * Whether an empty form field takes a setting away, whatever format the description gives it:
 * Twilio's documentation clears a URL or an application of a number that way. So it is on updates.
 */
export function clearsWithEmpty(operation: Operation): boolean {
  return /\}(\.json)?$/.test(operation.path);
}
