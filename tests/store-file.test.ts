import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SqliteStore } from '../src/store/sqlite';
import { deliver, inbound } from './support/deliver';
import { callTool, startStack } from './support/stack';

/*
 * What can happen to the file of the SQLite engine: it cannot be used, or killed processes left locks beside it.
 */

const folder = fs.mkdtempSync(join(tmpdir(), 'twilio-mcp-file-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
afterEach(() => jest.restoreAllMocks());

let files = 0;
const newFile = () => join(folder, `store-${++files}.db`);

const failing = (code: string) => () => {
  throw Object.assign(new Error(code), { code });
};
/** Lets SQLite's writes fail, but not those of the process's number. */
const failWrites = (code: string) => {
  const { writeSync } = fs;
  const write = (descriptor: number, data: unknown, ...rest: unknown[]) => {
    if (data instanceof Uint8Array && data.byteLength > 100) failing(code)();
    return (writeSync as (...all: unknown[]) => number)(descriptor, data, ...rest);
  };
  jest.spyOn(fs, 'writeSync').mockImplementation(write);
};
const GARBAGE = Buffer.alloc(4096, 'Z');

describe('a file that cannot be used is named, with what to do, and used again once that is done', () => {
  const fill = async (file: string) => {
    const store = new SqliteStore(file);
    for (let i = 0; i < 50; i++) await store.add('things', `k${i}`, 'x'.repeat(900));
    store.close();
  };
  const replacePage = (file: string, page: number) => {
    const descriptor = fs.openSync(file, 'r+');
    fs.writeSync(descriptor, GARBAGE, 0, GARBAGE.length, page * GARBAGE.length);
    fs.closeSync(descriptor);
  };
  const remove = (file: string) => fs.rmSync(file, { recursive: true });

  test.each<[string, (file: string) => void, RegExp, (file: string) => void]>([
    ['a folder', (file) => fs.mkdirSync(file), /is a folder\. Remove it/, remove],
    [
      'below a file',
      (file) => fs.writeFileSync(dirname(file), ''),
      /part of its path is a file/,
      (f) => remove(dirname(f)),
    ],
    ['something else', (file) => fs.writeFileSync(file, GARBAGE), /is damaged\. Stop the server/, remove],
    ['a torn first page', (file) => replacePage(file, 0), /is damaged\./, remove],
    ['a torn page', (file) => replacePage(file, 5), /is damaged\./, remove],
    [
      'on a full disk',
      () => jest.spyOn(fs, 'writeFileSync').mockImplementation(failing('ENOSPC')),
      /the disk is full\. Free some space/,
      () => jest.restoreAllMocks(),
    ],
    [
      'on a disk that becomes full',
      () => {
        failWrites('ENOSPC');
        jest.spyOn(fs, 'statfsSync').mockReturnValue({ bavail: 3, bsize: 4096 } as fs.StatsFs);
      },
      /the disk is full\. Free some space/,
      () => jest.restoreAllMocks(),
    ],
    [
      'in a read-only folder',
      () => jest.spyOn(fs, 'writeFileSync').mockImplementation(failing('EROFS')),
      /is read-only\. Let the user/,
      () => jest.restoreAllMocks(),
    ],
    [
      'read-only',
      (file) => {
        const { openSync } = fs;
        const open: typeof openSync = (path, ...rest) =>
          path === file ? failing('EACCES')() : openSync(path, ...rest);
        jest.spyOn(fs, 'openSync').mockImplementation(open);
        jest.spyOn(fs, 'accessSync').mockImplementation(failing('EACCES'));
      },
      /is read-only\. Let the user/,
      () => jest.restoreAllMocks(),
    ],
    ['on a failing disk', () => failWrites('EIO'), /cannot be used\. Check its disk/, () => jest.restoreAllMocks()],
  ])('%s', async (label, damage, message, repair) => {
    const file = label === 'below a file' ? join(newFile(), 'store.db') : newFile();
    if (/torn|read-only$|disk/.test(label)) await fill(file);
    damage(file);
    const store = new SqliteStore(file);
    const use = async () => {
      for (let i = 0; i < 50; i++) await store.get('things', `k${i}`);
      return store.add('things', 'new', {});
    };
    const error = await use().catch((reason: Error) => reason.message);
    expect(error).toMatch(message);
    expect(error).toContain(`This server's store, ${file},`);
    repair(file);
    expect(await use()).toBeTruthy();
    store.close();
  });

  test('to the agent, the log and the sender of a webhook', async () => {
    const stack = await startStack({ env: { DATABASE_PATH: folder } });
    try {
      const { isError, text } = await callTool(stack.url, 'twilio_inbox_list_conversations');
      expect([isError, text]).toEqual([true, expect.stringContaining(`${folder}, is a folder. Remove it`)]);
      expect((await deliver(`${stack.server.url}/webhooks/twilio/sms`, inbound(1), null)).status).toBe(500);
      const warnings = stack.server.output().match(/"warning":"This server's store, [^"]*, is a folder\. [^"]*"/g);
      expect(warnings).toHaveLength(2);
    } finally {
      await stack.close();
    }
  });
});

test('what a killed process left half written is rolled back, and what it had stored is kept', async () => {
  const file = newFile();
  const store = new SqliteStore(file);
  await store.add('things', 'k00', {});
  // Before each write to the file, what a process that is killed now would leave.
  const left: { copy: string; stored: number }[] = [];
  let stored = 1;
  const { writeSync } = fs;
  const write = (descriptor: number, ...rest: unknown[]) => {
    if (fs.fstatSync(descriptor).ino === fs.statSync(file).ino) {
      const copy = newFile();
      fs.cpSync(file, copy);
      fs.cpSync(`${file}-journal`, `${copy}-journal`);
      left.push({ copy, stored });
    }
    return (writeSync as (...all: unknown[]) => number)(descriptor, ...rest);
  };
  jest.spyOn(fs, 'writeSync').mockImplementation(write as typeof writeSync);
  for (; stored < 30; stored++) await store.add('things', `k${String(stored).padStart(2, '0')}`, 'x'.repeat(900));
  store.close();
  jest.restoreAllMocks();
  expect(left.length).toBeGreaterThan(60);
  for (const { copy, stored: expected } of left) {
    const restarted = new SqliteStore(copy);
    expect((await restarted.list('things')).items).toHaveLength(expected);
    expect(await restarted.add('things', 'later', {})).toBeTruthy();
    restarted.close();
  }
});

describe('locks', () => {
  /** A clock that only moves when it is read, so that waiting is counted in looks. */
  const countedClock = () => {
    const start = Date.now();
    let now = start;
    jest.spyOn(Date, 'now').mockImplementation(() => (now += 10));
    return { start, elapsed: () => now - start };
  };
  /** A process that has ended. */
  const KILLED = 2 ** 22 + 1;

  test.each<[string, (file: string) => void]>([
    ["SQLite's", (file) => fs.mkdirSync(`${file}.lock`)],
    ["SQLite's with a file in it", (file) => fs.cpSync(__filename, `${file}.lock/.DS_Store`)],
    ['of a killed process', (file) => fs.writeFileSync(`${file}.pid`, String(KILLED))],
    ['of a killed process with the same number', (file) => fs.writeFileSync(`${file}.pid`, String(process.pid))],
    ['of a process killed before it wrote its number', (file) => fs.writeFileSync(`${file}.pid`, '')],
    ['that is a folder', (file) => fs.mkdirSync(`${file}.pid`)],
    [
      'of a process killed in an operation',
      (file) => {
        fs.mkdirSync(`${file}.lock`);
        fs.writeFileSync(`${file}.pid`, String(KILLED));
      },
    ],
  ])('that were left behind are removed within two seconds: %s', async (_label, leave) => {
    const file = newFile();
    leave(file);
    const clock = countedClock();
    const store = new SqliteStore(file, clock.start + 8000);
    expect(await store.add('things', 'a', {})).toBeTruthy();
    expect(clock.elapsed()).toBeLessThan(2000);
    expect(fs.readdirSync(folder).filter((name) => /\.(lock|pid)/.test(name))).toEqual([]);
    store.close();
  });

  test('of a running process are respected until the deadline of the call, and no longer', async () => {
    const file = newFile();
    fs.writeFileSync(`${file}.pid`, String(process.ppid));
    const clock = countedClock();
    const store = new SqliteStore(file, clock.start + 2000);
    await expect(store.add('things', 'a', {})).rejects.toThrow(
      `Another process is using this server's store, ${file}. Try again in a few seconds. If that does not help, stop the process that ${file}.pid names.`,
    );
    expect(clock.elapsed()).toBeLessThan(2100);
    expect(fs.existsSync(`${file}.pid`)).toBe(true);
    const late = new SqliteStore(file, clock.start);
    await expect(late.get('things', 'a')).rejects.toThrow(/Another process/);
    expect(clock.elapsed()).toBeLessThan(2200);
  });

  test('of a running process are broken if it got the number of a killed one', async () => {
    const file = newFile();
    fs.writeFileSync(`${file}.pid`, String(process.ppid));
    const clock = countedClock();
    const store = new SqliteStore(file, clock.start + 8000);
    expect(await store.add('things', 'a', {})).toBeTruthy();
    expect(clock.elapsed()).toBeGreaterThan(4000);
    store.close();
  });
});
