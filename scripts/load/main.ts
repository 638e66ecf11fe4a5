import { startCommand } from '../command';
import { printRow } from '../figures';
import { LATENCIES } from './latencies';
import { type Line, LOSSES } from './losses';
import { slowCalls } from './slow-calls';

/*
 * `npm run load` plays the platform and Twilio, and measures whether a deployment loses anything under load, and how
 * long its answers take.
 */

const SCENARIOS: readonly (() => Promise<Line[]>)[] = [...LATENCIES, ...LOSSES, slowCalls];

void startCommand({
  name: 'load',
  summary: 'Measures a deployment under load. Prints a table and exits with 1 unless every line of it holds.',
  options: { only: { type: 'string', value: '<n>', help: 'runs one scenario' } },
  details: () => `There are ${SCENARIOS.length} scenarios, which take a few minutes together.`,
  run: async ({ only }) => {
    printRow('scenario', 'target', 'measured', 'holds');
    printRow('---', '---', '---', '---');
    for (const [at, run] of SCENARIOS.entries()) {
      if (only !== undefined && Number(only) !== at + 1) continue;
      for (const { scenario, target, measured, holds } of await run()) {
        printRow(scenario, target, measured, holds ? 'yes' : '**no**');
        if (!holds) process.exitCode = 1;
      }
    }
  },
});
