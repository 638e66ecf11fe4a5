import type { Twilio } from 'twilio';
import { page, paging } from '../../paging';
import { oneOf, sid, string } from '../../params';
import { tool } from '../../tool';
import { postForm } from '../../twilio';
import { friendlyName, serviceSid } from './services';

/*
 * Functions and assets, and the versions that hold their content.
 */

const LIST_FUNCTIONS = 'twilio_serverless_list_functions';
const LIST_FUNCTION_VERSIONS = 'twilio_serverless_list_function_versions';
const LIST_ASSETS = 'twilio_serverless_list_assets';
const LIST_ASSET_VERSIONS = 'twilio_serverless_list_asset_versions';

const RESOURCE = ['sid', 'friendlyName', 'dateCreated', 'dateUpdated'] as const;
const VERSION = ['sid', 'path', 'visibility', 'dateCreated'] as const;

const ofFunction = () => ({ serviceSid: serviceSid(), functionSid: sid('ZH', 'Function') });
const ofAsset = () => ({ serviceSid: serviceSid(), assetSid: sid('ZH', 'Asset') });

/** Where a version is reachable, and by whom. The host of the uploads is only known to take the SID of a service. */
const uploadTarget = () => ({
  serviceSid: sid('ZS', 'Service'),
  path: string('Path on the domain, such as /hello', 255),
  visibility: oneOf('Open to all; only with a Twilio signature; only to other code of the service', [
    'public',
    'protected',
    'private',
  ]),
});

interface Upload {
  path: string;
  visibility: string;
  content: Blob;
}

