import { DOMAINS } from '../../src/domains';
import type { Tool } from '../../src/tool';

/*
 * docs/permissions.md: which permissions a restricted API key needs for each service, from the operations of its tools.
 */

/**
 * The areas that Twilio names in its documentation and changelog of restricted keys, and the documents or resources in
 * them. https://www.twilio.com/docs/iam/api-keys/restricted-api-keys
 */
const AREAS: readonly (readonly [string, RegExp])[] = [
  ['Messaging', /^(api_v2010:(Message|Media)$|messaging_v1:)/],
  ['Voice', /^(api_v2010:(Call|Conference|Participant|Recording(Transcription)?$|Transcription)|voice_v1:)/],
  ['SIP', /^(api_v2010:Sip|trunking_v1:)/],
  ['Conversational Intelligence', /^intelligence_v2:/],
  ['Phone Numbers', /^api_v2010:(IncomingPhoneNumber|AvailablePhoneNumber)/],
  ['Regulatory Compliance', /^numbers_v2:/],
  ['Conversations', /^conversations_v1:/],
  ['Lookup', /^lookups_v2:/],
  ['Verify', /^verify_v2:/],
  ['Studio', /^studio_v2:/],
  ['TaskRouter', /^taskrouter_v1:/],
  ['Monitor', /^monitor_v1:/],
  ['Usage', /^api_v2010:UsageRecord/],
];

/** The actions of Twilio's permissions, by the verb that an operation's ID begins with. */
const ACTIONS: Readonly<Record<string, string>> = {
  Fetch: 'read',
  List: 'list',
  Create: 'create',
  Update: 'update',
  Patch: 'update',
  Delete: 'delete',
};

const KEYS_INTRODUCTION = `# Permissions of a restricted API key

A restricted API key limits what the server can do, whatever a URL, a prompt or a message says. Create one in the [Console](https://console.twilio.com) (Account, API keys & tokens, key type Restricted) and set it as \`API_KEY\` and \`API_SECRET\`.

What Twilio documents about [restricted keys](https://www.twilio.com/docs/iam/api-keys/restricted-api-keys):

- Each permission allows one action on one kind of resource, such as \`/twilio/messaging/messages/read\`. The actions are read (one item), list, create, update and delete. The names of all permissions are in that page's downloads, by area.
- A key has at most 100 permissions. For more services, use two deployments with a key each.
- They exist in the region us1 only, and cannot create access tokens for Twilio's client SDKs.
- Only some areas of the API have permissions: ${AREAS.map(([area]) => area).join(', ')}, and a few that no tool here uses. Twilio adds areas from time to time.
- API keys and accounts need a main key, a standard key allows everything else.

The table lists what the tools of each service request, as kinds of resources with their actions. The first column of permissions is enough for \`readonly=true\`. *Not named* means that Twilio's documentation names no permission for it: look in the Console, use another key for this service, or leave it out. A tool without its permission fails with Twilio's error.

A deployment keeps the threads of \`Inbox\` and the numbers of \`AgentPhone\` with the account's own credentials, which the platform provides, in a Sync service that no tool reaches. So the key needs no permission for them, unless \`TWILIO_REGION\` is not us1. \`services=Api\` can do whatever the key allows.`;

/** Markdown of the permissions of each service. Throws for an operation whose action is unknown. */
export function permissionsPage(): string {
  const rows = DOMAINS.filter(({ tools }) => tools.some(({ operations }) => operations.length > 0)).map(
    ({ service, tools }) => {
      const reading = tools.filter(({ effect }) => effect === 'read');
      const read = permissionsOf(reading);
      return `| ${service} | ${areaLines(read)} | ${areaLines(permissionsOf(tools), read)} |`;
    },
  );
  return [
    '<!-- Written by npm run generate: change scripts/generate/permissions.ts, not this file. -->',
    KEYS_INTRODUCTION,
    ['| Service | With `readonly=true` | Additional, without it |', '| --- | --- | --- |', ...rows].join('\n'),
    '',
  ].join('\n\n');
}

/** Actions by kind of resource, by area. */
type Permissions = Map<string, Map<string, Set<string>>>;

function permissionsOf(tools: readonly Tool[]): Permissions {
  const permissions: Permissions = new Map();
  for (const id of new Set(tools.flatMap(({ operations }) => operations))) {
    const [document, operation] = id.split(':') as [string, string];
    const [, verb, rest] = /^([A-Z][a-z]+)(?:Get)?(\w*?)(?:Create|Fetch)?$/.exec(operation)!;
    const action = ACTIONS[verb!];
    if (!action) throw new Error(`${id}: unknown action; add it to ACTIONS in scripts/generate/permissions.ts.`);
    const resource = (rest || verb!).replace(/^UsageRecord.*/, 'UsageRecord');
    const area = AREAS.find(([, pattern]) => pattern.test(`${document}:${resource}`))?.[0] ?? 'Not named';
    const resources = permissions.get(area) ?? new Map<string, Set<string>>();
    permissions.set(area, resources.set(resource, (resources.get(resource) ?? new Set()).add(action)));
  }
  return permissions;
}

/** One line for each area, without what is in `except`. */
function areaLines(permissions: Permissions, except: Permissions = new Map()): string {
  const lines = [...permissions].flatMap(([area, resources]) => {
    const kinds = [...resources].flatMap(([resource, actions]) => {
      const added = [...actions].filter((action) => !except.get(area)?.get(resource)?.has(action));
      return added.length > 0 ? [`${resource} (${added.join(', ')})`] : [];
    });
    return kinds.length > 0 ? [`**${area}**: ${kinds.sort().join(', ')}`] : [];
  });
  return lines.join('<br>') || '–';
}
