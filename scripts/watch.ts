import { execFile } from 'node:child_process';
import { rmSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { context, type Plugin } from 'esbuild';
import { forgetFingerprint, productBundles } from './build';
import { PAGE_SOURCES } from './build-page';

/*
 * Rebuilding for `npm run dev`.
 */

const root = join(__dirname, '..');
const LISTED_TOOLS = join(root, 'dist/assets/tools.private.bin');
/** An editor saves a file in several steps. */
const SETTLE_MS = 100;

/**
 * Rebuilds the Functions and the connect page on change, until the returned function is called. A build with errors
 * leaves the last good one in place.
 */
export async function watchSources(): Promise<() => Promise<void>> {
  let builds = 0;
  let isBroken = false;
  const keepLastGood: Plugin = {
    name: 'keep-last-good',
    setup: (build) =>
      build.onEnd(({ errors, outputFiles = [] }) => {
        builds++;
        if (errors.length > 0) {
          isBroken = true;
          return console.error('The build failed: the server still runs the last good build.');
        }
        if (builds > 1) console.log(isBroken ? 'The build works again and is running.' : 'Rebuilt.');
        isBroken = false;
        forgetFingerprint();
        for (const { path, contents } of outputFiles) writeFileSync(path, contents);
        if (builds === 1) return;
        // Both list the tools; without the asset, each process lists them itself.
        rmSync(LISTED_TOOLS, { force: true });
        rebuildPage();
      }),
  };
  const builder = await context({ ...productBundles(), write: false, plugins: [keepLastGood] });
  await builder.watch();
  for (const folder of [PAGE_SOURCES, join(root, 'src/connect')]) watch(folder, { recursive: true }, rebuildPage);
  // While it watches, esbuild's process outlives this one.
  return () => builder.dispose();
}

let pageTimer: NodeJS.Timeout | undefined;

/** Builds the page in a process of its own, which loads the changed tools. */
function rebuildPage(): void {
  clearTimeout(pageTimer);
  pageTimer = setTimeout(() => {
    forgetFingerprint();
    execFile(
      process.execPath,
      ['--import', 'tsx', 'scripts/build-page.ts'],
      { cwd: root },
      (error, _stdout, stderr) => {
        if (error)
          console.error(`${stderr.trim()}\nThe connect page could not be rebuilt: the last good one is served.`);
        else console.log('The connect page is rebuilt.');
      },
    );
  }, SETTLE_MS);
}
