/**
 * Regulatory compliance: which numbers need a bundle, what it must contain, and its review. The requirements are in
 * data/regulations.json; countries without an entry have none, which is true of the US and Canada.
 * https://www.twilio.com/docs/phone-numbers/regulatory/api
 */
import { words } from '../../src/params';
import REGULATIONS from '../data/regulations.json';
import { ApiError, badRequest, invalidRequest, notFound } from '../errors';
import type { Properties } from '../json';
import { advance } from '../lifecycle';
import { pageResponse } from '../lists';
import { fixedSid } from '../sids';
import type { StoredResource } from '../store';
import { collectionRoot } from '../targets';
import type { Lifecycle, OperationRule, SandboxRequest } from '../types';
import { ALL_COUNTRIES } from './countries';
import { type BundleItem, type Evaluation, evaluate, fieldName, grouped, type Requirements } from './evaluation';
import { ACCOUNTS_PATH, ownedNumbers } from './phone';
import { reviewed, submitForReview } from './reviews';
import { fetchTable, listTable } from './tables';

const NUMBERS_HOST = 'numbers.twilio.com';
const COMPLIANCE_PATH = '/v2/RegulatoryCompliance';
const URL_BASE = `https://${NUMBERS_HOST}${COMPLIANCE_PATH}`;

/** Twilio's own SIDs of regulations, where they are known. */
const KNOWN_SIDS: Record<string, string> = { 'DE local business': 'RNfd11dde5d4b7252abf96139766f68034' };

interface Regulation extends Properties {
  sid: string;
  friendly_name: string;
  iso_country: string;
  number_type: string;
  end_user_type: string;
  requirements: Requirements;
}

const DOCUMENT_NAMES: Record<string, string> = {
  commercial_registrar_excerpt: 'Excerpt from the commercial register',
  address: 'Address Validation',
};
const documentName = (type: string): string => DOCUMENT_NAMES[type] ?? fieldName(type);

const ALL_REGULATIONS: Regulation[] = REGULATIONS.flatMap(({ country, types, endUser, fields, documents }) =>
  types.map((type) => {
    const key = `${country} ${type} ${endUser}`;
    const sid = KNOWN_SIDS[key] ?? fixedSid('RN', key);
    const name = fieldName(endUser);
    return {
      sid,
      friendly_name: `${ALL_COUNTRIES.get(country)!.name}: ${fieldName(type)} - ${name}`,
      iso_country: country,
      number_type: type,
      end_user_type: endUser,
      requirements: {
        end_user: [
          {
            name,
            type: endUser,
            requirement_name: `${endUser}_info`,
            url: `${URL_BASE}/Regulations/${endUser}`,
            ...describeFields(fields),
          },
        ],
        supporting_document: [
          documents.map((document) => ({
            name: document.name,
            type: 'document',
            requirement_name: document.requirement,
            accepted_documents: words(document.accepted).map((accepted) => ({
              name: documentName(accepted),
              type: accepted,
              url: `${URL_BASE}/DocumentTypes/${accepted}`,
              ...describeFields(document.fields),
            })),
          })),
        ],
      },
      url: `${URL_BASE}/Regulations/${sid}`,
    };
  }),
);

function describeFields(list: string) {
  const fields = words(list);
  const detailed_fields = fields.map((machine_name) => ({ machine_name, friendly_name: fieldName(machine_name) }));
  return { fields, detailed_fields };
}

/** Types with the union of the fields that regulations ask for. */
function typesWithFields(
  kind: string,
  entries: readonly { type: string; name: string; fields: readonly string[] }[],
): Properties[] {
  return [...grouped(entries, ({ type }) => type)].map(([machine_name, same]) => {
    const sid = fixedSid('OY', machine_name);
    const fields = [...new Set(same.flatMap((one) => one.fields))];
    return {
      sid,
      friendly_name: same[0]!.name,
      machine_name,
      fields: fields.map((field) => ({ friendly_name: fieldName(field), machine_name: field, constraint: 'String' })),
      url: `${URL_BASE}/${kind}/${sid}`,
    };
  });
}

const END_USER_TYPES = typesWithFields(
  'EndUserTypes',
  ALL_REGULATIONS.flatMap(({ requirements }) => requirements.end_user),
);
const DOCUMENT_TYPES = typesWithFields(
  'SupportingDocumentTypes',
  ALL_REGULATIONS.flatMap(({ requirements }) =>
    requirements.supporting_document.flat().flatMap((document) => document.accepted_documents),
  ),
);

