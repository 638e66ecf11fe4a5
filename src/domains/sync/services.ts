import * as z from 'zod';
import { page, paging } from '../../paging';
import { boolean, integer, jsonObject, oneOf, pathName, selector, sid, string, url } from '../../params';
import { type ToolContext, tool } from '../../tool';

/* Services, and the words of everything that lives in one. */

export const serviceSid = () => selector(sid('IS', 'Has a default').optional());

/** The service that a call names, the deployment's, or the one that each account has. */
export const service = (serviceSid: string | undefined, { twilio, config }: ToolContext) =>
  twilio.sync.v1.services(serviceSid ?? config.syncServiceSid ?? 'default');

export const uniqueName = () => pathName('Unique name');
export const data = () => jsonObject('Content, up to 16 KiB');
export const ttl = () => integer('Seconds until it is deleted, 0 for never', 0, 31536000);
export const ifMatch = () =>
  z
    .string()
    .regex(/^[\w-]{1,64}$/, 'must be a revision as Twilio gave it')
    .describe('Only if this is still its revision')
    .optional();

export const order = () => oneOf('Order, default asc', ['asc', 'desc']).optional();

const LIST = 'twilio_sync_list_services';
const SERVICE = ['sid', 'uniqueName', 'friendlyName', 'webhookUrl', 'webhooksFromRestEnabled', 'aclEnabled'] as const;
const settings = () => ({
  friendlyName: string('Name', 256).optional(),
  webhookUrl: url('Called on changes').optional(),
  webhooksFromRestEnabled: boolean('Called on changes by this API, too').optional(),
  reachabilityWebhooksEnabled: boolean('Called when clients come and go').optional(),
  aclEnabled: boolean('Clients need a permission for each object').optional(),
});

export const services = [
  tool({
    name: LIST,
    title: 'List Sync services',
    description:
      'List the Sync services of the account. One keeps its documents, lists, maps and streams from all others.',
    effect: 'read',
    operations: ['sync_v1:ListService'],
    input: paging,
    run: (position, { twilio }) => page(twilio.sync.v1.services, {}, position),
    returns: SERVICE,
  }),
  tool({
    name: 'twilio_sync_get_service',
    title: 'Get Sync service',
    description: 'Fetch the settings of one Sync service.',
    effect: 'read',
    operations: ['sync_v1:FetchService'],
    input: () => ({ serviceSid: serviceSid() }),
    run: ({ serviceSid }, context) => service(serviceSid, context).fetch(),
    returns: [...SERVICE, 'reachabilityWebhooksEnabled', 'dateCreated', 'dateUpdated'],
  }),
  tool({
    name: 'twilio_sync_create_service',
    title: 'Create Sync service',
    description: 'Create a Sync service, apart from all others: most accounts do with their default one.',
    effect: 'create',
    checkWith: LIST,
    operations: ['sync_v1:CreateService'],
    input: settings,
    run: (settings, { twilio }) => twilio.sync.v1.services.create(settings),
    returns: SERVICE,
  }),
  tool({
    name: 'twilio_sync_update_service',
    title: 'Update Sync service',
    description: 'Change settings of a Sync service: what is not given stays.',
    effect: 'update',
    operations: ['sync_v1:UpdateService'],
    input: () => ({ serviceSid: serviceSid(), ...settings() }),
    run: ({ serviceSid, ...settings }, context) => service(serviceSid, context).update(settings),
    returns: SERVICE,
  }),
  tool({
    name: 'twilio_sync_delete_service',
    title: 'Delete Sync service',
    description: 'Delete a Sync service for good, with all documents, lists, maps and streams in it.',
    effect: 'delete',
    operations: ['sync_v1:DeleteService'],
    input: () => ({ serviceSid: sid('IS', 'Service') }),
    run: ({ serviceSid }, context) => service(serviceSid, context).remove(),
  }),
];
