/**
 * Files behind messages, for which Twilio has no API description: the media of an SMS, MMS or WhatsApp message at its URL
 * without `.json`, and the files of conversations at `mcs.us1.twilio.com`.
 * https://www.twilio.com/docs/messaging/api/media-resource
 * https://www.twilio.com/docs/conversations/media-support-conversations
 */
import PICTURES from './data/pictures.json';
import { isoSeconds } from './dates';
import { ApiError, notFound } from './errors';
import type { JournalEntry } from './journal';
import type { RawRequest } from './request';
import { newSid } from './sids';
import type { StoredResource } from './store';
import type { SandboxResponse, SandboxState } from './types';

export const FILES_HOST = 'mcs.twilio.com';
const FILES_PATH = /^(\/v1\/Services\/IS[0-9a-f]{32}\/Media)(?:\/(ME[0-9a-f]{32})(\/Content)?)?$/;
const MEDIA_PATH = /^(\/2010-04-01\/Accounts\/(AC\w{32})\/Messages\/\w{34}\/Media)\/(ME[0-9a-f]{32})$/;

/** Whether a request is for a file. */
export const isFileRequest = (raw: RawRequest): boolean =>
  raw.canonicalHost === FILES_HOST || (raw.canonicalHost === 'api.twilio.com' && MEDIA_PATH.test(raw.path));

/** Responds with a file or its description, or stores one. `login` is the authenticated account. @throws ApiError */
export function handleFile(raw: RawRequest, login: string, state: SandboxState, entry: JournalEntry): SandboxResponse {
  const [, mediaPath, owner, mediaSid] = MEDIA_PATH.exec(raw.path) ?? [];
  const [, filesPath, fileSid, content] = FILES_PATH.exec(raw.path) ?? [];
  const isUpload = raw.method === 'POST' && filesPath !== undefined && fileSid === undefined;
  if (!isUpload && raw.method !== 'GET') throw new ApiError(405, 20004, 'Method not allowed');
  entry.operationId = isUpload ? 'CreateFile' : 'FetchFile';
  if (isUpload) {
    const file = addFile(state, `${FILES_HOST}${filesPath}`, raw.contentType, raw.body, state.clock.now());
    return { status: 201, body: file.body };
  }
  const mayRead = mediaPath === undefined || owner === login || login === state.accountSid;
  const collection = mediaPath === undefined ? `${FILES_HOST}${filesPath}` : `api.twilio.com${mediaPath}`;
  const file = mayRead ? state.store.get(collection, String(mediaSid ?? fileSid)) : undefined;
  if (!file) throw notFound(raw.path);
  if (fileSid !== undefined && !content) return { status: 200, body: file.body };
  const headers = { 'content-type': String(file.body.content_type) };
  return { status: 200, body: bytesOf(file), headers };
}

/** The bytes that were uploaded; for all other files a small picture, because the sandbox downloads nothing. */
export function bytesOf({ body, internal }: StoredResource): Buffer {
  const picture = PICTURES[String(body.content_type) as keyof typeof PICTURES] ?? PICTURES['image/png'];
  return Buffer.from(String(internal.content ?? picture), 'base64');
}

/** Stores a file of a Conversations service. */
export function addFile(
  state: SandboxState,
  collection: string,
  content_type: string,
  content: Buffer,
  now: number,
): StoredResource {
  const sid = newSid('ME');
  const date = isoSeconds(new Date(now));
  const url = `${collection.replace(FILES_HOST, '')}/${sid}`;
  return state.store.add({
    kind: `${FILES_HOST}/v1/Services/{}/Media`,
    collection,
    id: sid,
    body: {
      ...{ sid, service_sid: url.split('/')[3], content_type, size: content.length, filename: null, category: 'media' },
      ...{ author: null, message_sid: null, channel_sid: null, is_multipart_upstream: false },
      ...{
        date_created: date,
        date_updated: date,
        date_upload_updated: date,
        url,
        links: { content: `${url}/Content` },
      },
    },
    at: now,
    internal: { content: content.toString('base64') },
  });
}
