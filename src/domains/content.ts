import { ToolError } from '../errors';
import { page, paging } from '../paging';
import { dateTime, integer, jsonObject, oneOf, sid, string, stringList } from '../params';
import { domain, tool } from '../tool';

const contentSid = () => sid('HX', 'Template');

const TYPES = [
  'twilio/text',
  'twilio/media',
  'twilio/quick-reply',
  'twilio/call-to-action',
  'twilio/list-picker',
  'twilio/card',
  'twilio/carousel',
  'twilio/catalog',
  'twilio/location',
  'twilio/flows',
  'twilio/schedule',
  'twilio/pay',
  'whatsapp/card',
  'whatsapp/authentication',
  'whatsapp/flows',
] as const;

/** What a template holds. */
const template = () => ({
  contentType: oneOf('Kind of message', TYPES),
  body: string('Its text, with {{1}}, {{2}} for variables', 1600).optional(),
  content: jsonObject('Other fields of the kind, such as {"actions": [{"title": "Yes", "id": "yes"}]}').optional(),
  moreTypes: jsonObject('For channels without it, such as {"twilio/text": {"body": "Hi"}}').optional(),
  variables: jsonObject('Sample values, as {"1": "Ada"}').optional(),
});

interface Template {
  contentType: (typeof TYPES)[number];
  body?: string;
  content?: Record<string, unknown>;
  moreTypes?: Record<string, unknown>;
}

/** The types as the API names them: the client sends its JSON verbatim, so its own names would be refused. */
function types({ contentType, body, content, moreTypes }: Template) {
  if (body === undefined && content === undefined) {
    throw new ToolError('Nothing in the template: give `body`, `content` or both; nothing was done.');
  }
  return { ...moreTypes, [contentType]: { ...content, ...(body !== undefined && { body }) } };
}

const CONTENT = ['sid', 'friendlyName', 'language', 'variables', 'types', 'dateCreated', 'dateUpdated'] as const;
const LIST = 'twilio_content_list_content_templates';
const STATUS = 'twilio_content_get_approval_status';

