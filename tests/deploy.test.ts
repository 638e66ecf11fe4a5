import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { SEEDS } from '../sandbox/seed';
import {
  SANDBOX_ACCOUNT_SID,
  SANDBOX_API_KEY,
  SANDBOX_API_SECRET,
  SANDBOX_AUTH_TOKEN,
  type Sandbox,
  startSandbox,
} from '../sandbox/server';
import { PAGE_FILE } from '../scripts/build-page';
import { STORE_NAME } from '../src/store/service';
import { envText, freshClone } from './support/clone';
import { run } from './support/run';
import { callTool, post } from './support/stack';

/*
 * What a deployment to the sandbox uploads; and that Twilio's runtime handler can run it in a folder that holds only the
 * upload and the dependencies that it declares.
 */

jest.setTimeout(180_000);

const root = join(__dirname, '..');
const CREDENTIALS = { ACCOUNT_SID: SANDBOX_ACCOUNT_SID, API_KEY: SANDBOX_API_KEY, API_SECRET: SANDBOX_API_SECRET };
const SENDER = { TWILIO_PHONE_NUMBER: SEEDS.numbers[0]! };
const preload = join(root, 'dist/local/sandbox-preload.js');

let sandbox: Sandbox;
let folder: string;
let project: ReturnType<typeof freshClone>;
let output: string;
const uploads: { path: string; content: Buffer }[] = [];
beforeAll(async () => {
  sandbox = await startSandbox();
  sandbox.state.events.on('upload', (upload) => uploads.push(upload));
  folder = mkdtempSync(join(tmpdir(), 'twilio-mcp-deploy-'));
  // A deployment writes a file into the project, so this one starts from a copy.
  project = freshClone();
  // A build that is not of these sources.
  rmSync(join(project.folder, 'dist'), { recursive: true });
  const { code, output: said } = await deploy({ ...CREDENTIALS, TWILIO_AUTH_TOKEN: SANDBOX_AUTH_TOKEN });
  if (code !== 0) throw new Error(said);
  output = said;
});
afterAll(async () => {
  await sandbox.close();
  project.remove();
  rmSync(folder, { recursive: true, force: true });
});

const twilioRun = join(dirname(require.resolve('twilio-run/package.json')), 'bin/twilio-run.js');

/** Runs the command in the copy, with the sandbox in place of Twilio. */
function deploy(env: Record<string, string>, ...args: string[]) {
  writeFileSync(join(project.folder, '.env'), envText(env));
  return run(process.execPath, ['--import', 'tsx', 'scripts/deploy.ts', ...args], {
    cwd: project.folder,
    env: { ...process.env, TWILIO_SANDBOX_URL: sandbox.url, NODE_OPTIONS: `--require ${preload}` },
  });
}

const fieldsOf = (operationId: string) =>
  sandbox.journal.entries.filter((entry) => entry.operationId === operationId).map((entry) => entry.fields);

test('uploads every Function as protected but the one for access tokens, with valid requests only', () => {
  expect(sandbox.journal.entries.flatMap((entry) => entry.violations)).toEqual([]);
  const functions = fieldsOf('CreateFunctionVersion').map(({ Path, Visibility }) => [Path, Visibility]);
  expect(functions.sort()).toEqual([
    ['/mcp', 'protected'],
    ['/mcp/bearer', 'public'],
    ['/webhook/sms-notifications', 'protected'],
    ['/webhook/sms-received', 'protected'],
    ['/webhooks/twilio/sms', 'protected'],
    ['/webhooks/twilio/status', 'protected'],
  ]);
});

test('says what it does with which account, and ends with the page and the next command', () => {
  expect(output).toMatch(
    /^LIVE: this account sends and spends: AC\w{32} ".+"\. Deploys twilio-mcp-functions to the environment dev\.\n/,
  );
  expect(output).toMatch(
    /\nDeployed\. Connect a client: (https:\/\/[\w.-]+)\/\nCheck it: npm run doctor -- --url \1\n$/,
  );
  expect(output).not.toContain(SANDBOX_AUTH_TOKEN);
});

