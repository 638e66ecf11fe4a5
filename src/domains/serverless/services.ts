import { page, paging } from '../../paging';
import { boolean, pathName, sid, string, timeRange } from '../../params';
import { creates, deletes, grants, reads, tool } from '../../tool';

/*
 * Services, their environments, and the variables and logs of an environment.
 */

export const serviceSid = () => pathName('Serverless service: SID (ZS…) or unique name');
export const environmentSid = () => sid('ZE', 'Environment of the service');
export const friendlyName = () => string('Display name', 255);

const LIST_SERVICES = 'twilio_serverless_list_services';
const LIST_ENVIRONMENTS = 'twilio_serverless_list_environments';
const LIST_VARIABLES = 'twilio_serverless_list_variables';

const SERVICE = ['sid', 'uniqueName', 'friendlyName', 'domainBase', 'uiEditable', 'includeCredentials'] as const;
const ENVIRONMENT = ['sid', 'uniqueName', 'domainSuffix', 'domainName', 'buildSid'] as const;
/** Without the value, which can be a secret. */
const VARIABLE = ['sid', 'key', 'dateCreated', 'dateUpdated'] as const;

const includeCredentials = () =>
  boolean('Let the code read ACCOUNT_SID and AUTH_TOKEN, which open the whole account; getTwilioClient() needs them');
const serviceSettings = () => ({
  uiEditable: boolean('Allow editing in the Console; default false for a new service').optional(),
});

const environment = () => ({ serviceSid: serviceSid(), environmentSid: environmentSid() });
const variable = () => ({ ...environment(), variableSid: sid('ZV', 'Variable of the environment') });
const key = () => string('Name that Functions read it by, as context.KEY', 128);
const value = () => string('Content of the variable, at most 450 bytes', 450);

