/**
 * Runs the sandbox as its own process: `tsx sandbox/main.ts [--port 4010] [--speed 1] [--lenient] [--history]`.
 * Sends `{ url }` to a parent with an IPC channel; otherwise prints one line.
 */
import { parseArgs } from 'node:util';
import { SANDBOX_ACCOUNT_SID, SANDBOX_AUTH_TOKEN, startSandbox } from './server';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    speed: { type: 'string' },
    lenient: { type: 'boolean' },
    history: { type: 'boolean' },
  },
});
const port = Number(values.port ?? process.env.TWILIO_SANDBOX_PORT ?? 0);
const speed = values.speed === undefined ? undefined : Number(values.speed);

startSandbox({ port, speed, lenient: values.lenient, history: values.history }).then(
  (sandbox) => {
    const stop = () => void sandbox.close().then(() => process.exit(0));
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    process.once('disconnect', stop);
    if (process.send) process.send({ url: sandbox.url });
    else console.log(`Twilio sandbox at ${sandbox.url} account ${SANDBOX_ACCOUNT_SID} token ${SANDBOX_AUTH_TOKEN}`);
  },
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
