import type { Twilio } from 'twilio';
import type { CallInstance } from 'twilio/lib/rest/api/v2010/account/call';
import * as z from 'zod';
import type { Config } from '../config';
import { ToolError } from '../errors';
import { explainEmpty, page, paging } from '../paging';
import {
  address,
  boolean,
  exactlyOne,
  integer,
  method,
  oneOf,
  selector,
  sid,
  someOf,
  string,
  timeRange,
  url,
  words,
} from '../params';
import { deletes, domain, reads, sends, spends, tool, updates } from '../tool';
import { fileUrl } from '../twilio';
import { speech, twiml, withSpeech } from '../twiml';

/** Whether a person or a machine answers. */
export const machineDetection = () => ({
  machineDetection: oneOf('Detect answering machines; DetectMessageEnd waits for the beep to leave a message', [
    'Enable',
    'DetectMessageEnd',
  ]).optional(),
  machineDetectionTimeout: integer('Seconds that detection may take; default 30', 3, 59).optional(),
});

const timeLimit = () => integer('Maximum duration of the call in seconds', 1, 86400).optional();

/** How a call is recorded. */
export const recordingOptions = () => ({
  recordingChannels: oneOf('dual keeps both sides in separate channels; default mono', ['mono', 'dual']).optional(),
  recordingTrack: oneOf('Audio to record: inbound is what Twilio receives; default both', [
    'both',
    'inbound',
    'outbound',
  ]).optional(),
  recordingStatusCallback: url('Receives the events of recordingStatusCallbackEvent').optional(),
  recordingStatusCallbackEvent: someOf('Events to report; default completed', [
    'in-progress',
    'completed',
    'absent',
  ]).optional(),
  trim: oneOf('Whether to cut silence off both ends of the recording', ['trim-silence', 'do-not-trim']).optional(),
});

/** Channels of addresses in the call log. */
const CALLERS = ['sip', 'client', 'whatsapp'] as const;

/** Arguments of every tool that calls a person. */
export const dialing = () => ({
  to: address('Callee', ['sip', 'client']),
  from: address('Caller ID, an owned or verified number; default TWILIO_PHONE_NUMBER', ['sip', 'client']).optional(),
  timeout: integer('Seconds the phone may ring; default 60', 5, 600).optional(),
  timeLimit: timeLimit(),
  statusCallback: url('Receives the events of statusCallbackEvent; default TWILIO_STATUS_CALLBACK_URL').optional(),
  statusCallbackEvent: someOf(
    'Events to report; default completed',
    words('initiated ringing answered completed'),
  ).optional(),
  record: boolean('Record the call, for a fee; consent may be required; default false').optional(),
  callReason: string('Purpose of the call, which branded calls display', 100).optional(),
  callToken: string('CallToken of the incoming call that is forwarded with its caller ID', 4000).optional(),
  byoc: sid('BY', 'BYOC trunk that carries the call').optional(),
  sipAuthUsername: string('User name for a SIP callee', 255).optional(),
  sipAuthPassword: string('Password for a SIP callee', 255).optional(),
});

/** The dialing arguments completed with the deployment's defaults. Throws if there is no caller ID. */
export function dial<A extends { from?: string; statusCallback?: string }>(args: A, config: Config) {
  const from = args.from ?? config.phoneNumber;
  if (from === undefined) {
    throw new ToolError('No caller ID: pass `from` or set TWILIO_PHONE_NUMBER. No call was made.');
  }
  return { ...args, from, statusCallback: args.statusCallback ?? config.statusCallbackUrl };
}

/** Arguments that pause, resume or stop the recording of a call or a conference. */
export const recordingControl = () => ({
  recordingSid: selector(sid('RE', 'Recording to change; default the one in progress').optional()),
  status: oneOf('in-progress resumes a paused recording', ['paused', 'in-progress', 'stopped']),
  pauseBehavior: oneOf('skip leaves a pause out, silence records it as silence; default silence', [
    'skip',
    'silence',
  ]).optional(),
});

/** Twilio takes this in place of a SID for the recording in progress. */
export const CURRENT_RECORDING = 'Twilio.CURRENT';

