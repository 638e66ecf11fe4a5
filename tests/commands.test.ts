import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SMS_WEBHOOK, webhookAt } from '../src/config';
import { freePort, freshClone, startProgram } from './support/clone';

/*
 * `npm run webhooks` and `npm run simulate-sms`, on the sandbox of a running `npm start`.
 */

jest.setTimeout(240_000);

test('the commands set and restore the webhook of a number, and a simulated SMS reaches it', async () => {
  const { folder, remove } = freshClone();
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const run = async (...args: string[]) => {
    const { stdout, stderr } = await promisify(execFile)('npm', ['run', '--silent', ...args], { cwd: folder }).catch(
      (error: { stdout: string; stderr: string }) => error,
    );
    return stdout + stderr;
  };
  const number = '+12025550143';
  expect(await run('simulate-sms', 'Hello')).toMatch(/No sandbox is running.*npm start/);
  const { until, stop } = startProgram('npm', ['start'], folder, { PORT: String(port) });
  try {
    await until(/Nothing is sent/);
    const here = ['--base', base];
    const pointsHere = `${number} -> ${webhookAt(base, SMS_WEBHOOK)} (here)`;
    expect(await run('webhooks', '--', ...here)).toContain(pointsHere);
    const elsewhere = ['--base', 'http://localhost:1'];
    const moved = await run('webhooks', '--', 'set', number, ...elsewhere);
    expect(moved).toContain(`${number} -> ${webhookAt('http://localhost:1', SMS_WEBHOOK)} (here)`);
    expect(moved).toContain(`saved for restore: ${base}/webhooks/twilio/sms`);
    expect(await run('simulate-sms', '--', '--to', number, 'Hello')).toMatch(
      /is in the log, but its webhook .* did not respond/,
    );
    expect(await run('webhooks', '--', 'restore', number, ...elsewhere)).toContain(`${base}/webhooks/twilio/sms`);
    expect(await run('webhooks', '--', 'show', number, ...here)).toContain(pointsHere);
    expect(await run('simulate-sms', '--', '--to', number, 'Hello')).toMatch(/arrived at \+12025550143/);
    expect(await run('simulate-sms', '--', '--to', '+19995550100', 'Hello')).toMatch(/has no number \+19995550100/);
    expect(await run('webhooks', '--', 'set', number, '--base', 'http://hooks.example.com')).toMatch(
      /WEBHOOK_BASE_URL must be an https URL/,
    );
    expect(await run('webhooks', '--', 'explode', number)).toMatch(
      /Unknown action "explode". Use show, set or restore/,
    );
  } finally {
    await stop();
    remove();
  }
});
