/**
 * The credentials of the sandbox's account: well-formed, so that every check accepts them, and obviously invented.
 * They are assembled at run time because secret scanners report anything in the form of a key.
 */
const DIGITS = '5a4d'.repeat(8);

export const SANDBOX_ACCOUNT_SID = `AC${DIGITS}`;
export const SANDBOX_AUTH_TOKEN = 'deadbeef'.repeat(4);
export const SANDBOX_API_KEY = `SK${DIGITS}`;
export const SANDBOX_API_SECRET = 'notasecret'.repeat(3).padEnd(32, '0');
