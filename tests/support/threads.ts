import { SEEDS } from '../../sandbox/seed';
import { SANDBOX_AUTH_TOKEN } from '../../sandbox/server';
import { freePort } from './clone';
import { deliver, inbound } from './deliver';
import { ask, callTool, type Stack, startStack } from './stack';

export const QUERY = 'services=Inbox,Messaging,MessagingServices';
export const SEND = 'twilio_messaging_send_sms';
export const [OWN, OTHER_OWN] = SEEDS.numbers as [string, string];

/** Starts a stack whose webhooks the sandbox can reach, for the tests of a file. Returns helpers for its threads. */
export function useThreads(env: Record<string, string> = {}) {
  let stack: Stack;
  let base: string;
  beforeAll(async () => {
    const port = await freePort();
    base = `http://localhost:${port}`;
    stack = await startStack({ port, env: { AUTH_TOKEN: SANDBOX_AUTH_TOKEN, WEBHOOK_BASE_URL: base, ...env } });
  });
  afterAll(() => stack.close());

  const answer = (name: string, args: object = {}) => callTool(stack.url, name, args, QUERY);
  const call = (name: string, args: object = {}) => ask(stack.url, name, args, QUERY);
  return {
    base: () => base,
    stack: () => stack,
    url: () => stack.url,
    databasePath: () => stack.env.DATABASE_PATH!,
    answer,
    call,
    thread: (conversationId: string, args = {}) =>
      call('twilio_inbox_get_conversation_thread', { conversationId, ...args }),
    receive: (n: number, from: string, fields = {}) =>
      deliver(`${base}/webhooks/twilio/sms`, inbound(n, { From: from, ...fields })),
    sends: () => stack.sandbox.journal.entries.filter(({ operationId }) => operationId === 'CreateMessage'),
  };
}

/** Reads until the value meets the condition, and returns it. */
export async function readUntil<T>(read: () => Promise<T>, condition: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read();
    if (condition(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
