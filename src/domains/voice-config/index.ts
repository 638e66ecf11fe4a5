import { domain } from '../../tool';
import { byoc } from './byoc';
import { dialing } from './dialing';
import { sip } from './sip';
import { trunks } from './trunks';

export const voiceConfig = domain({
  service: 'VoiceConfig',
  summary:
    'Dialing permissions and call prices by country, your own carriers (BYOC), SIP domains and Elastic SIP trunks.',
  instructions:
    'SIP domains and BYOC trunks run TwiML; Elastic SIP trunks connect your own PBX without it. SIP domains and Elastic SIP trunks admit ' +
    'callers by credential lists and IP access control lists: create a list, fill it, then map it. If calls to a country are refused, ' +
    'use get_dialing_permissions.',
  tools: [...dialing, ...byoc, ...sip, ...trunks],
});
