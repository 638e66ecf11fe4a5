import { randomUUID } from 'node:crypto';
import { isUnclear, ToolError, TransportError } from '../errors';
import { canonicalJson } from '../formats';
import type { HttpAnswer } from '../https';
import type { Item } from '../store/port';
import type { CurrentCall } from '../tool';
import { requestValues } from './classify';
import { fingerprint } from './fingerprint';
import type { Action, Safeguard, SafeguardContext } from './safeguard';
import { findInLog } from './sent-log';

/*
 * The same send to the same person happens once within a window. A record is stored before the request leaves, so that a
 * repetition finds it even if the process of the first was killed; then Twilio's own log decides.
 */

/** Where a caller of a tool passes its idempotency key, in `_meta`. */
export const IDEMPOTENCY_KEY = 'com.twilio/idempotency-key';
/** How long a key means the same call. */
export const KEY_SECONDS = 24 * 3600;

const DEFAULT_SECONDS = 60;
/** How long an unknown outcome counts: longer than clients retry. */
const UNKNOWN_SECONDS = 600;
/** How long after the end of a call Twilio's log may still lack what it sent. */
const SETTLING_MS = 15_000;

/** Sends that Twilio itself makes once: a repeated verification sends the code that is pending. */
const REPEATABLE = new Set(['verify_v2:CreateVerification']);

interface SendRecord {
  /** Distinguishes attempts that are otherwise equal. */
  id: string;
  /** When it began, epoch ms. */
  at: number;
  /** Until when its request may be under way, epoch ms; 0 if nothing was sent. */
  until: number;
  /** Set once Twilio has accepted it: what was created, and where it can be read. */
  done?: { sid?: string; path?: string };
  /** SIDs of earlier sends of the same. */
  earlier?: readonly string[];
}

type RecordPlace = readonly [collection: string, key: string];

/** Lets a send leave unless the same was sent within the window. With an idempotency key, any change counts. */
export const once: Safeguard = async (action, context, proceed) => {
  const { config, call, client, deadline, store } = context;
  const key = call.meta?.[IDEMPOTENCY_KEY];
  const seconds = key === undefined ? (config.repeatSeconds ?? DEFAULT_SECONDS) : KEY_SECONDS;
  if (seconds === false || (key === undefined && action.effect !== 'send')) return proceed();

  const place = recordPlace(
    fingerprint(config, 'send', [identityOf(action), key === undefined ? [] : [client ?? '', key]]),
  );
  const ttl = Math.max(seconds, UNKNOWN_SECONDS);
  let mine: SendRecord = { id: randomUUID(), at: Date.now(), until: deadline };
  let revision = await reached(store.add(...place, mine, ttl));
  if (revision === false) {
    const earlier = await reached(store.get<SendRecord>(...place));
    if (earlier === undefined) throw underWay(1);
    const answer = await answerOf(earlier, { action, context, place, seconds });
    if (answer) return answer;
    const { done, earlier: before = [] } = earlier.value;
    mine = { ...mine, earlier: [...before, ...(done?.sid ? [done.sid] : [])].slice(-20) };
    revision = await reached(store.update(...place, mine, earlier.revision, ttl));
    if (revision === false) throw underWay(1);
  }

  const note = (outcome: Partial<SendRecord>) =>
    void call.ending.push(store.update(...place, { ...mine, ...outcome }, String(revision)).catch(() => false));
  try {
    const answer = await proceed();
    if (answer.statusCode < 400) note({ done: createdBy(answer, action) });
    else note({ until: isUnclear(answer.statusCode) ? Date.now() : 0 });
    return answer;
  } catch (error) {
    const isRefused = error instanceof ToolError || (error instanceof TransportError && !error.sent);
    note({ until: isRefused ? 0 : Date.now() });
    throw error;
  }
};

/** What makes two sends the same. */
function identityOf({ operation, request }: Action): string {
  const { host, pathname } = new URL(request.uri);
  const values = Object.entries(requestValues(request, operation)).map(([name, all]) => [
    name,
    all.map((value) => (typeof value === 'object' ? value : String(value))),
  ]);
  return canonicalJson([operation.id, host, pathname, Object.fromEntries(values)]);
}

