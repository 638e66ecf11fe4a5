import { ACCOUNTS_PATH } from '../../sandbox/rules/phone';
import { SEEDS } from '../../sandbox/seed';
import { SANDBOX_ACCOUNT_SID } from '../../sandbox/server';
import type { Json } from '../support/stack';
import { taskTools } from '../support/tasks';

/*
 * Whole tasks of masked numbers, SIP trunks, shared data and Functions.
 */

const { call, failure, sandbox } = taskTools();

describe('Proxy', () => {
  const driver = '+14155550171';
  const rider = '+14155550172';

  test('a driver and a rider text each other without seeing their numbers', async () => {
    const { sid: serviceSid } = await call('proxy_create_proxy_service', { uniqueName: 'rides' });
    for (const [i, phoneNumberSid] of SEEDS.phoneNumberSids.slice(0, 2).entries()) {
      const added = await call('proxy_add_proxy_phone_number', { serviceSid, phoneNumberSid });
      expect(added).toMatchObject({ sid: phoneNumberSid, phoneNumber: SEEDS.numbers[i], isReserved: false, inUse: 0 });
    }
    const { sid: sessionSid, ...session } = await call('proxy_create_proxy_session', { serviceSid, ttl: 3600 });
    expect(session).toMatchObject({ status: 'open', mode: 'voice-and-message', ttl: 3600 });
    const within = { serviceSid, sessionSid };
    const add = (identifier: string) => call('proxy_add_proxy_participant', { ...within, identifier });
    const [ofDriver, ofRider] = [await add(driver), await add(rider)];
    expect(SEEDS.numbers.slice(0, 2)).toEqual(
      expect.arrayContaining([ofDriver.proxyIdentifier, ofRider.proxyIdentifier]),
    );
    expect(ofDriver.proxyIdentifier).not.toBe(ofRider.proxyIdentifier);
    expect(await failure('proxy_add_proxy_participant', { ...within, identifier: '+14155550173' })).toContain('two');
    const numbers = (await call('proxy_list_proxy_phone_numbers', { serviceSid })).items;
    expect(numbers.map(({ inUse }: Json) => inUse)).toEqual([1, 1]);

    await sandbox().receive({ from: rider, to: ofRider.proxyIdentifier, body: 'Where are you?' });
    const { items } = await call('messaging_get_message_logs', { to: driver });
    expect(items).toMatchObject([{ from: ofDriver.proxyIdentifier, body: 'Where are you?' }]);
    const interactions = (await call('proxy_list_proxy_interactions', within)).items;
    expect(interactions).toMatchObject([
      {
        ...{ type: 'message', inboundParticipantSid: ofRider.sid, outboundParticipantSid: ofDriver.sid },
        ...{ inboundResourceStatus: 'received', outboundResourceSid: items[0].sid },
      },
    ]);
    expect(await call('proxy_get_proxy_session', within)).toMatchObject({ status: 'in-progress' });
    await call('proxy_update_proxy_session', { ...within, status: 'closed' });
    await sandbox().receive({ from: rider, to: ofRider.proxyIdentifier, body: 'Hello?' });
    expect((await call('proxy_list_proxy_interactions', within)).items).toHaveLength(1);
    expect(await failure('proxy_update_proxy_session', { ...within, ttl: 60 })).toContain('closed Session');
  });

  test('they call each other too, and see how long they talked', async () => {
    const { sid: serviceSid } = await call('proxy_create_proxy_service', { uniqueName: 'rides' });
    for (const phoneNumberSid of SEEDS.phoneNumberSids.slice(0, 2)) {
      await call('proxy_add_proxy_phone_number', { serviceSid, phoneNumberSid });
    }
    const { sid: sessionSid } = await call('proxy_create_proxy_session', { serviceSid });
    const within = { serviceSid, sessionSid };
    const add = (identifier: string) => call('proxy_add_proxy_participant', { ...within, identifier });
    const [ofDriver, ofRider] = [await add(driver), await add(rider)];
    const interactions = async () => (await call('proxy_list_proxy_interactions', within)).items;

    const { sid } = await sandbox().receiveCall({ from: rider, to: ofRider.proxyIdentifier });
    sandbox().advance(5000);
    const [leg] = (await call('voice_get_call_logs', { parentCallSid: sid })).items;
    expect(leg).toMatchObject({ from: ofDriver.proxyIdentifier, to: driver, status: 'in-progress' });
    const voice = {
      ...{ type: 'voice', inboundParticipantSid: ofRider.sid, inboundResourceSid: sid },
      ...{ outboundParticipantSid: ofDriver.sid, outboundResourceSid: leg.sid },
    };
    expect(await interactions()).toMatchObject([{ ...voice, outboundResourceStatus: 'in-progress' }]);
    sandbox().advance(300_000);
    const ended = { inboundResourceStatus: 'completed', outboundResourceStatus: 'completed' };
    expect(await interactions()).toMatchObject([{ ...voice, ...ended, data: { duration: '120' } }]);
    const stranger = sandbox().receiveCall({ from: '+14155550173', to: ofRider.proxyIdentifier });
    await expect(stranger).rejects.toThrow('Nothing handles calls');
  });

  test('a session ends after its time; a number that is not in the pool is refused', async () => {
    const { sid: serviceSid } = await call('proxy_create_proxy_service', { uniqueName: 'rides', defaultTtl: 60 });
    const { sid: sessionSid } = await call('proxy_create_proxy_session', { serviceSid });
    const participant = { serviceSid, sessionSid, identifier: rider };
    expect(await failure('proxy_add_proxy_participant', participant)).toContain('no phone number');
    const later = Date.now() + 61_000;
    jest.spyOn(Date, 'now').mockReturnValue(later);
    try {
      expect(await call('proxy_get_proxy_session', { serviceSid, sessionSid })).toMatchObject({ status: 'closed' });
    } finally {
      jest.restoreAllMocks();
    }
  });
});

