import { SEEDS } from '../../sandbox/seed';
import { TOOLS } from '../laws/law';
import { breachesOf, FAST_FAULTS, OUTCOMES_ENVIRONMENT, SLOW_FAULTS } from '../support/outcomes';
import { callTool, useStack } from '../support/stack';

/*
 * No answer denies what may have happened: a sample of what tests/sweeps/outcomes tries with every tool.
 */

const stack = useStack({ lenient: true, env: OUTCOMES_ENVIRONMENT });

const tool = (name: string) => TOOLS.find((one) => one.name === name)!;

/** A tool of each kind of request, with the number of its requests. */
const SAMPLE = [
  ['twilio_messaging_send_sms', 1],
  ['twilio_phone_numbers_buy_phone_number', 1],
  ['twilio_phone_numbers_update_phone_number', 1],
  ['twilio_messaging_delete_message', 2],
  ['twilio_inbox_restore_webhooks', 4],
  ['twilio_lookups_lookup_phone_number', 1],
  ['twilio_content_create_content_template', 1],
  ['twilio_serverless_upload_function_version', 1],
  ['twilio_api_write', 1],
] as const;

test.each(SAMPLE)('%s denies nothing that may have happened', async (name, requests) => {
  const found: string[] = [];
  for (let skip = 0; skip < requests; skip++) {
    for (const fault of Object.entries(FAST_FAULTS)) {
      found.push(...(await breachesOf(stack, tool(name), fault, skip)).breaches);
    }
  }
  expect(found).toEqual([]);
});

test.each(Object.entries(SLOW_FAULTS))('a send ends in time and denies nothing: %s', async (label, fault) => {
  const { breaches, requests } = await breachesOf(stack, tool('twilio_messaging_send_sms'), [label, fault]);
  expect(breaches).toEqual([]);
  expect(requests[0]?.fault).toBe(label);
});

describe('a call with a part that fails', () => {
  test('says that a paid lookup without an answer may have been charged, and shows the others', async () => {
    stack.sandbox.faults.add({ operationId: 'FetchPhoneNumber', skip: 1, drop: 'after' });
    const { structured } = await callTool(stack.url, 'twilio_lookups_check_fraud_risk', {
      phoneNumber: '+14155550100',
    });
    expect(structured.missing.join()).toMatch(/line_type_intelligence: .*may have been charged/);
    expect(structured.missing.join() + structured.reasons.join()).toMatch(/sim_swap/);
  });

  test('shows rate limits whose buckets cannot be read', async () => {
    stack.sandbox.options.lenient = true;
    stack.sandbox.faults.add({ operationId: 'ListBucket', status: 500, code: 20500, times: 50 });
    const serviceSid = `VA${'a'.repeat(32)}`;
    await callTool(stack.url, 'twilio_verify_create_rate_limit', { serviceSid, uniqueName: 'end_user_ip' });
    const { structured } = await callTool(stack.url, 'twilio_verify_list_rate_limits', { serviceSid });
    expect(structured.items[0]).toMatchObject({
      uniqueName: 'end_user_ip',
      unread: expect.stringMatching(/^The buckets could not be read\. Twilio error 20500/),
    });
  });

  test('shows the A2P status of a service whose brand cannot be read', async () => {
    const serviceSid = `MG${'a'.repeat(32)}`;
    stack.sandbox.options.lenient = true;
    stack.sandbox.faults.add({ operationId: 'FetchBrandRegistrations', status: 404, code: 20404, times: 50 });
    stack.sandbox.faults.add({ operationId: 'ListBrandRegistrations', status: 500, code: 20500, times: 50 });
    const { structured } = await callTool(stack.url, 'twilio_messaging_services_get_a2p_status', { serviceSid });
    expect(structured).toMatchObject({ ready: false, serviceSid });
    expect(structured.missing.join()).toMatch(/The brands .* could not be read\. Twilio error/);
  });

  test('says that a restored webhook is restored, even if the saved copy remains', async () => {
    stack.sandbox.options.lenient = false;
    const args = { phoneNumberSid: SEEDS.phoneNumberSids[0] };
    await callTool(stack.url, 'twilio_inbox_configure_webhooks', args);
    stack.sandbox.faults.add({ operationId: 'DeleteSyncMapItem', status: 403, code: 20003, times: 50 });
    const { isError, structured } = await callTool(stack.url, 'twilio_inbox_restore_webhooks', args);
    expect([isError, structured.notForgotten]).toEqual([undefined, expect.stringMatching(/were restored/)]);
  });
});

test('Retry-After may be a date: a request is not repeated before it', async () => {
  const later = new Date(Date.now() + 3_600_000).toUTCString();
  stack.sandbox.faults.add({
    operationId: 'ListMessage',
    status: 429,
    code: 20429,
    headers: { 'retry-after': later },
    times: 9,
  });
  await callTool(stack.url, 'twilio_messaging_get_message_logs');
  expect(stack.sandbox.journal.entries).toHaveLength(1);
});
