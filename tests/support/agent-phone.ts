import { SANDBOX_AUTH_TOKEN } from '../../sandbox/server';
import { freePort } from './clone';
import { callTool, type Stack, startStack } from './stack';

/** The numbers that agents share. */
export const POOL = Array.from({ length: 10 }, (_, i) => `+1206555019${i}`);
export const NUMBER = POOL[0]!;

/** Starts a stack for one test, since assignments last. */
export async function startAgentPhone(
  env: Record<string, string> = {},
  options: { fork?: boolean } = {},
): Promise<Stack & { base: string }> {
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const settings = { TWILIO_PHONE_NUMBERS: POOL.join(','), AUTH_TOKEN: SANDBOX_AUTH_TOKEN, WEBHOOK_BASE_URL: base };
  return { ...(await startStack({ port, env: { ...settings, ...env }, ...options })), base };
}

/** Calls a tool of AgentPhone with a URL that is signed for a client; `client` is the empty text for one without. */
export const phone = (stack: Stack, action: string, args: object = {}, client = 'tests') =>
  callTool(stack.url, `twilio_agent_phone_${action}`, args, `services=AgentPhone${client && `&client=${client}`}`);

export const takeNumber = (stack: Stack, passport_id: string, client?: string) =>
  phone(stack, 'get_phone_number', { passport_id }, client);
