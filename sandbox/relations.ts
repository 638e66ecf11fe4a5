/** Collections that are views of another one, e.g. the recordings of one call. */
interface Relation {
  /** Template of the collection where the resources are stored. */
  source: string;
  /** Property of the resource → the path parameter, or the constant, that it must equal. */
  links: Record<string, string>;
}

const ACCOUNT = 'api.twilio.com/2010-04-01/Accounts/{AccountSid}';
const ACCOUNT_KIND = 'api.twilio.com/2010-04-01/Accounts/{}';
const WORKSPACE_KIND = 'taskrouter.twilio.com/v1/Workspaces/{}';
const RESERVATIONS = 'taskrouter.twilio.com/v1/Workspaces/{WorkspaceSid}/Reservations';

/** By the kind of the view. */
export const RELATIONS: Record<string, Relation> = {
  [`${ACCOUNT_KIND}/Calls/{}/Recordings`]: { source: `${ACCOUNT}/Recordings`, links: { call_sid: 'CallSid' } },
  [`${ACCOUNT_KIND}/Conferences/{}/Recordings`]: {
    source: `${ACCOUNT}/Recordings`,
    links: { conference_sid: 'ConferenceSid' },
  },
  [`${ACCOUNT_KIND}/Calls/{}/Notifications`]: { source: `${ACCOUNT}/Notifications`, links: { call_sid: 'CallSid' } },
  [`${ACCOUNT_KIND}/Recordings/{}/Transcriptions`]: {
    source: `${ACCOUNT}/Transcriptions`,
    links: { recording_sid: 'RecordingSid' },
  },
  [`${ACCOUNT_KIND}/IncomingPhoneNumbers/Local`]: {
    source: `${ACCOUNT}/IncomingPhoneNumbers`,
    links: { type: 'local' },
  },
  [`${ACCOUNT_KIND}/IncomingPhoneNumbers/Mobile`]: {
    source: `${ACCOUNT}/IncomingPhoneNumbers`,
    links: { type: 'mobile' },
  },
  [`${ACCOUNT_KIND}/IncomingPhoneNumbers/TollFree`]: {
    source: `${ACCOUNT}/IncomingPhoneNumbers`,
    links: { type: 'toll-free' },
  },
  [`${WORKSPACE_KIND}/Tasks/{}/Reservations`]: { source: RESERVATIONS, links: { task_sid: 'TaskSid' } },
  [`${WORKSPACE_KIND}/Workers/{}/Reservations`]: { source: RESERVATIONS, links: { worker_sid: 'WorkerSid' } },
  'content.twilio.com/v2/Content': { source: 'content.twilio.com/v1/Content', links: {} },
  'content.twilio.com/v2/ContentAndApprovals': { source: 'content.twilio.com/v1/Content', links: {} },
  'content.twilio.com/v1/ContentAndApprovals': { source: 'content.twilio.com/v1/Content', links: {} },
  'video.twilio.com/v1/Rooms/{}/Recordings': {
    source: 'video.twilio.com/v1/Recordings',
    links: { room_sid: 'RoomSid' },
  },
};
