import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readConfig } from '../src/config';
import { isInSync } from '../src/store/open';
import { findStoreService } from '../src/store/service';
import { announce, openAsOwner } from './account';
import { ENV_OPTION, startCommand } from './command';
import { earlierMaps, moveFile, moveMap } from './earlier-store';
import { readEnvFile, usesSandbox } from './local-env';

/*
 * `npm run move-store`: takes over what earlier versions kept, in the account's default Sync service or in maps of their own.
 */

const ALL_MAPS_MS = 3_600_000;

void startCommand({
  name: 'move-store',
  summary:
    "Copies the threads, inboxes and numbers of earlier versions to where this one keeps them: from the account's default Sync service, and from other maps of the server's own one or of the local file. Nothing is overwritten, and it can be repeated after an interruption.",
  options: {
    from: {
      type: 'string',
      value: '<sid>',
      help: 'the Sync service (IS…) they are in; default TWILIO_SYNC_SERVICE_SID, or else the default service',
    },
    delete: { type: 'boolean', help: 'also deletes what has been copied' },
    ...ENV_OPTION,
  },
  run: async ({ from: given, delete: remove = false, env: file }) => {
    const env = readEnvFile(file);
    if (usesSandbox(env)) throw new Error('There are no credentials in .env, and the sandbox has nothing to move.');
    const config = readConfig(env);
    const from = given ?? config.syncServiceSid ?? 'default';
    const twilio = openAsOwner(config, ALL_MAPS_MS);
    console.log(await announce(env, `${remove ? 'Moves' : 'Copies'} what earlier versions stored, also in ${from}.`));
    if ((await findStoreService(twilio)) === from) throw new Error(`${from} is the server's own Sync service.`);
    const report = (name: string, { copied, items }: Awaited<ReturnType<typeof moveMap>>) =>
      console.log(`${name}: ${copied} of ${items} items copied${copied < items ? ', the others were there' : ''}`);
    const database = resolve(config.databasePath);
    if (!isInSync(config) && existsSync(database)) report(config.databasePath, await moveFile(database, { remove }));
    const maps = await earlierMaps(twilio, from);
    for (const earlier of maps) report(earlier.map, await moveMap(twilio, earlier, { remove }));
    if (maps.length === 0) console.log('There is nothing to move in Sync.');
    else if (!remove)
      console.log(
        '\nOnce the new version is deployed, what was copied may be deleted, if no app of yours uses the maps above: npm run move-store -- --delete',
      );
  },
});
