import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SANDBOX_AUTH_TOKEN } from '../../sandbox/server';
import { dayIn, signConnection, VALID_DAYS } from '../../src/connect/address';
import { CLIENTS } from '../../src/connect/configurations';
import { maxLabelLength } from '../../src/connect/labels';
import { toolManifest } from '../../src/connect/manifest';
import { useGateway } from '../support/gateway';
import { type ModelApi, startModelApi } from '../support/model-api';
import { type RunResult, run } from '../support/run';
import { refusals } from '../support/schema-rules';

/*
 * Command-line agents with the configuration that the connect page shows, from the question to the answer: the model is a
 * stand-in, the gateway requires the signature, and nothing else is reachable. npx installs them.
 */

interface Agent {
  /** Of its configuration. */
  id: string;
  npmPackage: string;
  command: string;
  /** Settings beside the configuration: where the model is, and no telemetry or updates. */
  settings?: { file: string; text: (model: ModelApi) => string };
  env: (model: ModelApi) => Record<string, string>;
  /** Asks without a prompt for approval. */
  options: (label: string) => string[];
  /** Makes it offer the model all tools at once. By default the model searches for them. Omitted if there is no search. */
  allTools?: { options?: string[]; env?: Record<string, string> };
}

const AGENTS: readonly Agent[] = [
  {
    id: 'codex',
    npmPackage: '@openai/codex@0.169.0',
    command: 'codex',
    settings: {
      file: '.codex/config.toml',
      text: ({ url }) => `
        model = "gpt-5.5"
        model_provider = "test"
        check_for_update_on_startup = false
        analytics.enabled = false
        features = { apps = false, plugins = false, remote_plugin = false }
        model_providers.test = { name = "test", base_url = "${url}/v1", wire_api = "responses", env_key = "OPENAI_API_KEY" }
      `,
    },
    env: () => ({ OPENAI_API_KEY: 'test' }),
    options: (label) => [
      ...['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox'],
      // Otherwise it asks the model without the tools of a server that takes long to start.
      ...['--config', `mcp_servers.${label}.required=true`],
    ],
    // It searches only for models that it knows.
    allTools: { options: ['--model', 'test'] },
  },
  {
    id: 'gemini-cli',
    npmPackage: '@google/gemini-cli@0.61.0',
    command: 'gemini',
    settings: {
      file: '.gemini/settings.json',
      text: () =>
        JSON.stringify({
          general: { enableAutoUpdate: false, enableAutoUpdateNotification: false },
          privacy: { usageStatisticsEnabled: false },
          security: { auth: { selectedType: 'gemini-api-key' } },
        }),
    },
    // One process, so that it can be stopped.
    env: ({ url }) => ({ GEMINI_API_KEY: 'test', GOOGLE_GEMINI_BASE_URL: url, GEMINI_CLI_NO_RELAUNCH: 'true' }),
    options: () => ['--model', 'gemini-2.5-pro', '--skip-trust', '--approval-mode', 'yolo', '--prompt'],
  },
  {
    id: 'claude-code',
    npmPackage: '@anthropic-ai/claude-code@2.1.330',
    command: 'claude',
    env: ({ url }) => ({
      ANTHROPIC_API_KEY: 'test',
      ANTHROPIC_BASE_URL: url,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    }),
    options: (label) => ['--allowedTools', `mcp__${label}`, '--print'],
    allTools: { env: { ENABLE_TOOL_SEARCH: 'false' } },
  },
];

const TOOL = 'twilio_messaging_send_sms';
const ARGUMENTS = { to: '+14155550182', body: 'Hello from the sandbox' };

/** Function declarations in a request. Of these clients, only Gemini CLI has a known limit. */
const GEMINI_LIMIT = 512;

jest.setTimeout(300_000);

const manifest = toolManifest();
const parameters = manifest.tools.find(({ name }) => name === TOOL)!.parameters.map(({ name }) => name);
/** The longest that fits, which shows that no client cuts a name. */
const label = 'tw-production'.slice(0, maxLabelLength(manifest.tools));

const { stack, gateway } = useGateway();

const configurationOf = (id: string) => CLIENTS.find((client) => client.id === id)!;

