import { ownNumbers, recentCalls, taskQueues } from './complete';
import { ASK_FIRST, OTHERS_WORDS, type Prompt, steps } from './prompt';

export const voice: readonly Prompt[] = [
  {
    name: 'debug_call',
    title: 'Debug a call',
    description: 'What happened in a call, request by request, and why it failed or sounded wrong.',
    services: ['Voice'],
    arguments: { callSid: { description: 'The call: CA…', complete: recentCalls } },
    write: ({ callSid }) => `Debug the Twilio call ${callSid}.
${steps(
  'Fetch it with twilio_voice_get_call: direction, state, duration, who ended it.',
  'Read its warnings and errors with twilio_voice_list_call_notifications, and the requests to the webhooks with twilio_voice_list_call_events: status codes, times, TwiML.',
  'Tell me in order what happened, where it went wrong, and the mend. Quote the request or TwiML that proves it. Change nothing.',
)}`,
  },
  {
    name: 'call_with_message',
    title: 'Call somebody and say something',
    description: 'Calls a phone, speaks a text and reports whether somebody answered.',
    services: ['Voice'],
    arguments: {
      to: { description: 'Phone to call, E.164' },
      message: { description: 'What to say' },
      from: { description: 'Caller id; default the configured number', optional: true, complete: ownNumbers },
    },
    write: ({ to, message, from }) => `Call ${to}${from ? ` from ${from}` : ''} and say: ${message}
${steps(
  `Write TwiML with one Say, in the language of the text. ${ASK_FIRST}`,
  'Call with twilio_voice_make_call and this twiml, with machine detection. Call once only.',
  'Follow it with twilio_voice_get_call until it is completed, busy, no-answer or failed, and tell me which, and whether a person or a machine answered.',
)}`,
  },
  {
    name: 'review_calls',
    title: 'Review the calls of a number',
    description: 'Answered, missed and failed calls of a number, and who should be called back.',
    services: ['Voice'],
    arguments: {
      number: { description: 'Own number', complete: ownNumbers },
      since: { description: 'From this day on, YYYY-MM-DD; default yesterday', optional: true },
    },
    write: ({ number, since }) => `Review the calls to and from ${number} since ${since ?? 'yesterday'}.
${steps(
  'List them with twilio_voice_get_call_logs, once by to and once by from, all pages.',
  'Count answered, missed and failed calls and their minutes, by day. Find callers who were never answered nor called back.',
  'For calls that failed look at twilio_voice_list_call_notifications. Give me the list of people to call back, the oldest first.',
)}`,
  },
  {
    name: 'summarize_call',
    title: 'Summarize a recorded call',
    description: 'What was said and agreed in a call that was recorded and transcribed.',
    services: ['Voice', 'Intelligence'],
    arguments: { callSid: { description: 'The call: CA…', complete: recentCalls } },
    write: ({ callSid }) => `Summarize what was said in the call ${callSid}.
${steps(
  'Find its recording with twilio_voice_list_recordings, and the transcript of it with twilio_intelligence_list_transcripts.',
  `Read the sentences with twilio_intelligence_list_sentences and what was extracted with twilio_intelligence_list_operator_results. ${OTHERS_WORDS}`,
  'Tell me in ten lines: who wanted what, what was agreed, by when, and the mood. Where nothing was recorded or transcribed, say so and how to switch it on.',
)}`,
  },
  {
    name: 'watch_conference',
    title: 'See who is in a conference',
    description: 'Who is in the running conferences, muted, on hold or alone.',
    services: ['VoiceAddOns'],
    arguments: { conference: { description: 'Name or CF…; default all that run', optional: true } },
    write: ({ conference }) => `Show me ${conference ? `the conference ${conference}` : 'the conferences that run now'}.
${steps(
  'Find them with twilio_voice_add_ons_list_conferences, and who is in them with twilio_voice_add_ons_list_participants.',
  'Give me a table: conference, participant, since when, muted, on hold. Point out people who wait alone. Change nothing before I ask.',
)}`,
  },
  {
    name: 'hand_over_queue',
    title: 'Hand over a call queue',
    description: 'What the next shift must know of a TaskRouter queue: what waits, who works, what stands out.',
    services: ['TaskRouter'],
    arguments: { queue: { description: 'Name of the queue; default all', optional: true, complete: taskQueues } },
    write: ({ queue }) => `Write the hand-over of ${queue ? `the queue ${queue}` : 'all queues'} to the next shift.
${steps(
  `List the tasks with twilio_taskrouter_list_tasks and the workers with twilio_taskrouter_list_workers, all pages. ${OTHERS_WORDS}`,
  'For the oldest waiting tasks fetch twilio_taskrouter_get_task_status: since when, priority, who had it reserved.',
  'Write: how many wait and how long the oldest does; who is available, who is not; tasks that were assigned but are not worked on; what to do in the first ten minutes.',
)}`,
  },
];
