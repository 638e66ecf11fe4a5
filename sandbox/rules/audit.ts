/** Monitor events: the audit trail of what requests change. */
import { isoSeconds } from '../dates';
import type { Properties } from '../json';
import { listNewestFirst } from '../lists';
import { seedResource } from '../seed-resource';
import { newSid } from '../sids';
import type { OperationRule, SandboxRequest, SandboxResponse } from '../types';
import { ACCOUNTS_PATH } from './phone';

const CHANGES = 'created updated deleted';

/** The resource type of Monitor's events and the changes that they report, by kind. */
const AUDITED: Record<string, [type: string, changes: string]> = {
  [ACCOUNTS_PATH]: ['account', CHANGES],
  [`${ACCOUNTS_PATH}/{}/Applications`]: ['application', CHANGES],
  [`${ACCOUNTS_PATH}/{}/Calls`]: ['call', 'deleted'],
  [`${ACCOUNTS_PATH}/{}/IncomingPhoneNumbers`]: ['phone-number', CHANGES],
  [`${ACCOUNTS_PATH}/{}/Messages`]: ['message', 'updated deleted'],
  [`${ACCOUNTS_PATH}/{}/Messages/{}/Media`]: ['message-media', 'deleted'],
  [`${ACCOUNTS_PATH}/{}/OutgoingCallerIds`]: ['caller-id', CHANGES],
  [`${ACCOUNTS_PATH}/{}/Recordings`]: ['recording', 'deleted'],
  [`${ACCOUNTS_PATH}/{}/SIP/CredentialLists`]: ['sip-credential-list', CHANGES],
  [`${ACCOUNTS_PATH}/{}/SIP/Domains`]: ['sip-domain', CHANGES],
  [`${ACCOUNTS_PATH}/{}/SIP/IpAccessControlLists`]: ['sip-ip-access-control-list', CHANGES],
  [`${ACCOUNTS_PATH}/{}/Transcriptions`]: ['transcription', 'deleted'],
  [`${ACCOUNTS_PATH}/{}/Usage/Triggers`]: ['usage-trigger', CHANGES],
};

const CHANGE_OF: Record<string, string | undefined> = { create: 'created', POST: 'updated', DELETE: 'deleted' };

/**
 * Notes the state of the resource that a request may change. The returned function, called with the response and the
 * caller's IP address, records what changed.
 */
export function auditRequest(request: SandboxRequest): (response: SandboxResponse, ipAddress: string) => void {
  const { target, operation, state } = request;
  const change = CHANGE_OF[target.role === 'create' ? 'create' : operation.method];
  const [type, changes] = AUDITED[target.kind] ?? [];
  if (!type || !change || !changes!.split(' ').includes(change)) return () => undefined;
  const find = (id?: string) => (id === undefined ? undefined : state.store.get(target.collection, id)?.body);
  const before = structuredClone(find(target.id) ?? {});
  return (response, ipAddress) => {
    const sid = String(target.id === undefined ? (response.body as Properties).sid : before.sid);
    const data = change === 'deleted' ? null : changedProperties(before, find(sid) ?? {});
    if (change === 'updated' && Object.keys(data!).length === 0) return;
    const resource = `https://api.twilio.com${target.path}${target.id === undefined ? `/${sid}` : ''}`;
    const known = {
      ...{ sid: newSid('AE'), account_sid: request.accountSid, description: null },
      ...{ actor_sid: request.accountSid, actor_type: 'account', source: 'api', source_ip_address: ipAddress },
      ...{ event_type: `${type}.${change}`, event_date: isoSeconds(new Date(request.now)), event_data: data },
      ...{ resource_sid: sid, resource_type: type },
      links: { actor: `https://${ACCOUNTS_PATH}/${request.accountSid}`, resource },
    };
    seedResource(state, { fetchOperation: 'monitor_v1:FetchEvent', known, at: request.now });
  };
}

/** The previous and the new value of each property that differs. */
function changedProperties(before: Properties, after: Properties): Properties {
  const isChanged = (name: string) =>
    !/^date_|^uri$|^subresource_uris$|^auth_token$/.test(name) &&
    JSON.stringify(before[name] || null) !== JSON.stringify(after[name] || null);
  const entries = Object.keys(after).filter(isChanged);
  return Object.fromEntries(
    entries.map((name) => [name, { previous: before[name] ?? null, updated: after[name] ?? null }]),
  );
}

export const AUDIT_RULES: Record<string, OperationRule> = { 'monitor_v1:ListEvent': { respond: listNewestFirst } };
