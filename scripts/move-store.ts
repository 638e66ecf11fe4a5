import { readConfig } from '../src/config';
import { findStoreService } from '../src/store/service';
import { announce, openAsOwner } from './account';
import { ENV_OPTION, startCommand } from './command';
import { mapsOfServer, moveMap } from './earlier-store';
import { readEnvFile, usesSandbox } from './local-env';

/*
 * `npm run move-store`: takes over what earlier versions kept in the account's default Sync service.
 */

const ALL_MAPS_MS = 3_600_000;

void startCommand({
  name: 'move-store',
  summary:
    "Copies the threads, inboxes and numbers that earlier versions kept in the account's default Sync service into the server's own one. Nothing is overwritten, and it can be repeated after an interruption.",
  options: {
    from: {
      type: 'string',
      value: '<sid>',
      help: 'the Sync service (IS…) they are in; default TWILIO_SYNC_SERVICE_SID, or else the default service',
    },
    delete: { type: 'boolean', help: 'also deletes what has been copied from the old service' },
    ...ENV_OPTION,
  },
  run: async ({ from: given, delete: remove = false, env: file }) => {
    const env = readEnvFile(file);
    if (usesSandbox(env)) throw new Error('There are no credentials in .env, and the sandbox has nothing to move.');
    const config = readConfig(env);
    const from = given ?? config.syncServiceSid ?? 'default';
    const twilio = openAsOwner(config, ALL_MAPS_MS);
    console.log(await announce(env, `${remove ? 'Moves' : 'Copies'} the store from the Sync service ${from}.`));
    if ((await findStoreService(twilio)) === from) throw new Error(`${from} is the server's own Sync service.`);
    const maps = await mapsOfServer(twilio, from);
    for (const map of maps) {
      const { copied, items } = await moveMap(twilio, from, map, { remove });
      console.log(`${map}: ${copied} of ${items} items copied${copied < items ? ', the others were there' : ''}`);
    }
    if (maps.length === 0) console.log('There is nothing to move.');
    else if (!remove)
      console.log(
        `\nOnce the new version is deployed, the maps above may be deleted from ${from}, if no app of yours uses them: npm run move-store -- --delete`,
      );
  },
});
