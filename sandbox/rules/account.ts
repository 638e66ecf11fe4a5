/** Accounts and keys. */
import { randomBytes } from 'node:crypto';
import type { Properties } from '../json';
import type { OperationRule } from '../types';

const createAccount: OperationRule = {
  onCreate(request, account) {
    const token = randomBytes(16).toString('hex');
    Object.assign(account.body, {
      auth_token: token,
      owner_account_sid: request.state.accountSid,
      status: 'active',
      type: 'Full',
    });
    request.state.logins.set(account.id, { password: token, accountSid: account.id });
  },
};

/** Only the response that creates a key shows its secret. */
const createKey: OperationRule = {
  onCreate(request, key) {
    const secret = randomBytes(16).toString('hex');
    key.internal.secret = secret;
    request.state.logins.set(key.id, { password: secret, accountSid: request.accountSid });
  },
  decorate(_request, key, response) {
    const body = response.body as Properties;
    body.secret = key.internal.secret;
    delete key.body.secret;
  },
};

const deleteKey: OperationRule = {
  check(request) {
    request.state.logins.delete(request.target.id!);
  },
};

export const ACCOUNT_RULES: Record<string, OperationRule> = {
  'api_v2010:CreateAccount': createAccount,
  'api_v2010:CreateNewKey': createKey,
  'api_v2010:CreateNewSigningKey': createKey,
  'api_v2010:DeleteKey': deleteKey,
  'api_v2010:DeleteSigningKey': deleteKey,
  'iam_v1:CreateNewKey': createKey,
  'iam_v1:DeleteKey': deleteKey,
};
