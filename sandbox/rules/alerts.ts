/** Errors of calls: a notification of the call and an alert of the Debugger with the same SID. */
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { StoredResource } from '../store';
import type { SandboxState } from '../types';
import type { CallError } from './call-script';

/** Reports an error, or a warning, of a call at a time in milliseconds since 1970. */
export function reportCallError(
  call: StoredResource,
  error: CallError,
  level: 'error' | 'warning',
  at: number,
  state: SandboxState,
): void {
  const { code, message, url } = error;
  const accountSid = String(call.body.account_sid);
  const date = new Date(at).toISOString();
  const text = { ErrorCode: String(code), LogLevel: level === 'error' ? 'ERROR' : 'WARN', Msg: message };
  const request = url ? { request_method: 'POST', request_url: url } : { request_method: null, request_url: null };
  const variables = {
    CallSid: call.id,
    AccountSid: accountSid,
    To: String(call.body.to),
    From: String(call.body.from),
  };
  const known = {
    ...{ sid: newSid('NO'), account_sid: accountSid, error_code: String(code), ...request, api_version: '2010-04-01' },
    ...{ more_info: `https://www.twilio.com/docs/errors/${code}`, response_headers: null, response_body: null },
    ...{ request_variables: url ? String(new URLSearchParams(variables)) : null, request_headers: null },
  };
  if (url) {
    const events = (call.internal.events ?? []) as unknown[];
    call.internal.events = [...events, { request: { method: 'POST', url, parameters: variables }, response: null }];
  }
  seedResource(state, {
    fetchOperation: 'api_v2010:FetchNotification',
    params: { AccountSid: accountSid },
    known: {
      ...{ ...known, call_sid: call.id, log: level === 'error' ? '0' : '1' },
      ...{ message_date: date, message_text: String(new URLSearchParams(text)) },
    },
    at,
  });
  seedResource(state, {
    fetchOperation: 'monitor_v1:FetchAlert',
    known: {
      ...{ ...known, log_level: level, alert_text: String(new URLSearchParams(text)), date_generated: date },
      ...{ resource_sid: call.id, service_sid: null },
    },
    at,
  });
}
