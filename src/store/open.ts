import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Config, isDeployed } from '../config';
import { SetupError, ToolError } from '../errors';
import type { Requests } from '../upstream';
import type { Store } from './port';
import { ensureStoreService } from './service';
import { SyncStore } from './sync';

/** Built next to the Functions and never deployed. Local servers run in the project's folder. */
const SQLITE_ENGINE = 'dist/local/sqlite.js';

/** Whether a local server has the engine of its file. */
const hasFile = (config: Config) => !isDeployed(config) && existsSync(resolve(SQLITE_ENGINE));

/** Whether the state is in Twilio Sync. */
export const isInSync = (config: Config, local = hasFile(config)): boolean => config.store === 'sync' || !local;

/**
 * The store of a deployment, Twilio Sync; on a developer's machine a SQLite file, unless STORE=sync. `requests` is called
 * only for Sync.
 */
export function openStore(config: Config, requests: () => Requests, deadline: number): Store {
  const local = hasFile(config);
  if (config.store === 'sqlite' && !local) {
    throw new ToolError('STORE=sqlite is for local servers, after `npm run build`. Leave STORE empty.');
  }
  if (isInSync(config, local)) return new SyncStore(requests(), ensureStoreService, deadline);
  return (require(resolve(SQLITE_ENGINE)) as typeof import('./sqlite')).open(
    resolve(config.databasePath),
    deadline,
    (problem, fix) => new SetupError(problem, fix),
  );
}
