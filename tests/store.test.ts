import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, startSandbox } from '../sandbox/server';
import { MAX_PAGE, modify, type Store, scan } from '../src/store/port';
import { ensureStoreService } from '../src/store/service';
import { SqliteStore } from '../src/store/sqlite';
import { SyncStore } from '../src/store/sync';
import { clientOf } from './support/sandbox';

/*
 * The contract of the store, tested with both engines: Sync through the sandbox, SQLite in a file.
 */

let sandbox: Sandbox;
let folder: string;
beforeAll(async () => {
  sandbox = await startSandbox();
  folder = mkdtempSync(join(tmpdir(), 'twilio-mcp-store-'));
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const engines: [string, () => Store][] = [
  ['Sync', () => new SyncStore(clientOf(sandbox), ensureStoreService)],
  ['SQLite', () => new SqliteStore(join(folder, 'contract.db'))],
];

const bound = (target: Store, key: string | symbol) => {
  const value = Reflect.get(target, key, target);
  return typeof value === 'function' ? value.bind(target) : value;
};

let collections = 0;

describe.each(engines)('%s', (_name, open) => {
  let store: Store;
  let collection: string;
  beforeEach(() => {
    store = open();
    collection = `things-${++collections}`;
  });
  const keysOf = async (position = {}) => (await store.list(collection, position)).items.map(({ key }) => key);

  test('returns an added value, to other instances too', async () => {
    const value = { text: 'Grüße 👋', list: [1, { deep: null }], no: false };
    expect(await store.add(collection, 'a', value)).toBeTruthy();
    expect(await open().get(collection, 'a')).toEqual({ key: 'a', value, revision: expect.any(String) });
  });

  test('returns undefined, false or an empty list for what does not exist', async () => {
    expect(await store.get(collection, 'a')).toBeUndefined();
    expect(await store.update(collection, 'a', {}, '0')).toBe(false);
    expect(await store.remove(collection, 'a')).toBe(false);
    expect(await store.list(collection)).toEqual({ items: [], more: false });
  });

  test('does not add a key that exists', async () => {
    await store.add(collection, 'a', { by: 1 });
    expect(await store.add(collection, 'a', { by: 2 })).toBe(false);
    expect((await store.get(collection, 'a'))?.value).toEqual({ by: 1 });
  });

  test('lets one of many instances add a key at the same time', async () => {
    const stores = Array.from({ length: 20 }, open);
    const added = await Promise.all(stores.map((each, i) => each.add(collection, 'a', { i })));
    expect(added.filter(Boolean)).toHaveLength(1);
    expect((await store.get(collection, 'a'))?.value).toEqual({ i: added.findIndex(Boolean) });
  });

  test('updates only the revision that was read', async () => {
    await store.add(collection, 'a', { n: 1 });
    const { revision } = (await store.get(collection, 'a'))!;
    expect(await store.update(collection, 'a', { n: 2 }, revision)).toBeTruthy();
    expect(await store.update(collection, 'a', { n: 3 }, revision)).toBe(false);
    const changed = await store.get(collection, 'a');
    expect(changed?.value).toEqual({ n: 2 });
    expect(changed?.revision).not.toBe(revision);
  });

  test('returns the revision that it has written, and gives it a new lifetime if asked', async () => {
    const added = await store.add(collection, 'a', { n: 1 }, 10);
    expect((await store.get(collection, 'a'))?.revision).toBe(added);
    const updated = await store.update(collection, 'a', { n: 2 }, String(added));
    expect((await store.get(collection, 'a'))?.revision).toBe(updated);
    expect(await store.update(collection, 'a', { n: 3 }, String(updated), 100)).toBeTruthy();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 50_000);
    try {
      expect((await store.get(collection, 'a'))?.value).toEqual({ n: 3 });
    } finally {
      clock.mockRestore();
    }
  });

  test('modify loses no concurrent change', async () => {
    const increment = (each: Store) =>
      modify<{ n: number }>(each, collection, 'count', (value) => ({ n: (value?.n ?? 0) + 1 }));
    await Promise.all(Array.from({ length: 10 }, () => increment(open())));
    expect((await store.get(collection, 'count'))?.value).toEqual({ n: 10 });
  });

  test('modify deletes an item, and writes nothing if the value stays the same', async () => {
    await store.add(collection, 'a', { n: 1 });
    const { revision } = (await store.get(collection, 'a'))!;
    expect(await modify(store, collection, 'a', (value) => value)).toEqual({ n: 1 });
    expect((await store.get(collection, 'a'))?.revision).toBe(revision);
    expect(await modify(store, collection, 'a', () => undefined)).toBeUndefined();
    expect(await store.get(collection, 'a')).toBeUndefined();
    expect(await modify(store, collection, 'a', (value) => value)).toBeUndefined();
  });

  test('modify gives up if others keep changing the item, or if the call has no time left', async () => {
    await store.add(collection, 'a', { n: 0 });
    let calls = 0;
    const contended = async (value: { n: number } | undefined) => {
      calls++;
      const { revision } = (await store.get(collection, 'a'))!;
      await store.update(collection, 'a', { n: calls }, revision);
      return { n: value!.n - 1 };
    };
    const late = new Proxy(store, { get: (target, key) => (key === 'deadline' ? Date.now() : bound(target, key)) });
    await expect(modify(late, collection, 'a', contended)).rejects.toThrow(/store is busy.*Try again/);
    expect(calls).toBe(1);
    await expect(modify(store, collection, 'a', contended)).rejects.toThrow(/store is busy/);
    expect(calls).toBeLessThanOrEqual(26);
  });

  test('loses no increment of concurrent updates', async () => {
    await store.add(collection, 'count', { n: 0 });
    const increment = async (each: Store) => {
      for (;;) {
        const { value, revision } = (await each.get<{ n: number }>(collection, 'count'))!;
        if (await each.update(collection, 'count', { n: value.n + 1 }, revision)) return;
      }
    };
    await Promise.all(Array.from({ length: 10 }, () => increment(open())));
    expect((await store.get(collection, 'count'))?.value).toEqual({ n: 10 });
  });

  test('removes only the given revision, if there is one', async () => {
    await store.add(collection, 'a', { n: 1 });
    const { revision } = (await store.get(collection, 'a'))!;
    await store.update(collection, 'a', { n: 2 }, revision);
    expect(await store.remove(collection, 'a', revision)).toBe(false);
    expect(await store.remove(collection, 'a')).toBe(true);
    expect(await store.get(collection, 'a')).toBeUndefined();
    expect(await store.add(collection, 'a', { n: 4 })).toBeTruthy();
  });

  test('lists by key, in both directions, and after a key', async () => {
    const keys = ['!', '2026-11-21T10:00:00.000Z_SMa', '2026-11-21T10:00:00.001Z_SMa', '2026-11-22T09:00:00.000Z_SMb'];
    for (const key of [...keys].reverse()) await store.add(collection, key, {});
    expect(await keysOf()).toEqual(keys);
    expect(await keysOf({ order: 'desc' })).toEqual([...keys].reverse());
    expect(await keysOf({ after: '!' })).toEqual(keys.slice(1));
    expect(await keysOf({ after: '2026-11-21T10:00:00.000Z~' })).toEqual(keys.slice(2));
    expect(await keysOf({ after: keys[2], order: 'desc' })).toEqual([keys[1], keys[0]]);
  });

  test('lists all pages', async () => {
    const keys = Array.from({ length: MAX_PAGE * 2 + 5 }, (_, i) => `k${String(i).padStart(4, '0')}`);
    for (let i = 0; i < keys.length; i += 20) {
      await Promise.all(keys.slice(i, i + 20).map((key) => store.add(collection, key, { key })));
    }
    const first = await store.list(collection, { limit: 3 });
    expect([first.items.length, first.more]).toEqual([3, true]);
    const all = [];
    for await (const { key } of scan(store, collection)) all.push(key);
    expect(all).toEqual(keys);
    expect((await store.list(collection, { after: keys.at(-2) })).more).toBe(false);
  });

  test.each(['+15551234567', 'a|b', 'ä/ö?#%', 'with space', 'x ..'])('accepts %s as a name and key', async (odd) => {
    const named = `${collection}-${odd}`;
    expect(await store.add(named, odd, { odd })).toBeTruthy();
    const item = (await store.get(named, odd))!;
    expect([item.key, item.value]).toEqual([odd, { odd }]);
    expect((await store.list(named)).items).toEqual([item]);
    expect(await store.update(named, odd, { odd: 2 }, item.revision)).toBeTruthy();
    expect(await store.remove(named, odd)).toBe(true);
  });

  test('drops an expired item and frees its key', async () => {
    await store.add(collection, 'a', { n: 1 }, 10);
    await store.add(collection, 'b', { n: 1 }, 100);
    expect(await keysOf()).toEqual(['a', 'b']);
    const { revision } = (await store.get(collection, 'a'))!;
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now + 10_500);
    try {
      expect(await keysOf()).toEqual(['b']);
      expect(await store.get(collection, 'a')).toBeUndefined();
      expect(await store.update(collection, 'a', { n: 2 }, revision)).toBe(false);
      expect(await store.add(collection, 'a', { n: 3 }, 100)).toBeTruthy();
    } finally {
      clock.mockRestore();
    }
    expect((await store.get(collection, 'a'))?.value).toEqual({ n: 3 });
  });

  test('rejects a value that is too large, and stores nothing', async () => {
    await expect(async () => store.add(collection, 'a', 'x'.repeat(17_000))).rejects.toThrow(/too large/);
    expect(await store.get(collection, 'a')).toBeUndefined();
  });
});

