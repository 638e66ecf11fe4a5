import { page, paging } from '../../paging';
import { boolean, clearableSid, clearableUrl, method, sid, url, words } from '../../params';
import { creates, deletes, grants, reads, tool, updates } from '../../tool';
import { enabled, friendlyName, priority, sipAddress, weight } from './shared';

const trunkSid = () => sid('BY', 'BYOC trunk');
const policySid = () => sid('NY', 'Connection policy');
const policyTarget = () => ({ policySid: policySid(), targetSid: sid('NE', 'Target of the connection policy') });

const trunkSettings = () => ({
  voiceMethod: method('voiceUrl').optional(),
  voiceFallbackUrl: clearableUrl('Returns TwiML if voiceUrl fails').optional(),
  statusCallbackUrl: clearableUrl('Receives call status, such as the end of a call').optional(),
  statusCallbackMethod: method('statusCallbackUrl').optional(),
  cnamLookupEnabled: boolean('Look up the names of US and Canadian callers, for a fee').optional(),
  connectionPolicySid: clearableSid('NY', 'Connection policy that routes outgoing calls').optional(),
  fromDomainSid: clearableSid(
    'SD',
    'SIP domain in the From header of outgoing calls; sip.twilio.com if none is set',
  ).optional(),
});

const TRUNK = words(
  'sid friendlyName voiceUrl voiceMethod voiceFallbackUrl statusCallbackUrl cnamLookupEnabled connectionPolicySid fromDomainSid',
);
const POLICY = ['sid', 'friendlyName', 'dateCreated'] as const;
const TARGET = ['sid', 'connectionPolicySid', 'friendlyName', 'target', 'priority', 'weight', 'enabled'] as const;
const TRUNKS = 'twilio_voice_config_list_byoc_trunks';
const POLICIES = 'twilio_voice_config_list_connection_policies';
const TARGETS = 'twilio_voice_config_list_policy_targets';