export const services = [
  tool({
    name: LIST_SERVICES,
    title: 'List Serverless services',
    description: 'List the Serverless services: each is an application of Functions and assets with its own domain.',
    ...reads('serverless_v1:ListService'),
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.serverless.v1.services, position),
    returns: SERVICE,
  }),
  tool({
    name: 'twilio_serverless_get_service',
    title: 'Get Serverless service',
    description: 'Fetch one service. For its domains and live builds, use list_environments.',
    ...reads('serverless_v1:FetchService'),
    input: () => ({ serviceSid: serviceSid() }),
    run: ({ serviceSid }, { twilio }) => twilio.serverless.v1.services(serviceSid).fetch(),
    returns: [...SERVICE, 'dateCreated', 'dateUpdated'],
  }),
  tool({
    name: 'twilio_serverless_create_service',
    title: 'Create Serverless service',
    description: 'Create an empty service. Then add an environment with create_environment.',
    ...grants({ checkWith: LIST_SERVICES }, 'serverless_v1:CreateService'),
    input: () => ({
      uniqueName: string('Unique name; the domain names of the service start with it', 50),
      friendlyName: friendlyName(),
      // Twilio's own default is true.
      includeCredentials: includeCredentials().default(false),
      ...serviceSettings(),
    }),
    run: (settings, { twilio }) => twilio.serverless.v1.services.create(settings),
    returns: SERVICE,
  }),
  tool({
    name: 'twilio_serverless_update_service',
    title: 'Update Serverless service',
    description:
      'Rename a service, or change whether its Functions receive the account credentials and whether the Console can edit it.',
    ...grants({ checkWith: 'twilio_serverless_get_service' }, 'serverless_v1:UpdateService'),
    input: () => ({
      serviceSid: serviceSid(),
      friendlyName: friendlyName().optional(),
      includeCredentials: includeCredentials().optional(),
      ...serviceSettings(),
    }),
    run: ({ serviceSid, ...settings }, { twilio }) => twilio.serverless.v1.services(serviceSid).update(settings),
    returns: SERVICE,
  }),
  tool({
    name: 'twilio_serverless_delete_service',
    title: 'Delete Serverless service',
    description:
      'Delete a service permanently, with its code, environments and variables. All its URLs stop working. To take down one domain only, use delete_environment.',
    ...deletes('serverless_v1:DeleteService'),
    input: () => ({ serviceSid: serviceSid() }),
    run: ({ serviceSid }, { twilio }) => twilio.serverless.v1.services(serviceSid).remove(),
  }),
  tool({
    name: LIST_ENVIRONMENTS,
    title: 'List Serverless environments',
    description: 'List the environments of a service, each with its domain and its live build.',
    ...reads('serverless_v1:ListEnvironment'),
    input: () => ({ serviceSid: serviceSid(), ...paging() }),
    run: ({ serviceSid, ...position }, { twilio }) =>
      page(twilio.serverless.v1.services(serviceSid).environments, position),
    returns: ENVIRONMENT,
  }),
  tool({
    name: 'twilio_serverless_get_environment',
    title: 'Get Serverless environment',
    description: 'Fetch one environment with its domain and its live build.',
    ...reads('serverless_v1:FetchEnvironment'),
    input: environment,
    run: ({ serviceSid, environmentSid }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).environments(environmentSid).fetch(),
    returns: [...ENVIRONMENT, 'dateCreated', 'dateUpdated'],
  }),
  tool({
    name: 'twilio_serverless_create_environment',
    title: 'Create Serverless environment',
    description: 'Create an environment: a domain to deploy builds to. Nothing is live there until create_deployment.',
    ...creates({ checkWith: LIST_ENVIRONMENTS }, 'serverless_v1:CreateEnvironment'),
    input: () => ({
      serviceSid: serviceSid(),
      uniqueName: string('Unique name within the service', 100),
      domainSuffix: string('Suffix in the domain name, such as dev; omit for production', 16).optional(),
    }),
    run: ({ serviceSid, ...settings }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).environments.create(settings),
    returns: ENVIRONMENT,
  }),
  tool({
    name: 'twilio_serverless_delete_environment',
    title: 'Delete Serverless environment',
    description: 'Delete an environment permanently, with its variables and logs. Its domain stops working.',
    ...deletes('serverless_v1:DeleteEnvironment'),
    input: environment,
    run: ({ serviceSid, environmentSid }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).environments(environmentSid).remove(),
  }),
  tool({
    name: LIST_VARIABLES,
    title: 'List Serverless variables',
    description:
      'List the keys of the variables of an environment. Values can be secrets, so they are shown only in the Console.',
    ...reads('serverless_v1:ListVariable'),
    input: () => ({ ...environment(), ...paging() }),
    run: ({ serviceSid, environmentSid, ...position }, { twilio }) =>
      page(twilio.serverless.v1.services(serviceSid).environments(environmentSid).variables, position),
    returns: VARIABLE,
  }),
  tool({
    name: 'twilio_serverless_get_variable',
    title: 'Get Serverless variable',
    description: 'Fetch the key and dates of one variable, without its value.',
    ...reads('serverless_v1:FetchVariable'),
    input: variable,
    run: ({ serviceSid, environmentSid, variableSid }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).environments(environmentSid).variables(variableSid).fetch(),
    returns: VARIABLE,
  }),
  tool({
    name: 'twilio_serverless_create_variable',
    title: 'Create Serverless variable',
    description: 'Add a variable to an environment. Functions read it as context.KEY.',
    ...grants({ checkWith: LIST_VARIABLES }, 'serverless_v1:CreateVariable'),
    input: () => ({ ...environment(), key: key(), value: value() }),
    run: ({ serviceSid, environmentSid, ...settings }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).environments(environmentSid).variables.create(settings),
    returns: VARIABLE,
  }),
  tool({
    name: 'twilio_serverless_update_variable',
    title: 'Update Serverless variable',
    description: 'Change the key or the value of a variable. The old value cannot be recovered.',
    ...grants({ checkWith: 'twilio_serverless_get_variable' }, 'serverless_v1:UpdateVariable'),
    input: () => ({ ...variable(), key: key().optional(), value: value().optional() }),
    run: ({ serviceSid, environmentSid, variableSid, ...settings }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).environments(environmentSid).variables(variableSid).update(settings),
    returns: VARIABLE,
  }),
  tool({
    name: 'twilio_serverless_delete_variable',
    title: 'Delete Serverless variable',
    description: 'Delete a variable and its value permanently. Functions that read it get undefined.',
    ...deletes('serverless_v1:DeleteVariable'),
    input: variable,
    run: ({ serviceSid, environmentSid, variableSid }, { twilio }) =>
      twilio.serverless.v1.services(serviceSid).environments(environmentSid).variables(variableSid).remove(),
  }),
  tool({
    name: 'twilio_serverless_list_logs',
    title: 'List Function logs',
    description:
      'List log lines and errors of the Functions in an environment. Without startDate, only the last day is listed.',
    ...reads('serverless_v1:ListLog'),
    input: () => ({
      ...environment(),
      functionSid: sid('ZH', 'Only logs of this Function').optional(),
      ...timeRange({
        from: ['startDate', 'Only logs after this time, at most 30 days ago; default one day ago'],
        before: ['endDate', 'Only logs before this time; default now'],
      }),
      ...paging(1000),
    }),
    run: ({ serviceSid, environmentSid, ...query }, { twilio }) =>
      page(twilio.serverless.v1.services(serviceSid).environments(environmentSid).logs, query),
    returns: ['dateCreated', 'level', 'message', 'functionSid', 'requestSid', 'deploymentSid'],
    untrusted: ['message'],
  }),
];
