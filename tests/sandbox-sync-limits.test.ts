import type { Sandbox } from '../sandbox/server';
import { type Client, errorOf, fakeDate, useSandbox } from './support/sandbox';

/*
 * The sandbox's Sync refuses what Twilio's would, if the limits are on. The date stands still unless a test advances it.
 */

let sandbox: Sandbox;
let client: Client;
useSandbox((...started) => {
  [sandbox, client] = started;
});

const BUSY = { status: 429, code: 54009 };
const service = () => client.sync.v1.services('default');
const newMap = async (uniqueName: string) => {
  await service().syncMaps.create({ uniqueName });
  return service().syncMaps(uniqueName).syncMapItems;
};

/** How many requests in a row are accepted, of at most 201. The next one is refused as busy. */
async function accepted(request: (n: number) => Promise<unknown>): Promise<number> {
  for (let n = 0; n < 201; n++) {
    const error = await request(n).then(
      () => undefined,
      (refused) => refused,
    );
    if (error === undefined) continue;
    expect(error).toMatchObject(BUSY);
    return n;
  }
  return 201;
}

let advance: (milliseconds: number) => void;
beforeEach(() => {
  advance = fakeDate();
  sandbox.options.syncLimits = true;
});

test('an object is written 20 times a second, over ten seconds', async () => {
  const items = await newMap('many');
  expect(await accepted((n) => items.create({ key: `k${n}`, data: {} }))).toBe(200);
  // Every write of its items counts for a map, and reads and other maps do not.
  expect(await errorOf(service().syncMaps('many').syncMapItems('k1').update({ data: {} }))).toMatchObject(BUSY);
  expect(await errorOf(service().syncMaps('many').syncMapItems('k1').remove())).toMatchObject(BUSY);
  expect((await service().syncMaps('many').syncMapItems('k1').fetch()).key).toBe('k1');
  await (await newMap('other')).create({ key: 'k', data: {} });
  advance(9999);
  expect(await errorOf(items.create({ key: 'late', data: {} }))).toMatchObject(BUSY);
  advance(1);
  await items.create({ key: 'late', data: {} });
});

test('an object is read 20 times a second, whether an item or a page of them', async () => {
  const items = await newMap('read');
  await items.create({ key: 'k', data: {} });
  const fetch = () => service().syncMaps('read').syncMapItems('k').fetch();
  expect(await accepted((n) => (n % 2 ? fetch() : items.page()))).toBe(200);
  advance(10_000);
  await fetch();
});

test.each([
  [1, 200],
  [4, 50],
  [10, 20],
  [15, 20],
])('of writes of %i KiB, %i are accepted in ten seconds', async (size, count) => {
  const items = await newMap('large');
  const data = { x: 'x'.repeat(size * 1024 - '{"x":""}'.length) };
  expect(await accepted((n) => items.create({ key: `k${n}`, data }))).toBe(count);
});

test('a service gets 20 new objects a second', async () => {
  expect(await accepted((n) => service().syncMaps.create({ uniqueName: `m${n}` }))).toBe(200);
  advance(10_000);
  await service().documents.create({ data: {} });
});

test('an expired item stays for some seconds, and its key is taken', async () => {
  const items = await newMap('short');
  await items.create({ key: 'k', data: {}, itemTtl: 60 });
  advance(64_999);
  expect((await service().syncMaps('short').syncMapItems('k').fetch()).key).toBe('k');
  expect(await errorOf(items.create({ key: 'k', data: {} }))).toMatchObject({ status: 409 });
  advance(1);
  await items.create({ key: 'k', data: {} });
});

test('without the option nothing is refused, and an expired item is gone', async () => {
  sandbox.options.syncLimits = false;
  const items = await newMap('free');
  expect(await accepted((n) => items.create({ key: `k${n}`, data: {}, itemTtl: 1 }))).toBe(201);
  advance(1000);
  expect((await items.page()).instances).toEqual([]);
});
