import { build, context } from 'esbuild';
import { buildAssets } from '../openapi/catalogue';
import { startSandbox } from '../sandbox/server';
import { readConfig, SMS_WEBHOOK } from '../src/config';
import { localBundles, productBundles } from './build';
import { buildPage } from './build-page';
import { deleteSandboxStore, readEnvFile, recordSandboxUrl, sandboxEnvironment, usesSandbox } from './local-env';
import { serveLocally } from './serve-functions';

/*
 * `npm start` serves the Functions on this machine. They call Twilio if `.env` has credentials, otherwise the sandbox.
 * `--dev` rebuilds and reloads on change.
 */

async function main(): Promise<void> {
  const dev = process.argv.includes('--dev');
  const env = readEnvFile();
  const port = Number(process.env.PORT || 3000);
  const webhookBase = `http://localhost:${port}`;
  const sandboxed = usesSandbox(env);
  if (!sandboxed) readConfig(env);
  const sandbox = sandboxed ? await startSandbox({ smsUrl: webhookBase + SMS_WEBHOOK }) : undefined;
  // A new sandbox does not know the messages in the old store.
  if (sandboxed) deleteSandboxStore();
  await build(localBundles());
  buildAssets();
  await buildPage();
  if (dev) await (await context(productBundles())).watch();
  else await build(productBundles());
  const server = await serveLocally({
    port,
    env: sandbox ? { ...env, ...sandboxEnvironment(env, webhookBase) } : env,
    sandboxUrl: sandbox?.url,
    live: dev,
    stdio: 'inherit',
  });
  console.log(`\nMCP server: ${server.url}/mcp\nConnect a client: ${server.url}/`);
  if (sandbox)
    console.log('No credentials in .env: this is the sandbox, a local stand-in for Twilio. Nothing is sent to anyone.');
  const deleteRecord = sandbox && recordSandboxUrl(sandbox.url);
  const stop = async () => {
    deleteRecord?.();
    await Promise.all([server.close(), sandbox?.close()]);
    process.exit(0);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  server.process.once('exit', stop);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
