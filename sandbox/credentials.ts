/**
 * The sandbox's own account: well-formed, so that every check of a SID's shape takes it, and plain to see as invented.
 * Put together at run time, since scanners for leaked keys go by the shape alone.
 */
const DIGITS = '5a4d'.repeat(8);

export const SANDBOX_ACCOUNT_SID = `AC${DIGITS}`;
export const SANDBOX_AUTH_TOKEN = 'deadbeef'.repeat(4);
export const SANDBOX_API_KEY = `SK${DIGITS}`;
export const SANDBOX_API_SECRET = 'notasecret'.repeat(3).padEnd(32, '0');
