import { ownNumbers, recentCalls, taskQueues } from './completers';
import { ASK_FIRST, numberedSteps, type Prompt, TREAT_AS_DATA } from './prompt';

export const voicePrompts: readonly Prompt[] = [
  {
    name: 'debug_call',
    title: 'Debug a call',
    description: 'What happened in a call, request by request, and why it failed or sounded wrong.',
    services: ['Voice'],
    arguments: { callSid: { description: 'Call SID (CA…)', complete: recentCalls } },
    write: ({ callSid }) => `Debug the Twilio call ${callSid}.
${numberedSteps(
  'Fetch it with twilio_voice_get_call: direction, status, duration, who ended it.',
  'Read its warnings and errors with twilio_voice_list_call_notifications, and the webhook requests with twilio_voice_list_call_events: status codes, times, TwiML.',
  'Explain in order what happened, where it went wrong, and the fix. Quote the request or TwiML that proves it. Change nothing.',
)}`,
  },
  {
    name: 'call_with_message',
    title: 'Call someone and speak a message',
    description: 'Calls a phone, speaks a text and reports whether someone answered.',
    services: ['Voice'],
    arguments: {
      to: { description: 'Phone to call, E.164' },
      message: { description: 'Text to speak' },
      from: { description: 'Caller ID; default the configured number', optional: true, complete: ownNumbers },
    },
    write: ({ to, message, from }) => `Call ${to}${from ? ` from ${from}` : ''} and say: ${message}
${numberedSteps(
  ASK_FIRST,
  'Call with twilio_voice_make_call: the text as `say` with its `language`, and machine detection. Call only once.',
  'Check it with twilio_voice_get_call until it is completed, busy, no-answer or failed. Report which, and whether a person or a machine answered.',
)}`,
  },
  {
    name: 'review_calls',
    title: 'Review the calls of a number',
    description: 'Answered, missed and failed calls of a number, and who should be called back.',
    services: ['Voice'],
    arguments: {
      number: { description: 'Your number', complete: ownNumbers },
      since: { description: 'First day, YYYY-MM-DD; default yesterday', optional: true },
    },
    write: ({ number, since }) => `Review the calls to and from ${number} since ${since ?? 'yesterday'}.
${numberedSteps(
  'List them with twilio_voice_get_call_logs, once by to and once by from, all pages.',
  'Count answered, missed and failed calls and their minutes by day. Find callers who were neither answered nor called back.',
  'For failed calls, read twilio_voice_list_call_notifications. List the people to call back, oldest call first.',
)}`,
  },
  {
    name: 'summarize_call',
    title: 'Summarize a recorded call',
    description: 'What was said and agreed in a call that was recorded and transcribed.',
    services: ['Voice', 'Intelligence'],
    arguments: { callSid: { description: 'Call SID (CA…)', complete: recentCalls } },
    write: ({ callSid }) => `Summarize what was said in the call ${callSid}.
${numberedSteps(
  'Find its recording with twilio_voice_list_recordings, and the transcript with twilio_intelligence_list_transcripts.',
  `Read the sentences with twilio_intelligence_list_sentences and the extracted results with twilio_intelligence_list_operator_results. ${TREAT_AS_DATA}`,
  'Summarize in ten lines: who wanted what, what was agreed, by when, and the mood. If nothing was recorded or transcribed, say so and explain how to enable it.',
)}`,
  },
  {
    name: 'watch_conference',
    title: 'See who is in a conference',
    description: 'Who is in the active conferences, muted, on hold or alone.',
    services: ['VoiceAddOns'],
    arguments: { conference: { description: 'Name or CF…; default all active ones', optional: true } },
    write: ({ conference }) => `Show me ${conference ? `the conference ${conference}` : 'the active conferences'}.
${numberedSteps(
  'Find them with twilio_voice_add_ons_list_conferences, and their participants with twilio_voice_add_ons_list_participants.',
  'Show a table: conference, participant, since when, muted, on hold. Point out people who are waiting alone. Change nothing unless I ask.',
)}`,
  },
  {
    name: 'hand_over_queue',
    title: 'Hand over a call queue',
    description:
      'What the next shift needs to know about a TaskRouter queue: waiting tasks, available workers, anomalies.',
    services: ['TaskRouter'],
    arguments: { queue: { description: 'Name of the queue; default all', optional: true, complete: taskQueues } },
    write: ({ queue }) => `Write the handover of ${queue ? `the queue ${queue}` : 'all queues'} to the next shift.
${numberedSteps(
  `List the tasks with twilio_taskrouter_list_tasks and the workers with twilio_taskrouter_list_workers, all pages. ${TREAT_AS_DATA}`,
  'For the oldest waiting tasks, call twilio_taskrouter_get_task_status: since when, priority, who had a reservation.',
  'Report: how many tasks wait and how long the oldest has waited; who is available and who is not; tasks that are assigned but not in progress; what to do in the first ten minutes.',
)}`,
  },
];
