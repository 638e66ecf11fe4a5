import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SANDBOX_AUTH_TOKEN } from '../../sandbox/server';
import { freePort, serveLocally } from '../../scripts/serve-functions';
import { deliver, type Fields, inbound } from './deliver';
import { callTool, type Stack, startStack } from './stack';

export const APPROVER = '+14155550177';
export const SEND = 'twilio_messaging_send_sms';
export const HELLO = { to: '+14155550100', body: 'Hello' };

/** A stack whose owner approves what is sent, with a clock and an approver who replies. */
export function useApproval(env: Record<string, string> = {}) {
  const stack = {} as Stack;
  const clockFile = join(mkdtempSync(join(tmpdir(), 'twilio-mcp-clock-')), 'offset');
  let base: string;
  let delivered = 0;
  const options = { preloads: [join(__dirname, 'clock.cjs')] };
  const start = async () => {
    const port = await freePort();
    base = `http://localhost:${port}`;
    const approval = { MCP_APPROVE: 'send,spend,grant,delete', AUTH_TOKEN: SANDBOX_AUTH_TOKEN, WEBHOOK_BASE_URL: base };
    process.env.CLOCK_FILE = clockFile;
    await startStack({ ...options, port, env: { ...approval, ...env } }, stack);
  };
  // Requests to the approver and STOP AGENT outlive a call, so every test has a store of its own.
  beforeEach(start);
  afterEach(() => stack.close());

  const sent = () => stack.sandbox.journal.entries.filter(({ method }) => method !== 'GET');
  const texts = () => sent().filter(({ fields }) => fields.To === APPROVER);
  return {
    stack,
    call: (name: string, args: object, query?: string) => callTool(stack.url, name, args, query),
    send: (query?: string) => callTool(stack.url, SEND, HELLO, query),
    /** What changed something, except the questions to the approver. */
    actions: () => sent().filter(({ fields }) => fields.To !== APPROVER),
    /** The questions to the approver. */
    texts: () => texts().map(({ fields }) => String(fields.Body)),
    /** The code of the newest question. */
    code: () => /Reply YES (\d{6}) to allow, NO \1 to refuse\.$/.exec(String(texts().at(-1)?.fields.Body))![1]!,
    reply: (Body: string, fields: Fields = {}, signature?: string | null) => {
      const url = `${base}/webhooks/twilio/sms`;
      return deliver(url, inbound(++delivered, { From: APPROVER, Body, ...fields }), signature);
    },
    moveClock: (minutes: number) => writeFileSync(clockFile, String(minutes * 60_000)),
    /** Another instance of the deployment: the same settings and store. */
    secondInstance: () => serveLocally({ ...options, env: stack.env, sandboxUrl: stack.sandbox.url }),
  };
}
