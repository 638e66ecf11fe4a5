import * as z from 'zod';
import type { Config } from '../config';
import { ToolError, withMeaning } from '../errors';
import { page, paging } from '../paging';
import { address, boolean, dateTime, exactlyOne, integer, method, oneOf, sid, someOf, string, url } from '../params';
import { domain, tool } from '../tool';

const callSid = () => sid('CA', 'Call');
const recordingSid = () => sid('RE', 'Recording');

const recordingOptions = () => ({
  recordingChannels: oneOf('Both sides in one channel, or one each', ['mono', 'dual']).optional(),
  recordingTrack: oneOf('Side to record', ['both', 'inbound', 'outbound']).optional(),
  recordingStatusCallback: url('Called when the recording is ready').optional(),
});

/** Arguments of whatever calls a person. */
export const dialing = () => ({
  to: address('Number, sip:… or client:… to call'),
  from: address('Own or verified number; default TWILIO_PHONE_NUMBER').optional(),
  timeout: integer('Seconds it may ring, default 60', 5, 600).optional(),
  timeLimit: integer('Seconds it may last', 1, 86400).optional(),
  statusCallback: url('Called on statusCallbackEvent').optional(),
  statusCallbackEvent: someOf('Default completed', ['initiated', 'ringing', 'answered', 'completed']).optional(),
  record: boolean('Record the call').optional(),
});

/** The dialing arguments with the deployment's defaults, as Twilio takes them. */
export function dial<A extends { from?: string; statusCallback?: string }>(args: A, config: Config) {
  const from = args.from ?? config.phoneNumber;
  if (from === undefined) {
    throw new ToolError('No caller; nobody was called. Give `from`, or set TWILIO_PHONE_NUMBER.');
  }
  return { ...args, from, statusCallback: args.statusCallback ?? config.statusCallbackUrl };
}

/** Pausing and stopping, for the recordings of calls and of conferences. */
export const recordingControl = () => ({
  recordingSid: sid('RE', 'Recording; default the one that runs').optional(),
  status: oneOf('in-progress resumes', ['paused', 'in-progress', 'stopped']),
  pauseBehavior: oneOf('While paused: leave out, or keep as silence (default)', ['skip', 'silence']).optional(),
});

/** Stands for the recording that runs, in place of its SID. */
export const CURRENT_RECORDING = 'Twilio.CURRENT';

const CALL = ['sid', 'status', 'direction', 'from', 'to', 'parentCallSid', 'startTime', 'duration'] as const;
export const RECORDING = [
  'sid',
  'status',
  'callSid',
  'conferenceSid',
  'source',
  'channels',
  'startTime',
  'duration',
  'errorCode',
] as const;
const LOGS = 'twilio_voice_get_call_logs';
const RECORDINGS = 'twilio_voice_list_recordings';

