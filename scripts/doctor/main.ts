import { basename } from 'node:path';
import { checkConfig } from '../../src/config';
import { announce, openAccount } from '../account';
import { ENV_OPTION, startCommand } from '../command';
import { readEnvFile, runningSandbox, usesSandbox } from '../local-env';
import { accountChecks } from './account';
import { type DoctorContext, reportFindings } from './check';
import { deploymentCheck, sendPing } from './deployment';
import { policyCheck } from './policy';
import { storeFileCheck } from './store-file';
import { tokensCheck } from './tokens';
import { variablesCheck } from './variables';
import { webhooksCheck } from './webhooks';

/*
 * `npm run doctor [-- --url https://name-1234-dev.twil.io]`: checks the setup from end to end without changing
 * anything, and prints a fix for each problem. Exits with 1 if there is one.
 */

/** The address of a server that runs on this machine: of the sandbox's, or else of one at PORT. */
async function runningServer(sandboxed: boolean): Promise<string | undefined> {
  const sandbox = sandboxed ? await runningSandbox().catch(() => undefined) : undefined;
  const url = `http://localhost:${sandbox?.port ?? (process.env.PORT || 3000)}`;
  return sandbox || (await isMcpServer(url)) ? url : undefined;
}

const isMcpServer = (url: string) =>
  sendPing(`${url}/mcp`).then(
    ({ text }) => text.includes('"jsonrpc"'),
    () => false,
  );

void startCommand({
  name: 'doctor',
  summary: 'Checks a setup from end to end and prints a fix for each problem. It changes nothing.',
  options: {
    url: {
      type: 'string',
      value: '<url>',
      help: 'a deployment or a running server to check too, such as https://name-1234-dev.twil.io',
    },
    ...ENV_OPTION,
  },
  run: async ({ url, env: file }) => {
    const env = readEnvFile(file);
    const { config } = checkConfig(env);
    const context: DoctorContext = {
      file: file ? basename(file) : '.env',
      env,
      sandboxed: usesSandbox(env),
      config,
      twilio: () => openAccount(config),
      // Without an address, a running npm start.
      url: url ?? (await runningServer(usesSandbox(env))),
    };
    console.log(await announce(env, 'The doctor only reads.'));
    const checks = [
      variablesCheck,
      policyCheck,
      ...(context.sandboxed ? [] : accountChecks),
      storeFileCheck,
      deploymentCheck,
      tokensCheck,
      webhooksCheck,
    ];
    const problems = await reportFindings(checks, context);
    console.log(`\n${problems || 'No'} problem${problems === 1 ? '' : 's'} found.`);
    process.exitCode = problems === 0 ? 0 : 1;
  },
});
