import { ToolError } from '../errors';
import { explainEmpty, type Page, page, paging } from '../paging';
import {
  boolean,
  clearableUrl,
  dateTime,
  integer,
  method,
  oneOf,
  sid,
  string,
  timeRange,
  timeZone,
  url,
  words,
} from '../params';
import { deletes, domain, reads, spends, type ToolContext, tool } from '../tool';

const serviceSid = () => sid('GA', 'Intelligence service');
const transcriptSid = () => sid('GT', 'Transcript, from list_transcripts');
const attachment = () => ({
  serviceSid: serviceSid(),
  operatorSid: sid('LY', 'Language operator, from list_operators'),
});
const redacted = () => boolean('false returns personal data that the service redacts; default true').optional();

/** What a transcript has, or why that is nothing. */
const contentsOf = async <T>(transcriptSid: string, list: Promise<Page<T>>, { twilio }: ToolContext) =>
  explainEmpty(await list, async () => {
    const { status } = await twilio.intelligence.v2.transcripts(transcriptSid).fetch();
    if (status === 'completed') return undefined;
    const advice = /^(queued|in-progress)$/.test(status) ? ' Repeat the call when it is completed.' : '';
    return `Nothing: the transcript’s status is ${status}.${advice}`;
  });

const serviceSettings = () => ({
  friendlyName: string('Label of the service', 64).optional(),
  autoTranscribe: boolean('Transcribe every new recording of the account, for a fee').optional(),
  autoRedaction: boolean('Redact personal data in transcripts').optional(),
  mediaRedaction: boolean('Redact personal data in the audio too; requires autoRedaction').optional(),
  webhookUrl: clearableUrl('Called when a transcript is ready').optional(),
  webhookHttpMethod: method('webhookUrl').optional(),
});

/** The filters accept times in whole seconds only. */
const wholeSeconds = (date?: Date) => date?.toISOString().replace(/\.\d+Z$/, 'Z');

const SERVICE = words(
  'sid uniqueName friendlyName languageCode autoTranscribe autoRedaction mediaRedaction dataLogging webhookUrl webhookHttpMethod readOnlyAttachedOperatorSids dateCreated',
);
const TRANSCRIPT = words(
  'sid serviceSid status languageCode channel customerKey mediaStartTime duration redaction dateCreated',
);
const SERVICES = 'twilio_intelligence_list_intelligence_services';
const SERVICE_OF = 'twilio_intelligence_get_intelligence_service';
const TRANSCRIPTS = 'twilio_intelligence_list_transcripts';

