import { buildOperationTable } from '../../openapi/catalogue';
import { DOMAINS } from '../../src/domains';
import { RENAMED_TOOLS } from '../../src/domains/renamed-tools';
import { hintsOf } from '../../src/effect';
import { changingArguments } from '../../src/mcp/call';
import { inputSchema, selectToolset } from '../../src/mcp/toolset';
import { isSelector, words } from '../../src/params';
import { overwrites } from '../../src/tool';
import { propertiesOf, referencesOf } from '../support/arguments';
import { apartFrom, law, TOOLS } from './law';

/*
 * Rules for every tool and service.
 */

const byName = new Map(TOOLS.map((tool) => [tool.name, tool]));
const breaching = (isBreach: (tool: (typeof TOOLS)[number]) => boolean) => () =>
  TOOLS.filter(isBreach).map(({ name }) => name);

law('tool names are unique', 'rename one of the tools.', () =>
  TOOLS.filter((tool) => byName.get(tool.name) !== tool).map(({ name }) => name),
);

law(
  'a tool is named twilio_<domain>_<action> in at most 50 characters',
  'use lower case, digits and underscores; shorten the action.',
  breaching(({ name }) => !/^twilio_[a-z0-9]+(_[a-z0-9]+)+$/.test(name) || name.length > 50),
);

law(
  'a title has 2 to 60 characters; a description has 20 to 600 and ends with a full stop',
  'write a short title and plain sentences.',
  breaching(({ title, description }) => !/^\S.{1,60}$/.test(title) || !/^.{19,599}\.$/s.test(description)),
);

law(
  'every call of input() returns an equal schema of new objects',
  'build every schema inside the function; wrap shared ones in a function of their own.',
  breaching((tool) => {
    const [first, second] = [tool.input(), tool.input()];
    return (
      Object.keys(first).join() !== Object.keys(second).join() ||
      Object.keys(first).some((key) => first[key] === second[key])
    );
  }),
);

law('an effect sets all four hints', 'complete HINTS in src/effect.ts.', () =>
  [...new Set(TOOLS.map(({ effect }) => effect))].filter((effect) => {
    const hints = hintsOf(effect);
    const values = [hints.readOnlyHint, hints.destructiveHint, hints.idempotentHint, hints.openWorldHint];
    return values.some((value) => typeof value !== 'boolean') || hints.readOnlyHint !== (effect === 'read');
  }),
);

/** Tools whose checkWith reads another resource than they write, and why it still shows the outcome. */
const CHECKED_ELSEWHERE: Readonly<Record<string, string>> = {
  twilio_inbox_create_conversation: 'both work on the store',
  twilio_inbox_import_history: 'the import writes to the store that holds the thread',
  twilio_content_request_whatsapp_approval: 'approvals are requested at one path and read at another',
  twilio_voice_config_update_trunk_recording: 'a trunk shows its recording mode',
  twilio_intelligence_attach_operator: 'a service lists its operators',
  twilio_verify_start_verification: 'every send is an attempt',
  twilio_verify_create_rate_limit_bucket: 'rate limits are listed with their buckets',
  twilio_studio_update_flow: 'an update is a revision',
  twilio_api_write: 'both accept any operation',
};

law(
  'checkWith names a reading tool of the same service that shows whether the call happened',
  'name the list_ or get_ tool of the resource that the tool creates (AGENTS.md, A tool); if another tool shows it, add the reason to CHECKED_ELSEWHERE; if none does, give `ifUnknown`.',
  () => {
    const { operations } = buildOperationTable();
    const resourcesOf = (ids: readonly string[]) => ids.map((id) => lastSegment(operations[id]?.path ?? id));
    return TOOLS.flatMap(({ name, effect, checkWith, ifUnknown, operations: written }) => {
      if (ifUnknown !== undefined) return [];
      if (!['create', 'send', 'spend', 'grant'].includes(effect) && checkWith === undefined) return [];
      const check = byName.get(checkWith ?? '');
      if (check?.effect !== 'read') return [`${name}: ${checkWith ?? 'nothing'} is not a reading tool`];
      const withoutCheck = DOMAINS.filter(({ tools }) => tools.includes(byName.get(name)!) && !tools.includes(check));
      const read = resourcesOf(check.operations);
      const shown = name in CHECKED_ELSEWHERE || resourcesOf(written).some((resource) => read.includes(resource));
      const resources = (list: readonly string[]) => list.join(', ') || 'nothing (it names no operations)';
      return [
        ...withoutCheck.map(({ service }) => `${name}: ${service} does not offer ${checkWith}`),
        ...(shown
          ? []
          : [
              `${name}: ${checkWith} reads ${resources(read)}, and the tool changes ${resources(resourcesOf(written))}`,
            ]),
      ];
    });
  },
);

