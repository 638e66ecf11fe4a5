import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Config, isLocal } from '../config';
import { ToolError } from '../errors';
import type { Store } from '../storage';
import type { ToolContext } from '../tool';
import { SyncStore } from './sync';

/** Built beside the Functions and never deployed; local servers run in the project's folder. */
const SQLITE_ENGINE = 'dist/local/sqlite.js';

let local: { file: string; store: Store } | undefined;

/** The store of a deployment: Twilio Sync; on a developer's machine a file, unless STORE says otherwise. */
export function openStore(config: Config, context: Pick<ToolContext, 'twilio'>): Store {
  const engine = resolve(SQLITE_ENGINE);
  const built = isLocal(config) && existsSync(engine);
  if (config.store === 'sqlite' && !built) {
    throw new ToolError('STORE=sqlite is for local servers, after `npm run build`. Leave STORE empty.');
  }
  if (config.store === 'sync' || !built) return new SyncStore(context.twilio, config.syncServiceSid);
  const file = resolve(config.databasePath);
  if (local?.file !== file) local = { file, store: (require(engine) as typeof import('./sqlite')).open(file) };
  return local.store;
}
