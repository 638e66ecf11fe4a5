import type { Properties } from '../../sandbox/json';
import { availableNumbers } from '../../sandbox/rules/inventory';
import { SEEDS } from '../../sandbox/seed';
import { SANDBOX_ACCOUNT_SID } from '../../sandbox/server';
import { fixedSid } from '../../sandbox/sids';

const [FROM] = SEEDS.numbers as [string];
const ACCOUNT = `api.twilio.com/2010-04-01/Accounts/${SANDBOX_ACCOUNT_SID}`;
const PERSON = '+14155550182';
/** A minimum of seconds would end a call at once. */
const WITHOUT_LIMITS = { Timeout: null, TimeLimit: null, MachineDetection: null };
const call = (Twiml: string) => ({ To: PERSON, From: FROM, Url: null, ApplicationSid: null, Twiml, ...WITHOUT_LIMITS });
const smsParticipant = { 'MessagingBinding.Address': PERSON, 'MessagingBinding.ProxyAddress': FROM, Identity: null, 'MessagingBinding.ProjectedAddress': null };
const identityParticipant = { Identity: 'alice', 'MessagingBinding.Address': null, 'MessagingBinding.ProxyAddress': null, 'MessagingBinding.ProjectedAddress': null };
const workflow = { Configuration: JSON.stringify({ task_routing: { filters: [], default_filter: { queue: '{WQ}' } } }) };
const flow = {
  Definition: JSON.stringify({
    description: 'Waits',
    initial_state: 'Trigger',
    flags: { allow_concurrent_calls: true },
    states: [
      { name: 'Trigger', type: 'trigger', transitions: [{ event: 'incomingRequest', next: 'ask' }], properties: {} },
      { name: 'ask', type: 'send-and-wait-for-reply', transitions: [], properties: { body: 'Well?', timeout: '3600' } },
    ],
  }),
};
const timers = { 'Timers.Inactive': 'PT1H', 'Timers.Closed': 'PT24H' };
const A2P_POLICY = 'RNb0d4771c2c98518d916a3d4cd70a8f8b';
const primaryProfile = fixedSid('BU', 'primary');

/**
 * What a generated request cannot know, by operation and then by the names of path parameters and fields; null leaves a
 * field out. `{WQ}` stands for the newest resource with such a SID, and `{host/path}` for the newest one of a collection.
 * Each element of a list is a request of its own. Operations of the same depth are requested in this order.
 */