/** The resource of a path: `Messages` for `/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json`. */
const lastSegment = (path: string) =>
  path
    .split('/')
    .filter((segment) => segment && !segment.startsWith('{'))
    .at(-1)!
    .replace('.json', '');

law(
  'a tool returns fields (a deletion may return none), none of them twice and none a credential',
  'list the fields an agent needs in `returns`; leave tokens, secrets and passwords out.',
  breaching(({ effect, returns = [] }) => {
    const hasNone = effect !== 'delete' && returns.length === 0;
    const isRepeated = new Set(returns).size < returns.length;
    return hasNone || isRepeated || /authToken|secret|password|privateKey/i.test(returns.join(' '));
  }),
);

/** Fields that outsiders write, and the tools that return them; in other tools the account's owner writes them. */
const UNTRUSTED_FIELDS: Readonly<Record<string, RegExp>> = {
  ...Object.fromEntries(
    [
      ...words('body messages media messageText transcript transcriptionText callerName preFill data'),
      ...['request', 'response', 'alertText', 'requestVariables', 'responseBody', 'messagingBinding', 'trackName'],
      ...['conversationFriendlyName', 'participantMessagingBinding', 'normalizedResult', 'utteranceResults'],
      ...['extractResults', 'textGenerationResults', 'jsonResults', 'reason', 'addons', 'code', 'message'],
      // A webhook that is requested by GET has the text of a message in its URL.
      ...['requestUrl', 'contactChannelAddress', 'identity'],
    ].map((field) => [field, /./]),
  ),
  attributes: /^twilio_(?!taskrouter_\w+_workers?$|taskrouter_list_workers$)/,
  author: /^twilio_conversations_(?!send_message)/,
  context: /^twilio_studio_/,
  // Callers choose what a SIP address or a client is called.
  from: /^twilio_(?!messaging_send|\w+_(import|create|make|add))/,
  to: /^twilio_voice_(get|list|hang_up|redirect)/,
  participants: /^twilio_inbox_/,
  uniqueName: /^twilio_video_/,
  result: /^twilio_api_/,
  items: /^twilio_api_/,
};
/** Fields that look like free text but come from the account's owner or Twilio. */
const TRUSTED_FIELDS = /^(errorMessage|commitMessage)$/;
/** Last words of field names that hold free text. */
const FREE_TEXT: ReadonlySet<string> = new Set(
  words('body text transcript transcription message messages utterance sentence'),
);
const isFreeText = (field: string) => FREE_TEXT.has(/[A-Z]?[a-z]+$/.exec(field)?.[0].toLowerCase() ?? '');

law(
  'returned fields that outsiders write are marked untrusted, and `untrusted` names only returned fields',
  'add the field to `untrusted` of the tool: agents must treat it as data, never as instructions.',
  () =>
    TOOLS.flatMap(({ name, returns = [], untrusted = [] }) => [
      ...untrusted.filter((field) => !returns.includes(field)).map((field) => `${name}.${field} is not returned`),
      ...returns
        .filter((field) => UNTRUSTED_FIELDS[field]?.test(name) || (isFreeText(field) && !TRUSTED_FIELDS.test(field)))
        .filter((field) => !untrusted.includes(field))
        .map((field) => `${name}.${field} is not marked`),
    ]),
);

law('a tool and its service are frozen', 'define tools with tool({…}) and services with domain({…}).', () => [
  ...TOOLS.filter((tool) => !Object.isFrozen(tool)).map(({ name }) => name),
  ...DOMAINS.filter((domain) => !Object.isFrozen(domain)).map(({ service }) => service),
]);

law(
  'TwiML is checked before a request, and plain text has its own argument',
  'make `twiml` a twiml(…) of src/twiml.ts, and take `...speech()` too.',
  () =>
    TOOLS.filter((tool) => Object.keys(propertiesOf(tool)).some((name) => /twiml/i.test(name))).flatMap((tool) => {
      const { twiml, say } = tool.input();
      const isChecked = ['Hello', '<Response><Speak>Hello</Speak></Response>'].every(
        (text) => !twiml?.safeParse(text).success,
      );
      return isChecked && say ? [] : [tool.name];
    }),
);

