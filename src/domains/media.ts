import * as z from 'zod';
import { ToolError } from '../errors';
import { page, paging } from '../paging';
import { boolean, dateTime, jsonObject, method, oneOf, sid, string, stringList, url } from '../params';
import { domain, tool } from '../tool';

const LIST_COMPOSITIONS = 'twilio_media_list_compositions';
const LIST_HOOKS = 'twilio_media_list_composition_hooks';

export const RECORDING = [
  'sid',
  'status',
  'type',
  'trackName',
  'sourceSid',
  'groupingSids',
  'containerFormat',
  'duration',
  'dateCreated',
] as const;
const COMPOSITION = ['sid', 'status', 'roomSid', 'format', 'resolution', 'duration', 'size', 'dateCreated'] as const;
const HOOK = [
  'sid',
  'friendlyName',
  'enabled',
  'audioSources',
  'videoLayout',
  'resolution',
  'format',
  'trim',
  'statusCallback',
] as const;

const recordingSid = () => sid('RT', 'Video recording');
const compositionSid = () => sid('CJ', 'Composition');

const created = () => ({
  dateCreatedAfter: dateTime('Only created at or after').optional(),
  dateCreatedBefore: dateTime('Only created before').optional(),
});

export const recordingStatus = () =>
  oneOf('Only in this state', ['processing', 'completed', 'deleted', 'failed']).optional();

/** What a composition looks and sounds like. */
const composing = () => ({
  audioSources: stringList('Tracks to hear, by name or SID; * is any', 100).optional(),
  audioSourcesExcluded: stringList('Of these, tracks to leave out', 100).optional(),
  videoLayout: jsonObject('Regions, as {"grid": {"video_sources": ["*"]}}; none for sound alone').optional(),
  resolution: z
    .string()
    .regex(/^\d{2,4}x\d{2,4}$/, 'must be width x height, such as 1280x720')
    .describe('Default 640x480')
    .optional(),
  format: oneOf('Default webm', ['mp4', 'webm']).optional(),
  trim: boolean('Cut out gaps (default)').optional(),
  statusCallback: url('Called on each change of state').optional(),
  statusCallbackMethod: method('statusCallback').optional(),
});

function needSources({ audioSources, videoLayout }: { audioSources?: string[]; videoLayout?: object }): void {
  if (!audioSources && !videoLayout) {
    throw new ToolError(
      'Nothing to compose: give audioSources (such as ["*"]), videoLayout or both. Nothing was made.',
    );
  }
}

/** Two services offer this: Media and Video. */
export const mediaLink = tool({
  name: 'twilio_media_get_media_link',
  title: 'Get link to a video file',
  description:
    'Get a link to the file of a completed video recording or composition. Whoever has it can download the file, for about an hour.',
  effect: 'read',
  operations: ['video_v1:FetchRecordingMedia', 'video_v1:FetchCompositionMedia'],
  input: () => ({ mediaSid: sid('RT|CJ', 'Video recording or composition') }),
  run: async ({ mediaSid }, { twilio }) => {
    const resource = mediaSid.startsWith('RT') ? 'Recordings' : 'Compositions';
    // The client has no method for it. It answers with a redirection, which is not followed: its target is the link.
    const { redirect_to } = await twilio.video.v1.fetch({ method: 'get', uri: `/${resource}/${mediaSid}/Media` });
    return { sid: mediaSid, mediaUrl: redirect_to as string };
  },
  returns: ['sid', 'mediaUrl'],
});

