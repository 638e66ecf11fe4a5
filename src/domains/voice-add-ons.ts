import { page, paging } from '../paging';
import { boolean, date, method, oneOf, pathName, sid, string, url } from '../params';
import { domain, tool } from '../tool';
import { CURRENT_RECORDING, dial, dialing, RECORDING, recordingControl, recordings } from './voice';

const conferenceSid = () => sid('CF', 'Conference');
const participant = () => ({ conferenceSid: conferenceSid(), callSid: pathName('Call SID or label') });
const transcriptionSid = () => sid('TR', 'Transcription');

const coach = () => ({
  coaching: boolean('Heard by callSidToCoach alone').optional(),
  callSidToCoach: sid('CA', 'Participant to coach').optional(),
});

const CONFERENCE = [
  'sid',
  'friendlyName',
  'status',
  'region',
  'dateCreated',
  'dateUpdated',
  'reasonConferenceEnded',
  'callSidEndingConference',
] as const;
const PARTICIPANT = [
  'callSid',
  'conferenceSid',
  'label',
  'status',
  'muted',
  'hold',
  'coaching',
  'callSidToCoach',
  'startConferenceOnEnter',
  'endConferenceOnExit',
  'dateCreated',
] as const;
const TRANSCRIPTION = [
  'sid',
  'recordingSid',
  'status',
  'transcriptionText',
  'duration',
  'price',
  'priceUnit',
  'dateCreated',
] as const;
const PARTICIPANTS = 'twilio_voice_add_ons_list_participants';

