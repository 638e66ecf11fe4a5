/** Collections that are views of another one, e.g. the recordings of one call. */
interface Relation {
  /** Template of the collection where the resources are stored. */
  source: string;
  /** Property of the resource → the path parameter, or the constant, that it must equal. */
  links: Record<string, string>;
}

const API = 'api.twilio.com/2010-04-01/Accounts/{AccountSid}';
const API_KIND = 'api.twilio.com/2010-04-01/Accounts/{}';
const NUMBERS = `${API}/IncomingPhoneNumbers`;

/** By the kind of the view. */
export const RELATIONS: Record<string, Relation> = {
  [`${API_KIND}/Calls/{}/Recordings`]: { source: `${API}/Recordings`, links: { call_sid: 'CallSid' } },
  [`${API_KIND}/Conferences/{}/Recordings`]: {
    source: `${API}/Recordings`,
    links: { conference_sid: 'ConferenceSid' },
  },
  [`${API_KIND}/Calls/{}/Notifications`]: { source: `${API}/Notifications`, links: { call_sid: 'CallSid' } },
  [`${API_KIND}/Recordings/{}/Transcriptions`]: {
    source: `${API}/Transcriptions`,
    links: { recording_sid: 'RecordingSid' },
  },
  [`${API_KIND}/IncomingPhoneNumbers/Local`]: { source: NUMBERS, links: { type: 'local' } },
  [`${API_KIND}/IncomingPhoneNumbers/Mobile`]: { source: NUMBERS, links: { type: 'mobile' } },
  [`${API_KIND}/IncomingPhoneNumbers/TollFree`]: { source: NUMBERS, links: { type: 'toll-free' } },
  'content.twilio.com/v2/Content': { source: 'content.twilio.com/v1/Content', links: {} },
  'content.twilio.com/v2/ContentAndApprovals': { source: 'content.twilio.com/v1/Content', links: {} },
  'content.twilio.com/v1/ContentAndApprovals': { source: 'content.twilio.com/v1/Content', links: {} },
  'video.twilio.com/v1/Rooms/{}/Recordings': {
    source: 'video.twilio.com/v1/Recordings',
    links: { room_sid: 'RoomSid' },
  },
};
