import { type Deployment, startDeployment } from '../scripts/load/deployment';
import { deliverAll, disordered, inboundMessages, verify } from '../scripts/load/storm';

/*
 * `npm run load` takes minutes and a quiet machine. Here, that it notices what it is there to notice.
 */

jest.setTimeout(120_000);

const NUMBER = '+15005556000';
let deployment: Deployment;
beforeAll(async () => {
  deployment = await startDeployment([NUMBER]);
  await deployment.configure([NUMBER]);
});
afterAll(() => deployment.close());

test('messages that are delivered, repeated and out of order are found once', async () => {
  const messages = inboundMessages(12, 3, [NUMBER]);
  const acknowledged = await deliverAll(deployment, disordered(messages, 5), { concurrency: 3 });
  expect([acknowledged.size, await verify(deployment, messages, acknowledged)]).toEqual([
    12,
    { lost: 0, doubled: 0, missing: 0 },
  ]);
});

test('a message that is not stored is lost, and missing if it was acknowledged', async () => {
  const [message] = inboundMessages(1, 1, [NUMBER], { first: 100, area: 212 });
  await deployment.upstream({ faults: 1 });
  const acknowledged = await deliverAll(deployment, [message!], { concurrency: 1, once: true });
  expect([...acknowledged]).toEqual([]);
  expect(await verify(deployment, [message!], acknowledged)).toEqual({ lost: 1, doubled: 0, missing: 0 });
  expect(await verify(deployment, [message!], new Set([message!.sid]))).toMatchObject({ lost: 1, missing: 1 });
});

test('thirty executions run at once, and the one that is killed answers', async () => {
  await deployment.upstream({ latency: 300 });
  const { platform } = deployment;
  const messages = inboundMessages(31, 31, [NUMBER], { first: 200, area: 313 });
  const delivered = deliverAll(deployment, messages, { concurrency: 31, once: true });
  await new Promise((resolve) => setImmediate(resolve));
  for (let n = 0; n < 1000 && platform.counts.killed === 0; n++) {
    platform.killOne();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  // The killed process may just have answered.
  expect((await delivered).size).toBeLessThanOrEqual(30);
  expect(platform.counts).toMatchObject({ refused: 1, killed: 1 });
});

test('history is filled in without requests, and read through the tools', async () => {
  const messages = inboundMessages(200, 2, [NUMBER], { first: 300, area: 201 });
  await deployment.upstream({ latency: 0 });
  await deployment.fill(messages);
  expect((await deployment.upstream({})).requests).toBe(0);
  expect(await verify(deployment, messages, new Set())).toEqual({ lost: 0, doubled: 0, missing: 0 });
});

test("a request beyond Sync's limits is refused", async () => {
  const messages = inboundMessages(230, 1, [NUMBER], { first: 1000, area: 500 });
  await deployment.upstream({ limited: true });
  await deliverAll(deployment, messages, { concurrency: 8, once: true });
  expect((await deployment.upstream({})).refused).toBeGreaterThan(0);
});
