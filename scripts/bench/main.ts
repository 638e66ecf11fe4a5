import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOMAINS } from '../../src/domains';
import { selectToolset } from '../../src/mcp/toolset';
import { median, printRow } from '../figures';
import { type LocalOptions, type LocalServer, serveLocally } from '../serve-functions';

/*
 * `npm run bench` compares this server with a bare Function that returns a fixed JSON of the same size, both on
 * twilio-run. Machines are noisy, so requests to both alternate, and the result is the ratio of the medians.
 * `-- --peer` also measures `@twilio-alpha/mcp`, installed from npm into a temporary folder.
 */

const root = join(__dirname, '../..');
const WARM_UP_ROUNDS = 100;
const WARM_ROUNDS = 600;
const COLD_ROUNDS = 11;
/** Twilio names no limit. A new process reads and compiles all of it, which the limit of its first response also holds. */
const BUNDLE_LIMIT_KB = 900;
const PEER = '@twilio-alpha/mcp@0.7.0';

const jsonRpc = (method: string, params: object = {}) => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
const CASES = {
  initialize: jsonRpc('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'bench', version: '1' },
  }),
  'tools/list': jsonRpc('tools/list'),
  // Makes exactly one request to Twilio; a send would also write its thread.
  'tools/call': jsonRpc('tools/call', {
    name: 'twilio_messaging_get_message_status',
    arguments: { messageSid: `SM${'a'.repeat(32)}` },
  }),
} as const;

const ENVIRONMENT = {
  ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  API_KEY: `SK${'0'.repeat(32)}`,
  API_SECRET: 'none',
  TWILIO_PHONE_NUMBER: '+15005550006',
  LOG_LEVEL: 'silent',
};

async function timedPost(url: string, body: string): Promise<{ ms: number; text: string }> {
  const started = performance.now();
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const text = await response.text();
  return { ms: performance.now() - started, text };
}

/** Median times of several URLs in milliseconds, requested in turn with `concurrency` requests at a time. */
async function medianTimes(urls: readonly string[], body: string, rounds: number, concurrency = 1): Promise<number[]> {
  const times: number[][] = urls.map(() => []);
  for (let round = 0; round < rounds / concurrency; round++) {
    for (const [index, url] of urls.entries()) {
      const answers = await Promise.all(Array.from({ length: concurrency }, () => timedPost(url, body)));
      times[index]!.push(...answers.map(({ ms }) => ms));
    }
  }
  return times.map(median);
}

const ms = (value: number) => value.toFixed(value < 10 ? 2 : 0);

async function benchWarm(server: LocalServer): Promise<void> {
  printRow('warm, one process', 'bare p50 ms', 'ours p50 ms', 'ratio', 'limit');
  printRow('---', '---', '---', '---', '---');
  for (const [name, body] of Object.entries(CASES)) {
    const urls = [`${server.url}/bare-${name.replace('/', '-')}`, `${server.url}/mcp`];
    for (const concurrency of [1, 10]) {
      await medianTimes(urls, body, WARM_UP_ROUNDS, concurrency);
      const [bare, ours] = await medianTimes(urls, body, WARM_ROUNDS, concurrency);
      const limit = name === 'tools/call' ? 2 : 1.5;
      printRow(`${name}, ${concurrency} at a time`, ms(bare!), ms(ours!), (ours! / bare!).toFixed(2), `≤ ${limit}`);
    }
  }
}

async function benchCold(server: LocalServer): Promise<void> {
  console.log();
  printRow('first response of a new process, tools/list', 'p50 ms', 'ratio to bare with twilio', 'limit');
  printRow('---', '---', '---', '---');
  const names = ['bare-tools-list', 'bare-twilio', 'mcp'];
  const times = await medianTimes(
    names.map((name) => `${server.url}/${name}`),
    CASES['tools/list'],
    COLD_ROUNDS,
  );
  for (const [index, label] of ['bare', 'bare that requires twilio', 'ours'].entries()) {
    printRow(label, ms(times[index]!), (times[index]! / times[1]!).toFixed(2), label === 'ours' ? '≤ 1.4' : '');
  }
}

/** The search over the whole API, which loads its index first. */
const SEARCH = jsonRpc('tools/call', { name: 'twilio_api_search', arguments: { query: 'who called me yesterday' } });
const searchUrls = ({ url }: LocalServer) => [`${url}/bare-tools-list`, `${url}/mcp?services=Api`];

async function benchSearch(server: LocalServer, label: string, rounds: number, limit: number): Promise<void> {
  const [bare, ours] = await medianTimes(searchUrls(server), SEARCH, rounds);
  printRow(label, ms(bare!), ms(ours!), `${ms(ours! - bare!)} above`, `≤ ${limit}`);
}