describe('SIP', () => {
  test('a trunk gets a number of the account, an origination URL and who may call out', async () => {
    const trunk = await call('voice_config_create_sip_trunk', {
      friendlyName: 'PBX',
      domainName: 'sandbox.pstn.twilio.com',
    });
    expect(trunk).toMatchObject({ secure: false, recording: { mode: 'do-not-record' }, transferMode: 'disable-all' });
    const { sid: trunkSid } = trunk;
    const phoneNumberSid = SEEDS.phoneNumberSids[1];
    const number = { sid: phoneNumberSid, phoneNumber: SEEDS.numbers[1] };
    expect(await call('voice_config_add_sip_trunk_number', { trunkSid, phoneNumberSid })).toMatchObject(number);
    expect((await call('voice_config_list_sip_trunk_numbers', { trunkSid })).items).toMatchObject([number]);
    expect(await call('phone_numbers_get_phone_number', { phoneNumberSid })).toMatchObject({ trunkSid });
    const url = { trunkSid, friendlyName: 'Office', sipUrl: 'sip:pbx.example.com' };
    const origination = await call('voice_config_create_origination_url', url);
    expect(origination).toMatchObject({ sipUrl: 'sip:pbx.example.com', enabled: true, priority: 10, weight: 10 });

    const { sid: ipAccessControlListSid } = await call('voice_config_create_ip_access_control_list', {
      friendlyName: 'Offices',
    });
    const address = { ipAccessControlListSid, friendlyName: 'Berlin', ipAddress: '203.0.113.7' };
    expect(await call('voice_config_create_ip_address', address)).toMatchObject({ cidrPrefixLength: 32 });
    const { sid: credentialListSid } = await call('voice_config_create_credential_list', { friendlyName: 'Phones' });
    const mapped = { trunkSid, mapping: 'ips', listSid: ipAccessControlListSid };
    expect(await call('voice_config_create_sip_trunk_mapping', mapped)).toMatchObject({
      ...{ sid: ipAccessControlListSid, friendlyName: 'Offices' },
    });
    await call('voice_config_create_sip_trunk_mapping', {
      trunkSid,
      mapping: 'credentials',
      listSid: credentialListSid,
    });
    await call('voice_config_update_trunk_recording', { trunkSid, mode: 'record-from-answer' });
    expect(await call('voice_config_get_sip_trunk', { trunkSid })).toMatchObject({
      ...{ authTypeSet: ['CREDENTIAL_LIST', 'IP_ACL'], recording: { mode: 'record-from-answer', trim: 'do-not-trim' } },
    });
    await call('voice_config_remove_sip_trunk_number', { trunkSid, phoneNumberSid });
    expect(await call('phone_numbers_get_phone_number', { phoneNumberSid })).not.toHaveProperty('trunkSid');
  });

  test('a SIP domain admits the lists that are mapped to it', async () => {
    const { sid: listSid } = await call('voice_config_create_credential_list', { friendlyName: 'Phones' });
    const domain = await call('voice_config_create_sip_domain', { domainName: 'office.sip.twilio.com' });
    expect(domain).toMatchObject({ sipRegistration: false, secure: false });
    const mapping = { domainSid: domain.sid, mapping: 'callCredentials', listSid };
    const mapped = await call('voice_config_create_sip_domain_mapping', mapping);
    expect(mapped).toMatchObject({ sid: listSid, friendlyName: 'Phones' });
    expect(await failure('voice_config_create_sip_domain_mapping', mapping)).toContain('added already');
    const unknown = { ...mapping, listSid: `CL${'0'.repeat(32)}` };
    expect(await failure('voice_config_create_sip_domain_mapping', unknown)).toContain('20404');
  });
});

