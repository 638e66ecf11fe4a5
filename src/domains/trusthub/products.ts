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

const trustProductSid = () => sid('BU', 'Trust product');

const PRODUCTS = 'twilio_trusthub_list_trust_products';
const ENTITIES = 'twilio_trusthub_list_product_entity_assignments';
const NUMBERS = 'twilio_trusthub_list_product_number_assignments';
const EVALUATIONS = 'twilio_trusthub_list_product_evaluations';

export const products = [
  tool({
    name: PRODUCTS,
    title: 'List trust products',
    description: 'List trust products: registrations for SHAKEN/STIR, CNAM, Voice Integrity or A2P messaging.',
    effect: 'read',
    operations: ['trusthub_v1:ListTrustProduct'],
    input: () => ({ ...filters(), ...paging() }),
    run: ({ limit, pageToken, ...filters }, { twilio }) =>
      page(twilio.trusthub.v1.trustProducts, filters, { limit, pageToken }),
    returns: BUNDLE,
  }),
  tool({
    name: 'twilio_trusthub_get_trust_product',
    title: 'Get trust product',
    description: 'Fetch one trust product with its state and, if rejected, the errors.',
    effect: 'read',
    operations: ['trusthub_v1:FetchTrustProduct'],
    input: () => ({ trustProductSid: trustProductSid() }),
    run: ({ trustProductSid }, { twilio }) => twilio.trusthub.v1.trustProducts(trustProductSid).fetch(),
    returns: BUNDLE_WHOLE,
  }),
  tool({
    name: 'twilio_trusthub_create_trust_product',
    title: 'Create trust product',
    description:
      'Create an empty trust product, as a draft. What it needs is in its policy (get_policy); put it in with create_product_entity_assignment.',
    effect: 'create',
    checkWith: PRODUCTS,
    operations: ['trusthub_v1:CreateTrustProduct'],
    input: creation,
    run: (product, { twilio }) => twilio.trusthub.v1.trustProducts.create(product),
    returns: BUNDLE_WHOLE,
  }),
  tool({
    name: 'twilio_trusthub_update_trust_product',
    title: 'Update trust product',
    description:
      'Change a trust product, or submit it for review with status pending-review: evaluate it first, with create_product_evaluation.',
    effect: 'update',
    operations: ['trusthub_v1:UpdateTrustProduct'],
    input: () => ({ trustProductSid: trustProductSid(), ...changes() }),
    run: ({ trustProductSid, ...changes }, { twilio }) =>
      twilio.trusthub.v1.trustProducts(trustProductSid).update(changes),
    returns: BUNDLE_WHOLE,
  }),
  tool({
    name: 'twilio_trusthub_delete_trust_product',
    title: 'Delete trust product',
    description: 'Delete a trust product for good: its numbers lose what it gave them. The parts in it stay.',
    effect: 'delete',
    operations: ['trusthub_v1:DeleteTrustProduct'],
    input: () => ({ trustProductSid: trustProductSid() }),
    run: ({ trustProductSid }, { twilio }) => twilio.trusthub.v1.trustProducts(trustProductSid).remove(),
  }),
  tool({
    name: ENTITIES,
    title: 'List parts of a trust product',
    description: 'List the end users (IT), documents (RD) and profiles (BU) in a trust product.',
    effect: 'read',
    operations: ['trusthub_v1:ListTrustProductEntityAssignment'],
    input: () => ({
      trustProductSid: trustProductSid(),
      objectType: string('Only of this end user or document type, by machineName', 64).optional(),
      ...paging(),
    }),
    run: ({ trustProductSid, objectType, ...position }, { twilio }) =>
      page(twilio.trusthub.v1.trustProducts(trustProductSid).trustProductsEntityAssignments, { objectType }, position),
    returns: ENTITY,
  }),
  tool({
    name: 'twilio_trusthub_create_product_entity_assignment',
    title: 'Put part into trust product',
    description: 'Put an end user, a document or an approved customer profile into a trust product.',
    effect: 'create',
    checkWith: ENTITIES,
    operations: ['trusthub_v1:CreateTrustProductEntityAssignment'],
    input: () => ({ trustProductSid: trustProductSid(), objectSid: assignedObject() }),
    run: ({ trustProductSid, objectSid }, { twilio }) =>
      twilio.trusthub.v1.trustProducts(trustProductSid).trustProductsEntityAssignments.create({ objectSid }),
    returns: ENTITY,
  }),
  tool({
    name: 'twilio_trusthub_delete_product_entity_assignment',
    title: 'Take part out of trust product',
    description: 'Take a part out of a trust product. The part itself stays.',
    effect: 'delete',
    operations: ['trusthub_v1:DeleteTrustProductEntityAssignment'],
    input: () => ({ trustProductSid: trustProductSid(), assignmentSid: sid('BV', 'Entity assignment') }),
    run: ({ trustProductSid, assignmentSid }, { twilio }) =>
      twilio.trusthub.v1.trustProducts(trustProductSid).trustProductsEntityAssignments(assignmentSid).remove(),
  }),
  tool({
    name: NUMBERS,
    title: 'List numbers of a trust product',
    description: 'List the phone numbers that a trust product applies to.',
    effect: 'read',
    operations: ['trusthub_v1:ListTrustProductChannelEndpointAssignment'],
    input: () => ({ trustProductSid: trustProductSid(), ...paging() }),
    run: ({ trustProductSid, ...position }, { twilio }) =>
      page(twilio.trusthub.v1.trustProducts(trustProductSid).trustProductsChannelEndpointAssignment, {}, position),
    returns: NUMBER,
  }),
  tool({
    name: 'twilio_trusthub_create_product_number_assignment',
    title: 'Assign number to trust product',
    description: 'Apply an approved trust product to an own number, which its customer profile has to hold already.',
    effect: 'create',
    checkWith: NUMBERS,
    operations: ['trusthub_v1:CreateTrustProductChannelEndpointAssignment'],
    input: () => ({ trustProductSid: trustProductSid(), phoneNumberSid: assignedNumber() }),
    run: ({ trustProductSid, phoneNumberSid }, { twilio }) =>
      twilio.trusthub.v1.trustProducts(trustProductSid).trustProductsChannelEndpointAssignment.create({
        channelEndpointType: PHONE_NUMBER,
        channelEndpointSid: phoneNumberSid,
      }),
    returns: NUMBER,
  }),
  tool({
    name: 'twilio_trusthub_delete_product_number_assignment',
    title: 'Take number from trust product',
    description: 'Stop applying a trust product to a number. The number stays in the account.',
    effect: 'delete',
    operations: ['trusthub_v1:DeleteTrustProductChannelEndpointAssignment'],
    input: () => ({ trustProductSid: trustProductSid(), assignmentSid: sid('RA', 'Number assignment') }),
    run: ({ trustProductSid, assignmentSid }, { twilio }) =>
      twilio.trusthub.v1.trustProducts(trustProductSid).trustProductsChannelEndpointAssignment(assignmentSid).remove(),
  }),
  tool({
    name: EVALUATIONS,
    title: 'List evaluations of a trust product',
    description: 'List past evaluations of a trust product. For a new one use create_product_evaluation.',
    effect: 'read',
    operations: ['trusthub_v1:ListTrustProductEvaluation'],
    input: () => ({ trustProductSid: trustProductSid(), ...paging() }),
    run: ({ trustProductSid, ...position }, { twilio }) =>
      page(twilio.trusthub.v1.trustProducts(trustProductSid).trustProductsEvaluations, {}, position),
    returns: EVALUATION,
  }),
  tool({
    name: 'twilio_trusthub_create_product_evaluation',
    title: 'Evaluate trust product',
    description: 'Check a trust product against its policy: says what is missing before it is submitted.',
    effect: 'create',
    checkWith: EVALUATIONS,
    operations: ['trusthub_v1:CreateTrustProductEvaluation'],
    input: () => ({ trustProductSid: trustProductSid(), policySid: policySid() }),
    run: ({ trustProductSid, policySid }, { twilio }) =>
      twilio.trusthub.v1.trustProducts(trustProductSid).trustProductsEvaluations.create({ policySid }),
    returns: EVALUATION,
  }),
];
