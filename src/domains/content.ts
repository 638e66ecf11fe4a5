import * as z from 'zod';
import { ToolError } from '../errors';
import { page, paging } from '../paging';
import { integer, jsonObject, oneOf, sid, string, stringList, timeRange, words } from '../params';
import { creates, deletes, domain, reads, tool, updates } from '../tool';

const contentSid = () => sid('HX', 'Template; from list_content_templates');

const TYPES = words(
  'twilio/text twilio/media twilio/quick-reply twilio/call-to-action twilio/list-picker twilio/card twilio/carousel twilio/catalog twilio/location twilio/flows twilio/schedule twilio/pay whatsapp/card whatsapp/authentication whatsapp/flows',
);

/** The contents of a template. */
const template = () => ({
  contentType: oneOf('Main type of the message, which defines its fields', TYPES),
  body: string('Text of the message, with {{1}}, {{2}} for variables', 1600).optional(),
  content: jsonObject('Other fields of contentType, such as {"actions": [{"title": "Yes", "id": "yes"}]}').optional(),
  moreTypes: jsonObject('Fallbacks for other channels, such as {"twilio/text": {"body": "Hi"}}').optional(),
  variables: jsonObject('Sample values of the variables, such as {"1": "Ada"}').optional(),
});

interface Template {
  contentType: (typeof TYPES)[number];
  body?: string;
  content?: Record<string, unknown>;
  moreTypes?: Record<string, unknown>;
}

/** The types with the API's key names, because twilio-node sends this JSON verbatim. */
function toTypes({ contentType, body, content, moreTypes }: Template) {
  if (body === undefined && content === undefined) {
    throw new ToolError('The template is empty; nothing was done. Pass `body`, `content` or both.');
  }
  return { ...moreTypes, [contentType]: { ...content, ...(body !== undefined && { body }) } };
}

