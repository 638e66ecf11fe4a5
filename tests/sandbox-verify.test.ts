import { createHmac } from 'node:crypto';
import { SEEDS } from '../sandbox/seed';
import { ask, type Json, useStack } from './support/stack';

/* Attempts, states and limits of the sandbox's verifications. */

const ADA = '+14155550161';
const BOB = '+447700900456';
const serviceSid = SEEDS.verifyServiceSid;

const stack = useStack();
afterEach(() => jest.restoreAllMocks());

const call = (name: string, args: object = {}): Promise<Json> => ask(stack.url, `twilio_verify_${name}`, args);
const start = (to: string, args: object = {}) => call('start_verification', { to, serviceSid, ...args });
const check = (to: string, code: string) => call('check_verification', { to, code, serviceSid });

test('each code sent is an attempt, and the one that was entered is converted', async () => {
  const { sid, sendCodeAttempts } = await start(ADA);
  await start(ADA, { channel: 'call' });
  await start(BOB, { locale: 'en-GB' });
  await check(ADA, '123456');
  const attempts = (await call('list_attempts')).items;
  expect(attempts.map((one: Json) => [one.channelData.to, one.channel, one.conversionStatus])).toEqual([
    [BOB, 'sms', 'unconverted'],
    [ADA, 'call', 'converted'],
    [ADA, 'sms', 'unconverted'],
  ]);
  expect(attempts[0]).toMatchObject({ channelData: { country: 'GB', codeLength: 6, locale: 'en-GB' }, serviceSid });
  expect(attempts[0].price ?? null).toBeNull();
  expect(attempts[2]).toMatchObject({ sid: sendCodeAttempts[0].attemptSid, verificationSid: sid });
  const counts = { totalAttempts: 3, totalConverted: 1, totalUnconverted: 2 };
  expect(await call('get_attempts_summary')).toMatchObject(counts);
  expect(await call('get_attempts_summary', { country: 'US' })).toMatchObject({
    ...{ totalAttempts: 2, totalConverted: 1, conversionRatePercentage: '50' },
  });
  const filtered = await call('list_attempts', { to: ADA, status: 'converted' });
  expect(filtered.items.map((one: Json) => one.channel)).toEqual(['call']);
});

test('nothing was sent, nothing is counted', async () => {
  expect((await call('list_attempts')).items).toEqual([]);
  expect(await call('get_attempts_summary')).toMatchObject({ totalAttempts: 0, conversionRatePercentage: '0' });
});

test('a verification expires after ten minutes and can be canceled', async () => {
  const { sid } = await start(ADA);
  const canceled = await start(BOB);
  const statusOf = async (verificationSid: string) =>
    (await call('get_verification_status', { verificationSid, serviceSid })).status;
  await call('update_verification', { verificationSid: canceled.sid, status: 'canceled', serviceSid });
  expect([await statusOf(sid), await statusOf(canceled.sid)]).toEqual(['pending', 'canceled']);
  const later = Date.now() + 11 * 60_000;
  jest.spyOn(Date, 'now').mockImplementation(() => later);
  expect(await statusOf(sid)).toBe('expired');
  await expect(check(ADA, '123456')).rejects.toThrow('20404');
});

test('five wrong codes end a verification', async () => {
  const { sid } = await start(ADA);
  for (let i = 0; i < 5; i++) expect((await check(ADA, '000000')).status).toBe('pending');
  await expect(check(ADA, '123456')).rejects.toThrow('60202');
  const { status } = await call('get_verification_status', { verificationSid: sid, serviceSid });
  expect(status).toBe('max_attempts_reached');
  await expect(check(ADA, '123456')).rejects.toThrow('60202');
});

test('a rate limit stops further verifications of the same value', async () => {
  const { sid: rateLimitSid } = await call('create_rate_limit', { uniqueName: 'end_user_ip', serviceSid });
  await call('create_rate_limit_bucket', { rateLimitSid, max: 2, interval: 60, serviceSid });
  const rateLimits = { end_user_ip: '192.0.2.1' };
  await start('+14155550171', { rateLimits });
  await start('+14155550172', { rateLimits });
  await expect(start('+14155550173', { rateLimits })).rejects.toThrow('20429');
  await start('+14155550173', { rateLimits: { end_user_ip: '192.0.2.2' } });
  expect((await call('get_attempts_summary')).totalAttempts).toBe(3);
});

test('a TOTP factor is verified by the code of its secret, and by no other', async () => {
  const write = async (id: string, params: object) =>
    (await ask(stack.url, 'twilio_api_write', { id: `verify_v2:${id}`, params, confirm: true })).result;
  const entity = { ServiceSid: serviceSid, Identity: 'user-12345678' };
  await write('CreateEntity', entity);
  // 20 bytes of RFC 6238's test vectors.
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  const given = { FriendlyName: 'Ada’s phone', FactorType: 'totp', 'Binding.Secret': secret };
  const factor = await write('CreateNewFactor', { ...entity, ...given });
  expect(factor).toMatchObject({
    ...{ identity: 'user-12345678', status: 'unverified', factor_type: 'totp' },
    config: { alg: 'sha1', skew: 1, code_length: 6, time_step: 30 },
  });
  const counter = Buffer.alloc(8);
  counter.writeUInt32BE(Math.floor(Date.now() / 30_000), 4);
  const hash = createHmac('sha1', '12345678901234567890').update(counter).digest();
  const code = String((hash.readUInt32BE(hash.at(-1)! & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
  const wrong = code === '000000' ? '111111' : '000000';
  const statusWith = async (AuthPayload: string) =>
    (await write('UpdateFactor', { ...entity, Sid: factor.sid, AuthPayload })).status;
  expect([await statusWith(wrong), await statusWith(code)]).toEqual(['unverified', 'verified']);
  const challengeWith = (AuthPayload: string) =>
    write('CreateChallenge', { ...entity, FactorSid: factor.sid, AuthPayload });
  expect((await challengeWith(wrong)).status).toBe('pending');
  expect((await challengeWith(code)).status).toBe('approved');
});
