import { setTimeout as sleep } from 'node:timers/promises';
import { CallFailed, type Deployment, startDeployment } from './deployment';
import { deliverAll, disordered, inboundMessages, verify } from './storm';

/** A row of the table. */
export interface Line {
  scenario: string;
  target: string;
  measured: string;
  holds: boolean;
}

/** Milliseconds of each request to Twilio, and how many of them fail. */
const NEAR_MS = 80;
const FAR_MS = 300;

/** Processes that have started before a scenario. */
const PROCESSES = 30;

const NONE_LOST = '0 lost, 0 doubled, 0 acknowledged but missing';

const numbersOf = (count: number, first = 0) =>
  Array.from({ length: count }, (_, at) => `+1500555${String(6000 + first + at)}`);

async function withDeployment<T>(numbers: readonly string[], run: (deployment: Deployment) => Promise<T>): Promise<T> {
  const deployment = await startDeployment(numbers);
  try {
    await deployment.configure(numbers);
    return await run(deployment);
  } finally {
    await deployment.close();
  }
}

interface Storm {
  scenario: string;
  numbers: number;
  people: number;
  messages: number;
  /** Whether the threads exist before. */
  known?: boolean;
  faults?: number;
  latency?: number;
  mixed?: boolean;
  /** Whether it begins without any process. */
  fresh?: boolean;
  pace: Parameters<typeof deliverAll>[2];
}

async function storm({
  scenario,
  people,
  messages,
  known,
  faults = 0,
  latency = NEAR_MS,
  mixed,
  fresh,
  pace,
  ...options
}: Storm): Promise<Line> {
  const numbers = numbersOf(options.numbers);
  return withDeployment(numbers, async (deployment) => {
    // On the platform each process has a CPU. Here they share two, and thirty that start at once would
    // measure this machine.
    if (!fresh) await deployment.warmUp(inboundMessages(PROCESSES, PROCESSES, numbers, { first: 200_000, area: 212 }));
    // The maps of a deployment that has been in use.
    if (!fresh) await deployment.fill(inboundMessages(5000, 50, numbers, { first: 300_000, area: 313 }));
    if (known) await deployment.fill(inboundMessages(people, people, numbers, { first: 100_000 }));
    const sent = inboundMessages(messages, people, numbers);
    await deployment.upstream({ latency, faults, limited: true });
    const started = Date.now();
    const acknowledged = await deliverAll(deployment, mixed ? disordered(sent, 200) : sent, pace);
    const seconds = (Date.now() - started) / 1000;
    const { refused, faults: failed } = await deployment.upstream({});
    const { lost, doubled, missing } = await verify(deployment, sent, acknowledged);
    const { counts } = deployment.platform;
    const seen = [
      `${lost} lost, ${doubled} doubled, ${missing} acknowledged but missing in ${seconds.toFixed(0)} s`,
      ...(failed ? [`${failed} failed requests`] : []),
      ...(counts.killed ? [`${counts.killed} kills`] : []),
      ...(counts.refused ? [`${counts.refused} beyond thirty executions`] : []),
      ...(refused ? [`${refused} beyond Sync's limits`] : []),
      ...(counts.timedOut ? [`${counts.timedOut} executions of ten seconds`] : []),
    ];
    const holds = lost + doubled + missing === 0 && counts.killed >= (pace.kills ?? 0);
    return { scenario, target: NONE_LOST, measured: seen.join('; '), holds };
  });
}

const delivered = (faults: number): Storm => ({
  scenario: `4,000 inbound messages of 560 people, a quarter repeated, reordered, 76 kills, ${Math.round(faults * 100)} % faults`,
  ...{ numbers: 10, people: 560, messages: 4000, faults, mixed: true, fresh: true },
  pace: { concurrency: 24, kills: 76 },
});

const STORMS: readonly Storm[] = [
  delivered(0.01),
  delivered(0.07),
  {
    scenario: '1,000 messages delivered once each, 1 % faults, 300 ms a request',
    ...{ numbers: 10, people: 500, messages: 1000, faults: 0.01, latency: FAR_MS },
    pace: { concurrency: 24, once: true },
  },
  {
    scenario: '300 replies to one number within three seconds',
    ...{ numbers: 1, people: 300, messages: 300, known: true },
    pace: { perSecond: 100 },
  },
  {
    scenario: '100 numbers, known threads, 100 a second for 20 seconds',
    ...{ numbers: 100, people: 1000, messages: 2000, known: true },
    pace: { perSecond: 100 },
  },
  {
    scenario: 'one number, 20 new senders a second for 30 seconds',
    ...{ numbers: 1, people: 600, messages: 600 },
    pace: { perSecond: 20 },
  },
];

const AGENTS = 29;

/** Agents that wait for a code each, while another client lists tools. */
async function waitingAgents(): Promise<Line> {
  const pool = numbersOf(AGENTS);
  const deployment = await startDeployment([], pool);
  try {
    await deployment.configure(pool, true);
    await deployment.warmUp(inboundMessages(PROCESSES, PROCESSES, pool, { first: 1000 }));
    const agents: string[] = [];
    for (let at = 0; at < AGENTS; at++)
      agents.push(
        (await deployment.call('twilio_agent_phone_get_phone_number', { passport_id: `agent ${at}` }, 'AgentPhone'))
          .phone_number,
      );
    await deployment.upstream({ latency: NEAR_MS, limited: true });
    const codes = agents.map(async (to, at) => {
      await sleep(3000 + (at * 6000) / AGENTS);
      const message = { ...inboundMessages(1, 1, [to], { first: at })[0]!, body: `Your code is ${100_000 + at}` };
      await Promise.all([deployment.log(message), deployment.deliver(message)]);
    });
    const waits = agents.map(async (number, at) => {
      // Agents do not begin in the same instant.
      await sleep((at * 2000) / AGENTS);
      return (await waitForCode(deployment, number)) === `Your code is ${100_000 + at}`;
    });
    const lists: Promise<number>[] = [];
    for (let at = 0; at < 10; at++) {
      await sleep(1000);
      lists.push(deployment.listTools('Messaging'));
    }
    await Promise.all(codes);
    const got = (await Promise.all(waits)).filter(Boolean).length;
    const listed = (await Promise.all(lists)).filter((status) => status === 200).length;
    const { refused } = deployment.platform.counts;
    return {
      scenario: `${AGENTS} agents wait for codes, another client lists tools ten times`,
      target: 'all codes, all lists',
      measured: `${got} codes, ${listed} lists; ${refused} beyond thirty executions`,
      holds: got === AGENTS && listed === 10,
    };
  } finally {
    await deployment.close();
  }
}

/** No model takes less time from an answer to its next call. */
const THINKING_MS = 500;

/** What an agent does: it repeats a pending wait, and, after a second, one that the platform refused or ended. */
async function waitForCode({ call }: Deployment, phone_number: string): Promise<string | undefined> {
  let token: string | undefined;
  for (;;) {
    try {
      const answer = await call(
        'twilio_agent_phone_wait_for_sms',
        { phone_number, timeout: 30_000, token },
        'AgentPhone',
      );
      if (answer.body !== undefined) return answer.body;
      token = answer.token;
      await sleep(THINKING_MS);
    } catch (error) {
      if (!(error instanceof CallFailed) || !error.message.startsWith('HTTP')) return undefined;
      await sleep(1000);
    }
  }
}

/** Whether anything is lost; each scenario in a deployment of its own. */
export const LOSSES: readonly (() => Promise<Line[]>)[] = [
  ...STORMS.map((options) => async () => [await storm(options)]),
  async () => [await waitingAgents()],
];