describe('Sync hides expired items that Twilio has not removed yet', () => {
  const open = () => new SyncStore(clientOf(sandbox), ensureStoreService);
  let collection: string;
  beforeEach(async () => {
    collection = `left-over-${++collections}`;
    await open().add(collection, 'a', { n: 1 }, 3600);
    const past = new Date(Date.now() - 1000).toISOString().replace(/\.\d+Z/, 'Z');
    for (const { body } of sandbox.state.store.ofKind('sync.twilio.com/v1/Services/{}/Maps/{}/Items')) {
      if (body.key === 'a' && body.date_expires) body.date_expires = past;
    }
  });

  test('from reading', async () => {
    expect(await open().get(collection, 'a')).toBeUndefined();
    expect(await open().list(collection)).toEqual({ items: [], more: false });
  });

  test('from adding: one of many gets the key', async () => {
    const added = await Promise.all(Array.from({ length: 10 }, (_, i) => open().add(collection, 'a', { i }, 3600)));
    expect(added.filter(Boolean)).toHaveLength(1);
    expect((await open().get(collection, 'a'))?.value).toEqual({ i: added.findIndex(Boolean) });
  });

  test('from adding, if the answer is lost', async () => {
    sandbox.faults.add({ operationId: 'UpdateSyncMapItem', status: 503, processed: true });
    expect(await open().add(collection, 'a', { n: 2 }, 3600)).toBeTruthy();
    expect((await open().get(collection, 'a'))?.value).toEqual({ n: 2 });
  });
});

