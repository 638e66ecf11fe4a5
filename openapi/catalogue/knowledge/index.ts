import type { Keywords } from './keywords';
import { MESSAGING_KEYWORDS } from './messaging';
import { NUMBERS_KEYWORDS } from './numbers';
import { PLATFORM_KEYWORDS } from './platform';
import { VOICE_KEYWORDS } from './voice';

/*
 * What people call things that Twilio's descriptions name differently. A rule that matches no operation fails the build.
 */

export const KEYWORDS: readonly Keywords[] = [
  ...MESSAGING_KEYWORDS,
  ...VOICE_KEYWORDS,
  ...NUMBERS_KEYWORDS,
  ...PLATFORM_KEYWORDS,
];

/** POST operations that people ask for as reads: checks, searches and lookups. */
export const READING_POSTS =
  /^(verify_v2:CreateVerificationCheck|knowledge_v2:CreateKnowledgeSearch|memory_v1:Create(ProfilesLookup|FetchProfileMemory)|lookups_v2:CreateBulkLookup|studio_v2:UpdateFlowValidate|numbers_v1:Create(Bulk)?Eligibility|insights_v3:CreateQueryResults)$/;

/** Score factors of operations that are used less or more than others on the same resource; the first match counts. */
export const RANK_FACTORS: readonly (readonly [ids: RegExp, factor: number])[] = [
  [/^conversations_v1:[A-Z][a-z]+Service[A-Z]/, 0.8],
  [/^conversations_v1:\w+UserConversation$/, 0.8],
  [/^api_v2010:\w+IncomingPhoneNumber(Local|Mobile|TollFree|AssignedAddOn\w*)$/, 0.75],
  [/^(pricing_v\d|voice_v1):Fetch\w*Country$/, 1.25],
  [/^messaging_v1:\w*Linkshortening\w*$/, 0.9],
  [/^taskrouter_v1:[A-Z][a-z]+(Task|Worker)$/, 1.2],
  [/Permission$/, 0.9],
];
