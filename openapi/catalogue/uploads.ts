import type { Operation, Parameter } from '../../src/operations/catalogue';

/*
 * The uploads of Functions and Assets: Twilio documents them, and no description or client has them.
 */

const field = (name: string, description: string, schema: Parameter['schema'] = { type: 'string' }): Parameter => ({
  name,
  in: 'form',
  required: true,
  description,
  schema,
});
const segment = (name: string, pattern: string): Parameter => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'string', pattern },
});

const upload = (kind: 'Function' | 'Asset'): Operation => ({
  id: `serverless_upload:Create${kind}Version`,
  summary: `Upload a new version of ${kind === 'Function' ? 'a Function: its code' : 'an Asset: its file'}`,
  product: 'serverless',
  method: 'POST',
  host: 'serverless-upload.twilio.com',
  path: `/v1/Services/{ServiceSid}/${kind}s/{${kind}Sid}/Versions`,
  body: 'multipart',
  parameters: [
    segment('ServiceSid', '^ZS[0-9a-fA-F]{32}$'),
    segment(`${kind}Sid`, '^ZH[0-9a-fA-F]{32}$'),
    field('Path', 'The URL path it answers at, beginning with a slash', { type: 'string', pattern: '^/\\S*$' }),
    field('Visibility', 'Who can reach it', { type: 'string', enum: ['public', 'protected', 'private'] }),
    field('Content', kind === 'Function' ? 'The JavaScript' : 'The text of the file'),
    { ...field('ContentType', 'Of the file; default by the ending of Path'), required: undefined },
  ],
  returns: ['sid', 'path', 'visibility', 'date_created'],
});

export const UPLOADS: readonly Operation[] = [upload('Function'), upload('Asset')];
