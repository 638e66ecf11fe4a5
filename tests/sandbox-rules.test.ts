import { SEEDS } from '../sandbox/seed';
import type { Sandbox } from '../sandbox/server';
import { type Client, errorOf, FROM, fakeDate, TO, useSandbox } from './support/sandbox';

let sandbox: Sandbox;
let client: Client;
useSandbox((...started) => {
  [sandbox, client] = started;
});

const skipDelays = () => {
  sandbox.options.speed = Number.POSITIVE_INFINITY;
};

describe('messages', () => {
  test('go from queued to delivered', async () => {
    const changes: string[] = [];
    sandbox.state.events.on('change', ({ change }) => changes.push(change));
    const sent = await client.messages.create({ to: TO, from: FROM, body: 'Hello' });
    expect(sent).toMatchObject({
      status: 'queued',
      direction: 'outbound-api',
      price: null,
      dateSent: null,
      numSegments: '1',
    });
    expect(sent.sid).toMatch(/^SM[0-9a-f]{32}$/);
    skipDelays();
    const delivered = await client.messages(sent.sid).fetch();
    expect(delivered).toMatchObject({ status: 'delivered', price: '-0.00830', errorCode: null, body: 'Hello' });
    expect(delivered.dateSent).toBeInstanceOf(Date);
    expect(changes).toEqual(['created', 'delivered']);
    sandbox.state.events.removeAllListeners();
  });

  test('change status at the configured speed', async () => {
    const advance = fakeDate();
    sandbox.options.speed = 10;
    const { sid } = await client.messages.create({ to: TO, from: FROM, body: 'Hello' });
    const statuses = [];
    for (let i = 0; i < 5; i++) {
      statuses.push((await client.messages(sid).fetch()).status);
      advance(31);
    }
    expect(statuses).toEqual(['queued', 'sending', 'sent', 'delivered', 'delivered']);
  });

  test('with media have an MM SID, and each media URL is a field', async () => {
    const mediaUrl = ['https://example.com/a.png', 'https://example.com/b.gif'];
    const sent = await client.messages.create({ to: TO, from: FROM, mediaUrl });
    expect(sandbox.journal.last?.body).toContain('MediaUrl=https%3A%2F%2Fexample.com%2Fa.png&MediaUrl=');
    expect(sandbox.journal.last?.fields.MediaUrl).toEqual(mediaUrl);
    expect(sent.sid).toMatch(/^MM/);
    expect(sent.numMedia).toBe('2');
    const media = await client.messages(sent.sid).media.list();
    expect(media.map((one) => one.contentType)).toEqual(['image/png', 'image/gif']);
    expect((await client.messages(sent.sid).fetch()).uri).toContain(sent.sid);
  });

  test('count their segments', async () => {
    const segments = async (body: string) => (await client.messages.create({ to: TO, from: FROM, body })).numSegments;
    expect(await segments('x'.repeat(160))).toBe('1');
    expect(await segments('x'.repeat(161))).toBe('2');
    expect(await segments('ж'.repeat(70))).toBe('1');
    expect(await segments('ж'.repeat(71))).toBe('2');
  });

  test('can be scheduled with a Messaging Service and canceled', async () => {
    const sendAt = new Date(Date.now() + 3_600_000);
    const scheduled = { to: TO, body: 'Later', sendAt, scheduleType: 'fixed' as const };
    expect(await errorOf(client.messages.create({ ...scheduled, from: FROM }))).toMatchObject({ code: 35118 });
    const service = { messagingServiceSid: SEEDS.messagingServiceSid };
    const soon = { ...scheduled, ...service, sendAt: new Date(Date.now() + 1000) };
    expect(await errorOf(client.messages.create(soon))).toMatchObject({ code: 35114 });
    skipDelays();
    const { sid, status } = await client.messages.create({ ...scheduled, ...service });
    expect(status).toBe('scheduled');
    const { sid: other } = await client.messages.create({ to: TO, body: 'Now', ...service });
    expect(await client.messages(other).fetch()).toMatchObject({ status: 'delivered', from: FROM, numSegments: '1' });
    expect((await client.messages(sid).update({ status: 'canceled' })).status).toBe('canceled');
    expect((await client.messages(sid).fetch()).status).toBe('canceled');
    expect(await errorOf(client.messages(sid).update({ status: 'canceled' }))).toMatchObject({ code: 30409 });
  });

  test('can be redacted and deleted', async () => {
    const message = client.messages(SEEDS.deliveredMessageSid);
    expect((await message.update({ body: '' })).body).toBe('');
    expect(await errorOf(message.update({ body: 'other' }))).toMatchObject({ code: 30400 });
    expect(await message.remove()).toBe(true);
    expect(sandbox.journal.last).toMatchObject({ method: 'DELETE', status: 204, body: '' });
    expect(await errorOf(message.fetch())).toMatchObject({ status: 404, code: 20404 });
    expect((await client.messages.list()).map((one) => one.sid)).not.toContain(SEEDS.deliveredMessageSid);
  });

  test.each([
    ['+15005550001', TO, 21212],
    ['+15005550007', TO, 21606],
    ['+15005550008', TO, 21611],
    ['+14155559999', TO, 21606],
    ['+15005550006', '+15005550001', 21211],
    ['+15005550006', '+15005550002', 21612],
    ['+15005550006', '+15005550003', 21408],
    ['+15005550006', '+15005550004', 21610],
    ['+15005550006', '+15005550009', 21614],
    ['+15005550006', '4155550100', 21211],
    ['whatsapp:+14155238886', TO, 21612],
    ['Sandbox', TO, 21612],
  ])('from %s to %s fail with error %i', async (from, to, code) => {
    expect(await errorOf(client.messages.create({ from, to, body: 'x' }))).toMatchObject({ status: 400, code });
  });

  test('require a sender, and a body of 1 to 1600 characters', async () => {
    expect(await errorOf(client.messages.create({ to: TO, body: 'x' }))).toMatchObject({ code: 21603 });
    expect(await errorOf(client.messages.create({ to: TO, from: FROM }))).toMatchObject({ code: 21619 });
    expect(await errorOf(client.messages.create({ to: TO, from: FROM, body: 'x'.repeat(1601) }))).toMatchObject({
      code: 21617,
    });
    await client.messages.create({ to: `whatsapp:${TO}`, from: 'whatsapp:+14155238886', body: 'x' });
    await client.messages.create({ to: '+447700900456', from: 'Sandbox', body: 'x' });
  });
});

