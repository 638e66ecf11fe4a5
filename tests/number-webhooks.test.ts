import { SEEDS } from '../sandbox/seed';
import { CODE_WEBHOOK, SMS_WEBHOOK, webhookAt } from '../src/config';
import { useThreads } from './support/threads';

/*
 * Where a number sends its inbound messages: shown, set to this server, and restored.
 */

const { base, answer, call } = useThreads();

describe('webhooks of a number', () => {
  const phoneNumberSid = SEEDS.phoneNumberSids[2]!;
  const getWebhooks = () => call('twilio_inbox_get_webhooks', { phoneNumberSid });

  test('are shown, set and restored', async () => {
    const previous = 'https://example.com/mine';
    await call('twilio_phone_numbers_configure_webhook', { phoneNumberSid, smsUrl: previous, smsMethod: 'GET' });
    expect(await getWebhooks()).toMatchObject({ smsUrl: previous, pointsHere: false });
    const smsUrl = `${base()}/webhooks/twilio/sms#rc=5&rp=all&rt=7000`;
    const set = { phoneNumberSid, smsUrl, smsMethod: 'POST', smsFallbackUrl: smsUrl, pointsHere: true };
    expect(await call('twilio_inbox_configure_webhooks', { phoneNumberSid })).toMatchObject(set);
    const codes = await call('twilio_inbox_configure_webhooks', { phoneNumberSid, codes: true });
    expect(codes).toMatchObject({
      smsUrl: webhookAt(base(), CODE_WEBHOOK),
      smsFallbackUrl: webhookAt(base(), CODE_WEBHOOK),
      before: { smsUrl: previous, smsMethod: 'GET', smsFallbackUrl: '' },
    });
    const restored = await call('twilio_inbox_restore_webhooks', { phoneNumberSid });
    expect(restored).toMatchObject({ smsUrl: previous, smsMethod: 'GET' });
    expect(restored).not.toHaveProperty('smsFallbackUrl');
    expect(await getWebhooks()).not.toHaveProperty('before');
    expect((await answer('twilio_inbox_restore_webhooks', { phoneNumberSid })).text).toMatch(/No settings are saved/);
  });

  test.each(['', '#rc=1', '#e=dublin&rp=5xx,ct,rt'])('are recognised with the overrides "%s"', async (overrides) => {
    const previous = 'https://example.com/mine';
    await call('twilio_phone_numbers_configure_webhook', { phoneNumberSid, smsUrl: previous });
    await call('twilio_inbox_configure_webhooks', { phoneNumberSid });
    const smsUrl = `${base()}/webhooks/twilio/sms${overrides}`;
    await call('twilio_phone_numbers_configure_webhook', { phoneNumberSid, smsUrl });
    expect(await getWebhooks()).toMatchObject({ smsUrl, pointsHere: true });
    const configured = await call('twilio_inbox_configure_webhooks', { phoneNumberSid });
    expect(configured).toMatchObject({ smsUrl: webhookAt(base(), SMS_WEBHOOK), before: { smsUrl: previous } });
    await call('twilio_phone_numbers_configure_webhook', { phoneNumberSid, smsUrl });
    expect(await call('twilio_inbox_restore_webhooks', { phoneNumberSid })).toMatchObject({ smsUrl: previous });
  });

  test('keep a fallback that is not this server', async () => {
    const smsFallbackUrl = 'https://example.com/fallback';
    await call('twilio_phone_numbers_configure_webhook', { phoneNumberSid, smsFallbackUrl });
    expect(await call('twilio_inbox_configure_webhooks', { phoneNumberSid })).toMatchObject({ smsFallbackUrl });
    await call('twilio_inbox_restore_webhooks', { phoneNumberSid });
    await call('twilio_phone_numbers_configure_webhook', { phoneNumberSid, smsFallbackUrl: '' });
  });

  test('do not lead here while a Messaging Service handles the messages', async () => {
    const service = { friendlyName: 'Support', inboundRequestUrl: 'https://example.com/service' };
    const { sid: serviceSid } = await call('twilio_messaging_services_create_messaging_service', {
      ...service,
      useInboundWebhookOnNumber: false,
    });
    await call('twilio_messaging_services_add_number', { serviceSid, phoneNumberSid });
    const overridden = expect.stringMatching(`^Messaging Service ${serviceSid} handles messages`);
    const configured = await call('twilio_inbox_configure_webhooks', { phoneNumberSid });
    expect(configured).toMatchObject({ pointsHere: false, overridden });
    expect(await getWebhooks()).toMatchObject({ pointsHere: false, overridden });
    await call('twilio_messaging_services_update_messaging_service', { serviceSid, useInboundWebhookOnNumber: true });
    expect(await getWebhooks()).toMatchObject({ pointsHere: true });
    await call('twilio_messaging_services_delete_messaging_service', { serviceSid });
  });

  test('are not restored over a newer setting', async () => {
    await call('twilio_inbox_configure_webhooks', { phoneNumberSid });
    await call('twilio_phone_numbers_configure_webhook', { phoneNumberSid, smsUrl: 'https://example.com/newer' });
    expect((await answer('twilio_inbox_restore_webhooks', { phoneNumberSid })).text).toMatch(
      /no longer points to this server; nothing was changed/,
    );
    expect(await getWebhooks()).toMatchObject({ smsUrl: 'https://example.com/newer' });
  });
});
