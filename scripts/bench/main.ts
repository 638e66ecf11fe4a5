import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOMAINS } from '../../src/domains';
import { selectToolset } from '../../src/mcp/toolset';
import { type LocalOptions, type LocalServer, serveLocally } from '../local';

/*
 * `npm run bench`: this server beside a bare Function that returns a fixed JSON of the same size, in one run on
 * twilio-run. Machines are noisy, so requests to both alternate, and what counts is the ratio of the medians.
 * `-- --peer` measures `@twilio-alpha/mcp` as well, installed from npm into a temporary folder.
 */

const root = join(__dirname, '../..');
const WARM_UP = 100;
const WARM = 600;
const FRESH = 11;
const PEER = '@twilio-alpha/mcp@0.7.0';

const message = (method: string, params: object = {}) => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
const CASES = {
  initialize: message('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'bench', version: '1' },
  }),
  'tools/list': message('tools/list'),
  // One request to Twilio and nothing else: a send also writes its thread.
  'tools/call': message('tools/call', {
    name: 'twilio_messaging_get_message_status',
    arguments: { messageSid: `SM${'a'.repeat(32)}` },
  }),
} as const;

const SANDBOXED = {
  ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  API_KEY: `SK${'0'.repeat(32)}`,
  API_SECRET: 'none',
  TWILIO_PHONE_NUMBER: '+15005550006',
  LOG_LEVEL: 'silent',
};

async function post(url: string, body: string): Promise<{ ms: number; text: string }> {
  const started = performance.now();
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const text = await response.text();
  return { ms: performance.now() - started, text };
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Median times of several URLs, asked in turn; `atOnce` requests at a time. */
async function race(urls: readonly string[], body: string, rounds: number, atOnce = 1): Promise<number[]> {
  const times: number[][] = urls.map(() => []);
  for (let round = 0; round < rounds / atOnce; round++) {
    for (const [index, url] of urls.entries()) {
      const answers = await Promise.all(Array.from({ length: atOnce }, () => post(url, body)));
      times[index]!.push(...answers.map(({ ms }) => ms));
    }
  }
  return times.map(median);
}

const row = (...cells: (string | number)[]) => console.log(`| ${cells.join(' | ')} |`);
const ms = (value: number) => value.toFixed(value < 10 ? 2 : 0);

async function warm(server: LocalServer): Promise<void> {
  row('warm, one process', 'bare p50 ms', 'ours p50 ms', 'ratio', 'to reach');
  row('---', '---', '---', '---', '---');
  for (const [name, body] of Object.entries(CASES)) {
    const urls = [`${server.url}/bare-${name.replace('/', '-')}`, `${server.url}/mcp`];
    for (const atOnce of [1, 10]) {
      await race(urls, body, WARM_UP, atOnce);
      const [bare, ours] = await race(urls, body, WARM, atOnce);
      const limit = name === 'tools/call' ? 2 : 1.5;
      row(`${name}, ${atOnce} at a time`, ms(bare!), ms(ours!), (ours! / bare!).toFixed(2), `≤ ${limit}`);
    }
  }
}

async function fresh(server: LocalServer): Promise<void> {
  console.log();
  row('first answer of a fresh process, tools/list', 'p50 ms', 'ratio to bare with twilio', 'to reach');
  row('---', '---', '---', '---');
  const names = ['bare-tools-list', 'bare-twilio', 'mcp'];
  const times = await race(
    names.map((name) => `${server.url}/${name}`),
    CASES['tools/list'],
    FRESH,
  );
  for (const [index, label] of ['bare', 'bare that requires twilio', 'ours'].entries()) {
    row(label, ms(times[index]!), (times[index]! / times[1]!).toFixed(2), label === 'ours' ? '≤ 1.4' : '');
  }
}

/** The search over the whole API, which reads a catalogue first. */
const SEARCH = message('tools/call', { name: 'twilio_api_search', arguments: { query: 'who called me yesterday' } });
const searchUrls = ({ url }: LocalServer) => [`${url}/bare-tools-list`, `${url}/mcp?services=Api`];

async function searches(server: LocalServer, label: string, rounds: number, limit: number): Promise<void> {
  const [bare, ours] = await race(searchUrls(server), SEARCH, rounds);
  row(label, ms(bare!), ms(ours!), `${ms(ours! - bare!)} above`, `≤ ${limit}`);
}

/** What a fresh process holds after its first search. */
async function memory(options: LocalOptions, folder: string): Promise<void> {
  const log = join(folder, 'memory');
  const preload = `--require ${JSON.stringify(join(__dirname, 'memory.cjs'))}`;
  const server = await serveLocally({
    ...options,
    fork: true,
    env: { ...SANDBOXED, NODE_OPTIONS: preload, MEMORY_LOG: log },
  });
  await race(searchUrls(server), SEARCH, FRESH);
  await server.close();
  const held = readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((bytes) => Number(bytes) / 1e6);
  const [bare, ours] = [0, 1].map((turn) => median(held.filter((_, at) => at % 2 === turn)));
  row('memory after it, MB', ms(bare!), ms(ours!), `${ms(ours! - bare!)} above`, '< 150');
}

function sizes(): void {
  console.log();
  row('service', 'tools', 'tokens (bytes/4)', 'a tool');
  row('---', '---', '---', '---');
  for (const service of [...DOMAINS.map((domain) => domain.service), 'all']) {
    const listed = selectToolset({ services: [service], tools: [], readonly: false }).listed();
    const tokens = Buffer.byteLength(JSON.stringify(listed)) / 4;
    row(service, listed.length, Math.round(tokens), Math.round(tokens / listed.length));
  }
  const bundle = statSync(join(root, 'dist/functions/mcp.protected.js')).size;
  console.log(`\nbundle: ${Math.round(bundle / 1000)} KB (≤ 700)`);
}

/** A Function that lists tools as the peer does, which reads its API descriptions for each server. */
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

async function peer(server: LocalServer): Promise<void> {
  const [ours, theirs] = await race([`${server.url}/mcp`, `${server.url}/peer`], CASES['tools/list'], 21);
  const { text } = await post(`${server.url}/peer`, CASES['tools/list']);
  const tools = JSON.parse(text).result.tools.length;
  console.log(
    `\n${PEER}, warm tools/list of messages and numbers (${tools} tools): ${ms(theirs!)} ms, ours ${ms(ours!)} ms: ${Math.round(theirs! / ours!)} times (≥ 40)`,
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
    const options = { functionsFolder: 'dist/bench', env: SANDBOXED, preloads: [join(__dirname, 'upstream.cjs')] };
    const first = await serveLocally(options);
    for (const [name, body] of Object.entries(CASES)) {
      const { text } = await post(`${first.url}/mcp`, body);
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
          `require('twilio')(${JSON.stringify(SANDBOXED.ACCOUNT_SID)}, 'x').messages;\nexports.handler = (context, event, callback) => callback(null, ${text});\n`,
        );
      }
    }
    await first.close();
    const server = await serveLocally(options);
    await warm(server);
    await searches(server, 'search, 1 at a time', WARM, 10);
    if (withPeer) await peer(server);
    await server.close();
    const forking = await serveLocally({ ...options, fork: true });
    await fresh(forking);
    await searches(forking, 'first search of a fresh process', FRESH, 150);
    await forking.close();
    await memory(options, folder);
    sizes();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