const CALL = ['sid', 'status', 'direction', 'from', 'to', 'parentCallSid', 'startTime', 'duration'] as const;
export const RECORDING = words('sid status callSid conferenceSid source channels startTime duration errorCode');
const LOGGED = [...CALL, ...words('endTime answeredBy forwardedFrom queueTime price priceUnit dateCreated')] as const;
const LOGS = 'twilio_voice_get_call_logs';
const STATUSES = words('queued ringing in-progress completed busy failed no-answer canceled');
const RECORDINGS = 'twilio_voice_list_recordings';

/** Points `mediaUrl` at Twilio's MP3, unless the account stores its recordings elsewhere. */
function withMedia<R extends { uri: string; mediaUrl: string }>(recording: R, twilio: Twilio): R {
  const { uri, mediaUrl } = recording;
  if (mediaUrl && !/^https?:\/\/api(\.\w+)*\.twilio\.com\//.test(mediaUrl)) return recording;
  const url = fileUrl(twilio, uri);
  return Object.assign(recording, { mediaUrl: url && `${url}.mp3` });
}

/** A call of a list, which repeats nothing: the date of its creation only if it was never dialed, a unit only with a price. */
const withoutDefaults = (call: CallInstance) =>
  Object.assign(call, {
    dateCreated: call.startTime ? undefined : call.dateCreated,
    priceUnit: call.price ? call.priceUnit : undefined,
    queueTime: call.queueTime === '0' ? undefined : call.queueTime,
  });

/** The recordings of the account. Voice, VoiceAddOns and AddOns offer these. */
export const recordings = [
  tool({
    name: RECORDINGS,
    title: 'List recordings',
    description: 'List recordings of the account, a call or a conference, newest first.',
    ...reads('api_v2010:ListRecording'),
    input: () => ({
      callSid: sid('CA', 'Only of this call').optional(),
      conferenceSid: sid('CF', 'Only of this conference').optional(),
      ...timeRange({
        from: ['dateCreatedAfter', 'Only created at or after'],
        until: ['dateCreatedBefore', 'Only created at or before'],
      }),
      ...paging(1000),
    }),
    run: async ({ ...filters }, { twilio }) =>
      (await page(twilio.recordings, filters)).map((recording) => withMedia(recording, twilio)),
    returns: [...RECORDING, 'mediaUrl'],
  }),
  tool({
    name: 'twilio_voice_get_recording',
    title: 'Get recording',
    description: "Fetch one recording with the URL of its audio, which requires the account's credentials.",
    ...reads('api_v2010:FetchRecording'),
    input: () => ({ recordingSid: sid('RE', 'Recording to fetch') }),
    run: async ({ recordingSid }, { twilio }) => withMedia(await twilio.recordings(recordingSid).fetch(), twilio),
    returns: [...RECORDING, 'mediaUrl', 'price', 'priceUnit', 'dateCreated'],
  }),
  tool({
    name: 'twilio_voice_delete_recording',
    title: 'Delete recording',
    description: 'Delete a recording and its audio permanently.',
    ...deletes('api_v2010:DeleteRecording'),
    input: () => ({ recordingSid: sid('RE', 'Recording to delete') }),
    run: ({ recordingSid }, { twilio }) => twilio.recordings(recordingSid).remove(),
  }),
];

export const voice = domain({
  service: 'Voice',
  summary: 'Make calls, redirect and end live calls, read the call log and recordings, find out why a call failed.',
  instructions:
    'The caller ID defaults to TWILIO_PHONE_NUMBER. make_call does not wait for an answer: follow the call with get_call, and find ' +
    'out why it failed with list_call_notifications. To speak, send digits or transfer during a live call use redirect_call.',
  tools: [
    tool({
      name: 'twilio_voice_make_call',
      title: 'Make call',
      description:
        'Call a phone and speak or run TwiML when it is answered. Billed per minute. Pass exactly one of say, twiml, url and applicationSid. To call someone into a conference use twilio_voice_add_ons_add_participant.',
      ...sends({ checkWith: LOGS }, 'api_v2010:CreateCall'),
      input: () => ({
        ...speech(),
        twiml: twiml('TwiML to run, such as <Response><Play>https://…</Play></Response>').optional(),
        url: url('Returns the TwiML to run').optional(),
        applicationSid: sid('AP', 'TwiML App that handles the call').optional(),
        method: method('url; default POST').optional(),
        fallbackUrl: url('Returns TwiML if url fails; default TWILIO_FALLBACK_URL').optional(),
        ...dialing(),
        ...recordingOptions(),
        sendDigits: z
          .string()
          .regex(/^[0-9A-D#*wW]{1,32}$/, 'must be up to 32 of 0-9 A-D # * w W')
          .describe('Keys to press once connected: w waits 0.5 s, W 1 s; disables machineDetection')
          .optional(),
        ...machineDetection(),
        machineDetectionSpeechThreshold: integer(
          'Milliseconds of speech above which it is a machine; default 2400',
          1000,
          6000,
        ).optional(),
        machineDetectionSpeechEndThreshold: integer(
          'Milliseconds of silence that end speech; default 1200',
          500,
          5000,
        ).optional(),
        machineDetectionSilenceTimeout: integer(
          'Milliseconds of initial silence after which the result is unknown; default 5000',
          2000,
          10000,
        ).optional(),
        asyncAmd: boolean('Run the TwiML while detection is in progress; default false').optional(),
        asyncAmdStatusCallback: url('Receives the result of asyncAmd').optional(),
      }),
      run: ({ asyncAmd, ...args }, { twilio, config }) => {
        if (!exactlyOne(args.say, args.twiml, args.url, args.applicationSid)) {
          throw new ToolError('Pass exactly one of say, twiml, url and applicationSid. No call was made.');
        }
        return twilio.calls.create({
          ...dial(withSpeech(args), config),
          fallbackUrl: args.fallbackUrl ?? config.fallbackUrl,
          asyncAmd: asyncAmd?.toString(),
        });
      },
      returns: CALL,
    }),
    tool({
      name: LOGS,
      title: 'List calls',
      description:
        'List calls made and received, newest first, with who answered and the price. To find out why a call failed use list_call_notifications.',
      ...reads('api_v2010:ListCall'),
      input: () => ({
        to: address('Only calls to this address', CALLERS).optional(),
        from: address('Only calls from this address', CALLERS).optional(),
        status: someOf('Only calls in one of these states', STATUSES).optional(),
        ...timeRange({
          from: ['startTimeAfter', 'Only started at or after'],
          before: ['startTimeBefore', 'Only started before'],
        }),
        parentCallSid: sid('CA', 'Only legs dialed by this call').optional(),
        minDuration: integer('Only calls of at least this many seconds', 1, 86400).optional(),
        ...paging(1000),
      }),
      run: async ({ minDuration = 0, status, ...filters }, { twilio, deadline }) => {
        const wanted: readonly string[] = status ?? [];
        // Twilio's own filter takes one state.
        const query = { ...filters, status: status?.length === 1 ? status[0] : undefined };
        const search = (wanted.length > 1 || minDuration > 0) && {
          keep: (call: CallInstance) =>
            Number(call.duration ?? 0) >= minDuration && (wanted.length === 0 || wanted.includes(call.status)),
          deadline,
          dateOf: ({ startTime, dateCreated }: CallInstance) => startTime ?? dateCreated,
        };
        return (await page(twilio.calls, query, search || undefined)).map(withoutDefaults);
      },
      returns: LOGGED,
      untrusted: ['from', 'to'],
    }),
    tool({
      name: 'twilio_voice_get_call',
      title: 'Get call',
      description:
        'Fetch one call: its state, times, price and who answered. To find out why it failed use list_call_notifications.',
      ...reads('api_v2010:FetchCall'),
      input: () => ({ callSid: sid('CA', 'Call to fetch') }),
      run: ({ callSid }, { twilio }) => twilio.calls(callSid).fetch(),
      returns: [...LOGGED, 'callerName', 'phoneNumberSid', 'trunkSid'],
      untrusted: ['from', 'to', 'callerName'],
    }),
    tool({
      name: 'twilio_voice_redirect_call',
      title: 'Redirect live call',
      description:
        'Replace the TwiML of a live call: <Say>, <Play digits="12">, <Gather>, or <Dial> to transfer. Pass at most one of say, twiml and url. To end the call use hang_up_call.',
      ...sends({ checkWith: LOGS }, 'api_v2010:UpdateCall'),
      // The requests of a call are readable only after it ends; the legs it dials are in the log at once.
      input: () => ({
        callSid: sid('CA', 'Live call to redirect'),
        ...speech(),
        twiml: twiml('TwiML to run from now on').optional(),
        url: url('Returns the TwiML to run from now on').optional(),
        method: method('url; default POST').optional(),
        fallbackUrl: url('Returns TwiML if url fails').optional(),
        timeLimit: timeLimit(),
        statusCallback: url('Receives a request when the call ends').optional(),
      }),
      run: ({ callSid, ...settings }, { twilio }) => {
        const { say, twiml, url, timeLimit, statusCallback } = settings;
        const hasInstructions = exactlyOne(say, twiml, url);
        if (!hasInstructions && ((say ?? twiml ?? url) || (timeLimit ?? statusCallback) === undefined)) {
          throw new ToolError(
            'Pass one of say, twiml and url, or only timeLimit or statusCallback. Nothing was changed.',
          );
        }
        return twilio.calls(callSid).update(withSpeech(settings));
      },
      returns: CALL,
      untrusted: ['from', 'to'],
    }),
    tool({
      name: 'twilio_voice_hang_up_call',
      title: 'Hang up call',
      description: 'End a call that is queued, ringing or answered.',
      ...updates('api_v2010:UpdateCall'),
      input: () => ({
        callSid: sid('CA', 'Call to end'),
        status: oneOf('canceled ends the call only if it is not yet answered', ['completed', 'canceled']).default(
          'completed',
        ),
      }),
      run: ({ callSid, status }, { twilio }) => twilio.calls(callSid).update({ status }),
      returns: CALL,
      untrusted: ['from', 'to'],
    }),
    tool({
      name: 'twilio_voice_delete_call',
      title: 'Delete call record',
      description: 'Delete the record of an ended call permanently. To end a live call use hang_up_call.',
      ...deletes('api_v2010:DeleteCall'),
      input: () => ({ callSid: sid('CA', 'Ended call to delete') }),
      run: ({ callSid }, { twilio }) => twilio.calls(callSid).remove(),
    }),
    tool({
      name: 'twilio_voice_start_call_recording',
      title: 'Start call recording',
      description: "Record a live call from now on, for a fee. Recording may legally require everyone's consent.",
      ...spends({ checkWith: RECORDINGS }, 'api_v2010:CreateCallRecording'),
      input: () => ({ callSid: sid('CA', 'Live call to record'), ...recordingOptions() }),
      run: ({ callSid, ...options }, { twilio }) => twilio.calls(callSid).recordings.create(options),
      returns: RECORDING,
    }),
    tool({
      name: 'twilio_voice_update_call_recording',
      title: 'Pause or stop call recording',
      description: 'Pause, resume or stop the recording of a live call. A stopped recording cannot be resumed.',
      ...updates('api_v2010:UpdateCallRecording'),
      input: () => ({ callSid: sid('CA', 'Live call being recorded'), ...recordingControl() }),
      run: ({ callSid, recordingSid, ...change }, { twilio }) =>
        twilio
          .calls(callSid)
          .recordings(recordingSid ?? CURRENT_RECORDING)
          .update(change),
      returns: RECORDING,
    }),
    tool({
      name: 'twilio_voice_list_call_events',
      title: 'List call webhook requests',
      description:
        'List the webhook requests of a call and the TwiML they returned, to see what the call did. For errors alone use list_call_notifications.',
      ...reads('api_v2010:ListCallEvent', 'api_v2010:FetchCall'),
      input: () => ({ callSid: sid('CA', 'Ended call to inspect'), ...paging() }),
      run: async ({ callSid, ...position }, { twilio }) => {
        const call = twilio.calls(callSid);
        return explainEmpty(await page(call.events, position), async () => {
          const { status } = await call.fetch();
          const isLive = /^(queued|ringing|in-progress)$/.test(status);
          return isLive
            ? `Nothing yet: the call is ${status}, and its requests can be read when it has ended.`
            : undefined;
        });
      },
      returns: ['request', 'response'],
      untrusted: ['request', 'response'],
    }),
    tool({
      name: 'twilio_voice_list_call_notifications',
      title: 'List call errors',
      description: 'List the errors and warnings of a call, with the meaning of each code and a remedy.',
      ...reads('api_v2010:ListCallNotification'),
      input: () => ({
        callSid: sid('CA', 'Call to diagnose'),
        log: integer('0 for errors only, 1 for warnings only; default both', 0, 1).optional(),
        ...paging(1000),
      }),
      run: ({ callSid, log, ...position }, { twilio }) =>
        page(twilio.calls(callSid).notifications, { log, ...position }),
      returns: words('log errorCode messageText messageDate requestUrl moreInfo'),
      untrusted: ['requestUrl', 'messageText'],
    }),
    ...recordings,
  ],
});
