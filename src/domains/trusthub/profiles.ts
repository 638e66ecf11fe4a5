import { page, paging } from '../../paging';
import { sid, string } from '../../params';
import { creates, deletes, grants, reads, tool } from '../../tool';
import {
  assignedNumber,
  assignedObject,
  BUNDLE,
  BUNDLE_DETAILS,
  createFields,
  ENTITY,
  EVALUATION,
  filters,
  NUMBER,
  PHONE_NUMBER,
  updateFields,
} from './shared';

const customerProfileSid = (description: string) => sid('BU', description);

const PROFILES = 'twilio_trusthub_list_customer_profiles';
const ENTITIES = 'twilio_trusthub_list_profile_entity_assignments';
const NUMBERS = 'twilio_trusthub_list_profile_number_assignments';
const EVALUATIONS = 'twilio_trusthub_list_profile_evaluations';

export const profiles = [
  tool({
    name: PROFILES,
    title: 'List customer profiles',
    description: 'List customer profiles: the identities of the account and its customers that Twilio verifies.',
    ...reads('trusthub_v1:ListCustomerProfile'),
    input: () => ({ ...filters(), ...paging() }),
    run: (query, { twilio }) => page(twilio.trusthub.v1.customerProfiles, query),
    returns: BUNDLE,
  }),
  tool({
    name: 'twilio_trusthub_get_customer_profile',
    title: 'Get customer profile',
    description: 'Fetch one customer profile with its status and, if it was rejected, the errors.',
    ...reads('trusthub_v1:FetchCustomerProfile'),
    input: () => ({ customerProfileSid: customerProfileSid('Customer profile to fetch') }),
    run: ({ customerProfileSid }, { twilio }) => twilio.trusthub.v1.customerProfiles(customerProfileSid).fetch(),
    returns: BUNDLE_DETAILS,
  }),
  tool({
    name: 'twilio_trusthub_create_customer_profile',
    title: 'Create customer profile',
    description:
      'Create an empty customer profile as a draft. get_policy lists what it must contain; add each entity with create_profile_entity_assignment.',
    ...grants({ checkWith: PROFILES }, 'trusthub_v1:CreateCustomerProfile'),
    input: createFields,
    run: (profile, { twilio }) => twilio.trusthub.v1.customerProfiles.create(profile),
    returns: BUNDLE_DETAILS,
  }),
  tool({
    name: 'twilio_trusthub_update_customer_profile',
    title: 'Update customer profile',
    description:
      'Change a customer profile, or submit it for review with status pending-review. Evaluate it first with create_profile_evaluation.',
    ...grants({ checkWith: 'twilio_trusthub_get_customer_profile' }, 'trusthub_v1:UpdateCustomerProfile'),
    input: () => ({
      customerProfileSid: customerProfileSid('Customer profile to change or submit'),
      ...updateFields(),
    }),
    run: ({ customerProfileSid, ...changes }, { twilio }) =>
      twilio.trusthub.v1.customerProfiles(customerProfileSid).update(changes),
    returns: BUNDLE_DETAILS,
  }),
  tool({
    name: 'twilio_trusthub_delete_customer_profile',
    title: 'Delete customer profile',
    description:
      'Delete a customer profile permanently. Trust products built on it lose approval; its end users and documents remain.',
    ...deletes('trusthub_v1:DeleteCustomerProfile'),
    input: () => ({ customerProfileSid: customerProfileSid('Customer profile to delete') }),
    run: ({ customerProfileSid }, { twilio }) => twilio.trusthub.v1.customerProfiles(customerProfileSid).remove(),
  }),
  tool({
    name: ENTITIES,
    title: 'List customer profile entities',
    description:
      'List the end users (IT…), supporting documents (RD…) and customer profiles (BU…) assigned to a customer profile.',
    ...reads('trusthub_v1:ListCustomerProfileEntityAssignment'),
    input: () => ({
      customerProfileSid: customerProfileSid('Customer profile whose entities to list'),
      objectType: string('Only this end user or document type, by machineName', 64).optional(),
      ...paging(),
    }),
    run: ({ customerProfileSid, objectType, ...position }, { twilio }) =>
      page(twilio.trusthub.v1.customerProfiles(customerProfileSid).customerProfilesEntityAssignments, {
        objectType,
        ...position,
      }),
    returns: ENTITY,
  }),
  tool({
    name: 'twilio_trusthub_create_profile_entity_assignment',
    title: 'Add entity to customer profile',
    description: 'Add an end user, a supporting document or the primary profile to a customer profile.',
    ...creates({ checkWith: ENTITIES }, 'trusthub_v1:CreateCustomerProfileEntityAssignment'),
    input: () => ({
      customerProfileSid: customerProfileSid('Customer profile to add to'),
      objectSid: assignedObject(),
    }),
    run: ({ customerProfileSid, objectSid }, { twilio }) =>
      twilio.trusthub.v1.customerProfiles(customerProfileSid).customerProfilesEntityAssignments.create({ objectSid }),
    returns: ENTITY,
  }),
  tool({
    name: 'twilio_trusthub_delete_profile_entity_assignment',
    title: 'Remove entity from customer profile',
    description: 'Remove an end user, document or profile from a customer profile. The entity itself remains.',
    ...deletes('trusthub_v1:DeleteCustomerProfileEntityAssignment'),
    input: () => ({
      customerProfileSid: customerProfileSid('Customer profile to remove from'),
      assignmentSid: sid('BV', 'Assignment to delete, from list_profile_entity_assignments'),
    }),
    run: ({ customerProfileSid, assignmentSid }, { twilio }) =>
      twilio.trusthub.v1.customerProfiles(customerProfileSid).customerProfilesEntityAssignments(assignmentSid).remove(),
  }),
  tool({
    name: NUMBERS,
    title: 'List customer profile numbers',
    description: 'List the phone numbers assigned to a customer profile.',
    ...reads('trusthub_v1:ListCustomerProfileChannelEndpointAssignment'),
    input: () => ({ customerProfileSid: customerProfileSid('Customer profile whose numbers to list'), ...paging() }),
    run: ({ customerProfileSid, ...position }, { twilio }) =>
      page(twilio.trusthub.v1.customerProfiles(customerProfileSid).customerProfilesChannelEndpointAssignment, position),
    returns: NUMBER,
  }),
  tool({
    name: 'twilio_trusthub_create_profile_number_assignment',
    title: 'Assign number to customer profile',
    description:
      "Assign one of the account's numbers to an approved customer profile. Required before create_product_number_assignment.",
    ...creates({ checkWith: NUMBERS }, 'trusthub_v1:CreateCustomerProfileChannelEndpointAssignment'),
    input: () => ({
      customerProfileSid: customerProfileSid('Approved customer profile'),
      phoneNumberSid: assignedNumber(),
    }),
    run: ({ customerProfileSid, phoneNumberSid }, { twilio }) =>
      twilio.trusthub.v1
        .customerProfiles(customerProfileSid)
        .customerProfilesChannelEndpointAssignment.create({
          channelEndpointType: PHONE_NUMBER,
          channelEndpointSid: phoneNumberSid,
        }),
    returns: NUMBER,
  }),
  tool({
    name: 'twilio_trusthub_delete_profile_number_assignment',
    title: 'Remove number from customer profile',
    description: 'Remove a number from a customer profile. The number stays in the account.',
    ...deletes('trusthub_v1:DeleteCustomerProfileChannelEndpointAssignment'),
    input: () => ({
      customerProfileSid: customerProfileSid('Customer profile to remove from'),
      assignmentSid: sid('RA', 'Assignment to delete, from list_profile_number_assignments'),
    }),
    run: ({ customerProfileSid, assignmentSid }, { twilio }) =>
      twilio.trusthub.v1
        .customerProfiles(customerProfileSid)
        .customerProfilesChannelEndpointAssignment(assignmentSid)
        .remove(),
  }),
  tool({
    name: EVALUATIONS,
    title: 'List customer profile evaluations',
    description: 'List past evaluations of a customer profile. To run a new one, use create_profile_evaluation.',
    ...reads('trusthub_v1:ListCustomerProfileEvaluation'),
    input: () => ({
      customerProfileSid: customerProfileSid('Customer profile whose evaluations to list'),
      ...paging(),
    }),
    run: ({ customerProfileSid, ...position }, { twilio }) =>
      page(twilio.trusthub.v1.customerProfiles(customerProfileSid).customerProfilesEvaluations, position),
    returns: EVALUATION,
  }),
  tool({
    name: 'twilio_trusthub_create_profile_evaluation',
    title: 'Evaluate customer profile',
    description: 'Check a customer profile against its policy before you submit it: returns what is missing.',
    ...creates({ checkWith: EVALUATIONS }, 'trusthub_v1:CreateCustomerProfileEvaluation'),
    input: () => ({
      customerProfileSid: customerProfileSid('Customer profile to evaluate'),
      policySid: sid('RN', 'Policy to check against'),
    }),
    run: ({ customerProfileSid, policySid }, { twilio }) =>
      twilio.trusthub.v1.customerProfiles(customerProfileSid).customerProfilesEvaluations.create({ policySid }),
    returns: EVALUATION,
  }),
];
