/**
 * Trust Hub: policies, customer profiles and trust products, their evaluation and review. The policies are in
 * data/trusthub-policies.json. https://www.twilio.com/docs/trust-hub/trusthub-rest-api
 */
import { words } from '../../src/params';
import { targetResources } from '../collection';
import POLICIES from '../data/trusthub-policies.json';
import { badRequest, notFound } from '../errors';
import type { Properties } from '../json';
import { advance } from '../lifecycle';
import { listResponse } from '../lists';
import type { ResourceSeed } from '../seed-resource';
import { fixedSid } from '../sids';
import type { StoredResource } from '../store';
import { collectionRoot } from '../targets';
import type { Lifecycle, OperationRule, SandboxRequest } from '../types';
import { type BundleItem, type Evaluation, evaluate, fieldName, grouped, type Requirements } from './evaluation';
import { ACCOUNTS_PATH, ownedNumbers } from './phone';
import { reviewed, submitForReview } from './reviews';
import { fetchTable, listTable } from './tables';

const TRUSTHUB_HOST = 'trusthub.twilio.com';
const TRUSTHUB_URL = `https://${TRUSTHUB_HOST}/v1`;

interface Policy extends Properties {
  sid: string;
  friendly_name: string;
  requirements: Requirements;
}

const ALL_POLICIES: Policy[] = POLICIES.map(({ sid, name, endUsers, documents, profiles }) => ({
  sid,
  friendly_name: name,
  requirements: {
    end_user: endUsers.map(({ type, name, fields }) => ({
      url: `/EndUserTypes/${type}`,
      fields: words(fields),
      type,
      name,
      requirement_name: type,
    })),
    supporting_trust_products: [],
    supporting_document: [
      documents.map((document) => ({
        description: document.name,
        type: 'document',
        name: document.name,
        accepted_documents: document.accepted.map((type) => ({
          url: `/SupportingDocumentTypes/${type}`,
          fields: ['address_sids'],
          type,
          name: document.name,
        })),
        requirement_name: document.requirement,
      })),
    ],
    supporting_customer_profiles: profiles.map(([type, name, requirement_name]) => ({
      type: type!,
      name: name!,
      requirement_name: requirement_name!,
    })),
  },
  url: `${TRUSTHUB_URL}/Policies/${sid}`,
}));

const [PRIMARY] = ALL_POLICIES as [Policy];

/** Types of end user or document with the fields that policies ask for. */
function typeTable(kind: string, entries: readonly { type: string; name: string; fields: readonly string[] }[]) {
  return [...grouped(entries, ({ type }) => type)].map(([machine_name, [first]]) => {
    const sid = fixedSid('OY', `${kind} ${machine_name}`);
    const constraint = machine_name.endsWith('_address') ? 'List' : 'String';
    const fields = first!.fields.map((field) => ({ machine_name: field, friendly_name: fieldName(field), constraint }));
    return { sid, friendly_name: fieldName(machine_name), machine_name, fields, url: `${TRUSTHUB_URL}/${kind}/${sid}` };
  });
}

const END_USER_TABLE = typeTable(
  'EndUserTypes',
  ALL_POLICIES.flatMap(({ requirements }) => requirements.end_user),
);
const DOCUMENT_TABLE = typeTable(
  'SupportingDocumentTypes',
  ALL_POLICIES.flatMap(({ requirements }) =>
    requirements.supporting_document.flat().flatMap(({ accepted_documents }) => accepted_documents),
  ),
);

// ---------------------------------------------------------------- profiles and products

const rootOf = (request: SandboxRequest): string =>
  `${collectionRoot(TRUSTHUB_HOST, request.accountSid, request.state)}/v1`;

const policyOf = ({ body }: StoredResource): Policy | undefined =>
  ALL_POLICIES.find(({ sid }) => sid === body.policy_sid);

/** A customer profile or trust product of the account, up to date. */
export function trustBundle(
  request: SandboxRequest,
  kind: 'CustomerProfiles' | 'TrustProducts',
  sid: unknown,
): StoredResource | undefined {
  const found = request.state.store.get(`${rootOf(request)}/${kind}`, String(sid));
  return found && advance(found, request);
}

/** The end users, documents and approved profiles in a profile or product. */
export function trustItems(request: SandboxRequest, bundle: StoredResource): BundleItem[] {
  return request.state.store.list(`${bundle.collection}/${bundle.id}/EntityAssignments`).flatMap(({ body }) => {
    const sid = String(body.object_sid);
    const found = assignedEntity(request, sid);
    if (!found) return [];
    if (!sid.startsWith('BU')) {
      return [{ sid, type: String(found.body.type), attributes: (found.body.attributes ?? {}) as Properties }];
    }
    const type = POLICIES.find((policy) => policy.sid === found.body.policy_sid)?.kind;
    return type && found.body.status === 'twilio-approved' ? [{ sid, type, attributes: {} }] : [];
  });
}

