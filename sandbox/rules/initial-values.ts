/** What a new resource has unless the request says otherwise, by its kind, where the API description does not say it. */
import type { Properties } from '../json';
import { ACCOUNTS_PATH } from './phone';

const POST_METHODS = {
  ...{ voice_method: 'POST', voice_fallback_method: 'POST', status_callback_method: 'POST' },
  ...{ sms_method: 'POST', sms_fallback_method: 'POST' },
};

export const INITIAL_VALUES: Readonly<Record<string, Properties>> = {
  [`${ACCOUNTS_PATH}/{}/Addresses`]: { validated: false, verified: false, emergency_enabled: false },
  [`${ACCOUNTS_PATH}/{}/Applications`]: {
    ...POST_METHODS,
    voice_caller_id_lookup: false,
    public_application_connect_enabled: false,
  },
  // https://www.twilio.com/docs/voice/api/stream-resource, https://www.twilio.com/docs/voice/api/siprec
  [`${ACCOUNTS_PATH}/{}/Calls/{}/Streams`]: { status: 'in-progress' },
  [`${ACCOUNTS_PATH}/{}/Calls/{}/Siprec`]: { status: 'in-progress' },
  [`${ACCOUNTS_PATH}/{}/Queues`]: { current_size: 0, average_wait_time: 0 },
  [`${ACCOUNTS_PATH}/{}/Usage/Triggers`]: { trigger_by: 'usage' },
  // https://www.twilio.com/docs/events/event-streams/sink-resource
  'events.twilio.com/v1/Sinks': { status: 'initialized' },
  // An alphanumeric sender cannot be called.
  'messaging.twilio.com/v1/Services/{}/AlphaSenders': { capabilities: ['SMS'] },
  // https://www.twilio.com/docs/messaging/services: these features are on unless switched off.
  'messaging.twilio.com/v1/Services': {
    ...{ sticky_sender: true, mms_converter: true, smart_encoding: true },
    ...{ us_app_to_person_registered: false, use_inbound_webhook_on_number: false, usecase: 'undeclared' },
  },
  'serverless.twilio.com/v1/Services/{}/Builds': { status: 'building' },
  'sync.twilio.com/v1/Services': { acl_enabled: false },
  'video.twilio.com/v1/Compositions': { status: 'enqueued', format: 'webm', bitrate: 0, size: 0, duration: 0 },
  'video.twilio.com/v1/CompositionHooks': { enabled: true, format: 'webm' },
  // https://www.twilio.com/docs/video/api/rooms-resource
  'video.twilio.com/v1/Rooms': {
    ...{ status: 'in-progress', type: 'group', enable_turn: true, audio_only: false, large_room: false },
    ...{ status_callback_method: 'POST', record_participants_on_connect: false },
    ...{ max_participants: 50, empty_room_timeout: 5, unused_room_timeout: 5 },
  },
};
