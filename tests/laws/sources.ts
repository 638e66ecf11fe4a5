import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(__dirname, '../..');

export const relativePath = (file: string): string => relative(root, file);

/** The TypeScript files in folders of the repository, recursively. */
export const sourceFiles = (...folders: readonly string[]): string[] =>
  folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(root, folder, file)),
  );

interface ImportStatement {
  /** The imported file. */
  file: string;
  /** Imported names; undefined if the whole module is imported. */
  names?: string[];
}

/** The relative imports of a file: static, dynamic, type-only and re-exports. */
export function importsOf(file: string): ImportStatement[] {
  const text = readFileSync(file, 'utf8');
  const named = /(?:import|export)\s+(?:type\s+)?(\{[^}]*\}|\*[^'{]*|\w+)\s+from\s+'(\.[^']+)'/g;
  const whole = /(?:import|require)\(\s*'(\.[^']+)'|^import\s+'(\.[^']+)'/gm;
  return [
    ...[...text.matchAll(named)].map(([, names, path]) => ({
      file: resolveImport(file, path!),
      names: names!.startsWith('{') ? namesIn(names!) : undefined,
    })),
    ...[...text.matchAll(whole)].map(([, called, bare]) => ({ file: resolveImport(file, (called ?? bare)!) })),
  ];
}

const namesIn = (list: string) =>
  list
    .slice(1, -1)
    .split(',')
    .map((name) =>
      name
        .trim()
        .replace(/^type\s+/, '')
        .replace(/\s+as\s+.*/, ''),
    )
    .filter(Boolean);

function resolveImport(from: string, path: string): string {
  const target = join(dirname(from), path);
  if (existsSync(`${target}.ts`)) return `${target}.ts`;
  return existsSync(target) && statSync(target).isDirectory() ? join(target, 'index.ts') : target;
}

/** Names declared at the top level of a file, and whether each is exported. */
export const declarationsOf = (file: string): { name: string; exported: boolean }[] =>
  [
    ...readFileSync(file, 'utf8').matchAll(
      /^(export )?(?:declare )?(?:async )?(?:abstract )?(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm,
    ),
  ].map(([, exported, name]) => ({ name: name!, exported: exported !== undefined }));

/** The exported functions and classes of a file that have no docstring; `keyword` is `const` for an arrow function. */
export const undocumentedIn = (file: string): { keyword: string; name: string }[] =>
  [
    ...readFileSync(file, 'utf8').matchAll(
      /(?<!\*\/\n)^export (?:async |abstract )*(?:(function\*?|class)|(const)(?= \w+(?:: [^=\n]+)? =\s*(?:async )?(?:<[^>]*>)?(?:\(|\w+ =>))) (\w+)/gm,
    ),
  ].map(([, declaration, arrow, name]) => ({ keyword: declaration ?? arrow!, name: name! }));
