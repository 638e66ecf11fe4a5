import type { InjectedFault } from '../../sandbox/faults';
import { SEEDS } from '../../sandbox/seed';
import type { JournalEntry } from '../../sandbox/server';
import type { Tool } from '../../src/tool';
import { fill, type Variation } from './arguments';
import { callTool, type Stack, type ToolResult } from './stack';
import { phoneNumberSid, VARIATIONS, WIRE_ENVIRONMENT } from './variations';

/*
 * What agents are told after a fault of Twilio, or of something in front of it, compared with what the sandbox did.
 */

/**
 * The store in Sync, so that its requests fail too, and a timeout that ends slow calls soon. Without the record of actions,
 * for which every call would wait until its time is over.
 */
export const OUTCOMES_ENVIRONMENT = { ...WIRE_ENVIRONMENT, STORE: 'sync', TWILIO_TIMEOUT: '1000', MCP_AUDIT: 'off' };

/** With an empty pool, so that an agent's number is bought, which starts only if the call has two seconds left. */
export const PURCHASE_ENVIRONMENT = {
  ...OUTCOMES_ENVIRONMENT,
  ...{ TWILIO_PHONE_NUMBERS: '', AGENT_PHONE_AUTO_PROVISION: 'true', TWILIO_TIMEOUT: '4000' },
};

export const NO_FAULT = ['nothing', { delay: 0 }] as const;

type Faults = Readonly<Record<string, InjectedFault>>;

const redirect = (status: number): InjectedFault => ({
  status,
  body: '',
  headers: { location: 'https://example.com/elsewhere' },
  processed: true,
});

/** Answers that refuse a request, which is not carried out. */
const REFUSALS: Faults = {
  'error 400': { status: 400, code: 20001 },
  'error 401': { status: 401, code: 20003 },
  'error 403': { status: 403, code: 20003 },
  'error 404': { status: 404, code: 20404 },
  'error 409': { status: 409, code: 20409 },
  'error 412': { status: 412, code: 20412 },
  'error 425': { status: 425, code: 20425 },
  'HTML with status 403': { status: 403, html: '<h1>Forbidden</h1>' },
  'HTML with status 404': { status: 404, html: '<h1>Not found</h1>' },
  'too many requests, retry later': { status: 429, code: 20429, retryAfter: 60 },
  'too many requests, without a code': { status: 429, body: '', retryAfter: 60 },
  'a product limit': { status: 429, code: 60203 },
};

/** A request that is carried out although its answer is missing, late or unreadable. */
const LOST_ANSWERS: Faults = {
  'error 408': { status: 408, processed: true },
  'error 500': { status: 500, code: 20500, processed: true },
  'error 501': { status: 501, processed: true },
  'HTML with status 502': { status: 502, html: '<h1>Bad gateway</h1>', processed: true },
  'error 503': { status: 503, code: 20503, processed: true },
  'error 504': { status: 504, body: '', processed: true },
  'status 200 without a body': { status: 200, body: '', processed: true },
  'status 204': { status: 204, body: '', processed: true },
  'HTML with status 200': { status: 200, html: '<h1>Hello</h1>', processed: true },
  'truncated JSON': { status: 200, body: '{"sid": "SM', processed: true },
  'a JSON array': { status: 200, body: '[]', processed: true },
  'a JSON string': { status: 200, body: '"ok"', processed: true },
  'JSON null': { status: 200, body: 'null', processed: true },
  'redirect 301': redirect(301),
  'redirect 302': redirect(302),
  'redirect 307': redirect(307),
  'redirect 308': redirect(308),
  'a connection closed after the request': { drop: 'after' },
};

export const FAST_FAULTS: Faults = { ...REFUSALS, ...LOST_ANSWERS, 'a connection closed at once': { drop: 'before' } };

/** Longer than a call may take. */
const LATE_MS = 5000;
const resource = '{"sid": "SM0"}'.padEnd(100);

/** Faults that last until the call's time is over. */
export const SLOW_FAULTS: Faults = {
  'too many requests, without Retry-After': { status: 429, code: 20429 },
  'too many requests, retry in a second': { status: 429, code: 20429, retryAfter: 1 },
  'an answer that comes late': { status: 200, body: resource, processed: true, delay: LATE_MS },
  'headers without a body': { status: 200, body: resource, processed: true, trickle: LATE_MS },
  'a body that trickles in': { status: 200, body: resource, processed: true, trickle: 100 },
};