test.each<[string, Record<string, string>, RegExp]>([
  ['no credentials', {}, /Copy \.env\.example to \.env and set ACCOUNT_SID, AUTH_TOKEN, API_KEY and API_SECRET/],
  ['no auth token', CREDENTIALS, /Nothing was deployed: set AUTH_TOKEN in \.env/],
  [
    'no API key',
    { ACCOUNT_SID: SANDBOX_ACCOUNT_SID, AUTH_TOKEN: SANDBOX_AUTH_TOKEN },
    /API_KEY is missing[\s\S]*In \.env, set API_KEY[\s\S]*fix the problems above first/,
  ],
  [
    'a malformed number',
    { ...CREDENTIALS, AUTH_TOKEN: SANDBOX_AUTH_TOKEN, TWILIO_PHONE_NUMBER: '5005550006' },
    /TWILIO_PHONE_NUMBER must be a phone number/,
  ],
  [
    'a wrong API key',
    { ...CREDENTIALS, API_SECRET: 'wrong', AUTH_TOKEN: SANDBOX_AUTH_TOKEN },
    /Twilio rejects API_KEY with API_SECRET/,
  ],
])('refuses %s and uploads nothing', async (_label, env, message) => {
  const before = uploads.length;
  const { code, output: said } = await deploy(env);
  expect([code, said]).toEqual([1, expect.stringMatching(message)]);
  expect(uploads).toHaveLength(before);
});

test('uploads nothing of the local store', () => {
  expect(uploads.length).toBeGreaterThan(0);
  for (const { path, content } of uploads) {
    expect(path).not.toMatch(/sqlite|local/);
    expect(String(content)).not.toMatch(/node-sqlite3-wasm|CREATE TABLE/);
  }
});

test('uploads the catalogue as private assets', () => {
  const assets = fieldsOf('CreateAssetVersion');
  for (const path of CATALOGUE)
    expect(assets).toContainEqual(expect.objectContaining({ Path: path, Visibility: 'private' }));
});

test('uploads the connect page as the public asset served at /, without credentials', () => {
  expect(fieldsOf('CreateAssetVersion')).toContainEqual(
    expect.objectContaining({ Path: '/assets/index.html', Visibility: 'public' }),
  );
  const content = String(uploads.find(({ path }) => path === '/assets/index.html')!.content);
  expect(content).toBe(readFileSync(join(project.folder, relative(root, PAGE_FILE)), 'utf8'));
  for (const secret of [SANDBOX_ACCOUNT_SID, SANDBOX_API_KEY, SANDBOX_API_SECRET, SANDBOX_AUTH_TOKEN]) {
    expect(content).not.toContain(secret);
  }
});

test('builds for node22 with only the runtime dependencies', () => {
  const [build] = fieldsOf('CreateBuild');
  expect(build).toMatchObject({ Runtime: 'node22' });
  expect(
    dependencies()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['@twilio/runtime-handler', 'twilio']);
  expect(dependencies()).toContainEqual({ name: '@twilio/runtime-handler', version: '2.0.3' });
});

test('creates the Sync service of the store, once', async () => {
  const { code } = await deploy({ ...CREDENTIALS, AUTH_TOKEN: SANDBOX_AUTH_TOKEN });
  const names = fieldsOf('CreateService').map(({ FriendlyName }) => FriendlyName);
  expect([code, names.filter((name) => name === STORE_NAME)]).toEqual([0, [STORE_NAME]]);
});

test('sets no credential except the API key as a variable', () => {
  expect(
    fieldsOf('CreateVariable')
      .map((fields) => fields.Key)
      .sort(),
  ).toEqual(['API_KEY', 'API_SECRET']);
});

