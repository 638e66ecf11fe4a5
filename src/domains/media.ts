import * as z from 'zod';
import { ToolError } from '../errors';
import { page, paging } from '../paging';
import { boolean, jsonObject, method, oneOf, sid, string, stringList, timeRange, url, words } from '../params';
import { deletes, domain, reads, spends, tool } from '../tool';

const LIST_COMPOSITIONS = 'twilio_media_list_compositions';
const LIST_HOOKS = 'twilio_media_list_composition_hooks';

export const RECORDING = words('sid status type trackName sourceSid groupingSids containerFormat duration dateCreated');
const COMPOSITION = ['sid', 'status', 'roomSid', 'format', 'resolution', 'duration', 'size', 'dateCreated'] as const;
const HOOK = words('sid friendlyName enabled audioSources videoLayout resolution format trim statusCallback');

const recordingSid = () => sid('RT', 'Video recording');
const compositionSid = () => sid('CJ', 'Composition of a video room');

const created = () => ({
  ...timeRange({
    from: ['dateCreatedAfter', 'Only those created at or after this time'],
    before: ['dateCreatedBefore', 'Only those created before this time'],
  }),
});

export const recordingStatus = () =>
  oneOf('Only recordings in this state', ['processing', 'completed', 'deleted', 'failed']).optional();

/** The content and the format of a composition. */
const composition = () => ({
  audioSources: stringList('Audio tracks to include, by name or SID; * matches any characters', 100).optional(),
  audioSourcesExcluded: stringList('Audio tracks to leave out of audioSources', 100).optional(),
  videoLayout: jsonObject('Video regions, such as {"grid": {"video_sources": ["*"]}}; omit for audio only').optional(),
  resolution: z
    .string()
    .regex(/^\d{2,4}x\d{2,4}$/, 'must be width x height, such as 1280x720')
    .describe('Width x height in pixels, such as 1280x720; default 640x480')
    .optional(),
  format: oneOf('File format; default webm', ['mp4', 'webm']).optional(),
  trim: boolean('Cut out intervals without media; default true').optional(),
  statusCallback: url('Called on each change of state').optional(),
  statusCallbackMethod: method('statusCallback').optional(),
});

function requireSources({ audioSources, videoLayout }: { audioSources?: string[]; videoLayout?: object }): void {
  if (!audioSources && !videoLayout) {
    throw new ToolError(
      'Nothing to compose; nothing was created. Pass `audioSources` (such as ["*"]), `videoLayout` or both.',
    );
  }
}

