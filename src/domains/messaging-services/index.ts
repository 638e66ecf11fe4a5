import { page, paging } from '../../paging';
import { boolean, clearableUrl, integer, method, oneOf, sid, string, words } from '../../params';
import { deletes, domain, grants, reads, tool } from '../../tool';
import { a2p } from './a2p';
import { senders } from './senders';
import { serviceOf, serviceSid } from './service';

const settings = () => ({
  inboundRequestUrl: clearableUrl('Called for each inbound message').optional(),
  inboundMethod: method('inboundRequestUrl').optional(),
  fallbackUrl: clearableUrl('Called if inboundRequestUrl fails').optional(),
  fallbackMethod: method('fallbackUrl').optional(),
  useInboundWebhookOnNumber: boolean(
    'Call the webhook of the receiving number instead of inboundRequestUrl',
  ).optional(),
  statusCallback: clearableUrl('Called on each change of delivery state').optional(),
  stickySender: boolean('Keep the same sender for each recipient').optional(),
  areaCodeGeomatch: boolean('Prefer a sender in the recipient’s area code').optional(),
  mmsConverter: boolean('Send a link to the media if MMS is not possible').optional(),
  smartEncoding: boolean('Replace Unicode characters that make a message longer and costlier').optional(),
  fallbackToLongCode: boolean('Obsolete; formerly retried failed short code messages from a long code').optional(),
  validityPeriod: integer('Seconds a message may stay queued', 1, 36000).optional(),
  usecase: oneOf(
    'Purpose of the messages',
    words('notifications marketing verification discussion poll undeclared'),
  ).optional(),
});

const SERVICE = words(
  'sid friendlyName usecase inboundRequestUrl inboundMethod fallbackUrl fallbackMethod useInboundWebhookOnNumber statusCallback stickySender areaCodeGeomatch mmsConverter smartEncoding validityPeriod usAppToPersonRegistered dateCreated',
);
const LIST = 'twilio_messaging_services_list_messaging_services';

export const messagingServices = domain({
  service: 'MessagingServices',
  summary: 'Messaging Services: pools of senders with shared settings, and their A2P 10DLC registration for the US.',
  instructions:
    'serviceSid defaults to TWILIO_MESSAGING_SERVICE_SID; find others with list_messaging_services. A service sends only from the numbers, ' +
    'short codes and other senders added to it. If messages to the US are blocked, get_a2p_status shows why.',
  tools: [
    tool({
      name: LIST,
      title: 'List Messaging Services',
      description: 'List the Messaging Services of the account. For all settings of one use get_messaging_service.',
      ...reads('messaging_v1:ListService'),
      input: () => paging(),
      run: (position, { twilio }) => page(twilio.messaging.v1.services, position),
      returns: ['sid', 'friendlyName', 'usecase', 'usAppToPersonRegistered', 'dateCreated'],
    }),
    tool({
      name: 'twilio_messaging_services_get_messaging_service',
      title: 'Get Messaging Service',
      description:
        'Fetch one Messaging Service with its settings. Its senders are in list_numbers, list_short_codes, list_alpha_senders and list_channel_senders.',
      ...reads('messaging_v1:FetchService'),
      input: () => ({ serviceSid: serviceSid() }),
      run: ({ serviceSid }, context) => serviceOf(serviceSid, context).fetch(),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_messaging_services_create_messaging_service',
      title: 'Create Messaging Service',
      description:
        'Create a Messaging Service. It cannot send before it has a sender: add one, for example with add_number.',
      ...grants({ checkWith: LIST }, 'messaging_v1:CreateService'),
      input: () => ({ friendlyName: string('Name of the service', 64), ...settings() }),
      run: (args, { twilio }) => twilio.messaging.v1.services.create(args),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_messaging_services_update_messaging_service',
      title: 'Update Messaging Service',
      description: 'Change settings of a Messaging Service; omitted settings keep their values. "" clears a URL.',
      ...grants({ checkWith: 'twilio_messaging_services_get_messaging_service' }, 'messaging_v1:UpdateService'),
      input: () => ({
        serviceSid: serviceSid(),
        friendlyName: string('New name of the service', 64).optional(),
        ...settings(),
      }),
      run: ({ serviceSid, ...changes }, context) => serviceOf(serviceSid, context).update(changes),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_messaging_services_delete_messaging_service',
      title: 'Delete Messaging Service',
      description:
        'Permanently delete a Messaging Service with its A2P campaign and scheduled messages. Its numbers stay in the account.',
      ...deletes('messaging_v1:DeleteService'),
      input: () => ({ serviceSid: sid('MG', 'Messaging Service to delete') }),
      run: ({ serviceSid }, { twilio }) => twilio.messaging.v1.services(serviceSid).remove(),
    }),
    ...senders,
    ...a2p,
  ],
});