/** Uploads go to a host of their own, as forms with a file, and are answered by the API's key names. */
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
    description: 'List the Functions of a service by name. Path and code are in the versions: list_function_versions.',
    effect: 'read',
    operations: ['serverless_v1:ListFunction'],
    input: () => ({ serviceSid: serviceSid(), ...paging() }),
    run: ({ serviceSid, ...position }, { twilio }) =>
      page(twilio.serverless.v1.services(serviceSid).functions, {}, position),
    returns: RESOURCE,
  }),
  tool({
    name: 'twilio_serverless_get_function',
    title: 'Get Function',
    description: 'Fetch the name of one Function. For its code use get_function_version.',
    effect: 'read',
    operations: ['serverless_v1:FetchFunction'],
    input: ofFunction,
    run: ({ serviceSid, functionSid }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).functions(functionSid).fetch(),
    returns: RESOURCE,
  }),
  tool({
    name: 'twilio_serverless_create_function',
    title: 'Create Function',
    description: 'Create a Function by name alone. Give it code with upload_function_version.',
    effect: 'create',
    checkWith: LIST_FUNCTIONS,
    operations: ['serverless_v1:CreateFunction'],
    input: () => ({ serviceSid: serviceSid(), friendlyName: friendlyName() }),
    run: ({ serviceSid, friendlyName }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).functions.create({ friendlyName }),
    returns: RESOURCE,
  }),
  tool({
    name: 'twilio_serverless_update_function',
    title: 'Rename Function',
    description: 'Change the name of a Function. New code is a new version: upload_function_version.',
    effect: 'update',
    operations: ['serverless_v1:UpdateFunction'],
    input: () => ({ ...ofFunction(), friendlyName: friendlyName() }),
    run: ({ serviceSid, functionSid, friendlyName }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).functions(functionSid).update({ friendlyName }),
    returns: RESOURCE,
  }),
  tool({
    name: 'twilio_serverless_delete_function',
    title: 'Delete Function',
    description: 'Delete a Function and all its versions for good. To take it off a domain deploy a build without it.',
    effect: 'delete',
    operations: ['serverless_v1:DeleteFunction'],
    input: ofFunction,
    run: ({ serviceSid, functionSid }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).functions(functionSid).remove(),
  }),
  tool({
    name: LIST_FUNCTION_VERSIONS,
    title: 'List Function versions',
    description:
      'List the versions of a Function, with path and visibility. For the code of one use get_function_version.',
    effect: 'read',
    operations: ['serverless_v1:ListFunctionVersion'],
    input: () => ({ ...ofFunction(), ...paging() }),
    run: ({ serviceSid, functionSid, ...position }, { twilio }) =>
      page(twilio.serverless.v1.services(serviceSid).functions(functionSid).functionVersions, {}, position),
    returns: VERSION,
  }),
  tool({
    name: 'twilio_serverless_get_function_version',
    title: 'Get code of a Function',
    description:
      'Fetch one version of a Function with its source code. To find the version use list_function_versions.',
    effect: 'read',
    operations: ['serverless_v1:FetchFunctionVersion', 'serverless_v1:FetchFunctionVersionContent'],
    input: () => ({ ...ofFunction(), versionSid: sid('ZN', 'Function version') }),
    run: async ({ serviceSid, functionSid, versionSid }, { twilio }) => {
      const context = twilio.serverless.v1.services(serviceSid).functions(functionSid).functionVersions(versionSid);
      const [version, { content }] = await Promise.all([context.fetch(), context.functionVersionContent().fetch()]);
      return Object.assign(version, { content });
    },
    returns: [...VERSION, 'content'],
  }),
  tool({
    name: 'twilio_serverless_upload_function_version',
    title: 'Upload code of a Function',
    description:
      'Upload code as a new version of a Function. It is not live before it is in a build (create_build) and that is deployed.',
    effect: 'create',
    checkWith: LIST_FUNCTION_VERSIONS,
    operations: ['serverless_upload:CreateFunctionVersion'],
    input: () => ({
      ...ofFunction(),
      ...uploadTarget(),
      content: string('JavaScript that sets exports.handler = (context, event, callback) => …', 500_000),
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
    title: 'List assets',
    description: 'List the assets (static files) of a service by name. Their paths are in list_asset_versions.',
    effect: 'read',
    operations: ['serverless_v1:ListAsset'],
    input: () => ({ serviceSid: serviceSid(), ...paging() }),
    run: ({ serviceSid, ...position }, { twilio }) =>
      page(twilio.serverless.v1.services(serviceSid).assets, {}, position),
    returns: RESOURCE,
  }),
  tool({
    name: 'twilio_serverless_get_asset',
    title: 'Get asset',
    description: 'Fetch the name of one asset. Its path is in list_asset_versions.',
    effect: 'read',
    operations: ['serverless_v1:FetchAsset'],
    input: ofAsset,
    run: ({ serviceSid, assetSid }, { twilio }) => twilio.serverless.v1.services(serviceSid).assets(assetSid).fetch(),
    returns: RESOURCE,
  }),
  tool({
    name: 'twilio_serverless_create_asset',
    title: 'Create asset',
    description: 'Create an asset by name alone. Give it a file with upload_asset_version.',
    effect: 'create',
    checkWith: LIST_ASSETS,
    operations: ['serverless_v1:CreateAsset'],
    input: () => ({ serviceSid: serviceSid(), friendlyName: friendlyName() }),
    run: ({ serviceSid, friendlyName }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).assets.create({ friendlyName }),
    returns: RESOURCE,
  }),
  tool({
    name: 'twilio_serverless_update_asset',
    title: 'Rename asset',
    description: 'Change the name of an asset. A new file is a new version: upload_asset_version.',
    effect: 'update',
    operations: ['serverless_v1:UpdateAsset'],
    input: () => ({ ...ofAsset(), friendlyName: friendlyName() }),
    run: ({ serviceSid, assetSid, friendlyName }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).assets(assetSid).update({ friendlyName }),
    returns: RESOURCE,
  }),
  tool({
    name: 'twilio_serverless_delete_asset',
    title: 'Delete asset',
    description: 'Delete an asset and all its versions for good. To take it off a domain deploy a build without it.',
    effect: 'delete',
    operations: ['serverless_v1:DeleteAsset'],
    input: ofAsset,
    run: ({ serviceSid, assetSid }, { twilio }) => twilio.serverless.v1.services(serviceSid).assets(assetSid).remove(),
  }),
  tool({
    name: LIST_ASSET_VERSIONS,
    title: 'List asset versions',
    description:
      'List the versions of an asset, with path and visibility. A deployed file is at its path on the domain of the environment.',
    effect: 'read',
    operations: ['serverless_v1:ListAssetVersion'],
    input: () => ({ ...ofAsset(), ...paging() }),
    run: ({ serviceSid, assetSid, ...position }, { twilio }) =>
      page(twilio.serverless.v1.services(serviceSid).assets(assetSid).assetVersions, {}, position),
    returns: VERSION,
  }),
  tool({
    name: 'twilio_serverless_get_asset_version',
    title: 'Get asset version',
    description: 'Fetch path and visibility of one version of an asset. The file itself cannot be read this way.',
    effect: 'read',
    operations: ['serverless_v1:FetchAssetVersion'],
    input: () => ({ ...ofAsset(), versionSid: sid('ZN', 'Asset version') }),
    run: ({ serviceSid, assetSid, versionSid }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).assets(assetSid).assetVersions(versionSid).fetch(),
    returns: VERSION,
  }),
  tool({
    name: 'twilio_serverless_upload_asset_version',
    title: 'Upload file of an asset',
    description:
      'Upload a file as a new version of an asset. It is not live before it is in a build (create_build) and that is deployed.',
    effect: 'create',
    checkWith: LIST_ASSET_VERSIONS,
    operations: ['serverless_upload:CreateAssetVersion'],
    input: () => ({
      ...ofAsset(),
      ...uploadTarget(),
      content: string('The file', 500_000),
      encoding: oneOf('How content is written', ['utf8', 'base64']).default('utf8'),
      contentType: string('MIME type, such as image/png', 100),
    }),
    run: ({ serviceSid, assetSid, content, encoding, contentType, ...target }, { twilio }) =>
      upload(twilio, `${serviceSid}/Assets/${assetSid}`, {
        ...target,
        content: new Blob([Buffer.from(content, encoding)], { type: contentType }),
      }),
    returns: VERSION,
  }),
];