/** POST operations that change nothing. */
export const READING_POSTS = new Set(['UpdateFlowValidate', 'CreateToken']);

/** Whether the sandbox changed something for the request, or Twilio would charge for it. */
export function acted({ method, operationId = '', queryFields, processed = 0 }: JournalEntry): boolean {
  const charged = operationId === 'FetchPhoneNumber' && queryFields.Fields !== undefined;
  return processed >= 200 && processed < 300 && (charged || (method !== 'GET' && !READING_POSTS.has(operationId)));
}

const DENIES =
  /\bnothing (was|has been|is) \w+|can be repeated|\bnot (sent|bought|changed|created|deleted|restored)\b/i;
const ADMITS =
  /may have|may remain|(?<!nothing )\b(was|were) (sent|bought|deleted|redacted|restored|purchased)|could not be/i;

const withSeededNumber = ({ set, ...variation }: Variation = {}): Variation =>
  JSON.parse(
    JSON.stringify({ ...variation, set: { phoneNumberSid, ...set } }).replaceAll(
      phoneNumberSid,
      SEEDS.phoneNumberSids[0]!,
    ),
  );

/** One call during which a fault hits its requests from the one after `skip` on; lines that say what is wrong with it. */
export async function breachesOf(
  stack: Stack,
  tool: Tool,
  [label, fault]: readonly [string, InjectedFault],
  skip = 0,
): Promise<{ breaches: string[]; requests: JournalEntry[] }> {
  const { sandbox, url } = stack;
  // A lenient sandbox invents items of the store, so tools of the store get a number that exists.
  const strict = /^twilio_(inbox|agent_phone)_/.test(tool.name);
  const variation = strict ? withSeededNumber(VARIATIONS[tool.name]?.[0]) : (VARIATIONS[tool.name]?.[0] ?? {});
  sandbox.reset();
  sandbox.options.lenient = !strict;
  for (const [name, args] of variation.before ?? []) await callTool(url, name, args);
  const { seq } = sandbox.journal;
  sandbox.faults.add({ ...fault, name: label, skip, times: 1000 });
  const started = Date.now();
  const answer = await callTool(url, tool.name, fill(tool, variation));
  const ms = Date.now() - started;
  const requests = sandbox.journal.since(seq);
  const wrong = problemsOf(answer, requests, strict, ms - Number(stack.env.TWILIO_TIMEOUT));
  const where = `${tool.name}, ${label} at request ${skip + 1}`;
  return { breaches: wrong.map((problem) => `${where}: ${problem}: ${answer.text.slice(0, 300)}`), requests };
}

/** Requests of a call that are made to fail. */
const MAX_REQUESTS = 12;

/** What is wrong with the answers to a tool whose requests fail in every way, from each of a range of them on. */
export async function sweep(stack: Stack, tool: Tool, [first, end] = [0, MAX_REQUESTS]): Promise<string[]> {
  const { requests } = await breachesOf(stack, tool, NO_FAULT);
  const found: string[] = [];
  for (let skip = first; skip < Math.min(requests.length, end); skip++) {
    for (const fault of Object.entries(FAST_FAULTS))
      found.push(...(await breachesOf(stack, tool, fault, skip)).breaches);
  }
  return found;
}

/**
 * `keepsNotes` says that requests to Sync are the server's own notes, which an answer need not mention. `late` is by how
 * much the call took longer than its time limit, in milliseconds.
 */
function problemsOf(
  { isError, text }: ToolResult,
  requests: readonly JournalEntry[],
  keepsNotes: boolean,
  late: number,
): string[] {
  const found: string[] = [];
  const happened = requests.filter(acted);
  if (happened.length > 0 && DENIES.test(text)) found.push('denies what happened');
  const telling = happened.filter(({ host }) => !(keepsNotes && host.startsWith('sync.')));
  if (telling.length > 0 && isError && !ADMITS.test(text)) found.push('is silent about what happened');
  const unread = requests.some(({ method, fault = '' }) => !/GET|DELETE/.test(method) && fault in LOST_ANSWERS);
  if (unread && !isError && !ADMITS.test(text)) found.push('reports success without an answer');
  if (/Internal server error/.test(text)) found.push('blames this server');
  // The default time limit is 8 s; the rest of a call takes well below 1.5 s.
  if (late > 1500) found.push(`took ${late} ms longer than allowed`);
  return found;
}
