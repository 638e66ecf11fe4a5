import { parseArgs } from 'node:util';
import { checkConfig } from '../../src/config';
import { openTwilio } from '../../src/twilio';
import { readEnvFile } from '../local-env';
import { accountChecks } from './account';
import type { Check, Setup } from './check';
import { deployment } from './deployment';
import { variables } from './variables';

/*
 * `npm run doctor [-- --url https://name-1234-dev.twil.io]`: looks at the set-up from end to end, changes nothing, and
 * says of each fault how it is mended. Ends with 1 where there is one.
 */

const CHECKS: readonly Check[] = [variables, ...accountChecks, deployment];
const MARKS = { ok: '✓', note: '–', fault: '✗' } as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { url: { type: 'string' }, env: { type: 'string' } } });
  const env = readEnvFile(values.env);
  const { config } = checkConfig(env);
  const setup: Setup = {
    env,
    config,
    twilio: () => openTwilio(config, Date.now() + config.timeoutMs),
    url: values.url,
  };
  let faults = 0;
  for (const { title, needsAllBefore, run } of CHECKS) {
    console.log(`\n${title}`);
    if (needsAllBefore && faults > 0) {
      console.log('  – Not looked at: mend the faults above first.');
      continue;
    }
    for (const finding of await run(setup)) {
      console.log(`  ${MARKS[finding.state]} ${finding.said}`);
      if (finding.state !== 'fault') continue;
      faults++;
      console.log(`    Mend: ${finding.mend}`);
    }
  }
  console.log(faults === 0 ? '\nAll is well.' : `\n${faults} to mend.`);
  process.exitCode = faults === 0 ? 0 : 1;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(2);
});