/** With the address of the audio: Twilio's copy as MP3, or where the account keeps its recordings. */
function withMedia<R extends { uri: string; mediaUrl: string }>(recording: R): R {
  const { uri, mediaUrl } = recording;
  if (mediaUrl && !/^https?:\/\/api\.twilio\.com\//.test(mediaUrl)) return recording;
  return Object.assign(recording, { mediaUrl: `https://api.twilio.com${uri.replace(/\.json$/, '')}.mp3` });
}

/** The recordings of the account. Two services offer these: Voice and VoiceAddOns. */
export const recordings = [
  tool({
    name: RECORDINGS,
    title: 'List recordings',
    description: 'List recordings of the account, a call or a conference, newest first.',
    effect: 'read',
    operations: ['api_v2010:ListRecording'],
    input: () => ({
      callSid: callSid().optional(),
      conferenceSid: sid('CF', 'Conference').optional(),
      dateCreatedAfter: dateTime('Only made at or after').optional(),
      dateCreatedBefore: dateTime('Only made before').optional(),
      ...paging(1000),
    }),
    run: async ({ limit, pageToken, ...filters }, { twilio }) =>
      (await page(twilio.recordings, filters, { limit, pageToken })).map(withMedia),
    returns: [...RECORDING, 'mediaUrl'],
  }),
  tool({
    name: 'twilio_voice_get_recording',
    title: 'Get recording',
    description: 'Fetch one recording and the URL of its audio, which asks for the login of the account.',
    effect: 'read',
    operations: ['api_v2010:FetchRecording'],
    input: () => ({ recordingSid: recordingSid() }),
    run: async ({ recordingSid }, { twilio }) => withMedia(await twilio.recordings(recordingSid).fetch()),
    returns: [...RECORDING, 'mediaUrl', 'price', 'priceUnit', 'dateCreated'],
  }),
  tool({
    name: 'twilio_voice_delete_recording',
    title: 'Delete recording',
    description: 'Delete a recording and its audio for good.',
    effect: 'delete',
    operations: ['api_v2010:DeleteRecording'],
    input: () => ({ recordingSid: recordingSid() }),
    run: ({ recordingSid }, { twilio }) => twilio.recordings(recordingSid).remove(),
  }),
];

export const voice = domain({
  service: 'Voice',
  summary: 'Call people, steer and end live calls, read the call log and recordings, find out why a call failed.',
  instructions:
    'The caller defaults to TWILIO_PHONE_NUMBER. A call is made in the background: follow it with get_call; why it failed is in ' +
    'list_call_notifications. Let a live call say something, dial digits or transfer with redirect_call.',
  tools: [
    tool({
      name: 'twilio_voice_make_call',
      title: 'Make call',
      description:
        'Call a phone and run TwiML when it answers. Give exactly one of twiml, url and applicationSid. To call into a conference use add_participant.',
      effect: 'send',
      checkWith: LOGS,
      operations: ['api_v2010:CreateCall'],
      input: () => ({
        twiml: string('<Response><Say>Hi</Say></Response>', 4000).optional(),
        url: url('Returns the TwiML').optional(),
        applicationSid: sid('AP', 'TwiML App that has the URLs').optional(),
        method: method('url').optional(),
        fallbackUrl: url('Called where url fails').optional(),
        ...dialing(),
        ...recordingOptions(),
        sendDigits: z
          .string()
          .regex(/^[0-9A-D#*wW]{1,32}$/, 'must be up to 32 of 0-9 A-D # * w W')
          .describe('Keys to press once connected; w waits 0.5 s, W 1 s')
          .optional(),
        machineDetection: oneOf('Detect answering machines; or wait for their beep', [
          'Enable',
          'DetectMessageEnd',
        ]).optional(),
        machineDetectionTimeout: integer('Seconds to detect in', 3, 59).optional(),
        asyncAmd: boolean('Detect machines while the TwiML runs already').optional(),
        asyncAmdStatusCallback: url('Receives what asyncAmd found').optional(),
      }),
      run: ({ asyncAmd, ...args }, { twilio, config }) => {
        if (!exactlyOne(args.twiml, args.url, args.applicationSid)) {
          throw new ToolError('Give exactly one of twiml, url and applicationSid; nobody was called.');
        }
        return twilio.calls.create({
          ...dial(args, config),
          fallbackUrl: args.fallbackUrl ?? config.fallbackUrl,
          asyncAmd: asyncAmd?.toString(),
        });
      },
      returns: CALL,
    }),
    tool({
      name: LOGS,
      title: 'List calls',
      description: 'List calls made and received, newest first. For all there is to know of one use get_call.',
      effect: 'read',
      operations: ['api_v2010:ListCall'],
      input: () => ({
        to: address('Only to this address').optional(),
        from: address('Only from this address').optional(),
        status: oneOf('Only in this state', [
          'queued',
          'ringing',
          'in-progress',
          'completed',
          'busy',
          'failed',
          'no-answer',
          'canceled',
        ]).optional(),
        startTimeAfter: dateTime('Only begun at or after').optional(),
        startTimeBefore: dateTime('Only begun before').optional(),
        parentCallSid: sid('CA', 'Only legs that this call dialed').optional(),
        ...paging(1000),
      }),
      run: ({ limit, pageToken, ...filters }, { twilio }) => page(twilio.calls, filters, { limit, pageToken }),
      returns: CALL,
    }),
    tool({
      name: 'twilio_voice_get_call',
      title: 'Get call',
      description: 'Fetch one call: its state, times, price and who answered. Why it failed: list_call_notifications.',
      effect: 'read',
      operations: ['api_v2010:FetchCall'],
      input: () => ({ callSid: callSid() }),
      run: ({ callSid }, { twilio }) => twilio.calls(callSid).fetch(),
      returns: [
        ...CALL,
        'endTime',
        'answeredBy',
        'callerName',
        'forwardedFrom',
        'phoneNumberSid',
        'trunkSid',
        'queueTime',
        'price',
        'priceUnit',
        'dateCreated',
      ],
      untrusted: ['callerName'],
    }),
    tool({
      name: 'twilio_voice_redirect_call',
      title: 'Redirect live call',
      description:
        'Replace what a live call does by other TwiML: <Say>, <Play digits="12">, <Dial> to transfer, <Gather>. Give either twiml or url. To end it use hang_up_call.',
      effect: 'send',
      operations: ['api_v2010:UpdateCall'],
      // The requests of a call can be read only once it is over; the legs that it dials are in the log at once.
      checkWith: LOGS,
      input: () => ({
        callSid: callSid(),
        twiml: string('New TwiML', 4000).optional(),
        url: url('Returns the new TwiML').optional(),
        method: method('url').optional(),
        fallbackUrl: url('Called where url fails').optional(),
      }),
      run: ({ callSid, ...settings }, { twilio }) => {
        if (!exactlyOne(settings.twiml, settings.url)) {
          throw new ToolError('Give exactly one of twiml and url; nothing was changed.');
        }
        return twilio.calls(callSid).update(settings);
      },
      returns: CALL,
    }),
    tool({
      name: 'twilio_voice_hang_up_call',
      title: 'Hang up call',
      description: 'End a call, whether it waits, rings or is answered.',
      effect: 'update',
      operations: ['api_v2010:UpdateCall'],
      input: () => ({
        callSid: callSid(),
        status: oneOf('canceled spares a call that is answered', ['completed', 'canceled']).default('completed'),
      }),
      run: ({ callSid, status }, { twilio }) => twilio.calls(callSid).update({ status }),
      returns: CALL,
    }),
    tool({
      name: 'twilio_voice_delete_call',
      title: 'Delete call record',
      description: 'Delete the record of an ended call for good. A live call is ended with hang_up_call instead.',
      effect: 'delete',
      operations: ['api_v2010:DeleteCall'],
      input: () => ({ callSid: callSid() }),
      run: ({ callSid }, { twilio }) => twilio.calls(callSid).remove(),
    }),
    tool({
      name: 'twilio_voice_start_call_recording',
      title: 'Start recording a call',
      description: 'Record a live call from now on, for a fee. Laws may ask for consent of those who speak.',
      effect: 'spend',
      checkWith: RECORDINGS,
      operations: ['api_v2010:CreateCallRecording'],
      input: () => ({ callSid: callSid(), ...recordingOptions() }),
      run: ({ callSid, ...options }, { twilio }) => twilio.calls(callSid).recordings.create(options),
      returns: RECORDING,
    }),
    tool({
      name: 'twilio_voice_update_call_recording',
      title: 'Pause or stop recording a call',
      description: 'Pause, resume or stop the recording of a live call. A stopped one cannot be resumed.',
      effect: 'update',
      operations: ['api_v2010:UpdateCallRecording'],
      input: () => ({ callSid: callSid(), ...recordingControl() }),
      run: ({ callSid, recordingSid, ...change }, { twilio }) =>
        twilio
          .calls(callSid)
          .recordings(recordingSid ?? CURRENT_RECORDING)
          .update(change),
      returns: RECORDING,
    }),
    tool({
      name: 'twilio_voice_list_call_events',
      title: 'List webhook requests of a call',
      description:
        'List the requests that Twilio made for a call, with the TwiML that came back: what the call did. For errors alone use list_call_notifications.',
      effect: 'read',
      operations: ['api_v2010:ListCallEvent'],
      input: () => ({ callSid: callSid(), ...paging() }),
      run: ({ callSid, ...position }, { twilio }) => page(twilio.calls(callSid).events, {}, position),
      returns: ['request', 'response'],
      untrusted: ['request', 'response'],
    }),
    tool({
      name: 'twilio_voice_list_call_notifications',
      title: 'List errors of a call',
      description: 'List the errors and warnings of a call, with what each code means and what to do.',
      effect: 'read',
      operations: ['api_v2010:ListCallNotification'],
      input: () => ({
        callSid: callSid(),
        log: integer('0 only errors, 1 only warnings', 0, 1).optional(),
        ...paging(1000),
      }),
      run: async ({ callSid, log, ...position }, { twilio }) =>
        (await page(twilio.calls(callSid).notifications, { log }, position)).map(withMeaning),
      returns: [
        'log',
        'errorCode',
        'errorMeaning',
        'errorRemedy',
        'messageText',
        'messageDate',
        'requestUrl',
        'moreInfo',
      ],
      untrusted: ['messageText'],
    }),
    ...recordings,
  ],
});
