import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkConfig } from '../src/config';
import { RequestContext } from '../src/context';
import { AUDIT_COLLECTIONS, type AuditEntry } from '../src/policy/audit';
import { type Item, type Store, scan } from '../src/store/port';
import { isDay } from '../src/time';
import { asOwner } from './account';
import { ENV_OPTION, startCommand } from './command';
import { enterSandbox, readEnvFile, usesSandbox } from './local-env';
import { type AuditProblem, verifyAudit } from './verify-audit';

/*
 * `npm run audit`: what agents did and what the policy kept them from, and whether that record is as it was written.
 */

const READING_MS = 600_000;
const SHOWN_PROBLEMS = 20;
/** How long an entry may take to be stored. */
const WRITING_MS = 3000;
const COLUMNS = ['at', 'client', 'tool', 'operation', 'effect', 'outcome', 'why', 'countries', 'sid'] as const;

void startCommand({
  name: 'audit',
  summary:
    'Shows what agents did and what the policy kept them from, oldest first. With --verify it checks that no entry was changed, inserted or removed, and exits with 1 if one was.',
  options: {
    since: { type: 'string', value: '<day>', help: 'the first day, such as 2026-11-22 (UTC); default all' },
    deployed: {
      type: 'boolean',
      help: 'the record of the deployment, in Twilio Sync, with AUTH_TOKEN; the default if there is no local file',
    },
    json: { type: 'boolean', help: 'one JSON object per line in place of a table' },
    verify: { type: 'boolean', help: 'checks the record in place of showing it' },
    ...ENV_OPTION,
  },
  run: async ({ since = '', deployed = false, json = false, verify = false, env: file }) => {
    if (since && !isDay(since)) throw new Error(`"${since}" is not a day such as 2026-11-22.`);
    const env = readEnvFile(file);
    if (usesSandbox(env)) await enterSandbox(env);
    if (deployed) env.STORE = 'sync';
    const { config, problems } = checkConfig(env);
    const isElsewhere = deployed || (!env.STORE && !existsSync(resolve(config.databasePath)));
    if (isElsewhere && !config.authToken) throw new Error('The record of a deployment needs AUTH_TOKEN in .env.');
    const owner = asOwner(isElsewhere ? { ...config, store: 'sync' } : config);
    const { store } = new RequestContext({ config: owner, problems }, { timeoutMs: READING_MS, ungated: true });
    const items = await readAudit(store, since);
    const check = (read: typeof items) => verifyAudit(read, config, since);
    console.error(`${items.length} entries in ${store.identity?.startsWith('IS') ? 'Twilio Sync' : store.identity}`);
    if (verify) {
      let found = check(items);
      if (found.length > 0) {
        // An entry that was being written while its neighbours were read looks like one that is missing.
        await sleep(WRITING_MS);
        const still = new Set(check(await readAudit(store, since)).map(sentenceOf));
        found = found.filter((each) => still.has(sentenceOf(each)));
      }
      report(found, items.length);
    } else if (json) for (const { value } of items) console.log(JSON.stringify(value));
    else console.log(tableOf(items.map(({ value }) => value)));
  },
});

/** All entries from a day on, in order of time. */
async function readAudit(store: Store, since: string): Promise<Item<AuditEntry>[]> {
  const read = AUDIT_COLLECTIONS.map(async (collection) => {
    const items: Item<AuditEntry>[] = [];
    for await (const item of scan<AuditEntry>(store, collection, since ? { after: since } : {})) items.push(item);
    return items;
  });
  return (await Promise.all(read)).flat().sort((a, b) => (a.key < b.key ? -1 : 1));
}

const sentenceOf = ({ key, problem }: AuditProblem) => `Entry ${key} ${problem}.`;

function report(problems: readonly AuditProblem[], count: number): void {
  if (problems.length > 0) process.exitCode = 1;
  const said = problems.length > 0 ? problems.map(sentenceOf) : ['No entry was changed, inserted or removed.'];
  const more = said.length - SHOWN_PROBLEMS;
  console.log([...said.slice(0, SHOWN_PROBLEMS), ...(more > 0 ? [`There are ${more} more problems.`] : [])].join('\n'));
  if (problems.length >= count && count > 0)
    console.log('If every entry is named, AUTH_TOKEN is not the one that sealed them: it may have changed since.');
}

function tableOf(entries: readonly AuditEntry[]): string {
  const rows = entries.map(({ code, rule, countries, ...entry }) => ({
    ...entry,
    why: rule ?? code,
    countries: countries?.join(' '),
  }));
  const cells = [COLUMNS, ...rows.map((row) => COLUMNS.map((column) => String(row[column] ?? '')))];
  const widths = COLUMNS.map((_, at) => Math.max(...cells.map((row) => row[at]!.length)));
  return cells
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
