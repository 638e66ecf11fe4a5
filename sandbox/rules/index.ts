/** The rules of the products that have some; all others are handled alike (generic.ts). */
import type { Age, Rule } from '../world';
import { ACCOUNT_RULES } from './account';
import { CALL_AGES, CALL_RULES } from './calls';
import { MESSAGE_AGES, MESSAGE_RULES } from './messages';
import { NUMBER_RULES } from './numbers';
import { SYNC_AGES, SYNC_RULES } from './sync';
import { VERIFY_AGES, VERIFY_RULES } from './verify';

/** By `file:operationId`. */
export const RULES: Record<string, Rule> = {
  ...ACCOUNT_RULES,
  ...CALL_RULES,
  ...MESSAGE_RULES,
  ...NUMBER_RULES,
  ...SYNC_RULES,
  ...VERIFY_RULES,
};

/** By the kind of the resource, see Resource.kind. */
const AGES: Record<string, Age> = { ...CALL_AGES, ...MESSAGE_AGES, ...SYNC_AGES, ...VERIFY_AGES };

export function ageOf(kind: string): Age | undefined {
  return AGES[kind];
}
