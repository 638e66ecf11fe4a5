/** Tokens that Twilio issues: random, and shown once, in the response to the request for them. */
import { randomBytes } from 'node:crypto';
import type { Properties } from '../json';
import type { OperationRule } from '../types';

const random = (): string => randomBytes(16).toString('hex');

/** Adds to the response what the resource does not keep. */
const issues = (values: () => Properties): OperationRule => ({
  decorate: (_request, _resource, response) => void Object.assign(response.body as Properties, values()),
});

/** Servers and default lifetime of https://www.twilio.com/docs/stun-turn/api */
const createToken: OperationRule = {
  decorate(request, _resource, response) {
    const login = { username: random(), credential: random() };
    const server = (kind: string, options: string, rest: Properties) => {
      const url = `${kind}:global.${kind}.twilio.com:${options}`;
      return { url, urls: url, ...rest };
    };
    Object.assign(response.body as Properties, {
      username: login.username,
      password: login.credential,
      ttl: String(request.fields.Ttl ?? 86_400),
      ice_servers: [
        server('stun', '3478', {}),
        ...['3478?transport=udp', '3478?transport=tcp', '443?transport=tcp'].map((at) => server('turn', at, login)),
      ],
    });
  },
};

export const TOKEN_RULES: Record<string, OperationRule> = {
  'api_v2010:CreateToken': createToken,
  'verify_v2:CreateAccessToken': issues(() => ({ token: random() })),
  'accounts_v1:CreateSecondaryAuthToken': issues(() => ({ secondary_auth_token: random() })),
  'accounts_v1:UpdateAuthTokenPromotion': issues(() => ({ auth_token: random() })),
};