test('twilio-run, and with it the Twilio CLI, deploys the sources as they are', async () => {
  const file = join(project.folder, 'src/domains/messaging.ts');
  writeFileSync(file, readFileSync(file, 'utf8').replace("title: 'Send SMS", "title: 'Post SMS"));
  const envFile = join(folder, 'env');
  writeFileSync(envFile, envText({ ...CREDENTIALS, AUTH_TOKEN: SANDBOX_AUTH_TOKEN }));
  const result = await run(process.execPath, [twilioRun, 'deploy', '--env', envFile], {
    cwd: project.folder,
    env: { ...process.env, TWILIO_SANDBOX_URL: sandbox.url, NODE_OPTIONS: `--require ${preload}` },
  });
  expect(result).toEqual({ code: 0, output: expect.stringContaining('The sources have changed: building …') });
  expect(String(uploads.findLast(({ path }) => path === '/mcp')!.content)).toContain('Post SMS');
});

test('the upload runs by itself', async () => {
  const app = join(folder, 'app');
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', version: '1.0.0', private: true }));
  const packages = dependencies().map(({ name, version }) => `${name}@${version}`);
  execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', ...packages], { cwd: app });
  // The platform stores Functions side by side, under names of its own.
  writeFileSync(join(app, 'ZN0.js'), uploads.find(({ path }) => path === '/mcp')!.content);
  writeFileSync(join(app, 'serve.js'), SERVE);
  const child = spawn(process.execPath, ['--require', preload, 'serve.js'], {
    cwd: app,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      TWILIO_SANDBOX_URL: sandbox.url,
      SETTINGS: JSON.stringify({ ...CREDENTIALS, ...SENDER, AUTH_TOKEN: SANDBOX_AUTH_TOKEN }),
    },
  });
  try {
    const port = await new Promise<string>((resolve) =>
      child.stdout.once('data', (chunk) => resolve(String(chunk).trim())),
    );
    const url = `http://127.0.0.1:${port}/mcp`;
    expect((await post(url, { jsonrpc: '2.0', id: 1, method: 'tools/list' })).body.result.tools.length).toBeGreaterThan(
      5,
    );
    expect((await callTool(url, 'twilio_messaging_get_message_logs', { limit: 1 })).structured.items).toHaveLength(1);
    // Written only now, which shows that reading tools do without it.
    for (const path of CATALOGUE)
      writeFileSync(join(app, path), uploads.find((upload) => upload.path === path)!.content);
    const sent = await callTool(url, 'twilio_messaging_send_sms', { to: '+14155550100', body: 'Hello' });
    const { conversationId } = sent.structured;
    const { structured } = await callTool(url, 'twilio_inbox_get_conversation_thread', { conversationId });
    expect(structured.messages).toMatchObject([{ messageSid: sent.structured.sid, body: 'Hello' }]);
    const found = await callTool(url, 'twilio_api_search', { query: 'send a text' });
    expect(found.structured.operations[0].id).toBe('api_v2010:CreateMessage');
    expect((await callTool(url, 'twilio_api_read', { id: 'api_v2010:FetchBalance' })).structured.result).toBeDefined();
  } finally {
    child.kill();
  }
});

function dependencies(): { name: string; version: string }[] {
  return JSON.parse(String(fieldsOf('CreateBuild')[0]!.Dependencies).replace(/^"|"$/g, ''));
}

const CATALOGUE = ['/search-index.bin', '/operations.bin'];
const SERVE = `
const { LocalDevelopmentServer } = require('@twilio/runtime-handler/dev');
const filePath = require('node:path').join(__dirname, 'ZN0.js');
const assets = ${JSON.stringify(CATALOGUE)}.map((path) => ({ name: path, type: 'asset', access: 'private', path, assetPath: path, filePath: require('node:path').join(__dirname, path) }));
const routes = { functions: [{ name: 'mcp', type: 'function', access: 'protected', path: '/mcp', functionPath: '/mcp', filePath }], assets };
const config = { baseDir: __dirname, env: JSON.parse(process.env.SETTINGS), routes, url: 'http://localhost', forkProcess: false, live: false, logs: false };
const server = new LocalDevelopmentServer(0, config).getApp().listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  config.env.DOMAIN_NAME = 'localhost:' + port;
  console.log(port);
});
`;
