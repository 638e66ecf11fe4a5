/** Verify v2: a recipient has one pending verification, which allows five attempts and expires after ten minutes. */
import { ApiError, badRequest, notFound } from '../errors';
import { jsonValue, type Properties } from '../json';
import type { StoredResource } from '../store';
import type { Lifecycle, OperationRule, SandboxRequest, SandboxResponse } from '../types';
import { isPhoneNumber } from './phone';
import { ATTEMPT_RULES, addAttempt, convertAttempt } from './verify-attempts';
import { FACTOR_RULES } from './verify-factors';

/** The code of every verification without a CustomCode. */
const SANDBOX_CODE = '123456';

const EXPIRY_MS = 10 * 60_000;
const MAX_CODE_ATTEMPTS = 5;
const CHANNELS = ['sms', 'call', 'email', 'whatsapp', 'sna', 'auto', 'rcs'];

/** States of a verification that a new one of the same recipient has to wait for. */
const OPEN_STATES = ['pending', 'max_attempts_reached'];

function invalidParameter(name: string, value: unknown): never {
  badRequest(60200, `Invalid parameter \`${name}\`: ${String(value)}`);
}

function pendingVerification(request: SandboxRequest, to: string): StoredResource | undefined {
  const collection = `verify.twilio.com/v2/Services/${request.target.params.ServiceSid}/Verifications`;
  for (const resource of request.state.store.list(collection)) {
    expireVerification(resource, request.now, request.state);
    if (OPEN_STATES.includes(String(resource.body.status)) && (resource.body.to === to || resource.id === to))
      return resource;
  }
  return undefined;
}

const expireVerification: Lifecycle = ({ body, createdAt }, now) => {
  if (OPEN_STATES.includes(String(body.status)) && now - createdAt > EXPIRY_MS) body.status = 'expired';
};

function newAttempt(request: SandboxRequest, verification: Properties): Properties {
  const channel = String(request.fields.Channel).toUpperCase();
  const time = new Date(request.now).toISOString();
  return { time, channel, attempt_sid: addAttempt(request, verification) };
}

/** Counts the verification in the rate limits that it names. @throws ApiError 20429 if one of their buckets is full */
function countRateLimits({ state, target, fields, now }: SandboxRequest): void {
  const limits = `verify.twilio.com/v2/Services/${target.params.ServiceSid}/RateLimits`;
  const named = Object.entries((jsonValue(fields.RateLimits) ?? {}) as Properties).flatMap(([name, value]) => {
    const limit = state.store.get(limits, name);
    return limit ? [{ limit, value: String(value) }] : [];
  });
  for (const { limit, value } of named) {
    const hits = (limit.internal.hits ?? []) as Array<{ value: string; at: number }>;
    for (const { body } of state.store.list(`${limits}/${limit.id}/Buckets`)) {
      const recent = hits.filter((hit) => hit.value === value && hit.at > now - Number(body.interval) * 1000);
      if (recent.length >= Number(body.max)) throw new ApiError(429, 20429, 'Too many requests');
    }
  }
  for (const { limit, value } of named) {
    limit.internal.hits = [...((limit.internal.hits as object[] | undefined) ?? []), { value, at: now }];
  }
}

const createVerification: OperationRule = {
  check(request) {
    const { To, Channel, CustomCode } = request.fields as Record<string, string | undefined>;
    if (!CHANNELS.includes(Channel!)) invalidParameter('Channel', Channel);
    if (Channel === 'email' ? !/^\S+@\S+\.\S+$/.test(To!) : !isPhoneNumber(To!)) invalidParameter('To', To);
    if (CustomCode !== undefined && !/^[A-Za-z0-9]{4,10}$/.test(CustomCode)) invalidParameter('CustomCode', CustomCode);
    countRateLimits(request);
  },
  /** A request for a recipient with a pending verification sends its code again. */
  respond(request): SandboxResponse | undefined {
    const found = pendingVerification(request, String(request.fields.To));
    if (!found) return undefined;
    if (found.body.status !== 'pending') throw new ApiError(429, 60202, 'Max check attempts reached');
    const attempts = found.body.send_code_attempts as Properties[];
    if (attempts.length >= MAX_CODE_ATTEMPTS) throw new ApiError(429, 60203, 'Max send attempts reached');
    attempts.push(newAttempt(request, found.body));
    found.body.channel = request.fields.Channel;
    return { status: 201, body: found.body };
  },
  onCreate(request, { body, internal }) {
    Object.assign(body, {
      status: 'pending',
      valid: false,
      send_code_attempts: [newAttempt(request, body)],
      sna: null,
      amount: request.fields.Amount ?? null,
      payee: request.fields.Payee ?? null,
    });
    internal.code = request.fields.CustomCode ?? SANDBOX_CODE;
    internal.checks = 0;
  },
};

const checkVerification: OperationRule = {
  respond(request) {
    const { To, VerificationSid, Code } = request.fields as Record<string, string | undefined>;
    if (!To && !VerificationSid) invalidParameter('To', 'either To or VerificationSid is needed');
    const found = pendingVerification(request, (VerificationSid ?? To)!);
    // The carrier confirms silent network authentication, so it has no code.
    const silent = found?.body.channel === 'sna';
    if (!silent && !/^[A-Za-z0-9]{4,10}$/.test(Code ?? '')) invalidParameter('Code', Code ?? 'missing');
    if (!found) throw notFound(request.entry.path);
    const attempts = Number(found.internal.checks) + 1;
    found.internal.checks = attempts;
    if (attempts > MAX_CODE_ATTEMPTS) {
      found.body.status = 'max_attempts_reached';
      throw new ApiError(429, 60202, 'Max check attempts reached');
    }
    if (silent || Code === found.internal.code) {
      Object.assign(found.body, { status: 'approved', valid: true });
      convertAttempt(request.state, found.id, request.now);
      request.state.events.emit('change', { resource: found, change: 'approved' });
    }
    const { sid, service_sid, account_sid, to, channel, status, valid, amount, payee, date_created, date_updated } =
      found.body;
    const body = {
      sid,
      service_sid,
      account_sid,
      to,
      channel,
      status,
      valid,
      amount,
      payee,
      date_created,
      date_updated,
    };
    return { status: 200, body: { ...body, sna_attempts_error_codes: [] } };
  },
};

export const VERIFY_RULES: Record<string, OperationRule> = {
  ...ATTEMPT_RULES,
  ...FACTOR_RULES,
  'verify_v2:CreateVerification': createVerification,
  'verify_v2:CreateVerificationCheck': checkVerification,
  'verify_v2:UpdateVerification': {
    check(request) {
      // Twilio accepts the recipient in the path instead of the SID.
      const found = pendingVerification(request, request.target.id!);
      if (found) request.target.id = found.id;
    },
    onUpdate(request, resource) {
      resource.body.valid = request.fields.Status === 'approved';
      if (resource.body.valid) convertAttempt(request.state, resource.id, request.now);
    },
  },
};

export const VERIFY_LIFECYCLES: Record<string, Lifecycle> = {
  'verify.twilio.com/v2/Services/{}/Verifications': expireVerification,
};