law(
  'an update plays no audio to a caller',
  'a tool with twiml or announceUrl reaches a person: its effect is send.',
  breaching((tool) => overwrites(tool) && 'twiml' in propertiesOf(tool)),
);

law('a tool that reaches people or causes continuing costs has the effect send or spend', 'correct the effect.', () =>
  words(
    'twilio_voice_redirect_call twilio_voice_add_ons_announce_to_conference twilio_sync_publish_stream_message twilio_intelligence_create_intelligence_service twilio_intelligence_update_intelligence_service twilio_intelligence_attach_operator twilio_add_ons_update_extension twilio_voice_config_update_trunk_recording',
  ).filter((name) => !['send', 'spend'].includes(byName.get(name)?.effect ?? '')),
);

/** References of which a resource always has one, or that only act with the call. */
const LASTING_REFERENCES: readonly string[] = words(
  'twilio_phone_numbers_update_phone_number.accountSid twilio_conversations_update_participant.roleSid twilio_conversations_update_user.roleSid twilio_voice_add_ons_update_participant.callSidToCoach twilio_taskrouter_update_reservation.workerActivitySid twilio_taskrouter_update_worker.activitySid twilio_taskrouter_update_workspace.defaultActivitySid twilio_taskrouter_update_workspace.timeoutActivitySid twilio_usage_update_trigger.callbackUrl',
);

law(
  'an update can clear every URL and every SID that it can set',
  'use clearableUrl or clearableSid; selector marks a SID that selects the resource; a reference that cannot be empty belongs in LASTING_REFERENCES.',
  () =>
    apartFrom(
      LASTING_REFERENCES,
      TOOLS.filter(overwrites).flatMap((tool) => {
        const input = tool.input();
        return referencesOf(tool)
          .filter((name) => !input[name]!.safeParse('').success)
          .map((name) => `${tool.name}.${name}`);
      }),
    ),
);

/** Updates for which naming the resource is the whole change. */
const UPDATES_WITHOUT_CHANGE: readonly string[] = words(
  'twilio_messaging_cancel_message twilio_inbox_configure_webhooks twilio_inbox_restore_webhooks twilio_voice_hang_up_call twilio_voice_add_ons_end_conference twilio_studio_end_execution twilio_serverless_create_deployment',
);

law(
  'an update requires at least one change',
  'mark arguments that select the resource with `selector`; if naming the resource is the change, list the tool in UPDATES_WITHOUT_CHANGE.',
  breaching((tool) => {
    const { required = [] } = inputSchema(tool);
    const input = tool.input();
    const changesNothing = changingArguments(tool).length === 0 && required.every((name) => isSelector(input[name]!));
    return overwrites(tool) && changesNothing !== UPDATES_WITHOUT_CHANGE.includes(tool.name);
  }),
);

law(
  'a service has a one-line summary, instructions and tools',
  'write a summary of 20 to 140 characters and instructions of 40 to 600, each ending with a full stop.',
  () =>
    DOMAINS.filter(
      ({ service, summary, instructions, tools }) =>
        !/^[A-Z][A-Za-z]+$/.test(service) ||
        !/^[^\n]{20,140}\.$/.test(summary) ||
        !/^[^\n]{40,600}\.$/.test(instructions) ||
        tools.length === 0,
    ).map(({ service }) => service),
);

law(
  'the earlier name of a renamed tool is unused, and its current name exists',
  'map every earlier name to the current one in src/domains/renamed-tools.ts.',
  () =>
    Object.entries(RENAMED_TOOLS)
      .filter(([old, current]) => byName.has(old) || !byName.has(current))
      .map(([old, current]) => `${old} → ${current}`),
);

test('an earlier name selects and finds the renamed tool', () => {
  const renamed = { twilio_messaging_text: 'twilio_messaging_send_sms' };
  const toolset = selectToolset({ services: [], tools: ['twilio_messaging_text'], readonly: false }, {}, renamed);
  expect([...toolset.tools.keys()]).toEqual(['twilio_messaging_send_sms']);
  expect(toolset.find('twilio_messaging_text')?.name).toBe('twilio_messaging_send_sms');
  expect(toolset.find('toString')).toBeUndefined();
});
