/*
 * Writes that contact no one, cost nothing, give no access and send no data elsewhere, reviewed one by one. Parameters that
 * change that stand in RAISING_PARAMETERS (effects.ts).
 */

const NAMES_BY_DOCUMENT: Readonly<Record<string, string>> = {
  accounts_v1: 'CreateBulkContacts UpdateCredentialAws UpdateCredentialPublicKey',
  api_v2010:
    'CreateAccount UpdateAccount CreateAddress UpdateAddress CreateApplication UpdateApplication UpdateCall UpdateCallRecording UpdateConference UpdateConferenceRecording UpdateIncomingPhoneNumber UpdateKey UpdateMessage CreateMessageFeedback UpdateOutgoingCallerId UpdateParticipant UpdateQueue CreateQueue UpdateRealtimeTranscription UpdateShortCode UpdateSigningKey UpdateSipCredentialList UpdateSipIpAccessControlList UpdateSiprec UpdateStream UpdateUsageTrigger CreateUsageTrigger',
  assistants_v1: 'CreateKnowledge UpdateKnowledge CreateFeedback',
  chat_v1: 'UpdateChannel CreateChannel UpdateMember UpdateMessage UpdateService CreateService UpdateUser CreateUser',
  chat_v2:
    'UpdateChannel CreateChannel UpdateMember UpdateMessage UpdateService CreateService UpdateUser CreateUser UpdateUserChannel',
  chat_v3: 'UpdateChannel',
  content_v1: 'CreateApprovalCreate UpdateContent CreateContent',
  conversations_v1:
    'UpdateConfiguration CreateConversation UpdateConversation UpdateConversationMessage UpdateConversationParticipant CreateService UpdateServiceConfiguration CreateServiceConversation UpdateServiceConversation UpdateServiceConversationMessage UpdateServiceConversationParticipant UpdateServiceNotification CreateServiceUser UpdateServiceUser UpdateServiceUserConversation CreateUser UpdateUser UpdateUserConversation',
  conversations_v2: 'UpdateConversationById',
  events_v1: 'UpdateSink UpdateSubscription',
  flex_v1:
    'CreateInsightsAssessments UpdateInsightsAssessments CreateInsightsAssessmentsComment CreateInsightsQuestionnaires UpdateInsightsQuestionnaires CreateInsightsQuestionnairesCategory UpdateInsightsQuestionnairesCategory CreateInsightsQuestionnairesQuestion UpdateInsightsQuestionnairesQuestion UpdateInteractionChannel UpdateInteractionChannelParticipant UpdateInteractionTransfer UpdateWebChannel',
  frontline_v1: 'UpdateUser',
  iam_v1: 'UpdateKey',
  insights_v1: 'UpdateAnnotation',
  insights_v2: 'CreateAccountReport CreateInboundPhoneNumbersReport CreateOutboundPhoneNumbersReport',
  insights_v3: 'CreateQueryResults CreateQueryJob',
  intelligence_v2: 'CreateCustomOperator UpdateCustomOperator',
  intelligence_v3: 'CreateOperator UpdateOperator',
  ip_messaging_v1:
    'UpdateChannel CreateChannel UpdateMember UpdateMessage UpdateService CreateService UpdateUser CreateUser',
  ip_messaging_v2:
    'UpdateChannel CreateChannel UpdateMember UpdateMessage UpdateService CreateService UpdateUser CreateUser UpdateUserChannel',
  knowledge_v1: 'CreateKnowledge UpdateKnowledge',
  knowledge_v2: 'CreateKnowledge CreateKnowledgeSearch UpdateKnowledge CreateKnowledgeBase UpdateKnowledgeBase',
  lookups_v2: 'UpdateLookupRateLimit CreateLookupPhoneNumberOverrides UpdateLookupPhoneNumberOverrides',
  marketplace_v1: 'UpdateInstalledAddOn CreateReferralConversion',
  memory_v1:
    'PatchProfileTraits CreateProfilesLookup CreateProfileIdentifier PatchProfileIdentifier CreateFetchProfileMemory CreateProfileObservation PatchProfileObservation CreateProfileConversationSummary CreateProfile UpdateProfilesBulk CreateStore PatchStore UpdateIdentityResolutionSettings CreateTraitGroup PatchTraitGroup CreateDataMapping PatchDataMapping PatchProfileConversationSummary CreateProfilesImportV2',
  messaging_v1:
    'CreateAlphaSender CreateDestinationAlphaSender CreateService UpdateService UpdateTollfreeVerification CreateTollfreeVerification',
  monitor_v2: 'UpdateAlarmStatus',
  notify_v1: 'CreateService UpdateService',
  numbers_v1: 'CreateBulkEligibility CreateEligibility',
  numbers_v2:
    'CreateBundle UpdateBundle CreateBundleCopy CreateEndUser UpdateEndUser CreateEvaluation CreateItemAssignment CreateReplaceItems CreateSupportingDocument UpdateSupportingDocument',
  preview: 'UpdateMarketplaceInstalledAddOn CreateWirelessRatePlan UpdateWirelessRatePlan UpdateWirelessSim',
  proxy_v1: 'UpdatePhoneNumber UpdateService CreateService UpdateSession CreateSession',
  serverless_v1: 'CreateAsset UpdateAsset CreateEnvironment CreateFunction UpdateFunction CreateService UpdateService',
  studio_v1: 'UpdateExecution',
  studio_v2: 'UpdateExecution CreateFlow UpdateFlow UpdateFlowValidate UpdateTestUser',
  supersim_v1:
    'CreateFleet UpdateFleet CreateNetworkAccessProfile UpdateNetworkAccessProfile CreateNetworkAccessProfileNetwork UpdateSim',
  sync_v1:
    'UpdateDocument CreateDocument UpdateService CreateService UpdateSyncList CreateSyncList UpdateSyncListItem CreateSyncListItem UpdateSyncMap CreateSyncMap UpdateSyncMapItem CreateSyncMapItem UpdateSyncStream CreateSyncStream',
  taskrouter_v1:
    'UpdateActivity CreateActivity UpdateTask CreateTask UpdateTaskChannel CreateTaskChannel UpdateTaskQueue CreateTaskQueue CreateTaskQueueBulkRealTimeStatistics UpdateTaskReservation CreateWorker UpdateWorker UpdateWorkerChannel UpdateWorkerReservation UpdateWorkflow CreateWorkflow UpdateWorkspace CreateWorkspace',
  trusthub_v1:
    'CreateCustomerProfile UpdateCustomerProfile CreateCustomerProfileChannelEndpointAssignment CreateCustomerProfileEntityAssignment CreateCustomerProfileEvaluation CreateCustomerProfileProvisionalCopy CreateEndUser UpdateEndUser CreateSupportingDocument UpdateSupportingDocument CreateTrustProduct UpdateTrustProduct CreateTrustProductChannelEndpointAssignment CreateTrustProductEntityAssignment CreateTrustProductEvaluation CreateTrustProductProvisionalCopy',
  verify_v2:
    'CreateBucket UpdateBucket CreateEntity CreateMessagingConfiguration UpdateMessagingConfiguration CreateRateLimit UpdateRateLimit CreateService UpdateService UpdateVerification CreateVerificationCheck',
  video_v1: 'UpdateRoom UpdateRoomParticipant UpdateRoomParticipantSubscribeRule',
  voice_v1: 'CreateConnectionPolicy UpdateConnectionPolicy UpdateIpRecord',
  wireless_v1: 'CreateRatePlan UpdateRatePlan UpdateSim',
};

/** Ids of operations. */
export const HARMLESS_WRITES: readonly string[] = Object.entries(NAMES_BY_DOCUMENT).flatMap(([document, names]) =>
  names.split(' ').map((name) => `${document}:${name}`),
);