describe('calls', () => {
  const call = { to: TO, from: FROM, twiml: '<Response><Say>Hi</Say></Response>' };

  test('ring, are answered and complete', async () => {
    const advance = fakeDate();
    const { sid, status } = await client.calls.create(call);
    expect(status).toBe('queued');
    const statusAfter = async (milliseconds: number) => {
      advance(milliseconds);
      return (await client.calls(sid).fetch()).status;
    };
    expect(await statusAfter(300)).toBe('ringing');
    expect(await errorOf(client.calls(sid).remove())).toMatchObject({ status: 409, code: 20009 });
    expect(await statusAfter(400)).toBe('in-progress');
    const redirected = await client.calls(sid).update({ url: 'https://example.com/next' });
    expect(redirected).toMatchObject({ status: 'in-progress', endTime: null });
    expect(await statusAfter(30_000)).toBe('completed');
    const ended = await client.calls(sid).fetch();
    expect(ended.startTime).toBeInstanceOf(Date);
    expect(ended).toMatchObject({ duration: '30', price: '-0.01400' });
    expect(await client.calls(sid).remove()).toBe(true);
  });

  test('with TwiML that is not XML are answered, report an error and end', async () => {
    const advance = fakeDate();
    const { sid } = await client.calls.create({ ...call, twiml: '<Response><Say>Fish & chips</Say></Response>' });
    advance(60_000);
    expect(await client.calls(sid).fetch()).toMatchObject({ status: 'completed', duration: '4' });
    const notifications = await client.calls(sid).notifications.list();
    expect(notifications).toEqual([expect.objectContaining({ errorCode: '12100', log: '0' })]);
    const alerts = await client.monitor.v1.alerts.list();
    expect(alerts.filter(({ resourceSid }) => resourceSid === sid)).toEqual([
      expect.objectContaining({ sid: notifications[0]!.sid, errorCode: '12100', logLevel: 'error' }),
    ]);
  });

  test('with unknown TwiML skip it and report a warning', async () => {
    const advance = fakeDate();
    const twiml = '<Response><Speak>Hi</Speak><Pause length="9"/></Response>';
    const { sid } = await client.calls.create({ ...call, twiml });
    advance(60_000);
    expect(await client.calls(sid).fetch()).toMatchObject({ status: 'completed', duration: '9' });
    expect(await client.calls(sid).notifications.list()).toEqual([
      expect.objectContaining({ errorCode: '12200', log: '1', messageText: expect.stringContaining('Speak') }),
    ]);
  });

  test('are recorded if `record` is true', async () => {
    skipDelays();
    const { sid } = await client.calls.create({ ...call, record: true });
    await client.calls(sid).fetch();
    const [recording] = await client.calls(sid).recordings.list();
    expect(recording).toMatchObject({ callSid: sid, status: 'completed' });
    expect((await client.recordings.list()).map((one) => one.sid)).toEqual(
      expect.arrayContaining([recording!.sid, SEEDS.recordingSid]),
    );
  });

  test('accept only the updates that their status allows', async () => {
    sandbox.options.speed = 1e-6;
    const { sid } = await client.calls.create(call);
    expect(await errorOf(client.calls(sid).update({ url: 'https://example.com/x' }))).toMatchObject({ code: 21220 });
    expect((await client.calls(sid).update({ status: 'canceled' })).status).toBe('canceled');
    expect(await errorOf(client.calls(sid).update({ status: 'completed' }))).toMatchObject({ code: 21220 });
    const { sid: other } = await client.calls.create(call);
    expect((await client.calls(other).update({ status: 'completed' })).status).toBe('completed');
  });

  test.each([
    ['+15005550001', TO, 21212],
    ['+14155559999', TO, 21210],
    [FROM, '+15005550001', 21217],
    [FROM, '+15005550002', 21214],
    [FROM, '+15005550003', 21215],
    [FROM, '+15005550004', 13225],
  ])('from %s to %s fail with error %i', async (from, to, code) => {
    expect(await errorOf(client.calls.create({ ...call, from, to }))).toMatchObject({ code });
  });

  test('require instructions', async () => {
    expect(await errorOf(client.calls.create({ to: TO, from: FROM } as never))).toMatchObject({ code: 21205 });
  });

  test('include conferences, of which only those in progress are listed by default', async () => {
    expect((await client.conferences.list()).map((one) => one.sid)).toEqual([SEEDS.conferenceSid]);
    const ended = await client.conferences.list({ status: 'completed' });
    expect(ended.map((one) => one.sid)).toEqual([SEEDS.endedConferenceSid]);
    expect((await client.conferences(SEEDS.conferenceSid).update({ status: 'completed' })).status).toBe('completed');
    expect(await client.conferences.list()).toEqual([]);
  });
});

