import { page, paging } from '../paging';
import {
  boolean,
  clearableUrl,
  dayRange,
  integer,
  method,
  oneOf,
  pathName,
  sid,
  someOf,
  string,
  url,
  words,
} from '../params';
import { deletes, domain, grants, reads, sends, tool, updates } from '../tool';
import {
  CURRENT_RECORDING,
  dial,
  dialing,
  machineDetection,
  RECORDING,
  recordingControl,
  recordingOptions,
  recordings,
} from './voice';

const liveConference = () => sid('CF', 'Live conference');
const participant = () => ({
  conferenceSid: liveConference(),
  callSid: pathName('Call SID or label of the participant'),
});

const coach = () => ({
  coaching: boolean('Be heard by callSidToCoach alone').optional(),
  callSidToCoach: sid('CA', 'Call of the participant to coach; required with coaching').optional(),
});

const CONFERENCE = words(
  'sid friendlyName status region dateCreated dateUpdated reasonConferenceEnded callSidEndingConference',
);
const PARTICIPANT = words(
  'callSid conferenceSid label status muted hold coaching callSidToCoach startConferenceOnEnter endConferenceOnExit dateCreated',
);
const TRANSCRIPTION = words('sid recordingSid status transcriptionText duration price priceUnit dateCreated');
const PARTICIPANTS = 'twilio_voice_add_ons_list_participants';

