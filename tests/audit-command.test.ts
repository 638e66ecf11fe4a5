import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SANDBOX_AUTH_TOKEN } from '../sandbox/server';
import { serveLocally } from '../scripts/serve-functions';
import { verifyAudit } from '../scripts/verify-audit';
import { readConfig } from '../src/config';
import { AUDIT_COLLECTIONS, type AuditEntry } from '../src/policy/audit';
import { type Item, type Store, scan } from '../src/store/port';
import { ensureStoreService } from '../src/store/service';
import { SqliteStore } from '../src/store/sqlite';
import { SyncStore } from '../src/store/sync';
import { envText } from './support/clone';
import { run } from './support/run';
import { clientOf } from './support/sandbox';
import { ask, type Stack, startStack } from './support/stack';

/*
 * `npm run audit`: shows the record, and finds what somebody did to it who has the store but not the auth token.
 */

jest.setTimeout(240_000);

const root = join(__dirname, '..');

describe.each(['sqlite', 'sync'])('of the %s store', (STORE) => {
  let stack: Stack;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'twilio-mcp-audit-'));
    stack = await startStack({ env: { STORE, AUTH_TOKEN: SANDBOX_AUTH_TOKEN } });
    await send(5);
    // A second process begins a second chain.
    await stack.server.close();
    stack.server = await serveLocally({ env: stack.env, sandboxUrl: stack.sandbox.url });
    stack.url = `${stack.server.url}/mcp`;
    await send(3);
  });
  afterAll(async () => {
    await stack.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const send = async (count: number) => {
    for (let n = 0; n < count; n++)
      await ask(stack.url, 'twilio_messaging_send_sms', { to: '+14155550100', body: 'Hello' });
  };
  const audit = (...args: string[]) => {
    const env = join(folder, 'env');
    writeFileSync(env, envText(stack.env));
    return run(process.execPath, ['--import', 'tsx', 'scripts/audit.ts', '--env', env, ...args], {
      cwd: root,
      env: {
        ...process.env,
        TWILIO_SANDBOX_URL: stack.sandbox.url,
        NODE_OPTIONS: `--require ${join(root, 'dist/local/sandbox-preload.js')}`,
      },
    });
  };

  type Place = Item<AuditEntry> & { collection: string };
  /** Does something to the entries, past the server, checks the record, and restores it. */
  async function verifyAfter(change: (store: Store, chains: Place[][]) => Promise<unknown>) {
    const store: Store & { close?: () => void } =
      STORE === 'sync'
        ? new SyncStore(clientOf(stack.sandbox) as never, ensureStoreService)
        : new SqliteStore(stack.env.DATABASE_PATH!);
    const read = async () => {
      const places: Place[] = [];
      for (const collection of AUDIT_COLLECTIONS)
        for await (const item of scan<AuditEntry>(store, collection)) places.push({ ...item, collection });
      return places.sort((a, b) => (a.key < b.key ? -1 : 1));
    };
    const before = await read();
    const names = [...new Set(before.map(({ value }) => value.chain))];
    await change(
      store,
      names.map((name) => before.filter(({ value }) => value.chain === name)),
    );
    const said = await audit('--verify');
    for (const { collection, key } of await read()) await store.remove(collection, key);
    for (const { collection, key, value } of before) await store.add(collection, key, value);
    store.close?.();
    return said;
  }

  test('a record that nobody touched is in order', async () => {
    expect(await verifyAfter(async (_, chains) => expect(chains.map(({ length }) => length)).toEqual([5, 3]))).toEqual({
      code: 0,
      output: expect.stringContaining('No entry was changed, inserted or removed'),
    });
  });

  const remove = (store: Store, ...places: Place[]) =>
    Promise.all(places.map(({ collection, key }) => store.remove(collection, key)));
  const replace = (store: Store, { collection, key, revision }: Place, value: object) =>
    store.update(collection, key, value, revision);

  const attacks: [string, (store: Store, first: Place[], second: Place[]) => Promise<unknown>, RegExp, at: number][] = [
    [
      'a changed field',
      (store, [, one]) => replace(store, one!, { ...one!.value, outcome: 'notSent' }),
      /was changed/,
      1,
    ],
    ['a removed entry', (store, [, , one]) => remove(store, one!), /comes after 1 missing entry/, 3],
    ['the removed end of a chain', (store, first) => remove(store, ...first.slice(3)), /is missing/, 4],
    ['a removed chain', (store, first) => remove(store, ...first), /is missing/, 4],
    ['the removed start of a chain', (store, first) => remove(store, first[0]!), /comes after 1 missing/, 1],
    [
      'an inserted entry',
      (store, [, one]) => {
        const value = { ...one!.value, n: 6, prev: one!.value.seal };
        return store.add(one!.collection, one!.key.replace(/_2$/, '_6'), value);
      },
      /_6 was changed or inserted/,
      -1,
    ],
    [
      'an entry of a chain of its own',
      (store, [one]) => {
        const value = { ...one!.value, chain: '0123456789', links: [] };
        return store.add(one!.collection, `${one!.value.at}_0123456789_1`, value);
      },
      /_0123456789_1 was changed or inserted/,
      -1,
    ],
    [
      'a genuine entry in a second place',
      (store, [one]) => store.add(one!.collection, one!.key.replace('_', '0_'), one!.value),
      /was moved here/,
      -1,
    ],
    [
      'two swapped entries',
      async (store, [, one, other]) => {
        await replace(store, one!, other!.value);
        await replace(store, other!, one!.value);
      },
      /was moved here/,
      1,
    ],
  ];
  // One attack is enough to show that the other store is read.
  test.each(STORE === 'sqlite' ? attacks : attacks.slice(0, 1))('finds %s', async (_what, attack, words, at) => {
    let named = '';
    const { code, output } = await verifyAfter((store, [first, second]) => {
      named = first![at]?.key ?? '';
      return attack(store, first!, second!);
    });
    expect([code, output]).toEqual([1, expect.stringMatching(words)]);
    const [line] = output.split('\n').filter((each) => each.startsWith('Entry '));
    expect(line).toContain(`Entry ${named}`);
  });

  test('an entry whose time is over does not count as missing', async () => {
    const days = (count: number) => Date.now() + count * 86_400_000;
    await verifyAfter(async (_, [first, second]) => {
      const left = [...first!.slice(1), ...second!];
      const verify = (now: number) => verifyAudit(left, readConfig(stack.env), '', now);
      expect(verify(days(88))).toMatchObject([{ key: first![1]!.key }]);
      expect(verify(days(91))).toEqual([]);
    });
  });

  test('shows the entries as a table and as JSON', async () => {
    const { code, output } = await audit('--since', new Date().toISOString().slice(0, 10));
    expect(code).toBe(0);
    expect(output.match(/tests +twilio_messaging_send_sms +api_v2010:CreateMessage +send +done +US +SM/g)).toHaveLength(
      8,
    );
    const { output: json } = await audit('--json');
    const lines = json.split('\n').filter((line) => line.startsWith('{'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject(Array(8).fill({ outcome: 'done', countries: ['US'] }));
    expect((await audit('--since', '2999-01-01', '--json')).output).not.toContain('{');
    expect(await audit('--since', 'yesterday')).toMatchObject({
      code: 1,
      output: expect.stringContaining('is not a day'),
    });
  });
});
