import { callTool, startStack } from '../support/stack';

const NUMBER = '+12065550190';

test('every call of a 30-second wait ends well before the 10-second limit of the platform', async () => {
  const stack = await startStack({ env: { TWILIO_PHONE_NUMBERS: NUMBER } });
  try {
    await callTool(stack.url, 'twilio_agent_phone_get_phone_number', { passport_id: 'ada' });
    const durations: number[] = [];
    const waitStart = Date.now();
    let token: string | undefined;
    let answer: Awaited<ReturnType<typeof callTool>>;
    do {
      const callStart = Date.now();
      answer = await callTool(stack.url, 'twilio_agent_phone_wait_for_sms', { phone_number: NUMBER, token });
      durations.push(Date.now() - callStart);
      token = answer.structured?.token;
    } while (token);
    expect(answer.text).toBe(`Wait for SMS failed: Timed out waiting for SMS to ${NUMBER}`);
    expect(Date.now() - waitStart).toBeGreaterThanOrEqual(30_000);
    expect(Math.max(...durations)).toBeLessThan(9000);
    expect(durations.length).toBeGreaterThan(3);
  } finally {
    await stack.close();
  }
}, 120_000);
