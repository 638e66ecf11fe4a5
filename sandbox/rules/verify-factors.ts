/** Verify's factors and challenges: TOTP codes are computed, the answers of a push factor's device are believed. */
import { createHmac, randomBytes } from 'node:crypto';
import { isoSeconds } from '../dates';
import { badRequest } from '../errors';
import type { StoredResource } from '../store';
import type { OperationRule, SandboxRequest } from '../types';
import { fieldGroup } from './conversations';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const TOTP_DEFAULTS = { alg: 'sha1', skew: 1, code_length: 6, time_step: 30 };
const CHALLENGE_MS = 5 * 60_000;

const newSecret = (): string => [...randomBytes(32)].map((byte) => BASE32[byte % 32]).join('');

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/\d{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** The code of RFC 6238 for the time step with this number. */
function totpCode(secret: string, step: number, { alg, code_length }: typeof TOTP_DEFAULTS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac(alg, fromBase32(secret)).update(counter).digest();
  const number = hash.readUInt32BE(hash.at(-1)! & 15) & 0x7fffffff;
  return String(number).padStart(code_length, '0').slice(-code_length);
}

/** Whether a payload proves that the person holds the factor. */
function proves({ body, internal }: StoredResource, payload: unknown, now: number): boolean {
  if (body.factor_type !== 'totp') return true;
  const config = body.config as typeof TOTP_DEFAULTS;
  const step = Math.floor(now / 1000 / config.time_step);
  const steps = Array.from({ length: 2 * config.skew + 1 }, (_, i) => step - config.skew + i);
  return steps.some((each) => totpCode(String(internal.secret), each, config) === payload);
}

const entitiesOf = ({ target }: SandboxRequest) => `verify.twilio.com/v2/Services/${target.params.ServiceSid}/Entities`;
const entityOf = (request: SandboxRequest) =>
  request.state.store.get(entitiesOf(request), request.target.params.Identity!);

const createFactor: OperationRule = {
  onCreate(request, { body, internal }) {
    const { FactorType, FriendlyName, Metadata } = request.fields;
    const identity = entityOf(request)?.body.identity;
    const given = fieldGroup(request, 'Config');
    Object.assign(body, {
      identity,
      status: 'unverified',
      options: null,
      metadata: Metadata ?? null,
      config: given ?? {},
    });
    body.binding = fieldGroup(request, 'Binding') ?? null;
    if (FactorType !== 'totp') return;
    const service = request.state.store.get('verify.twilio.com/v2/Services', request.target.params.ServiceSid!);
    const config = { ...TOTP_DEFAULTS, ...given };
    const secret = String(request.fields['Binding.Secret'] ?? newSecret());
    const issuer = encodeURIComponent(String(service?.body.friendly_name));
    const query = `secret=${secret}&issuer=${issuer}&algorithm=${config.alg.toUpperCase()}&digits=${config.code_length}&period=${config.time_step}`;
    const uri = `otpauth://totp/${issuer}:${encodeURIComponent(String(FriendlyName))}?${query}`;
    Object.assign(body, { config, binding: { secret, uri } });
    internal.secret = secret;
  },
};

const updateFactor: OperationRule = {
  onUpdate(request, factor) {
    const { AuthPayload } = request.fields;
    factor.body.config = { ...(factor.body.config as object), ...fieldGroup(request, 'Config') };
    if (AuthPayload !== undefined && proves(factor, AuthPayload, request.now)) factor.body.status = 'verified';
  },
};

const factorOf = (request: SandboxRequest): StoredResource | undefined =>
  request.state.store.get(`${entitiesOf(request)}/${entityOf(request)?.id}/Factors`, String(request.fields.FactorSid));

const createChallenge: OperationRule = {
  check(request) {
    const factor = factorOf(request);
    if (!factor && !request.state.options.lenient) badRequest(60200, 'Invalid parameter: `FactorSid`');
  },
  onCreate(request, { body }) {
    const factor = factorOf(request);
    if (!factor) return;
    const { AuthPayload, ExpirationDate, HiddenDetails } = request.fields;
    const approved = factor.body.factor_type === 'totp' && proves(factor, AuthPayload, request.now);
    Object.assign(body, {
      identity: factor.body.identity,
      ...{ factor_type: factor.body.factor_type, status: approved ? 'approved' : 'pending', responded_reason: null },
      ...{ date_responded: approved ? isoSeconds(new Date(request.now)) : null, hidden_details: HiddenDetails ?? null },
      ...{ details: fieldGroup(request, 'Details') ?? null, metadata: null },
      expiration_date: ExpirationDate ?? isoSeconds(new Date(request.now + CHALLENGE_MS)),
      links: { notifications: `${body.url}/Notifications` },
    });
  },
};

export const FACTOR_RULES: Record<string, OperationRule> = {
  'verify_v2:CreateNewFactor': createFactor,
  'verify_v2:UpdateFactor': updateFactor,
  'verify_v2:CreateChallenge': createChallenge,
};
