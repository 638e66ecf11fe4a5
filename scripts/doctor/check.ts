import type { Twilio } from 'twilio';
import type { Config } from '../../src/config';

/** One result of a check. A note is worth knowing but not a problem. */
export type Finding =
  | { state: 'ok' | 'note'; message: string }
  /** `fix` says what to do. */
  | { state: 'problem'; message: string; fix: string };

export interface DoctorContext {
  /** The name of the file with the variables. */
  file: string;
  /** Its contents. */
  env: Readonly<Record<string, string>>;
  /** Whether it has no credentials, so that local servers use the sandbox. */
  sandboxed: boolean;
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

const MARKS = { ok: '✓', note: '–', problem: '✗' } as const;

/** Runs the checks, prints what they find, and returns the number of problems. */
export async function reportFindings(checks: readonly DoctorCheck[], context: DoctorContext): Promise<number> {
  let problems = 0;
  for (const { title, skipAfterProblem, run } of checks) {
    console.log(`\n${title}`);
    if (skipAfterProblem && problems > 0) {
      console.log(`  ${MARKS.note} Skipped: fix the problems above first.`);
      continue;
    }
    for (const finding of await run(context)) {
      console.log(`  ${MARKS[finding.state]} ${finding.message}`);
      if (finding.state !== 'problem') continue;
      problems++;
      console.log(`    Fix: ${finding.fix}`);
    }
  }
  return problems;
}
