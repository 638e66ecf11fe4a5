import type { Effect } from '../../src/effect';
import type { Operation, UnreviewedOperation } from '../../src/operations/catalogue';
import { isRead } from '../../src/operations/effect-of';
import { HARMLESS_WRITES } from './harmless-writes';
import { READING_POSTS } from './knowledge';
import { verbOf } from './search-index';

/*
 * What each operation does to the world. Every write is reviewed: it stands either in ASKING_OPERATIONS or in
 * HARMLESS_WRITES, else the build fails. Parameters that make a harmless call something else stand in RAISING_PARAMETERS.
 */

type Rule = readonly [effect: Effect, reason: string, ids: RegExp];

/** Writes that ask the user first, whatever their parameters are, with the reason as a predicate. */
export const ASKING_OPERATIONS: readonly Rule[] = [
  [
    'send',
    'sends a message to a person and costs money',
    /^(api_v2010:CreateMessage|conversations_v[12]:Create\w*(ConversationMessage|CommunicationInConversation|ConversationAction)|(chat|ip_messaging)_v\d:CreateMessage|proxy_v1:CreateMessageInteraction|assistants_v1:CreateMessage)$/,
  ],
  [
    'send',
    'calls a person and costs money',
    /^(api_v2010:(CreateCall|CreateParticipant|CreateValidationRequest)|numbers_v1:CreateVoiceVerification)$/,
  ],
  [
    'send',
    'sends a code to a person and costs money',
    /^(verify_v2:CreateVerification|numbers_v1:CreateSmsVerification|messaging_v1:CreateBrandRegistrationOtp)$/,
  ],
  [
    'send',
    'notifies people',
    /^(notify_v1:CreateNotification|verify_v2:(CreateNotification|CreateChallenge\w*)|api_v2010:CreateUserDefinedMessage|messaging_v\d:Create(V3)?TypingIndicator)$/,
  ],
  ['send', 'starts a flow that can call or message a person', /^studio_v\d:Create(Execution|Engagement)$/],
  [
    'send',
    'adds a person to a conversation',
    /^flex_v\d:Create(Interaction(ChannelInvite|ChannelParticipant|Transfer)?|Channel|WebChannel)$/,
  ],
  ['send', 'can speak to the people on a call or dial others', /^api_v2010:UpdateMember$/],
  ['send', 'takes a payment from a person', /^api_v2010:(Create|Update)Payments$/],
  ['send', 'sends a message to every subscriber', /^sync_v1:CreateStreamMessage$/],
  [
    'send',
    'asks a person by email or call to hand over a phone number',
    /^(numbers_v2:(CreateAuthorizationDocument|UpdateHostedNumberOrder)|preview:((Create|Update)HostedNumbersAuthorizationDocument|UpdateHostedNumbersHostedNumberOrder))$/,
  ],
  [
    'send',
    'sends a command to a device and costs money',
    /^(supersim_v1:Create(Ip|Sms)Command|(wireless_v1|preview):Create(Wireless)?Command)$/,
  ],

  ['spend', 'buys a phone number, billed monthly', /^api_v2010:CreateIncomingPhoneNumber(Local|Mobile|TollFree)?$/],
  [
    'spend',
    'costs a registration fee',
    /^(messaging_v1:(Create(BrandRegistrations|BrandVetting|ExternalCampaign)|UpdateBrandRegistrations|(Create|Update)UsAppToPerson)|trusthub_v1:CreateA2p(Brand|Campaign)Registration|numbers_v2:CreateShortCodeApplication)$/,
  ],
  [
    'spend',
    'orders a transfer of phone numbers',
    /^numbers_v\d:Create(PortingPortIn|HostedNumberOrder|BulkHostedNumberOrder|HostedNumbersHostedNumberOrder)$|^preview:CreateHostedNumbersHostedNumberOrder$/,
  ],
  [
    'spend',
    'installs an add-on, which can cost money',
    /^(marketplace_v1:(CreateInstalledAddOn|UpdateInstalledAddOnExtension)|preview:(CreateMarketplaceInstalledAddOn|UpdateMarketplaceInstalledAddOnExtension)|api_v2010:CreateIncomingPhoneNumberAssignedAddOn)$/,
  ],
  ['spend', 'bills the people who installed an add-on', /^marketplace_v1:CreateBillingUsage$/],
  [
    'spend',
    'is billed by usage',
    /^(lookups_v2:CreateBulkLookup|intelligence_v2:CreateTranscript|intelligence_v3:CreateRuleExecution|voice_v3:CreateV3Transcriptions|api_v2010:Create(RealtimeTranscription|CallRecording)|video_v1:(Create(Composition|Room|RoomTranscriptions)|(Create|Update)CompositionHook|Update(RoomTranscriptions|RoomRecordingRule))|trunking_v1:UpdateRecording|insights_v1:UpdateAccountSettings)$/,
  ],
  ['spend', 'orders a SIM or starts its billing', /^supersim_v1:Create(Sim|EsimProfile)$/],
  [
    'spend',
    'can make every later recording cost money',
    /^intelligence_v2:((Create|Update)Service|CreateOperatorAttachment)$/,
  ],

  ['delete', 'permanently anonymizes a participant', /^video_v1:UpdateRoomParticipantAnonymize$/],

  [
    'grant',
    'creates or changes a credential, or what its holder may do',
    /^(accounts_v1:(CreateSecondaryAuthToken|UpdateAuthTokenPromotion|CreateCredential(Aws|PublicKey))|api_v2010:Create(NewKey|NewSigningKey|Token)|iam_v1:(CreateNewKey|CreateToken|(Create|Update)OauthAppAccount)|iam_organizations:\w+|oauth_v\d:\w+|verify_v2:(CreateAccessToken|CreateNewFactor(Passkey)?|UpdateFactor|UpdatePasskeysFactor)|flex_v1:CreateInsightsSession|(trusthub|numbers)_v1:Create\w+EmbeddedSession|trusthub_v1:(Create|Update)Compliance\w+|(chat|ip_messaging|conversations|notify)_v\d:(Create|Update)(Credential|(Service)?Role))$/,
  ],
  [
    'grant',
    'changes what SIP devices and trunks may call, or where calls go',
    /^(api_v2010:(CreateSip(?!rec)\w+|UpdateSip(Credential|Domain|IpAddress))|trunking_v1:(Create\w+|Update(OriginationUrl|Trunk))|voice_v1:((Create|Update)(ByocTrunk|ConnectionPolicyTarget|SourceIpMapping)|CreateIpRecord))$/,
  ],
  [
    'grant',
    'changes which countries may be called or messaged, or exempts numbers from fraud protection',
    /^(voice_v1:(CreateDialingPermissionsCountryBulkUpdate|UpdateDialingPermissionsSettings)|accounts_v1:(UpdateMessagingGeopermissions|CreateSafelist|CreateBulkConsents)|verify_v2:CreateSafelist)$/,
  ],
  [
    'grant',
    'sends data elsewhere',
    /^(events_v1:(CreateSink\w*|CreateSubscri\w+|UpdateSubscribedEvent)|bulkexports_v1:(CreateExportCustomJob|UpdateExportConfiguration)|api_v2010:Create(Stream|Siprec|UserDefinedMessageSubscription)|verify_v2:(Create|Update)Webhook|(chat|ip_messaging)_v2:(Create|Update)ChannelWebhook|conversations_v1:((Create|Update)\w*ScopedWebhook|Update(Configuration|ServiceWebhook)(Webhook|Configuration))|monitor_v2:(Create|Update)Alarm|numbers_v1:Create(PortingWebhook|SigningRequest)Configuration|video_v1:Create(Composition|Recording)Settings|flex_v1:UpdateInteraction|numbers_v2:CreateBundleClone|conversations_v2:PatchConversationById|numbers_v1:CreateSenderIdRegistration)$/,
  ],
  [
    'grant',
    'gives a person access to a conversation, or to what is sent there',
    /^((chat|ip_messaging)_v\d:Create(Invite|Member)|conversations_v1:(Create\w*ConversationParticipant|Create\w*WithParticipants)|conversations_v2:((Create|Update)ParticipantInConversation|CreateConversationWithConfig)|proxy_v1:CreateParticipant|notify_v1:CreateBinding|sync_v1:Update\w+Permission)$/,
  ],
  [
    'grant',
    'changes who answers calls or messages',
    /^(conversations_v1:(Create|Update)ConfigurationAddress|conversations_v2:(Create|Patch|Update)Configuration|messaging_v1:Create(PhoneNumber|ShortCode|ChannelSender)|messaging_v2:(Create|Update)ChannelsSender|proxy_v1:CreatePhoneNumber|routes_v\d:\w+|flex_v1:(Create|Update)FlexFlow|voice_v2:\w+|intelligence_v3:(Create|Update)Configuration|messaging_v1:(CreateLinkshorteningMessagingService|Update(DomainCertV4|DomainConfig|RequestManagedCert)))$/,
  ],
  [
    'grant',
    'changes code that runs, or what it can read',
    /^(serverless_v1:(Create(Build|Deployment)|(Create|Update)Variable)|serverless_upload:\w+|flex_v1:((Create|Update)Plugin\w*|UpdateConfiguration)|assistants_v1:((Create|Update)(Assistant|Tool)|CreateAssistant\w+Attachment)|marketplace_v1:(CreateModuleData|UpdateModuleDataManagement))$/,
  ],
  [
    'grant',
    'changes what another company or person may do here',
    /^(api_v2010:UpdateConnectApp|flex_v2:UpdateFlexUser)$/,
  ],
  [
    'grant',
    'approves what a person must confirm',
    /^(verify_v2:UpdateChallenge(Passkeys)?|numbers_v1:Create(Sms|Voice)VerificationCheck)$/,
  ],
];

