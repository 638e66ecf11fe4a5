import { type ParseArgsConfig, parseArgs } from 'node:util';
import { closestNames } from '../src/closest-names';
import { describeError } from '../src/errors';

/*
 * What all commands share: options that explain themselves with --help, and one plain line for wrong input.
 */

interface Option {
  type: 'string' | 'boolean';
  multiple?: boolean;
  default?: string | boolean | string[];
  /** What stands for the value in the help: `<url>`. */
  value?: string;
  help: string;
}

type Options = Readonly<Record<string, Option>>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>>['values'];

interface Command<O extends Options> {
  /** As after `npm run`. */
  name: string;
  /** What it does, in a sentence or two. */
  summary: string;
  /** Its arguments, as in `[show | set <number>]`. Omitted if it takes none. */
  positionals?: string;
  options: O;
  /** More lines for --help. */
  details?: () => string;
  run: (values: Values<O>, positionals: string[]) => Promise<void> | void;
}

/** The option that selects another file than `.env`. */
export const ENV_OPTION = {
  env: { type: 'string', value: '<file>', help: 'the file to read instead of .env' },
} as const satisfies Options;

const HELP: Option = { type: 'boolean', help: 'prints this' };

const npmCommand = (name: string) => (name === 'start' ? 'npm start' : `npm run ${name}`);

/** Runs a command with the arguments of this process. Prints an error as one line and exits with 1. */
export async function startCommand<O extends Options>(command: Command<O>): Promise<void> {
  // The reader of a pipe may close it early, as `| head` does.
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1));
  try {
    const { values, positionals } = parseCommand(command);
    if (values.help) console.log(helpOf(command));
    else await command.run(values, positionals);
  } catch (error) {
    console.error(describeError(error, { effect: 'read' }) ?? (error as Error).message);
    process.exit(1);
  }
}

function parseCommand<O extends Options>({ name, options, positionals: expected }: Command<O>) {
  const known: Options = { ...options, help: HELP };
  const seeHelp = `See ${npmCommand(name)} -- --help.`;
  const { tokens, values, positionals } = parseArgs({
    args: process.argv.slice(2),
    options: known as ParseArgsConfig['options'],
    allowPositionals: true,
    // Not strict, for shorter messages.
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name: given, rawName, value } = token;
    if (!Object.hasOwn(known, given)) {
      const [closest] = closestNames(given, Object.keys(known), 1);
      throw new Error(`Unknown option ${rawName}. ${closest ? `Did you mean --${closest}? ` : ''}${seeHelp}`);
    }
    const { type, value: form } = known[given]!;
    if (type === 'boolean' && value !== undefined) throw new Error(`${rawName} takes no value. ${seeHelp}`);
    if (type === 'string' && (!value || value.startsWith('--')))
      throw new Error(`${rawName} needs a value: ${rawName} ${form}. ${seeHelp}`);
  }
  if (expected === undefined && positionals[0] !== undefined && !values.help)
    throw new Error(`Unexpected argument "${positionals[0]}". ${seeHelp}`);
  return { values: values as Values<O> & { help?: boolean }, positionals };
}

function helpOf<O extends Options>({ name, summary, positionals, options, details }: Command<O>): string {
  const rows = Object.entries<Option>({ ...options, help: HELP }).map(([option, { value, help, ...rest }]) => [
    value ? `--${option} ${value}` : `--${option}`,
    [help, ...(rest.default ? [`default ${rest.default}`] : []), ...(rest.multiple ? ['repeatable'] : [])].join('; '),
  ]);
  const width = Math.max(...rows.map(([left]) => left!.length));
  return [
    `${npmCommand(name)} --${positionals ? ` ${positionals}` : ''} [options]\n\n${summary}\n`,
    ...rows.map(([left, right]) => `  ${left!.padEnd(width)}  ${right}`),
    ...(details ? [`\n${details()}`] : []),
  ].join('\n');
}
