/** `serverless-upload.twilio.com`: versions of Functions and Assets arrive as multipart forms. No description tells of it. */
import { isoSeconds } from './answer';
import { notFound, Refusal, refuseViolations } from './errors';
import type { JournalEntry } from './journal';
import type { RawRequest } from './request';
import { freshSid } from './sample';
import { rootOf } from './targets';
import type { Answer, World } from './world';

const HOST = 'serverless-upload.twilio.com';
const PATH = /^\/v1\/Services\/([^/]+)\/(Functions|Assets)\/([^/]+)\/Versions$/;
const KINDS = { Functions: { parent: 'ZH', version: 'ZN' }, Assets: { parent: 'ZH', version: 'ZN' } };

export function isUpload(raw: RawRequest): boolean {
  return raw.product === HOST;
}

interface Part {
  name: string;
  filename?: string;
  contentType?: string;
  content: Buffer;
}

/** @throws Refusal */
export function answerUpload(raw: RawRequest, accountSid: string, world: World, entry: JournalEntry): Answer {
  const match = PATH.exec(raw.path);
  if (!match) throw notFound(raw.path);
  if (raw.method !== 'POST') throw new Refusal(405, 20004, 'Method not allowed');
  const [, service, resources, parent] = match as unknown as [string, string, keyof typeof KINDS, string];
  entry.operationId = resources === 'Functions' ? 'CreateFunctionVersion' : 'CreateAssetVersion';
  entry.params = { ServiceSid: service, ParentSid: parent };
  const parts = partsOf(raw);
  entry.fields = Object.fromEntries(
    parts.map((part) => [part.name, part.filename ? `[${part.content.length} bytes]` : String(part.content)]),
  );
  const violations = violationsOf(parts);
  if (violations.length > 0) throw refuseViolations(violations);
  const root = `${rootOf('serverless.twilio.com', accountSid, world)}/v1/Services`;
  const serviceSid = world.store.get(root, service)?.id ?? service;
  const collection = `${root}/${serviceSid}/${resources}`;
  if (!world.options.lenient && !world.store.get(collection, parent)) throw notFound(raw.path);
  const now = Date.now();
  const sid = freshSid(KINDS[resources].version);
  // Each of them is there once: anything else was a violation.
  const content = (name: string) => parts.find((part) => part.name === name)!.content;
  const body = {
    sid,
    account_sid: accountSid,
    service_sid: serviceSid,
    [resources === 'Functions' ? 'function_sid' : 'asset_sid']: parent,
    path: String(content('Path')),
    visibility: String(content('Visibility')),
    date_created: isoSeconds(new Date(now)),
    url: `https://serverless.twilio.com/v1/Services/${serviceSid}/${resources}/${parent}/Versions/${sid}`,
    ...(resources === 'Functions' ? { links: {} } : {}),
  };
  const kind = `serverless.twilio.com/v1/Services/{}/${resources}/{}/Versions`;
  world.store.put({
    kind,
    collection: `${collection}/${parent}/Versions`,
    id: sid,
    body,
    createdAt: now,
    updatedAt: now,
    notes: {},
  });
  world.events.emit('upload', { path: body.path, content: content('Content') });
  return { status: 201, body };
}

function violationsOf(parts: Part[]): string[] {
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
  if (path !== undefined && !/^\/\S*$/.test(path))
    violations.push(`form part Path must begin with a slash, not ${JSON.stringify(path)}`);
  const content = parts.find((part) => part.name === 'Content');
  if (content && (!content.filename || !content.contentType)) {
    violations.push('form part Content must be a file, with a file name and a content type');
  }
  return violations;
}

function partsOf(raw: RawRequest): Part[] {
  const type = String(raw.message.headers['content-type'] ?? '');
  const boundary = /boundary=(?:"([^"]+)"|([^;]+))/i.exec(type);
  if (raw.contentType !== 'multipart/form-data' || !boundary) {
    throw refuseViolations([
      `the content type must be multipart/form-data with a boundary, not ${raw.contentType || 'none'}`,
    ]);
  }
  // Latin 1 keeps each byte a character, so that text search works on files too.
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
