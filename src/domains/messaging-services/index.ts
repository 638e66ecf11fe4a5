import { page, paging } from '../../paging';
import { boolean, clearableUrl, integer, method, oneOf, sid, string } from '../../params';
import { domain, tool } from '../../tool';
import { a2p } from './a2p';
import { senders } from './senders';
import { serviceOf, serviceSid } from './service';

const settings = () => ({
  inboundRequestUrl: clearableUrl('Called on an inbound message').optional(),
  inboundMethod: method('inboundRequestUrl').optional(),
  fallbackUrl: clearableUrl('Called where inboundRequestUrl fails').optional(),
  fallbackMethod: method('fallbackUrl').optional(),
  useInboundWebhookOnNumber: boolean('Call the webhook of the number instead').optional(),
  statusCallback: clearableUrl('Receives each delivery state').optional(),
  stickySender: boolean('A person always hears from the same number').optional(),
  areaCodeGeomatch: boolean('Prefer a number of the recipient’s area').optional(),
  mmsConverter: boolean('Send a link where MMS is not possible').optional(),
  smartEncoding: boolean('Replace characters that make a text costlier').optional(),
  fallbackToLongCode: boolean('Obsolete').optional(),
  validityPeriod: integer('Seconds a message may wait in the queue', 1, 36000).optional(),
  usecase: oneOf('What it is for', [
    'notifications',
    'marketing',
    'verification',
    'discussion',
    'poll',
    'undeclared',
  ]).optional(),
});

const SERVICE = [
  'sid',
  'friendlyName',
  'usecase',
  'inboundRequestUrl',
  'inboundMethod',
  'fallbackUrl',
  'fallbackMethod',
  'useInboundWebhookOnNumber',
  'statusCallback',
  'stickySender',
  'areaCodeGeomatch',
  'mmsConverter',
  'smartEncoding',
  'validityPeriod',
  'usAppToPersonRegistered',
  'dateCreated',
] as const;
const LIST = 'twilio_messaging_services_list_messaging_services';

export const messagingServices = domain({
  service: 'MessagingServices',
  summary: 'Messaging Services: pools of senders with common settings, and their A2P registration for the US.',
  instructions:
    'serviceSid defaults to TWILIO_MESSAGING_SERVICE_SID; find others with list_messaging_services. A service sends only by the numbers, ' +
    'short codes and names added to it. Why messages to the US are blocked: get_a2p_status.',
  tools: [
    tool({
      name: LIST,
      title: 'List Messaging Services',
      description: 'List the Messaging Services of the account. All settings of one: get_messaging_service.',
      effect: 'read',
      operations: ['messaging_v1:ListService'],
      input: () => paging(),
      run: (position, { twilio }) => page(twilio.messaging.v1.services, {}, position),
      returns: ['sid', 'friendlyName', 'usecase', 'usAppToPersonRegistered', 'dateCreated'],
    }),
    tool({
      name: 'twilio_messaging_services_get_messaging_service',
      title: 'Get Messaging Service',
      description: 'Fetch one Messaging Service with its settings. Its senders: list_numbers and its siblings.',
      effect: 'read',
      operations: ['messaging_v1:FetchService'],
      input: () => ({ serviceSid: serviceSid() }),
      run: ({ serviceSid }, context) => serviceOf(serviceSid, context).fetch(),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_messaging_services_create_messaging_service',
      title: 'Create Messaging Service',
      description: 'Create a Messaging Service. It sends nothing before it has senders: add_number.',
      effect: 'create',
      checkWith: LIST,
      operations: ['messaging_v1:CreateService'],
      input: () => ({ friendlyName: string('Name', 64), ...settings() }),
      run: (args, { twilio }) => twilio.messaging.v1.services.create(args),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_messaging_services_update_messaging_service',
      title: 'Update Messaging Service',
      description: 'Change settings of a Messaging Service. Only what is given changes; "" clears a URL.',
      effect: 'update',
      operations: ['messaging_v1:UpdateService'],
      input: () => ({ serviceSid: serviceSid(), friendlyName: string('Name', 64).optional(), ...settings() }),
      run: ({ serviceSid, ...changes }, context) => serviceOf(serviceSid, context).update(changes),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_messaging_services_delete_messaging_service',
      title: 'Delete Messaging Service',
      description:
        'Delete a Messaging Service for good. Its numbers stay in the account; its campaign and scheduled messages are lost.',
      effect: 'delete',
      operations: ['messaging_v1:DeleteService'],
      input: () => ({ serviceSid: sid('MG', 'Messaging Service') }),
      run: ({ serviceSid }, { twilio }) => twilio.messaging.v1.services(serviceSid).remove(),
    }),
    ...senders,
    ...a2p,
  ],
});