/** Bring your own carrier: trunks that run TwiML, and the policies that route their outgoing calls. */
export const byoc = [
  tool({
    name: TRUNKS,
    title: 'List BYOC trunks',
    description:
      'List BYOC trunks, which connect your own carriers and run TwiML. For Elastic SIP trunks use list_sip_trunks.',
    ...reads('voice_v1:ListByocTrunk'),
    input: () => paging(1000),
    run: (position, { twilio }) => page(twilio.voice.v1.byocTrunks, position),
    returns: TRUNK,
  }),
  tool({
    name: 'twilio_voice_config_get_byoc_trunk',
    title: 'Get BYOC trunk',
    description: 'Fetch one BYOC trunk with all its settings.',
    ...reads('voice_v1:FetchByocTrunk'),
    input: () => ({ trunkSid: trunkSid() }),
    run: ({ trunkSid }, { twilio }) => twilio.voice.v1.byocTrunks(trunkSid).fetch(),
    returns: [...TRUNK, 'voiceFallbackMethod', 'statusCallbackMethod', 'dateCreated', 'dateUpdated'],
  }),
  tool({
    name: 'twilio_voice_config_create_byoc_trunk',
    title: 'Create BYOC trunk',
    description:
      'Create a trunk for your own carrier. Its calls come in through a SIP domain that names it (create_sip_domain) and go out by its connection policy.',
    ...grants({ checkWith: TRUNKS }, 'voice_v1:CreateByocTrunk'),
    input: () => ({
      friendlyName: friendlyName(255),
      voiceUrl: url('Returns the TwiML for incoming calls'),
      ...trunkSettings(),
    }),
    run: (settings, { twilio }) => twilio.voice.v1.byocTrunks.create(settings),
    returns: TRUNK,
  }),
  tool({
    name: 'twilio_voice_config_update_byoc_trunk',
    title: 'Update BYOC trunk',
    description: 'Change settings of a BYOC trunk, for new calls. Omitted settings stay unchanged; "" clears a URL.',
    ...grants({ checkWith: 'twilio_voice_config_get_byoc_trunk' }, 'voice_v1:UpdateByocTrunk'),
    input: () => ({
      trunkSid: trunkSid(),
      friendlyName: friendlyName(255).optional(),
      voiceUrl: clearableUrl('Returns the TwiML for incoming calls').optional(),
      ...trunkSettings(),
    }),
    run: ({ trunkSid, ...settings }, { twilio }) => twilio.voice.v1.byocTrunks(trunkSid).update(settings),
    returns: TRUNK,
  }),
  tool({
    name: 'twilio_voice_config_delete_byoc_trunk',
    title: 'Delete BYOC trunk',
    description: 'Delete a BYOC trunk permanently: calls from its carrier are no longer accepted.',
    ...deletes('voice_v1:DeleteByocTrunk'),
    input: () => ({ trunkSid: trunkSid() }),
    run: ({ trunkSid }, { twilio }) => twilio.voice.v1.byocTrunks(trunkSid).remove(),
  }),
  tool({
    name: POLICIES,
    title: 'List connection policies',
    description:
      'List connection policies, which route BYOC calls to SIP addresses. For the addresses of one use list_policy_targets.',
    ...reads('voice_v1:ListConnectionPolicy'),
    input: () => paging(1000),
    run: (position, { twilio }) => page(twilio.voice.v1.connectionPolicies, position),
    returns: POLICY,
  }),
  tool({
    name: 'twilio_voice_config_get_connection_policy',
    title: 'Get connection policy',
    description: 'Fetch one connection policy. For the addresses it sends calls to use list_policy_targets.',
    ...reads('voice_v1:FetchConnectionPolicy'),
    input: () => ({ policySid: policySid() }),
    run: ({ policySid }, { twilio }) => twilio.voice.v1.connectionPolicies(policySid).fetch(),
    returns: [...POLICY, 'dateUpdated'],
  }),
  tool({
    name: 'twilio_voice_config_create_connection_policy',
    title: 'Create connection policy',
    description: 'Create an empty connection policy. Then add SIP addresses with create_policy_target.',
    ...creates({ checkWith: POLICIES }, 'voice_v1:CreateConnectionPolicy'),
    input: () => ({ friendlyName: friendlyName(255) }),
    run: (settings, { twilio }) => twilio.voice.v1.connectionPolicies.create(settings),
    returns: POLICY,
  }),
  tool({
    name: 'twilio_voice_config_update_connection_policy',
    title: 'Rename connection policy',
    description: 'Rename a connection policy. To change where it sends calls use update_policy_target.',
    ...updates('voice_v1:UpdateConnectionPolicy'),
    input: () => ({ policySid: policySid(), friendlyName: friendlyName(255) }),
    run: ({ policySid, ...settings }, { twilio }) => twilio.voice.v1.connectionPolicies(policySid).update(settings),
    returns: POLICY,
  }),
  tool({
    name: 'twilio_voice_config_delete_connection_policy',
    title: 'Delete connection policy',
    description:
      'Delete a connection policy and its targets permanently. First move BYOC trunks that use it to another with update_byoc_trunk.',
    ...deletes('voice_v1:DeleteConnectionPolicy'),
    input: () => ({ policySid: policySid() }),
    run: ({ policySid }, { twilio }) => twilio.voice.v1.connectionPolicies(policySid).remove(),
  }),
  tool({
    name: TARGETS,
    title: 'List connection policy targets',
    description: 'List the SIP addresses that a connection policy sends calls to.',
    ...reads('voice_v1:ListConnectionPolicyTarget'),
    input: () => ({ policySid: policySid(), ...paging(1000) }),
    run: ({ policySid, ...position }, { twilio }) =>
      page(twilio.voice.v1.connectionPolicies(policySid).targets, position),
    returns: TARGET,
  }),
  tool({
    name: 'twilio_voice_config_create_policy_target',
    title: 'Create connection policy target',
    description: 'Add a SIP address to a connection policy, which sends calls to it at once.',
    ...grants({ checkWith: TARGETS }, 'voice_v1:CreateConnectionPolicyTarget'),
    input: () => ({
      policySid: policySid(),
      target: sipAddress(),
      friendlyName: friendlyName(255).optional(),
      priority: priority('; default 10').optional(),
      weight: weight('; default 10').optional(),
      enabled: enabled('; default true').optional(),
    }),
    run: ({ policySid, ...settings }, { twilio }) =>
      twilio.voice.v1.connectionPolicies(policySid).targets.create(settings),
    returns: TARGET,
  }),
  tool({
    name: 'twilio_voice_config_update_policy_target',
    title: 'Update connection policy target',
    description:
      'Change a target of a connection policy, or pause it with enabled false. Omitted settings stay unchanged.',
    ...grants({ checkWith: 'twilio_voice_config_list_policy_targets' }, 'voice_v1:UpdateConnectionPolicyTarget'),
    input: () => ({
      ...policyTarget(),
      target: sipAddress().optional(),
      friendlyName: friendlyName(255).optional(),
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
    title: 'Delete connection policy target',
    description: 'Delete a target of a connection policy permanently. To pause it instead use update_policy_target.',
    ...deletes('voice_v1:DeleteConnectionPolicyTarget'),
    input: policyTarget,
    run: ({ policySid, targetSid }, { twilio }) =>
      twilio.voice.v1.connectionPolicies(policySid).targets(targetSid).remove(),
  }),
];
