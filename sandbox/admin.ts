/** The control API under `/_sandbox/`, for tests in other processes. Twilio has no counterpart. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults, InjectedFault } from './faults';
import type { InboundCall } from './inbound-calls';
import type { Journal } from './journal';
import type { RuntimeOptions, SandboxState } from './types';
import type { InboundMessage, Webhooks } from './webhooks';

interface ControlledSandbox {
  state: SandboxState;
  journal: Journal;
  faults: Faults;
  webhooks: Webhooks;
  receive(message: InboundMessage): Promise<unknown>;
  receiveCall(call: InboundCall): Promise<unknown>;
  advance(milliseconds: number): void;
  reset(): void;
}

const ADMIN_PATH = '/_sandbox/';

/** Whether a request controls the sandbox and is not one for Twilio. */
export function isAdminPath(url: string | undefined): boolean {
  return url?.startsWith(ADMIN_PATH) ?? false;
}

/** Answers a request of `SandboxClient`. */
export async function handleAdminRequest(
  sandbox: ControlledSandbox,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(message.url!, 'http://sandbox');
  let status = 200;
  let body: unknown;
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const command = `${message.method} ${url.pathname.slice(ADMIN_PATH.length)}`;
    body = await runCommand(sandbox, command, url.searchParams, text ? JSON.parse(text) : {});
  } catch (error) {
    status = 400;
    body = { error: (error as Error).message };
  }
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

async function runCommand(
  { state, journal, faults, webhooks, receive, receiveCall, advance, reset }: ControlledSandbox,
  command: string,
  query: URLSearchParams,
  body: unknown,
): Promise<unknown> {
  switch (command) {
    case 'GET health':
      return { ok: true, accountSid: state.accountSid, pid: process.pid, memory: process.memoryUsage().rss };
    case 'GET journal':
      return { seq: journal.seq, entries: journal.since(Number(query.get('since') ?? 0)) };
    case 'GET faults':
      return { faults: faults.pending };
    case 'POST faults':
      for (const fault of (Array.isArray(body) ? body : [body]) as InjectedFault[]) faults.add(fault);
      return { faults: faults.pending };
    case 'DELETE faults':
      faults.clear();
      return { faults: [] };
    case 'GET deliveries':
      return { deliveries: webhooks.deliveries };
    case 'POST texts':
      return receive(body as InboundMessage);
    case 'POST calls':
      return receiveCall(body as InboundCall);
    case 'POST clock':
      advance(Number((body as { advance?: unknown }).advance) * 1000);
      await webhooks.settled();
      return { now: new Date(state.clock.now()).toISOString() };
    case 'POST reset':
      reset();
      return { ok: true };
    case 'GET options':
      return state.options;
    case 'POST options':
      Object.assign(state.options, parseRuntimeOptions(body as Record<string, unknown>));
      return state.options;
    default:
      throw new Error(`Unknown control request: ${command}`);
  }
}

function parseRuntimeOptions(input: Record<string, unknown>): Partial<RuntimeOptions> {
  const options: Partial<RuntimeOptions> = {};
  for (const [name, value] of Object.entries(input)) {
    if (name === 'lenient' && typeof value === 'boolean') options.lenient = value;
    else if (name === 'syncLimits' && typeof value === 'boolean') options.syncLimits = value;
    // JSON has no Infinity: null stands for it.
    else if (name === 'speed' && value === null) options.speed = Number.POSITIVE_INFINITY;
    else if (name === 'speed' && typeof value === 'number' && value > 0) options.speed = value;
    else
      throw new Error(
        `Invalid option ${name}. Options: lenient (boolean), speed (number > 0, or null for instant), syncLimits (boolean)`,
      );
  }
  return options;
}