describe('numbers', () => {
  test('can be searched, bought, configured and released', async () => {
    const search = () => client.availablePhoneNumbers('US').local.list({ areaCode: 512, smsEnabled: true, limit: 3 });
    const found = await search();
    expect(found.map((one) => one.phoneNumber.slice(0, 5))).toEqual(['+1512', '+1512', '+1512']);
    expect(found[0]).toMatchObject({ locality: 'Austin', region: 'TX', isoCountry: 'US', capabilities: { SMS: true } });
    const [{ phoneNumber }] = found as [(typeof found)[0]];
    const bought = await client.incomingPhoneNumbers.create({ phoneNumber, smsUrl: 'https://example.com/sms' });
    expect(bought).toMatchObject({
      phoneNumber,
      smsUrl: 'https://example.com/sms',
      smsMethod: 'POST',
      voiceUrl: '',
      capabilities: { sms: true },
    });
    expect((await search()).map((one) => one.phoneNumber)).not.toContain(phoneNumber);
    expect(await errorOf(client.incomingPhoneNumbers.create({ phoneNumber }))).toMatchObject({ code: 21422 });
    const configured = await client
      .incomingPhoneNumbers(bought.sid)
      .update({ friendlyName: 'Desk', voiceUrl: 'https://example.com/v' });
    expect(configured).toMatchObject({
      friendlyName: 'Desk',
      voiceUrl: 'https://example.com/v',
      smsUrl: 'https://example.com/sms',
    });
    expect((await client.incomingPhoneNumbers.list({ phoneNumber })).map((one) => one.sid)).toEqual([bought.sid]);
    await client.messages.create({ to: TO, from: phoneNumber, body: 'x' });
    expect(await client.incomingPhoneNumbers(bought.sid).remove()).toBe(true);
    expect(await errorOf(client.incomingPhoneNumbers(bought.sid).fetch())).toMatchObject({ code: 20404 });
    expect((await search()).map((one) => one.phoneNumber)).toContain(phoneNumber);
    expect(await errorOf(client.messages.create({ to: TO, from: phoneNumber, body: 'x' }))).toMatchObject({
      code: 21606,
    });
  });

  test('can be searched by pattern, location and capability', async () => {
    const us = client.availablePhoneNumbers('US').local;
    const numbers = async (options: Parameters<typeof us.list>[0]) =>
      (await us.list(options)).map((one) => one.phoneNumber);
    expect(await numbers({ contains: '+1206***0142' })).toEqual(['+12065550142']);
    const owned = await client.incomingPhoneNumbers.list({ phoneNumber: '+1202***0143' });
    expect(owned.map((one) => one.phoneNumber)).toEqual([SEEDS.numbers[1]]);
    expect(await numbers({ inRegion: 'IL', limit: 1 })).toEqual(['+13125550100']);
    expect(await numbers({ areaCode: 533 })).toEqual([]);
    expect(await client.availablePhoneNumbers('GB').local.list({ smsEnabled: true })).toEqual([]);
    expect(await errorOf(client.availablePhoneNumbers('ZZ').local.list())).toMatchObject({ code: 20404 });
  });

  test.each([
    [{ phoneNumber: '+15005550000' }, 21422],
    [{ phoneNumber: '+15005550001' }, 21421],
    [{ areaCode: '533' }, 21452],
  ])('bought with %j fail with error %i', async (options, code) => {
    expect(await errorOf(client.incomingPhoneNumbers.create(options))).toMatchObject({ code });
  });

  test('can be bought by area code and added to a Messaging Service', async () => {
    expect((await client.incomingPhoneNumbers.create({ areaCode: '500' })).phoneNumber).toBe('+15005550006');
    const { sid } = await client.incomingPhoneNumbers.create({ areaCode: '303' });
    const service = client.messaging.v1.services(SEEDS.messagingServiceSid);
    expect(await service.phoneNumbers.create({ phoneNumberSid: sid })).toMatchObject({ sid, countryCode: 'US' });
    expect(await service.phoneNumbers(sid).remove()).toBe(true);
  });
});