/** Throws a `ToolError` if a placeholder has no sample value: WhatsApp would reject the template, after up to two days. */
function requireSamples({ types, variables }: { types: unknown; variables: unknown }): void {
  const names = [...JSON.stringify(types ?? {}).matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((match) => match[1]!);
  const missing = [...new Set(names)].filter((name) => !Object.hasOwn(Object(variables), name));
  if (missing.length > 0) {
    throw new ToolError(
      `The template has no sample value for {{${missing.join('}}, {{')}}}; nothing was submitted. Add \`variables\` with update_content_template.`,
    );
  }
}

const CONTENT = ['sid', 'friendlyName', 'language', 'variables', 'types', 'dateCreated', 'dateUpdated'] as const;
const LIST = 'twilio_content_list_content_templates';
const STATUS = 'twilio_content_get_approval_status';

export const content = domain({
  service: 'Content',
  summary: 'Message templates for WhatsApp, SMS, RCS and Messenger: create, find, submit for approval, delete.',
  instructions:
    'To send a template, pass its SID (HX…) as contentSid. Outside WhatsApp’s 24-hour window it must be approved: after ' +
    'create_content_template use request_whatsapp_approval, then get_approval_status. Find approved templates with search_content_templates.',
  tools: [
    tool({
      name: LIST,
      title: 'List content templates',
      description:
        'List all templates with their contents. To filter by name, text, type or approval use search_content_templates.',
      ...reads('content_v1:ListContent'),
      input: () => paging(),
      run: (position, { twilio }) => page(twilio.content.v1.contents, position),
      returns: CONTENT,
    }),
    tool({
      name: 'twilio_content_search_content_templates',
      title: 'Search content templates',
      description:
        'List the templates that match all filters, each with its WhatsApp approval status. For one template use get_approval_status.',
      ...reads('content_v2:ListContentAndApprovals'),
      input: () => ({
        contentName: string('Only templates whose name matches this regular expression', 256).optional(),
        content: string('Only templates whose contents match this regular expression', 256).optional(),
        contentType: stringList('Only these types, such as twilio/text', 15).optional(),
        language: stringList('Only these language codes, such as en', 20).optional(),
        channelEligibility: stringList(
          'Only these approval states, as channel:status, such as whatsapp:approved',
          10,
        ).optional(),
        ...timeRange({
          from: ['dateCreatedAfter', 'Only created at or after this time'],
          until: ['dateCreatedBefore', 'Only created at or before this time'],
        }),
        sortByDate: oneOf('Sort by last update, oldest first (asc) or newest first (desc)', ['asc', 'desc']).optional(),
        ...paging(),
      }),
      run: (query, { twilio }) => page(twilio.content.v2.contentAndApprovals, query),
      returns: [...CONTENT, 'approvalRequests'],
    }),
    tool({
      name: 'twilio_content_get_content_template',
      title: 'Get content template',
      description: 'Fetch one template with its contents. To see whether WhatsApp approved it use get_approval_status.',
      ...reads('content_v1:FetchContent'),
      input: () => ({ contentSid: contentSid() }),
      run: ({ contentSid }, { twilio }) => twilio.content.v1.contents(contentSid).fetch(),
      returns: CONTENT,
    }),
    tool({
      name: 'twilio_content_create_content_template',
      title: 'Create content template',
      description:
        'Create a template. Pass its text as body and the other fields of contentType as content, with the key names of the API. For WhatsApp, then use request_whatsapp_approval.',
      ...creates({ checkWith: LIST }, 'content_v1:CreateContent'),
      input: () => ({
        friendlyName: string('Name of the template', 450),
        language: string('Language code of the text', 10).default('en'),
        ...template(),
      }),
      run: ({ friendlyName, language, variables, ...rest }, { twilio }) =>
        twilio.content.v1.contents.create({
          friendly_name: friendlyName,
          language,
          variables,
          types: toTypes(rest),
        } as never),
      returns: CONTENT,
    }),
    tool({
      name: 'twilio_content_update_content_template',
      title: 'Update content template',
      description:
        'Replace the contents of a template. A template submitted to WhatsApp cannot be changed: use create_content_template instead.',
      ...updates('content_v1:UpdateContent'),
      input: () => ({
        contentSid: contentSid(),
        friendlyName: string('New name of the template', 450).optional(),
        language: string('New language code of the text, such as en', 10).optional(),
        ...template(),
      }),
      run: ({ contentSid, friendlyName, language, variables, ...rest }, { twilio }) =>
        twilio.content.v1
          .contents(contentSid)
          .update({ friendly_name: friendlyName, language, variables, types: toTypes(rest) } as never),
      returns: CONTENT,
    }),
    tool({
      name: 'twilio_content_delete_content_template',
      title: 'Delete content template',
      description: 'Permanently delete a template and its WhatsApp approval. Messages sent with it fail from then on.',
      ...deletes('content_v1:DeleteContent'),
      input: () => ({ contentSid: contentSid() }),
      run: ({ contentSid }, { twilio }) => twilio.content.v1.contents(contentSid).remove(),
    }),
    tool({
      name: 'twilio_content_request_whatsapp_approval',
      title: 'Request WhatsApp approval',
      description:
        'Submit a template to WhatsApp, which decides within minutes to two days; then use get_approval_status. The template needs sample variables and cannot be changed afterwards.',
      ...creates({ checkWith: STATUS }, 'content_v1:FetchContent', 'content_v1:CreateApprovalCreate'),
      input: () => ({
        contentSid: contentSid(),
        name: z
          .string()
          .regex(/^[a-z0-9_]{1,512}$/, 'must be lowercase letters, digits and _, such as order_update')
          .describe('Template name at WhatsApp; lowercase letters, digits and _ only'),
        category: oneOf('Purpose of the template, which WhatsApp verifies', ['UTILITY', 'MARKETING', 'AUTHENTICATION']),
        sendTtlSeconds: integer('Seconds within which a message must be delivered', 30, 2592000).optional(),
      }),
      run: async ({ contentSid, name, category, sendTtlSeconds }, { twilio }) => {
        const content = twilio.content.v1.contents(contentSid);
        requireSamples(await content.fetch());
        return content.approvalCreate.create({ name, category, send_ttl_seconds: sendTtlSeconds } as never);
      },
      returns: ['name', 'category', 'contentType', 'status', 'rejectionReason'],
    }),
    tool({
      name: STATUS,
      title: 'Get WhatsApp approval status',
      description:
        'Fetch the WhatsApp approval status of a template (unsubmitted, pending, approved, rejected or paused) and the reason for a rejection.',
      ...reads('content_v1:FetchApprovalFetch'),
      input: () => ({ contentSid: contentSid() }),
      run: ({ contentSid }, { twilio }) => twilio.content.v1.contents(contentSid).approvalFetch().fetch(),
      returns: ['sid', 'whatsapp'],
    }),
  ],
});
