import { boolean, integer, jsonObject, string, stringList } from '../params';
import { domain, tool } from '../tool';

/** What an answer of Twilio becomes, whatever the operation. */
const ANSWER = ['result', 'items', 'nextPage', 'link', 'done', 'truncated'] as const;

const operation = () => string('Operation id from search', 120);
const params = () => jsonObject('Parameters by the names that describe gives').optional();

export const api = domain({
  service: 'Api',
  summary: "All of Twilio's API in four tools: search for an operation, read its description, call it.",
  instructions:
    'For whatever no other tool does: twilio_api_search finds operations by what you want to do, twilio_api_describe tells their parameters, ' +
    'twilio_api_read and twilio_api_write call them. The account SID is filled in; JSON bodies go into params.body.',
  tools: [
    tool({
      name: 'twilio_api_search',
      title: 'Search the Twilio API',
      description:
        "Find operations of Twilio's whole API by what is to be done, in plain words. Gives ids, best first; then describe one.",
      effect: 'read',
      operations: [],
      input: () => ({
        query: string('What is to be done, such as "who called me yesterday"', 300),
        product: string('Only of this product, such as verify or taskrouter', 60).optional(),
        limit: integer('Operations to give', 1, 20).default(8),
      }),
      run: ({ query, product, limit }, { api }) => api.search(query, product, limit),
      returns: ['operations', 'note'],
    }),
    tool({
      name: 'twilio_api_describe',
      title: 'Describe Twilio API operations',
      description:
        'All parameters of operations and what they answer (* marks required ones), what it costs, and curated tools that do the same. Ids come from search.',
      effect: 'read',
      operations: [],
      input: () => ({ ids: stringList('Operation ids from search', 5) }),
      run: ({ ids }, { api }) => api.describe(ids),
      returns: ['operations'],
    }),
    tool({
      name: 'twilio_api_read',
      title: 'Read from the Twilio API',
      description:
        'Call an operation that only reads (GET). Lists answer a page: add nextPage to params for the one after it. For all else use write.',
      effect: 'read',
      operations: [],
      input: () => ({
        id: operation(),
        params: params(),
        fields: stringList('Answer with these fields only', 50).optional(),
      }),
      run: ({ id, params = {}, fields }, { api }) => api.read(id, params, fields),
      returns: ANSWER,
      untrusted: ['result', 'items'],
    }),
    tool({
      name: 'twilio_api_write',
      title: 'Write to the Twilio API',
      description:
        'Call an operation that creates, changes, sends or deletes. What deletes, costs money or reaches people says so and needs confirm. To only read use read.',
      effect: 'send',
      checkWith: 'twilio_api_read',
      operations: [],
      input: () => ({
        id: operation(),
        params: params(),
        confirm: boolean('The user agreed to what cannot be taken back').optional(),
      }),
      run: ({ id, params = {}, confirm = false }, { api }) => api.write(id, params, confirm),
      returns: ANSWER,
      untrusted: ['result', 'items'],
    }),
  ],
});
