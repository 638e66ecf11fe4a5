import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { words } from '../src/params';
import { bundleOptions } from './build';
import { serveLocally } from './serve-functions';

/*
 * Runs the official MCP conformance suite twice for each revision of the protocol: against the product, which must pass
 * every scenario that needs no fixtures, and against the same endpoint with the suite's fixtures, which must pass every
 * scenario that a stateless server can support. Prints the failed scenarios and, as the last line, the totals.
 */

const SUITE = '@modelcontextprotocol/conformance@0.2.0-alpha.12';

/** Checks per scenario that need the suite's test tools, and therefore fail for the product. */
const NEED_FIXTURES: Readonly<Record<string, number>> = { 'server-stateless': 4 };

/** The scenarios that a server without fixtures passes, by revision. */
const REQUIRED_OF_PRODUCT: Readonly<Record<string, readonly string[]>> = {
  '2026-07-28': words(
    'server-stateless tools-list prompts-list resources-list caching sep-2164-resource-not-found dns-rebinding-protection server-sse-multiple-streams input-required-result-unsupported-methods input-required-result-validate-input input-required-result-ignore-extra-params input-required-result-missing-input-response http-header-validation',
  ),
  '2025-11-25': words(
    'server-initialize ping tools-list prompts-list resources-list dns-rebinding-protection server-sse-multiple-streams',
  ),
};

/** Scored scenarios that a server with one buffered response per request cannot pass, by revision. */
const UNSUPPORTED: Readonly<Record<string, readonly string[]>> = {
  '2026-07-28': [],
  '2025-11-25': [
    // Need requests from the server to the client during a response.
    'tools-call-sampling',
    'tools-call-elicitation',
    'elicitation-sep1034-defaults',
    'elicitation-sep1330-enums',
    // Need a connection that outlives the response.
    'resources-subscribe',
    'resources-unsubscribe',
  ],
};

interface ScenarioResult {
  scenario: string;
  failures: number;
  scored: boolean;
}

/** Runs the suite of a revision against a server and parses its summary. */
function runSuite(url: string, revision: string): ScenarioResult[] {
  const packages = ['-p', 'node@22', '-p', SUITE];
  const suite = ['conformance', 'server', '--url', url, '--requirements', revision];
  const { stdout, stderr } = spawnSync('npx', ['-y', ...packages, ...suite], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const summary = stdout.split('=== SUMMARY ===')[1];
  if (summary === undefined)
    throw new Error(`The suite printed no summary.\n${stdout.slice(-2000)}\n${stderr.slice(-2000)}`);
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
  const report = (label: string, results: readonly ScenarioResult[], tolerated: Readonly<Record<string, number>>) => {
    const failures = results.filter((result) => result.failures > (tolerated[result.scenario] ?? 0));
    passed += results.length - failures.length;
    failed += failures.length;
    console.log(`${label}: ${results.length - failures.length} of ${results.length}`);
    for (const { scenario } of failures) console.log(`  failed: ${scenario}`);
  };
  for (const [subject, functionsFolder] of [
    ['product', 'dist/functions'],
    ['fixtures', 'dist/conformance'],
  ] as const) {
    const server = await serveLocally({ functionsFolder });
    try {
      for (const revision of Object.keys(REQUIRED_OF_PRODUCT)) {
        const results = runSuite(`${server.url}/mcp`, revision);
        if (subject === 'product') {
          const names = REQUIRED_OF_PRODUCT[revision]!;
          const missing = names.filter((name) => !results.some(({ scenario }) => scenario === name));
          if (missing.length > 0) throw new Error(`The suite has no scenario ${missing.join(', ')} for ${revision}.`);
          const required = results.filter(({ scenario }) => names.includes(scenario));
          report(`${subject} ${revision}`, required, NEED_FIXTURES);
        } else {
          const unsupported = UNSUPPORTED[revision]!;
          const supported = results.filter(({ scenario, scored }) => scored && !unsupported.includes(scenario));
          report(`${subject} ${revision}`, supported, {});
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
