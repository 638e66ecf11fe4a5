import { domain } from '../../tool';
import { documents, streams } from './documents';
import { lists } from './lists';
import { maps } from './maps';
import { services } from './services';

export const sync = domain({
  service: 'Sync',
  summary: 'Keep state that apps and servers share: documents, lists, maps and streams of messages.',
  instructions:
    'serviceSid defaults to TWILIO_SYNC_SERVICE_SID, else to the default service of the account. An update replaces all data: read first, ' +
    'then give the revision that you read as ifMatch, so that a change of somebody else is refused and not lost.',
  tools: [...documents, ...maps, ...lists, ...streams, ...services],
});