describe('SQLite', () => {
  const writer = () => fork(join(folder, 'writer.cjs'), { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const file = () => join(folder, 'shared.db');
  beforeAll(() => {
    const engine = join(__dirname, '../dist/local/sqlite.js');
    writeFileSync(
      join(folder, 'writer.cjs'),
      `const store = require(${JSON.stringify(engine)}).open(${JSON.stringify(file())});
       // Several killed processes, one after another, may hold the lock for longer than an operation waits.
       const add = (...item) => store.add(...item).catch((error) => {
         if (!/Another process/.test(error.message)) throw error;
         return add(...item);
       });
       process.on('message', async ([from, to]) => {
         for (let i = from; i < to; i++) {
           if (await add('c', 'k' + String(i).padStart(5, '0'), { i, pid: process.pid })) process.send(i);
         }
         process.disconnect();
       });`,
    );
  });

  const read = async () => {
    const store = new SqliteStore(file());
    const keys = [];
    for await (const { key } of scan(store, 'c')) keys.push(key);
    store.close();
    return keys;
  };

  test('several processes write at once, and killed ones lose no confirmed write', async () => {
    const stored = new Set<number>();
    const run = (from: number, to: number, killAfter = Number.POSITIVE_INFINITY) =>
      new Promise<void>((resolve) => {
        const child = writer();
        let seen = 0;
        child.on('message', (i: number) => {
          stored.add(i);
          if (++seen === killAfter) child.kill('SIGKILL');
        });
        child.once('close', () => resolve());
        child.send([from, to]);
      });
    await Promise.all([run(0, 200, 20), run(100, 300, 35), run(200, 400, 50), run(300, 500), run(0, 100)]);
    const keys = await read();
    expect(new Set(keys).size).toBe(keys.length);
    for (const i of stored) expect(keys).toContain(`k${String(i).padStart(5, '0')}`);
    expect(keys.length).toBeGreaterThanOrEqual(300);
  });

  test('the lock of a killed process is broken after a while', async () => {
    mkdirSync(`${file()}.lock`);
    const store = new SqliteStore(file());
    expect(await store.add('after', 'a', {})).toBeTruthy();
    expect(await store.add('after', 'a', {})).toBe(false);
    store.close();
  });
});
