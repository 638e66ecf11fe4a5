/** Control of the sandbox over HTTP, for tests in other processes. Twilio has nothing like it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault, Faults } from './faults';
import type { Journal } from './journal';
import type { IncomingText, Webhooks } from './webhooks';
import type { Options, World } from './world';

export interface Controlled {
  world: World;
  journal: Journal;
  faults: Faults;
  webhooks: Webhooks;
  receive(text: IncomingText): Promise<unknown>;
  reset(): void;
}

export function isAdminPath(url: string | undefined): boolean {
  return url?.startsWith('/_sandbox/') ?? false;
}

export async function answerAdmin(
  sandbox: Controlled,
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
    body = await perform(
      sandbox,
      `${message.method} ${url.pathname.slice('/_sandbox/'.length)}`,
      url,
      text ? JSON.parse(text) : {},
    );
  } catch (error) {
    status = 400;
    body = { error: (error as Error).message };
  }
  const answer = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) });
  response.end(answer);
}

function perform(
  { world, journal, faults, webhooks, receive, reset }: Controlled,
  request: string,
  url: URL,
  body: unknown,
): unknown {
  switch (request) {
    case 'GET health':
      return { ok: true, accountSid: world.accountSid, pid: process.pid, memory: process.memoryUsage().rss };
    case 'GET journal':
      return { seq: journal.seq, entries: journal.since(Number(url.searchParams.get('since') ?? 0)) };
    case 'GET faults':
      return { faults: faults.pending };
    case 'POST faults':
      for (const fault of Array.isArray(body) ? (body as Fault[]) : [body as Fault]) faults.add(fault);
      return { faults: faults.pending };
    case 'DELETE faults':
      faults.clear();
      return { faults: [] };
    case 'GET deliveries':
      return { deliveries: webhooks.deliveries };
    case 'POST texts':
      return receive(body as IncomingText);
    case 'POST reset':
      reset();
      return { ok: true };
    case 'GET options':
      return world.options;
    case 'POST options':
      Object.assign(world.options, checkedOptions(body as Record<string, unknown>));
      return world.options;
    default:
      throw new Error(`The sandbox has no "${request}"`);
  }
}

function checkedOptions(given: Record<string, unknown>): Partial<Options> {
  const options: Partial<Options> = {};
  for (const [name, value] of Object.entries(given)) {
    if (name === 'lenient' && typeof value === 'boolean') options.lenient = value;
    // JSON has no infinity: null stands for it.
    else if (name === 'speed' && value === null) options.speed = Number.POSITIVE_INFINITY;
    else if (name === 'speed' && typeof value === 'number' && value > 0) options.speed = value;
    else
      throw new Error(
        `Unknown option or wrong value: ${name}. Options: lenient (boolean), speed (number > 0, null: at once)`,
      );
  }
  return options;
}
