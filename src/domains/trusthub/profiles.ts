import { page, paging } from '../../paging';
import { sid, string } from '../../params';
import { tool } from '../../tool';
import {
  assignedNumber,
  assignedObject,
  BUNDLE,
  BUNDLE_WHOLE,
  changes,
  creation,
  ENTITY,
  EVALUATION,
  filters,
  NUMBER,
  PHONE_NUMBER,
  policySid,
} from './words';

const customerProfileSid = () => sid('BU', 'Customer profile');

const PROFILES = 'twilio_trusthub_list_customer_profiles';
const ENTITIES = 'twilio_trusthub_list_profile_entity_assignments';
const NUMBERS = 'twilio_trusthub_list_profile_number_assignments';
const EVALUATIONS = 'twilio_trusthub_list_profile_evaluations';

export const profiles = [
  tool({
    name: PROFILES,
    title: 'List customer profiles',
    description: 'List customer profiles: who the account or its customers are, as Twilio verifies it.',
    effect: 'read',
    operations: ['trusthub_v1:ListCustomerProfile'],
    input: () => ({ ...filters(), ...paging() }),
    run: ({ limit, pageToken, ...filters }, { twilio }) =>
      page(twilio.trusthub.v1.customerProfiles, filters, { limit, pageToken }),
    returns: BUNDLE,
  }),
  tool({
    name: 'twilio_trusthub_get_customer_profile',
    title: 'Get customer profile',
    description: 'Fetch one customer profile with its state and, if rejected, the errors.',
    effect: 'read',
    operations: ['trusthub_v1:FetchCustomerProfile'],
    input: () => ({ customerProfileSid: customerProfileSid() }),
    run: ({ customerProfileSid }, { twilio }) => twilio.trusthub.v1.customerProfiles(customerProfileSid).fetch(),
    returns: BUNDLE_WHOLE,
  }),
  tool({
    name: 'twilio_trusthub_create_customer_profile',
    title: 'Create customer profile',
    description:
      'Create an empty customer profile, as a draft. What it needs is in its policy (get_policy); put it in with create_profile_entity_assignment.',
    effect: 'create',
    checkWith: PROFILES,
    operations: ['trusthub_v1:CreateCustomerProfile'],
    input: creation,
    run: (profile, { twilio }) => twilio.trusthub.v1.customerProfiles.create(profile),
    returns: BUNDLE_WHOLE,
  }),
  tool({
    name: 'twilio_trusthub_update_customer_profile',
    title: 'Update customer profile',
    description:
      'Change a customer profile, or submit it for review with status pending-review: evaluate it first, with create_profile_evaluation.',
    effect: 'update',
    operations: ['trusthub_v1:UpdateCustomerProfile'],
    input: () => ({ customerProfileSid: customerProfileSid(), ...changes() }),
    run: ({ customerProfileSid, ...changes }, { twilio }) =>
      twilio.trusthub.v1.customerProfiles(customerProfileSid).update(changes),
    returns: BUNDLE_WHOLE,
  }),
  tool({
    name: 'twilio_trusthub_delete_customer_profile',
    title: 'Delete customer profile',
    description: 'Delete a customer profile for good: what builds on it loses its trust. The parts in it stay.',
    effect: 'delete',
    operations: ['trusthub_v1:DeleteCustomerProfile'],
    input: () => ({ customerProfileSid: customerProfileSid() }),
    run: ({ customerProfileSid }, { twilio }) => twilio.trusthub.v1.customerProfiles(customerProfileSid).remove(),
  }),
  tool({
    name: ENTITIES,
    title: 'List parts of a customer profile',
    description: 'List the end users (IT), documents (RD) and profiles (BU) in a customer profile.',
    effect: 'read',
    operations: ['trusthub_v1:ListCustomerProfileEntityAssignment'],
    input: () => ({
      customerProfileSid: customerProfileSid(),
      objectType: string('Only of this end user or document type, by machineName', 64).optional(),
      ...paging(),
    }),
    run: ({ customerProfileSid, objectType, ...position }, { twilio }) =>
      page(
        twilio.trusthub.v1.customerProfiles(customerProfileSid).customerProfilesEntityAssignments,
        { objectType },
        position,
      ),
    returns: ENTITY,
  }),
  tool({
    name: 'twilio_trusthub_create_profile_entity_assignment',
    title: 'Put part into customer profile',
    description: 'Put an end user, a document or the primary profile into a customer profile.',
    effect: 'create',
    checkWith: ENTITIES,
    operations: ['trusthub_v1:CreateCustomerProfileEntityAssignment'],
    input: () => ({ customerProfileSid: customerProfileSid(), objectSid: assignedObject() }),
    run: ({ customerProfileSid, objectSid }, { twilio }) =>
      twilio.trusthub.v1.customerProfiles(customerProfileSid).customerProfilesEntityAssignments.create({ objectSid }),
    returns: ENTITY,
  }),
  tool({
    name: 'twilio_trusthub_delete_profile_entity_assignment',
    title: 'Take part out of customer profile',
    description: 'Take a part out of a customer profile. The part itself stays.',
    effect: 'delete',
    operations: ['trusthub_v1:DeleteCustomerProfileEntityAssignment'],
    input: () => ({ customerProfileSid: customerProfileSid(), assignmentSid: sid('BV', 'Entity assignment') }),
    run: ({ customerProfileSid, assignmentSid }, { twilio }) =>
      twilio.trusthub.v1.customerProfiles(customerProfileSid).customerProfilesEntityAssignments(assignmentSid).remove(),
  }),
  tool({
    name: NUMBERS,
    title: 'List numbers of a customer profile',
    description: 'List the phone numbers that a customer profile vouches for.',
    effect: 'read',
    operations: ['trusthub_v1:ListCustomerProfileChannelEndpointAssignment'],
    input: () => ({ customerProfileSid: customerProfileSid(), ...paging() }),
    run: ({ customerProfileSid, ...position }, { twilio }) =>
      page(
        twilio.trusthub.v1.customerProfiles(customerProfileSid).customerProfilesChannelEndpointAssignment,
        {},
        position,
      ),
    returns: NUMBER,
  }),
  tool({
    name: 'twilio_trusthub_create_profile_number_assignment',
    title: 'Assign number to customer profile',
    description: 'Let an approved customer profile vouch for an own number, before a trust product can.',
    effect: 'create',
    checkWith: NUMBERS,
    operations: ['trusthub_v1:CreateCustomerProfileChannelEndpointAssignment'],
    input: () => ({ customerProfileSid: customerProfileSid(), phoneNumberSid: assignedNumber() }),
    run: ({ customerProfileSid, phoneNumberSid }, { twilio }) =>
      twilio.trusthub.v1.customerProfiles(customerProfileSid).customerProfilesChannelEndpointAssignment.create({
        channelEndpointType: PHONE_NUMBER,
        channelEndpointSid: phoneNumberSid,
      }),
    returns: NUMBER,
  }),
  tool({
    name: 'twilio_trusthub_delete_profile_number_assignment',
    title: 'Take number from customer profile',
    description: 'End that a customer profile vouches for a number. The number stays in the account.',
    effect: 'delete',
    operations: ['trusthub_v1:DeleteCustomerProfileChannelEndpointAssignment'],
    input: () => ({ customerProfileSid: customerProfileSid(), assignmentSid: sid('RA', 'Number assignment') }),
    run: ({ customerProfileSid, assignmentSid }, { twilio }) =>
      twilio.trusthub.v1
        .customerProfiles(customerProfileSid)
        .customerProfilesChannelEndpointAssignment(assignmentSid)
        .remove(),
  }),
  tool({
    name: EVALUATIONS,
    title: 'List evaluations of a customer profile',
    description: 'List past evaluations of a customer profile. For a new one use create_profile_evaluation.',
    effect: 'read',
    operations: ['trusthub_v1:ListCustomerProfileEvaluation'],
    input: () => ({ customerProfileSid: customerProfileSid(), ...paging() }),
    run: ({ customerProfileSid, ...position }, { twilio }) =>
      page(twilio.trusthub.v1.customerProfiles(customerProfileSid).customerProfilesEvaluations, {}, position),
    returns: EVALUATION,
  }),
  tool({
    name: 'twilio_trusthub_create_profile_evaluation',
    title: 'Evaluate customer profile',
    description: 'Check a customer profile against its policy: says what is missing before it is submitted.',
    effect: 'create',
    checkWith: EVALUATIONS,
    operations: ['trusthub_v1:CreateCustomerProfileEvaluation'],
    input: () => ({ customerProfileSid: customerProfileSid(), policySid: policySid() }),
    run: ({ customerProfileSid, policySid }, { twilio }) =>
      twilio.trusthub.v1.customerProfiles(customerProfileSid).customerProfilesEvaluations.create({ policySid }),
    returns: EVALUATION,
  }),
];
