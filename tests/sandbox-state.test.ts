import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SandboxClient } from '../sandbox/client';
import { SEEDS } from '../sandbox/seed';
import { startSandbox } from '../sandbox/server';
import { clientOf, FROM, TO } from './support/sandbox';
import { callTool, useStack } from './support/stack';
import { webhookServer } from './support/webhook-server';

/*
 * The state of the sandbox's account: its time, and what it keeps.
 */

const DAY_S = 86_400;

const stack = useStack();

describe('time', () => {
  test('a scheduled message is delivered once the clock has been moved past its time', async () => {
    const { structured } = await callTool(stack.url, 'twilio_messaging_send_sms', {
      to: TO,
      body: 'See you tomorrow',
      sendAt: new Date(Date.now() + DAY_S * 1000).toISOString(),
      messagingServiceSid: SEEDS.messagingServiceSid,
    });
    const status = async () =>
      (await callTool(stack.url, 'twilio_messaging_get_message_status', { messageSid: structured.sid })).structured
        .status;
    expect(await status()).toBe('scheduled');
    const now = await new SandboxClient(stack.sandbox.url).advance(DAY_S + 5);
    expect(Date.parse(now)).toBeGreaterThan(Date.now() + DAY_S * 1000);
    expect(await status()).toBe('delivered');
  });

  test('what becomes due is reported to webhooks although nothing reads it', async () => {
    const changes: string[] = [];
    stack.sandbox.state.events.on('change', ({ change }) => changes.push(change));
    await callTool(stack.url, 'twilio_voice_make_call', { to: TO, twiml: '<Response><Say>Hello</Say></Response>' });
    stack.sandbox.advance(3_600_000);
    expect(changes).toContain('completed');
  });

  test('the clock cannot be moved back, and a reset restores it', async () => {
    const client = new SandboxClient(stack.sandbox.url);
    await expect(client.advance(-1)).rejects.toThrow('The clock can only be moved ahead.');
    await client.advance(DAY_S);
    await client.reset();
    expect(stack.sandbox.state.clock.now() - Date.now()).toBeLessThan(1000);
  });
});

describe('a kept account', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  const file = join(folder, 'account.json');
  beforeEach(() => rmSync(file, { force: true }));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('continues where it ended: resources, deletions, keys and time', async () => {
    const first = await startSandbox({ file });
    expect(first.restored).toBe(false);
    const { sid } = await clientOf(first).messages.create({ to: TO, from: FROM, body: 'Kept' });
    const key = await clientOf(first).newKeys.create({ friendlyName: 'Kept' });
    await clientOf(first).messages(SEEDS.failedMessageSid).remove();
    first.advance(3_600_000);
    const logged = await clientOf(first).messages.list();
    await first.close();

    const second = await startSandbox({ file });
    expect(second.restored).toBe(true);
    const client = clientOf(second, key.sid, key.secret);
    expect((await client.messages.list()).map(String)).toEqual(logged.map(String));
    expect(logged.find((message) => message.sid === sid)).toMatchObject({ body: 'Kept', status: 'delivered' });
    await expect(client.messages(SEEDS.failedMessageSid).fetch()).rejects.toMatchObject({ code: 20404 });
    expect(second.state.clock.now() - Date.now()).toBeGreaterThan(3_500_000);
    await second.close();
  });

  const webhooks = webhookServer();

  test('continues a call that was waiting for its TwiML', async () => {
    const first = await startSandbox({ file, speed: Number.POSITIVE_INFINITY });
    first.state.events.removeAllListeners('twiml');
    const created = await clientOf(first).calls.create({ to: TO, from: FROM, url: webhooks.url('/hello') });
    expect(await clientOf(first).calls(created.sid).fetch()).toMatchObject({ status: 'in-progress' });
    await first.close();
    webhooks.answers['/hello'] = '<Response><Say>Hello</Say></Response>';
    const second = await startSandbox({ file, speed: Number.POSITIVE_INFINITY });
    await second.webhooks.settled();
    expect(await clientOf(second).calls(created.sid).fetch()).toMatchObject({ status: 'completed', duration: '1' });
    await second.close();
  });

  test('is saved after a change, so that a killed process loses nothing', async () => {
    const sandbox = await startSandbox({ file });
    const { sid } = await clientOf(sandbox).messages.create({ to: TO, from: FROM, body: 'Kept' });
    while (!existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(readFileSync(file, 'utf8')).toContain(sid);
    await sandbox.close();
  });

  test.each([
    ['is cut off', '{"version":1,"resources":[{"kind":'],
    ['has another version', '{"version":0}'],
    ['has another form', '{"version":1}'],
  ])('that %s is set aside, not lost', async (_, text) => {
    writeFileSync(file, text);
    const sandbox = await startSandbox({ file });
    const aside = readdirSync(folder).find((name) => name.includes('unreadable'))!;
    expect(sandbox.restored).toBe(false);
    expect(sandbox.notices).toEqual([expect.stringContaining(aside)]);
    expect(readFileSync(join(folder, aside), 'utf8')).toBe(text);
    expect(await clientOf(sandbox).messages.list()).not.toEqual([]);
    await sandbox.close();
    rmSync(join(folder, aside));
  });
});

