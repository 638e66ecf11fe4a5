/** Rules of the products that behave differently from generic.ts. */
import { listNewestFirst } from '../lists';
import type { Lifecycle, OperationRule } from '../types';
import { ACCOUNT_RULES } from './account';
import { CALLER_ID_RULES } from './caller-ids';
import { CALL_LIFECYCLES, CALL_RULES } from './calls';
import { LOOKUP_RULES } from './lookups';
import { MESSAGE_LIFECYCLES, MESSAGE_RULES } from './messages';
import { NUMBER_RULES } from './numbers';
import { PROXY_LIFECYCLES, PROXY_RULES } from './proxy';
import { SERVERLESS_LIFECYCLES, SERVERLESS_RULES } from './serverless';
import { STUDIO_LIFECYCLES, STUDIO_RULES } from './studio';
import { SYNC_LIFECYCLES, SYNC_RULES } from './sync';
import { TASKROUTER_RULES } from './taskrouter';
import { TOKEN_RULES } from './tokens';
import { TRUNK_RULES } from './trunks';
import { USAGE_RULES } from './usage';
import { VERIFY_LIFECYCLES, VERIFY_RULES } from './verify';
import { VIDEO_RULES } from './video';

/** By `file:operationId`. */
export const OPERATION_RULES: Record<string, OperationRule> = {
  ...ACCOUNT_RULES,
  ...CALL_RULES,
  ...CALLER_ID_RULES,
  ...LOOKUP_RULES,
  ...MESSAGE_RULES,
  ...NUMBER_RULES,
  ...SERVERLESS_RULES,
  ...SYNC_RULES,
  ...TOKEN_RULES,
  ...PROXY_RULES,
  ...STUDIO_RULES,
  ...TASKROUTER_RULES,
  ...TRUNK_RULES,
  ...USAGE_RULES,
  ...VERIFY_RULES,
  ...VIDEO_RULES,
  'monitor_v1:ListAlert': { respond: listNewestFirst },
};

/** By StoredResource.kind. */
const LIFECYCLES: Record<string, Lifecycle> = {
  ...CALL_LIFECYCLES,
  ...MESSAGE_LIFECYCLES,
  ...SERVERLESS_LIFECYCLES,
  ...PROXY_LIFECYCLES,
  ...STUDIO_LIFECYCLES,
  ...SYNC_LIFECYCLES,
  ...VERIFY_LIFECYCLES,
};

/** How resources of this kind change by themselves; undefined if they do not. */
export function lifecycleOf(kind: string): Lifecycle | undefined {
  return LIFECYCLES[kind];
}
