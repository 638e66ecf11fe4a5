import { boolean, integer, jsonObject, string, stringList } from '../params';
import { domain, reads, sends, tool } from '../tool';

/** The result fields of every operation. */
const RESULT = ['result', 'items', 'nextPage', 'link', 'done', 'truncated'] as const;

const operation = () => string('Operation id from twilio_api_search', 120);
const params = () => jsonObject('Parameters as named by twilio_api_describe; a JSON body goes into body').optional();

export const api = domain({
  service: 'Api',
  summary: "Twilio's whole API: search for an operation, read its description, call it.",
  instructions:
    'For everything that no other tool does: twilio_api_search finds operations by intent, twilio_api_describe lists their parameters, ' +
    'twilio_api_read and twilio_api_write call them. The account SID is filled in; a JSON body goes into params.body.',
  tools: [
    tool({
      name: 'twilio_api_search',
      title: 'Search the Twilio API',
      description:
        'Search the whole Twilio API by intent. Returns operation ids, best first; then call twilio_api_describe.',
      ...reads(),
      input: () => ({
        query: string('What you want to do, in English, such as "who called me yesterday"', 300),
        product: string('Only operations of this product, such as verify or taskrouter', 60).optional(),
        limit: integer('Maximum number of operations to return', 1, 20).default(8),
      }),
      run: ({ query, product, limit }, { api }) => api.search(query, product, limit),
      returns: ['note', 'operations'],
    }),
    tool({
      name: 'twilio_api_describe',
      title: 'Describe Twilio API operations',
      description:
        'Describe operations: all parameters (* marks required ones), returned fields, whether they cost money or need confirmation, and curated tools that do the same. ' +
        'Get the ids from twilio_api_search; then call twilio_api_read or twilio_api_write.',
      ...reads(),
      input: () => ({ ids: stringList('Operation ids from twilio_api_search', 5) }),
      run: ({ ids }, { api }) => api.describe(ids),
      returns: ['operations'],
    }),
    tool({
      name: 'twilio_api_read',
      title: 'Read from the Twilio API',
      description:
        'Call an operation that only reads (GET). A list returns one page: to get the next, add nextPage to params. For all other operations use twilio_api_write.',
      ...reads(),
      input: () => ({
        id: operation(),
        params: params(),
        fields: stringList('Return only these fields; default all', 50).optional(),
      }),
      run: ({ id, params = {}, fields }, { api }) => api.read(id, params, fields),
      returns: RESULT,
      untrusted: ['result', 'items'],
    }),
    tool({
      name: 'twilio_api_write',
      title: 'Write to the Twilio API',
      description:
        'Call an operation that creates, changes, sends or deletes. If it deletes, costs money, reaches people or gives access, it is refused with the reason until confirm is true: ask the user. ' +
        'To only read use twilio_api_read.',
      ...sends({ checkWith: 'twilio_api_read' }),
      input: () => ({
        id: operation(),
        params: params(),
        confirm: boolean('True if the user agreed to what cannot be undone; default false').optional(),
      }),
      run: ({ id, params = {}, confirm = false }, { api }) => api.write(id, params, confirm),
      returns: RESULT,
      untrusted: ['result', 'items'],
    }),
  ],
});
