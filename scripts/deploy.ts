import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { name as serviceName } from '../package.json';
import { checkConfig } from '../src/config';
import { settings } from '../src/settings';
import { ensureStoreService } from '../src/store/service';
import { announce, openAccount, openAsOwner } from './account';
import { buildIfChanged } from './build';
import { ENV_OPTION, startCommand } from './command';
import { accountCheck, apiKeyCheck } from './doctor/account';
import { reportFindings } from './doctor/check';
import { variablesCheck } from './doctor/variables';
import { earlierMaps } from './earlier-store';
import { envFileText, readEnvFile, usesSandbox } from './local-env';

/*
 * `npm run deploy`: checks the settings, builds, and uploads with twilio-run.
 */

const root = join(__dirname, '..');

void startCommand({
  name: 'deploy',
  summary: 'Checks the settings, builds the Functions and deploys them to the account of .env.',
  options: {
    environment: {
      type: 'string',
      value: '<name>',
      default: 'dev',
      help: 'the environment, which is the last part of the domain',
    },
    production: { type: 'boolean', help: 'deploys to the domain without such a part' },
    ...ENV_OPTION,
  },
  run: async ({ environment, production, env: file = '.env' }) => {
    const env = readEnvFile(file === '.env' ? undefined : file);
    if (usesSandbox(env) && !env.AUTH_TOKEN)
      throw new Error(
        `There are no credentials to deploy with. Copy .env.example to .env and set ACCOUNT_SID, AUTH_TOKEN, API_KEY and API_SECRET in ${file}.`,
      );
    const target = production ? 'production' : `the environment ${environment}`;
    console.log(await announce(env, `Deploys ${serviceName} to ${target}.`));
    if (!env.AUTH_TOKEN)
      throw new Error(`Nothing was deployed: set AUTH_TOKEN in ${file}, which uploads are made with.`);
    const { config } = checkConfig(env);
    const context = { file, env, sandboxed: false, config, twilio: () => openAccount(config) };
    const problems = await reportFindings([variablesCheck, apiKeyCheck, accountCheck], context);
    if (problems > 0)
      throw new Error(`\nNothing was deployed: fix the problem${problems === 1 ? '' : 's'} above first.`);
    await buildIfChanged();
    // Two first requests at once would each create one.
    await ensureStoreService(openAsOwner(config));
    const domain = await runDeploy(env, production ? ['--production'] : ['--environment', environment]);
    console.log(
      `\nDeployed. Connect a client: https://${domain}/\nCheck it: npm run doctor -- --url https://${domain}`,
    );
    if ((await earlierMaps(openAsOwner(config), config.syncServiceSid ?? 'default')).length > 0)
      console.log('An earlier version kept threads elsewhere. Take them over: npm run move-store');
  },
});

/** Uploads what was built, with the variables. Returns the domain. Throws if twilio-run fails, which says why. */
async function runDeploy(env: Readonly<Record<string, string>>, options: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'twilio-mcp-deploy-'));
  try {
    const envFile = join(folder, 'env');
    writeFileSync(envFile, envFileText(deployedVariables(env)), { mode: 0o600 });
    const twilioRun = join(dirname(require.resolve('twilio-run/package.json')), 'bin/twilio-run.js');
    const args = [twilioRun, 'deploy', '--env', envFile, '--output-format', 'json', ...options];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
    const output = await text(child.stdout);
    const domain = /"domain": "([\w.-]+)"/.exec(output)?.[1];
    if ((await exited) !== 0 || domain === undefined) throw new Error(`twilio-run did not deploy.\n${output}`.trim());
    return domain;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The variables under the names that twilio-run knows: it would upload a token that has another name. */
function deployedVariables(env: Readonly<Record<string, string>>): Record<string, string> {
  const aliases = settings().map(({ alias }) => alias);
  return Object.fromEntries(Object.entries(env).filter(([name, value]) => value && !aliases.includes(name)));
}
