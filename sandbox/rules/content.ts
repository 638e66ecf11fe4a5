/** Content templates: WhatsApp's approval, and the text of a message that uses a template. */
import { badRequest, notFound } from '../errors';
import { jsonValue, type Properties } from '../json';
import { elapsedTime } from '../lifecycle';
import { listResponse } from '../lists';
import type { StoredResource } from '../store';
import type { Lifecycle, OperationRule, SandboxRequest, SandboxState } from '../types';

const CONTENTS = 'content.twilio.com/v1/Content';

/** Statuses of an approval by the milliseconds after it was requested. */
const APPROVAL_STEPS: Array<[number, string]> = [
  [0, 'received'],
  [300, 'pending'],
  [1500, 'approved'],
];
const UNSUBMITTED = {
  ...{ name: '', category: '', content_type: '', status: 'unsubmitted' },
  ...{ rejection_reason: '', allow_category_change: true },
};
const PLACEHOLDER = /\{\{\s*(\w+)\s*\}\}/g;

const templateText = ({ body }: StoredResource): string =>
  String(Object.values((body.types ?? {}) as Record<string, Properties>).find((type) => type?.body)?.body ?? '');

const templateMedia = ({ body }: StoredResource): string[] =>
  Object.values((body.types ?? {}) as Record<string, Properties>).flatMap((type) => type?.media ?? []) as string[];

/** WhatsApp rejects a text that starts or ends with a variable, and the sandbox any name that starts with `rejected`. */
function rejectionOf(content: StoredResource, name: string): string {
  const text = templateText(content).trim();
  if (/^\{\{\s*\w+\s*\}\}|\{\{\s*\w+\s*\}\}$/.test(text))
    return 'Variables can’t be at the start or end of the template.';
  return name.startsWith('rejected') ? 'INVALID_FORMAT' : '';
}

const advanceApproval: Lifecycle = (content, now, state) => {
  const approval = content.internal.approval as (Properties & { at: number }) | undefined;
  if (!approval) {
    content.body.approval_requests = UNSUBMITTED;
    return;
  }
  const { at, rejection, ...shown } = approval;
  const elapsed = elapsedTime({ ...content, createdAt: at }, now, state);
  const [, step] = APPROVAL_STEPS.findLast(([from]) => elapsed >= from) ?? APPROVAL_STEPS[0]!;
  const rejected = step === 'approved' && rejection !== '';
  content.body.approval_requests = {
    ...shown,
    status: rejected ? 'rejected' : step,
    rejection_reason: rejected ? rejection : '',
  };
};

function contentOf(request: SandboxRequest, sid: string): StoredResource {
  const content = request.state.store.get(CONTENTS, sid);
  if (!content) throw notFound(request.entry.path);
  advanceApproval(content, request.now, request.state);
  return content;
}

const requestApproval: OperationRule = {
  respond(request) {
    const { name, category, send_ttl_seconds } = request.fields;
    const content = contentOf(request, request.target.params.ContentSid!);
    if (!/^[a-z0-9_]{1,512}$/.test(String(name))) {
      badRequest(20001, 'name can only contain lowercase alphanumeric characters and underscores');
    }
    content.internal.approval = {
      ...{ name, category, content_type: Object.keys((content.body.types ?? {}) as Properties)[0] },
      ...(send_ttl_seconds === undefined ? {} : { send_ttl_seconds }),
      ...{ allow_category_change: true, at: request.now, rejection: rejectionOf(content, String(name)) },
    };
    advanceApproval(content, request.now, request.state);
    return { status: 201, body: content.body.approval_requests };
  },
};

const fetchApproval: OperationRule = {
  respond(request) {
    if (request.state.options.lenient && !request.state.store.get(CONTENTS, request.target.params.Sid!))
      return undefined;
    const { id, body } = contentOf(request, request.target.params.Sid!);
    const url = `https://content.twilio.com${request.target.path}`;
    const whatsapp = { type: 'whatsapp', ...(body.approval_requests as Properties) };
    return { status: 200, body: { sid: id, account_sid: body.account_sid, whatsapp, url } };
  },
};

