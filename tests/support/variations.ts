import { SANDBOX_ACCOUNT_SID, SANDBOX_AUTH_TOKEN } from '../../sandbox/credentials';
import { words } from '../../src/params';
import { threadId } from '../../src/threads/conversation';
import type { Variation } from './arguments';

const participants = ['+15005550006', '+14155550100'];
const conversationId = threadId(participants);
const conversation = [['twilio_inbox_create_conversation', { participants }]] as const;
export const phoneNumberSid = `PN${'a'.repeat(32)}`;
/** The number in the agent phone pool. */
const phone_number = '+15005550006';

/** Settings that some tools require, and a timeout that ends waits soon. */
export const WIRE_ENVIRONMENT = {
  TWILIO_PHONE_NUMBERS: phone_number,
  WEBHOOK_BASE_URL: 'https://example.com',
  AUTH_TOKEN: SANDBOX_AUTH_TOKEN,
  TWILIO_TIMEOUT: '2000',
};

/** A local time, which `timeZone` completes. */
const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 19);

/** Calls Conversations tools with a service and, in the default one, without it. */
const inEitherService = (actions: readonly string[], set = {}) =>
  Object.fromEntries(
    actions.map((action) => [`twilio_conversations_${action}`, [{ set }, { set, omit: ['chatServiceSid'] }]]),
  );
/** The arguments to omit for the statistics of a queue, a workflow and a whole workspace. */
const omitsByScope = [['workflowSid'], ['taskQueueSid'], ['taskQueueSid', 'workflowSid']];
const SPEECH = ['say', 'language', 'voice'];
const SIP_ADDRESS = 'sip:gateway@example.com';
const IP_LIST = `AL${'a'.repeat(32)}`;
const SIP_PASSWORD = 'IWasAtSignal2018';

/** Starts a verification of the recipient and in the service that arguments are filled with. */
const pendingVerification = (settings: object) =>
  [
    ['twilio_verify_start_verification', { to: '+15005550006', serviceSid: `VA${'a'.repeat(32)}`, ...settings }],
  ] as const;

const messagingService = [['twilio_messaging_services_create_messaging_service', { friendlyName: 'xxxx' }]] as const;