export const intelligence = domain({
  service: 'Intelligence',
  summary:
    'Transcribe call recordings and analyze them with language operators: Conversation Intelligence (classic), v2.',
  instructions:
    'A service sets the language of its transcripts and the operators that run on them. create_transcript works in the background: poll ' +
    'get_transcript until its status is completed, then read list_sentences and list_operator_results.',
  tools: [
    tool({
      name: SERVICES,
      title: 'List Intelligence services',
      description: 'List the Intelligence services, to find the serviceSid that a transcript needs.',
      ...reads('intelligence_v2:ListService'),
      input: () => paging(1000),
      run: (position, { twilio }) => page(twilio.intelligence.v2.services, position),
      returns: SERVICE,
    }),
    tool({
      name: SERVICE_OF,
      title: 'Get Intelligence service',
      description: 'Fetch one Intelligence service with its language, redaction and the SIDs of its operators.',
      ...reads('intelligence_v2:FetchService'),
      input: () => ({ serviceSid: serviceSid() }),
      run: ({ serviceSid }, { twilio }) => twilio.intelligence.v2.services(serviceSid).fetch(),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_intelligence_create_intelligence_service',
      title: 'Create Intelligence service',
      description:
        'Create an Intelligence service for one language. With autoTranscribe, every new recording of the account is charged from then on.',
      ...spends({ checkWith: SERVICES }, 'intelligence_v2:CreateService'),
      input: () => ({
        uniqueName: string('Name unique among Intelligence services', 64),
        languageCode: string('Language of the recordings; cannot be changed later; default en-US', 16).optional(),
        ...serviceSettings(),
      }),
      run: (settings, { twilio }) => twilio.intelligence.v2.services.create(settings),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_intelligence_update_intelligence_service',
      title: 'Update Intelligence service',
      description:
        'Change settings of an Intelligence service; omitted settings keep their values. With autoTranscribe, every new recording is charged. For operators use attach_operator.',
      ...spends({ checkWith: SERVICE_OF }, 'intelligence_v2:UpdateService'),
      input: () => ({
        serviceSid: serviceSid(),
        uniqueName: string('Name unique among Intelligence services', 64).optional(),
        ...serviceSettings(),
      }),
      run: ({ serviceSid, ...settings }, { twilio }) => twilio.intelligence.v2.services(serviceSid).update(settings),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_intelligence_delete_intelligence_service',
      title: 'Delete Intelligence service',
      description:
        'Permanently delete an Intelligence service. To only stop its automatic transcription use update_intelligence_service.',
      ...deletes('intelligence_v2:DeleteService'),
      input: () => ({ serviceSid: serviceSid() }),
      run: ({ serviceSid }, { twilio }) => twilio.intelligence.v2.services(serviceSid).remove(),
    }),
    tool({
      name: 'twilio_intelligence_list_operators',
      title: 'List language operators',
      description:
        'List the language operators, custom and prebuilt, that a service can run on its transcripts. Add one with attach_operator.',
      ...reads('intelligence_v2:ListOperator'),
      input: () => ({
        availability: oneOf(
          'Only operators at this release stage',
          words('general-availability public beta internal deprecated retired'),
        ).optional(),
        languageCode: string('Only operators for this language, such as en-US', 16).optional(),
        ...paging(1000),
      }),
      run: (query, { twilio }) => page(twilio.intelligence.v2.operators, query),
      returns: ['sid', 'friendlyName', 'description', 'author', 'operatorType', 'availability', 'version'],
    }),
    tool({
      name: 'twilio_intelligence_attach_operator',
      title: 'Attach language operator',
      description:
        'Run a language operator on every transcript of a service from now on, for a fee. Find operators with list_operators.',
      ...spends({ checkWith: SERVICE_OF }, 'intelligence_v2:CreateOperatorAttachment'),
      input: attachment,
      run: ({ serviceSid, operatorSid }, { twilio }) =>
        twilio.intelligence.v2.operatorAttachment(serviceSid, operatorSid).create(),
      returns: ['serviceSid', 'operatorSid'],
    }),
    tool({
      name: 'twilio_intelligence_detach_operator',
      title: 'Detach language operator',
      description: 'Stop running a language operator on the transcripts of a service. Existing results stay.',
      ...deletes('intelligence_v2:DeleteOperatorAttachment'),
      input: attachment,
      run: ({ serviceSid, operatorSid }, { twilio }) =>
        twilio.intelligence.v2.operatorAttachment(serviceSid, operatorSid).remove(),
    }),
    tool({
      name: TRANSCRIPTS,
      title: 'List call transcripts',
      description: 'List transcripts with their states. Read what was said with list_sentences.',
      ...reads('intelligence_v2:ListTranscript'),
      input: () => ({
        serviceSid: sid('GA', 'Only transcripts of this service').optional(),
        sourceSid: sid('RE', 'Only transcripts of this recording').optional(),
        status: oneOf(
          'Only transcripts in this state',
          words('new queued in-progress completed failed canceled error'),
        ).optional(),
        languageCode: string('Only transcripts in this language, such as en-US', 16).optional(),
        ...timeRange({
          from: ['afterStartTime', 'Only conversations that began after this time'],
          before: ['beforeStartTime', 'Only conversations that began before this time'],
        }),
        ...timeRange({
          from: ['afterDateCreated', 'Only transcripts created after this time'],
          before: ['beforeDateCreated', 'Only transcripts created before this time'],
        }),
        ...paging(1000),
      }),
      run: ({ afterStartTime, beforeStartTime, afterDateCreated, beforeDateCreated, ...filters }, { twilio }) =>
        page(twilio.intelligence.v2.transcripts, {
          ...filters,
          afterStartTime: wholeSeconds(afterStartTime),
          beforeStartTime: wholeSeconds(beforeStartTime),
          afterDateCreated: wholeSeconds(afterDateCreated),
          beforeDateCreated: wholeSeconds(beforeDateCreated),
        }),
      returns: TRANSCRIPT,
      untrusted: ['channel'],
    }),
    tool({
      name: 'twilio_intelligence_get_transcript',
      title: 'Get call transcript',
      description: 'Fetch the state and the participants of one transcript. Read what was said with list_sentences.',
      ...reads('intelligence_v2:FetchTranscript'),
      input: () => ({ transcriptSid: transcriptSid() }),
      run: ({ transcriptSid }, { twilio }) => twilio.intelligence.v2.transcripts(transcriptSid).fetch(),
      returns: TRANSCRIPT,
      untrusted: ['channel'],
    }),
    tool({
      name: 'twilio_intelligence_create_transcript',
      title: 'Transcribe recording',
      description:
        'Transcribe a recording, for a fee. Pass exactly one of recordingSid and mediaUrl. A recording has one transcript: to redo it, use delete_transcript first.',
      ...spends({ checkWith: TRANSCRIPTS }, 'intelligence_v2:CreateTranscript'),
      input: () => ({
        serviceSid: serviceSid(),
        recordingSid: sid('RE', 'Recording of the account; alternative to mediaUrl').optional(),
        mediaUrl: url('Audio file elsewhere that Twilio can fetch; alternative to recordingSid').optional(),
        agentChannel: integer('Audio channel of the agent; the customer has the other one', 1, 2).optional(),
        customerKey: string('Your own reference for the transcript', 64).optional(),
        mediaStartTime: dateTime('When the conversation began').optional(),
        ...timeZone(),
      }),
      run: ({ recordingSid, mediaUrl, agentChannel, ...settings }, { twilio }) => {
        if ((recordingSid === undefined) === (mediaUrl === undefined)) {
          throw new ToolError('Pass exactly one of `recordingSid` and `mediaUrl`; nothing was transcribed.');
        }
        return twilio.intelligence.v2.transcripts.create({
          ...settings,
          channel: {
            media_properties: recordingSid === undefined ? { media_url: mediaUrl } : { source_sid: recordingSid },
            ...(agentChannel && {
              participants: [
                { channel_participant: agentChannel, role: 'Agent' },
                { channel_participant: 3 - agentChannel, role: 'Customer' },
              ],
            }),
          },
        });
      },
      returns: TRANSCRIPT,
      untrusted: ['channel'],
    }),
    tool({
      name: 'twilio_intelligence_delete_transcript',
      title: 'Delete call transcript',
      description: 'Permanently delete a transcript with its sentences and operator results. The recording stays.',
      ...deletes('intelligence_v2:DeleteTranscript'),
      input: () => ({ transcriptSid: transcriptSid() }),
      run: ({ transcriptSid }, { twilio }) => twilio.intelligence.v2.transcripts(transcriptSid).remove(),
    }),
    tool({
      name: 'twilio_intelligence_list_sentences',
      title: 'List transcript sentences',
      description:
        'List the sentences of a transcript in order, with channel and times. For their analysis use list_operator_results.',
      ...reads('intelligence_v2:ListSentence', 'intelligence_v2:FetchTranscript'),
      input: () => ({
        transcriptSid: transcriptSid(),
        redacted: redacted(),
        wordTimestamps: boolean('Include the time of each word').optional(),
        ...paging(5000),
      }),
      run: ({ transcriptSid, ...query }, context) => {
        const { sentences } = context.twilio.intelligence.v2.transcripts(transcriptSid);
        return contentsOf(transcriptSid, page(sentences, query), context);
      },
      returns: ['sentenceIndex', 'mediaChannel', 'startTime', 'endTime', 'transcript', 'confidence', 'words'],
      untrusted: ['transcript', 'words'],
    }),
    tool({
      name: 'twilio_intelligence_list_operator_results',
      title: 'List language operator results',
      description: 'List the results of the language operators on a transcript: summaries, labels, extracts.',
      ...reads('intelligence_v2:ListOperatorResult', 'intelligence_v2:FetchTranscript'),
      input: () => ({ transcriptSid: transcriptSid(), redacted: redacted(), ...paging(1000) }),
      run: ({ transcriptSid, ...query }, context) => {
        const { operatorResults } = context.twilio.intelligence.v2.transcripts(transcriptSid);
        return contentsOf(transcriptSid, page(operatorResults, query), context);
      },
      returns: words(
        'operatorSid name operatorType extractMatch matchProbability normalizedResult utteranceMatch utteranceResults predictedLabel predictedProbability labelProbabilities extractResults textGenerationResults jsonResults',
      ),
      untrusted: ['normalizedResult', 'utteranceResults', 'extractResults', 'textGenerationResults', 'jsonResults'],
    }),
    tool({
      name: 'twilio_intelligence_get_transcript_media',
      title: 'Get transcript audio',
      description: 'Fetch the URL of the transcribed audio. It works for a short time, without authentication.',
      ...reads('intelligence_v2:FetchMedia'),
      input: () => ({ transcriptSid: transcriptSid(), redacted: redacted() }),
      run: ({ transcriptSid, ...options }, { twilio }) =>
        twilio.intelligence.v2.transcripts(transcriptSid).media().fetch(options),
      returns: ['sid', 'mediaUrl'],
    }),
  ],
});
