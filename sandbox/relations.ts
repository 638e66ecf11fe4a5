/** Collections that show the same resources from another side, e.g. the recordings of one call. */
export interface Relation {
  /** Where the resources are kept, with the parameters of the path they are reached by. */
  source: string;
  /** Property of the resource to the path parameter, or to a fixed text, that it must equal. */
  links: Record<string, string>;
}

const API = 'api.twilio.com/2010-04-01/Accounts/{AccountSid}';
const UNDER = 'api.twilio.com/2010-04-01/Accounts/{}';

export const RELATIONS: Record<string, Relation> = {
  [`${UNDER}/Calls/{}/Recordings`]: { source: `${API}/Recordings`, links: { call_sid: 'CallSid' } },
  [`${UNDER}/Conferences/{}/Recordings`]: { source: `${API}/Recordings`, links: { conference_sid: 'ConferenceSid' } },
  [`${UNDER}/Calls/{}/Notifications`]: { source: `${API}/Notifications`, links: { call_sid: 'CallSid' } },
  [`${UNDER}/Recordings/{}/Transcriptions`]: {
    source: `${API}/Transcriptions`,
    links: { recording_sid: 'RecordingSid' },
  },
  [`${UNDER}/IncomingPhoneNumbers/Local`]: { source: `${API}/IncomingPhoneNumbers`, links: { type: 'local' } },
  [`${UNDER}/IncomingPhoneNumbers/Mobile`]: { source: `${API}/IncomingPhoneNumbers`, links: { type: 'mobile' } },
  [`${UNDER}/IncomingPhoneNumbers/TollFree`]: { source: `${API}/IncomingPhoneNumbers`, links: { type: 'toll-free' } },
  'content.twilio.com/v2/Content': { source: 'content.twilio.com/v1/Content', links: {} },
  'content.twilio.com/v2/ContentAndApprovals': { source: 'content.twilio.com/v1/Content', links: {} },
  'content.twilio.com/v1/ContentAndApprovals': { source: 'content.twilio.com/v1/Content', links: {} },
  'video.twilio.com/v1/Rooms/{}/Recordings': {
    source: 'video.twilio.com/v1/Recordings',
    links: { room_sid: 'RoomSid' },
  },
};
