import { ToolError } from '../errors';
import { page, paging } from '../paging';
import { boolean, dateTime, integer, method, oneOf, sid, string, url } from '../params';
import { domain, tool } from '../tool';

const serviceSid = () => sid('GA', 'Intelligence service');
const transcriptSid = () => sid('GT', 'Transcript');
const attachment = () => ({ serviceSid: serviceSid(), operatorSid: sid('LY', 'Language operator') });
const redacted = () => boolean('false gives it with personal data, where the service redacts; default true').optional();

const serviceSettings = () => ({
  friendlyName: string('Name', 64).optional(),
  autoTranscribe: boolean('Transcribe each new recording of the account, for a fee').optional(),
  autoRedaction: boolean('Hide personal data in transcripts').optional(),
  mediaRedaction: boolean('And in the audio; needs autoRedaction').optional(),
  webhookUrl: url('Called when a transcript is ready').optional(),
  webhookHttpMethod: method('webhookUrl').optional(),
});

/** The filters take instants in whole seconds. */
const instant = (date?: Date) => date?.toISOString().replace(/\.\d+Z$/, 'Z');

const SERVICE = [
  'sid',
  'uniqueName',
  'friendlyName',
  'languageCode',
  'autoTranscribe',
  'autoRedaction',
  'mediaRedaction',
  'dataLogging',
  'webhookUrl',
  'webhookHttpMethod',
  'readOnlyAttachedOperatorSids',
  'dateCreated',
] as const;
const TRANSCRIPT = [
  'sid',
  'serviceSid',
  'status',
  'languageCode',
  'channel',
  'customerKey',
  'mediaStartTime',
  'duration',
  'redaction',
  'dateCreated',
] as const;
const SERVICES = 'twilio_intelligence_list_intelligence_services';
const SERVICE_OF = 'twilio_intelligence_get_intelligence_service';
const TRANSCRIPTS = 'twilio_intelligence_list_transcripts';