/** Parameters that make calls of an operation something else, if they are set or have certain values; unset is ''. */
type Raising = readonly [
  effect: Effect,
  reason: string,
  parameters: RegExp,
  ids: RegExp,
  values?: readonly [pattern: string, words: string],
];

const ANY = /(?:)/;

/** The first rule that a call fulfils counts. */
export const RAISING_PARAMETERS: readonly Raising[] = [
  ['spend', 'costs money', /^Fields$/, /^lookups_v2:FetchPhoneNumber$/],
  ['spend', 'costs money', /^(Type|AddOns)$/, /^lookups_v1:FetchPhoneNumber$/],
  [
    'send',
    'can call a person, which costs money',
    /^(?!(ReservationStatus|WorkerActivitySid)$)/,
    /^taskrouter_v1:Update(Task|Worker)Reservation$/,
  ],
  [
    'send',
    'can speak to the people on a call or dial others',
    /^(Url|FallbackUrl|Twiml|AnnounceUrl)$/,
    /^api_v2010:Update(Call|Conference|Participant)$/,
  ],
  ['grant', 'can suspend or close the account', /^Status$/, /^api_v2010:UpdateAccount$/],
  ['delete', 'permanently redacts a message', /^Body$/, /^api_v2010:UpdateMessage$/],
  [
    'grant',
    'approves a verification without its code',
    /^Status$/,
    /^verify_v2:UpdateVerification$/,
    ['^approved$', 'approved'],
  ],
  ['grant', 'publishes a flow', /^Status$/, /^studio_v2:(Create|Update)Flow$/, ['^published$', 'published']],
  [
    'grant',
    "lets the code of the service read the account's auth token",
    /^IncludeCredentials$/,
    /^serverless_v1:CreateService$/,
    ['^(?!false$)', 'not false'],
  ],
  [
    'grant',
    "lets the code of the service read the account's auth token",
    /^IncludeCredentials$/,
    /^serverless_v1:UpdateService$/,
    ['^(?!false$).', 'true'],
  ],
  [
    'spend',
    'can start the billing of a SIM',
    /^(Status|RatePlan)$/,
    /^(supersim_v1:Update|wireless_v1:Update|preview:UpdateWireless)Sim$/,
  ],
  [
    'grant',
    'moves the resource to another account',
    /(^|\.)AccountSid$/,
    /:Update(IncomingPhoneNumber|Sim|WirelessSim)$/,
  ],
  ['grant', 'lets other accounts use the app', /^PublicApplicationConnectEnabled$/, /:(Create|Update)Application$/],
  ['grant', 'changes what clients may read and write', /^AclEnabled$/, /^sync_v1:(Create|Update)Service$/],
  ['grant', 'adds people to the session', /^Participants$/, /^proxy_v1:CreateSession$/],
  ['grant', 'changes what the key allows', /^Policy$/, /^iam_v1:UpdateKey$/],
  [
    'grant',
    'changes who answers calls or messages',
    /^UseInboundWebhookOnNumber$/,
    /^messaging_v1:(Create|Update)Service$/,
  ],
  [
    'grant',
    'changes who answers calls or messages',
    /(^|\.)((Sms|Voice)ApplicationSid|TrunkSid|FlowSid|StudioFlowSid)$/i,
    ANY,
  ],
  ['grant', 'changes who may do what', /RoleSid$|RelyingParty\.(Id|Origins)$/, ANY],
  [
    'grant',
    'gives access to a conversation',
    /^(Identity|MessagingBinding\.(Proxy|Projected)Address|Bindings\.Email\.Address)$/,
    /^conversations_v1:(Create|Update)(Service)?Conversation(Participant)?$/,
  ],
  [
    'grant',
    'sets a credential',
    /(^|\.)(Password|Secret|PrivateKey|Certificate|ApiKey|Credentials|\w*Credentials?Sid)$/i,
    ANY,
  ],
  [
    'grant',
    'sends data to a URL, or takes orders from it',
    // Links that people read are no target of data.
    /^(?!(.*\.)?(PrivacyPolicy|TermsAndConditions|BusinessWebsite|Homepage|Media)Url$)(.*(Url|Uri|Callback))$/i,
    ANY,
  ],
];

