/*
 * Corrections to Twilio's API descriptions. Each one says what Twilio accepts, or has, that the description denies.
 */

/** A redirect to a file, as Twilio documents for the media of recordings and compositions. */
const media = (operationId: string, prefix: string) => ({
  get: {
    operationId,
    parameters: [
      { name: 'Sid', in: 'path', required: true, schema: { type: 'string', pattern: `^${prefix}[0-9a-fA-F]{32}$` } },
    ],
    responses: { 302: {} },
  },
});

/** Paths missing from a description, by document. */
export const MISSING_PATHS: Readonly<Record<string, object>> = {
  video_v1: {
    '/v1/Recordings/{Sid}/Media': media('FetchRecordingMedia', 'RT'),
    '/v1/Compositions/{Sid}/Media': media('FetchCompositionMedia', 'CJ'),
  },
};

/** Form fields missing from a description, by `<document>:<operationId>`. */
export const MISSING_FIELDS: Readonly<Record<string, Readonly<Record<string, { type: string }>>>> = {
  // The description has account_sid in the query; the twilio client sends it in the form.
  'oauth_v2:CreateOauth2Token': { account_sid: { type: 'string' } },
  // Twilio's own deploy client sends a name.
  'serverless_v1:CreateEnvironment': { FriendlyName: { type: 'string' } },
};

/** Format of a parameter's values. `day-or-time`, which is not one of OpenAPI's, is a date or a date-time. */
export function correctFormat(file: string, location: string, format: string | undefined): string | undefined {
  // The 2010 API is described with date-time filters; Twilio documents `YYYY-MM-DD` for them.
  return file === 'api_v2010' && location === 'query' && format === 'date-time' ? 'day-or-time' : format;
}