export const voiceAddOns = domain({
  service: 'VoiceAddOns',
  summary: 'Conferences and their participants, recordings and their transcriptions.',
  instructions:
    'A conference starts with its first participant: add_participant calls someone into it, by default from TWILIO_PHONE_NUMBER. ' +
    'Identify a participant by call SID or label. For the recordings of a conference pass its SID to list_recordings.',
  tools: [
    tool({
      name: 'twilio_voice_add_ons_list_conferences',
      title: 'List conferences',
      description: 'List conferences, newest first: those in progress, unless status says otherwise.',
      ...reads('api_v2010:ListConference'),
      input: () => ({
        status: oneOf('Only conferences in this state; default in-progress', [
          'init',
          'in-progress',
          'completed',
        ]).optional(),
        friendlyName: string('Only conferences with exactly this name', 128).optional(),
        ...dayRange({
          from: ['dateCreatedAfter', 'Only created on or after'],
          before: ['dateCreatedBefore', 'Only created on or before'],
        }),
        ...paging(1000),
      }),
      run: ({ dateCreatedBefore, ...query }, { twilio, deadline }) =>
        page(
          twilio.conferences,
          { dateCreatedBefore, ...query },
          // Twilio does not say whether its filter includes the day that it names.
          dateCreatedBefore && {
            keep: ({ dateCreated }) => dateCreated < dateCreatedBefore,
            deadline,
            dateOf: ({ dateCreated }) => dateCreated,
          },
        ),
      returns: CONFERENCE,
    }),
    tool({
      name: 'twilio_voice_add_ons_get_conference',
      title: 'Get conference',
      description: 'Fetch one conference: its state and why it ended. To see who is in it use list_participants.',
      ...reads('api_v2010:FetchConference'),
      input: () => ({ conferenceSid: sid('CF', 'Conference to fetch') }),
      run: ({ conferenceSid }, { twilio }) => twilio.conferences(conferenceSid).fetch(),
      returns: CONFERENCE,
    }),
    tool({
      name: 'twilio_voice_add_ons_announce_to_conference',
      title: 'Announce to conference',
      description:
        'Play audio or speech to everyone in a live conference, or to one participant. Twilio does not record whether it was heard.',
      ...sends({ checkWith: PARTICIPANTS }, 'api_v2010:UpdateParticipant', 'api_v2010:UpdateConference'),
      input: () => ({
        conferenceSid: liveConference(),
        callSid: pathName('Call SID or label of the only participant to hear it; default all').optional(),
        announceUrl: url('Audio file, or TwiML with <Say> or <Play>'),
        announceMethod: method('announceUrl; default POST').optional(),
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
      description:
        'End a live conference and hang up on everyone in it. To drop one participant use remove_participant.',
      ...updates('api_v2010:UpdateConference'),
      input: () => ({ conferenceSid: liveConference() }),
      run: ({ conferenceSid }, { twilio }) => twilio.conferences(conferenceSid).update({ status: 'completed' }),
      returns: CONFERENCE,
    }),
    tool({
      name: PARTICIPANTS,
      title: 'List conference participants',
      description: 'List who is in a live conference. An ended conference has no participants.',
      ...reads('api_v2010:ListParticipant'),
      input: () => ({
        conferenceSid: liveConference(),
        muted: boolean('Only muted (true) or unmuted (false)').optional(),
        hold: boolean('Only on hold (true) or not (false)').optional(),
        coaching: boolean('Only coaching (true) or not (false)').optional(),
        ...paging(1000),
      }),
      run: ({ conferenceSid, ...query }, { twilio }) => page(twilio.conferences(conferenceSid).participants, query),
      returns: PARTICIPANT,
    }),
    tool({
      name: 'twilio_voice_add_ons_get_participant',
      title: 'Get conference participant',
      description: 'Fetch one participant of a live conference: whether muted, on hold or coaching.',
      ...reads('api_v2010:FetchParticipant'),
      input: participant,
      run: ({ conferenceSid, callSid }, { twilio }) => twilio.conferences(conferenceSid).participants(callSid).fetch(),
      returns: PARTICIPANT,
    }),
    tool({
      name: 'twilio_voice_add_ons_add_participant',
      title: 'Call someone into a conference',
      description:
        'Call a phone and join it to a conference, which starts if none with that name is live. Billed per minute. For a call without a conference use twilio_voice_make_call.',
      ...sends({ checkWith: PARTICIPANTS }, 'api_v2010:CreateParticipant'),
      input: () => ({
        conferenceSid: pathName('Conference SID, or a name'),
        ...dialing(),
        ...recordingOptions(),
        ...machineDetection(),
        amdStatusCallback: url('Receives the result of machineDetection').optional(),
        label: string('Name that identifies the participant in place of the call SID', 128).optional(),
        muted: boolean('Join muted; default false').optional(),
        beep: oneOf(
          'Whether to beep on joining and leaving; default true',
          words('true false onEnter onExit'),
        ).optional(),
        startConferenceOnEnter: boolean('Start the conference when this participant joins; default true').optional(),
        endConferenceOnExit: boolean('End the conference when this participant leaves; default false').optional(),
        waitUrl: url('Music or TwiML until the conference starts; default hold music').optional(),
        conferenceRecord: oneOf('Whether to record the conference, for a fee; default do-not-record', [
          'record-from-start',
          'do-not-record',
        ]).optional(),
        conferenceRecordingStatusCallback: url('Receives a request when that recording is ready').optional(),
        conferenceStatusCallback: url(
          'Receives the events of conferenceStatusCallbackEvent; only the first participant sets it',
        ).optional(),
        conferenceStatusCallbackEvent: someOf(
          'Events to report; default start and end',
          words('start end join leave mute hold modify speaker announcement'),
        ).optional(),
        maxParticipants: integer('Maximum number of participants; default 250', 2, 250).optional(),
        region: oneOf(
          'Region that mixes the audio; default the nearest to the first participant',
          words('us1 us2 ie1 de1 sg1 br1 au1 jp1'),
        ).optional(),
        ...coach(),
      }),
      run: ({ conferenceSid, ...args }, { twilio, config }) =>
        twilio.conferences(conferenceSid).participants.create(dial(args, config)),
      returns: PARTICIPANT,
    }),
    tool({
      name: 'twilio_voice_add_ons_update_participant',
      title: 'Update conference participant',
      description:
        'Mute a participant, put them on hold, or let them coach another. Omitted settings stay unchanged. To play audio to them use announce_to_conference.',
      ...grants({ checkWith: 'twilio_voice_add_ons_get_participant' }, 'api_v2010:UpdateParticipant'),
      input: () => ({
        ...participant(),
        muted: boolean('true mutes, false unmutes').optional(),
        hold: boolean('true puts on hold, false resumes').optional(),
        holdUrl: clearableUrl('Music or TwiML to play while on hold').optional(),
        holdMethod: method('holdUrl; default GET').optional(),
        waitUrl: clearableUrl('Music or TwiML until the conference starts').optional(),
        beepOnExit: boolean('Beep when the participant leaves').optional(),
        endConferenceOnExit: boolean('End the conference when this participant leaves').optional(),
        ...coach(),
      }),
      run: ({ conferenceSid, callSid, ...changes }, { twilio }) =>
        twilio.conferences(conferenceSid).participants(callSid).update(changes),
      returns: PARTICIPANT,
    }),
    tool({
      name: 'twilio_voice_add_ons_remove_participant',
      title: 'Remove conference participant',
      description: 'Remove a participant from a live conference. Their call ends unless more TwiML follows.',
      ...deletes('api_v2010:DeleteParticipant'),
      input: participant,
      run: ({ conferenceSid, callSid }, { twilio }) => twilio.conferences(conferenceSid).participants(callSid).remove(),
    }),
    tool({
      name: 'twilio_voice_add_ons_update_conference_recording',
      title: 'Pause or stop conference recording',
      description: 'Pause, resume or stop the recording of a live conference. A stopped recording cannot be resumed.',
      ...updates('api_v2010:UpdateConferenceRecording'),
      input: () => ({ conferenceSid: liveConference(), ...recordingControl() }),
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
      title: 'List recording transcriptions',
      description: 'List transcriptions of recordings made with <Record transcribe>, for one recording or for all.',
      ...reads('api_v2010:ListRecordingTranscription', 'api_v2010:ListTranscription'),
      input: () => ({ recordingSid: sid('RE', 'Only transcriptions of this recording').optional(), ...paging(1000) }),
      run: ({ recordingSid, ...position }, { twilio }) =>
        recordingSid === undefined
          ? page(twilio.transcriptions, position)
          : page(twilio.recordings(recordingSid).transcriptions, position),
      returns: TRANSCRIPTION,
      untrusted: ['transcriptionText'],
    }),
    tool({
      name: 'twilio_voice_add_ons_get_transcription',
      title: 'Get recording transcription',
      description: 'Fetch one transcription with its text. To find its SID use list_transcriptions.',
      ...reads('api_v2010:FetchTranscription'),
      input: () => ({ transcriptionSid: sid('TR', 'Transcription to fetch') }),
      run: ({ transcriptionSid }, { twilio }) => twilio.transcriptions(transcriptionSid).fetch(),
      returns: TRANSCRIPTION,
      untrusted: ['transcriptionText'],
    }),
    tool({
      name: 'twilio_voice_add_ons_delete_transcription',
      title: 'Delete recording transcription',
      description: 'Delete a transcription permanently. Its recording remains; to delete that use delete_recording.',
      ...deletes('api_v2010:DeleteTranscription'),
      input: () => ({ transcriptionSid: sid('TR', 'Transcription to delete') }),
      run: ({ transcriptionSid }, { twilio }) => twilio.transcriptions(transcriptionSid).remove(),
    }),
  ],
});
