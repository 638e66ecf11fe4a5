import type { Twilio } from 'twilio';
import { part, ToolError } from '../../errors';
import { page, paging } from '../../paging';
import { oneOf, sid, string } from '../../params';
import { creates, deletes, grants, reads, tool, updates } from '../../tool';
import { postForm } from '../../twilio';
import { twimlFileProblem } from '../../twiml';
import { friendlyName, serviceSid } from './services';

/*
 * Functions and assets, and the versions with their content.
 */

const LIST_FUNCTIONS = 'twilio_serverless_list_functions';
const LIST_FUNCTION_VERSIONS = 'twilio_serverless_list_function_versions';
const LIST_ASSETS = 'twilio_serverless_list_assets';
const LIST_ASSET_VERSIONS = 'twilio_serverless_list_asset_versions';

const RESOURCE = ['sid', 'friendlyName', 'dateCreated', 'dateUpdated'] as const;
const VERSION = ['sid', 'path', 'visibility', 'dateCreated'] as const;

const ofFunction = () => ({ serviceSid: serviceSid(), functionSid: sid('ZH', 'Function of the service') });
const ofAsset = () => ({ serviceSid: serviceSid(), assetSid: sid('ZH', 'Asset of the service') });

/** The path of a version and its visibility. Uploads take the SID of a service; its unique name is not known to work. */
const uploadTarget = () => ({
  serviceSid: sid('ZS', 'Serverless service, by SID only'),
  path: string('URL path on the domain, such as /hello', 255),
  visibility: oneOf(
    'public: anyone can call it; protected: only requests signed by Twilio; private: only code of the same service',
    ['public', 'protected', 'private'],
  ),
});

interface Upload {
  path: string;
  visibility: string;
  content: Blob;
}

/** The bytes of a file given as text. Throws a `ToolError` for invalid base64, of which Node would decode a part. */
function decode(content: string, encoding: 'utf8' | 'base64'): Buffer<ArrayBuffer> {
  const digits = content.replace(/\s|=+\s*$/g, '');
  if (encoding === 'base64' && (!/^[\w+/-]+$/.test(digits) || digits.length % 4 === 1)) {
    throw new ToolError('`content` is not base64; nothing was uploaded. Encode the file, or pass text as utf8.');
  }
  return Buffer.from(content, encoding);
}

/** Uploads go to their own host as multipart forms; the response has the key names of the API. */
async function upload(twilio: Twilio, parent: string, { path, visibility, content }: Upload) {
  const form = new FormData();
  form.append('Path', path.startsWith('/') ? path : `/${path}`);
  form.append('Visibility', visibility);
  form.append('Content', content);
  const version = await postForm(twilio, `https://serverless-upload.twilio.com/v1/Services/${parent}/Versions`, form);
  return { sid: version.sid, path: version.path, visibility: version.visibility, dateCreated: version.date_created };
}

