/** Rules of the products that behave differently from generic.ts. */
import { listNewestFirst } from '../lists';
import type { Lifecycle, OperationRule } from '../types';
import { ACCOUNT_RULES } from './account';
import { CALL_LIFECYCLES, CALL_RULES } from './calls';
import { MESSAGE_LIFECYCLES, MESSAGE_RULES } from './messages';
import { NUMBER_RULES } from './numbers';
import { SYNC_LIFECYCLES, SYNC_RULES } from './sync';
import { USAGE_RULES } from './usage';
import { VERIFY_LIFECYCLES, VERIFY_RULES } from './verify';

/** By `file:operationId`. */
export const OPERATION_RULES: Record<string, OperationRule> = {
  ...ACCOUNT_RULES,
  ...CALL_RULES,
  ...MESSAGE_RULES,
  ...NUMBER_RULES,
  ...SYNC_RULES,
  ...USAGE_RULES,
  ...VERIFY_RULES,
  'monitor_v1:ListAlert': { respond: listNewestFirst },
};

/** By StoredResource.kind. */
const LIFECYCLES: Record<string, Lifecycle> = {
  ...CALL_LIFECYCLES,
  ...MESSAGE_LIFECYCLES,
  ...SYNC_LIFECYCLES,
  ...VERIFY_LIFECYCLES,
};

/** How resources of this kind change by themselves; undefined if they do not. */
export function lifecycleOf(kind: string): Lifecycle | undefined {
  return LIFECYCLES[kind];
}
