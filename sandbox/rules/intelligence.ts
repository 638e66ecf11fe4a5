/** Conversation Intelligence: transcripts of recordings, and the language operators that analyze them. */
import { badRequest, notFound } from '../errors';
import { isJsonObject, jsonValue, type Properties } from '../json';
import { elapsedTime, timeAfter } from '../lifecycle';
import { pageResponse } from '../lists';
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { StoredResource } from '../store';
import type { OperationRule, SandboxRequest, SandboxResponse, SandboxState } from '../types';
import type { Utterance } from './live-calls';
import { ACCOUNTS_PATH } from './phone';
import { spokenIn } from './recordings';

const HOST = 'intelligence.twilio.com/v2';
const TRANSCRIPTS = `${HOST}/Transcripts`;

/** Statuses of a transcript by the milliseconds after its creation. */
const TRANSCRIPT_STEPS: Array<[number, string]> = [
  [2000, 'in-progress'],
  [5000, 'completed'],
];

/** A sentence as the API lists it; `words` only on request. */
interface Sentence {
  media_channel: number;
  sentence_index: number;
  start_time: string;
  end_time: string;
  transcript: string;
  sid: string;
  confidence: null;
  words: Array<{ word: string; start_time: string; end_time: string }>;
}

type Analysis = (sentences: Sentence[], spoken: Utterance[]) => Properties;

/** Twilio's own operators whose results the sandbox can tell, by name. */
export const PREBUILT_OPERATORS: Record<string, { description: string; type: string; analyze: Analysis }> = {
  Summarization: {
    description: 'Creates a summary of the conversation',
    type: 'text-generation',
    analyze: (_, spoken) => ({ text_generation_results: { format: 'text', result: spokenSummary(spoken) } }),
  },
  'Sentiment Analysis': {
    description: 'Classifies conversation sentiment as positive, negative, neutral, or mixed',
    type: 'conversation-classify',
    analyze: () => ({ predicted_label: 'neutral', predicted_probability: 1, label_probabilities: { neutral: 1 } }),
  },
};

function spokenSummary(spoken: Utterance[]): string {
  const said = (by: Utterance['by']) => spoken.filter((each) => each.by === by).map(({ text }) => text);
  const parts = [
    ['The caller said', said('twiml')],
    ['The person called said', said('person')],
  ] as const;
  const told = parts.filter(([, texts]) => texts.length > 0).map(([who, texts]) => `${who}: “${texts.join(' ')}”`);
  return told.join(' ') || 'Nothing was said.';
}

// ---------------------------------------------------------------- services and operators

function completeService(request: SandboxRequest, service: StoredResource): void {
  const { fields } = request;
  Object.assign(service.body, {
    ...{ auto_redaction: fields.AutoRedaction === true, media_redaction: fields.MediaRedaction === true },
    ...{ auto_transcribe: fields.AutoTranscribe === true, data_logging: fields.DataLogging === true },
    ...{ webhook_url: fields.WebhookUrl ?? null, webhook_http_method: fields.WebhookHttpMethod ?? null },
    ...{ language_code: fields.LanguageCode ?? 'en-US', read_only_attached_operator_sids: [] },
    ...{ encryption_credential_sid: fields.EncryptionCredentialSid ?? null, version: 0 },
  });
  updateService(request, service);
}

function updateService({ fields, now }: SandboxRequest, { body, internal }: StoredResource): void {
  body.version = Number(body.version) + 1;
  if (fields.AutoTranscribe === true) internal.transcribesSince = now;
}

/** The service and the operator in the path; undefined in lenient mode if one does not exist. @throws ApiError 404 */
function attachmentOf({ state, target, entry }: SandboxRequest) {
  const { ServiceSid, OperatorSid } = target.params;
  const service = state.store.get(`${HOST}/Services`, ServiceSid!);
  const operator = state.store.get(`${HOST}/Operators`, OperatorSid!);
  if ((!service || !operator) && state.options.lenient) return undefined;
  if (!service || !operator) throw notFound(entry.path);
  const url = `https://${HOST}/Services/${service.id}/Operators/${operator.id}`;
  return { service, operator, body: { service_sid: service.id, operator_sid: operator.id, url } };
}

const attachedTo = (service: StoredResource): string[] =>
  (service.body.read_only_attached_operator_sids as string[] | undefined) ?? [];

function attachOperator(request: SandboxRequest): SandboxResponse | undefined {
  const attachment = attachmentOf(request);
  if (!attachment) return undefined;
  const { service, operator, body } = attachment;
  service.body.read_only_attached_operator_sids = [...new Set([...attachedTo(service), operator.id])];
  return { status: request.operation.success.status, body };
}

