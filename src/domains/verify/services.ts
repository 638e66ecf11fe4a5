import { page, paging } from '../../paging';
import { address, boolean, clearableSid, integer, sid, string, words } from '../../params';
import { creates, deletes, reads, tool, updates } from '../../tool';
import { serviceOf, serviceSid } from './shared';

const serviceName = () => string('Name that the messages show', 32);
const settings = () => ({
  codeLength: integer('Number of digits in a code', 4, 10).optional(),
  lookupEnabled: boolean('Look up each number, for a fee').optional(),
  skipSmsToLandlines: boolean('Send no SMS to landlines; needs lookupEnabled').optional(),
  dtmfInputRequired: boolean('Callee must press a key before the code is read').optional(),
  ttsName: string('Voice that reads codes in calls, such as Polly.Joanna', 64).optional(),
  psd2Enabled: boolean('Require amount and payee (PSD2)').optional(),
  doNotShareWarningEnabled: boolean('Add a warning not to share the code to each SMS').optional(),
  customCodeEnabled: boolean('Allow customCode').optional(),
  defaultTemplateSid: clearableSid('HJ', 'Template for SMS, from list_templates').optional(),
  whatsappMessagingServiceSid: clearableSid('MG', 'Messaging Service with the WhatsApp sender').optional(),
  whatsappFrom: address('WhatsApp sender in that Messaging Service', ['whatsapp']).optional(),
});

/** The settings under the names that twilio-node takes. */
function toOptions<S extends { whatsappMessagingServiceSid?: string; whatsappFrom?: string }>(given: S) {
  const { whatsappMessagingServiceSid, whatsappFrom, ...rest } = given;
  return { ...rest, 'whatsapp.msgServiceSid': whatsappMessagingServiceSid, 'whatsapp.from': whatsappFrom };
}

const SERVICE = words(
  'sid friendlyName codeLength lookupEnabled skipSmsToLandlines dtmfInputRequired ttsName psd2Enabled doNotShareWarningEnabled customCodeEnabled defaultTemplateSid whatsapp dateCreated',
);
const LIST = 'twilio_verify_list_services';

/** Verify services: each has its own name in messages and its own settings. */
export const services = [
  tool({
    name: LIST,
    title: 'List Verify services',
    description: 'List the Verify services of the account. Each has its own name in messages and its own settings.',
    ...reads('verify_v2:ListService'),
    input: () => paging(),
    run: (position, { twilio }) => page(twilio.verify.v2.services, position),
    returns: ['sid', 'friendlyName', 'codeLength', 'dateCreated'],
  }),
  tool({
    name: 'twilio_verify_get_service',
    title: 'Get Verify service',
    description: 'Fetch one Verify service with its settings.',
    ...reads('verify_v2:FetchService'),
    input: () => ({ serviceSid: serviceSid() }),
    run: ({ serviceSid }, context) => serviceOf(serviceSid, context).fetch(),
    returns: SERVICE,
  }),
  tool({
    name: 'twilio_verify_create_service',
    title: 'Create Verify service',
    description:
      'Create a Verify service, which every verification needs. Call list_services first: usually one is enough.',
    ...creates({ checkWith: LIST }, 'verify_v2:CreateService'),
    input: () => ({ friendlyName: serviceName(), ...settings() }),
    run: (args, { twilio }) => twilio.verify.v2.services.create(toOptions(args)),
    returns: SERVICE,
  }),
  tool({
    name: 'twilio_verify_update_service',
    title: 'Update Verify service',
    description: 'Change the settings of a Verify service. Omitted settings stay unchanged.',
    ...updates('verify_v2:UpdateService'),
    input: () => ({
      serviceSid: sid('VA', 'Verify service to change'),
      friendlyName: serviceName().optional(),
      ...settings(),
    }),
    run: ({ serviceSid, ...args }, { twilio }) => twilio.verify.v2.services(serviceSid).update(toOptions(args)),
    returns: SERVICE,
  }),
  tool({
    name: 'twilio_verify_delete_service',
    title: 'Delete Verify service',
    description: 'Delete a Verify service permanently, with its rate limits and pending verifications.',
    ...deletes('verify_v2:DeleteService'),
    input: () => ({ serviceSid: sid('VA', 'Verify service to delete') }),
    run: ({ serviceSid }, { twilio }) => twilio.verify.v2.services(serviceSid).remove(),
  }),
];
