import { page, paging } from '../../paging';
import { boolean, dateTime, pathName, sid, string } from '../../params';
import { tool } from '../../tool';

/*
 * Services, their environments, and what belongs to an environment: variables and logs.
 */

export const serviceSid = () => pathName('Service: SID or unique name');
export const environmentSid = () => sid('ZE', 'Environment');
export const friendlyName = () => string('Name', 255);

const LIST_SERVICES = 'twilio_serverless_list_services';
const LIST_ENVIRONMENTS = 'twilio_serverless_list_environments';
const LIST_VARIABLES = 'twilio_serverless_list_variables';

const SERVICE = ['sid', 'uniqueName', 'friendlyName', 'domainBase', 'uiEditable', 'includeCredentials'] as const;
const ENVIRONMENT = ['sid', 'uniqueName', 'domainSuffix', 'domainName', 'buildSid'] as const;
/** A value can be a secret, so it only ever goes in. */
const VARIABLE = ['sid', 'key', 'dateCreated', 'dateUpdated'] as const;

const serviceSettings = () => ({
  includeCredentials: boolean('Hand ACCOUNT_SID and AUTH_TOKEN to its Functions').optional(),
  uiEditable: boolean('Can be edited in the Console').optional(),
});

const environment = () => ({ serviceSid: serviceSid(), environmentSid: environmentSid() });
const variable = () => ({ ...environment(), variableSid: sid('ZV', 'Variable') });
const value = () => string('Value, at most 450 bytes', 450);

