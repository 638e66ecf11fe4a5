/**
 * `serverless-upload.twilio.com`, where versions of Functions and Assets are uploaded as multipart forms.
 * Twilio has no API description for it: https://www.twilio.com/docs/serverless/api/resource/function-version
 */
import { isoSeconds } from './dates';
import { ApiError, invalidRequest, notFound } from './errors';
import type { JournalEntry } from './journal';
import type { RawRequest } from './request';
import { newSid } from './sids';
import { collectionRoot } from './targets';
import type { SandboxResponse, SandboxState } from './types';

const UPLOAD_HOST = 'serverless-upload.twilio.com';
const UPLOAD_PATH = /^\/v1\/Services\/([^/]+)\/(Functions|Assets)\/([^/]+)\/Versions$/;

/** Whether a request uploads a Function or an asset. */
export function isUpload(raw: RawRequest): boolean {
  return raw.canonicalHost === UPLOAD_HOST;
}

interface FormPart {
  name: string;
  filename?: string;
  contentType?: string;
  content: Buffer;
}

/** @throws ApiError */
export function handleUpload(
  raw: RawRequest,
  accountSid: string,
  state: SandboxState,
  entry: JournalEntry,
): SandboxResponse {
  const match = UPLOAD_PATH.exec(raw.path);
  if (!match) throw notFound(raw.path);
  if (raw.method !== 'POST') throw new ApiError(405, 20004, 'Method not allowed');
  const [, service, resources, parent] = match as unknown as [string, string, 'Functions' | 'Assets', string];
  const isFunction = resources === 'Functions';
  entry.operationId = isFunction ? 'CreateFunctionVersion' : 'CreateAssetVersion';
  entry.params = { ServiceSid: service, ParentSid: parent };
  const parts = partsOf(raw);
  entry.fields = Object.fromEntries(
    parts.map((part) => [part.name, part.filename ? `[${part.content.length} bytes]` : String(part.content)]),
  );
  const violations = partViolations(parts);
  if (violations.length > 0) throw invalidRequest(violations);
  const root = `${collectionRoot('serverless.twilio.com', accountSid, state)}/v1/Services`;
  const serviceSid = state.store.get(root, service)?.id ?? service;
  const collection = `${root}/${serviceSid}/${resources}`;
  if (!state.options.lenient && !state.store.get(collection, parent)) throw notFound(raw.path);
  const now = state.clock.now();
  const sid = newSid('ZN');
  // partViolations has checked that every part is there.
  const content = (name: string) => parts.find((part) => part.name === name)!.content;
  const body = {
    sid,
    account_sid: accountSid,
    service_sid: serviceSid,
    [isFunction ? 'function_sid' : 'asset_sid']: parent,
    path: String(content('Path')),
    visibility: String(content('Visibility')),
    date_created: isoSeconds(new Date(now)),
    url: `https://serverless.twilio.com/v1/Services/${serviceSid}/${resources}/${parent}/Versions/${sid}`,
    ...(isFunction ? { links: {} } : {}),
  };
  state.store.add({
    kind: `serverless.twilio.com/v1/Services/{}/${resources}/{}/Versions`,
    collection: `${collection}/${parent}/Versions`,
    id: sid,
    body,
    at: now,
    internal: isFunction ? { content: content('Content').toString() } : {},
  });
  state.events.emit('upload', { path: body.path, content: content('Content') });
  return { status: 201, body };
}

function partViolations(parts: FormPart[]): string[] {
  const violations: string[] = [];
  const known = ['Path', 'Visibility', 'Content'];
  for (const name of known) {
    const count = parts.filter((part) => part.name === name).length;
    if (count !== 1) violations.push(`form part ${name} is given ${count} times instead of once`);
  }
  for (const part of parts) if (!known.includes(part.name)) violations.push(`unknown form part "${part.name}"`);
  const visibility = String(parts.find((part) => part.name === 'Visibility')?.content ?? 'public');
  if (!['public', 'protected', 'private'].includes(visibility)) {
    violations.push(
      `form part Visibility must be one of public, protected, private, not ${JSON.stringify(visibility)}`,
    );
  }
  const path = parts.find((part) => part.name === 'Path')?.content.toString();
  if (path !== undefined && !/^\/\S*$/.test(path)) {
    violations.push(`form part Path must begin with a slash, not ${JSON.stringify(path)}`);
  }
  const content = parts.find((part) => part.name === 'Content');
  if (content && (!content.filename || !content.contentType)) {
    violations.push('form part Content must be a file with a file name and a content type');
  }
  return violations;
}

function partsOf(raw: RawRequest): FormPart[] {
  const type = String(raw.message.headers['content-type'] ?? '');
  const boundary = /boundary=(?:"([^"]+)"|([^;]+))/i.exec(type);
  if (raw.contentType !== 'multipart/form-data' || !boundary) {
    throw invalidRequest([
      `the content type must be multipart/form-data with a boundary, not ${raw.contentType || 'none'}`,
    ]);
  }
  // Latin-1 has one character per byte, so that files survive the conversion to text.
  const text = raw.body.toString('latin1');
  const sections = text.split(`--${boundary[1] ?? boundary[2]}`).slice(1, -1);
  return sections.map((section) => {
    const end = section.indexOf('\r\n\r\n');
    const head = section.slice(2, end);
    const content = Buffer.from(section.slice(end + 4, -2), 'latin1');
    return {
      name: /name="([^"]*)"/.exec(head)?.[1] ?? '',
      filename: /filename="([^"]*)"/.exec(head)?.[1],
      contentType: /^content-type:\s*(.+)$/im.exec(head)?.[1]?.trim(),
      content,
    };
  });
}
