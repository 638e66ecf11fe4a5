import * as z from 'zod';
import { page, paging } from '../../paging';
import { boolean, chosenName, clearableUrl, integer, jsonObject, oneOf, selector, sid, string } from '../../params';
import { deletes, grants, reads, type ToolContext, tool } from '../../tool';

/* Services, and the arguments that all objects in a service share. */

export const serviceSid = () =>
  selector(sid('IS', "Sync service; default TWILIO_SYNC_SERVICE_SID, else the account's default service").optional());

/** The given service, else the configured one, else the default service that every account has. */
export const service = (serviceSid: string | undefined, { twilio, config }: ToolContext) =>
  twilio.sync.v1.services(serviceSid ?? config.syncServiceSid ?? 'default');

export const uniqueName = (object: string) => chosenName(`Name that identifies the ${object} in place of its SID`);
export const data = () => jsonObject('Content, up to 16 KiB');
export const ttl = () => integer('Seconds until Twilio deletes it; 0 means never', 0, 31536000);
export const ifMatch = () =>
  z
    .string()
    .regex(/^[\w-]{1,64}$/, 'must be a revision returned by Twilio')
    .describe('Revision that you read; if the stored one differs, the call fails')
    .optional();

export const order = () => oneOf('Sort order by index or key; default asc', ['asc', 'desc']).optional();

const LIST = 'twilio_sync_list_services';
const SERVICE = ['sid', 'uniqueName', 'friendlyName', 'webhookUrl', 'webhooksFromRestEnabled', 'aclEnabled'] as const;
const settings = () => ({
  friendlyName: string('Display name', 256).optional(),
  webhookUrl: clearableUrl('Webhook called when objects change').optional(),
  webhooksFromRestEnabled: boolean(
    'Also call webhookUrl for changes through the REST API, which these tools use; default false for a new service',
  ).optional(),
  reachabilityWebhooksEnabled: boolean(
    'Call webhookUrl when clients connect or disconnect; default false for a new service',
  ).optional(),
  aclEnabled: boolean('Require that clients have a permission for each object they use').optional(),
});

export const services = [
  tool({
    name: LIST,
    title: 'List Sync services',
    description: 'List the Sync services of the account. Each has its own documents, lists, maps and streams.',
    ...reads('sync_v1:ListService'),
    input: () => paging(100),
    run: (position, { twilio }) => page(twilio.sync.v1.services, position),
    returns: SERVICE,
  }),
  tool({
    name: 'twilio_sync_get_service',
    title: 'Get Sync service',
    description: 'Fetch the settings of one Sync service.',
    ...reads('sync_v1:FetchService'),
    input: () => ({ serviceSid: serviceSid() }),
    run: ({ serviceSid }, context) => service(serviceSid, context).fetch(),
    returns: [...SERVICE, 'reachabilityWebhooksEnabled', 'dateCreated', 'dateUpdated'],
  }),
  tool({
    name: 'twilio_sync_create_service',
    title: 'Create Sync service',
    description: 'Create a Sync service, isolated from all others. Most accounts need only their default service.',
    ...grants({ checkWith: LIST }, 'sync_v1:CreateService'),
    input: settings,
    run: (settings, { twilio }) => twilio.sync.v1.services.create(settings),
    returns: SERVICE,
  }),
  tool({
    name: 'twilio_sync_update_service',
    title: 'Update Sync service',
    description: 'Change the settings of a Sync service. Omitted settings stay as they are.',
    ...grants({ checkWith: 'twilio_sync_get_service' }, 'sync_v1:UpdateService'),
    input: () => ({ serviceSid: serviceSid(), ...settings() }),
    run: ({ serviceSid, ...settings }, context) => service(serviceSid, context).update(settings),
    returns: SERVICE,
  }),
  tool({
    name: 'twilio_sync_delete_service',
    title: 'Delete Sync service',
    description: 'Delete a Sync service permanently, with all its documents, lists, maps and streams.',
    ...deletes('sync_v1:DeleteService'),
    input: () => ({ serviceSid: sid('IS', 'Sync service to delete') }),
    run: ({ serviceSid }, context) => service(serviceSid, context).remove(),
  }),
];