function matchesSearch(pattern: unknown, text: string): boolean {
  if (pattern === undefined) return true;
  try {
    return new RegExp(String(pattern), 'i').test(text);
  } catch {
    return badRequest(20001, `Invalid regular expression: ${pattern}`);
  }
}
const included = (wanted: unknown, values: unknown[]): boolean =>
  wanted === undefined || [wanted].flat().some((value) => values.includes(value));

/** Filters that are not properties of a template. */
const listContents: OperationRule = {
  respond(request) {
    const { ContentName, Content, ContentType, ChannelEligibility, SortByDate } = request.query;
    const contents = request.state.store.list(request.target.collection);
    for (const content of contents) advanceApproval(content, request.now, request.state);
    const found = contents.filter(({ body }) => {
      const { status } = body.approval_requests as Properties;
      return (
        matchesSearch(ContentName, String(body.friendly_name)) &&
        matchesSearch(Content, JSON.stringify(body.types)) &&
        included(ContentType, Object.keys((body.types ?? {}) as Properties)) &&
        included(ChannelEligibility, [`whatsapp:${status}`])
      );
    });
    if (SortByDate !== undefined) found.sort((a, b) => a.updatedAt - b.updatedAt);
    return listResponse(request, SortByDate === 'desc' ? found.reverse() : found);
  },
};

/** What a message with a template says, and why WhatsApp would not deliver it; undefined for an unknown template. */
export function renderContent(
  state: SandboxState,
  sid: string,
  variables: unknown,
  now: number,
): { text: string; media: string[]; approved: boolean; complete: boolean } | undefined {
  const content = state.store.get(CONTENTS, sid);
  if (!content) return undefined;
  advanceApproval(content, now, state);
  const samples = (content.body.variables ?? {}) as Properties;
  const values = parseVariables(variables);
  // Without a value, Twilio inserts the template's sample.
  const valueFor = (name: string) => values[name] ?? samples[name];
  const text = templateText(content);
  const media = templateMedia(content);
  const fill = (template: string) =>
    template.replaceAll(PLACEHOLDER, (whole, name: string) => String(valueFor(name) ?? whole));
  const names = [...[text, ...media].join(' ').matchAll(PLACEHOLDER)].map((match) => match[1]!);
  return {
    text: fill(text),
    media: media.map(fill),
    approved: (content.body.approval_requests as Properties).status === 'approved',
    complete:
      names.every((name) => valueFor(name) !== undefined) && Object.keys(values).every((name) => names.includes(name)),
  };
}

/** @throws ApiError 21656 unless it is a JSON object of texts without line breaks */
function parseVariables(variables: unknown): Properties {
  const values = jsonValue(variables ?? {});
  const invalid = (value: unknown) => value === null || value === '' || /[\n\t]| {5}/.test(String(value));
  if (typeof values !== 'object' || values === null || Object.values(values).some(invalid)) {
    badRequest(21656, 'The ContentVariables Parameter is invalid');
  }
  return values as Properties;
}

const createContent: OperationRule = {
  onCreate(_request, { body }) {
    body.variables ??= {};
    const requests = `${body.url}/ApprovalRequests`;
    body.links = { approval_create: `${requests}/whatsapp`, approval_fetch: requests };
  },
};

export const CONTENT_RULES: Record<string, OperationRule> = {
  'content_v1:CreateContent': createContent,
  'content_v1:CreateApprovalCreate': requestApproval,
  'content_v1:FetchApprovalFetch': fetchApproval,
  'content_v1:ListContentAndApprovals': listContents,
  'content_v2:ListContentAndApprovals': listContents,
  'content_v2:ListContent': listContents,
};

export const CONTENT_LIFECYCLES: Record<string, Lifecycle> = { [CONTENTS]: advanceApproval };