function assignedEntity(request: SandboxRequest, sid: string): StoredResource | undefined {
  if (sid.startsWith('BU')) return trustBundle(request, 'CustomerProfiles', sid);
  return request.state.store.get(
    `${rootOf(request)}/${sid.startsWith('IT') ? 'EndUsers' : 'SupportingDocuments'}`,
    sid,
  );
}

function evaluateProfile(request: SandboxRequest, bundle: StoredResource, { requirements }: Policy): Evaluation {
  return evaluate(requirements, trustItems(request, bundle), (sids) => {
    const addresses = `${ACCOUNTS_PATH}/${request.accountSid}/Addresses`;
    const missing = words(String([sids].flat())).find((sid) => !request.state.store.get(addresses, sid));
    return missing ? { failure_reason: `The Address ${missing} does not exist.`, error_code: 22219 } : undefined;
  });
}

const createProfile: OperationRule = {
  check(request) {
    const { PolicySid } = request.fields;
    const isProfile = request.operation.operationId === 'CreateCustomerProfile';
    const policy = POLICIES.find(({ sid }) => sid === PolicySid);
    if (request.state.options.lenient) return;
    if (!policy || policy.kind.includes('customer_profile') !== isProfile) {
      badRequest(20001, `PolicySid ${String(PolicySid)} is not a policy of this kind of bundle`);
    }
    if (PolicySid === PRIMARY.sid) {
      badRequest(
        20001,
        'This operation is restricted via API for Primary Customer Profiles. Use Twilio Console instead',
      );
    }
  },
  onCreate(_, { body }) {
    Object.assign(body, { status: 'draft', valid_until: null, errors: null, links: bundleLinks(String(body.url)) });
  },
};

function bundleLinks(url: string): Properties {
  const name = url.includes('/TrustProducts/') ? 'trust_products' : 'customer_profiles';
  return {
    [`${name}_entity_assignments`]: `${url}/EntityAssignments`,
    [`${name}_evaluations`]: `${url}/Evaluations`,
    [`${name}_channel_endpoint_assignment`]: `${url}/ChannelEndpointAssignments`,
  };
}

const submitProfile: OperationRule = {
  onUpdate(request, bundle) {
    const policy = policyOf(bundle);
    if (request.fields.Status !== 'pending-review' || !policy) return;
    const { status, results } = evaluateProfile(request, bundle, policy);
    const errors = results.filter(({ passed }) => !passed);
    const failure = errors.map(({ error_code, failure_reason }) => ({ code: error_code, message: failure_reason }));
    submitForReview(bundle, request.now, status === 'compliant' ? undefined : failure);
  },
};

const assignEntity: OperationRule = {
  check(request) {
    const sid = String(request.fields.ObjectSid);
    if (!assignedEntity(request, sid) && !request.state.options.lenient) throw notFound(`/v1/${sid}`);
  },
};

const listEntities: OperationRule = {
  respond(request) {
    const { ObjectType } = request.query;
    const matches = ({ body }: StoredResource) =>
      ObjectType === undefined || assignedEntity(request, String(body.object_sid))?.body.type === ObjectType;
    return listResponse(request, targetResources(request).filter(matches));
  },
};

const assignNumber: OperationRule = {
  check(request) {
    const sid = request.fields.ChannelEndpointSid;
    const isOwned = ownedNumbers(request.state, request.accountSid).some(({ id }) => id === sid);
    if (!isOwned && !request.state.options.lenient) throw notFound(`/v1/${String(sid)}`);
  },
};

const evaluateRule = (kind: 'CustomerProfiles' | 'TrustProducts', parameter: string): OperationRule => ({
  onCreate(request, { body }) {
    const bundle = trustBundle(request, kind, request.target.params[parameter]);
    const policy = ALL_POLICIES.find(({ sid }) => sid === request.fields.PolicySid);
    if (bundle && policy) Object.assign(body, { policy_sid: policy.sid, ...evaluateProfile(request, bundle, policy) });
  },
});

