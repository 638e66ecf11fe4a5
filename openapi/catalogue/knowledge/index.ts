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
