import { median } from '../figures';
import { type Deployment, startDeployment } from './deployment';
import type { Line } from './losses';
import { deliverAll, inboundMessages } from './storm';

/*
 * How long single calls and webhooks take, one after another, in processes that have been used before.
 */

const LATENCY_MS = 80;
const NUMBER = '+15005556000';
const ROUNDS = 5;

const MANY = 50_000;
/** One thread has a fifth of them, the others a thousand each. */
const SENDERS = 41;

interface Measured {
  ms: number;
  /** Requests to Twilio in sequence, and in all. */
  sequential: number;
  requests: number;
}

async function measure(deployment: Deployment, run: (round: number) => Promise<void>): Promise<Measured> {
  const seen: Measured[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await deployment.upstream({});
    const started = performance.now();
    await run(round);
    const ms = performance.now() - started;
    const { requests, rounds } = await deployment.upstream({});
    seen.push({ ms, sequential: rounds, requests });
  }
  return {
    ms: median(seen.map(({ ms }) => ms)),
    sequential: Math.max(...seen.map(({ sequential }) => sequential)),
    requests: Math.max(...seen.map(({ requests }) => requests)),
  };
}

const describeTime = ({ ms, sequential, requests }: Measured) =>
  `${Math.round(ms)} ms, ${requests} requests, ${sequential} of them in sequence`;

/** Sends and inbound messages. */
async function shortThreads(): Promise<Line[]> {
  const deployment = await startDeployment([NUMBER]);
  try {
    await deployment.configure([NUMBER]);
    const person = inboundMessages(1, 1, [NUMBER])[0]!;
    const send = (round = 0) => {
      const message = { from: NUMBER, to: person.from, body: `Hello ${round}` };
      return deployment.call('twilio_messaging_send_sms', message, 'Messaging');
    };
    // The maps of a deployment that has been in use.
    await deployment.fill(inboundMessages(5000, 50, [NUMBER], { first: MANY, area: 212 }));
    await deployment.deliver(person);
    // So many that they meet every map in which sends are noted.
    for (let earlier = 1; earlier <= 60; earlier++) await send(-earlier);
    await deployment.upstream({ latency: LATENCY_MS, limited: true });
    const sent = await measure(deployment, send);
    const known = await measure(deployment, async (round) => {
      await deployment.deliver(inboundMessages(1, 1, [NUMBER], { first: 100 + round })[0]!);
    });
    const fresh = await measure(deployment, async (round) => {
      await deployment.deliver(inboundMessages(1, 1, [NUMBER], { first: 200 + round, area: 500 + round })[0]!);
    });
    return [
      {
        scenario: 'send to a known thread',
        target: 'at most 3 requests in sequence beside the message',
        measured: describeTime(sent),
        holds: sent.sequential <= 4,
      },
      { scenario: 'inbound, known thread', target: '≤ 250 ms', measured: describeTime(known), holds: known.ms <= 250 },
      { scenario: 'inbound, new thread', target: '≤ 450 ms', measured: describeTime(fresh), holds: fresh.ms <= 450 },
    ];
  } finally {
    await deployment.close();
  }
}

/** Reads of a number with a long history. */
async function longHistory(): Promise<Line[]> {
  const deployment = await startDeployment([NUMBER]);
  try {
    await deployment.configure([NUMBER]);
    const longest = inboundMessages(MANY / 5, 1, [NUMBER]);
    const others = inboundMessages((MANY * 4) / 5, SENDERS - 1, [NUMBER], { first: MANY, area: 212 });
    await deployment.fill([...longest, ...others]);
    const { cursor } = await deployment
      .call('twilio_inbox_get_inbound_messages', { to: NUMBER, limit: 1 })
      .catch(() => ({ cursor: undefined }));
    const unread = inboundMessages(20, 1, [NUMBER], { first: 2 * MANY });
    await deliverAll(deployment, unread, { concurrency: 1 });
    const last = unread.at(-1)!;
    await deployment.upstream({ latency: LATENCY_MS, limited: true });
    const inbox = (args: object) => deployment.call('twilio_inbox_get_inbound_messages', { to: NUMBER, ...args });
    const problems: string[] = [];
    const check = (is: boolean, problem: string) => void (is || problems.push(problem));
    const line = async (scenario: string, run: () => Promise<void>): Promise<Line> => {
      problems.length = 0;
      const measured = await measure(deployment, () =>
        run().catch(({ message }: Error) => check(false, message.slice(0, 80))),
      );
      const holds = measured.ms <= 1000 && problems.length === 0;
      return { scenario, target: '≤ 1 s', measured: [describeTime(measured), ...new Set(problems)].join('; '), holds };
    };
    return [
      await line(`number with ${MANY} messages: newest ten`, async () => {
        const { messages } = await inbox({ limit: 10 });
        check(messages[0]?.messageSid === last.sid, 'not the newest');
      }),
      await line(`number with ${MANY} messages: end of the longest thread`, async () => {
        const thread = { participant: last.from, limit: 10 };
        const { messages } = await deployment.call('twilio_inbox_get_conversation_thread', thread);
        check(
          messages.some(({ messageSid }: { messageSid: string }) => messageSid === last.sid),
          'not the end',
        );
      }),
      await line(`number with ${MANY} messages: count of the unread`, async () => {
        const { totalCount } = await inbox({ cursor, limit: 1 });
        check(totalCount === unread.length, `counted ${totalCount}`);
      }),
    ];
  } finally {
    await deployment.close();
  }
}

export const LATENCIES: readonly (() => Promise<Line[]>)[] = [shortThreads, longHistory];
