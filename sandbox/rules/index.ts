/** Rules of the products that behave differently from generic.ts. */
import type { Lifecycle, OperationRule, SandboxState } from '../types';
import { A2P_LIFECYCLES, A2P_RULES } from './a2p';
import { ACCOUNT_RULES } from './account';
import { ADDRESS_LIFECYCLES, ADDRESS_RULES } from './addresses';
import { ALERT_RULES } from './alerts';
import { AUDIT_RULES } from './audit';
import { advanceCalls } from './call-progress';
import { CALL_LIFECYCLES, CALL_RULES } from './calls';
import { CONFERENCE_RULES } from './conference-rules';
import { CONTENT_LIFECYCLES, CONTENT_RULES } from './content';
import { CONVERSATION_MESSAGE_LIFECYCLES, CONVERSATION_MESSAGE_RULES } from './conversation-messages';
import { PARTICIPANT_RULES } from './conversation-participants';
import { CONVERSATION_LIFECYCLES, CONVERSATION_RULES } from './conversations';
import { DIALING_RULES } from './dialing';
import { advanceTranscripts, INTELLIGENCE_RULES } from './intelligence';
import { LOOKUP_RULES } from './lookups';
import { MESSAGE_PERMISSION_RULES } from './message-permissions';
import { MESSAGE_LIFECYCLES, MESSAGE_RULES } from './messages';
import { NUMBER_RULES } from './numbers';
import { PORTING_LIFECYCLES, PORTING_RULES } from './porting';
import { PRICE_RULES } from './prices';
import { PROXY_LIFECYCLES, PROXY_RULES } from './proxy';
import { QUEUE_RULES } from './queue-rules';
import { QUEUE_LIFECYCLES } from './queues';
import { RECORDING_RULES } from './recordings';
import { REGULATORY_LIFECYCLES, REGULATORY_RULES } from './regulatory';
import { SERVERLESS_LIFECYCLES, SERVERLESS_RULES } from './serverless';
import { STUDIO_LIFECYCLES, STUDIO_RULES } from './studio';
import { SYNC_LIFECYCLES, SYNC_RULES } from './sync';
import { TASKROUTER_RULES } from './taskrouter';
import { TOKEN_RULES } from './tokens';
import { TRUNK_RULES } from './trunks';
import { TRUSTHUB_LIFECYCLES, TRUSTHUB_RULES } from './trusthub';
import { USAGE_LIFECYCLES, USAGE_RULES } from './usage';
import { VERIFY_LIFECYCLES, VERIFY_RULES } from './verify';
import { VIDEO_LIFECYCLES, VIDEO_RULES } from './video';

/** One table. Throws if two of them have the same key: one would replace the other. */
function combine<T>(...tables: ReadonlyArray<Record<string, T>>): Record<string, T> {
  const all: Record<string, T> = {};
  for (const [key, value] of tables.flatMap((table) => Object.entries(table))) {
    if (Object.hasOwn(all, key)) throw new Error(`${key} has two rules.`);
    all[key] = value;
  }
  return all;
}

/** By `file:operationId`. */
export const OPERATION_RULES = combine<OperationRule>(
  A2P_RULES,
  ACCOUNT_RULES,
  ADDRESS_RULES,
  ALERT_RULES,
  AUDIT_RULES,
  CALL_RULES,
  CONFERENCE_RULES,
  CONTENT_RULES,
  CONVERSATION_MESSAGE_RULES,
  CONVERSATION_RULES,
  DIALING_RULES,
  INTELLIGENCE_RULES,
  LOOKUP_RULES,
  MESSAGE_PERMISSION_RULES,
  MESSAGE_RULES,
  NUMBER_RULES,
  PARTICIPANT_RULES,
  PORTING_RULES,
  PRICE_RULES,
  PROXY_RULES,
  QUEUE_RULES,
  RECORDING_RULES,
  REGULATORY_RULES,
  SERVERLESS_RULES,
  STUDIO_RULES,
  SYNC_RULES,
  TASKROUTER_RULES,
  TOKEN_RULES,
  TRUNK_RULES,
  TRUSTHUB_RULES,
  USAGE_RULES,
  VERIFY_RULES,
  VIDEO_RULES,
);

/** By StoredResource.kind. */
const LIFECYCLES = combine<Lifecycle>(
  A2P_LIFECYCLES,
  ADDRESS_LIFECYCLES,
  CALL_LIFECYCLES,
  CONTENT_LIFECYCLES,
  CONVERSATION_LIFECYCLES,
  CONVERSATION_MESSAGE_LIFECYCLES,
  MESSAGE_LIFECYCLES,
  PORTING_LIFECYCLES,
  PROXY_LIFECYCLES,
  QUEUE_LIFECYCLES,
  REGULATORY_LIFECYCLES,
  SERVERLESS_LIFECYCLES,
  STUDIO_LIFECYCLES,
  SYNC_LIFECYCLES,
  TRUSTHUB_LIFECYCLES,
  USAGE_LIFECYCLES,
  VERIFY_LIFECYCLES,
  VIDEO_LIFECYCLES,
);

/** How resources of this kind change by themselves; undefined if they do not. */
export function lifecycleOf(kind: string): Lifecycle | undefined {
  return LIFECYCLES[kind];
}

/** Lets everything happen that is due by `now`, such as the end of a call, whether or not anybody reads it. */
export function advanceAccount(now: number, state: SandboxState): void {
  advanceCalls(now, state);
  advanceTranscripts(now, state);
}
