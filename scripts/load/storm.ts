import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../sandbox/random';
import type { Deployment, Inbound } from './deployment';

/*
 * Many inbound messages at once, and what the tools show of them afterwards.
 */

/** Messages of people to numbers: the first ones of each person, then the second ones, and so on. `area` selects other people. */
export function inboundMessages(
  count: number,
  people: number,
  numbers: readonly string[],
  { first = 0, area = 415 } = {},
): Inbound[] {
  return Array.from({ length: count }, (_, at) => {
    const person = at % people;
    const sid = `SM${createHash('md5')
      .update(`inbound ${first + at}`)
      .digest('hex')}`;
    const to = numbers[person % numbers.length]!;
    return { sid, from: `+1${area}${String(5_550_000 + person).padStart(7, '0')}`, to, body: `Message ${first + at}` };
  });
}

interface Pace {
  /** Deliveries under way at a time, or deliveries begun each second. */
  concurrency?: number;
  perSecond?: number;
  /** One attempt each, whatever the URL overrides. */
  once?: boolean;
  /** Processes to kill in the middle of an execution, evenly spread. */
  kills?: number;
}

/** Delivers messages. Returns the SIDs of those that were acknowledged. */
export async function deliverAll(
  deployment: Deployment,
  messages: readonly Inbound[],
  pace: Pace,
): Promise<Set<string>> {
  const { concurrency = 1, perSecond, once, kills = 0 } = pace;
  const acknowledged = new Set<string>();
  let begun = 0;
  const deliverNext = async () => {
    const message = messages[begun++]!;
    const { platform } = deployment;
    if (platform.counts.killed < Math.floor((begun * kills) / messages.length)) platform.killOne();
    if ((await deployment.deliver(message, { once })) === 200) acknowledged.add(message.sid);
  };
  if (perSecond === undefined) {
    const worker = async () => {
      while (begun < messages.length) await deliverNext();
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    return acknowledged;
  }
  const started = Date.now();
  const deliveries: Promise<void>[] = [];
  for (let at = 0; at < messages.length; at++) {
    const wait = started + (at * 1000) / perSecond - Date.now();
    if (wait > 0) await sleep(wait);
    deliveries.push(deliverNext());
  }
  await Promise.all(deliveries);
  return acknowledged;
}

/** A quarter of the messages twice, and all out of order by up to some positions. */
export function disordered(messages: readonly Inbound[], positions: number): Inbound[] {
  const random = seededRandom(7);
  return messages
    .flatMap((message, at) =>
      at % 4 === 0
        ? [
            { message, at },
            { message, at },
          ]
        : [{ message, at }],
    )
    .map(({ message, at }) => ({ message, at: at + random() * positions }))
    .sort((a, b) => a.at - b.at)
    .map(({ message }) => message);
}

/** What the tools show of the messages: those that an inbox or a thread lacks, and those that one has twice. */
export async function verify(deployment: Deployment, messages: readonly Inbound[], acknowledged: ReadonlySet<string>) {
  await deployment.upstream({ latency: 0, faults: 0, limited: false });
  const inbox = new Map<string, number>();
  for (const to of new Set(messages.map((message) => message.to)))
    await everyPage(deployment, 'twilio_inbox_get_inbound_messages', { to, limit: 1000 }, ({ messages: page }) =>
      count(inbox, page),
    );
  const conversations: string[] = [];
  await everyPage(deployment, 'twilio_inbox_list_conversations', { limit: 100 }, ({ items }) =>
    conversations.push(...items.map(({ conversationId }: { conversationId: string }) => conversationId)),
  );
  const threads = new Map<string, number>();
  for (const conversationId of new Set(conversations))
    await everyPage(
      deployment,
      'twilio_inbox_get_conversation_thread',
      { conversationId, limit: 100 },
      ({ messages: page }) => count(threads, page),
    );
  const sids = [...new Set(messages.map(({ sid }) => sid))];
  const lost = sids.filter((sid) => !inbox.has(sid) || !threads.has(sid));
  return {
    lost: lost.length,
    doubled:
      sids.filter((sid) => inbox.get(sid)! > 1 || threads.get(sid)! > 1).length +
      (conversations.length - new Set(conversations).size),
    missing: lost.filter((sid) => acknowledged.has(sid)).length,
  };
}

function count(seen: Map<string, number>, page: readonly { messageSid: string }[]): void {
  for (const { messageSid } of page) seen.set(messageSid, (seen.get(messageSid) ?? 0) + 1);
}

// biome-ignore lint/suspicious/noExplicitAny: pages of several tools
async function everyPage({ call }: Deployment, name: string, args: object, take: (page: any) => void): Promise<void> {
  let pageToken: string | undefined;
  do {
    const page = await call(name, { ...args, pageToken });
    take(page);
    pageToken = page.nextPageToken;
  } while (pageToken);
}