/** Sync limits the writes of one map, so the records are spread over 16. */
const recordPlace = (key: string): RecordPlace => [`sends-${(key.charCodeAt(0) % 16).toString(16)}`, key];

/** Waits for the store. Without it a repetition could not be told, so nothing is sent. */
async function reached<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const why = error instanceof ToolError ? ` ${error.message}` : '';
    throw new ToolError(
      `This server's store, which keeps a send from being repeated by mistake, does not answer. Nothing was sent; try again in a few seconds.${why}`,
    );
  }
}

/** What was created, without its contents. */
function createdBy({ body }: HttpAnswer, { request }: Action): SendRecord['done'] {
  const { sid, url, uri } = Object(body) as Record<string, unknown>;
  const address = url ?? uri;
  return {
    ...(typeof sid === 'string' && { sid }),
    ...(typeof address === 'string' && { path: new URL(address, request.uri).pathname }),
  };
}

interface Repetition {
  action: Action;
  context: SafeguardContext;
  place: RecordPlace;
  seconds: number;
}

/** The answer of an earlier send; undefined if this one may leave. Throws a `ToolError` while that cannot be told. */
async function answerOf(earlier: Item<SendRecord>, repetition: Repetition): Promise<HttpAnswer | undefined> {
  const { action, context, place, seconds } = repetition;
  const { call, store } = context;
  const { done, at, until } = earlier.value;
  const repeat = call.repeat && !isKeyed(call);
  const now = Date.now();
  if (done) {
    if (repeat || now >= at + seconds * 1000) return undefined;
    return firstAnswer(earlier.value, repetition);
  }
  if (until > now) throw underWay((until - now) / 1000);
  if (until === 0 || REPEATABLE.has(action.operation.id)) return undefined;
  const found = await findInLog(action, context, earlier.value);
  if (found === 'unclear') {
    if (repeat) return undefined;
    throw new ToolError(`${outcomeUnknown(at)} Check whether it was done; only if it was not, ${onPurpose(call)}.`);
  }
  if (found === undefined) {
    const left = until + SETTLING_MS - now;
    if (left <= 0) return undefined;
    throw new ToolError(`${outcomeUnknown(at)} Call again in ${inSeconds(left / 1000)}: then Twilio's log shows it.`);
  }
  const answer: HttpAnswer = { statusCode: 200, body: found, headers: {} };
  const settled = { ...earlier.value, done: createdBy(answer, action) };
  await store.update(...place, settled, earlier.revision).catch(() => false);
  noteRepetition(settled, context);
  return answer;
}

/** The answer to the first send, as Twilio has it now. */
async function firstAnswer(record: SendRecord, { action, context }: Repetition): Promise<HttpAnswer> {
  const { path } = record.done!;
  if (action.request.method.toLowerCase() === 'delete') return { statusCode: 204, body: '', headers: {} };
  const uri = path && `https://${action.operation.host}${path}`;
  const answer = uri ? await context.requests.request({ method: 'get', uri }).catch(() => undefined) : undefined;
  if (answer === undefined || answer.statusCode >= 400) throw new ToolError(wasSent(record, context));
  noteRepetition(record, context);
  return { ...answer, headers: {} };
}

const noteRepetition = (record: SendRecord, context: SafeguardContext) =>
  void context.call.notes.push(wasSent(record, context));

function wasSent({ at, done }: SendRecord, { call }: SafeguardContext): string {
  const named = done?.sid ? ` (${done.sid})` : '';
  return `The same was sent ${ago(at)}${named}, so it was not sent again. To repeat it on purpose, ${onPurpose(call)}.`;
}

const isKeyed = ({ meta }: CurrentCall) => meta?.[IDEMPOTENCY_KEY] !== undefined;
const onPurpose = (call: CurrentCall) => (isKeyed(call) ? 'use a new idempotency key' : 'call again with repeat=true');

const inSeconds = (seconds: number) => `${Math.max(1, Math.ceil(seconds))} s`;
const ago = (at: number) => `${inSeconds((Date.now() - at) / 1000)} ago`;

const underWay = (seconds: number) =>
  new ToolError(
    `The same send is under way in another call. Nothing was sent now; call again in ${inSeconds(seconds)} for its result.`,
  );

const outcomeUnknown = (at: number) =>
  `Whether the same request ${ago(at)} reached Twilio is unknown, so nothing was sent now.`;