export const TRUSTHUB_RULES: Record<string, OperationRule> = {
  'trusthub_v1:ListPolicies': listTable(ALL_POLICIES),
  'trusthub_v1:FetchPolicies': fetchTable(ALL_POLICIES),
  'trusthub_v1:ListEndUserType': listTable(END_USER_TABLE),
  'trusthub_v1:FetchEndUserType': fetchTable(END_USER_TABLE),
  'trusthub_v1:ListSupportingDocumentType': listTable(DOCUMENT_TABLE),
  'trusthub_v1:FetchSupportingDocumentType': fetchTable(DOCUMENT_TABLE),
  'trusthub_v1:CreateCustomerProfile': createProfile,
  'trusthub_v1:CreateTrustProduct': createProfile,
  'trusthub_v1:UpdateCustomerProfile': submitProfile,
  'trusthub_v1:UpdateTrustProduct': submitProfile,
  'trusthub_v1:CreateCustomerProfileEntityAssignment': assignEntity,
  'trusthub_v1:CreateTrustProductEntityAssignment': assignEntity,
  'trusthub_v1:ListCustomerProfileEntityAssignment': listEntities,
  'trusthub_v1:ListTrustProductEntityAssignment': listEntities,
  'trusthub_v1:CreateCustomerProfileChannelEndpointAssignment': assignNumber,
  'trusthub_v1:CreateTrustProductChannelEndpointAssignment': assignNumber,
  'trusthub_v1:CreateCustomerProfileEvaluation': evaluateRule('CustomerProfiles', 'CustomerProfileSid'),
  'trusthub_v1:CreateTrustProductEvaluation': evaluateRule('TrustProducts', 'TrustProductSid'),
  'trusthub_v1:CreateSupportingDocument': {
    onCreate: (_, { body }) => void Object.assign(body, { status: 'draft', mime_type: null }),
  },
};

const reviewProfile: Lifecycle = reviewed('in-review', ({ body }, failure) => {
  body.status = failure ? 'twilio-rejected' : 'twilio-approved';
  body.errors = failure ?? null;
});

export const TRUSTHUB_LIFECYCLES: Record<string, Lifecycle> = {
  [`${TRUSTHUB_HOST}/v1/CustomerProfiles`]: reviewProfile,
  [`${TRUSTHUB_HOST}/v1/TrustProducts`]: reviewProfile,
};

// ---------------------------------------------------------------- the account's own profile

/** The account's approved primary profile: only the Console can create one. */
export function trusthubSeeds(): Omit<ResourceSeed, 'at'>[] {
  const sid = fixedSid('BU', 'primary');
  const entity = (type: string, attributes: Properties) => ({ sid: fixedSid('IT', type), type, attributes });
  const name = { first_name: 'Sam', last_name: 'Box', email: 'sam@example.com', phone_number: '+14155550123' };
  const endUsers = [
    entity('customer_profile_business_information', {
      business_name: 'Sandbox Inc.',
      business_type: 'Corporation',
      business_identity: 'direct_customer',
      business_industry: 'TECHNOLOGY',
      business_registration_identifier: 'EIN',
      business_registration_number: '12-3456789',
      business_regions_of_operation: 'USA_AND_CANADA',
      website_url: 'https://example.com',
    }),
    entity('authorized_representative_1', { ...name, business_title: 'CEO', job_position: 'CEO' }),
    entity('authorized_representative_2', { ...name, first_name: 'Kim', business_title: 'CFO', job_position: 'CFO' }),
  ];
  const documentSid = fixedSid('RD', 'primary');
  const profile = { sid, policy_sid: PRIMARY.sid, friendly_name: 'Sandbox Inc.', status: 'twilio-approved' };
  return [
    {
      fetchOperation: 'trusthub_v1:FetchCustomerProfile',
      known: {
        ...profile,
        email: 'sam@example.com',
        status_callback: null,
        valid_until: null,
        errors: null,
        links: bundleLinks(`${TRUSTHUB_URL}/CustomerProfiles/${sid}`),
      },
    },
    ...endUsers.map((known) => ({
      fetchOperation: 'trusthub_v1:FetchEndUser',
      known: { ...known, friendly_name: fieldName(known.type) },
    })),
    {
      fetchOperation: 'trusthub_v1:FetchSupportingDocument',
      known: {
        sid: documentSid,
        friendly_name: 'Office',
        type: 'customer_profile_address',
        status: 'twilio-approved',
        mime_type: null,
        attributes: { address_sids: fixedSid('AD', 'sandbox') },
      },
    },
    ...[...endUsers.map((endUser) => endUser.sid), documentSid].map((object_sid) => ({
      fetchOperation: 'trusthub_v1:FetchCustomerProfileEntityAssignment',
      params: { CustomerProfileSid: sid },
      known: { sid: fixedSid('BV', object_sid), customer_profile_sid: sid, object_sid },
    })),
  ];
}
