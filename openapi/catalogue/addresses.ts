import type { Operation, UnreviewedOperation } from '../../src/operations/catalogue';

/*
 * Whom an operation reaches, and who it comes from: which of its parameters hold recipients, senders, TwiML and URLs that
 * answer with TwiML. Reviewed: an operation that reaches people has recipients or stands in REACHES.
 */

type AddressRule = readonly [parameters: readonly string[], ids: RegExp];

/** Parameters that hold recipients: an address, JSON with addresses in it, or a part of JSON. */
export const RECIPIENTS: readonly AddressRule[] = [
  [
    ['To'],
    /^(api_v2010:Create(Message|Call|Participant)|verify_v2:CreateVerification|studio_v\d:Create(Execution|Engagement))$/,
  ],
  [['PhoneNumber'], /^api_v2010:CreateValidationRequest$/],
  [['CallTo', 'DequeueTo', 'To'], /^taskrouter_v1:Update(Task|Worker)Reservation$/],
  [['Attributes.contact_uri'], /^taskrouter_v1:(Create|Update)Worker$/],
  [['MessagingBinding.Address'], /^conversations_v1:Create(Service)?ConversationParticipant$/],
  [['Participant'], /^conversations_v1:Create(Service)?ConversationWithParticipants$/],
  [['body.payload.to'], /^conversations_v2:CreateConversationAction$/],
  [['body.recipients'], /^conversations_v2:CreateCommunicationInConversation$/],
  [['body.participants'], /^conversations_v2:CreateConversationWithConfig$/],
  [['body.addresses'], /^conversations_v2:(Create|Update)ParticipantInConversation$/],
  [['Identifier'], /^proxy_v1:CreateParticipant$/],
  [['Participants'], /^proxy_v1:CreateSession$/],
  [['Address'], /^notify_v1:CreateBinding$/],
  [['ToBinding'], /^notify_v1:CreateNotification$/],
  [['Target'], /^flex_v1:CreateChannel$/],
  [['Channel'], /^flex_v1:CreateInteraction$/],
  [['MediaProperties'], /^flex_v1:CreateInteractionChannelParticipant$/],
  [
    ['Email', 'ContactPhoneNumber', 'CcEmails'],
    /^(numbers_v2|preview):(Create|Update)(HostedNumbers)?AuthorizationDocument$/,
  ],
  [['Email', 'CcEmails'], /^preview:UpdateHostedNumbersHostedNumberOrder$/],
];

/** Whom sends without recipients reach: those who are there already, or people that the request does not name. */
export const REACHES: readonly (readonly [reaches: 'present' | 'unnamed', why: string, ids: RegExp])[] = [
  [
    'present',
    'the people on a call',
    /^api_v2010:(Update(Call|Conference|Participant|Member)|(Create|Update)Payments|CreateUserDefinedMessage)$/,
  ],
  [
    'present',
    'users of an app or a web page',
    /^(sync_v1:CreateStreamMessage|messaging_v\d:Create(V3)?TypingIndicator|flex_v\d:CreateWebChannel)$/,
  ],
  [
    'present',
    'devices of the account',
    /^(supersim_v1:Create(Ip|Sms)Command|(wireless_v1|preview):Create(Wireless)?Command)$/,
  ],
  [
    'unnamed',
    'everyone in the conversation',
    /^(conversations_v1:Create(Service)?ConversationMessage|(chat|ip_messaging)_v\d:CreateMessage|proxy_v1:CreateMessageInteraction|assistants_v1:CreateMessage)$/,
  ],
  ['unnamed', 'agents and workers', /^flex_v1:CreateInteraction(ChannelInvite|Transfer)$/],
  ['unnamed', 'the owner of a factor', /^verify_v2:Create(Challenge\w*|Notification)$/],
  [
    'unnamed',
    'contacts of a registration',
    /^(messaging_v1:CreateBrandRegistrationOtp|numbers_v1:Create(Sms|Voice)Verification|numbers_v2:UpdateHostedNumberOrder)$/,
  ],
];

/** Parameters that hold senders. The other numbers of these operations are recipients. */
const SENDER_PARAMETERS: readonly AddressRule[] = [
  [['From', 'FallbackFrom', 'MessagingServiceSid'], /^api_v2010:CreateMessage$/],
  [['From', 'CallerId'], /^api_v2010:Create(Call|Participant)$/],
  [['From'], /^studio_v\d:Create(Execution|Engagement)$/],
  [['CallFrom', 'DequeueFrom', 'From'], /^taskrouter_v1:Update(Task|Worker)Reservation$/],
  [
    ['MessagingBinding.ProxyAddress', 'MessagingBinding.ProjectedAddress'],
    /^conversations_v1:(Create|Update)(Service)?ConversationParticipant$/,
  ],
  [['ProxyIdentifier'], /^proxy_v1:CreateParticipant$/],
  [['body.payload.from'], /^conversations_v2:CreateConversationAction$/],
  [['body.author'], /^conversations_v2:CreateCommunicationInConversation$/],
];

/** Parameters with a URL whose answer can name further recipients, and SIP targets. */
const TWIML_URLS =
  /^((Voice|Sms|Inbound|Call)?(Fallback|Request)?Url|(Announce|Hold|Wait|Redirect|InboundRequest|DisasterRecovery|Sip)Url|(Fallback)?AssignmentCallbackUrl|(Intercept|OutOfSession)CallbackUrl)$/i;
const OTHER_URLS: readonly AddressRule[] = [
  [['Target'], /^voice_v1:(Create|Update)ConnectionPolicyTarget$/],
  [['body.webhook.callback_url', 'body.webhook.fallback_url'], /^messaging_v2:(Create|Update)ChannelsSender$/],
];
/** Operations whose parameter `Url` does not serve TwiML. */
const OTHER_MEANING = /^(api_v2010:Create(Stream|Siprec)|messaging_v1:UpdateDomainConfig)$/;

/** What the parameters of an operation address; undefined if nothing. */
export function addressParametersOf({ id, method, parameters }: UnreviewedOperation): Operation['addresses'] {
  if (method === 'GET' || method === 'DELETE') return undefined;
  const named = (rules: readonly AddressRule[]) => rules.filter(([, ids]) => ids.test(id)).flatMap(([names]) => names);
  const known = (names: readonly string[]) =>
    names.filter((name) => parameters.some((each) => each.name === name || name.startsWith(`${each.name}.`)));
  const forms = parameters.filter((each) => each.in === 'form').map((each) => each.name);
  const lists = {
    recipients: known(named(RECIPIENTS)),
    senders: known(named(SENDER_PARAMETERS)),
    twiml: forms.filter((name) => name === 'Twiml'),
    urls: [
      ...(OTHER_MEANING.test(id) ? [] : forms.filter((name) => TWIML_URLS.test(name))),
      ...known(named(OTHER_URLS)),
    ],
  };
  const [reaches] = REACHES.find(([, , ids]) => ids.test(id)) ?? [];
  const filled = Object.entries(lists).filter(([, names]) => names.length > 0);
  if (filled.length === 0 && reaches === undefined) return undefined;
  return { ...Object.fromEntries(filled), ...(reaches && { reaches }) };
}