describe('queues', () => {
  test('the hold queue says how many calls wait, and how long', async () => {
    const params = { FriendlyName: 'Support' };
    const created = await call('api_write', { id: 'api_v2010:CreateQueue', params, confirm: true });
    const { sid: Sid } = created.result;
    const size = async () => (await call('api_read', { id: 'api_v2010:FetchQueue', params: { Sid } })).result;
    expect(await size()).toMatchObject({
      friendly_name: 'Support',
      current_size: 0,
      average_wait_time: 0,
      max_size: 1000,
    });
    const collection = `${ACCOUNTS_PATH}/${SANDBOX_ACCOUNT_SID}/Queues/${Sid}/Members`;
    for (const seconds of [20, 40]) {
      const at = Date.now() - seconds * 1000;
      const body = { date_enqueued: new Date(at).toUTCString() };
      sandbox().state.store.add({ kind: 'Members', collection, id: `CA${seconds}`, body, at });
    }
    const { current_size, average_wait_time } = await size();
    expect(current_size).toBe(2);
    expect(average_wait_time).toBeGreaterThanOrEqual(30);
    expect(average_wait_time).toBeLessThan(60);
  });
});

describe('Sync', () => {
  test('a to-do list is kept, read in order and ticked off', async () => {
    const inList = { listSidOrName: 'to-do' };
    await call('sync_create_list', { uniqueName: 'to-do' });
    for (const task of ['buy milk', 'call Ann'])
      await call('sync_create_list_item', { ...inList, data: { task, done: false } });
    await call('sync_update_list_item', { ...inList, index: 0, data: { task: 'buy milk', done: true } });
    const { items } = await call('sync_list_list_items', inList);
    expect(items.map(({ index, data }: Json) => [index, data.task, data.done])).toEqual([
      [0, 'buy milk', true],
      [1, 'call Ann', false],
    ]);
  });
});

describe('Functions', () => {
  test('a Function is written, built and deployed', async () => {
    const { sid: serviceSid } = await call('serverless_create_service', { uniqueName: 'hello', friendlyName: 'Hello' });
    const environment = await call('serverless_create_environment', {
      serviceSid,
      uniqueName: 'dev',
      domainSuffix: 'dev',
    });
    expect(environment.domainName).toMatch(/^hello-\d{4}-dev\.twil\.io$/);
    expect(environment).not.toHaveProperty('buildSid');
    const { sid: functionSid } = await call('serverless_create_function', { serviceSid, friendlyName: 'hello' });
    const content = 'exports.handler = (context, event, callback) => callback(null, "Hello");';
    const upload = { serviceSid, functionSid, path: '/hello', visibility: 'public', content };
    const { sid: versionSid } = await call('serverless_upload_function_version', upload);
    expect(await call('serverless_get_function_version', { serviceSid, functionSid, versionSid })).toMatchObject({
      ...{ path: '/hello', content },
    });
    const { sid: buildSid, status } = await call('serverless_create_build', {
      serviceSid,
      functionVersions: [versionSid],
      dependencies: { twilio: '5.0.0' },
    });
    expect(status).toBe('building');
    const deployment = { serviceSid, environmentSid: environment.sid, buildSid };
    expect(await failure('serverless_create_deployment', deployment)).toContain('is building');
    sandbox().options.speed = Number.POSITIVE_INFINITY;
    expect(await call('serverless_get_build_status', { serviceSid, buildSid })).toMatchObject({
      ...{ status: 'completed', runtime: 'node22', dependencies: [{ name: 'twilio', version: '5.0.0' }] },
      functionVersions: [{ sid: versionSid, path: '/hello', visibility: 'public' }],
    });
    expect(await call('serverless_create_deployment', deployment)).toMatchObject({ buildSid });
    const live = await call('serverless_get_environment', { serviceSid, environmentSid: environment.sid });
    expect(live.buildSid).toBe(buildSid);
    const logs = await call('serverless_list_logs', { serviceSid, environmentSid: environment.sid });
    expect(logs.items).toEqual([]);
    const unknown = { serviceSid, functionVersions: [`ZN${'0'.repeat(32)}`] };
    expect(await failure('serverless_create_build', unknown)).toContain('does not exist in the Service');
  });
});
