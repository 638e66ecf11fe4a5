import type { Twilio } from 'twilio';
import type { Config } from '../../src/config';

/** What one look found. A note is worth knowing and no fault. */
export type Finding =
  | { state: 'ok' | 'note'; said: string }
  /** `mend` says what to do about it. */
  | { state: 'fault'; said: string; mend: string };

export interface Setup {
  /** As `.env` holds them. */
  env: Readonly<Record<string, string>>;
  /** The settings as far as they are proper. */
  config: Config;
  /** Twilio with the API key, for one check. */
  twilio: () => Twilio;
  /** The address of a deployment. */
  url?: string;
}

export interface Check {
  title: string;
  /** Goes on only where everything before was free of faults. */
  needsAllBefore?: true;
  run: (setup: Setup) => Promise<readonly Finding[]> | readonly Finding[];
}

export const ok = (said: string): Finding => ({ state: 'ok', said });
export const note = (said: string): Finding => ({ state: 'note', said });
export const fault = (said: string, mend: string): Finding => ({ state: 'fault', said, mend });
