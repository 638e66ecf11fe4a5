/** Debugger alerts: messages and calls that failed, and webhooks that did not answer. */
import { isoSeconds } from '../dates';
import type { Properties } from '../json';
import { listNewestFirst } from '../lists';
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { StoredResource } from '../store';
import type { OperationRule, SandboxState } from '../types';
import type { CallError } from './call-script';
import { ACCOUNTS_PATH } from './phone';

/** Text of error 11200. */
export const RETRIEVAL_FAILURE = 'HTTP retrieval failure';

interface Failure {
  sid: string;
  code: number;
  text: string;
  level: 'error' | 'warning';
  /** The message or call. */
  resourceSid: string;
  /** The phone number or service whose webhook failed. */
  serviceSid?: string;
  /** The request to a webhook and what it returned. */
  request?: { url: string; variables: string | null; response: string | null };
  /** Milliseconds since 1970. */
  at: number;
}

/** Stores an alert, as Twilio's Debugger shows it. By default it gets a new SID. */
export function addAlert(
  state: SandboxState,
  { sid = newSid('NO'), ...failure }: Omit<Failure, 'sid'> & { sid?: string },
) {
  const known = alertProperties({ sid, ...failure });
  seedResource(state, { fetchOperation: 'monitor_v1:FetchAlert', known, at: failure.at });
}

/** The properties of an alert. */
export function alertProperties({ sid, code, text, level, resourceSid, serviceSid, request, at }: Failure): Properties {
  return {
    sid,
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
}

/** Reports an error, or a warning, of a call: its notification and an alert with the same SID. `at` is epoch ms. */
export function reportCallError(
  call: StoredResource,
  { code, message, url }: CallError,
  level: 'error' | 'warning',
  at: number,
  state: SandboxState,
): void {
  const accountSid = String(call.body.account_sid);
  const sid = newSid('NO');
  const msg = { ErrorCode: String(code), LogLevel: level === 'error' ? 'ERROR' : 'WARN', Msg: message };
  const text = new URLSearchParams(msg).toString();
  const parameters = {
    ...{ CallSid: call.id, AccountSid: accountSid },
    ...{ To: String(call.body.to), From: String(call.body.from) },
  };
  const variables = new URLSearchParams(parameters).toString();
  if (url) {
    const events = (call.internal.events ?? []) as unknown[];
    call.internal.events = [...events, { request: { method: 'POST', url, parameters }, response: null }];
  }
  seedResource(state, {
    fetchOperation: 'api_v2010:FetchNotification',
    params: { AccountSid: accountSid },
    known: {
      ...{ sid, account_sid: accountSid, call_sid: call.id, error_code: String(code), api_version: '2010-04-01' },
      ...{ log: level === 'error' ? '0' : '1', message_date: isoSeconds(new Date(at)), message_text: text },
      ...{ more_info: `https://www.twilio.com/docs/errors/${code}`, response_headers: null, response_body: null },
      ...{ request_method: url ? 'POST' : null, request_url: url ?? null, request_variables: url ? variables : null },
    },
    at,
  });
  const request = url ? { url, variables, response: null } : undefined;
  addAlert(state, { sid, code, text, level, resourceSid: call.id, request, at });
}

const listAlerts: OperationRule = {
  respond(request) {
    const { state, now } = request;
    // A message may have failed since it was last read.
    for (const message of state.store.ofKind(`${ACCOUNTS_PATH}/{}/Messages`)) {
      state.lifecycleOf(message.kind)?.(message, now, state);
    }
    return listNewestFirst(request);
  },
};

export const ALERT_RULES: Record<string, OperationRule> = { 'monitor_v1:ListAlert': listAlerts };
