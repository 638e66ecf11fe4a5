/** Rules of the products that behave differently from generic.ts. */
import { listNewestFirst } from '../lists';
import type { Lifecycle, OperationRule } from '../types';
import { A2P_LIFECYCLES, A2P_RULES } from './a2p';
import { ACCOUNT_RULES } from './account';
import { ADDRESS_LIFECYCLES, ADDRESS_RULES } from './addresses';
import { CALL_LIFECYCLES, CALL_RULES } from './calls';
import { DIALING_RULES } from './dialing';
import { LOOKUP_RULES } from './lookups';
import { MESSAGE_LIFECYCLES, MESSAGE_RULES } from './messages';
import { NUMBER_RULES } from './numbers';
import { PORTING_RULES } from './porting';
import { PRICE_RULES } from './prices';
import { PROXY_LIFECYCLES, PROXY_RULES } from './proxy';
import { REGULATORY_LIFECYCLES, REGULATORY_RULES } from './regulatory';
import { SERVERLESS_LIFECYCLES, SERVERLESS_RULES } from './serverless';
import { STUDIO_LIFECYCLES, STUDIO_RULES } from './studio';
import { SYNC_LIFECYCLES, SYNC_RULES } from './sync';
import { TASKROUTER_RULES } from './taskrouter';
import { TOKEN_RULES } from './tokens';
import { TRUNK_RULES } from './trunks';
import { TRUSTHUB_LIFECYCLES, TRUSTHUB_RULES } from './trusthub';
import { VERIFY_LIFECYCLES, VERIFY_RULES } from './verify';
import { VIDEO_RULES } from './video';

/** By `file:operationId`. */
export const OPERATION_RULES: Record<string, OperationRule> = {
  ...A2P_RULES,
  ...ACCOUNT_RULES,
  ...ADDRESS_RULES,
  ...CALL_RULES,
  ...DIALING_RULES,
  ...MESSAGE_RULES,
  ...NUMBER_RULES,
  ...PORTING_RULES,
  ...PRICE_RULES,
  ...REGULATORY_RULES,
  ...SYNC_RULES,
  ...TRUSTHUB_RULES,
  ...LOOKUP_RULES,
  ...SERVERLESS_RULES,
  ...TOKEN_RULES,
  ...PROXY_RULES,
  ...STUDIO_RULES,
  ...TASKROUTER_RULES,
  ...TRUNK_RULES,
  ...VERIFY_RULES,
  ...VIDEO_RULES,
  'monitor_v1:ListAlert': { respond: listNewestFirst },
};

/** By StoredResource.kind. */
const LIFECYCLES: Record<string, Lifecycle> = {
  ...A2P_LIFECYCLES,
  ...ADDRESS_LIFECYCLES,
  ...CALL_LIFECYCLES,
  ...MESSAGE_LIFECYCLES,
  ...REGULATORY_LIFECYCLES,
  ...SERVERLESS_LIFECYCLES,
  ...PROXY_LIFECYCLES,
  ...STUDIO_LIFECYCLES,
  ...SYNC_LIFECYCLES,
  ...TRUSTHUB_LIFECYCLES,
  ...VERIFY_LIFECYCLES,
};

/** How resources of this kind change by themselves; undefined if they do not. */
export function lifecycleOf(kind: string): Lifecycle | undefined {
  return LIFECYCLES[kind];
}
