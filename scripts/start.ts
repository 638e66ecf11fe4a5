import { build, context } from 'esbuild';
import { SEEDS } from '../sandbox/seed';
import { SANDBOX_ACCOUNT_SID, SANDBOX_API_KEY, SANDBOX_API_SECRET, startSandbox } from '../sandbox/server';
import { readConfig } from '../src/config';
import { productBundles } from './build';
import { readEnvFile } from './env';
import { serveLocally } from './local';
import { buildPage } from './page';

/*
 * `npm start`: serves the Functions on this machine. With credentials in `.env` they call Twilio, without any they call
 * the sandbox. `--dev` rebuilds and reloads on change.
 */

const CREDENTIALS = ['ACCOUNT_SID', 'API_KEY', 'API_SECRET'] as const;

async function main(): Promise<void> {
  const dev = process.argv.includes('--dev');
  const env = readEnvFile();
  const sandboxed = CREDENTIALS.every((name) => !env[name]);
  if (!sandboxed) readConfig(env);
  const sandbox = sandboxed ? await startSandbox() : undefined;
  await buildPage();
  if (dev) await (await context(productBundles())).watch();
  else await build(productBundles());
  const server = await serveLocally({
    port: Number(process.env.PORT || 3000),
    env: sandbox ? { ...env, ...sandboxEnvironment(env) } : env,
    sandboxUrl: sandbox?.url,
    live: dev,
    stdio: 'inherit',
  });
  console.log(`\nMCP server: ${server.url}/mcp\nConnect a client: ${server.url}/`);
  if (sandbox)
    console.log('No credentials in .env: this is the sandbox, a local stand-in for Twilio. Nothing is sent to anyone.');
  const stop = async () => {
    await Promise.all([server.close(), sandbox?.close()]);
    process.exit(0);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  server.process.once('exit', stop);
}

const sandboxEnvironment = (env: Record<string, string>) => ({
  ACCOUNT_SID: SANDBOX_ACCOUNT_SID,
  API_KEY: SANDBOX_API_KEY,
  API_SECRET: SANDBOX_API_SECRET,
  TWILIO_PHONE_NUMBER: env.TWILIO_PHONE_NUMBER || SEEDS.numbers[0]!,
});

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
