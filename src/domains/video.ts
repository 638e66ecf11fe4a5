import { page, paging } from '../paging';
import { boolean, dateTime, integer, oneOf, pathName, sid, string, url } from '../params';
import { domain, tool } from '../tool';
import { mediaLink, RECORDING, recordingStatus } from './media';

const LIST_ROOMS = 'twilio_video_list_video_rooms';

const ROOM = [
  'sid',
  'uniqueName',
  'status',
  'type',
  'maxParticipants',
  'recordParticipantsOnConnect',
  'duration',
  'dateCreated',
  'endTime',
] as const;
const PARTICIPANT = ['sid', 'identity', 'status', 'startTime', 'endTime', 'duration'] as const;

const room = () => pathName('SID, or name of a live room');
const participant = () => ({ roomSid: room(), participantSid: pathName('SID or identity') });

export const video = domain({
  service: 'Video',
  summary: 'Create, watch and end video rooms, see who is in them, remove participants and find recordings.',
  instructions:
    'Rooms are listed by list_video_rooms, in progress unless a status is given; the other tools take the SID or the name of a room. ' +
    'People join with access tokens, which the application makes itself: no tool makes one. ' +
    'Recordings of a room: list_room_recordings, then get_media_link; to put them together into one video use the service Media.',
  tools: [
    tool({
      name: 'twilio_video_create_video_room',
      title: 'Create video room',
      description:
        'Create a room. Each minute of each participant costs money, recording more. End it with update_room.',
      effect: 'spend',
      checkWith: LIST_ROOMS,
      operations: ['video_v1:CreateRoom'],
      input: () => ({
        uniqueName: string('Name that participants join by; default its SID', 128).optional(),
        type: oneOf('Default group; others only where used before October 2024', [
          'group',
          'go',
          'peer-to-peer',
          'group-small',
        ]).optional(),
        maxParticipants: integer('People at once', 1, 50).optional(),
        maxParticipantDuration: integer('Seconds one may stay, default 14400', 1, 86400).optional(),
        recordParticipantsOnConnect: boolean('Record everyone from joining on').optional(),
        audioOnly: boolean('No video').optional(),
        emptyRoomTimeout: integer('Minutes it stays after the last one left', 1, 60).optional(),
        unusedRoomTimeout: integer('Minutes it waits for the first one', 1, 60).optional(),
        statusCallback: url('Called on each event of the room').optional(),
      }),
      run: (settings, { twilio }) => twilio.video.v1.rooms.create(settings),
      returns: ROOM,
    }),
    tool({
      name: LIST_ROOMS,
      title: 'List video rooms',
      description: 'List rooms, newest first: those in progress, or past ones with status completed.',
      effect: 'read',
      operations: ['video_v1:ListRoom'],
      input: () => ({
        status: oneOf('Default in-progress', ['in-progress', 'completed', 'failed']).optional(),
        uniqueName: string('Only with exactly this name', 128).optional(),
        dateCreatedAfter: dateTime('Only created at or after').optional(),
        dateCreatedBefore: dateTime('Only created before').optional(),
        ...paging(1000),
      }),
      run: ({ limit, pageToken, ...filters }, { twilio }) => page(twilio.video.v1.rooms, filters, { limit, pageToken }),
      returns: ROOM,
    }),
    tool({
      name: 'twilio_video_get_room',
      title: 'Get video room',
      description: 'Fetch one room. A room that is over needs its SID. For who is in it use list_room_participants.',
      effect: 'read',
      operations: ['video_v1:FetchRoom'],
      input: () => ({ roomSid: room() }),
      run: ({ roomSid }, { twilio }) => twilio.video.v1.rooms(roomSid).fetch(),
      returns: [
        ...ROOM,
        'maxParticipantDuration',
        'audioOnly',
        'emptyRoomTimeout',
        'unusedRoomTimeout',
        'mediaRegion',
        'videoCodecs',
        'statusCallback',
      ],
    }),
    tool({
      name: 'twilio_video_update_room',
      title: 'End video room',
      description:
        'End a room: everyone is disconnected, and it cannot be opened again. For one person use update_participant.',
      effect: 'update',
      operations: ['video_v1:UpdateRoom'],
      input: () => ({ roomSid: room(), status: oneOf('Ends the room', ['completed']) }),
      run: ({ roomSid, status }, { twilio }) => twilio.video.v1.rooms(roomSid).update({ status }),
      returns: ROOM,
    }),
    tool({
      name: 'twilio_video_list_room_participants',
      title: 'List participants of a room',
      description: 'List who is in a room, or was: status disconnected.',
      effect: 'read',
      operations: ['video_v1:ListRoomParticipant'],
      input: () => ({
        roomSid: room(),
        status: oneOf('Default connected, or disconnected for a room that is over', [
          'connected',
          'disconnected',
          'reconnecting',
        ]).optional(),
        identity: string('Only with this identity', 128).optional(),
        ...paging(1000),
      }),
      run: ({ roomSid, limit, pageToken, ...filters }, { twilio }) =>
        page(twilio.video.v1.rooms(roomSid).participants, filters, { limit, pageToken }),
      returns: PARTICIPANT,
      untrusted: ['identity'],
    }),
    tool({
      name: 'twilio_video_get_participant',
      title: 'Get participant',
      description: 'Fetch one participant of a room: whether connected, since when and how long.',
      effect: 'read',
      operations: ['video_v1:FetchRoomParticipant'],
      input: participant,
      run: ({ roomSid, participantSid }, { twilio }) =>
        twilio.video.v1.rooms(roomSid).participants(participantSid).fetch(),
      returns: [...PARTICIPANT, 'roomSid'],
      untrusted: ['identity'],
    }),
    tool({
      name: 'twilio_video_update_participant',
      title: 'Remove participant',
      description: 'Remove a participant from a live room. Whoever has a valid access token can join again.',
      effect: 'update',
      operations: ['video_v1:UpdateRoomParticipant'],
      input: () => ({ ...participant(), status: oneOf('Removes the participant', ['disconnected']) }),
      run: ({ roomSid, participantSid, status }, { twilio }) =>
        twilio.video.v1.rooms(roomSid).participants(participantSid).update({ status }),
      returns: PARTICIPANT,
      untrusted: ['identity'],
    }),
    tool({
      name: 'twilio_video_list_published_tracks',
      title: 'List published tracks',
      description: 'List the audio, video and data tracks that a participant sends at the moment.',
      effect: 'read',
      operations: ['video_v1:ListRoomParticipantPublishedTrack'],
      input: () => ({ ...participant(), ...paging() }),
      run: ({ roomSid, participantSid, ...position }, { twilio }) =>
        page(twilio.video.v1.rooms(roomSid).participants(participantSid).publishedTracks, {}, position),
      returns: ['sid', 'name', 'kind', 'enabled', 'dateCreated'],
      untrusted: ['name'],
    }),
    tool({
      name: 'twilio_video_list_subscribed_tracks',
      title: 'List subscribed tracks',
      description: 'List the tracks of others that a participant receives at the moment, with who sends each.',
      effect: 'read',
      operations: ['video_v1:ListRoomParticipantSubscribedTrack'],
      input: () => ({ ...participant(), ...paging() }),
      run: ({ roomSid, participantSid, ...position }, { twilio }) =>
        page(twilio.video.v1.rooms(roomSid).participants(participantSid).subscribedTracks, {}, position),
      returns: ['sid', 'name', 'kind', 'enabled', 'publisherSid', 'dateCreated'],
      untrusted: ['name'],
    }),
    tool({
      name: 'twilio_video_list_room_recordings',
      title: 'List recordings of a room',
      description: 'List the recordings of one room, one a track. For the file of one use get_media_link.',
      effect: 'read',
      operations: ['video_v1:ListRoomRecording'],
      input: () => ({ roomSid: sid('RM', 'Room'), status: recordingStatus(), ...paging(1000) }),
      run: ({ roomSid, limit, pageToken, ...filters }, { twilio }) =>
        page(twilio.video.v1.rooms(roomSid).recordings, filters, { limit, pageToken }),
      returns: RECORDING,
      untrusted: ['trackName'],
    }),
    mediaLink,
  ],
});