export const GIVEN: Readonly<Record<string, Properties | readonly Properties[]>> = {
  'api_v2010:CreateCall': [
    call('<Response><Nonsense/></Response>'),
    call('<Response><Record maxLength="5" transcribe="true"/></Response>'),
    call('<Response><Enqueue>support</Enqueue></Response>'),
    call('<Response><Pause length="3600"/></Response>'),
  ],
  'api_v2010:CreateMessage': { To: PERSON, From: FROM, MediaUrl: 'https://example.com/photo.jpg', MessagingServiceSid: null, ContentSid: null, ContentVariables: null, SendAt: null, ScheduleType: null },
  'api_v2010:CreateParticipant': { ConferenceSid: 'Support', From: FROM, To: PERSON, ConferenceRecord: 'record-from-start', Coaching: null, CallSidToCoach: null, CallToken: null, CallerId: null, ...WITHOUT_LIMITS },
  'api_v2010:UpdateCall': { Url: null, Status: null, Twiml: '<Response><Pause length="3600"/></Response>' },
  'api_v2010:UpdateParticipant': { Coaching: null, CallSidToCoach: null },
  'api_v2010:UpdateCallRecording': { Status: 'paused' },
  'api_v2010:UpdateConferenceRecording': { Status: 'paused' },
  'api_v2010:ListAvailablePhoneNumberMobile': { CountryCode: 'GB' },
  'api_v2010:CreateIncomingPhoneNumberTollFree': { PhoneNumber: availableNumbers('US', 'TollFree')[0]!.phone_number },
  'conversations_v1:CreateConversation': timers,
  'conversations_v1:CreateServiceConversation': timers,
  'conversations_v1:UpdateConversation': timers,
  'conversations_v1:UpdateServiceConversation': timers,
  'conversations_v1:CreateUser': { Identity: 'alice' },
  'conversations_v1:CreateServiceUser': { Identity: 'alice' },
  'conversations_v1:CreateConversationParticipant': [identityParticipant, smsParticipant],
  'conversations_v1:CreateServiceConversationParticipant': [identityParticipant, { ...smsParticipant, 'MessagingBinding.Address': '+14155550183' }],
  'conversations_v1:CreateConversationMessage': { MediaSid: null, ContentSid: null, ContentVariables: null },
  'conversations_v1:CreateServiceConversationMessage': { MediaSid: null, ContentSid: null, ContentVariables: null },
  'messaging_v1:CreateBrandRegistrations': { CustomerProfileBundleSid: primaryProfile, A2PProfileBundleSid: '{trusthub.twilio.com/v1/TrustProducts}', Mock: null },
  'messaging_v1:CreateUsAppToPerson': { UsAppToPersonUsecase: 'CUSTOMER_CARE', Description: 'x'.repeat(40), MessageFlow: 'x'.repeat(40), MessageSamples: ['Your table for two is ready.', 'Your table is free at eight.'], PrivacyPolicyUrl: 'https://example.com/privacy', TermsAndConditionsUrl: 'https://example.com/terms' },
  'messaging_v1:CreateTollfreeVerification': { TollfreePhoneNumberSid: `{${ACCOUNT}/IncomingPhoneNumbers}` },
  'numbers_v2:CreateBundle': { RegulationSid: null, IsoCountry: 'DE', NumberType: 'local', EndUserType: 'business' },
  'numbers_v2:FetchEndUserType': { Sid: fixedSid('OY', 'business') },
  'numbers_v2:CreateItemAssignment': { ObjectSid: '{RD}' },
  'numbers_v2:FetchSupportingDocumentType': { Sid: fixedSid('OY', 'passport') },
  'proxy_v1:CreateService': { DefaultTtl: null },
  'proxy_v1:CreatePhoneNumber': { Sid: SEEDS.phoneNumberSids[0], PhoneNumber: null, IsReserved: 'false' },
  'proxy_v1:CreateParticipant': { Identifier: PERSON, ProxyIdentifier: null, ProxyIdentifierSid: null },
  'proxy_v1:CreateSession': { Status: null, Ttl: null, DateExpiry: null, Participants: null },
  'serverless_v1:CreateBuild': { Dependencies: null, AssetVersions: null, FunctionVersions: null },
  'studio_v2:CreateFlow': { Status: 'published', ...flow },
  'studio_v2:UpdateFlow': { Status: 'published', ...flow },
  'studio_v2:UpdateFlowValidate': flow,
  'sync_v1:CreateDocument': { Ttl: null },
  'sync_v1:CreateSyncList': { Ttl: null, CollectionTtl: null },
  'sync_v1:CreateSyncMap': { Ttl: null, CollectionTtl: null },
  'sync_v1:CreateSyncListItem': { Ttl: null, ItemTtl: null, CollectionTtl: null },
  'sync_v1:CreateSyncMapItem': { Ttl: null, ItemTtl: null, CollectionTtl: null },
  'sync_v1:UpdateDocument': { 'If-Match': null },
  'sync_v1:UpdateSyncListItem': { 'If-Match': null },
  'sync_v1:UpdateSyncMapItem': { 'If-Match': null },
  'taskrouter_v1:CreateActivity': { Available: 'true' },
  'taskrouter_v1:CreateWorker': { Attributes: '{}' },
  'taskrouter_v1:CreateTaskQueue': { TargetWorkers: '1==1' },
  'taskrouter_v1:CreateWorkflow': { ...workflow, TaskReservationTimeout: '3600' },
  'taskrouter_v1:UpdateWorkflow': { ...workflow, TaskReservationTimeout: '3600' },
  'taskrouter_v1:UpdateTaskReservation': { ReservationStatus: 'accepted' },
  'taskrouter_v1:CreateTask': { Timeout: null, TaskQueueSid: null, TaskChannel: null, VirtualStartTime: null },
  'trusthub_v1:CreateCustomerProfile': { PolicySid: 'RNdfbf3fae0e1107f8aded0e7cead80bf5' },
  'trusthub_v1:CreateTrustProduct': { PolicySid: A2P_POLICY },
  'trusthub_v1:UpdateTrustProduct': { Status: 'pending-review' },
  'trusthub_v1:CreateEndUser': { Type: 'us_a2p_messaging_profile_information', Attributes: JSON.stringify({ company_type: 'private' }) },
  'trusthub_v1:CreateCustomerProfileEntityAssignment': { ObjectSid: '{trusthub.twilio.com/v1/EndUsers}' },
  'trusthub_v1:CreateCustomerProfileChannelEndpointAssignment': { ChannelEndpointType: 'phone-number', ChannelEndpointSid: '{PN}' },
  'trusthub_v1:CreateTrustProductEntityAssignment': [{ ObjectSid: primaryProfile }, { ObjectSid: '{trusthub.twilio.com/v1/EndUsers}' }],
  'trusthub_v1:CreateTrustProductEvaluation': { PolicySid: A2P_POLICY },
  'trusthub_v1:CreateTrustProductChannelEndpointAssignment': { ChannelEndpointType: 'phone-number', ChannelEndpointSid: '{PN}' },
  'trusthub_v1:FetchPolicies': { Sid: 'RNdfbf3fae0e1107f8aded0e7cead80bf5' },
  'trusthub_v1:FetchEndUserType': { Sid: fixedSid('OY', 'EndUserTypes us_a2p_messaging_profile_information') },
  'trusthub_v1:FetchSupportingDocumentType': { Sid: fixedSid('OY', 'SupportingDocumentTypes customer_profile_address') },
  'verify_v2:CreateVerification': { To: PERSON, Channel: 'sms' },
  'voice_v1:CreateDialingPermissionsCountryBulkUpdate': { UpdateRequest: '[{"iso_code":"FR","low_risk_numbers_enabled":"true","high_risk_special_numbers_enabled":"false","high_risk_tollfraud_numbers_enabled":"false"}]' },
};
