import { createHmac } from 'node:crypto';
import type { Config } from '../config';

/**
 * Stands for a value in the store without revealing it: equal for equal values of one deployment; 22 letters of base64url
 * (128 bits of HMAC-SHA256). Write an address in its canonical form first. `purpose` keeps fingerprints of different
 * kinds apart.
 */
export const fingerprint = (
  { authToken, apiSecret }: Pick<Config, 'authToken' | 'apiSecret'>,
  purpose: string,
  value: unknown,
): string =>
  createHmac('sha256', authToken ?? apiSecret)
    .update(JSON.stringify([purpose, value]))
    .digest('base64url')
    .slice(0, 22);
