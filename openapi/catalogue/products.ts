/*
 * Facts that the descriptions lack: the product of each operation, its lifecycle, and notes. A rule that matches no
 * operation fails the build.
 */

interface ProductRule {
  key: string;
  title: string;
  /** Matches `<document> <path>`; the first matching rule wins. */
  pattern: RegExp;
  status?: string;
  /** Factor of its operations' search scores; 1 if undefined. */
  weight?: number;
}

const rule = (key: string, title: string, pattern: RegExp, status?: string, weight?: number): ProductRule => ({
  key,
  title,
  pattern,
  status,
  weight,
});

const MOVED = 'moved to another company';

export const PRODUCTS: readonly ProductRule[] = [
  // Credentials are products of their own, so that a deployment can deny them.
  rule('auth-tokens', 'Auth tokens', /^accounts_v1 \/v1\/AuthTokens/),
  rule('oauth', 'OAuth', /^(oauth_v\d|iam_\w+ \/v1\/(token|authorize)|iam_v1 .*OAuthApps)/),
  rule(
    'keys',
    'API keys and account credentials',
    /^(api_v2010 .*\/(Keys|SigningKeys|Tokens)\b|iam_v1 .*Keys|accounts_v1 \/v1\/Credentials)/,
  ),
  rule('iam', 'Identity and access', /^iam_/),

  rule('sip', 'SIP domains', /^api_v2010 .*\/SIP\//),
  rule('messaging', 'Messages', /^api_v2010 .*\/(Messages|SMS)\b/, undefined, 1.25),
  rule('conferences', 'Conferences', /^api_v2010 .*\/Conferences\b/, undefined, 1.1),
  rule(
    'recordings',
    'Recordings and transcriptions',
    /^api_v2010 .*(\/Recordings\b|\{AccountSid\}\/Transcriptions)/,
    undefined,
    1.05,
  ),
  rule('queues', 'Call queues', /^api_v2010 .*\/Queues\b/),
  rule('voice', 'Calls', /^api_v2010 .*\/Calls\b/, undefined, 1.2),
  rule('phone-numbers', 'Phone numbers', /^api_v2010 .*\/(IncomingPhoneNumbers|AvailablePhoneNumbers)/, undefined, 1.1),
  rule('caller-ids', 'Verified caller IDs', /^(api_v2010 .*\/OutgoingCallerIds|numbers_v1 .*\/CallerIds)/),
  rule('addresses', 'Addresses', /^api_v2010 .*\/Addresses/),
  rule('applications', 'TwiML applications', /^api_v2010 .*\/Applications/),
  rule('connect-apps', 'Connect apps', /^api_v2010 .*ConnectApps/, undefined, 0.8),
  rule('usage', 'Usage', /^api_v2010 .*\/Usage\//, undefined, 1.1),
  rule('account', 'Accounts', /^(api_v2010|accounts_v1)/),

  rule('verify', 'Verify', /^verify_v2/, undefined, 1.1),
  rule('lookup', 'Lookup', /^lookups_v2/, undefined, 1.1),
  rule('lookup-v1', 'Lookup v1', /^lookups_v1/, 'superseded by Lookup v2', 0.5),
  rule('a2p', 'US A2P 10DLC', /^messaging_v1 .*(a2p|Usa2p|Usecases)/i, undefined, 1.1),
  rule('toll-free', 'Toll-free verification', /^messaging_v1 .*Tollfree/),
  rule('link-shortening', 'Link shortening', /^messaging_v\d .*LinkShortening/),
  rule('senders', 'WhatsApp and RCS senders', /^messaging_v[23]/),
  rule('messaging-services', 'Messaging Services', /^messaging_v1/),
  rule('content', 'Content templates', /^content_v2/),
  rule('content-v1', 'Content templates', /^content_v1/),
  rule('conversations', 'Conversations', /^conversations_v1/, 'now called Conversations Classic; still supported'),
  rule('conversations-v2', 'Conversations v2 (Conversation Orchestrator)', /^conversations_v2/, undefined, 0.75),
  rule('memory', 'Conversation Memory', /^memory_v1/, undefined, 0.9),
  rule('knowledge', 'Enterprise Knowledge', /^knowledge_v2/, undefined, 0.9),
  rule('knowledge-v1', 'Knowledge v1', /^knowledge_v1/, 'superseded by Enterprise Knowledge', 0.5),
  rule('intelligence', 'Conversational Intelligence', /^intelligence_v2/),
  rule('intelligence-v3', 'Conversational Intelligence v3', /^intelligence_v3/, undefined, 0.85),
  rule('studio', 'Studio', /^studio_v2/, undefined, 1.05),
  rule('studio-v1', 'Studio v1', /^studio_v1/, 'superseded by Studio v2', 0.5),
  rule('taskrouter', 'TaskRouter', /^taskrouter_/),
  rule('flex', 'Flex', /^flex_/, undefined, 0.9),
  rule('sync', 'Sync', /^sync_/),
  rule('serverless', 'Functions and Assets', /^serverless/),
  rule('video', 'Video', /^video_/, undefined, 0.95),
  rule('trunking', 'Elastic SIP trunking', /^trunking_/),
  rule('voice-config', 'Voice settings', /^voice_v[123]/),
  rule('insights', 'Voice and Video Insights', /^insights_/),
  rule('monitor', 'Debugger and audit events', /^monitor_v1/, undefined, 1.05),
  rule('alarms', 'Alarms', /^monitor_v2/),
  rule('events', 'Event Streams', /^events_/),
  rule('bulk-exports', 'Bulk exports', /^bulkexports_/),
  rule('pricing', 'Pricing', /^pricing_v2/),
  rule('pricing-v1', 'Pricing', /^pricing_v1 .*(Messaging|PhoneNumbers)/),
  rule('pricing-voice-v1', 'Voice pricing v1', /^pricing_v1/, 'superseded by Pricing v2', 0.5),
  rule('trust-hub', 'Trust Hub', /^trusthub_/),
  rule('regulatory', 'Regulatory compliance', /^numbers_v2 .*RegulatoryCompliance/),
  rule('hosted-numbers', 'Hosted numbers', /^numbers_v[123] .*HostedNumber/),
  rule('porting', 'Porting', /^numbers_v1 .*(Porting|SigningRequest)/),
  rule('short-codes', 'Short codes', /^numbers_v2 .*ShortCodes/),
  rule('sender-ids', 'Sender ID registration', /^numbers_v1/),
  rule('proxy', 'Proxy', /^proxy_/, 'closed to new customers'),
  rule('notify', 'Notify', /^notify_/, 'ends on 31 October 2027', 0.85),
  rule('routes', 'Inbound processing region', /^routes_v2/),
  rule('routes-v3', 'Inbound processing region', /^routes_v3/),
  rule('marketplace', 'Marketplace add-ons', /^marketplace_/),
  rule('super-sim', 'Super SIM', /^supersim_/, MOVED, 0.9),
  rule('wireless', 'Programmable Wireless', /^wireless_/, MOVED, 0.7),
  rule('assistants', 'AI Assistants', /^assistants_/, 'retired in July 2026', 0.6),
  rule('frontline', 'Frontline', /^frontline_/, 'retired', 0.5),
  rule('chat', 'Programmable Chat', /^(chat|ip_messaging)_/, 'shut down; use Conversations', 0.3),
  rule('preview', 'Preview', /^preview/, 'superseded', 0.3),
];

/** What to know before using an operation. */
export const NOTES: readonly (readonly [note: string, ids: RegExp])[] = [
  [
    'Each field named in Fields costs money; validating a number without Fields is free.',
    /^lookups_v2:FetchPhoneNumber$/,
  ],
  ['Lists conferences in progress only, unless Status is set.', /^api_v2010:ListConference$/],
  [
    'More than 24 hours after a person last wrote, WhatsApp accepts only templates: set ContentSid.',
    /^api_v2010:CreateMessage$/,
  ],
];