export const code = [
  tool({
    name: LIST_FUNCTIONS,
    title: 'List Functions',
    description: 'List the Functions of a service by name. Versions hold their path and code: list_function_versions.',
    ...reads('serverless_v1:ListFunction'),
    input: () => ({ serviceSid: serviceSid(), ...paging() }),
    run: ({ serviceSid, ...position }, { twilio }) =>
      page(twilio.serverless.v1.services(serviceSid).functions, position),
    returns: RESOURCE,
  }),
  tool({
    name: 'twilio_serverless_get_function',
    title: 'Get Function',
    description: 'Fetch the name of one Function. For its code, use get_function_version.',
    ...reads('serverless_v1:FetchFunction'),
    input: ofFunction,
    run: ({ serviceSid, functionSid }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).functions(functionSid).fetch(),
    returns: RESOURCE,
  }),
  tool({
    name: 'twilio_serverless_create_function',
    title: 'Create Function',
    description: 'Create a Function without code. Then add the code with upload_function_version.',
    ...creates({ checkWith: LIST_FUNCTIONS }, 'serverless_v1:CreateFunction'),
    input: () => ({ serviceSid: serviceSid(), friendlyName: friendlyName() }),
    run: ({ serviceSid, friendlyName }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).functions.create({ friendlyName }),
    returns: RESOURCE,
  }),
  tool({
    name: 'twilio_serverless_update_function',
    title: 'Rename Function',
    description: 'Rename a Function. To change its code, use upload_function_version.',
    ...updates('serverless_v1:UpdateFunction'),
    input: () => ({ ...ofFunction(), friendlyName: friendlyName() }),
    run: ({ serviceSid, functionSid, friendlyName }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).functions(functionSid).update({ friendlyName }),
    returns: RESOURCE,
  }),
  tool({
    name: 'twilio_serverless_delete_function',
    title: 'Delete Function',
    description:
      'Delete a Function and all its versions permanently. To take it off a domain, deploy a build without it.',
    ...deletes('serverless_v1:DeleteFunction'),
    input: ofFunction,
    run: ({ serviceSid, functionSid }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).functions(functionSid).remove(),
  }),
  tool({
    name: LIST_FUNCTION_VERSIONS,
    title: 'List Function versions',
    description:
      'List the versions of a Function with path and visibility. For the code of one, use get_function_version.',
    ...reads('serverless_v1:ListFunctionVersion'),
    input: () => ({ ...ofFunction(), ...paging() }),
    run: ({ serviceSid, functionSid, ...position }, { twilio }) =>
      page(twilio.serverless.v1.services(serviceSid).functions(functionSid).functionVersions, position),
    returns: VERSION,
  }),
  tool({
    name: 'twilio_serverless_get_function_version',
    title: 'Get Function code',
    description:
      'Fetch one version of a Function with its source code. To find the version, use list_function_versions.',
    ...reads('serverless_v1:FetchFunctionVersion', 'serverless_v1:FetchFunctionVersionContent'),
    input: () => ({ ...ofFunction(), versionSid: sid('ZN', 'Version of the Function') }),
    run: async ({ serviceSid, functionSid, versionSid }, { twilio }) => {
      const context = twilio.serverless.v1.services(serviceSid).functions(functionSid).functionVersions(versionSid);
      const [version, { value, unread }] = await Promise.all([
        context.fetch(),
        part('code', context.functionVersionContent().fetch()),
      ]);
      return Object.assign(version, { content: value?.content, unread });
    },
    returns: [...VERSION, 'content', 'unread'],
  }),
  tool({
    name: 'twilio_serverless_upload_function_version',
    title: 'Upload Function code',
    description:
      'Upload code as a new version of a Function. It goes live only with create_build, then create_deployment.',
    ...grants({ checkWith: LIST_FUNCTION_VERSIONS }, 'serverless_upload:CreateFunctionVersion'),
    input: () => ({
      ...ofFunction(),
      ...uploadTarget(),
      content: string('JavaScript source that sets exports.handler = (context, event, callback) => …', 500_000),
    }),
    run: ({ serviceSid, functionSid, content, ...target }, { twilio }) =>
      upload(twilio, `${serviceSid}/Functions/${functionSid}`, {
        ...target,
        content: new Blob([content], { type: 'application/javascript' }),
      }),
    returns: VERSION,
  }),
  tool({
    name: LIST_ASSETS,
    title: 'List Serverless assets',
    description: 'List the assets (static files) of a service by name. For their paths, use list_asset_versions.',
    ...reads('serverless_v1:ListAsset'),
    input: () => ({ serviceSid: serviceSid(), ...paging() }),
    run: ({ serviceSid, ...position }, { twilio }) => page(twilio.serverless.v1.services(serviceSid).assets, position),
    returns: RESOURCE,
  }),
  tool({
    name: 'twilio_serverless_get_asset',
    title: 'Get Serverless asset',
    description: 'Fetch the name of one asset. For its path, use list_asset_versions.',
    ...reads('serverless_v1:FetchAsset'),
    input: ofAsset,
    run: ({ serviceSid, assetSid }, { twilio }) => twilio.serverless.v1.services(serviceSid).assets(assetSid).fetch(),
    returns: RESOURCE,
  }),
  tool({
    name: 'twilio_serverless_create_asset',
    title: 'Create Serverless asset',
    description: 'Create an asset without a file. Then add the file with upload_asset_version.',
    ...creates({ checkWith: LIST_ASSETS }, 'serverless_v1:CreateAsset'),
    input: () => ({ serviceSid: serviceSid(), friendlyName: friendlyName() }),
    run: ({ serviceSid, friendlyName }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).assets.create({ friendlyName }),
    returns: RESOURCE,
  }),
  tool({
    name: 'twilio_serverless_update_asset',
    title: 'Rename Serverless asset',
    description: 'Rename an asset. To replace its file, use upload_asset_version.',
    ...updates('serverless_v1:UpdateAsset'),
    input: () => ({ ...ofAsset(), friendlyName: friendlyName() }),
    run: ({ serviceSid, assetSid, friendlyName }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).assets(assetSid).update({ friendlyName }),
    returns: RESOURCE,
  }),
  tool({
    name: 'twilio_serverless_delete_asset',
    title: 'Delete Serverless asset',
    description:
      'Delete an asset and all its versions permanently. To take it off a domain, deploy a build without it.',
    ...deletes('serverless_v1:DeleteAsset'),
    input: ofAsset,
    run: ({ serviceSid, assetSid }, { twilio }) => twilio.serverless.v1.services(serviceSid).assets(assetSid).remove(),
  }),
  tool({
    name: LIST_ASSET_VERSIONS,
    title: 'List asset versions',
    description:
      'List the versions of an asset with path and visibility. A deployed file is served at its path on the domain of the environment.',
    ...reads('serverless_v1:ListAssetVersion'),
    input: () => ({ ...ofAsset(), ...paging() }),
    run: ({ serviceSid, assetSid, ...position }, { twilio }) =>
      page(twilio.serverless.v1.services(serviceSid).assets(assetSid).assetVersions, position),
    returns: VERSION,
  }),
  tool({
    name: 'twilio_serverless_get_asset_version',
    title: 'Get asset version',
    description: 'Fetch the path and visibility of one asset version. This does not return the file itself.',
    ...reads('serverless_v1:FetchAssetVersion'),
    input: () => ({ ...ofAsset(), versionSid: sid('ZN', 'Version of the asset') }),
    run: ({ serviceSid, assetSid, versionSid }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).assets(assetSid).assetVersions(versionSid).fetch(),
    returns: VERSION,
  }),
  tool({
    name: 'twilio_serverless_upload_asset_version',
    title: 'Upload asset file',
    description:
      'Upload a file as a new version of an asset. It goes live only with create_build, then create_deployment.',
    ...grants({ checkWith: LIST_ASSET_VERSIONS }, 'serverless_upload:CreateAssetVersion'),
    input: () => ({
      ...ofAsset(),
      ...uploadTarget(),
      content: string('File content, in the given encoding', 500_000),
      encoding: oneOf('Encoding of content: utf8 for text, base64 for binary files', ['utf8', 'base64']).default(
        'utf8',
      ),
      contentType: string('MIME type of the file, such as image/png', 100),
    }),
    run: ({ serviceSid, assetSid, content, encoding, contentType, ...target }, { twilio }) => {
      const problem = twimlFileProblem(content);
      if (problem) throw new ToolError(`content: ${problem}. Nothing was uploaded.`);
      return upload(twilio, `${serviceSid}/Assets/${assetSid}`, {
        ...target,
        content: new Blob([decode(content, encoding)], { type: contentType }),
      });
    },
    returns: VERSION,
  }),
];
