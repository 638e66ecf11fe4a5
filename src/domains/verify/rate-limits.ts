import { part } from '../../errors';
import { page, paging } from '../../paging';
import { integer, sid, string } from '../../params';
import { creates, deletes, reads, tool } from '../../tool';
import { serviceOf, serviceSid } from './shared';

const LIST = 'twilio_verify_list_rate_limits';

/** Rate limits of a Verify service, and their buckets. */
export const rateLimits = [
  tool({
    name: LIST,
    title: 'List Verify rate limits',
    description:
      'List the rate limits of a Verify service and their buckets (max verifications per interval in seconds).',
    ...reads('verify_v2:ListRateLimit', 'verify_v2:ListBucket'),
    input: () => ({ serviceSid: serviceSid(), ...paging(20) }),
    run: async ({ serviceSid, ...position }, context) => {
      const { rateLimits } = serviceOf(serviceSid, context);
      const limits = await page(rateLimits, position);
      const items = await Promise.all(
        limits.items.map(async ({ sid, uniqueName, description, dateCreated }) => {
          if (!sid) return { uniqueName, description, dateCreated };
          const { value, unread } = await part('buckets', page(rateLimits(sid).buckets, { limit: 20 }));
          const buckets = value?.items.map(({ sid, max, interval }) => ({ sid, max, interval }));
          return { sid, uniqueName, description, buckets, unread, dateCreated };
        }),
      );
      return limits.map((_, i) => items[i]!);
    },
    returns: ['sid', 'uniqueName', 'description', 'buckets', 'unread', 'dateCreated'],
  }),
  tool({
    name: 'twilio_verify_create_rate_limit',
    title: 'Create Verify rate limit',
    description:
      'Create a rate limit for verifications. It limits nothing until create_rate_limit_bucket adds a bucket.',
    ...creates({ checkWith: LIST }, 'verify_v2:CreateRateLimit'),
    input: () => ({
      uniqueName: string('Key in rateLimits of start_verification, such as "end_user_ip"; no personal data', 64),
      description: string('Purpose of the rate limit', 256).optional(),
      serviceSid: serviceSid(),
    }),
    run: ({ serviceSid, ...args }, context) => serviceOf(serviceSid, context).rateLimits.create(args),
    returns: ['sid', 'uniqueName', 'description', 'dateCreated'],
  }),
  tool({
    name: 'twilio_verify_create_rate_limit_bucket',
    title: 'Add bucket to Verify rate limit',
    description: 'Allow at most max verifications per interval seconds for each value of a rate limit.',
    ...creates({ checkWith: LIST }, 'verify_v2:CreateBucket'),
    input: () => ({
      rateLimitSid: sid('RK', 'Rate limit to extend'),
      max: integer('Verifications allowed per interval', 1, 100000),
      interval: integer('Length of the interval in seconds', 1, 604800),
      serviceSid: serviceSid(),
    }),
    run: ({ serviceSid, rateLimitSid, ...bucket }, context) =>
      serviceOf(serviceSid, context).rateLimits(rateLimitSid).buckets.create(bucket),
    returns: ['sid', 'rateLimitSid', 'max', 'interval'],
  }),
  tool({
    name: 'twilio_verify_delete_rate_limit',
    title: 'Delete Verify rate limit',
    description: 'Delete a rate limit and its buckets permanently.',
    ...deletes('verify_v2:DeleteRateLimit'),
    input: () => ({ rateLimitSid: sid('RK', 'Rate limit to delete'), serviceSid: serviceSid() }),
    run: ({ serviceSid, rateLimitSid }, context) => serviceOf(serviceSid, context).rateLimits(rateLimitSid).remove(),
  }),
];
