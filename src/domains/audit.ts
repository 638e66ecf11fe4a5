import { EFFECTS } from '../effect';
import { ToolError } from '../errors';
import { describeSearch, hasTime, keyOf, Page, paging, tokenAfter } from '../paging';
import { address, oneOf, string, timeRange, words } from '../params';
import { AUDIT_COLLECTIONS, AUDIT_OUTCOMES, type AuditEntry, auditKey, recipientMark } from '../policy/audit';
import { listRanges } from '../threads/ranges';
import { domain, reads, tool } from '../tool';

const RANGES = AUDIT_COLLECTIONS.map((collection) => ({ collection, prefix: '' }));

export const audit = domain({
  service: 'Audit',
  summary: 'What agents did through this server, and what its policy forbade.',
  instructions:
    'The record has sends, purchases, deletions and granted access, and what a rule forbade; no reads, no contents. A client with a name sees its own actions only.',
  tools: [
    tool({
      name: 'twilio_audit_list_actions',
      title: 'List recorded actions',
      description:
        'List what agents did and what the policy forbade, newest first: operation, outcome, rule, the SID made. Recipients are fingerprints. For changes made in the Console use twilio_debugger_list_events.',
      ...reads(),
      input: () => ({
        ...timeRange({
          from: ['startDate', 'Only actions at or after this time'],
          until: ['endDate', 'Only actions at or before this time'],
        }),
        client: string('Only actions of this client', 100).optional(),
        tool: string('Only actions of this tool', 60).optional(),
        effect: oneOf('Only actions with this effect', EFFECTS).optional(),
        outcome: oneOf(
          'Only actions that ended so: refused by Twilio, forbidden by a rule, unknown if no answer came',
          AUDIT_OUTCOMES,
        ).optional(),
        recipient: address('Only actions that reached this person').optional(),
        ...paging(100),
      }),
      run: async (
        { startDate, endDate, recipient, limit, pageToken, ...equal },
        { client, config, store, deadline },
      ) => {
        if (client !== undefined && (equal.client ?? client) !== client)
          throw new ToolError(`This URL is that of ${client}, which sees only its own actions; nothing was read.`);
        const wanted = Object.entries({ ...equal, client: equal.client ?? client }).filter(
          ([, value]) => value !== undefined,
        );
        const mark = recipient && recipientMark(config, recipient);
        const isWanted = (entry: AuditEntry) =>
          wanted.every(([name, value]) => entry[name as keyof AuditEntry] === value) &&
          (!mark || entry.recipients?.includes(mark));
        // Keys begin with the instant; `~` sorts after every key of that instant.
        let after = pageToken ? keyOf(pageToken) : endDate && `${endDate.toISOString()}~`;
        const until = startDate?.toISOString();
        const found: AuditEntry[] = [];
        let searched = 0;
        let more = true;
        while (more && found.length < limit && (searched === 0 || hasTime(deadline))) {
          const page = await listRanges<AuditEntry>(store, RANGES, { after, until, order: 'desc' });
          found.push(...page.items.map(({ value }) => value).filter(isWanted));
          searched += page.items.length;
          after = page.items.at(-1)?.key ?? after;
          more = page.more;
        }
        const shown = found.slice(0, limit);
        const tokenAt = (count: number) => tokenAfter(auditKey(shown[count - 1]!));
        const next = found.length >= limit ? tokenAt(shown.length) : more ? tokenAfter(after!) : undefined;
        const hasNext = more || found.length > limit;
        const items = shown.map(({ code: errorCode, ...entry }) => ({ ...entry, errorCode }));
        return new Page(items, hasNext ? next : undefined, {
          tokenAfter: tokenAt,
          searched: more && found.length < limit ? describeSearch(searched) : undefined,
        });
      },
      returns: words(
        'at client tool operation effect outcome rule errorCode sid recipients recipientCount countries requestId',
      ),
    }),
  ],
});
