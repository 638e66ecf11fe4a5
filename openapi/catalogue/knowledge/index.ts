import type { Known } from './known';
import { MESSAGING } from './messaging';
import { NUMBERS } from './numbers';
import { PLATFORM } from './platform';
import { VOICE } from './voice';

/*
 * What an agent says where Twilio says something else. Data for the search: a rule that fits no operation fails the build.
 */

/** How agents speak of operations, by the ids that a text is for. */
export const KNOWN: readonly Known[] = [...MESSAGING, ...VOICE, ...NUMBERS, ...PLATFORM];

/** Operations that ask something, though they are not a GET. */
export const ASKS =
  /^(verify_v2:CreateVerificationCheck|knowledge_v2:CreateKnowledgeSearch|memory_v1:Create(ProfilesLookup|FetchProfileMemory)|lookups_v2:CreateBulkLookup|studio_v2:UpdateFlowValidate|numbers_v1:Create(Bulk)?Eligibility|insights_v3:CreateQueryResults)$/;

/** Factors of operations that are less or more usual than others on the same resource; the first that fits counts. */
export const USUAL: readonly (readonly [ids: RegExp, factor: number])[] = [
  [/^conversations_v1:[A-Z][a-z]+Service[A-Z]/, 0.8],
  [/^conversations_v1:\w+UserConversation$/, 0.8],
  [/^api_v2010:\w+IncomingPhoneNumber(Local|Mobile|TollFree|AssignedAddOn\w*)$/, 0.75],
  [/^(pricing_v\d|voice_v1):Fetch\w*Country$/, 1.25],
  [/^messaging_v1:\w*Linkshortening\w*$/, 0.9],
  [/^taskrouter_v1:[A-Z][a-z]+(Task|Worker)$/, 1.2],
  [/Permission$/, 0.9],
];
