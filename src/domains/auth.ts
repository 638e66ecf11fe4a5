import { ToolError } from '../errors';
import { page, paging } from '../paging';
import { sid, string } from '../params';
import { domain, tool } from '../tool';

const KEY = ['sid', 'friendlyName', 'dateCreated', 'dateUpdated'] as const;
/** The life of a token that is made as a check. */
const TOKEN_SECONDS = 60;

const keySid = () => sid('SK', 'API key');

export const auth = domain({
  service: 'Auth',
  summary: 'API keys of the account, and a check of the network traversal (STUN, TURN) servers.',
  instructions:
    'No tool here shows a secret: an API key is made in the Console, which shows its secret once. To manage keys, API_KEY has to be a ' +
    'main key; a standard one is refused.',
  tools: [
    tool({
      name: 'twilio_auth_list_api_keys',
      title: 'List API keys',
      description: 'List the API keys of the account, without their secrets, to find old or unknown ones.',
      effect: 'read',
      operations: ['iam_v1:ListGetKeys'],
      input: () => paging(1000),
      run: (position, { twilio, config }) =>
        page(twilio.iam.v1.getApiKeys, { accountSid: config.accountSid }, position),
      returns: [...KEY, 'flags'],
    }),
    tool({
      name: 'twilio_auth_get_api_key',
      title: 'Get API key',
      description: 'Fetch one API key: its name, age and, if it is a restricted one, what it may do.',
      effect: 'read',
      operations: ['iam_v1:FetchKey'],
      input: () => ({ keySid: keySid() }),
      run: ({ keySid }, { twilio }) => twilio.iam.v1.apiKey(keySid).fetch(),
      returns: [...KEY, 'policy'],
    }),
    tool({
      name: 'twilio_auth_rename_api_key',
      title: 'Rename API key',
      description: 'Rename an API key. It keeps its secret and permissions.',
      effect: 'update',
      operations: ['iam_v1:UpdateKey'],
      input: () => ({ keySid: keySid(), friendlyName: string('Name', 64) }),
      run: ({ keySid, friendlyName }, { twilio }) => twilio.iam.v1.apiKey(keySid).update({ friendlyName }),
      returns: KEY,
    }),
    tool({
      name: 'twilio_auth_delete_api_key',
      title: 'Delete API key',
      description:
        'Delete an API key for good: whatever uses it is refused at once, access tokens made with it included. Be sure that nothing does.',
      effect: 'delete',
      operations: ['iam_v1:DeleteKey'],
      input: () => ({ keySid: keySid() }),
      run: ({ keySid }, { twilio, config }) => {
        if (keySid === config.apiKey) {
          throw new ToolError('This server itself uses that key; nothing was deleted. Give it another API_KEY first.');
        }
        return twilio.iam.v1.apiKey(keySid).remove();
      },
    }),
    tool({
      name: 'twilio_auth_create_token',
      title: 'Check network traversal',
      description:
        'Make a token for Twilio’s STUN and TURN servers, to see that it can be had and which servers it is for. The token is never shown and expires unused.',
      // A token that nobody gets changes nothing.
      effect: 'read',
      operations: ['api_v2010:CreateToken'],
      input: () => ({}),
      run: async (_, { twilio }) => {
        const { dateCreated, iceServers } = await twilio.tokens.create({ ttl: TOKEN_SECONDS });
        return { dateCreated, serverUrls: iceServers.map((server) => server.urls ?? server.url) };
      },
      returns: ['dateCreated', 'serverUrls'],
    }),
  ],
});