const listRegulations: OperationRule = {
  respond(request) {
    const { IsoCountry, NumberType, EndUserType } = request.query;
    const found = ALL_REGULATIONS.filter(
      ({ iso_country, number_type, end_user_type }) =>
        (IsoCountry === undefined || String(IsoCountry).toUpperCase() === iso_country) &&
        (NumberType === undefined || NumberType === number_type) &&
        (EndUserType === undefined || EndUserType === end_user_type),
    );
    return pageResponse(request, found);
  },
};

// ---------------------------------------------------------------- bundles

/** Where a resource of the account's Regulatory Compliance API is stored. */
const compliancePath = (request: SandboxRequest, rest: string): string =>
  `${collectionRoot(NUMBERS_HOST, request.accountSid, request.state)}${COMPLIANCE_PATH}/${rest}`;

const regulationOf = ({ body }: StoredResource): Regulation | undefined =>
  ALL_REGULATIONS.find(({ sid }) => sid === body.regulation_sid);

function requestedRegulation(request: SandboxRequest): Regulation | undefined {
  const { RegulationSid, IsoCountry, NumberType, EndUserType } = request.fields as Record<string, string>;
  if (RegulationSid) return ALL_REGULATIONS.find(({ sid }) => sid === RegulationSid);
  return ALL_REGULATIONS.find(
    ({ iso_country, number_type, end_user_type }) =>
      iso_country === IsoCountry?.toUpperCase() && number_type === NumberType && end_user_type === EndUserType,
  );
}

const createBundle: OperationRule = {
  check(request) {
    if (request.state.options.lenient || requestedRegulation(request)) return;
    const { IsoCountry, NumberType, EndUserType } = request.fields;
    throw invalidRequest([`No regulation for ${[IsoCountry, NumberType, EndUserType].join(' ')} numbers`]);
  },
  onCreate(request, { body, id }) {
    const url = `${URL_BASE}/Bundles/${id}`;
    Object.assign(body, {
      regulation_sid: requestedRegulation(request)?.sid ?? request.fields.RegulationSid ?? null,
      status: 'draft',
      valid_until: null,
      links: {
        evaluations: `${url}/Evaluations`,
        item_assignments: `${url}/ItemAssignments`,
        bundle_copies: `${url}/Copies`,
      },
    });
  },
};

function itemsOf(request: SandboxRequest, bundleSid: string): BundleItem[] {
  const { store } = request.state;
  return store.list(compliancePath(request, `Bundles/${bundleSid}/ItemAssignments`)).flatMap(({ body }) => {
    const sid = String(body.object_sid);
    const found = storedItem(request, sid);
    return found
      ? [{ sid, type: String(found.body.type), attributes: (found.body.attributes ?? {}) as Properties }]
      : [];
  });
}

const storedItem = (request: SandboxRequest, sid: string): StoredResource | undefined =>
  request.state.store.get(compliancePath(request, sid.startsWith('IT') ? 'EndUsers' : 'SupportingDocuments'), sid);

function evaluateBundle(request: SandboxRequest, bundle: StoredResource): Evaluation {
  const { requirements, iso_country } = regulationOf(bundle)!;
  const name = ALL_COUNTRIES.get(iso_country)!.name;
  return evaluate(requirements, itemsOf(request, bundle.id), (sids) => {
    const stored = [sids].flat().map((sid) => streetAddress(request, sid));
    if (stored.some((address) => !address)) {
      return { failure_reason: `The Address ${String(sids)} does not exist.`, error_code: 22219 };
    }
    if (stored.some((address) => address!.body.iso_country === iso_country)) return undefined;
    return { failure_reason: `The Address must be within ${name}.`, error_code: 18012 };
  });
}

const streetAddress = (request: SandboxRequest, sid: unknown): StoredResource | undefined =>
  request.state.store.get(`${ACCOUNTS_PATH}/${request.accountSid}/Addresses`, String(sid));

const updateBundle: OperationRule = {
  onUpdate(request, bundle) {
    if (request.fields.Status !== 'pending-review' || !regulationOf(bundle)) return;
    const { status } = evaluateBundle(request, bundle);
    submitForReview(bundle, request.now, status === 'compliant' ? undefined : status);
  },
};

/** Documents are reviewed with the bundle that contains them. */
const reviewBundle: Lifecycle = reviewed('in-review', (bundle, failure, state) => {
  bundle.body.status = failure ? 'twilio-rejected' : 'twilio-approved';
  const root = bundle.collection.replace(/\/Bundles$/, '');
  for (const { body } of state.store.list(`${bundle.collection}/${bundle.id}/ItemAssignments`)) {
    const document = state.store.get(`${root}/SupportingDocuments`, String(body.object_sid));
    if (document) document.body.status = bundle.body.status;
  }
});