export const media = domain({
  service: 'Media',
  summary:
    'Recordings of video rooms, and compositions that merge them. Twilio Live (media processors, player streamers) has ended.',
  instructions:
    'A video room is recorded as one file a track: find them with list_video_recordings (groupingSid takes the room). ' +
    'To get one video make a composition once the room is over, wait until get_composition says completed, then get_media_link. ' +
    'Rooms themselves are in the service Video.',
  tools: [
    tool({
      name: 'twilio_media_list_video_recordings',
      title: 'List video recordings',
      description: 'List the recorded tracks of all rooms, or of one. For the file of one use get_media_link.',
      effect: 'read',
      operations: ['video_v1:ListRecording'],
      input: () => ({
        groupingSid: z
          .array(sid('RM|PA', 'SID'))
          .min(1)
          .max(2)
          .describe('Only of this room, participant or both')
          .optional(),
        status: recordingStatus(),
        sourceSid: sid('MT', 'Only of this track').optional(),
        ...created(),
        mediaType: oneOf('Only of this kind', ['audio', 'video', 'data']).optional(),
        ...paging(1000),
      }),
      run: ({ limit, pageToken, ...filters }, { twilio }) =>
        page(twilio.video.v1.recordings, filters, { limit, pageToken }),
      returns: RECORDING,
      untrusted: ['trackName'],
    }),
    tool({
      name: 'twilio_media_get_video_recording',
      title: 'Get video recording',
      description: 'Fetch one recorded track with its codec and size, and its room and participant.',
      effect: 'read',
      operations: ['video_v1:FetchRecording'],
      input: () => ({ recordingSid: recordingSid() }),
      run: ({ recordingSid }, { twilio }) => twilio.video.v1.recordings(recordingSid).fetch(),
      returns: [...RECORDING, 'codec', 'size', 'offset', 'mediaExternalLocation'],
      untrusted: ['trackName'],
    }),
    tool({
      name: 'twilio_media_delete_video_recording',
      title: 'Delete video recording',
      description: 'Delete the file of a recorded track for good. It cannot be composed any more.',
      effect: 'delete',
      operations: ['video_v1:DeleteRecording'],
      input: () => ({ recordingSid: recordingSid() }),
      run: ({ recordingSid }, { twilio }) => twilio.video.v1.recordings(recordingSid).remove(),
    }),
    mediaLink,
    tool({
      name: LIST_COMPOSITIONS,
      title: 'List compositions',
      description: 'List compositions, of all rooms or of one.',
      effect: 'read',
      operations: ['video_v1:ListComposition'],
      input: () => ({
        status: oneOf('Only in this state', ['enqueued', 'processing', 'completed', 'deleted', 'failed']).optional(),
        roomSid: sid('RM', 'Only of this room').optional(),
        ...created(),
        ...paging(1000),
      }),
      run: ({ limit, pageToken, ...filters }, { twilio }) =>
        page(twilio.video.v1.compositions, filters, { limit, pageToken }),
      returns: COMPOSITION,
    }),
    tool({
      name: 'twilio_media_get_composition',
      title: 'Get composition',
      description:
        'Fetch one composition: its state and what it is made of. The file of a completed one: get_media_link.',
      effect: 'read',
      operations: ['video_v1:FetchComposition'],
      input: () => ({ compositionSid: compositionSid() }),
      run: ({ compositionSid }, { twilio }) => twilio.video.v1.compositions(compositionSid).fetch(),
      returns: [
        ...COMPOSITION,
        'audioSources',
        'audioSourcesExcluded',
        'videoLayout',
        'trim',
        'dateCompleted',
        'mediaExternalLocation',
      ],
    }),
    tool({
      name: 'twilio_media_create_composition',
      title: 'Create composition',
      description:
        'Merge recorded tracks of a room that is over into one file, for a fee. Needs audioSources or videoLayout. For every room: create_composition_hook.',
      effect: 'spend',
      checkWith: LIST_COMPOSITIONS,
      operations: ['video_v1:CreateComposition'],
      input: () => ({ roomSid: sid('RM', 'Room'), ...composing() }),
      run: (settings, { twilio }) => {
        needSources(settings);
        return twilio.video.v1.compositions.create(settings);
      },
      returns: COMPOSITION,
    }),
    tool({
      name: 'twilio_media_delete_composition',
      title: 'Delete composition',
      description: 'Delete the file of a composition for good. The recordings that it was made of stay.',
      effect: 'delete',
      operations: ['video_v1:DeleteComposition'],
      input: () => ({ compositionSid: compositionSid() }),
      run: ({ compositionSid }, { twilio }) => twilio.video.v1.compositions(compositionSid).remove(),
    }),
    tool({
      name: LIST_HOOKS,
      title: 'List composition hooks',
      description: 'List the hooks, each of which composes every recorded room once it is over.',
      effect: 'read',
      operations: ['video_v1:ListCompositionHook'],
      input: () => ({
        enabled: boolean('Only those that are on, or off').optional(),
        friendlyName: string('Only of this name; * is any', 100).optional(),
        ...paging(),
      }),
      run: ({ limit, pageToken, ...filters }, { twilio }) =>
        page(twilio.video.v1.compositionHooks, filters, { limit, pageToken }),
      returns: HOOK,
    }),
    tool({
      name: 'twilio_media_create_composition_hook',
      title: 'Create composition hook',
      description:
        'Compose every room that ends from now on, each for a fee, until delete_composition_hook. Needs audioSources or videoLayout. For one room: create_composition.',
      effect: 'spend',
      checkWith: LIST_HOOKS,
      operations: ['video_v1:CreateCompositionHook'],
      input: () => ({
        friendlyName: string('Unique name', 100),
        enabled: boolean('false makes it without switching it on').optional(),
        ...composing(),
      }),
      run: (settings, { twilio }) => {
        needSources(settings);
        return twilio.video.v1.compositionHooks.create(settings);
      },
      returns: HOOK,
    }),
    tool({
      name: 'twilio_media_delete_composition_hook',
      title: 'Delete composition hook',
      description: 'Delete a hook: rooms are not composed any more. Compositions that it made stay.',
      effect: 'delete',
      operations: ['video_v1:DeleteCompositionHook'],
      input: () => ({ compositionHookSid: sid('HK', 'Composition hook') }),
      run: ({ compositionHookSid }, { twilio }) => twilio.video.v1.compositionHooks(compositionHookSid).remove(),
    }),
  ],
});
