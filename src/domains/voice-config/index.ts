import { domain } from '../../tool';
import { byoc } from './byoc';
import { dialing } from './dialing';
import { sip } from './sip';
import { trunks } from './trunks';

export const voiceConfig = domain({
  service: 'VoiceConfig',
  summary: 'Which countries may be called and at what price, own carriers (BYOC), SIP domains and Elastic SIP trunks.',
  instructions:
    'A SIP domain or BYOC trunk runs TwiML, an Elastic SIP trunk connects an own exchange. Both admit callers by credential lists and ' +
    'IP access control lists: create a list, fill it, then map it. Why a call to a country is refused: get_dialing_permissions.',
  tools: [...dialing, ...byoc, ...sip, ...trunks],
});
