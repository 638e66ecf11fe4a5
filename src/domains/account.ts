import { ToolError } from '../errors';
import { page, paging } from '../paging';
import { oneOf, selector, sid, string } from '../params';
import { creates, domain, grants, reads, tool } from '../tool';

const LIST = 'twilio_account_list_accounts';
/** Twilio's response also contains the account's auth token, which is never returned. */
const SHOWN = ['sid', 'friendlyName', 'status', 'type', 'ownerAccountSid', 'dateCreated', 'dateUpdated'] as const;
const STATUSES = ['active', 'suspended', 'closed'] as const;

export const account = domain({
  service: 'Account',
  summary: 'The Twilio account, its balance and its subaccounts: list, create, rename, suspend and close.',
  instructions:
    'accountSid defaults to the configured account. All tools except get_balance require a main API key; a standard or restricted key may be refused. ' +
    'Tools of other services always act on the configured account, never on a subaccount.',
  tools: [
    tool({
      name: LIST,
      title: 'List accounts',
      description:
        'List the account and its subaccounts. For one of them use get_account, for the balance get_balance.',
      ...reads('api_v2010:ListAccount'),
      input: () => ({
        friendlyName: string('Only accounts with exactly this name', 64).optional(),
        status: oneOf('Only accounts in this state', STATUSES).optional(),
        ...paging(1000),
      }),
      run: (query, { twilio }) => page(twilio.api.v2010.accounts, query),
      returns: SHOWN,
    }),
    tool({
      name: 'twilio_account_get_account',
      title: 'Get account',
      description:
        'Fetch the account or a subaccount, including whether it is active and whether it is a trial account. To find subaccounts use list_accounts.',
      ...reads('api_v2010:FetchAccount'),
      input: () => ({ accountSid: sid('AC', 'Account to read; default the configured account').optional() }),
      run: ({ accountSid }, { twilio, config }) => twilio.api.v2010.accounts(accountSid ?? config.accountSid).fetch(),
      returns: SHOWN,
    }),
    tool({
      name: 'twilio_account_get_balance',
      title: 'Get account balance',
      description: 'Fetch the remaining balance of the account. Subaccounts have no balance; they draw on this one.',
      ...reads('api_v2010:FetchBalance'),
      input: () => ({}),
      run: (_, { twilio }) => twilio.balance.fetch(),
      returns: ['accountSid', 'balance', 'currency'],
    }),
    tool({
      name: 'twilio_account_create_account',
      title: 'Create subaccount',
      description:
        'Create a subaccount with its own numbers, logs and API keys. Its usage is billed to the main account. Its auth token is shown only in the Console.',
      ...creates({ checkWith: LIST }, 'api_v2010:CreateAccount'),
      input: () => ({ friendlyName: string('Name of the subaccount', 64).optional() }),
      run: ({ friendlyName }, { twilio }) => twilio.api.v2010.accounts.create({ friendlyName }),
      returns: SHOWN,
    }),
    tool({
      name: 'twilio_account_update_account',
      title: 'Update, suspend or close account',
      description:
        'Rename an account, or suspend, reactivate or close a subaccount. Status suspended stops its calls and messages until the status is active again. ' +
        'Status closed releases its numbers and cannot be undone: ask the user first.',
      ...grants({ checkWith: 'twilio_account_get_account' }, 'api_v2010:UpdateAccount'),
      input: () => ({
        accountSid: selector(
          sid('AC', 'Account to change; default the configured one, required with status').optional(),
        ),
        friendlyName: string('New name of the account', 64).optional(),
        status: oneOf('New state of the subaccount; closed is final', STATUSES).optional(),
      }),
      run: ({ accountSid, ...changes }, { twilio, config }) => {
        if (changes.status && !accountSid) {
          throw new ToolError('`status` requires the accountSid of a subaccount; nothing was changed.');
        }
        return twilio.api.v2010.accounts(accountSid ?? config.accountSid).update(changes);
      },
      returns: SHOWN,
    }),
  ],
});
