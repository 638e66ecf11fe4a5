import { SandboxClient } from '../sandbox/client';
import { SEEDS } from '../sandbox/seed';
import { TO } from './support/sandbox';
import { callTool, type Stack, startStack } from './support/stack';

/*
 * The state of the sandbox's account: its time, and what it keeps.
 */

const DAY_S = 86_400;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(() => stack.sandbox.reset());
afterAll(() => stack.close());

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
