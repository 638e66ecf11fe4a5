import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type BuildOptions, build, context } from 'esbuild';
import { buildAssets } from '../openapi/catalogue';
import { buildPage, PAGE_FILE } from './build-page';

/*
 * Builds one self-contained bundle per Function: the platform uploads each file by itself, so a bundle cannot require
 * another. `--watch` rebuilds on change.
 */

const root = join(__dirname, '..');

/** esbuild options for one bundle per `.ts` file below `source`. Tests build their own Functions with them. */
export function bundleOptions(source: string, outdir: string): BuildOptions {
  const entryPoints = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(source, file));
  return {
    entryPoints,
    outdir,
    outbase: source,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // The platform installs these packages; everything else is bundled.
    external: ['twilio', '@twilio/runtime-handler'],
    // The runtime replaces global.Response, and this one is cheaper than the native one.
    inject: [join(root, 'src/http/exchange.ts')],
    // Only ESM can be tree-shaken.
    mainFields: ['module', 'main'],
    conditions: ['import'],
    alias: { '@modelcontextprotocol/server/_shims': join(root, 'src/mcp/shims.ts') },
    legalComments: 'none',
    logLevel: 'warning',
  };
}

/** The Functions of a deployment. */
export const productBundles = () => bundleOptions(join(root, 'functions'), join(root, 'dist/functions'));

/** What local servers load at run time: the store in a local file, and preloads. Deployments do not include it. */
export const localBundles = (): BuildOptions => ({
  ...bundleOptions(join(root, 'functions'), join(root, 'dist/local')),
  entryPoints: {
    sqlite: join(root, 'src/store/sqlite.ts'),
    'sandbox-preload': join(root, 'sandbox/preload.ts'),
    'loopback-guard': join(root, 'scripts/loopback-guard.ts'),
  },
  external: ['node-sqlite3-wasm'],
  inject: [],
});

async function main(): Promise<void> {
  await build(localBundles());
  buildAssets();
  await buildPage();
  console.log(`${relative(root, PAGE_FILE)} ${Math.round(statSync(PAGE_FILE).size / 1024)} KB`);
  if (process.argv.includes('--watch')) return (await context(productBundles())).watch();
  const { metafile } = await build({ ...productBundles(), metafile: true });
  for (const [file, { bytes }] of Object.entries(metafile!.outputs)) {
    console.log(`${relative(root, join(root, file))} ${Math.round(bytes / 1024)} KB`);
  }
}

if (require.main === module) void main();
