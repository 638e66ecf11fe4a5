const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
type Level = (typeof LEVELS)[number];

/** Longest value in a line. */
const MAX_CHARS = 1000;

/** One line for one request. Never contains arguments, contents, people's numbers or credentials. */
export interface LogEntry {
  /** Also part of the error when this server fails, so that both can be matched. */
  requestId: string;
  /** The MCP method, or the path of a webhook. */
  method?: string;
  tool?: string;
  services?: string;
  /** Who made the request: client= of the URL. */
  client?: string;
  /** The ID of its access token. */
  token?: string;
  /** What the owner of the deployment should change. */
  warning?: string;
  ms?: number;
  outcome: string;
  /** Twilio's error code. */
  code?: number;
  /** Where our own code failed: error name and stack frames, without the message. */
  stack?: string;
}

/** Writes one line of JSON, if `level` is at or above LOG_LEVEL. */
export function log(level: Exclude<Level, 'silent'>, entry: LogEntry, logLevel: unknown): void {
  const threshold = LEVELS.indexOf(logLevel as Level);
  if (LEVELS.indexOf(level) < (threshold < 0 ? LEVELS.indexOf('info') : threshold)) return;
  console[level](JSON.stringify(entry, (_, value) => (typeof value === 'string' ? value.slice(0, MAX_CHARS) : value)));
}

/** The name and top stack frames of an error, without its message, which may contain what a user wrote. */
export function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  return [error.name, ...frames.slice(0, 4).map((line) => line.trim())].join(' ');
}
