import { domain } from '../../tool';
import { documents, streams } from './documents';
import { lists } from './lists';
import { maps } from './maps';
import { services } from './services';

export const sync = domain({
  service: 'Sync',
  summary: 'Shared state for apps and servers: documents, lists, maps and message streams.',
  instructions:
    'serviceSid defaults to TWILIO_SYNC_SERVICE_SID, else to the default service of the account. An update replaces all data: read first, ' +
    "then pass the revision as ifMatch, so that the update fails instead of overwriting someone else's change.",
  tools: [...documents, ...maps, ...lists, ...streams, ...services],
});