/** The effect of an operation, why it asks first, and the parameters that change that. Throws for a write without a review. */
export function effectsOf(operation: UnreviewedOperation): Pick<Operation, 'effect' | 'confirmReason' | 'raises'> {
  const { id, method, parameters } = operation;
  if (method === 'DELETE') return { effect: 'delete', confirmReason: 'deletes permanently' };
  const asking = isRead(operation) ? [] : ASKING_OPERATIONS.filter(([, , ids]) => ids.test(id));
  const reviews = asking.length + Number(HARMLESS_WRITES.includes(id));
  if (!isRead(operation) && reviews !== 1) {
    throw new Error(
      `${id} has ${reviews === 0 ? 'no reviewed effect' : `${reviews} reviewed effects`}: if it reaches people, costs money, ` +
        'gives access or sends data elsewhere, add it to ASKING_OPERATIONS (effects.ts), else to HARMLESS_WRITES.',
    );
  }
  if (asking[0]) return { effect: asking[0][0], confirmReason: asking[0][1] };
  const sent = parameters.filter((each) => /^(form|query)$/.test(each.in)).map((each) => each.name);
  const raises = RAISING_PARAMETERS.filter(([, , , ids]) => ids.test(id))
    .filter(([effect]) => effect === 'spend' || !isRead(operation))
    .map(([effect, reason, names, , values]) => ({
      parameters: sent.filter((each) => names.test(each)),
      effect,
      reason,
      ...(values && { values }),
    }))
    .filter((each) => each.parameters.length > 0);
  // A check of a code uses it up.
  const reads = isRead(operation) || (READING_POSTS.test(id) && !/VerificationCheck$/.test(id));
  return {
    effect: reads ? 'read' : verbOf(operation) === 'create' ? 'create' : 'update',
    ...(raises.length > 0 && { raises }),
  };
}