/** Memory of a new process after its first search. */
async function benchMemory(options: LocalOptions, folder: string): Promise<void> {
  const log = join(folder, 'memory');
  const preload = `--require ${JSON.stringify(join(__dirname, 'memory.cjs'))}`;
  const server = await serveLocally({
    ...options,
    fork: true,
    env: { ...ENVIRONMENT, NODE_OPTIONS: preload, MEMORY_LOG: log },
  });
  await medianTimes(searchUrls(server), SEARCH, COLD_ROUNDS);
  await server.close();
  const megabytes = readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((bytes) => Number(bytes) / 1e6);
  const [bare, ours] = [0, 1].map((turn) => median(megabytes.filter((_, index) => index % 2 === turn)));
  printRow('memory after that search, MB', ms(bare!), ms(ours!), `${ms(ours! - bare!)} above`, '< 150');
}

function printSizes(): void {
  console.log();
  printRow('service', 'tools', 'tokens (bytes/4)', 'tokens per tool');
  printRow('---', '---', '---', '---');
  for (const service of [...DOMAINS.map((domain) => domain.service), 'all']) {
    const listed = selectToolset({ services: [service], tools: [], readonly: false }).listed();
    const tokens = Buffer.byteLength(JSON.stringify(listed)) / 4;
    printRow(service, listed.length, Math.round(tokens), Math.round(tokens / listed.length));
  }
  const bundle = statSync(join(root, 'dist/functions/mcp.protected.js')).size;
  console.log(`\nbundle: ${Math.round(bundle / 1000)} KB (≤ ${BUNDLE_LIMIT_KB})`);
}

/** Installs the peer and writes a Function that lists its tools; it loads its API descriptions for each server. */
function installPeer(folder: string, functions: string): void {
  execFileSync('npm', ['install', '--prefix', folder, '--no-save', '--silent', PEER], { stdio: 'inherit' });
  writeFileSync(
    join(functions, 'peer.js'),
    `const { default: Server } = require(${JSON.stringify(join(folder, 'node_modules/@twilio-alpha/mcp/build/server.js'))});
exports.handler = async (context, event, callback) => {
  const server = new Server({
    server: { name: 'peer', version: '1' }, accountSid: context.ACCOUNT_SID,
    credentials: { apiKey: context.API_KEY, apiSecret: context.API_SECRET },
    filters: { services: ['twilio_api_v2010'], tags: ['Api20100401Message', 'Api20100401IncomingPhoneNumber'] },
  });
  await server.load();
  callback(null, { jsonrpc: '2.0', id: 1, result: { tools: [...server.tools.values()] } });
};
`,
  );
}

async function benchPeer(server: LocalServer): Promise<void> {
  const [ours, theirs] = await medianTimes([`${server.url}/mcp`, `${server.url}/peer`], CASES['tools/list'], 21);
  const { text } = await timedPost(`${server.url}/peer`, CASES['tools/list']);
  const tools = JSON.parse(text).result.tools.length;
  console.log(
    `\n${PEER}, warm tools/list of messages and numbers (${tools} tools): ${ms(theirs!)} ms, ours ${ms(ours!)} ms: ${Math.round(theirs! / ours!)} times as long (≥ 40)`,
  );
}

async function main(): Promise<void> {
  const functions = join(root, 'dist/bench');
  const folder = mkdtempSync(join(tmpdir(), 'twilio-mcp-bench-'));
  const withPeer = process.argv.includes('--peer');
  try {
    rmSync(functions, { recursive: true, force: true });
    cpSync(join(root, 'dist/functions'), functions, { recursive: true });
    if (withPeer) installPeer(folder, functions);
    const options = { functionsFolder: 'dist/bench', env: ENVIRONMENT, preloads: [join(__dirname, 'upstream.cjs')] };
    const first = await serveLocally(options);
    for (const [name, body] of Object.entries(CASES)) {
      const { text } = await timedPost(`${first.url}/mcp`, body);
      if (JSON.parse(text).result === undefined || JSON.parse(text).result.isError)
        throw new Error(`${name} failed: ${text}`);
      const file = `bare-${name.replace('/', '-')}.js`;
      writeFileSync(
        join(functions, file),
        `exports.handler = (context, event, callback) => callback(null, ${text});\n`,
      );
      if (name === 'tools/list') {
        writeFileSync(
          join(functions, 'bare-twilio.js'),
          `require('twilio')(${JSON.stringify(ENVIRONMENT.ACCOUNT_SID)}, 'x').messages;\nexports.handler = (context, event, callback) => callback(null, ${text});\n`,
        );
      }
    }
    await first.close();
    const server = await serveLocally(options);
    await benchWarm(server);
    await benchSearch(server, 'search, 1 at a time', WARM_ROUNDS, 10);
    if (withPeer) await benchPeer(server);
    await server.close();
    const forking = await serveLocally({ ...options, fork: true });
    await benchCold(forking);
    await benchSearch(forking, 'first search of a new process', COLD_ROUNDS, 150);
    await forking.close();
    await benchMemory(options, folder);
    printSizes();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