/** The calls to try for each tool; other tools are called once, with every argument. */
export const VARIATIONS: Readonly<Record<string, readonly Variation[]>> = {
  // The sandbox has no other account, and the status of a main account cannot change.
  twilio_account_get_account: [{ set: { accountSid: SANDBOX_ACCOUNT_SID } }],
  twilio_account_update_account: [{ set: { accountSid: SANDBOX_ACCOUNT_SID }, omit: ['status'] }],
  twilio_messaging_send_sms: [{ set: { sendAt: tomorrow }, omit: ['conversationId'] }],
  twilio_messaging_send_mms: [{ set: { sendAt: tomorrow }, omit: ['conversationId'] }],
  twilio_messaging_send_whatsapp: [{ set: { sendAt: tomorrow }, omit: ['conversationId'] }],
  twilio_messaging_list_opt_outs: [{}, { omit: ['person'] }],
  twilio_audit_list_actions: [{ set: { client: 'tests' } }],
  twilio_inbox_get_inbound_messages: [{ set: { conversationId, cursor: 'mi8p1k2a.' }, before: conversation }],
  twilio_inbox_create_conversation: [{ set: { participants } }],
  twilio_inbox_get_conversation_thread: [
    { set: { conversationId }, omit: ['participant'], before: conversation },
    { set: { participant: participants[1] }, omit: ['conversationId'], before: conversation },
  ],
  twilio_inbox_import_history: [
    { set: { conversationId, pageToken: '1.0.1.PAxyz' }, omit: ['participants'], before: conversation },
    { set: { participants, pageToken: '1.0.1.PAxyz' }, omit: ['conversationId'] },
  ],
  twilio_inbox_restore_webhooks: [
    { set: { phoneNumberSid }, before: [['twilio_inbox_configure_webhooks', { phoneNumberSid }]] },
  ],
  twilio_agent_phone_wait_for_sms: [{ set: { timeout: 60_000 }, omit: ['token', 'pass'] }],
  twilio_agent_phone_extract_otp_from_sms: [{ set: { sms_body: 'Your code is 123456' } }],
  twilio_agent_phone_release_phone_number: [
    {
      set: { phone_number },
      omit: ['pass'],
      before: [['twilio_agent_phone_get_phone_number', { passport_id: 'xxxx' }]],
    },
  ],
  twilio_api_describe: [{ set: { ids: ['api_v2010:CreateMessage'] } }],
  twilio_api_read: [{ set: { id: 'api_v2010:ListMessage', params: { PageSize: 5 }, fields: ['sid'] } }],
  twilio_api_search: [{ set: { query: 'send a text', product: 'messaging' } }],
  twilio_api_write: [{ set: { id: 'api_v2010:CreateQueue', params: { FriendlyName: 'x' } } }],
  twilio_phone_numbers_get_phone_number: [{ before: messagingService }],
  twilio_phone_numbers_configure_webhook: [{ before: messagingService }],
  twilio_phone_numbers_buy_phone_number: [{ omit: ['areaCode'] }, { omit: ['phoneNumber'], set: { areaCode: 500 } }],
  twilio_voice_add_ons_announce_to_conference: [{}, { omit: ['callSid'] }],
  twilio_voice_add_ons_list_transcriptions: [{}, { omit: ['recordingSid'] }],
  twilio_voice_get_call_logs: [{}, { omit: ['statuses'] }],
  twilio_voice_make_call: [
    {
      omit: [...SPEECH, 'url', 'applicationSid'],
      set: { twiml: '<Response><Say>Hello</Say></Response>', sendDigits: 'ww1#' },
    },
    { omit: ['twiml', 'url', 'applicationSid', 'sendDigits'], set: { language: 'de-DE' } },
    { omit: [...SPEECH, 'twiml', 'applicationSid', 'sendDigits'] },
    { omit: [...SPEECH, 'twiml', 'url', 'sendDigits'] },
  ],
  twilio_voice_redirect_call: [
    { omit: [...SPEECH, 'url'], set: { twiml: '<Response><Play digits="12"/></Response>' } },
    { omit: ['twiml', 'url'], set: { language: 'de-DE' } },
    { omit: [...SPEECH, 'twiml'] },
  ],
  ...inEitherService(
    words(
      'list_conversations get_conversation delete_conversation list_messages get_message send_message update_message delete_message list_receipts list_participants get_participant update_participant remove_participant list_users get_user create_user update_user delete_user list_roles list_webhooks create_webhook delete_webhook',
    ),
  ),
  ...inEitherService(['create_conversation', 'update_conversation'], {
    'timers.inactive': 'PT30M',
    'timers.closed': 'P2D',
  }),
  twilio_conversations_find_conversations: [{ omit: ['identity'] }, { omit: ['address', 'chatServiceSid'] }],
  twilio_conversations_add_participant: [
    {
      omit: ['identity', 'messagingBinding.projectedAddress'],
      set: { 'messagingBinding.address': '+14155550161', 'messagingBinding.proxyAddress': '+15005550006' },
    },
    { omit: ['messagingBinding.address', 'messagingBinding.proxyAddress', 'chatServiceSid'] },
  ],
  twilio_debugger_get_usage_records: [
    { omit: ['period'] },
    ...['daily', 'monthly', 'yearly'].map((period) => ({ set: { period } })),
    ...['today', 'yesterday', 'thisMonth', 'lastMonth', 'allTime'].map((period) => ({
      omit: ['startDate', 'endDate', 'category'],
      set: { period },
    })),
  ],
  twilio_studio_validate_flow: [
    {
      set: {
        definition: { initial_state: 'A', states: [{ name: 'A', type: 'trigger', transitions: [], properties: {} }] },
      },
    },
  ],
  twilio_studio_get_flow_revision: [{ set: { revision: 'LatestPublished' } }],
  twilio_usage_create_trigger: [{ set: { triggerValue: '+30.5' } }],
  twilio_taskrouter_update_task: [{ omit: ['assignmentStatus', 'reason'] }, { omit: ['attributes'] }],
  twilio_taskrouter_list_reservations: [{ omit: ['taskSid'] }, { omit: ['workerSid'] }],
  twilio_taskrouter_get_reservation: [{ omit: ['taskSid'] }, { omit: ['workerSid'] }],
  twilio_taskrouter_update_reservation: [{ omit: ['taskSid'] }, { omit: ['workerSid'] }],
  twilio_taskrouter_connect_reservation: [
    { set: { instruction: 'dequeue' }, omit: ['taskSid', 'url', 'callSid'] },
    { set: { instruction: 'conference' }, omit: ['taskSid', 'url', 'callSid'] },
    { set: { instruction: 'redirect' }, omit: ['workerSid', 'to', 'from'] },
  ],
  twilio_taskrouter_list_events: [{ omit: ['minutes'] }, { omit: ['startDate', 'endDate'] }],
  twilio_taskrouter_get_statistics: [
    ...omitsByScope.map((omit) => ({ omit: ['minutes', ...omit] })),
    { omit: ['startDate', 'endDate', 'taskQueueSid'] },
  ],
  twilio_taskrouter_get_real_time_statistics: omitsByScope.map((omit) => ({ omit })),
  twilio_taskrouter_get_cumulative_statistics: [
    ...omitsByScope.map((omit) => ({ omit: ['minutes', ...omit] })),
    { omit: ['startDate', 'endDate', 'taskQueueSid'] },
  ],
  twilio_taskrouter_list_queue_statistics: [{ omit: ['minutes'] }, { omit: ['startDate', 'endDate'] }],
  twilio_taskrouter_get_worker_statistics: [{ omit: ['minutes', 'workerSid'] }, { omit: ['startDate', 'endDate'] }],
  twilio_media_create_composition: [{ set: { resolution: '1280x720' } }],
  twilio_media_create_composition_hook: [{ set: { resolution: '1280x720' } }],
  twilio_media_get_media_link: [{}, { set: { mediaSid: `CJ${'a'.repeat(32)}` } }],
  twilio_verify_start_verification: [
    { set: { customCode: '246810' } },
    { set: { customCode: 'Ab12Cd' } },
    { set: { to: 'ada@example.com', channel: 'email' }, omit: ['customCode'] },
  ],
  twilio_verify_check_verification: [
    { set: { code: '123456' }, before: pendingVerification({}) },
    { set: { code: 'Ab12Cd' }, before: pendingVerification({ customCode: 'Ab12Cd' }) },
  ],
  twilio_verify_check_silent_verification: [{ before: pendingVerification({ channel: 'sna' }) }],
  twilio_lookups_lookup_phone_number: [{ set: { dateOfBirth: '19700131', lastVerifiedDate: '20260131' } }],
  twilio_debugger_list_events: [{ set: { resourceSid: `SM${'a'.repeat(32)}` } }],
  twilio_content_create_content_template: [
    { omit: ['content', 'moreTypes'] },
    {
      set: {
        contentType: 'twilio/quick-reply',
        content: { actions: [{ title: 'Yes', id: 'yes' }] },
        moreTypes: { 'twilio/text': { body: 'Hello' } },
      },
    },
    { omit: ['body', 'moreTypes'], set: { contentType: 'twilio/location', content: { latitude: 1, longitude: 2 } } },
  ],
  twilio_content_update_content_template: [
    { omit: ['content', 'moreTypes'] },
    {
      set: { content: { body: 'Hi' }, moreTypes: { 'twilio/media': { media: ['https://example.com/x.png'] } } },
      omit: ['body'],
    },
  ],
  twilio_intelligence_create_transcript: [{ omit: ['mediaUrl'] }, { omit: ['recordingSid', 'agentChannel'] }],
  twilio_voice_config_create_policy_target: [{ set: { target: SIP_ADDRESS } }],
  twilio_voice_config_update_policy_target: [{ set: { target: SIP_ADDRESS } }],
  twilio_voice_config_create_origination_url: [{ set: { sipUrl: SIP_ADDRESS } }],
  twilio_voice_config_update_origination_url: [{ set: { sipUrl: SIP_ADDRESS } }],
  twilio_voice_config_create_sip_domain: [{ set: { domainName: 'example.sip.twilio.com' } }],
  twilio_voice_config_create_sip_credential: [{ set: { password: SIP_PASSWORD } }],
  twilio_voice_config_update_sip_credential: [{ set: { password: SIP_PASSWORD } }],
  twilio_voice_config_create_ip_address: [{ set: { ipAddress: '203.0.113.7' } }],
  twilio_voice_config_create_sip_trunk: [{ set: { domainName: 'example.pstn.twilio.com' } }],
  twilio_voice_config_update_sip_trunk: [{ set: { domainName: 'example.pstn.twilio.com' } }],
  twilio_voice_config_list_sip_domain_mappings: [
    { set: { mapping: 'callCredentials' } },
    { set: { mapping: 'callIps' } },
    { set: { mapping: 'registrationCredentials' } },
  ],
  twilio_voice_config_create_sip_domain_mapping: [
    { set: { mapping: 'callCredentials' } },
    { set: { mapping: 'callIps', listSid: IP_LIST } },
    { set: { mapping: 'registrationCredentials' } },
  ],
  twilio_voice_config_delete_sip_domain_mapping: [
    { set: { mapping: 'callCredentials' } },
    { set: { mapping: 'callIps', listSid: IP_LIST } },
    { set: { mapping: 'registrationCredentials' } },
  ],
  twilio_voice_config_list_sip_trunk_mappings: [{ set: { mapping: 'credentials' } }, { set: { mapping: 'ips' } }],
  twilio_voice_config_create_sip_trunk_mapping: [
    { set: { mapping: 'credentials' } },
    { set: { mapping: 'ips', listSid: IP_LIST } },
  ],
  twilio_voice_config_delete_sip_trunk_mapping: [
    { set: { mapping: 'credentials' } },
    { set: { mapping: 'ips', listSid: IP_LIST } },
  ],
};
