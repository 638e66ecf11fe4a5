import { page, paging } from '../../paging';
import { boolean, clearableUrl, method, sid, string, url } from '../../params';
import { tool } from '../../tool';
import { enabled, priority, sipAddress, weight } from './words';

const trunkSid = () => sid('BY', 'BYOC trunk');
const policySid = () => sid('NY', 'Connection policy');

const trunkSettings = () => ({
  voiceMethod: method('voiceUrl').optional(),
  voiceFallbackUrl: clearableUrl('Called where voiceUrl fails').optional(),
  statusCallbackUrl: clearableUrl('Receives call states').optional(),
  statusCallbackMethod: method('statusCallbackUrl').optional(),
  cnamLookupEnabled: boolean('Look up callers’ names, for a fee').optional(),
  connectionPolicySid: sid('NY', 'Connection policy, by which calls go out').optional(),
  fromDomainSid: sid('SD', 'SIP domain shown as sender').optional(),
});

const TRUNK = [
  'sid',
  'friendlyName',
  'voiceUrl',
  'voiceMethod',
  'voiceFallbackUrl',
  'statusCallbackUrl',
  'cnamLookupEnabled',
  'connectionPolicySid',
  'fromDomainSid',
] as const;
const POLICY = ['sid', 'friendlyName', 'dateCreated'] as const;
const TARGET = ['sid', 'connectionPolicySid', 'friendlyName', 'target', 'priority', 'weight', 'enabled'] as const;
const TRUNKS = 'twilio_voice_config_list_byoc_trunks';
const POLICIES = 'twilio_voice_config_list_connection_policies';
const TARGETS = 'twilio_voice_config_list_policy_targets';

