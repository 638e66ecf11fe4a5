import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { toolManifest } from '../src/connect/manifest';

/*
 * Builds the connect page into one file: template, style, script and the tool manifest.
 */

const root = join(__dirname, '..');
/** The sources of the page. */
export const PAGE_SOURCES = join(root, 'assets');
/** The built page. Twilio serves the asset of this path at `/`, deployed and locally. */
export const PAGE_FILE = join(root, 'dist/assets/assets/index.html');

/** Writes the connect page to `PAGE_FILE`, as one file without external references. */
export async function buildPage(): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [join(PAGE_SOURCES, 'page.ts'), join(PAGE_SOURCES, 'style.css')],
    outdir: PAGE_SOURCES,
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: ['chrome123', 'firefox128', 'safari17.5'],
    logLevel: 'warning',
  });
  const output = (extension: string) => outputFiles.find(({ path }) => path.endsWith(extension))!.text.trim();
  const [script, style] = [output('.js'), output('.css')];
  const parts: Record<string, string> = {
    '%policy%': [
      "default-src 'none'",
      `script-src '${integrity(script)}'`,
      `style-src '${integrity(style)}'`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
    ].join('; '),
    '/*%script%*/': script,
    '/*%style%*/': style,
    // Without `<`, no text in it can close the script element.
    '"%manifest%"': JSON.stringify(toolManifest()).replaceAll('<', '\\u003c'),
  };
  let page = readFileSync(join(PAGE_SOURCES, 'index.html'), 'utf8');
  // A replacement function, because `$&` and the like in a string are patterns.
  for (const [placeholder, part] of Object.entries(parts)) page = page.replace(placeholder, () => part);
  mkdirSync(dirname(PAGE_FILE), { recursive: true });
  writeFileSync(PAGE_FILE, page);
}

const integrity = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;

if (require.main === module) void buildPage();
