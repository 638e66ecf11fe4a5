import { parseArgs } from 'node:util';
import { checkConfig } from '../../src/config';
import { openTwilio } from '../../src/twilio';
import { readEnvFile } from '../local-env';
import { accountChecks } from './account';
import type { DoctorCheck, DoctorContext } from './check';
import { deploymentCheck } from './deployment';
import { variablesCheck } from './variables';

/*
 * `npm run doctor [-- --url https://name-1234-dev.twil.io]`: checks the setup from end to end without changing
 * anything, and prints a fix for each problem. Exits with 1 if there is one.
 */

const CHECKS: readonly DoctorCheck[] = [variablesCheck, ...accountChecks, deploymentCheck];
const MARKS = { ok: '✓', note: '–', problem: '✗' } as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { url: { type: 'string' }, env: { type: 'string' } } });
  const env = readEnvFile(values.env);
  const { config } = checkConfig(env);
  const context: DoctorContext = {
    env,
    config,
    twilio: () => openTwilio(config, Date.now() + config.timeoutMs),
    url: values.url,
  };
  let problems = 0;
  for (const { title, skipAfterProblem, run } of CHECKS) {
    console.log(`\n${title}`);
    if (skipAfterProblem && problems > 0) {
      console.log(`  ${MARKS.note} Skipped: fix the problems above first.`);
      continue;
    }
    for (const finding of await run(context)) {
      console.log(`  ${MARKS[finding.state]} ${finding.message}`);
      if (finding.state !== 'problem') continue;
      problems++;
      console.log(`    Fix: ${finding.fix}`);
    }
  }
  console.log(`\n${problems || 'No'} problem${problems === 1 ? '' : 's'} found.`);
  process.exitCode = problems === 0 ? 0 : 1;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(2);
});