function detachOperator(request: SandboxRequest): SandboxResponse | undefined {
  const attachment = attachmentOf(request);
  if (!attachment) return undefined;
  const { service, operator } = attachment;
  if (!attachedTo(service).includes(operator.id)) throw notFound(request.entry.path);
  service.body.read_only_attached_operator_sids = attachedTo(service).filter((sid) => sid !== operator.id);
  return { status: 204 };
}

function fetchAttachments({ state, target }: SandboxRequest): SandboxResponse | undefined {
  const service = state.store.get(`${HOST}/Services`, target.params.ServiceSid!);
  const url = `https://${HOST}/Services/${service?.id}/Operators`;
  return service && { status: 200, body: { service_sid: service.id, operator_sids: attachedTo(service), url } };
}

// ---------------------------------------------------------------- transcripts

const mediaProperties = (channel: unknown): Properties => {
  const media = isJsonObject(channel) ? channel.media_properties : undefined;
  return isJsonObject(media) ? media : {};
};

function sourceRecording(transcript: { channel?: unknown }, accountSid: string, state: SandboxState) {
  const { source_sid: sid } = mediaProperties(transcript.channel);
  return sid ? state.store.get(`${ACCOUNTS_PATH}/${accountSid}/Recordings`, String(sid)) : undefined;
}

function checkNewTranscript(request: SandboxRequest): void {
  const { state, fields, accountSid, entry } = request;
  if (state.options.lenient) return;
  if (!state.store.get(`${HOST}/Services`, String(fields.ServiceSid))) throw notFound(entry.path);
  const media = mediaProperties(jsonValue(fields.Channel));
  if (!media.source_sid && !media.media_url)
    badRequest(20001, 'Channel requires media_properties with source_sid or media_url');
  const recording = sourceRecording({ channel: jsonValue(fields.Channel) }, accountSid, state);
  if (media.source_sid && recording?.body.status !== 'completed') {
    badRequest(20001, `The recording ${media.source_sid} ${recording ? 'is not complete' : 'does not exist'}`);
  }
}

/** Properties of a transcript that has just been created. */
function newTranscript(
  service: StoredResource,
  channel: unknown,
  sid: string,
  accountSid: string,
  state: SandboxState,
) {
  const recording = sourceRecording({ channel }, accountSid, state);
  const url = `https://${TRANSCRIPTS}/${sid}`;
  return {
    ...{ sid, service_sid: service.id, status: 'queued', channel, language_code: service.body.language_code },
    ...{ data_logging: service.body.data_logging, redaction: service.body.auto_redaction, customer_key: null },
    ...{ media_start_time: recording?.body.start_time ?? null, encryption_credential_sid: null },
    duration: recording ? Number(recording.body.duration) : null,
    links: {
      ...{ sentences: `${url}/Sentences`, encrypted_sentences: `${url}/Sentences/Encrypted`, media: `${url}/Media` },
      ...{ operator_results: `${url}/OperatorResults`, encrypted_operator_results: `${url}/OperatorResults/Encrypted` },
    },
  };
}

function completeTranscript({ state, fields, accountSid }: SandboxRequest, { id, body }: StoredResource): void {
  const service = state.store.get(`${HOST}/Services`, String(fields.ServiceSid));
  if (!service) return;
  const { customer_key, media_start_time } = body;
  Object.assign(body, newTranscript(service, jsonValue(fields.Channel), id, accountSid, state), { customer_key });
  if (fields.MediaStartTime) body.media_start_time = media_start_time;
}

/** Brings all transcripts up to date, and creates those of services that transcribe every recording. */
export function advanceTranscripts(now: number, state: SandboxState): void {
  for (const service of state.store.list(`${HOST}/Services`)) {
    if (service.body.auto_transcribe === true) transcribeRecordings(service, state);
  }
  for (const transcript of state.store.list(TRANSCRIPTS)) {
    const { body, internal } = transcript;
    if (internal.final || !['queued', 'in-progress'].includes(String(body.status))) continue;
    const elapsed = elapsedTime(transcript, now, state);
    const [after, status] = TRANSCRIPT_STEPS.findLast(([from]) => elapsed >= from) ?? [0, 'queued'];
    if (status === body.status) continue;
    const at = timeAfter(transcript, after, state);
    Object.assign(body, { status, date_updated: new Date(at).toISOString() });
    if (status === 'completed') analyze(transcript, at, state);
    state.events.emit('change', { resource: transcript, change: status });
  }
}

