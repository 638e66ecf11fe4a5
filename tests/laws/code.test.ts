import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { law } from './law';
import { declarationsOf, importsOf, relativePath, sourceFiles, undocumentedIn } from './sources';

/*
 * Rules for the code: size, imports, names.
 */

const CODE = ['functions', 'src', 'openapi', 'sandbox', 'scripts', 'assets'];
const code = sourceFiles(...CODE);
const everything = [...code, ...sourceFiles('tests')];

const MAX_LINES = 400;
/** Data, though the files are TypeScript. */
const DATA = /^openapi\/catalogue\/knowledge\//;

law(`a file has at most ${MAX_LINES} lines`, 'split it by purpose; a domain becomes a folder.', () =>
  everything
    .filter((file) => !DATA.test(relativePath(file)))
    .map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > MAX_LINES)
    .map(({ file, lines }) => `${relativePath(file)}: ${lines}`),
);

law('lists of the twilio client are read with page()', 'call page(list, query) of src/paging.ts.', () =>
  sourceFiles('src')
    .filter((file) => /(?<!store)\.list\(/.test(readFileSync(file, 'utf8')))
    .map(relativePath),
);

law(
  'imports have no cycles, type imports included',
  'move what both files need into a file that imports neither.',
  () => {
    const cycles: string[] = [];
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) {
        cycles.push([...path.slice(path.indexOf(file)), file].map(relativePath).join(' → '));
      } else if (!done.has(file) && file.endsWith('.ts')) {
        for (const { file: imported } of importsOf(file)) visit(imported, [...path, file]);
        done.add(file);
      }
    };
    for (const file of everything) visit(file, []);
    return cycles;
  },
);

/** The rooms in the table of AGENTS.md, and what each may import. */
const RULES = new Map(
  [...readFileSync(join(__dirname, '../../AGENTS.md'), 'utf8').matchAll(/^\| `([\w.-]+)` *\| ([^|]*) \|$/gm)].map(
    ([, room, allowed]) => [room!, [...allowed!.matchAll(/`([\w.-]+)`/g)].map(([, name]) => name!)],
  ),
);

/** A folder of `src` or of the repository; `context` for src/context.ts, `src` for the other files directly in it. */
function roomOf(file: string): string {
  const [top, second, third] = relativePath(file).split('/');
  if (top !== 'src') return top!;
  if (second === 'context.ts') return 'context';
  return third === undefined || relativePath(file) === 'src/store/port.ts' ? 'src' : second!;
}

law(
  'imports follow the table in AGENTS.md',
  'move the shared part down, or, if the direction is right, add it to the table.',
  () =>
    code.flatMap((file) =>
      importsOf(file)
        .filter(({ file: imported }) => imported.endsWith('.ts') && roomOf(imported) !== roomOf(file))
        .filter(({ file: imported }) => !RULES.get(roomOf(file))?.includes(roomOf(imported)))
        .map(({ file: imported }) => `${relativePath(file)} imports ${relativePath(imported)}`),
    ),
);

law(
  'z.core is used in types only',
  "its values bring all of zod's locales into the bundle: import them from zod/v4/core.",
  () => code.filter((file) => /(instanceof|new|=>?|\() ?z\.core\./.test(readFileSync(file, 'utf8'))).map(relativePath),
);

law('every export is imported somewhere', 'remove the export, or the code.', () => {
  const used = new Set<string>();
  for (const file of everything) {
    for (const { file: imported, names } of importsOf(file)) {
      for (const name of names ?? ['*']) used.add(`${imported} ${name}`);
    }
  }
  return (
    code
      // The platform calls the Functions, and the bundler replaces modules of the SDK with the shims.
      .filter((file) => !/^functions\/|^src\/mcp\/shims/.test(relativePath(file)) && !used.has(`${file} *`))
      .flatMap((file) =>
        declarationsOf(file)
          .filter(({ name, exported }) => exported && !used.has(`${file} ${name}`))
          .map(({ name }) => `${name} in ${relativePath(file)}`),
      )
  );
});

law(
  'an exported function or class has a docstring',
  'say what it returns, in which units, and what it throws, not its name again.',
  () =>
    code.flatMap((file) =>
      undocumentedIn(file)
        // Arrow functions of domains return arguments, whose descriptions say what they are.
        .filter(({ keyword }) => keyword !== 'const' || roomOf(file) !== 'domains')
        .map(({ name }) => `${name} in ${relativePath(file)}`),
    ),
);

/** Names with the same meaning in every file: the entry point of a command, the repository's folder, a Function's handler. */
const COMMON_NAMES = new Set(['main', 'root', 'handler']);

law(
  'a top-level name outside the domains is declared in one file',
  'rename one of the two, or move the shared code into one file.',
  () => {
    const files = new Map<string, string[]>();
    for (const file of code.filter((one) => roomOf(one) !== 'domains')) {
      for (const name of new Set(declarationsOf(file).map((declaration) => declaration.name))) {
        files.set(name, [...(files.get(name) ?? []), relativePath(file)]);
      }
    }
    return [...files]
      .filter(([name, places]) => places.length > 1 && !COMMON_NAMES.has(name))
      .map(([name, places]) => `${name}: ${places.join(', ')}`);
  },
);

/** Where links get the region of the account, and where they are requested: the client sets the region of requests. */
const REGIONAL_LINKS = [
  'src/twilio.ts',
  'src/store/service.ts',
  'src/policy/prices.ts',
  'src/policy/approval.ts',
  'src/policy/calls.ts',
  'src/domains/serverless/code.ts',
];

law(
  'links to Twilio follow the region of the account',
  'build the link in src/twilio.ts, which knows the region.',
  () =>
    sourceFiles('src')
      .filter((file) => !REGIONAL_LINKS.includes(relativePath(file)))
      .flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(/https?:\/\/(?!(?:www|console|demo|help)\.)[\w.-]+\.twilio\.com/g)].map(
          ([link]) => `${relativePath(file)}: ${link}`,
        ),
      ),
);

/** Where the URLs of webhooks are made. */
const WEBHOOK_URLS = ['src/config.ts', 'src/settings.ts'];

law(
  'Twilio gets the URLs of webhooks with connection overrides',
  'make the URL with ownWebhook of src/config.ts.',
  () =>
    sourceFiles('src')
      .map((file) => ({ path: relativePath(file), text: readFileSync(file, 'utf8') }))
      .filter(({ path }) => !WEBHOOK_URLS.includes(path))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/webhookBaseUrl|(\+ ?|\$\{)\w+_WEBHOOK\b|['"`}]\/webhooks?\//g)].map(
          ([use]) => `${path}: ${use}`,
        ),
      ),
);