export const voiceAddOns = domain({
  service: 'VoiceAddOns',
  summary: 'Conferences and those in them, recordings of calls and their transcriptions.',
  instructions:
    'A conference begins with its first participant: add_participant calls somebody into it, from TWILIO_PHONE_NUMBER unless told ' +
    'otherwise. A participant is named by its call SID or label. Recordings of a conference: list_recordings with its SID.',
  tools: [
    tool({
      name: 'twilio_voice_add_ons_list_conferences',
      title: 'List conferences',
      description: 'List conferences, newest first. Without status only those in progress come.',
      effect: 'read',
      operations: ['api_v2010:ListConference'],
      input: () => ({
        status: oneOf('Only in this state', ['init', 'in-progress', 'completed']).optional(),
        friendlyName: string('Only with exactly this name', 128).optional(),
        dateCreatedAfter: date('Only begun on or after').optional(),
        dateCreatedBefore: date('Only begun before').optional(),
        ...paging(1000),
      }),
      run: ({ limit, pageToken, ...filters }, { twilio }) => page(twilio.conferences, filters, { limit, pageToken }),
      returns: CONFERENCE,
    }),
    tool({
      name: 'twilio_voice_add_ons_get_conference',
      title: 'Get conference',
      description: 'Fetch one conference: its state, and why it ended. Who is in it: list_participants.',
      effect: 'read',
      operations: ['api_v2010:FetchConference'],
      input: () => ({ conferenceSid: conferenceSid() }),
      run: ({ conferenceSid }, { twilio }) => twilio.conferences(conferenceSid).fetch(),
      returns: CONFERENCE,
    }),
    tool({
      name: 'twilio_voice_add_ons_announce_to_conference',
      title: 'Announce to conference',
      description:
        'Play something to all in a live conference, or to one of them. No record tells whether they heard it.',
      effect: 'send',
      checkWith: PARTICIPANTS,
      operations: ['api_v2010:UpdateParticipant', 'api_v2010:UpdateConference'],
      input: () => ({
        conferenceSid: conferenceSid(),
        callSid: pathName('Call SID or label of the only one to hear it').optional(),
        announceUrl: url('Audio file, or TwiML with <Say> or <Play>'),
        announceMethod: method('announceUrl').optional(),
      }),
      run: ({ conferenceSid, callSid, ...announcement }, { twilio }) => {
        const conference = twilio.conferences(conferenceSid);
        return callSid === undefined
          ? conference.update(announcement)
          : conference.participants(callSid).update(announcement);
      },
      returns: ['sid', 'conferenceSid', 'callSid', 'status'],
    }),
    tool({
      name: 'twilio_voice_add_ons_end_conference',
      title: 'End conference',
      description: 'End a live conference and hang up on all in it. For one of them use remove_participant.',
      effect: 'update',
      operations: ['api_v2010:UpdateConference'],
      input: () => ({ conferenceSid: conferenceSid() }),
      run: ({ conferenceSid }, { twilio }) => twilio.conferences(conferenceSid).update({ status: 'completed' }),
      returns: CONFERENCE,
    }),
    tool({
      name: PARTICIPANTS,
      title: 'List participants',
      description: 'List who is in a live conference. One that has ended has none.',
      effect: 'read',
      operations: ['api_v2010:ListParticipant'],
      input: () => ({
        conferenceSid: conferenceSid(),
        muted: boolean('Muted or not').optional(),
        hold: boolean('On hold or not').optional(),
        coaching: boolean('Coaching or not').optional(),
        ...paging(1000),
      }),
      run: ({ conferenceSid, limit, pageToken, ...filters }, { twilio }) =>
        page(twilio.conferences(conferenceSid).participants, filters, { limit, pageToken }),
      returns: PARTICIPANT,
    }),
    tool({
      name: 'twilio_voice_add_ons_get_participant',
      title: 'Get participant',
      description: 'Fetch one participant of a live conference: muted, on hold, coaching.',
      effect: 'read',
      operations: ['api_v2010:FetchParticipant'],
      input: participant,
      run: ({ conferenceSid, callSid }, { twilio }) => twilio.conferences(conferenceSid).participants(callSid).fetch(),
      returns: PARTICIPANT,
    }),
    tool({
      name: 'twilio_voice_add_ons_add_participant',
      title: 'Call somebody into a conference',
      description:
        'Call a phone and join it to a conference, which begins if none of that name runs. For a call without conference use make_call.',
      effect: 'send',
      checkWith: PARTICIPANTS,
      operations: ['api_v2010:CreateParticipant'],
      input: () => ({
        conferenceSid: pathName('Conference SID or name'),
        ...dialing(),
        label: string('Name to refer to the participant by', 128).optional(),
        muted: boolean('Joins muted').optional(),
        beep: oneOf('Beep on joining and leaving', ['true', 'false', 'onEnter', 'onExit']).optional(),
        startConferenceOnEnter: boolean('Its joining begins the conference, default true').optional(),
        endConferenceOnExit: boolean('Its leaving ends the conference').optional(),
        waitUrl: url('Music or TwiML before the conference begins').optional(),
        conferenceRecord: oneOf('Record the conference', ['record-from-start', 'do-not-record']).optional(),
        conferenceStatusCallback: url('Receives start and end of the conference').optional(),
        ...coach(),
      }),
      run: ({ conferenceSid, ...args }, { twilio, config }) =>
        twilio.conferences(conferenceSid).participants.create(dial(args, config)),
      returns: PARTICIPANT,
    }),
    tool({
      name: 'twilio_voice_add_ons_update_participant',
      title: 'Update participant',
      description:
        'Mute a participant, put it on hold, or let it coach another. Only what is given changes. To play it something: announce_to_conference.',
      effect: 'update',
      operations: ['api_v2010:UpdateParticipant'],
      input: () => ({
        ...participant(),
        muted: boolean('Muted').optional(),
        hold: boolean('On hold').optional(),
        holdUrl: url('Music or TwiML while on hold').optional(),
        holdMethod: method('holdUrl').optional(),
        beepOnExit: boolean('Beep when it leaves').optional(),
        endConferenceOnExit: boolean('Its leaving ends the conference').optional(),
        ...coach(),
      }),
      run: ({ conferenceSid, callSid, ...changes }, { twilio }) =>
        twilio.conferences(conferenceSid).participants(callSid).update(changes),
      returns: PARTICIPANT,
    }),
    tool({
      name: 'twilio_voice_add_ons_remove_participant',
      title: 'Remove participant',
      description: 'Take a participant out of a live conference; its call ends unless more TwiML follows.',
      effect: 'delete',
      operations: ['api_v2010:DeleteParticipant'],
      input: participant,
      run: ({ conferenceSid, callSid }, { twilio }) => twilio.conferences(conferenceSid).participants(callSid).remove(),
    }),
    tool({
      name: 'twilio_voice_add_ons_update_conference_recording',
      title: 'Pause or stop recording a conference',
      description: 'Pause, resume or stop the recording of a live conference. A stopped one cannot be resumed.',
      effect: 'update',
      operations: ['api_v2010:UpdateConferenceRecording'],
      input: () => ({ conferenceSid: conferenceSid(), ...recordingControl() }),
      run: ({ conferenceSid, recordingSid, ...change }, { twilio }) =>
        twilio
          .conferences(conferenceSid)
          .recordings(recordingSid ?? CURRENT_RECORDING)
          .update(change),
      returns: RECORDING,
    }),
    ...recordings,
    tool({
      name: 'twilio_voice_add_ons_list_transcriptions',
      title: 'List transcriptions',
      description: 'List what was spoken in recordings made with <Record transcribe>, of one recording or of all.',
      effect: 'read',
      operations: ['api_v2010:ListRecordingTranscription', 'api_v2010:ListTranscription'],
      input: () => ({ recordingSid: sid('RE', 'Only of this recording').optional(), ...paging(1000) }),
      run: ({ recordingSid, ...position }, { twilio }) =>
        recordingSid === undefined
          ? page(twilio.transcriptions, {}, position)
          : page(twilio.recordings(recordingSid).transcriptions, {}, position),
      returns: TRANSCRIPTION,
      untrusted: ['transcriptionText'],
    }),
    tool({
      name: 'twilio_voice_add_ons_get_transcription',
      title: 'Get transcription',
      description: 'Fetch one transcription with its text. To find it use list_transcriptions.',
      effect: 'read',
      operations: ['api_v2010:FetchTranscription'],
      input: () => ({ transcriptionSid: transcriptionSid() }),
      run: ({ transcriptionSid }, { twilio }) => twilio.transcriptions(transcriptionSid).fetch(),
      returns: TRANSCRIPTION,
      untrusted: ['transcriptionText'],
    }),
    tool({
      name: 'twilio_voice_add_ons_delete_transcription',
      title: 'Delete transcription',
      description: 'Delete a transcription for good. Its recording stays: delete_recording.',
      effect: 'delete',
      operations: ['api_v2010:DeleteTranscription'],
      input: () => ({ transcriptionSid: transcriptionSid() }),
      run: ({ transcriptionSid }, { twilio }) => twilio.transcriptions(transcriptionSid).remove(),
    }),
  ],
});