/** Installs an agent, configures it as the page says, and asks it to send a text message. */
async function ask(
  agent: Agent,
  { options: moreOptions = [], env: moreEnv }: Agent['allTools'] = {},
): Promise<{ model: ModelApi; answer: RunResult }> {
  const { id, npmPackage, command, settings, options } = agent;
  const { language, toolNames, write } = configurationOf(id);
  const prefix = toolNames!.prefix(label);
  const installed = await run('npx', ['-y', '-p', npmPackage, '-c', `command -v ${command}`]);
  if (installed.code !== 0) throw new Error(`npx: ${installed.output}`);
  const bin = dirname(installed.output.match(/^\/.*$/m)![0]);
  const model = await startModelApi((tools) => {
    const tool = tools.find(({ name }) => name === `${prefix}${TOOL}`);
    // An argument that the client itself adds is set too, as its model would set it.
    const added = Object.keys(tool?.schema.properties ?? {}).filter((name) => !parameters.includes(name));
    return (
      tool && { name: tool.name, args: { ...ARGUMENTS, ...Object.fromEntries(added.map((name) => [name, true])) } }
    );
  }, 'send a text message');
  const home = mkdtempSync(join(tmpdir(), `twilio-mcp-${id}-`));
  try {
    const grant = { services: ['all'], client: id, expires: dayIn(VALID_DAYS) };
    const connection = await signConnection(gateway.url, grant, SANDBOX_AUTH_TOKEN);
    const configuration = write({ ...connection, label });
    const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].map((name) => [name, model.url]);
    const env = {
      ...Object.fromEntries(proxies),
      ...{ NO_PROXY: 'localhost,127.0.0.1,127.0.0.2', no_proxy: 'localhost,127.0.0.1,127.0.0.2' },
      ...{ HOME: home, PATH: `${bin}:${process.env.PATH}` },
      ...{ ...agent.env(model), ...moreEnv },
    };
    if (settings) {
      const file = join(home, settings.file);
      mkdirSync(dirname(file));
      writeFileSync(file, settings.text(model));
      if (language !== 'shell') appendFileSync(file, configuration);
    }
    if (language === 'shell') await run('bash', ['-c', configuration], { cwd: home, env });
    stack.sandbox.reset();
    gateway.requests.length = 0;
    const question = [...options(label), ...moreOptions, 'Send the text message.'];
    return { model, answer: await run(command, question, { cwd: home, env, timeout: 120_000 }) };
  } finally {
    await model.close();
    rmSync(home, { recursive: true, force: true });
  }
}

const expectSent = ({ model, answer }: { model: ModelApi; answer: RunResult }) => {
  const [message, ...others] = stack.sandbox.journal.since(0);
  expect([message?.path, others]).toEqual([expect.stringMatching(/\/Messages\.json$/), []]);
  expect(message).toMatchObject({ fields: { To: ARGUMENTS.to, Body: ARGUMENTS.body } });
  expect(model.result).toMatch(/SM[\da-f]{32}/);
  expect([answer.code, answer.output]).toEqual([0, expect.stringContaining('The tool answered')]);
};

describe.each(AGENTS.map((agent) => [agent.id, agent] as const))('%s', (id, agent) => {
  const { maxTools, toolNames } = configurationOf(id);
  const prefix = toolNames!.prefix(label);
  let model: ModelApi;
  let answer: RunResult;
  beforeAll(async () => {
    ({ model, answer } = await ask(agent, agent.allTools));
  });

  const ownTools = () => model.tools.filter(({ name }) => name.startsWith(prefix));

  test('offers the model every tool under its full name', () => {
    const offered = new Set(ownTools().map(({ name }) => name));
    const expected = manifest.tools.map(({ name }) => `${prefix}${name}`);
    expect(expected.filter((name) => !offered.has(name))).toEqual([]);
    expect([...offered].filter((name) => name.length > toolNames!.maxLength)).toEqual([]);
    expect(offered.size).toBe(expected.length);
    // The client's own tools count, too.
    const others = model.tools.length - offered.size;
    if (maxTools !== undefined) expect(maxTools + others).toBeLessThanOrEqual(GEMINI_LIMIT);
  });

  test('sends schemas that every API accepts', () => {
    expect(ownTools()).not.toEqual([]);
    expect(ownTools().flatMap(({ name, schema }) => refusals(schema, name))).toEqual([]);
  });

  test('calls the tool, and hands its result to the model', () => expectSent({ model, answer }));

  test('signs every request, and reaches nothing else', () => {
    expect([...new Set(gateway.requests.map(({ allowed }) => allowed))]).toEqual([true]);
    expect(model.outside).toEqual([]);
  });
});

test.each(AGENTS.filter(({ allTools }) => allTools).map((agent) => [agent.id, agent] as const))(
  '%s finds the tool by its search',
  async (_id, agent) => {
    const { model, answer } = await ask(agent);
    expect(model.searched).toBe(true);
    expectSent({ model, answer });
  },
);
