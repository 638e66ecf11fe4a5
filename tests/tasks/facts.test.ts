import { SEEDS } from '../../sandbox/seed';
import { ask, callTool, type Json, useStack } from '../support/stack';

/*
 * Whole tasks whose answers once were examples of Twilio's API descriptions: what a task did not set is absent or a
 * documented default.
 */

const stack = useStack();

const done = (tool: string, args: object): Promise<Json> => ask(stack.url, `twilio_${tool}`, args);

test('deploy a Function: the build completes, and the environment has its domain', async () => {
  const names = { uniqueName: 'greeter', friendlyName: 'Greeter' };
  const { sid: serviceSid, includeCredentials } = await done('serverless_create_service', names);
  expect(includeCredentials).toBe(false);
  const environment = { serviceSid, uniqueName: 'production', domainSuffix: 'prod' };
  const { sid: environmentSid, domainName } = await done('serverless_create_environment', environment);
  expect(domainName).toMatch(/^greeter-\d{4}-prod\.twil\.io$/);
  const { sid: functionSid } = await done('serverless_create_function', { serviceSid, friendlyName: 'hello' });
  const code = { path: '/hello', visibility: 'public', content: 'exports.handler = (c, e, done) => done(null, 1)' };
  const { sid: version } = await done('serverless_upload_function_version', { serviceSid, functionSid, ...code });
  const build = await done('serverless_create_build', { serviceSid, functionVersions: [version] });
  expect(build.status).toBe('building');
  stack.sandbox.advance(2000);
  expect(await done('serverless_get_build_status', { serviceSid, buildSid: build.sid })).toMatchObject({
    status: 'completed',
    functionVersions: [{ sid: version, path: '/hello', visibility: 'public' }],
  });
  await done('serverless_create_deployment', { serviceSid, environmentSid, buildSid: build.sid });
  const { buildSid } = await done('serverless_get_environment', { serviceSid, environmentSid });
  expect(buildSid).toBe(build.sid);
});

test('verify my phone as caller ID, then call from it', async () => {
  const phoneNumber = '+14155550177';
  const { validationCode } = await done('phone_numbers_validate_caller_id', { phoneNumber });
  expect(validationCode).toMatch(/^\d{6}$/);
  const { items } = await done('phone_numbers_list_caller_ids', { phoneNumber });
  expect(items).toMatchObject([{ phoneNumber, friendlyName: '(415) 555-0177' }]);
  const call = await done('voice_make_call', { to: '+14155550182', from: phoneNumber, say: 'Hello' });
  expect(call).toMatchObject({ from: phoneNumber });
});

test('open a video room and end it', async () => {
  const room = await done('video_create_video_room', { uniqueName: 'stand-up' });
  expect(room).toMatchObject({ uniqueName: 'stand-up', status: 'in-progress', maxParticipants: 50 });
  expect(room).not.toHaveProperty('endTime');
  await done('video_update_room', { roomSid: room.sid, status: 'completed' });
  expect(await done('video_get_room', { roomSid: room.sid })).toMatchObject({
    status: 'completed',
    endTime: expect.stringMatching(/^20/),
  });
});

test('a composition is made once its room has ended', async () => {
  const { sid: roomSid } = await done('video_create_video_room', { uniqueName: 'all-hands' });
  const settings = { roomSid, audioSources: ['*'], videoLayout: { grid: { video_sources: ['*'] } } };
  const { sid: compositionSid } = await done('media_create_composition', settings);
  const composition = () => done('media_get_composition', { compositionSid });
  const advance = (seconds: number) => stack.sandbox.advance(seconds * 1000);
  advance(600);
  expect(await composition()).toMatchObject({ status: 'enqueued' });
  await done('video_update_room', { roomSid, status: 'completed' });
  const link = () => callTool(stack.url, 'twilio_media_get_media_link', { mediaSid: compositionSid });
  expect((await link()).isError).toBe(true);
  advance(2);
  expect(await composition()).toMatchObject({ status: 'processing' });
  advance(30);
  const { duration } = await done('video_get_room', { roomSid });
  expect(await composition()).toMatchObject({ status: 'completed', duration });
  expect((await link()).structured.mediaUrl).toMatch(/^https:/);
});

test('look up a number: its line type and fraud risk', async () => {
  const fields = ['line_type_intelligence', 'caller_name', 'sim_swap'];
  const number = await done('lookups_lookup_phone_number', { phoneNumber: '+14155550182', fields });
  expect(number).toMatchObject({
    valid: true,
    lineTypeIntelligence: { type: 'mobile', carrierName: 'Sandbox Mobile' },
  });
  expect(number.callerName).toMatchObject({ callerType: 'UNDETERMINED' });
  const { verdict } = await done('lookups_check_fraud_risk', { phoneNumber: '+14155550182' });
  expect(verdict).toBe('low');
});

test('a new TwiML App has default methods and no URLs', async () => {
  const app = await done('applications_create_application', { friendlyName: 'Support' });
  const shown = await done('applications_get_application', { applicationSid: app.sid });
  expect(shown).toMatchObject({ friendlyName: 'Support', voiceMethod: 'POST', smsMethod: 'POST' });
  expect(JSON.stringify(shown)).not.toMatch(/example\.com|demo\.twilio/);
});

test('a new resource has what Twilio gives it, and what the request gave in the plural', async () => {
  const sender = { serviceSid: SEEDS.messagingServiceSid, alphaSender: 'ACME' };
  const { capabilities } = await done('messaging_services_add_alpha_sender', sender);
  expect(capabilities).toEqual(['SMS']);
  const params = { FriendlyName: 'Reader', Type: 'conversation', Permission: ['sendMessage', 'leaveConversation'] };
  const { result } = await done('api_write', { id: 'conversations_v1:CreateRole', params, confirm: true });
  expect(result.permissions).toEqual(params.Permission);
});
