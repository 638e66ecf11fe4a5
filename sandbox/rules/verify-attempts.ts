/** Verify's attempts: one for each code sent, converted once the person entered it. */
import { isoSeconds } from '../dates';
import type { Properties } from '../json';
import { newestFirst, pageResponse } from '../lists';
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { StoredResource } from '../store';
import type { OperationRule, SandboxRequest, SandboxState } from '../types';
import { callingCountry } from './countries';

const ATTEMPTS = 'verify.twilio.com/v2/Attempts';
/** Channels of verifications whose attempts have another name. */
const ATTEMPT_CHANNELS: Record<string, string> = { rcs: 'rbm', auto: 'sms' };

/** Stores the attempt to send a verification's code. Returns its SID. */
export function addAttempt(request: SandboxRequest, verification: Properties): string {
  const { state, now, target } = request;
  const sid = newSid('VL');
  const channel = String(request.fields.Channel);
  const to = String(verification.to);
  const service = state.store.get('verify.twilio.com/v2/Services', target.params.ServiceSid!);
  const country = callingCountry(to)?.iso;
  const known = {
    ...{ sid, service_sid: verification.service_sid, verification_sid: verification.sid, price: null },
    ...{ conversion_status: 'unconverted', channel: ATTEMPT_CHANNELS[channel] ?? channel },
    channel_data: {
      ...{ to, code_length: Number(service?.body.code_length ?? 6) },
      ...(country && { country }),
      ...(request.fields.Locale !== undefined && { locale: request.fields.Locale }),
    },
  };
  seedResource(state, { fetchOperation: 'verify_v2:FetchVerificationAttempt', known, at: now });
  return sid;
}

/** Marks the newest attempt of a verification: its code was entered. */
export function convertAttempt(state: SandboxState, verificationSid: unknown, now: number): void {
  const attempts = state.store.list(ATTEMPTS).filter(({ body }) => body.verification_sid === verificationSid);
  const last = attempts.at(-1);
  if (last) Object.assign(last.body, { conversion_status: 'converted', date_updated: isoSeconds(new Date(now)) });
}

/** The attempts that pass the filters of the request. */
function wantedAttempts({ state, query }: SandboxRequest): StoredResource[] {
  const time = (name: string) => (query[name] === undefined ? undefined : new Date(String(query[name])).getTime());
  const [after, before] = [time('DateCreatedAfter'), time('DateCreatedBefore')];
  return newestFirst(state.store.list(ATTEMPTS)).filter(({ body, createdAt }) => {
    const data = body.channel_data as Properties;
    const equals = (name: string, value: unknown) => query[name] === undefined || query[name] === value;
    return (
      equals('ChannelData.To', data.to) &&
      equals('Country', data.country) &&
      equals('Channel', body.channel) &&
      equals('Status', body.conversion_status) &&
      equals('VerifyServiceSid', body.service_sid) &&
      equals('VerificationSid', body.verification_sid) &&
      String(data.to).startsWith(String(query.DestinationPrefix ?? '')) &&
      (after === undefined || createdAt >= after) &&
      (before === undefined || createdAt <= before)
    );
  });
}

export const ATTEMPT_RULES: Record<string, OperationRule> = {
  'verify_v2:ListVerificationAttempt': {
    respond: (request) =>
      pageResponse(
        request,
        wantedAttempts(request).map(({ body }) => body),
      ),
  },
  'verify_v2:FetchVerificationAttemptsSummary': {
    respond(request) {
      const attempts = wantedAttempts(request);
      const converted = attempts.filter(({ body }) => body.conversion_status === 'converted').length;
      const rate = attempts.length === 0 ? 0 : (100 * converted) / attempts.length;
      const body = {
        ...{ total_attempts: attempts.length, total_converted: converted },
        ...{ total_unconverted: attempts.length - converted, conversion_rate_percentage: String(rate) },
        url: 'https://verify.twilio.com/v2/Attempts/Summary',
      };
      return { status: 200, body };
    },
  },
};