export const REGULATORY_RULES: Record<string, OperationRule> = {
  'numbers_v2:ListRegulation': listRegulations,
  'numbers_v2:FetchRegulation': fetchTable(ALL_REGULATIONS),
  'numbers_v2:ListEndUserType': listTable(END_USER_TYPES),
  'numbers_v2:FetchEndUserType': fetchTable(END_USER_TYPES),
  'numbers_v2:ListSupportingDocumentType': listTable(DOCUMENT_TYPES),
  'numbers_v2:FetchSupportingDocumentType': fetchTable(DOCUMENT_TYPES),
  'numbers_v2:CreateBundle': createBundle,
  'numbers_v2:UpdateBundle': updateBundle,
  'numbers_v2:DeleteBundle': {
    check(request) {
      const used = ownedNumbers(request.state, request.accountSid).some(
        ({ body }) => body.bundle_sid === request.target.id,
      );
      if (used) badRequest(21648, 'The Regulatory Bundle cannot be deleted due to an active number assignment.');
    },
  },
  'numbers_v2:CreateItemAssignment': {
    check(request) {
      const sid = String(request.fields.ObjectSid);
      if (!storedItem(request, sid) && !request.state.options.lenient) throw notFound(`${COMPLIANCE_PATH}/${sid}`);
    },
  },
  'numbers_v2:CreateEvaluation': {
    onCreate(request, { body }) {
      const bundle = request.state.store.get(compliancePath(request, 'Bundles'), request.target.params.BundleSid!);
      const regulation = bundle && regulationOf(bundle);
      if (regulation) Object.assign(body, { regulation_sid: regulation.sid, ...evaluateBundle(request, bundle) });
    },
  },
  'numbers_v2:CreateSupportingDocument': {
    onCreate: (_, { body }) =>
      void Object.assign(body, { status: 'draft', mime_type: null, failure_reason: null, errors: null }),
  },
};

export const REGULATORY_LIFECYCLES: Record<string, Lifecycle> = {
  [`${NUMBERS_HOST}${COMPLIANCE_PATH}/Bundles`]: reviewBundle,
};

// ---------------------------------------------------------------- purchases

/**
 * What an address must be for a number: `local` means in its country. German local numbers also need one in their city.
 * https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
 */
export function addressRequirements(country: string, type: string): 'none' | 'any' | 'local' {
  const regulated = ALL_REGULATIONS.some((one) => one.iso_country === country && one.number_type === type);
  if (!regulated) return 'none';
  return country === 'GB' ? 'any' : 'local';
}

/** Rejects the purchase of a number whose bundle or address is missing or does not fit. @throws ApiError */
export function checkRegulation(
  request: SandboxRequest,
  number: { phone_number: string; iso_country: string; locality: string | null },
  type: string,
): void {
  const needed = addressRequirements(number.iso_country, type);
  if (needed === 'none' || request.state.options.lenient) return;
  const { BundleSid, AddressSid } = request.fields as Record<string, string | undefined>;
  if (!BundleSid) throw new ApiError(400, 21649, `Phone Number ${number.phone_number} requires a Bundle`);
  const bundle = request.state.store.get(compliancePath(request, 'Bundles'), BundleSid);
  if (!bundle) throw new ApiError(400, 21649, `Bundle [${BundleSid}] not found`);
  if (advance(bundle, request).body.status !== 'twilio-approved') {
    throw new ApiError(400, 21649, `Bundle [${BundleSid}] status is not twilio-approved`);
  }
  const { iso_country, number_type } = regulationOf(bundle)!;
  if (iso_country !== number.iso_country || number_type !== type) {
    throw new ApiError(400, 21649, `Bundle [${BundleSid}] is for ${iso_country} ${number_type} numbers`);
  }
  if (!AddressSid) throw new ApiError(400, 21631, 'Phone Number Requires an Address but the AddressSid was empty.');
  const address = streetAddress(request, AddressSid);
  if (!address) throw new ApiError(400, 21631, `Address ${AddressSid} was not found`);
  const isNear = number.iso_country !== 'DE' || type !== 'local' || address.body.city === number.locality;
  if (needed === 'local' && (address.body.iso_country !== number.iso_country || !isNear)) {
    throw new ApiError(400, 21615, `Phone Number ${number.phone_number} requires a local Address`);
  }
}
