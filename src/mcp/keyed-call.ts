import type { CallToolResult } from '@modelcontextprotocol/server';
import { describeError, retryAdvice } from '../errors';
import { canonicalJson } from '../formats';
import type { LogEntry } from '../log';
import { fingerprint } from '../policy/fingerprint';
import { IDEMPOTENCY_KEY, KEY_SECONDS } from '../policy/once';
import { toJson } from '../store/port';
import type { Tool, ToolContext } from '../tool';

/*
 * Calls with an idempotency key: the same key gets the same result for a day. If the process of the first call was killed,
 * the call runs again, and the records of its requests decide what of it has been done.
 */

interface KeyRecord {
  /** Fingerprint of the tool and its arguments. */
  call: string;
  /** Until when the call may be running, epoch ms; 0 if it ended without a result to keep. */
  until: number;
  /** The text of its result. */
  text?: string;
}

interface KeyedAnswer extends Pick<LogEntry, 'outcome'> {
  result: CallToolResult;
}

/** Runs a call; if it has an idempotency key, only unless the same call has run before. A read has no use for one. */
export async function callWithKey<A extends KeyedAnswer>(
  tool: Tool,
  { arguments: args = {}, _meta: meta }: { arguments?: object; _meta?: Readonly<Record<string, unknown>> },
  context: ToolContext,
  run: () => Promise<A>,
): Promise<A | KeyedAnswer> {
  const key = meta?.[IDEMPOTENCY_KEY];
  if (key === undefined || tool.effect === 'read') return run();
  if (typeof key !== 'string' || key === '' || key.length > 255)
    return refusedKey(`${IDEMPOTENCY_KEY} in _meta must be text of 1 to 255 characters; nothing was done.`);
  const begun = await begin(key, [tool.name, args], context).catch((error: unknown) =>
    refusedKey(`${describeError(error) ?? 'The store failed.'} ${retryAdvice(tool, false)}`),
  );
  if ('result' in begun) return begun;
  const answer = await run();
  // What a person has yet to allow, and what a dry run only shows, has not been done.
  const { planned, instead } = context.call;
  const isDone = answer.outcome === 'ok' && planned.length === 0 && instead === undefined;
  await begun.end(answer.result, isDone).catch(() => false);
  return answer;
}

/** Records the call before it runs; or the answer in its place. */
async function begin(key: string, call: unknown, { config, client = '', ledger, deadline }: ToolContext) {
  const item = fingerprint(config, 'key', [client, key]);
  const place = [`keys-${(item.charCodeAt(0) % 16).toString(16)}`, item] as const;
  const mine: KeyRecord = { call: fingerprint(config, 'call', canonicalJson(call)), until: deadline };
  let revision = await ledger.add(...place, mine, KEY_SECONDS);
  if (revision === false) {
    const first = await ledger.get<KeyRecord>(...place);
    if (first === undefined) return running(1);
    const { call: firstCall, until, text } = first.value;
    if (firstCall !== mine.call)
      return refusedKey('This idempotency key belongs to another call; nothing was done. Use a new key for each call.');
    if (text !== undefined) return keptResult(text);
    if (until > Date.now()) return running((until - Date.now()) / 1000);
    revision = await ledger.update(...place, mine, first.revision);
    if (revision === false) return running(1);
  }
  const written = revision;
  return {
    end: (result: CallToolResult, isDone: boolean) =>
      ledger.update(...place, isDone ? withResult(mine, result) : { ...mine, until: 0 }, written),
  };
}

const running = (seconds: number) =>
  refusedKey(
    `The first call with this idempotency key is still running; nothing was done now. Repeat it in ${Math.ceil(seconds)} s.`,
  );

/** The record with the text of the result, which has one part; if that is too long, with its SIDs. */
function withResult(record: KeyRecord, { content: [content] }: CallToolResult): KeyRecord {
  const text = content?.type === 'text' ? content.text : '{}';
  try {
    const done = { ...record, text };
    toJson(done);
    return done;
  } catch {
    const sids = [...new Set(text.match(/\b[A-Z]{2}[\da-f]{32}\b/g))].slice(0, 50);
    const notes = ['The first call was done. Its result was too long to be kept; these are the SIDs in it.'];
    return { ...record, text: JSON.stringify({ sids, notes }) };
  }
}

const keptResult = (text: string): KeyedAnswer => ({
  result: { content: [{ type: 'text', text }], structuredContent: JSON.parse(text) },
  outcome: 'ok',
});

const refusedKey = (text: string): KeyedAnswer => ({
  result: { content: [{ type: 'text', text }], isError: true },
  outcome: 'failed',
});