export const services = [
  tool({
    name: LIST_SERVICES,
    title: 'List services',
    description: 'List the services, each an application of Functions and assets with its own domain.',
    effect: 'read',
    operations: ['serverless_v1:ListService'],
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.serverless.v1.services, {}, position),
    returns: SERVICE,
  }),
  tool({
    name: 'twilio_serverless_get_service',
    title: 'Get service',
    description: 'Fetch one service. Where it is reachable and which build is live there: list_environments.',
    effect: 'read',
    operations: ['serverless_v1:FetchService'],
    input: () => ({ serviceSid: serviceSid() }),
    run: ({ serviceSid }, { twilio }) => twilio.serverless.v1.services(serviceSid).fetch(),
    returns: [...SERVICE, 'dateCreated', 'dateUpdated'],
  }),
  tool({
    name: 'twilio_serverless_create_service',
    title: 'Create service',
    description: 'Create an empty service. Give it an environment next, with create_environment.',
    effect: 'create',
    checkWith: LIST_SERVICES,
    operations: ['serverless_v1:CreateService'],
    input: () => ({
      uniqueName: string('Unique name, which begins its domain names', 50),
      friendlyName: friendlyName(),
      ...serviceSettings(),
    }),
    run: (settings, { twilio }) => twilio.serverless.v1.services.create(settings),
    returns: SERVICE,
  }),
  tool({
    name: 'twilio_serverless_update_service',
    title: 'Update service',
    description: 'Rename a service, or change whether its Functions get the credentials and the Console may edit it.',
    effect: 'update',
    operations: ['serverless_v1:UpdateService'],
    input: () => ({ serviceSid: serviceSid(), friendlyName: friendlyName().optional(), ...serviceSettings() }),
    run: ({ serviceSid, ...settings }, { twilio }) => twilio.serverless.v1.services(serviceSid).update(settings),
    returns: SERVICE,
  }),
  tool({
    name: 'twilio_serverless_delete_service',
    title: 'Delete service',
    description:
      'Delete a service for good, with its code, environments and variables: all its URLs stop working. To take down one domain use delete_environment.',
    effect: 'delete',
    operations: ['serverless_v1:DeleteService'],
    input: () => ({ serviceSid: serviceSid() }),
    run: ({ serviceSid }, { twilio }) => twilio.serverless.v1.services(serviceSid).remove(),
  }),
  tool({
    name: LIST_ENVIRONMENTS,
    title: 'List environments',
    description: 'List the environments of a service: the domain of each and the build that is live there.',
    effect: 'read',
    operations: ['serverless_v1:ListEnvironment'],
    input: () => ({ serviceSid: serviceSid(), ...paging() }),
    run: ({ serviceSid, ...position }, { twilio }) =>
      page(twilio.serverless.v1.services(serviceSid).environments, {}, position),
    returns: ENVIRONMENT,
  }),
  tool({
    name: 'twilio_serverless_get_environment',
    title: 'Get environment',
    description: 'Fetch one environment: its domain and the build that is live there.',
    effect: 'read',
    operations: ['serverless_v1:FetchEnvironment'],
    input: environment,
    run: ({ serviceSid, environmentSid }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).environments(environmentSid).fetch(),
    returns: [...ENVIRONMENT, 'dateCreated', 'dateUpdated'],
  }),
  tool({
    name: 'twilio_serverless_create_environment',
    title: 'Create environment',
    description: 'Create an environment, which is a domain that builds are deployed to. Nothing is live there yet.',
    effect: 'create',
    checkWith: LIST_ENVIRONMENTS,
    operations: ['serverless_v1:CreateEnvironment'],
    input: () => ({
      serviceSid: serviceSid(),
      uniqueName: string('Unique name', 100),
      domainSuffix: string('End of its domain name, such as dev; none for production', 16).optional(),
    }),
    run: ({ serviceSid, ...settings }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).environments.create(settings),
    returns: ENVIRONMENT,
  }),
  tool({
    name: 'twilio_serverless_delete_environment',
    title: 'Delete environment',
    description: 'Delete an environment with its variables and logs for good: its domain stops working.',
    effect: 'delete',
    operations: ['serverless_v1:DeleteEnvironment'],
    input: environment,
    run: ({ serviceSid, environmentSid }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).environments(environmentSid).remove(),
  }),
  tool({
    name: LIST_VARIABLES,
    title: 'List variables',
    description: 'List the keys of the variables of an environment. Values can be secrets: they stay in the Console.',
    effect: 'read',
    operations: ['serverless_v1:ListVariable'],
    input: () => ({ ...environment(), ...paging() }),
    run: ({ serviceSid, environmentSid, ...position }, { twilio }) =>
      page(twilio.serverless.v1.services(serviceSid).environments(environmentSid).variables, {}, position),
    returns: VARIABLE,
  }),
  tool({
    name: 'twilio_serverless_get_variable',
    title: 'Get variable',
    description: 'Fetch the key of one variable and when it changed, without its value.',
    effect: 'read',
    operations: ['serverless_v1:FetchVariable'],
    input: variable,
    run: ({ serviceSid, environmentSid, variableSid }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).environments(environmentSid).variables(variableSid).fetch(),
    returns: VARIABLE,
  }),
  tool({
    name: 'twilio_serverless_create_variable',
    title: 'Create variable',
    description: 'Add a variable to an environment, where Functions read it as context.KEY.',
    effect: 'create',
    checkWith: LIST_VARIABLES,
    operations: ['serverless_v1:CreateVariable'],
    input: () => ({ ...environment(), key: string('Key', 128), value: value() }),
    run: ({ serviceSid, environmentSid, ...settings }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).environments(environmentSid).variables.create(settings),
    returns: VARIABLE,
  }),
  tool({
    name: 'twilio_serverless_update_variable',
    title: 'Update variable',
    description: 'Change the key or the value of a variable. The old value is lost.',
    effect: 'update',
    operations: ['serverless_v1:UpdateVariable'],
    input: () => ({ ...variable(), key: string('Key', 128).optional(), value: value().optional() }),
    run: ({ serviceSid, environmentSid, variableSid, ...settings }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).environments(environmentSid).variables(variableSid).update(settings),
    returns: VARIABLE,
  }),
  tool({
    name: 'twilio_serverless_delete_variable',
    title: 'Delete variable',
    description: 'Delete a variable and its value for good. Functions that read it get undefined.',
    effect: 'delete',
    operations: ['serverless_v1:DeleteVariable'],
    input: variable,
    run: ({ serviceSid, environmentSid, variableSid }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).environments(environmentSid).variables(variableSid).remove(),
  }),
  tool({
    name: 'twilio_serverless_list_logs',
    title: 'List logs',
    description:
      'List what the Functions of an environment logged, and their errors: of the last day unless startDate is given.',
    effect: 'read',
    operations: ['serverless_v1:ListLog'],
    input: () => ({
      ...environment(),
      functionSid: sid('ZH', 'Only of this Function').optional(),
      startDate: dateTime('Only after, at most 30 days back').optional(),
      endDate: dateTime('Only before').optional(),
      ...paging(1000),
    }),
    run: ({ serviceSid, environmentSid, limit, pageToken, ...filters }, { twilio }) =>
      page(twilio.serverless.v1.services(serviceSid).environments(environmentSid).logs, filters, { limit, pageToken }),
    returns: ['dateCreated', 'level', 'message', 'functionSid', 'requestSid', 'deploymentSid'],
    untrusted: ['message'],
  }),
];
