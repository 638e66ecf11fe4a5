/** Rules of the products that behave differently from generic.ts. */
import { listNewestFirst } from '../lists';
import type { Lifecycle, OperationRule, SandboxState } from '../types';
import { ACCOUNT_RULES } from './account';
import { advanceCalls } from './call-progress';
import { CALL_LIFECYCLES, CALL_RULES } from './calls';
import { CONFERENCE_RULES } from './conference-rules';
import { advanceTranscripts, INTELLIGENCE_RULES } from './intelligence';
import { MESSAGE_LIFECYCLES, MESSAGE_RULES } from './messages';
import { NUMBER_RULES } from './numbers';
import { RECORDING_RULES } from './recordings';
import { SYNC_LIFECYCLES, SYNC_RULES } from './sync';
import { VERIFY_LIFECYCLES, VERIFY_RULES } from './verify';

/** By `file:operationId`. */
export const OPERATION_RULES: Record<string, OperationRule> = {
  ...ACCOUNT_RULES,
  ...CALL_RULES,
  ...CONFERENCE_RULES,
  ...INTELLIGENCE_RULES,
  ...MESSAGE_RULES,
  ...NUMBER_RULES,
  ...RECORDING_RULES,
  ...SYNC_RULES,
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

/** Lets everything happen that is due by `now`, such as the end of a call, whether or not anybody reads it. */
export function advanceAccount(now: number, state: SandboxState): void {
  advanceCalls(now, state);
  advanceTranscripts(now, state);
}
