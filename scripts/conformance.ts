import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from './build';
import { serveLocally } from './serve-functions';

/*
 * Runs the protocol's official conformance suite, twice for each revision: against the product, which must pass all
 * that needs no fixtures, and against the same endpoint with the suite's fixtures, which must pass all that a stateless
 * server can offer. Prints each scenario that failed, and ends with a line that counts.
 */

const SUITE = '@modelcontextprotocol/conformance@0.2.0-alpha.12';

/** Checks of a scenario that need test tools, and so fail for the product. */
const NEED_TOOLS: Readonly<Record<string, number>> = { 'server-stateless': 4 };

/** What a server without test tools passes, by revision. */
const PRODUCT: Readonly<Record<string, readonly string[]>> = {
  '2026-07-28': [
    'server-stateless',
    'tools-list',
    'prompts-list',
    'resources-list',
    'caching',
    'sep-2164-resource-not-found',
    'dns-rebinding-protection',
    'server-sse-multiple-streams',
    'input-required-result-unsupported-methods',
    'input-required-result-validate-input',
    'input-required-result-ignore-extra-params',
    'input-required-result-missing-input-response',
    'http-header-validation',
  ],
  '2025-11-25': [
    'server-initialize',
    'ping',
    'tools-list',
    'prompts-list',
    'resources-list',
    'dns-rebinding-protection',
    'server-sse-multiple-streams',
  ],
};

/** Scenarios that the revision scores and a server behind one buffered response cannot pass. */
const IMPOSSIBLE: Readonly<Record<string, readonly string[]>> = {
  '2026-07-28': [],
  '2025-11-25': [
    // These need requests from the server to the client in the middle of an answer.
    'tools-call-sampling',
    'tools-call-elicitation',
    'elicitation-sep1034-defaults',
    'elicitation-sep1330-enums',
    // And these a connection that outlives an answer.
    'resources-subscribe',
    'resources-unsubscribe',
  ],
};

interface Outcome {
  scenario: string;
  failures: number;
  scored: boolean;
}

/** Runs the suite of a revision against a server and reads its summary. */
function run(url: string, revision: string): Outcome[] {
  const packages = ['-p', 'node@22', '-p', SUITE];
  const suite = ['conformance', 'server', '--url', url, '--requirements', revision];
  const { stdout, stderr } = spawnSync('npx', ['-y', ...packages, ...suite], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const summary = stdout.split('=== SUMMARY ===')[1];
  if (summary === undefined)
    throw new Error(`The suite did not come to an end.\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`);
  const unscored = new Set([...summary.matchAll(/^ {2}[✓✗] (\S+) \(/gm)].map(([, scenario]) => scenario));
  return [...summary.matchAll(/^[✓✗] (\S+): \d+ passed, (\d+) failed/gm)].map(([, scenario, failures]) => ({
    scenario: scenario!,
    failures: Number(failures),
    scored: !unscored.has(scenario),
  }));
}

async function main(): Promise<void> {
  const fixtures = join(__dirname, '../dist/conformance');
  await build(bundleOptions(join(__dirname, '../tests/conformance/functions'), fixtures));
  let passed = 0;
  let failed = 0;
  const judge = (label: string, judged: readonly Outcome[], tolerated: Readonly<Record<string, number>>) => {
    const failures = judged.filter((outcome) => outcome.failures > (tolerated[outcome.scenario] ?? 0));
    passed += judged.length - failures.length;
    failed += failures.length;
    console.log(`${label}: ${judged.length - failures.length} of ${judged.length}`);
    for (const { scenario } of failures) console.log(`  failed: ${scenario}`);
  };
  for (const [subject, functionsFolder] of [
    ['product', 'dist/functions'],
    ['fixtures', 'dist/conformance'],
  ] as const) {
    const server = await serveLocally({ functionsFolder });
    try {
      for (const revision of Object.keys(PRODUCT)) {
        const outcomes = run(`${server.url}/mcp`, revision);
        const wanted = PRODUCT[revision]!;
        if (subject === 'product') {
          const found = outcomes.map(({ scenario }) => scenario);
          const gone = wanted.filter((scenario) => !found.includes(scenario));
          if (gone.length > 0) throw new Error(`The suite has no scenario ${gone.join(', ')} for ${revision}.`);
          const judged = outcomes.filter(({ scenario }) => wanted.includes(scenario));
          judge(`${subject} ${revision}`, judged, NEED_TOOLS);
        } else {
          const impossible = IMPOSSIBLE[revision]!;
          const judged = outcomes.filter(({ scenario, scored }) => scored && !impossible.includes(scenario));
          judge(`${subject} ${revision}`, judged, {});
        }
      }
    } finally {
      await server.close();
    }
  }
  console.log(`conformance: ${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

void main();
