/** Rules of the products that behave differently from generic.ts. */
import { listNewestFirst } from '../lists';
import type { Lifecycle, OperationRule } from '../types';
import { ACCOUNT_RULES } from './account';
import { CALL_LIFECYCLES, CALL_RULES } from './calls';
import { MESSAGE_LIFECYCLES, MESSAGE_RULES } from './messages';
import { NUMBER_RULES } from './numbers';
import { PROXY_LIFECYCLES, PROXY_RULES } from './proxy';
import { QUEUE_LIFECYCLES, QUEUE_RULES } from './queues';
import { SERVERLESS_LIFECYCLES, SERVERLESS_RULES } from './serverless';
import { STUDIO_LIFECYCLES, STUDIO_RULES } from './studio';
import { SYNC_LIFECYCLES, SYNC_RULES } from './sync';
import { TASKROUTER_RULES } from './taskrouter';
import { TRUNK_RULES } from './trunks';
import { VERIFY_LIFECYCLES, VERIFY_RULES } from './verify';

/** By `file:operationId`. */
export const OPERATION_RULES: Record<string, OperationRule> = {
  ...ACCOUNT_RULES,
  ...CALL_RULES,
  ...MESSAGE_RULES,
  ...NUMBER_RULES,
  ...PROXY_RULES,
  ...QUEUE_RULES,
  ...SERVERLESS_RULES,
  ...STUDIO_RULES,
  ...SYNC_RULES,
  ...TASKROUTER_RULES,
  ...TRUNK_RULES,
  ...VERIFY_RULES,
  'monitor_v1:ListAlert': { respond: listNewestFirst },
};

/** By StoredResource.kind. */
const LIFECYCLES: Record<string, Lifecycle> = {
  ...CALL_LIFECYCLES,
  ...MESSAGE_LIFECYCLES,
  ...PROXY_LIFECYCLES,
  ...QUEUE_LIFECYCLES,
  ...SERVERLESS_LIFECYCLES,
  ...STUDIO_LIFECYCLES,
  ...SYNC_LIFECYCLES,
  ...VERIFY_LIFECYCLES,
};

/** How resources of this kind change by themselves; undefined if they do not. */
export function lifecycleOf(kind: string): Lifecycle | undefined {
  return LIFECYCLES[kind];
}
