import { ToolError } from '../errors';
import { page, paging } from '../paging';
import { sid, string } from '../params';
import { deletes, domain, reads, tool, updates } from '../tool';

const KEY = ['sid', 'friendlyName', 'dateCreated', 'dateUpdated'] as const;
/** Lifetime of the token that the check creates. */
const TOKEN_SECONDS = 60;

const keySid = () => sid('SK', 'API key; from list_api_keys');

export const auth = domain({
  service: 'Auth',
  summary: 'API keys of the account, and a check that STUN and TURN servers are available.',
  instructions:
    'No tool returns a secret: create API keys in the Console, which shows each secret once. To manage keys, API_KEY must be a ' +
    'main key; a standard key is refused.',
  tools: [
    tool({
      name: 'twilio_auth_list_api_keys',
      title: 'List API keys',
      description: 'List the API keys of the account, without secrets. For the permissions of one use get_api_key.',
      ...reads('iam_v1:ListGetKeys'),
      input: () => paging(1000),
      run: (position, { twilio, config }) =>
        page(twilio.iam.v1.getApiKeys, { accountSid: config.accountSid, ...position }),
      returns: [...KEY, 'flags'],
    }),
    tool({
      name: 'twilio_auth_get_api_key',
      title: 'Get API key',
      description: 'Fetch one API key: its name, creation date and, for a restricted key, its permissions.',
      ...reads('iam_v1:FetchKey'),
      input: () => ({ keySid: keySid() }),
      run: ({ keySid }, { twilio }) => twilio.iam.v1.apiKey(keySid).fetch(),
      returns: [...KEY, 'policy'],
    }),
    tool({
      name: 'twilio_auth_rename_api_key',
      title: 'Rename API key',
      description: 'Rename an API key. It keeps its secret and permissions.',
      ...updates('iam_v1:UpdateKey'),
      input: () => ({ keySid: keySid(), friendlyName: string('New name of the key', 64) }),
      run: ({ keySid, friendlyName }, { twilio }) => twilio.iam.v1.apiKey(keySid).update({ friendlyName }),
      returns: KEY,
    }),
    tool({
      name: 'twilio_auth_delete_api_key',
      title: 'Delete API key',
      description:
        'Permanently delete an API key. Requests with it are refused immediately, as are access tokens created with it: make sure that nothing uses it.',
      ...deletes('iam_v1:DeleteKey'),
      input: () => ({ keySid: keySid() }),
      run: ({ keySid }, { twilio, config }) => {
        if (keySid === config.apiKey) {
          throw new ToolError('This server uses that key itself; nothing was deleted. Set another API_KEY first.');
        }
        return twilio.iam.v1.apiKey(keySid).remove();
      },
    }),
    tool({
      name: 'twilio_auth_create_token',
      title: 'Check STUN and TURN servers',
      description:
        'Check that tokens for Twilio’s STUN and TURN servers can be issued, and list the server URLs. The token itself is discarded.',
      // The token is discarded, so nothing changes.
      ...reads('api_v2010:CreateToken'),
      input: () => ({}),
      run: async (_, { twilio }) => {
        const { dateCreated, iceServers } = await twilio.tokens.create({ ttl: TOKEN_SECONDS });
        return { dateCreated, serverUrls: iceServers?.map((server) => server.urls ?? server.url) };
      },
      returns: ['dateCreated', 'serverUrls'],
    }),
  ],
});
