import { join } from 'node:path';
import { SANDBOX_AUTH_TOKEN } from '../../sandbox/server';
import { freePort, type LocalOptions, serveLocally } from '../../scripts/serve-functions';
import { type Gateway, startGateway } from './gateway';
import { type Stack, startStack } from './stack';

/** The Functions as on the platform: behind the gateway, with the variables that the platform sets. */
export interface Deployment {
  stack: Stack;
  gateway: Gateway;
  /** Replaces the running instance by a new one. */
  restart: () => Promise<void>;
  close: () => Promise<void>;
}

/** The Functions service of the deployment. */
export const SERVICE_SID = `ZS${'5'.repeat(32)}`;

export async function startDeployment({ env, ...options }: LocalOptions = {}): Promise<Deployment> {
  const port = await freePort();
  const gateway = await startGateway(SANDBOX_AUTH_TOKEN, `http://localhost:${port}`);
  const platform = { ...options, port, guarded: false, preloads: [join(__dirname, 'platform.cjs')] };
  const stack = await startStack({
    ...platform,
    env: { SERVICE_SID, DOMAIN_NAME: new URL(gateway.url).host, AUTH_TOKEN: SANDBOX_AUTH_TOKEN, ...env },
  });
  return {
    stack,
    gateway,
    restart: async () => {
      await stack.server.close();
      stack.server = await serveLocally({ ...platform, env: stack.env, sandboxUrl: stack.sandbox.url });
    },
    close: async () => {
      await gateway.close();
      await stack.close();
    },
  };
}
