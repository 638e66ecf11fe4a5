import { existsSync } from 'node:fs';
import { SetupError } from '../../src/errors';
import { isInSync, openStore } from '../../src/store/open';
import { type DoctorCheck, note, ok, problem } from './check';

/** Whether a local server can use its file. */
export const storeFileCheck: DoctorCheck = {
  title: 'Store of a local server',
  run: async ({ config, twilio, sandboxed }) => {
    if (sandboxed || isInSync(config)) return [note('Skipped: it is not the file at DATABASE_PATH.')];
    if (!existsSync(config.databasePath)) return [note('It will be created by the first request.')];
    try {
      await openStore(config, twilio, Date.now() + config.timeoutMs).list('threads');
      return [ok(`${config.databasePath} can be used.`)];
    } catch (error) {
      if (error instanceof SetupError) return [problem(error.problem, error.fix)];
      throw error;
    }
  },
};
