import { SEEDS } from '../sandbox/seed';
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
    const set = { phoneNumberSid, smsUrl: `${base()}/webhooks/twilio/sms`, smsMethod: 'POST', pointsHere: true };
    expect(await call('twilio_inbox_configure_webhooks', { phoneNumberSid })).toMatchObject(set);
    const codes = await call('twilio_inbox_configure_webhooks', { phoneNumberSid, codes: true });
    expect(codes).toMatchObject({
      smsUrl: `${base()}/webhook/sms-received`,
      before: { smsUrl: previous, smsMethod: 'GET' },
    });
    expect(await call('twilio_inbox_restore_webhooks', { phoneNumberSid })).toMatchObject({
      smsUrl: previous,
      smsMethod: 'GET',
    });
    expect(await getWebhooks()).not.toHaveProperty('before');
    expect((await answer('twilio_inbox_restore_webhooks', { phoneNumberSid })).text).toMatch(/No settings are saved/);
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
