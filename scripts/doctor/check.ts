import type { Twilio } from 'twilio';
import type { Config } from '../../src/config';

/** One result of a check. A note is worth knowing but not a problem. */
export type Finding =
  | { state: 'ok' | 'note'; message: string }
  /** `fix` says what to do. */
  | { state: 'problem'; message: string; fix: string };

export interface DoctorContext {
  /** The contents of `.env`. */
  env: Readonly<Record<string, string>>;
  /** The valid settings. */
  config: Config;
  /** A Twilio client with the API key, for one check. */
  twilio: () => Twilio;
  /** The address of a deployment. */
  url?: string;
}

export interface DoctorCheck {
  title: string;
  /** Skipped if an earlier check found a problem. */
  skipAfterProblem?: true;
  run: (context: DoctorContext) => Promise<readonly Finding[]> | readonly Finding[];
}

/** A check that passed. */
export const ok = (message: string): Finding => ({ state: 'ok', message });
/** Worth knowing; the setup works. */
export const note = (message: string): Finding => ({ state: 'note', message });
/** A defect, and what to do about it. */
export const problem = (message: string, fix: string): Finding => ({ state: 'problem', message, fix });