export const content = domain({
  service: 'Content',
  summary: 'Message templates for WhatsApp, SMS, RCS and Messenger: write, find, submit for approval, delete.',
  instructions:
    'A template is sent by its SID (HX…) as contentSid. Outside WhatsApp’s 24-hour window it must be approved: after ' +
    'create_content_template use request_whatsapp_approval, then get_approval_status. Find approved ones with search_content_templates.',
  tools: [
    tool({
      name: LIST,
      title: 'List content templates',
      description: 'List all templates with what they hold. By name, text, kind or approval: search_content_templates.',
      effect: 'read',
      operations: ['content_v1:ListContent'],
      input: () => paging(500),
      run: (position, { twilio }) => page(twilio.content.v1.contents, {}, position),
      returns: CONTENT,
    }),
    tool({
      name: 'twilio_content_search_content_templates',
      title: 'Search content templates',
      description: 'List the templates that match, each with its state of approval by WhatsApp.',
      effect: 'read',
      operations: ['content_v2:ListContentAndApprovals'],
      input: () => ({
        contentName: string('Only with names like this (a pattern)', 256).optional(),
        content: string('Only holding text like this (a pattern)', 256).optional(),
        contentType: stringList('Only of these kinds, such as twilio/text', 15).optional(),
        language: stringList('Only in these languages, such as en', 20).optional(),
        channelEligibility: stringList('Only in these states, such as whatsapp:approved', 10).optional(),
        dateCreatedAfter: dateTime('Only made at or after').optional(),
        dateCreatedBefore: dateTime('Only made at or before').optional(),
        sortByDate: oneOf('Order by last change', ['asc', 'desc']).optional(),
        ...paging(500),
      }),
      run: ({ limit, pageToken, ...filters }, { twilio }) =>
        page(twilio.content.v2.contentAndApprovals, filters, { limit, pageToken }),
      returns: [...CONTENT, 'approvalRequests'],
    }),
    tool({
      name: 'twilio_content_get_content_template',
      title: 'Get content template',
      description: 'Fetch one template with what it holds. Whether WhatsApp approved it: get_approval_status.',
      effect: 'read',
      operations: ['content_v1:FetchContent'],
      input: () => ({ contentSid: contentSid() }),
      run: ({ contentSid }, { twilio }) => twilio.content.v1.contents(contentSid).fetch(),
      returns: CONTENT,
    }),
    tool({
      name: 'twilio_content_create_content_template',
      title: 'Create content template',
      description:
        'Create a template. Give its text as body and whatever else the kind has as content, by the names of the API. For WhatsApp then request_whatsapp_approval.',
      effect: 'create',
      checkWith: LIST,
      operations: ['content_v1:CreateContent'],
      input: () => ({
        friendlyName: string('Name', 450),
        language: string('Language', 10).default('en'),
        ...template(),
      }),
      run: ({ friendlyName, language, variables, ...rest }, { twilio }) =>
        twilio.content.v1.contents.create({
          friendly_name: friendlyName,
          language,
          variables,
          types: types(rest),
        } as never),
      returns: CONTENT,
    }),
    tool({
      name: 'twilio_content_update_content_template',
      title: 'Update content template',
      description:
        'Replace what a template holds. One that was submitted to WhatsApp cannot be changed: create another.',
      effect: 'update',
      operations: ['content_v1:UpdateContent'],
      input: () => ({
        contentSid: contentSid(),
        friendlyName: string('Name', 450).optional(),
        language: string('Language', 10).optional(),
        ...template(),
      }),
      run: ({ contentSid, friendlyName, language, variables, ...rest }, { twilio }) =>
        twilio.content.v1
          .contents(contentSid)
          .update({ friendly_name: friendlyName, language, variables, types: types(rest) } as never),
      returns: CONTENT,
    }),
    tool({
      name: 'twilio_content_delete_content_template',
      title: 'Delete content template',
      description: 'Delete a template for good, with its approval by WhatsApp. Messages that name it then fail.',
      effect: 'delete',
      operations: ['content_v1:DeleteContent'],
      input: () => ({ contentSid: contentSid() }),
      run: ({ contentSid }, { twilio }) => twilio.content.v1.contents(contentSid).remove(),
    }),
    tool({
      name: 'twilio_content_request_whatsapp_approval',
      title: 'Request approval by WhatsApp',
      description:
        'Submit a template to WhatsApp, which decides in minutes to two days. It needs sample variables, and cannot be changed afterwards.',
      effect: 'create',
      checkWith: STATUS,
      operations: ['content_v1:CreateApprovalCreate'],
      input: () => ({
        contentSid: contentSid(),
        name: string('Name at WhatsApp: small letters, digits and _', 512),
        category: oneOf('What it is for; WhatsApp checks it', ['UTILITY', 'MARKETING', 'AUTHENTICATION']),
        sendTtlSeconds: integer('Seconds in which a message must be delivered', 30, 2592000).optional(),
      }),
      run: ({ contentSid, name, category, sendTtlSeconds }, { twilio }) =>
        twilio.content.v1
          .contents(contentSid)
          .approvalCreate.create({ name, category, send_ttl_seconds: sendTtlSeconds } as never),
      returns: ['name', 'category', 'contentType', 'status', 'rejectionReason'],
    }),
    tool({
      name: STATUS,
      title: 'Get approval status',
      description:
        'Fetch whether WhatsApp approved a template (unsubmitted, pending, approved, rejected, paused) and why not.',
      effect: 'read',
      operations: ['content_v1:FetchApprovalFetch'],
      input: () => ({ contentSid: contentSid() }),
      run: ({ contentSid }, { twilio }) => twilio.content.v1.contents(contentSid).approvalFetch().fetch(),
      returns: ['sid', 'whatsapp'],
    }),
  ],
});