/** Media and Video offer this tool. */
export const mediaLink = tool({
  name: 'twilio_media_get_media_link',
  title: 'Get video file link',
  description:
    'Get a link to the file of a completed video recording or composition. Anyone with the link can download the file, for about an hour.',
  ...reads('video_v1:FetchRecordingMedia', 'video_v1:FetchCompositionMedia'),
  input: () => ({ mediaSid: sid('RT|CJ', 'Video recording or composition') }),
  run: async ({ mediaSid }, { twilio }) => {
    const resource = mediaSid.startsWith('RT') ? 'Recordings' : 'Compositions';
    // The client has no method for this. Twilio answers with a redirect, which is not followed: its target is the link.
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
    'A video room is recorded as one file per track: find them with list_video_recordings (groupingSid takes the room). ' +
    'For a single video call create_composition after the room has ended, poll get_composition until its status is completed, then call get_media_link. ' +
    'The rooms themselves are in the service Video.',
  tools: [
    tool({
      name: 'twilio_media_list_video_recordings',
      title: 'List video recordings',
      description: 'List the recorded tracks of all rooms, or of one. For the file of a track use get_media_link.',
      ...reads('video_v1:ListRecording'),
      input: () => ({
        groupingSid: z
          .array(sid('RM|PA', 'Room or participant'))
          .min(1)
          .max(2)
          .describe('Only tracks of this room (RM…), participant (PA…) or both')
          .optional(),
        status: recordingStatus(),
        sourceSid: sid('MT', 'Only recordings of this track').optional(),
        ...created(),
        mediaType: oneOf('Only tracks of this kind', ['audio', 'video', 'data']).optional(),
        ...paging(100),
      }),
      run: (query, { twilio }) => page(twilio.video.v1.recordings, query),
      returns: RECORDING,
      untrusted: ['trackName'],
    }),
    tool({
      name: 'twilio_media_get_video_recording',
      title: 'Get video recording',
      description:
        'Fetch one recorded track with its codec, size, room and participant. For its file use get_media_link.',
      ...reads('video_v1:FetchRecording'),
      input: () => ({ recordingSid: recordingSid() }),
      run: ({ recordingSid }, { twilio }) => twilio.video.v1.recordings(recordingSid).fetch(),
      returns: [...RECORDING, 'codec', 'size', 'offset', 'mediaExternalLocation'],
      untrusted: ['trackName'],
    }),
    tool({
      name: 'twilio_media_delete_video_recording',
      title: 'Delete video recording',
      description: 'Permanently delete the file of a recorded track. It can no longer be used in a composition.',
      ...deletes('video_v1:DeleteRecording'),
      input: () => ({ recordingSid: recordingSid() }),
      run: ({ recordingSid }, { twilio }) => twilio.video.v1.recordings(recordingSid).remove(),
    }),
    mediaLink,
    tool({
      name: LIST_COMPOSITIONS,
      title: 'List video compositions',
      description: 'List the compositions of all rooms, or of one.',
      ...reads('video_v1:ListComposition'),
      input: () => ({
        status: oneOf(
          'Only compositions in this state',
          words('enqueued processing completed deleted failed'),
        ).optional(),
        roomSid: sid('RM', 'Only compositions of this room').optional(),
        ...created(),
        ...paging(100),
      }),
      run: (query, { twilio }) => page(twilio.video.v1.compositions, query),
      returns: COMPOSITION,
    }),
    tool({
      name: 'twilio_media_get_composition',
      title: 'Get video composition',
      description:
        'Fetch one composition with its state and sources. For the file of a completed one use get_media_link.',
      ...reads('video_v1:FetchComposition'),
      input: () => ({ compositionSid: compositionSid() }),
      run: ({ compositionSid }, { twilio }) => twilio.video.v1.compositions(compositionSid).fetch(),
      returns: [
        ...COMPOSITION,
        ...words('audioSources audioSourcesExcluded videoLayout trim dateCompleted mediaExternalLocation'),
      ],
    }),
    tool({
      name: 'twilio_media_create_composition',
      title: 'Create video composition',
      description:
        'Merge the recorded tracks of an ended room into one file, for a fee. Requires audioSources or videoLayout. To compose every room use create_composition_hook.',
      ...spends({ checkWith: LIST_COMPOSITIONS }, 'video_v1:CreateComposition'),
      input: () => ({ roomSid: sid('RM', 'Ended room to compose'), ...composition() }),
      run: (settings, { twilio }) => {
        requireSources(settings);
        return twilio.video.v1.compositions.create(settings);
      },
      returns: COMPOSITION,
    }),
    tool({
      name: 'twilio_media_delete_composition',
      title: 'Delete video composition',
      description: 'Permanently delete the file of a composition. The recordings that it was made from stay.',
      ...deletes('video_v1:DeleteComposition'),
      input: () => ({ compositionSid: compositionSid() }),
      run: ({ compositionSid }, { twilio }) => twilio.video.v1.compositions(compositionSid).remove(),
    }),
    tool({
      name: LIST_HOOKS,
      title: 'List composition hooks',
      description: 'List the composition hooks. Each enabled one composes every recorded room after it ends.',
      ...reads('video_v1:ListCompositionHook'),
      input: () => ({
        enabled: boolean('Only hooks that are on (true) or off (false)').optional(),
        friendlyName: string('Only hooks with this name; * matches any characters', 100).optional(),
        ...paging(),
      }),
      run: (query, { twilio }) => page(twilio.video.v1.compositionHooks, query),
      returns: HOOK,
    }),
    tool({
      name: 'twilio_media_create_composition_hook',
      title: 'Create composition hook',
      description:
        'Compose every room that ends from now on, each for a fee, until delete_composition_hook. Requires audioSources or videoLayout. For one room use create_composition.',
      ...spends({ checkWith: LIST_HOOKS }, 'video_v1:CreateCompositionHook'),
      input: () => ({
        friendlyName: string('Unique name of the hook', 100),
        enabled: boolean('false creates the hook switched off; default true').optional(),
        ...composition(),
      }),
      run: (settings, { twilio }) => {
        requireSources(settings);
        return twilio.video.v1.compositionHooks.create(settings);
      },
      returns: HOOK,
    }),
    tool({
      name: 'twilio_media_delete_composition_hook',
      title: 'Delete composition hook',
      description: 'Delete a composition hook: rooms are no longer composed. Existing compositions stay.',
      ...deletes('video_v1:DeleteCompositionHook'),
      input: () => ({ compositionHookSid: sid('HK', 'Composition hook to delete') }),
      run: ({ compositionHookSid }, { twilio }) => twilio.video.v1.compositionHooks(compositionHookSid).remove(),
    }),
  ],
});