/** Bring your own carrier: trunks that run TwiML, and the policies that say where their calls go. */
export const byoc = [
  tool({
    name: TRUNKS,
    title: 'List BYOC trunks',
    description: 'List trunks of own carriers, whose calls run TwiML. For trunks of Elastic SIP use list_sip_trunks.',
    effect: 'read',
    operations: ['voice_v1:ListByocTrunk'],
    input: () => paging(1000),
    run: (position, { twilio }) => page(twilio.voice.v1.byocTrunks, {}, position),
    returns: TRUNK,
  }),
  tool({
    name: 'twilio_voice_config_get_byoc_trunk',
    title: 'Get BYOC trunk',
    description: 'Fetch one BYOC trunk with all its settings.',
    effect: 'read',
    operations: ['voice_v1:FetchByocTrunk'],
    input: () => ({ trunkSid: trunkSid() }),
    run: ({ trunkSid }, { twilio }) => twilio.voice.v1.byocTrunks(trunkSid).fetch(),
    returns: [...TRUNK, 'voiceFallbackMethod', 'statusCallbackMethod', 'dateCreated', 'dateUpdated'],
  }),
  tool({
    name: 'twilio_voice_config_create_byoc_trunk',
    title: 'Create BYOC trunk',
    description:
      'Create a trunk of an own carrier. Calls reach it through a SIP domain that names it (create_sip_domain), and go out by its connection policy.',
    effect: 'create',
    checkWith: TRUNKS,
    operations: ['voice_v1:CreateByocTrunk'],
    input: () => ({
      friendlyName: string('Name', 255),
      voiceUrl: url('Returns the TwiML of inbound calls'),
      ...trunkSettings(),
    }),
    run: (settings, { twilio }) => twilio.voice.v1.byocTrunks.create(settings),
    returns: TRUNK,
  }),
  tool({
    name: 'twilio_voice_config_update_byoc_trunk',
    title: 'Update BYOC trunk',
    description: 'Change settings of a BYOC trunk, for calls from now on. Only what is given changes; "" clears a URL.',
    effect: 'update',
    operations: ['voice_v1:UpdateByocTrunk'],
    input: () => ({
      trunkSid: trunkSid(),
      friendlyName: string('Name', 255).optional(),
      voiceUrl: clearableUrl('Returns the TwiML of inbound calls').optional(),
      ...trunkSettings(),
    }),
    run: ({ trunkSid, ...settings }, { twilio }) => twilio.voice.v1.byocTrunks(trunkSid).update(settings),
    returns: TRUNK,
  }),
  tool({
    name: 'twilio_voice_config_delete_byoc_trunk',
    title: 'Delete BYOC trunk',
    description: 'Delete a BYOC trunk for good: calls of its carrier are no longer taken.',
    effect: 'delete',
    operations: ['voice_v1:DeleteByocTrunk'],
    input: () => ({ trunkSid: trunkSid() }),
    run: ({ trunkSid }, { twilio }) => twilio.voice.v1.byocTrunks(trunkSid).remove(),
  }),
  tool({
    name: POLICIES,
    title: 'List connection policies',
    description:
      'List connection policies: each says to which SIP addresses BYOC calls go. Those: list_policy_targets.',
    effect: 'read',
    operations: ['voice_v1:ListConnectionPolicy'],
    input: () => paging(1000),
    run: (position, { twilio }) => page(twilio.voice.v1.connectionPolicies, {}, position),
    returns: POLICY,
  }),
  tool({
    name: 'twilio_voice_config_get_connection_policy',
    title: 'Get connection policy',
    description: 'Fetch one connection policy. Where it sends calls: list_policy_targets.',
    effect: 'read',
    operations: ['voice_v1:FetchConnectionPolicy'],
    input: () => ({ policySid: policySid() }),
    run: ({ policySid }, { twilio }) => twilio.voice.v1.connectionPolicies(policySid).fetch(),
    returns: [...POLICY, 'dateUpdated'],
  }),
  tool({
    name: 'twilio_voice_config_create_connection_policy',
    title: 'Create connection policy',
    description: 'Create an empty connection policy. Give it addresses next, with create_policy_target.',
    effect: 'create',
    checkWith: POLICIES,
    operations: ['voice_v1:CreateConnectionPolicy'],
    input: () => ({ friendlyName: string('Name', 255) }),
    run: (settings, { twilio }) => twilio.voice.v1.connectionPolicies.create(settings),
    returns: POLICY,
  }),
  tool({
    name: 'twilio_voice_config_update_connection_policy',
    title: 'Rename connection policy',
    description: 'Rename a connection policy. Where it sends calls: update_policy_target.',
    effect: 'update',
    operations: ['voice_v1:UpdateConnectionPolicy'],
    input: () => ({ policySid: policySid(), friendlyName: string('Name', 255) }),
    run: ({ policySid, ...settings }, { twilio }) => twilio.voice.v1.connectionPolicies(policySid).update(settings),
    returns: POLICY,
  }),
  tool({
    name: 'twilio_voice_config_delete_connection_policy',
    title: 'Delete connection policy',
    description:
      'Delete a connection policy with its targets for good. Give BYOC trunks that use it another first: update_byoc_trunk.',
    effect: 'delete',
    operations: ['voice_v1:DeleteConnectionPolicy'],
    input: () => ({ policySid: policySid() }),
    run: ({ policySid }, { twilio }) => twilio.voice.v1.connectionPolicies(policySid).remove(),
  }),
  tool({
    name: TARGETS,
    title: 'List policy targets',
    description: 'List the SIP addresses to which a connection policy sends calls.',
    effect: 'read',
    operations: ['voice_v1:ListConnectionPolicyTarget'],
    input: () => ({ policySid: policySid(), ...paging(1000) }),
    run: ({ policySid, ...position }, { twilio }) =>
      page(twilio.voice.v1.connectionPolicies(policySid).targets, {}, position),
    returns: TARGET,
  }),
  tool({
    name: 'twilio_voice_config_create_policy_target',
    title: 'Create policy target',
    description: 'Let a connection policy send calls to a further SIP address, from now on.',
    effect: 'create',
    checkWith: TARGETS,
    operations: ['voice_v1:CreateConnectionPolicyTarget'],
    input: () => ({
      policySid: policySid(),
      target: sipAddress(),
      friendlyName: string('Name', 255).optional(),
      priority: priority().optional(),
      weight: weight().optional(),
      enabled: enabled().optional(),
    }),
    run: ({ policySid, ...settings }, { twilio }) =>
      twilio.voice.v1.connectionPolicies(policySid).targets.create(settings),
    returns: TARGET,
  }),
  tool({
    name: 'twilio_voice_config_update_policy_target',
    title: 'Update policy target',
    description: 'Change a target of a connection policy, or take it out of service with enabled false.',
    effect: 'update',
    operations: ['voice_v1:UpdateConnectionPolicyTarget'],
    input: () => ({
      policySid: policySid(),
      targetSid: sid('NE', 'Target'),
      target: sipAddress().optional(),
      friendlyName: string('Name', 255).optional(),
      priority: priority().optional(),
      weight: weight().optional(),
      enabled: enabled().optional(),
    }),
    run: ({ policySid, targetSid, ...settings }, { twilio }) =>
      twilio.voice.v1.connectionPolicies(policySid).targets(targetSid).update(settings),
    returns: TARGET,
  }),
  tool({
    name: 'twilio_voice_config_delete_policy_target',
    title: 'Delete policy target',
    description: 'Delete a target of a connection policy for good. To only pause it use update_policy_target.',
    effect: 'delete',
    operations: ['voice_v1:DeleteConnectionPolicyTarget'],
    input: () => ({ policySid: policySid(), targetSid: sid('NE', 'Target') }),
    run: ({ policySid, targetSid }, { twilio }) =>
      twilio.voice.v1.connectionPolicies(policySid).targets(targetSid).remove(),
  }),
];
