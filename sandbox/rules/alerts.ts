/** Debugger alerts: messages that failed and webhooks that did not answer. */
import { isoSeconds } from '../dates';
import { listNewestFirst } from '../lists';
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { OperationRule, SandboxState } from '../types';
import { ACCOUNTS_PATH } from './phone';

interface Failure {
  code: number;
  text: string;
  level: 'error' | 'warning';
  /** The message or call. */
  resourceSid: string;
  /** The phone number or service whose webhook failed. */
  serviceSid?: string;
  /** The request to a webhook and what it returned. */
  request?: { url: string; variables: string; response: string | null };
  /** Milliseconds since 1970. */
  at: number;
}

/** Stores an alert, as Twilio's Debugger shows it. */
export function addAlert(
  state: SandboxState,
  { code, text, level, resourceSid, serviceSid, request, at }: Failure,
): void {
  const known = {
    sid: newSid('NO'),
    error_code: String(code),
    alert_text: text,
    log_level: level,
    more_info: `https://www.twilio.com/docs/errors/${code}`,
    resource_sid: resourceSid,
    service_sid: serviceSid ?? null,
    api_version: '2010-04-01',
    date_generated: isoSeconds(new Date(at)),
    request_method: request ? 'POST' : null,
    request_url: request?.url ?? null,
    request_variables: request?.variables ?? null,
    response_body: request?.response ?? null,
    request_headers: null,
    response_headers: null,
  };
  seedResource(state, { fetchOperation: 'monitor_v1:FetchAlert', known, at });
}

const listAlerts: OperationRule = {
  respond(request) {
    const { state, now } = request;
    // Messages fail while nobody reads them.
    for (const message of state.store.ofKind(`${ACCOUNTS_PATH}/{}/Messages`)) {
      state.lifecycleOf(message.kind)?.(message, now, state);
    }
    return listNewestFirst(request);
  },
};

export const ALERT_RULES: Record<string, OperationRule> = { 'monitor_v1:ListAlert': listAlerts };
