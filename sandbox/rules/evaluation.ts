/** Compares what a bundle contains with what its regulation or policy requires. */
import { words } from '../../src/params';
import type { Properties } from '../json';

interface Requirement {
  name: string;
  type: string;
  requirement_name: string;
}

interface ItemRequirement extends Requirement {
  /** Attributes that the item must have. */
  fields: readonly string[];
}

/** As the API shows the requirements of a regulation or policy. */
export interface Requirements {
  end_user: ItemRequirement[];
  supporting_document: (Requirement & { accepted_documents: Omit<ItemRequirement, 'requirement_name'>[] })[][];
  /** A type starts with that of an accepted profile. Requirements with the same name are alternatives. */
  supporting_customer_profiles?: Requirement[];
}

/** An end user, supporting document or customer profile in a bundle. */
export interface BundleItem {
  sid: string;
  type: string;
  attributes: Properties;
}

export interface Evaluation {
  status: 'compliant' | 'noncompliant';
  results: Properties[];
}

const OPTIONAL_FIELDS: readonly string[] = words(
  'comments notes social_media_profile_urls stock_exchange stock_ticker brand_contact_email',
);

/** The twilio.com/docs/api/errors codes of what is missing. */
const MISSING = { endUser: 22214, field: 22215, document: 22216, documentField: 22217, address: 22219 };

/** `business_name` → `Business Name` */
export const fieldName = (field: string): string =>
  field.replaceAll(/(^|_)(\w)/g, (_, gap: string, letter: string) => (gap ? ' ' : '') + letter.toUpperCase());

/**
 * Evaluates the items of a bundle. `addressError` says what is wrong with the addresses of a document; it returns
 * undefined if they can be used.
 */
export function evaluate(
  requirements: Requirements,
  items: readonly BundleItem[],
  addressError: (sids: unknown) => Shortcoming | undefined = () => undefined,
): Evaluation {
  const endUsers = requirements.end_user.map((requirement) => {
    const found = items.find(({ type, sid }) => type === requirement.type && sid.startsWith('IT'));
    const problem = (field: string) => {
      if (hasValue(found?.attributes[field])) return undefined;
      const name = fieldName(field);
      const reason = `The ${name} is missing. Please enter in a ${name} on the ${requirement.name} information.`;
      return { failure_reason: reason, error_code: MISSING.field };
    };
    const missing = `A ${requirement.name} End-User is missing. Please add one to the regulatory bundle.`;
    return result(requirement, requirement, found, problem, missing, MISSING.endUser);
  });
  const stated: Properties = Object.assign(
    {},
    ...items.map(({ sid, attributes }) => sid.startsWith('IT') && attributes),
  );
  const documents = requirements.supporting_document.flat().map((requirement) => {
    const evaluated = requirement.accepted_documents.flatMap((accepted) => {
      const found = items.filter(({ type, sid }) => type === accepted.type && sid.startsWith('RD'));
      const candidates = found.length > 0 ? found : [undefined];
      const missing = `A ${accepted.name} is missing. Please add one to the regulatory bundle.`;
      return candidates.map((document) => {
        const problem = (field: string) => documentProblem(field, accepted.name, document, stated, addressError);
        return result(requirement, accepted, document, problem, missing, MISSING.document);
      });
    });
    return evaluated.find(({ passed }) => passed) ?? evaluated.find(({ given }) => given) ?? evaluated[0]!;
  });
  const profiles = grouped(requirements.supporting_customer_profiles ?? [], ({ requirement_name }) => requirement_name);
  const vouching = [...profiles.values()].map((alternatives) => {
    const [requirement] = alternatives as [Requirement];
    const found = items.find(({ type }) => alternatives.some((accepted) => type === accepted.type));
    const missing = `A ${requirement.name} is missing. Please add one to the bundle.`;
    return result(requirement, { ...requirement, fields: [] }, found, () => undefined, missing, MISSING.endUser);
  });
  const results = [...endUsers, ...documents, ...vouching].map(({ given: _, ...shown }) => shown);
  return { status: results.every(({ passed }) => passed) ? 'compliant' : 'noncompliant', results };
}

/** The items by key, each group in their order. */
export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

const hasValue = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);

interface Shortcoming {
  failure_reason: string;
  error_code: number;
}

type Problem = (field: string) => Shortcoming | undefined;

function documentProblem(
  field: string,
  name: string,
  document: BundleItem | undefined,
  stated: Properties,
  addressError: (sids: unknown) => Shortcoming | undefined,
): Shortcoming | undefined {
  const value = document?.attributes[field];
  if (field === 'address_sids') {
    const failure_reason = `The Address is missing. Please enter in the address shown on the ${name}.`;
    return hasValue(value) ? addressError(value) : { failure_reason, error_code: MISSING.address };
  }
  const same = stated[field] === undefined || stated[field] === value;
  if (hasValue(value) && same) return undefined;
  const label = fieldName(field);
  const failure_reason = `The ${label} is missing. Or, it does not match the ${label} you entered within the end user's information. Please enter in the ${label} shown on the ${name} or make sure both ${label} fields use the same exact inputs.`;
  return { failure_reason, error_code: MISSING.documentField };
}

function result(
  requirement: Requirement,
  accepted: { name: string; type: string; fields: readonly string[] },
  item: BundleItem | undefined,
  problem: Problem,
  missing: string,
  code: number,
) {
  const fields = accepted.fields.filter(
    (field) => !OPTIONAL_FIELDS.includes(field) || hasValue(item?.attributes[field]),
  );
  const checked = fields.map((field) => ({
    friendly_name: fieldName(field),
    object_field: field,
    ...(problem(field) ?? { failure_reason: null, error_code: null }),
  }));
  const invalid = checked.filter(({ error_code }) => error_code !== null);
  const passed = item !== undefined && invalid.length === 0;
  const incomplete = `The ${accepted.name} is incomplete or does not match the other information.`;
  return {
    given: item !== undefined,
    friendly_name: accepted.name,
    object_type: accepted.type,
    passed,
    failure_reason: passed ? null : item ? incomplete : missing,
    error_code: passed ? null : item ? invalid[0]!.error_code : code,
    valid: checked.filter(({ error_code }) => error_code === null),
    invalid,
    requirement_friendly_name: requirement.name,
    requirement_name: requirement.requirement_name,
  };
}