export const intelligence = domain({
  service: 'Intelligence',
  summary:
    'Transcribe call recordings and let language operators analyse them: Conversation Intelligence (classic), v2.',
  instructions:
    'A service says in which language to transcribe and which operators run. create_transcript works in the background: follow it with ' +
    'get_transcript until completed, then read list_sentences and list_operator_results.',
  tools: [
    tool({
      name: SERVICES,
      title: 'List Intelligence services',
      description: 'List the Intelligence services, to find the serviceSid that a transcript needs.',
      effect: 'read',
      operations: ['intelligence_v2:ListService'],
      input: () => paging(1000),
      run: (position, { twilio }) => page(twilio.intelligence.v2.services, {}, position),
      returns: SERVICE,
    }),
    tool({
      name: SERVICE_OF,
      title: 'Get Intelligence service',
      description: 'Fetch one Intelligence service with its language, redaction and the SIDs of its operators.',
      effect: 'read',
      operations: ['intelligence_v2:FetchService'],
      input: () => ({ serviceSid: serviceSid() }),
      run: ({ serviceSid }, { twilio }) => twilio.intelligence.v2.services(serviceSid).fetch(),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_intelligence_create_intelligence_service',
      title: 'Create Intelligence service',
      description:
        'Create an Intelligence service for one language. With autoTranscribe, every recording of the account costs from then on.',
      effect: 'spend',
      checkWith: SERVICES,
      operations: ['intelligence_v2:CreateService'],
      input: () => ({
        uniqueName: string('Unique name', 64),
        languageCode: string('Language as en-US (default), which cannot change', 16).optional(),
        ...serviceSettings(),
      }),
      run: (settings, { twilio }) => twilio.intelligence.v2.services.create(settings),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_intelligence_update_intelligence_service',
      title: 'Update Intelligence service',
      description:
        'Change settings of an Intelligence service. Only what is given changes. Operators: attach_operator.',
      effect: 'spend',
      checkWith: SERVICE_OF,
      operations: ['intelligence_v2:UpdateService'],
      input: () => ({
        serviceSid: serviceSid(),
        uniqueName: string('Unique name', 64).optional(),
        ...serviceSettings(),
      }),
      run: ({ serviceSid, ...settings }, { twilio }) => twilio.intelligence.v2.services(serviceSid).update(settings),
      returns: SERVICE,
    }),
    tool({
      name: 'twilio_intelligence_delete_intelligence_service',
      title: 'Delete Intelligence service',
      description:
        'Delete an Intelligence service for good. To only stop its transcribing use update_intelligence_service.',
      effect: 'delete',
      operations: ['intelligence_v2:DeleteService'],
      input: () => ({ serviceSid: serviceSid() }),
      run: ({ serviceSid }, { twilio }) => twilio.intelligence.v2.services(serviceSid).remove(),
    }),
    tool({
      name: 'twilio_intelligence_list_operators',
      title: 'List language operators',
      description: 'List the operators, own and prebuilt, that a service can run on its transcripts.',
      effect: 'read',
      operations: ['intelligence_v2:ListOperator'],
      input: () => ({
        availability: oneOf('Only of this availability', [
          'general-availability',
          'public',
          'beta',
          'internal',
          'deprecated',
          'retired',
        ]).optional(),
        languageCode: string('Only for this language, as en-US', 16).optional(),
        ...paging(1000),
      }),
      run: ({ limit, pageToken, ...filters }, { twilio }) =>
        page(twilio.intelligence.v2.operators, filters, { limit, pageToken }),
      returns: ['sid', 'friendlyName', 'description', 'author', 'operatorType', 'availability', 'version'],
    }),
    tool({
      name: 'twilio_intelligence_attach_operator',
      title: 'Attach operator',
      description:
        'Let a service run an operator on each transcript from now on, for a fee. Find it with list_operators.',
      effect: 'spend',
      checkWith: SERVICE_OF,
      operations: ['intelligence_v2:CreateOperatorAttachment'],
      input: attachment,
      run: ({ serviceSid, operatorSid }, { twilio }) =>
        twilio.intelligence.v2.operatorAttachment(serviceSid, operatorSid).create(),
      returns: ['serviceSid', 'operatorSid'],
    }),
    tool({
      name: 'twilio_intelligence_detach_operator',
      title: 'Detach operator',
      description: 'Stop a service from running an operator. Results that exist stay.',
      effect: 'delete',
      operations: ['intelligence_v2:DeleteOperatorAttachment'],
      input: attachment,
      run: ({ serviceSid, operatorSid }, { twilio }) =>
        twilio.intelligence.v2.operatorAttachment(serviceSid, operatorSid).remove(),
    }),
    tool({
      name: TRANSCRIPTS,
      title: 'List transcripts',
      description: 'List transcripts and their states. What was said: list_sentences.',
      effect: 'read',
      operations: ['intelligence_v2:ListTranscript'],
      input: () => ({
        serviceSid: sid('GA', 'Only of this service').optional(),
        sourceSid: sid('RE', 'Only of this recording').optional(),
        status: oneOf('Only in this state', ['queued', 'in-progress', 'completed', 'failed', 'canceled']).optional(),
        languageCode: string('Only in this language, as en-US', 16).optional(),
        afterStartTime: dateTime('Only where the talk began after').optional(),
        beforeStartTime: dateTime('Only where the talk began before').optional(),
        afterDateCreated: dateTime('Only made after').optional(),
        beforeDateCreated: dateTime('Only made before').optional(),
        ...paging(1000),
      }),
      run: (
        { limit, pageToken, afterStartTime, beforeStartTime, afterDateCreated, beforeDateCreated, ...filters },
        { twilio },
      ) =>
        page(
          twilio.intelligence.v2.transcripts,
          {
            ...filters,
            afterStartTime: instant(afterStartTime),
            beforeStartTime: instant(beforeStartTime),
            afterDateCreated: instant(afterDateCreated),
            beforeDateCreated: instant(beforeDateCreated),
          },
          { limit, pageToken },
        ),
      returns: TRANSCRIPT,
      untrusted: ['channel'],
    }),
    tool({
      name: 'twilio_intelligence_get_transcript',
      title: 'Get transcript',
      description: 'Fetch the state of one transcript and who took part. What was said: list_sentences.',
      effect: 'read',
      operations: ['intelligence_v2:FetchTranscript'],
      input: () => ({ transcriptSid: transcriptSid() }),
      run: ({ transcriptSid }, { twilio }) => twilio.intelligence.v2.transcripts(transcriptSid).fetch(),
      returns: TRANSCRIPT,
      untrusted: ['channel'],
    }),
    tool({
      name: 'twilio_intelligence_create_transcript',
      title: 'Create transcript',
      description:
        'Transcribe a recording, for a fee: give exactly one of recordingSid and mediaUrl. A recording has one transcript; to redo it delete_transcript first.',
      effect: 'spend',
      checkWith: TRANSCRIPTS,
      operations: ['intelligence_v2:CreateTranscript'],
      input: () => ({
        serviceSid: serviceSid(),
        recordingSid: sid('RE', 'Recording of the account').optional(),
        mediaUrl: url('Audio elsewhere, that Twilio can fetch').optional(),
        agentChannel: integer('Audio channel on which the agent speaks; the customer has the other', 1, 2).optional(),
        customerKey: string('Own reference', 64).optional(),
        mediaStartTime: dateTime('When the talk began').optional(),
      }),
      run: ({ recordingSid, mediaUrl, agentChannel, ...settings }, { twilio }) => {
        if ((recordingSid === undefined) === (mediaUrl === undefined)) {
          throw new ToolError('Give exactly one of recordingSid and mediaUrl; nothing was transcribed.');
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
      title: 'Delete transcript',
      description: 'Delete a transcript with its sentences and results for good. The recording stays.',
      effect: 'delete',
      operations: ['intelligence_v2:DeleteTranscript'],
      input: () => ({ transcriptSid: transcriptSid() }),
      run: ({ transcriptSid }, { twilio }) => twilio.intelligence.v2.transcripts(transcriptSid).remove(),
    }),
    tool({
      name: 'twilio_intelligence_list_sentences',
      title: 'List sentences',
      description: 'List what was said, in order, with channel and times. For an analysis use list_operator_results.',
      effect: 'read',
      operations: ['intelligence_v2:ListSentence'],
      input: () => ({ transcriptSid: transcriptSid(), redacted: redacted(), ...paging(1000) }),
      run: ({ transcriptSid, redacted, ...position }, { twilio }) =>
        page(twilio.intelligence.v2.transcripts(transcriptSid).sentences, { redacted }, position),
      returns: ['sentenceIndex', 'mediaChannel', 'startTime', 'endTime', 'transcript', 'confidence'],
      untrusted: ['transcript'],
    }),
    tool({
      name: 'twilio_intelligence_list_operator_results',
      title: 'List operator results',
      description: 'List what the operators found in a transcript: summaries, labels, extracts.',
      effect: 'read',
      operations: ['intelligence_v2:ListOperatorResult'],
      input: () => ({ transcriptSid: transcriptSid(), redacted: redacted(), ...paging(1000) }),
      run: ({ transcriptSid, redacted, ...position }, { twilio }) =>
        page(twilio.intelligence.v2.transcripts(transcriptSid).operatorResults, { redacted }, position),
      returns: [
        'operatorSid',
        'name',
        'operatorType',
        'extractMatch',
        'matchProbability',
        'normalizedResult',
        'utteranceMatch',
        'utteranceResults',
        'predictedLabel',
        'predictedProbability',
        'labelProbabilities',
        'extractResults',
        'textGenerationResults',
        'jsonResults',
      ],
      untrusted: ['normalizedResult', 'utteranceResults', 'extractResults', 'textGenerationResults', 'jsonResults'],
    }),
    tool({
      name: 'twilio_intelligence_get_transcript_media',
      title: 'Get audio of a transcript',
      description: 'Fetch the URL of the audio that was transcribed. It works for a short time, without login.',
      effect: 'read',
      operations: ['intelligence_v2:FetchMedia'],
      input: () => ({ transcriptSid: transcriptSid(), redacted: redacted() }),
      run: ({ transcriptSid, ...options }, { twilio }) =>
        twilio.intelligence.v2.transcripts(transcriptSid).media().fetch(options),
      returns: ['sid', 'mediaUrl'],
    }),
  ],
});
