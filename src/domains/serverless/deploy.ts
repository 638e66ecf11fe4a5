import * as z from 'zod';
import { ToolError } from '../../errors';
import { page, paging } from '../../paging';
import { oneOf, sid } from '../../params';
import { tool } from '../../tool';
import { environmentSid, serviceSid } from './services';

/*
 * Builds, which put versions together, and deployments, which put a build live.
 */

const LIST_BUILDS = 'twilio_serverless_list_builds';
const LIST_DEPLOYMENTS = 'twilio_serverless_list_deployments';

const BUILD = ['sid', 'status', 'runtime', 'dateCreated', 'dateUpdated'] as const;
const DEPLOYMENT = ['sid', 'buildSid', 'dateCreated'] as const;

const buildSid = () => sid('ZB', 'Build');
const versions = (description: string, max: number) =>
  z.array(sid('ZN', 'Version')).min(1).max(max).describe(description);

interface Version {
  sid: string;
  path: string;
  visibility: string;
}

const brief = ({ sid, path, visibility }: Version): Version => ({ sid, path, visibility });

export const deploy = [
  tool({
    name: LIST_BUILDS,
    title: 'List builds',
    description: 'List the builds of a service and their states. For what is in one use get_build_status.',
    effect: 'read',
    operations: ['serverless_v1:ListBuild'],
    input: () => ({ serviceSid: serviceSid(), ...paging() }),
    run: ({ serviceSid, ...position }, { twilio }) =>
      page(twilio.serverless.v1.services(serviceSid).builds, {}, position),
    returns: BUILD,
  }),
  tool({
    name: 'twilio_serverless_get_build_status',
    title: 'Get build and its status',
    description:
      'Fetch one build: its state, versions and dependencies. Repeat until it is completed or failed; only a completed one can be deployed.',
    effect: 'read',
    operations: ['serverless_v1:FetchBuild', 'serverless_v1:FetchBuildStatus'],
    input: () => ({ serviceSid: serviceSid(), buildSid: buildSid() }),
    run: async ({ serviceSid, buildSid }, { twilio }) => {
      const context = twilio.serverless.v1.services(serviceSid).builds(buildSid);
      const [build, { status }] = await Promise.all([context.fetch(), context.buildStatus().fetch()]);
      return Object.assign(build, {
        status,
        functionVersions: build.functionVersions?.map(brief),
        assetVersions: build.assetVersions?.map(brief),
      });
    },
    returns: [...BUILD, 'functionVersions', 'assetVersions', 'dependencies'],
  }),
  tool({
    name: 'twilio_serverless_create_build',
    title: 'Create build',
    description:
      'Put versions together as a build. A build replaces the whole service: name the version of every Function and asset that is to stay. It takes a while (get_build_status) and changes nothing that is live.',
    effect: 'create',
    checkWith: LIST_BUILDS,
    operations: ['serverless_v1:CreateBuild'],
    input: () => ({
      serviceSid: serviceSid(),
      functionVersions: versions('Function versions', 50).optional(),
      assetVersions: versions('Asset versions', 1000).optional(),
      dependencies: z
        .record(z.string(), z.string())
        .describe('npm packages by exact version, as {"@twilio/runtime-handler": "2.0.3", "twilio": "5.0.0"}')
        .optional(),
      runtime: oneOf('Node.js', ['node22', 'node24']).default('node22'),
    }),
    run: ({ serviceSid, dependencies, ...settings }, { twilio }) => {
      if (!settings.functionVersions && !settings.assetVersions) {
        throw new ToolError('Nothing to build: give functionVersions or assetVersions. No build was made.');
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
    title: 'Delete build',
    description: 'Delete a build for good. One that is live in an environment cannot be deleted.',
    effect: 'delete',
    operations: ['serverless_v1:DeleteBuild'],
    input: () => ({ serviceSid: serviceSid(), buildSid: buildSid() }),
    run: ({ serviceSid, buildSid }, { twilio }) => twilio.serverless.v1.services(serviceSid).builds(buildSid).remove(),
  }),
  tool({
    name: LIST_DEPLOYMENTS,
    title: 'List deployments',
    description: 'List which builds were put live in an environment, and when.',
    effect: 'read',
    operations: ['serverless_v1:ListDeployment'],
    input: () => ({ serviceSid: serviceSid(), environmentSid: environmentSid(), ...paging() }),
    run: ({ serviceSid, environmentSid, ...position }, { twilio }) =>
      page(twilio.serverless.v1.services(serviceSid).environments(environmentSid).deployments, {}, position),
    returns: DEPLOYMENT,
  }),
  tool({
    name: 'twilio_serverless_get_deployment',
    title: 'Get deployment',
    description: 'Fetch one deployment and the build that it put live.',
    effect: 'read',
    operations: ['serverless_v1:FetchDeployment'],
    input: () => ({
      serviceSid: serviceSid(),
      environmentSid: environmentSid(),
      deploymentSid: sid('ZD', 'Deployment'),
    }),
    run: ({ serviceSid, environmentSid, deploymentSid }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).environments(environmentSid).deployments(deploymentSid).fetch(),
    returns: DEPLOYMENT,
  }),
  tool({
    name: 'twilio_serverless_create_deployment',
    title: 'Deploy build',
    description:
      'Deploy a completed build: it replaces at once what is live on the domain of the environment. To roll back, deploy the build of an earlier deployment.',
    effect: 'update',
    checkWith: LIST_DEPLOYMENTS,
    operations: ['serverless_v1:CreateDeployment'],
    input: () => ({ serviceSid: serviceSid(), environmentSid: environmentSid(), buildSid: buildSid() }),
    run: ({ serviceSid, environmentSid, buildSid }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).environments(environmentSid).deployments.create({ buildSid }),
    returns: DEPLOYMENT,
  }),
];
