import { page, paging } from '../paging';
import { boolean, clearableUrl, sid, string, words } from '../params';
import { deletes, domain, grants, reads, tool } from '../tool';
import { webhooks } from './phone-numbers/incoming-numbers';

const LIST = 'twilio_applications_list_applications';
const LISTED = ['sid', 'friendlyName', 'voiceUrl', 'smsUrl', 'statusCallback', 'messageStatusCallback'] as const;
const APPLICATION = [
  ...LISTED,
  ...words(
    'voiceMethod voiceFallbackUrl voiceFallbackMethod smsMethod smsFallbackUrl smsFallbackMethod statusCallbackMethod voiceCallerIdLookup publicApplicationConnectEnabled dateCreated dateUpdated',
  ),
] as const;
const applicationSid = () => sid('AP', 'TwiML App; from list_applications');

const settings = () => ({
  ...webhooks(),
  messageStatusCallback: clearableUrl('Receives the status of sent messages by POST').optional(),
  voiceCallerIdLookup: boolean('Look up the caller name of each call, for a fee').optional(),
  publicApplicationConnectEnabled: boolean('Let other Twilio accounts dial this app with <Dial>').optional(),
});

export const applications = domain({
  service: 'Applications',
  summary: 'TwiML Apps: named sets of webhooks, shared by several numbers and by calls from browsers and apps.',
  instructions:
    'A TwiML App holds webhook URLs that several numbers, SIP devices or Voice SDK clients share. Create one with create_application, ' +
    'then attach it to a number with twilio_phone_numbers_update_phone_number, or pass its SID to twilio_voice_make_call.',
  tools: [
    tool({
      name: LIST,
      title: 'List TwiML Apps',
      description: 'List the TwiML Apps of the account. For all settings of one use get_application.',
      ...reads('api_v2010:ListApplication'),
      input: () => ({ friendlyName: string('Only apps with exactly this name', 64).optional(), ...paging(1000) }),
      run: (query, { twilio }) => page(twilio.applications, query),
      returns: LISTED,
    }),
    tool({
      name: 'twilio_applications_get_application',
      title: 'Get TwiML App',
      description: 'Fetch one TwiML App with all its settings. To find it use list_applications.',
      ...reads('api_v2010:FetchApplication'),
      input: () => ({ applicationSid: applicationSid() }),
      run: ({ applicationSid }, { twilio }) => twilio.applications(applicationSid).fetch(),
      returns: APPLICATION,
    }),
    tool({
      name: 'twilio_applications_create_application',
      title: 'Create TwiML App',
      description:
        'Create a TwiML App. It has no effect until it is used, for example by a number through twilio_phone_numbers_update_phone_number.',
      ...grants({ checkWith: LIST }, 'api_v2010:CreateApplication'),
      input: () => ({ friendlyName: string('Name of the app', 64), ...settings() }),
      run: (settings, { twilio }) => twilio.applications.create(settings),
      returns: APPLICATION,
    }),
    tool({
      name: 'twilio_applications_update_application',
      title: 'Update TwiML App',
      description:
        'Change settings of a TwiML App, immediately for every number and client that uses it. Omitted settings stay as they are; "" clears a URL.',
      ...grants({ checkWith: 'twilio_applications_get_application' }, 'api_v2010:UpdateApplication'),
      input: () => ({
        applicationSid: applicationSid(),
        friendlyName: string('New name of the app', 64).optional(),
        ...settings(),
      }),
      run: ({ applicationSid, ...settings }, { twilio }) => twilio.applications(applicationSid).update(settings),
      returns: APPLICATION,
    }),
    tool({
      name: 'twilio_applications_delete_application',
      title: 'Delete TwiML App',
      description: 'Permanently delete a TwiML App. Numbers that use it fall back to their own webhook URLs.',
      ...deletes('api_v2010:DeleteApplication'),
      input: () => ({ applicationSid: applicationSid() }),
      run: ({ applicationSid }, { twilio }) => twilio.applications(applicationSid).remove(),
    }),
  ],
});
