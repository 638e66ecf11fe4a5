import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { buildAssets, writeAsset } from '../openapi/catalogue';
import { DOMAINS } from '../src/domains';
import { listTool } from '../src/mcp/toolset';
import { buildPage, PAGE_FILE } from './build-page';

/*
 * Builds one self-contained bundle per Function: the platform uploads each file by itself, so a bundle cannot require
 * another. `--if-changed` does nothing if the build is of the sources as they are.
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

/** What only this machine loads: the store in a local file, preloads, and what the package exports. */
export const localBundles = (): BuildOptions => ({
  ...bundleOptions(join(root, 'functions'), join(root, 'dist/local')),
  entryPoints: {
    sqlite: join(root, 'src/store/sqlite.ts'),
    connect: join(root, 'src/connect/signed.ts'),
    'sandbox-preload': join(root, 'sandbox/preload.ts'),
    'loopback-guard': join(root, 'scripts/loopback-guard.ts'),
  },
  external: ['node-sqlite3-wasm'],
  inject: [],
});

/** What a build is made of; the lock file stands for the packages. */
const SOURCES = [
  ...['functions', 'src', 'assets', 'openapi', 'sandbox/preload.ts'],
  ...['scripts/build.ts', 'scripts/build-page.ts', 'scripts/loopback-guard.ts', 'package-lock.json'],
];
/** Says of which sources the build is. Missing while there is no complete build. */
const FINGERPRINT_FILE = join(root, 'dist/sources.sha256');

/** A hash of all sources, by which a build knows whether it is current. */
function sourcesFingerprint(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    const path = join(root, source);
    const files = statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name))
      : [path];
    for (const file of files.sort())
      hash
        .update(`${relative(root, file)}\0`)
        .update(readFileSync(file))
        .update('\0');
  }
  return hash.digest('hex');
}

/** Whether the build is of the sources as they are. */
const isCurrent = () => existsSync(FINGERPRINT_FILE) && readFileSync(FINGERPRINT_FILE, 'utf8') === sourcesFingerprint();

/** To call before a part of the build changes. */
export const forgetFingerprint = (): void => rmSync(FINGERPRINT_FILE, { force: true });

/** Lists the tools of every service. */
const buildLists = (): void =>
  writeAsset(
    'tools',
    Object.fromEntries(DOMAINS.map(({ service, tools }) => [service, JSON.stringify(tools.map(listTool))])),
  );

/** Builds all that a deployment and a local server need. Returns the size in bytes of each Function, by its path. */
async function buildEverything(): Promise<Map<string, number>> {
  forgetFingerprint();
  const fingerprint = sourcesFingerprint();
  await build(localBundles());
  buildAssets();
  buildLists();
  await buildPage();
  const { metafile } = await build({ ...productBundles(), metafile: true });
  writeFileSync(FINGERPRINT_FILE, fingerprint);
  return new Map(
    Object.entries(metafile.outputs).map(([file, { bytes }]) => [relative(root, join(root, file)), bytes]),
  );
}

/** The same, unless the build is of the sources as they are. */
export async function buildIfChanged(): Promise<void> {
  if (isCurrent()) return;
  console.log('The sources have changed: building …');
  await buildEverything();
}

async function main(): Promise<void> {
  if (process.argv.includes('--if-changed')) return buildIfChanged();
  const sizes = await buildEverything();
  sizes.set(relative(root, PAGE_FILE), statSync(PAGE_FILE).size);
  for (const [file, bytes] of sizes) console.log(`${file} ${Math.round(bytes / 1024)} KB`);
}

if (require.main === module) void main();
