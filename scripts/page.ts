import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { reference } from '../src/connect/reference';

/*
 * The connect page as one file: template, style, script and the list of what the server offers.
 */

const root = join(__dirname, '..');
const source = join(root, 'src/connect/page');

/** Twilio serves the asset of this path at `/`, deployed and locally. */
export const PAGE = join(root, 'dist/assets/assets/index.html');

export async function buildPage(): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [join(source, 'page.ts'), join(source, 'style.css')],
    outdir: source,
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: ['chrome123', 'firefox128', 'safari17.5'],
    logLevel: 'warning',
  });
  const text = (extension: string) => outputFiles.find(({ path }) => path.endsWith(extension))!.text.trim();
  const [script, style] = [text('.js'), text('.css')];
  const parts: Record<string, string> = {
    '%policy%': [
      "default-src 'none'",
      `script-src '${hash(script)}'`,
      `style-src '${hash(style)}'`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
    ].join('; '),
    '/*%script%*/': script,
    '/*%style%*/': style,
    // No text of a tool can end the element.
    '"%data%"': JSON.stringify(reference()).replaceAll('<', '\\u003c'),
  };
  let page = readFileSync(join(source, 'index.html'), 'utf8');
  // A function, for in a string `$&` would mean something.
  for (const [place, part] of Object.entries(parts)) page = page.replace(place, () => part);
  mkdirSync(dirname(PAGE), { recursive: true });
  writeFileSync(PAGE, page);
}

const hash = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
