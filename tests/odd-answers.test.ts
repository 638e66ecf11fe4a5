import { callTool, useStack } from './support/stack';

/*
 * Answers of Twilio that differ from its API descriptions, and files that are not what they claim to be.
 */

const messageSid = `SM${'a'.repeat(32)}`;
const phoneNumber = '+447772000001';

const stack = useStack({ lenient: true });

const answer = (operationId: string, body: object) =>
  stack.sandbox.faults.add({ operationId, body: JSON.stringify(body), times: 10 });

describe('a lookup', () => {
  test.each([
    ['call_forwarding_enabled', true, 'medium: calls are forwarded'],
    ['call_forwarding_status', 'true', 'medium: calls are forwarded'],
    ['call_forwarding_status', 'false', 'low: calls are not forwarded'],
    ['CallForwardingStatus', true, 'medium: calls are forwarded'],
  ])('reads call forwarding from %s %j', async (name, value, reason) => {
    answer('FetchPhoneNumber', { valid: true, call_forwarding: { [name]: value, error_code: null } });
    const args = { phoneNumber, checks: ['call_forwarding'] };
    const { structured } = await callTool(stack.url, 'twilio_lookups_check_fraud_risk', args);
    expect(structured.reasons).toEqual([expect.stringMatching(`^${reason}`)]);
    const number = await callTool(stack.url, 'twilio_lookups_lookup_phone_number', {
      phoneNumber,
      fields: ['call_forwarding'],
    });
    expect(number.structured.callForwarding).toMatchObject({ callForwardingEnabled: reason.startsWith('medium') });
  });

  test('does not call a number invalid because the answer does not say so', async () => {
    answer('FetchPhoneNumber', {});
    const { structured } = await callTool(stack.url, 'twilio_lookups_check_fraud_risk', { phoneNumber });
    expect(structured).toMatchObject({ verdict: 'unknown', reasons: [] });
  });
});

test('a date that an answer lacks is not the present', async () => {
  answer('FetchMessage', { sid: messageSid, status: 'sent', date_created: 'Mon, 16 Aug 2010 03:45:01 +0000' });
  const { structured } = await callTool(stack.url, 'twilio_messaging_get_message_status', { messageSid });
  expect(structured).toMatchObject({ dateCreated: '2010-08-16T03:45:01.000Z' });
  expect(Object.keys(structured)).not.toContain('dateSent');
});

test.each([{}, { messages: null }])('an answer that is not a list is reported: %j', async (body) => {
  answer('ListMessage', body);
  const { isError, text } = await callTool(stack.url, 'twilio_messaging_get_message_logs');
  expect([isError, text]).toEqual([true, expect.stringMatching(/^Twilio did not answer as its API does/)]);
});

test.each([
  ['twilio_verify_list_rate_limits', 'twilio_verify_list_services'],
  ['twilio_messaging_services_get_a2p_status', 'twilio_messaging_services_list_messaging_services'],
  ['twilio_taskrouter_list_tasks', 'twilio_taskrouter_list_workspaces'],
])('%s without an ID names the tool that lists them', async (name, list) => {
  expect((await callTool(stack.url, name)).text).toContain(`Pass an ID from ${list}`);
});
