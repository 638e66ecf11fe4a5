import { page, paging } from '../paging';
import { boolean, integer, oneOf, pathName, sid, string, timeRange, url, words } from '../params';
import { domain, reads, spends, tool, updates } from '../tool';
import { mediaLink, RECORDING, recordingStatus } from './media';

const LIST_ROOMS = 'twilio_video_list_video_rooms';

const ROOM = words(
  'sid uniqueName status type maxParticipants recordParticipantsOnConnect duration dateCreated endTime',
);
const PARTICIPANT = ['sid', 'identity', 'status', 'startTime', 'endTime', 'duration'] as const;

const room = () => pathName('Room SID (RM…), or the unique name of a room in progress');
const participant = () => ({ roomSid: room(), participantSid: pathName('Participant SID (PA…) or identity') });

export const video = domain({
  service: 'Video',
  summary: 'Create, inspect and end video rooms, list and remove their participants, and find recordings.',
  instructions:
    'list_video_rooms lists rooms in progress unless a status is given; the other tools take the SID or the name of a room. ' +
    'People join with access tokens that your application creates: no tool creates one. ' +
    'For the recordings of a room use list_room_recordings, then get_media_link; to merge them into one video use the service Media.',
  tools: [
    tool({
      name: 'twilio_video_create_video_room',
      title: 'Create video room',
      description:
        'Create a video room. Charged per participant and minute, and extra for recording. End it with update_room.',
      ...spends({ checkWith: LIST_ROOMS }, 'video_v1:CreateRoom'),
      input: () => ({
        uniqueName: string('Name that participants join by; default the room SID', 128).optional(),
        type: oneOf(
          'Room type; others than group only for accounts that used them before October 2024; default group',
          ['group', 'go', 'peer-to-peer', 'group-small'],
        ).optional(),
        maxParticipants: integer('Most participants in the room at the same time', 1, 50).optional(),
        maxParticipantDuration: integer('Seconds a participant may stay connected; default 14400', 1, 86400).optional(),
        recordParticipantsOnConnect: boolean('Record every participant from the moment they join').optional(),
        audioOnly: boolean('Allow no video tracks').optional(),
        mediaRegion: string(
          'Region of the media server, such as us1, ie1 or gll (nearest); default us1',
          16,
        ).optional(),
        transcribeParticipantsOnConnect: boolean('Transcribe every participant, for a fee').optional(),
        emptyRoomTimeout: integer('Minutes the room stays open after the last participant leaves', 1, 60).optional(),
        unusedRoomTimeout: integer('Minutes the room waits for its first participant', 1, 60).optional(),
        statusCallback: url('Called on each event of the room').optional(),
      }),
      run: (settings, { twilio }) => twilio.video.v1.rooms.create(settings),
      returns: ROOM,
      untrusted: ['uniqueName'],
    }),
    tool({
      name: LIST_ROOMS,
      title: 'List video rooms',
      description: 'List video rooms, newest first: those in progress, or ended ones with status completed.',
      ...reads('video_v1:ListRoom'),
      input: () => ({
        status: oneOf('Only rooms in this state; default in-progress', [
          'in-progress',
          'completed',
          'failed',
        ]).optional(),
        uniqueName: string('Only rooms with exactly this name', 128).optional(),
        ...timeRange({
          from: ['dateCreatedAfter', 'Only rooms created at or after this time'],
          before: ['dateCreatedBefore', 'Only rooms created before this time'],
        }),
        ...paging(1000),
      }),
      run: (query, { twilio }) => page(twilio.video.v1.rooms, query),
      returns: ROOM,
      untrusted: ['uniqueName'],
    }),
    tool({
      name: 'twilio_video_get_room',
      title: 'Get video room',
      description:
        'Fetch one video room. An ended room is found by its SID only. To see who is in it use list_room_participants.',
      ...reads('video_v1:FetchRoom'),
      input: () => ({ roomSid: room() }),
      run: ({ roomSid }, { twilio }) => twilio.video.v1.rooms(roomSid).fetch(),
      returns: [
        ...ROOM,
        ...words(
          'maxParticipantDuration audioOnly emptyRoomTimeout unusedRoomTimeout mediaRegion videoCodecs statusCallback',
        ),
      ],
      untrusted: ['uniqueName'],
    }),
    tool({
      name: 'twilio_video_update_room',
      title: 'End video room',
      description:
        'End a video room: all participants are disconnected, and it cannot be reopened. To remove one person use update_participant.',
      ...updates('video_v1:UpdateRoom'),
      input: () => ({ roomSid: room(), status: oneOf('completed ends the room', ['completed']) }),
      run: ({ roomSid, status }, { twilio }) => twilio.video.v1.rooms(roomSid).update({ status }),
      returns: ROOM,
      untrusted: ['uniqueName'],
    }),
    tool({
      name: 'twilio_video_list_room_participants',
      title: 'List video room participants',
      description: 'List the participants who are in a video room, or with status disconnected those who have left.',
      ...reads('video_v1:ListRoomParticipant'),
      input: () => ({
        roomSid: room(),
        status: oneOf('Only participants in this state; default connected, or disconnected for an ended room', [
          'connected',
          'disconnected',
          'reconnecting',
        ]).optional(),
        identity: string('Only the participant with this identity', 128).optional(),
        ...paging(1000),
      }),
      run: ({ roomSid, ...query }, { twilio }) => page(twilio.video.v1.rooms(roomSid).participants, query),
      returns: PARTICIPANT,
      untrusted: ['identity'],
    }),
    tool({
      name: 'twilio_video_get_participant',
      title: 'Get video room participant',
      description: 'Fetch one participant of a video room: connection state, start time and duration.',
      ...reads('video_v1:FetchRoomParticipant'),
      input: participant,
      run: ({ roomSid, participantSid }, { twilio }) =>
        twilio.video.v1.rooms(roomSid).participants(participantSid).fetch(),
      returns: [...PARTICIPANT, 'roomSid'],
      untrusted: ['identity'],
    }),
    tool({
      name: 'twilio_video_update_participant',
      title: 'Remove video room participant',
      description: 'Disconnect a participant from a room in progress. Anyone with a valid access token can join again.',
      ...updates('video_v1:UpdateRoomParticipant'),
      input: () => ({ ...participant(), status: oneOf('disconnected removes the participant', ['disconnected']) }),
      run: ({ roomSid, participantSid, status }, { twilio }) =>
        twilio.video.v1.rooms(roomSid).participants(participantSid).update({ status }),
      returns: PARTICIPANT,
      untrusted: ['identity'],
    }),
    tool({
      name: 'twilio_video_list_published_tracks',
      title: 'List published video room tracks',
      description: 'List the audio, video and data tracks that a participant publishes now.',
      ...reads('video_v1:ListRoomParticipantPublishedTrack'),
      input: () => ({ ...participant(), ...paging() }),
      run: ({ roomSid, participantSid, ...position }, { twilio }) =>
        page(twilio.video.v1.rooms(roomSid).participants(participantSid).publishedTracks, position),
      returns: ['sid', 'name', 'kind', 'enabled', 'dateCreated'],
      untrusted: ['name'],
    }),
    tool({
      name: 'twilio_video_list_subscribed_tracks',
      title: 'List subscribed video room tracks',
      description: 'List the tracks of others that a participant receives now, with the publisher of each.',
      ...reads('video_v1:ListRoomParticipantSubscribedTrack'),
      input: () => ({ ...participant(), ...paging() }),
      run: ({ roomSid, participantSid, ...position }, { twilio }) =>
        page(twilio.video.v1.rooms(roomSid).participants(participantSid).subscribedTracks, position),
      returns: ['sid', 'name', 'kind', 'enabled', 'publisherSid', 'dateCreated'],
      untrusted: ['name'],
    }),
    tool({
      name: 'twilio_video_list_room_recordings',
      title: 'List video room recordings',
      description: 'List the recordings of one video room, one per track. For the file of a track use get_media_link.',
      ...reads('video_v1:ListRoomRecording'),
      input: () => ({ roomSid: sid('RM', 'Recorded room'), status: recordingStatus(), ...paging(1000) }),
      run: ({ roomSid, ...query }, { twilio }) => page(twilio.video.v1.rooms(roomSid).recordings, query),
      returns: RECORDING,
      untrusted: ['trackName'],
    }),
    mediaLink,
  ],
});