describe('a past', () => {
  test('covers 60 days with failures, replies, opt-outs, pictures and WhatsApp, the same each time', async () => {
    const read = async () => {
      const sandbox = await startSandbox({ history: true });
      const client = clientOf(sandbox);
      const messages = (await client.messages.list()).filter(({ dateCreated }) => isPast(dateCreated));
      const calls = (await client.calls.list()).filter(({ dateCreated }) => isPast(dateCreated));
      await sandbox.close();
      return { messages: messages.map(toPlain), calls: calls.map(toPlain) };
    };
    // The other seeds are at most an hour old, relative to the start.
    const isPast = (date: Date) => Date.now() - date.getTime() > 2 * 3_600_000;
    const toPlain = (each: { toJSON(): unknown }) => each.toJSON() as Record<string, string>;
    const { messages, calls } = await read();
    expect(await read()).toEqual({ messages, calls });
    expect(messages.length).toBeGreaterThan(270);
    // Two of them are those of yesterday's conference.
    expect(calls).toHaveLength(62);
    const days = new Set(messages.map(({ dateCreated }) => new Date(dateCreated!).toISOString().slice(0, 10)));
    expect(days.size).toBe(60);
    const has = (wanted: object) => expect(messages).toContainEqual(expect.objectContaining(wanted));
    for (const errorCode of [21610, 30003, 30005, 30006, 30007, 30008, 63016]) has({ errorCode });
    for (const body of ['STOP', 'START']) has({ body, direction: 'inbound', to: FROM });
    has({ direction: 'inbound', numMedia: '1' });
    has({ from: `whatsapp:${SEEDS.numbers[1]}` });
    expect(new Set(calls.map(({ status }) => status))).toEqual(new Set(['completed', 'busy', 'no-answer']));
  });

  test('has a media resource for each picture, and an alert for each failure of the last 30 days', async () => {
    const sandbox = await startSandbox({ history: true });
    const client = clientOf(sandbox);
    const messages = await client.messages.list();
    const [picture] = messages.filter(({ numMedia }) => numMedia === '1');
    expect(await client.messages(picture!.sid).media.list()).toMatchObject([{ contentType: 'image/jpeg' }]);
    const since = Date.now() - 29 * DAY_S * 1000;
    const failed = messages.filter(({ errorCode, dateCreated }) => errorCode && dateCreated.getTime() > since);
    const alerts = (await client.monitor.v1.alerts.list()).map(({ resourceSid }) => resourceSid);
    expect(failed.map(({ sid }) => sid).filter((sid) => !alerts.includes(sid))).toEqual([]);
    await sandbox.close();
  });

  test('is not there without the option', async () => {
    expect(await clientOf(stack.sandbox).messages.list()).toHaveLength(3);
  });
});