function transcribeRecordings(service: StoredResource, state: SandboxState): void {
  const since = Number(service.internal.transcribesSince ?? Number.POSITIVE_INFINITY);
  const accountSid = String(service.body.account_sid);
  const transcripts = state.store.list(TRANSCRIPTS);
  const transcribed = new Set(transcripts.map(({ body }) => mediaProperties(body.channel).source_sid));
  for (const recording of state.store.list(`${ACCOUNTS_PATH}/${accountSid}/Recordings`)) {
    if (recording.body.status !== 'completed' || recording.updatedAt < since || transcribed.has(recording.id)) continue;
    const sid = newSid('GT');
    const channel = { type: 'voice', media_properties: { source_sid: recording.id } };
    const known = newTranscript(service, channel, sid, accountSid, state);
    seedResource(state, { fetchOperation: 'intelligence_v2:FetchTranscript', known, at: recording.updatedAt });
  }
}

/** Stores the sentences of a transcript, and the results of the operators of its service. */
function analyze(transcript: StoredResource, at: number, state: SandboxState): void {
  const { body, internal } = transcript;
  const recording = sourceRecording(body, String(body.account_sid), state);
  const spoken = recording ? spokenIn(recording) : [];
  const sentences = sentencesOf(spoken, recording?.body.channels === 2);
  internal.sentences = sentences;
  const service = state.store.get(`${HOST}/Services`, String(body.service_sid));
  for (const operatorSid of service ? attachedTo(service) : []) {
    const operator = state.store.get(`${HOST}/Operators`, operatorSid);
    const known = PREBUILT_OPERATORS[String(operator?.body.friendly_name)];
    if (!operator || !known) continue;
    seedResource(state, {
      fetchOperation: 'intelligence_v2:FetchOperatorResult',
      params: { TranscriptSid: transcript.id },
      known: {
        ...{ sid: operatorSid, operator_sid: operatorSid, operator_type: known.type, transcript_sid: transcript.id },
        ...{ name: operator.body.friendly_name, extract_match: null, match_probability: null, json_results: null },
        ...{ normalized_result: null, utterance_results: null, utterance_match: null, extract_results: null },
        ...{ predicted_label: null, predicted_probability: null, label_probabilities: null },
        ...{ text_generation_results: null, ...known.analyze(sentences, spoken) },
      },
      at,
    });
  }
}

/** With two channels, the first has what Twilio hears and the second what it says. */
function sentencesOf(spoken: Utterance[], dual: boolean): Sentence[] {
  const sentences: Sentence[] = [];
  for (const { by, text, from, until } of [...spoken].sort((a, b) => a.from - b.from)) {
    const all = spokenWords(text).length;
    let start = from;
    for (const transcript of text.split(/(?<=[.!?])\s+/)) {
      const words = spokenWords(transcript);
      const perWord = (until - from) / Math.max(1, all);
      const time = (n: number) => (start + n * perWord).toFixed(2);
      sentences.push({
        ...{ media_channel: dual && by === 'twiml' ? 2 : 1, sentence_index: sentences.length, sid: newSid('GX') },
        ...{ start_time: time(0), end_time: time(words.length), transcript, confidence: null },
        words: words.map((word, n) => ({ word, start_time: time(n), end_time: time(n + 1) })),
      });
      start += words.length * perWord;
    }
  }
  return sentences;
}

const spokenWords = (text: string): string[] => text.split(/\s+/).filter(Boolean);

function listSentences(request: SandboxRequest): SandboxResponse | undefined {
  const transcript = request.state.store.get(TRANSCRIPTS, request.target.params.TranscriptSid!);
  const sentences = (transcript?.internal.sentences ?? []) as Sentence[];
  const withWords = request.query.WordTimestamps === true;
  return transcript && pageResponse(request, sentences, (each) => ({ ...each, words: withWords ? each.words : null }));
}

function fetchMedia({ state, target, accountSid }: SandboxRequest): SandboxResponse | undefined {
  const transcript = state.store.get(TRANSCRIPTS, target.params.Sid!);
  if (!transcript) return undefined;
  const { body, id } = transcript;
  const media_url =
    mediaProperties(body.channel).media_url ?? sourceRecording(body, accountSid, state)?.body.media_url ?? null;
  const url = `https://${TRANSCRIPTS}/${id}/Media`;
  return { status: 200, body: { account_sid: accountSid, media_url, service_sid: body.service_sid, sid: id, url } };
}

export const INTELLIGENCE_RULES: Record<string, OperationRule> = {
  'intelligence_v2:CreateService': { onCreate: completeService },
  'intelligence_v2:UpdateService': { onUpdate: updateService },
  'intelligence_v2:CreateOperatorAttachment': { respond: attachOperator },
  'intelligence_v2:DeleteOperatorAttachment': { respond: detachOperator },
  'intelligence_v2:FetchOperatorAttachments': { respond: fetchAttachments },
  'intelligence_v2:CreateTranscript': { check: checkNewTranscript, onCreate: completeTranscript },
  'intelligence_v2:ListSentence': { respond: listSentences },
  'intelligence_v2:FetchMedia': { respond: fetchMedia },
};