describe('verify', () => {
  const service = () => client.verify.v2.services(SEEDS.verifyServiceSid);

  test('approves the correct code once', async () => {
    const { sid, status } = await service().verifications.create({ to: TO, channel: 'sms' });
    expect(status).toBe('pending');
    expect(await service().verificationChecks.create({ to: TO, code: '000000' })).toMatchObject({
      status: 'pending',
      valid: false,
    });
    expect(await service().verificationChecks.create({ to: TO, code: '123456' })).toMatchObject({
      sid,
      status: 'approved',
      valid: true,
    });
    expect(await errorOf(service().verificationChecks.create({ to: TO, code: '123456' }))).toMatchObject({
      status: 404,
      code: 20404,
    });
  });

  test('rejects an unknown channel, and limits sends and checks', async () => {
    expect(await errorOf(service().verifications.create({ to: TO, channel: 'pigeon' }))).toMatchObject({ code: 60200 });
    for (let i = 0; i < 5; i++) await service().verifications.create({ to: TO, channel: 'sms', customCode: '4711' });
    expect(await errorOf(service().verifications.create({ to: TO, channel: 'sms' }))).toMatchObject({
      status: 429,
      code: 60203,
    });
    for (let i = 0; i < 5; i++) await service().verificationChecks.create({ to: TO, code: '0000' });
    expect(await errorOf(service().verificationChecks.create({ to: TO, code: '4711' }))).toMatchObject({
      status: 429,
      code: 60202,
    });
  });
});

