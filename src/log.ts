const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
type Level = (typeof LEVELS)[number];

/** What a request leaves behind. Never arguments, contents, people's numbers or credentials. */
export interface Entry {
  /** Also told to the agent where something failed on our side, so that both can be matched. */
  reference: string;
  method?: string;
  tool?: string;
  services?: string;
  ms?: number;
  outcome: string;
  /** Twilio's error code. */
  code?: number;
  /** Where our own code failed: error name and frames, without its message. */
  fault?: string;
}

/** Writes one line of JSON, if `level` is at or above LOG_LEVEL (`debug`, `info`, `warn`, `error`, `silent`; default `info`). */
export function log(level: Exclude<Level, 'silent'>, entry: Entry, logLevel: unknown): void {
  const threshold = LEVELS.indexOf(logLevel as Level);
  if (LEVELS.indexOf(level) < (threshold < 0 ? LEVELS.indexOf('info') : threshold)) return;
  console[level](JSON.stringify(entry));
}

/** The place of a fault without its message, which could hold what a user wrote. */
export function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return [error.name, ...frames.slice(0, 4).map((line) => line.trim())].join(' ');
}
