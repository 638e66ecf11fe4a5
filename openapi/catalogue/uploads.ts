import type { OperationParameter, UnreviewedOperation } from '../../src/operations/catalogue';

/*
 * Uploads of Functions and Assets: Twilio documents them, but no API description contains them.
 */

const field = (
  name: string,
  description: string,
  schema: OperationParameter['schema'] = { type: 'string' },
): OperationParameter => ({ name, in: 'form', required: true, description, schema });
const pathSegment = (name: string, pattern: string): OperationParameter => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'string', pattern },
});

const upload = (kind: 'Function' | 'Asset'): UnreviewedOperation => ({
  id: `serverless_upload:Create${kind}Version`,
  summary: `Upload a new version of ${kind === 'Function' ? 'a Function: its code' : 'an Asset: its file'}`,
  product: 'serverless',
  method: 'POST',
  host: 'serverless-upload.twilio.com',
  path: `/v1/Services/{ServiceSid}/${kind}s/{${kind}Sid}/Versions`,
  body: 'multipart',
  parameters: [
    pathSegment('ServiceSid', '^ZS[0-9a-fA-F]{32}$'),
    pathSegment(`${kind}Sid`, '^ZH[0-9a-fA-F]{32}$'),
    field('Path', 'URL path, starting with a slash', { type: 'string', pattern: '^/\\S*$' }),
    field('Visibility', 'Who can request it', { type: 'string', enum: ['public', 'protected', 'private'] }),
    field('Content', kind === 'Function' ? 'JavaScript source' : 'Text of the file'),
    { ...field('ContentType', 'MIME type; default by the extension of Path'), required: undefined },
  ],
  returns: ['sid', 'path', 'visibility', 'date_created'],
});

export const UPLOADS: readonly UnreviewedOperation[] = [upload('Function'), upload('Asset')];