describe('sync', () => {
  test('enforces unique names, revisions and sizes, and orders items', async () => {
    const service = client.sync.v1.services('default');
    const first = await service.documents.create({ uniqueName: 'd', data: { n: 1 } });
    expect(first).toMatchObject({ revision: '0', serviceSid: SEEDS.syncServiceSid, data: { n: 1 } });
    expect(await errorOf(service.documents.create({ uniqueName: 'd' }))).toMatchObject({ status: 409, code: 54301 });
    const second = await service.documents('d').update({ ifMatch: '0', data: { n: 2 } });
    expect(second.revision).toBe('1');
    expect(await errorOf(service.documents('d').update({ ifMatch: '0', data: {} }))).toMatchObject({
      status: 412,
      code: 54103,
    });
    expect(await errorOf(service.documents.create({ data: 'x'.repeat(20_000) as never }))).toMatchObject({
      code: 20001,
    });
    expect(await errorOf(service.documents.create({ data: { x: 'x'.repeat(20_000) } }))).toMatchObject({
      status: 413,
      code: 54006,
    });

    await service.syncMaps.create({ uniqueName: 'm' });
    const items = service.syncMaps('m').syncMapItems;
    for (const key of ['b', 'c', 'a']) await items.create({ key, data: { key } });
    expect(await errorOf(items.create({ key: 'a', data: {} }))).toMatchObject({ status: 409, code: 54208 });
    expect((await items.list({ from: 'a', bounds: 'exclusive' })).map((one) => one.key)).toEqual(['b', 'c']);
    expect((await items.list({ order: 'desc' })).map((one) => one.key)).toEqual(['c', 'b', 'a']);
    expect(await service.syncMaps('m').syncMapItems('a').remove()).toBe(true);
    expect(await errorOf(service.syncMaps('m').syncMapItems('a').fetch())).toMatchObject({ code: 20404 });

    await service.syncLists.create({ uniqueName: 'l' });
    for (const n of [10, 11]) await service.syncLists('l').syncListItems.create({ data: { n } });
    expect((await service.syncLists('l').syncListItems(1).fetch()).data).toEqual({ n: 11 });
  });

  test('drops expired documents', async () => {
    const advance = fakeDate();
    const documents = client.sync.v1.services('default').documents;
    await documents.create({ uniqueName: 'short', data: {}, ttl: 300 });
    advance(299_000);
    expect((await documents.list()).map((one) => one.uniqueName)).toEqual(['short']);
    advance(1000);
    expect((await documents.list()).map((one) => one.uniqueName)).toEqual([]);
    expect(await errorOf(client.sync.v1.services('default').documents('short').fetch())).toMatchObject({ code: 20404 });
  });
});
