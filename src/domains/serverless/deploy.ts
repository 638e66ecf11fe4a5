import * as z from 'zod';
import { attempt, ToolError } from '../../errors';
import { page, paging } from '../../paging';
import { jsonObject, oneOf, sid } from '../../params';
import { deletes, grants, reads, tool } from '../../tool';
import { environmentSid, serviceSid } from './services';

/*
 * Builds, which combine versions, and deployments, which make a build live.
 */

const LIST_BUILDS = 'twilio_serverless_list_builds';
const LIST_DEPLOYMENTS = 'twilio_serverless_list_deployments';

const BUILD = ['sid', 'status', 'runtime', 'dateCreated', 'dateUpdated'] as const;
const DEPLOYMENT = ['sid', 'buildSid', 'dateCreated'] as const;

const buildSid = (description: string) => sid('ZB', description);
const versions = (description: string, max: number) =>
  z.array(sid('ZN', 'Version')).min(1).max(max).describe(description);

interface Version {
  sid: string;
  path: string;
  visibility: string;
}

const summarize = ({ sid, path, visibility }: Version): Version => ({ sid, path, visibility });

export const deploy = [
  tool({
    name: LIST_BUILDS,
    title: 'List Serverless builds',
    description: 'List the builds of a service with their status. For the contents of one, use get_build_status.',
    ...reads('serverless_v1:ListBuild'),
    input: () => ({ serviceSid: serviceSid(), ...paging() }),
    run: ({ serviceSid, ...position }, { twilio }) => page(twilio.serverless.v1.services(serviceSid).builds, position),
    returns: BUILD,
  }),
  tool({
    name: 'twilio_serverless_get_build_status',
    title: 'Get Serverless build status',
    description:
      'Fetch one build with its status, versions and dependencies. Poll until it is completed or failed; only a completed build can be deployed.',
    ...reads('serverless_v1:FetchBuild', 'serverless_v1:FetchBuildStatus'),
    input: () => ({ serviceSid: serviceSid(), buildSid: buildSid('Build to fetch') }),
    run: async ({ serviceSid, buildSid }, { twilio }) => {
      const context = twilio.serverless.v1.services(serviceSid).builds(buildSid);
      const [build, latest] = await Promise.all([context.fetch(), attempt(context.buildStatus().fetch())]);
      return Object.assign(build, {
        status: latest.value?.status ?? build.status,
        functionVersions: build.functionVersions?.map(summarize),
        assetVersions: build.assetVersions?.map(summarize),
      });
    },
    returns: [...BUILD, 'functionVersions', 'assetVersions', 'dependencies'],
  }),
  tool({
    name: 'twilio_serverless_create_build',
    title: 'Create Serverless build',
    description:
      'Combine Function and asset versions into a build. A deployed build replaces the whole service, so include a version of every Function and asset to keep. Building takes a while (poll get_build_status) and changes nothing that is live.',
    ...grants({ checkWith: LIST_BUILDS }, 'serverless_v1:CreateBuild'),
    input: () => ({
      serviceSid: serviceSid(),
      functionVersions: versions('SIDs of the Function versions to include', 50).optional(),
      assetVersions: versions('SIDs of the asset versions to include', 1000).optional(),
      dependencies: jsonObject(
        'npm packages with exact versions, such as {"@twilio/runtime-handler": "2.0.3", "twilio": "5.0.0"}',
        z.string(),
      ).optional(),
      runtime: oneOf('Node.js version of the Functions', ['node22', 'node24']).default('node22'),
    }),
    run: ({ serviceSid, dependencies, ...settings }, { twilio }) => {
      if (!settings.functionVersions && !settings.assetVersions) {
        throw new ToolError('Nothing to build: pass functionVersions or assetVersions. No build was created.');
      }
      const packages = dependencies && Object.entries(dependencies).map(([name, version]) => ({ name, version }));
      return twilio.serverless.v1
        .services(serviceSid)
        .builds.create({ ...settings, dependencies: packages && JSON.stringify(packages) });
    },
    returns: BUILD,
  }),
  tool({
    name: 'twilio_serverless_delete_build',
    title: 'Delete Serverless build',
    description: 'Delete a build permanently. A build that is live in an environment cannot be deleted.',
    ...deletes('serverless_v1:DeleteBuild'),
    input: () => ({ serviceSid: serviceSid(), buildSid: buildSid('Build to delete') }),
    run: ({ serviceSid, buildSid }, { twilio }) => twilio.serverless.v1.services(serviceSid).builds(buildSid).remove(),
  }),
  tool({
    name: LIST_DEPLOYMENTS,
    title: 'List Serverless deployments',
    description: 'List the builds that were deployed to an environment, with the date of each deployment.',
    ...reads('serverless_v1:ListDeployment'),
    input: () => ({ serviceSid: serviceSid(), environmentSid: environmentSid(), ...paging() }),
    run: ({ serviceSid, environmentSid, ...position }, { twilio }) =>
      page(twilio.serverless.v1.services(serviceSid).environments(environmentSid).deployments, position),
    returns: DEPLOYMENT,
  }),
  tool({
    name: 'twilio_serverless_get_deployment',
    title: 'Get Serverless deployment',
    description: 'Fetch one deployment: its build and its date.',
    ...reads('serverless_v1:FetchDeployment'),
    input: () => ({
      serviceSid: serviceSid(),
      environmentSid: environmentSid(),
      deploymentSid: sid('ZD', 'Deployment to fetch'),
    }),
    run: ({ serviceSid, environmentSid, deploymentSid }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).environments(environmentSid).deployments(deploymentSid).fetch(),
    returns: DEPLOYMENT,
  }),
  tool({
    name: 'twilio_serverless_create_deployment',
    title: 'Deploy Serverless build',
    description:
      'Deploy a completed build. It immediately replaces the live build on the domain of the environment. To roll back, deploy the build of an earlier deployment.',
    ...grants({ checkWith: LIST_DEPLOYMENTS }, 'serverless_v1:CreateDeployment'),
    input: () => ({
      serviceSid: serviceSid(),
      environmentSid: environmentSid(),
      buildSid: buildSid('Completed build to deploy'),
    }),
    run: ({ serviceSid, environmentSid, buildSid }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).environments(environmentSid).deployments.create({ buildSid }),
    returns: DEPLOYMENT,
  }),
];
