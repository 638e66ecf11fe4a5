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

const trustProductSid = (description: string) => sid('BU', description);

const PRODUCTS = 'twilio_trusthub_list_trust_products';
const ENTITIES = 'twilio_trusthub_list_product_entity_assignments';
const NUMBERS = 'twilio_trusthub_list_product_number_assignments';
const EVALUATIONS = 'twilio_trusthub_list_product_evaluations';

export const products = [
  tool({
    name: PRODUCTS,
    title: 'List trust products',
    description: 'List trust products: registrations for SHAKEN/STIR, CNAM, Voice Integrity or A2P messaging.',
    ...reads('trusthub_v1:ListTrustProduct'),
    input: () => ({ ...filters(), ...paging() }),
    run: (query, { twilio }) => page(twilio.trusthub.v1.trustProducts, query),
    returns: BUNDLE,
  }),
  tool({
    name: 'twilio_trusthub_get_trust_product',
    title: 'Get trust product',
    description: 'Fetch one trust product with its status and, if it was rejected, the errors.',
    ...reads('trusthub_v1:FetchTrustProduct'),
    input: () => ({ trustProductSid: trustProductSid('Trust product to fetch') }),
    run: ({ trustProductSid }, { twilio }) => twilio.trusthub.v1.trustProducts(trustProductSid).fetch(),
    returns: BUNDLE_DETAILS,
  }),
  tool({
    name: 'twilio_trusthub_create_trust_product',
    title: 'Create trust product',
    description:
      'Create an empty trust product as a draft. get_policy lists what it must contain; add each entity with create_product_entity_assignment.',
    ...grants({ checkWith: PRODUCTS }, 'trusthub_v1:CreateTrustProduct'),
    input: createFields,
    run: (product, { twilio }) => twilio.trusthub.v1.trustProducts.create(product),
    returns: BUNDLE_DETAILS,
  }),
  tool({
    name: 'twilio_trusthub_update_trust_product',
    title: 'Update trust product',
    description:
      'Change a trust product, or submit it for review with status pending-review. Evaluate it first with create_product_evaluation.',
    ...grants({ checkWith: 'twilio_trusthub_get_trust_product' }, 'trusthub_v1:UpdateTrustProduct'),
    input: () => ({ trustProductSid: trustProductSid('Trust product to change or submit'), ...updateFields() }),
    run: ({ trustProductSid, ...changes }, { twilio }) =>
      twilio.trusthub.v1.trustProducts(trustProductSid).update(changes),
    returns: BUNDLE_DETAILS,
  }),
  tool({
    name: 'twilio_trusthub_delete_trust_product',
    title: 'Delete trust product',
    description:
      'Delete a trust product permanently. Its numbers lose what it granted; its end users and documents remain.',
    ...deletes('trusthub_v1:DeleteTrustProduct'),
    input: () => ({ trustProductSid: trustProductSid('Trust product to delete') }),
    run: ({ trustProductSid }, { twilio }) => twilio.trusthub.v1.trustProducts(trustProductSid).remove(),
  }),
  tool({
    name: ENTITIES,
    title: 'List trust product entities',
    description:
      'List the end users (IT…), supporting documents (RD…) and customer profiles (BU…) assigned to a trust product.',
    ...reads('trusthub_v1:ListTrustProductEntityAssignment'),
    input: () => ({
      trustProductSid: trustProductSid('Trust product whose entities to list'),
      objectType: string('Only this end user or document type, by machineName', 64).optional(),
      ...paging(),
    }),
    run: ({ trustProductSid, objectType, ...position }, { twilio }) =>
      page(twilio.trusthub.v1.trustProducts(trustProductSid).trustProductsEntityAssignments, {
        objectType,
        ...position,
      }),
    returns: ENTITY,
  }),
  tool({
    name: 'twilio_trusthub_create_product_entity_assignment',
    title: 'Add entity to trust product',
    description: 'Add an end user, a supporting document or an approved customer profile to a trust product.',
    ...creates({ checkWith: ENTITIES }, 'trusthub_v1:CreateTrustProductEntityAssignment'),
    input: () => ({ trustProductSid: trustProductSid('Trust product to add to'), objectSid: assignedObject() }),
    run: ({ trustProductSid, objectSid }, { twilio }) =>
      twilio.trusthub.v1.trustProducts(trustProductSid).trustProductsEntityAssignments.create({ objectSid }),
    returns: ENTITY,
  }),
  tool({
    name: 'twilio_trusthub_delete_product_entity_assignment',
    title: 'Remove entity from trust product',
    description: 'Remove an end user, document or profile from a trust product. The entity itself remains.',
    ...deletes('trusthub_v1:DeleteTrustProductEntityAssignment'),
    input: () => ({
      trustProductSid: trustProductSid('Trust product to remove from'),
      assignmentSid: sid('BV', 'Assignment to delete, from list_product_entity_assignments'),
    }),
    run: ({ trustProductSid, assignmentSid }, { twilio }) =>
      twilio.trusthub.v1.trustProducts(trustProductSid).trustProductsEntityAssignments(assignmentSid).remove(),
  }),
  tool({
    name: NUMBERS,
    title: 'List trust product numbers',
    description: 'List the phone numbers assigned to a trust product.',
    ...reads('trusthub_v1:ListTrustProductChannelEndpointAssignment'),
    input: () => ({ trustProductSid: trustProductSid('Trust product whose numbers to list'), ...paging() }),
    run: ({ trustProductSid, ...position }, { twilio }) =>
      page(twilio.trusthub.v1.trustProducts(trustProductSid).trustProductsChannelEndpointAssignment, position),
    returns: NUMBER,
  }),
  tool({
    name: 'twilio_trusthub_create_product_number_assignment',
    title: 'Assign number to trust product',
    description:
      "Assign one of the account's numbers to an approved trust product. Its customer profile must have the number already: create_profile_number_assignment.",
    ...creates({ checkWith: NUMBERS }, 'trusthub_v1:CreateTrustProductChannelEndpointAssignment'),
    input: () => ({ trustProductSid: trustProductSid('Approved trust product'), phoneNumberSid: assignedNumber() }),
    run: ({ trustProductSid, phoneNumberSid }, { twilio }) =>
      twilio.trusthub.v1
        .trustProducts(trustProductSid)
        .trustProductsChannelEndpointAssignment.create({
          channelEndpointType: PHONE_NUMBER,
          channelEndpointSid: phoneNumberSid,
        }),
    returns: NUMBER,
  }),
  tool({
    name: 'twilio_trusthub_delete_product_number_assignment',
    title: 'Remove number from trust product',
    description: 'Remove a number from a trust product. The number stays in the account.',
    ...deletes('trusthub_v1:DeleteTrustProductChannelEndpointAssignment'),
    input: () => ({
      trustProductSid: trustProductSid('Trust product to remove from'),
      assignmentSid: sid('RA', 'Assignment to delete, from list_product_number_assignments'),
    }),
    run: ({ trustProductSid, assignmentSid }, { twilio }) =>
      twilio.trusthub.v1.trustProducts(trustProductSid).trustProductsChannelEndpointAssignment(assignmentSid).remove(),
  }),
  tool({
    name: EVALUATIONS,
    title: 'List trust product evaluations',
    description: 'List past evaluations of a trust product. To run a new one, use create_product_evaluation.',
    ...reads('trusthub_v1:ListTrustProductEvaluation'),
    input: () => ({ trustProductSid: trustProductSid('Trust product whose evaluations to list'), ...paging() }),
    run: ({ trustProductSid, ...position }, { twilio }) =>
      page(twilio.trusthub.v1.trustProducts(trustProductSid).trustProductsEvaluations, position),
    returns: EVALUATION,
  }),
  tool({
    name: 'twilio_trusthub_create_product_evaluation',
    title: 'Evaluate trust product',
    description: 'Check a trust product against its policy before you submit it: returns what is missing.',
    ...creates({ checkWith: EVALUATIONS }, 'trusthub_v1:CreateTrustProductEvaluation'),
    input: () => ({
      trustProductSid: trustProductSid('Trust product to evaluate'),
      policySid: sid('RN', 'Policy to check against'),
    }),
    run: ({ trustProductSid, policySid }, { twilio }) =>
      twilio.trusthub.v1.trustProducts(trustProductSid).trustProductsEvaluations.create({ policySid }),
    returns: EVALUATION,
  }),
];
