import { page, paging } from '../../paging';
import { boolean, country, dateTime, email, oneOf, sid, string, url } from '../../params';
import { tool } from '../../tool';
import { endUserType, numberType } from './words';

const bundleSid = () => sid('BU', 'Bundle');

const BUNDLE = ['sid', 'friendlyName', 'status', 'regulationSid', 'email', 'validUntil', 'dateUpdated'] as const;
const BUNDLE_WHOLE = [...BUNDLE, 'statusCallback', 'dateCreated'] as const;
const ITEM = ['sid', 'bundleSid', 'objectSid', 'dateCreated'] as const;
const EVALUATION = ['sid', 'status', 'regulationSid', 'results', 'dateCreated'] as const;
const BUNDLES = 'twilio_regulatory_list_regulatory_bundles';
const ITEMS = 'twilio_regulatory_list_bundle_item_assignments';
const EVALUATIONS = 'twilio_regulatory_list_bundle_evaluations';

export const bundles = [
  tool({
    name: BUNDLES,
    title: 'List bundles',
    description: 'List regulatory bundles, to find an approved one for a number or one that expires.',
    effect: 'read',
    operations: ['numbers_v2:ListBundle'],
    input: () => ({
      status: oneOf('Only in this state', [
        'draft',
        'pending-review',
        'in-review',
        'twilio-rejected',
        'twilio-approved',
        'provisionally-approved',
      ]).optional(),
      friendlyName: string('Only with exactly this name', 255).optional(),
      regulationSid: sid('RN', 'Only of this regulation').optional(),
      isoCountry: country('Only for numbers of this country').optional(),
      numberType: numberType('Only for this type of number').optional(),
      endUserType: endUserType('Only for this type of end user').optional(),
      hasValidUntilDate: boolean('Only those that expire, or not').optional(),
      validUntilDateBefore: dateTime('Only valid until then or less').optional(),
      validUntilDateAfter: dateTime('Only valid until then or more').optional(),
      ...paging(),
    }),
    run: ({ limit, pageToken, ...filters }, { twilio }) =>
      page(twilio.numbers.v2.regulatoryCompliance.bundles, filters, { limit, pageToken }),
    returns: BUNDLE,
  }),
  tool({
    name: 'twilio_regulatory_get_bundle_status',
    title: 'Get bundle status',
    description: 'Fetch one bundle and its state. What a rejected or draft one lacks: create_bundle_evaluation.',
    effect: 'read',
    operations: ['numbers_v2:FetchBundle'],
    input: () => ({ bundleSid: bundleSid() }),
    run: ({ bundleSid }, { twilio }) => twilio.numbers.v2.regulatoryCompliance.bundles(bundleSid).fetch(),
    returns: BUNDLE_WHOLE,
  }),
  tool({
    name: 'twilio_regulatory_create_regulatory_bundle',
    title: 'Create bundle',
    description:
      'Create an empty bundle, as a draft. What it needs is in its regulation; put it in with create_bundle_item_assignment.',
    effect: 'create',
    checkWith: BUNDLES,
    operations: ['numbers_v2:CreateBundle'],
    input: () => ({
      friendlyName: string('Name', 255),
      email: email('Hears of each new state'),
      isoCountry: country('Country of the numbers'),
      numberType: numberType('Type of the numbers'),
      endUserType: endUserType('Who uses the numbers'),
      regulationSid: sid('RN', 'Regulation; default that of the three').optional(),
      statusCallback: url('Receives each new state').optional(),
    }),
    run: (bundle, { twilio }) => twilio.numbers.v2.regulatoryCompliance.bundles.create(bundle),
    returns: BUNDLE_WHOLE,
  }),
  tool({
    name: 'twilio_regulatory_update_regulatory_bundle',
    title: 'Update bundle',
    description:
      'Change a bundle, or submit it for review with status pending-review: evaluate it first, with create_bundle_evaluation.',
    effect: 'update',
    operations: ['numbers_v2:UpdateBundle'],
    input: () => ({
      bundleSid: bundleSid(),
      friendlyName: string('Name', 255).optional(),
      email: email('Hears of each new state').optional(),
      statusCallback: url('Receives each new state').optional(),
      status: oneOf('pending-review submits it', ['pending-review', 'draft']).optional(),
    }),
    run: ({ bundleSid, ...changes }, { twilio }) =>
      twilio.numbers.v2.regulatoryCompliance.bundles(bundleSid).update(changes),
    returns: BUNDLE_WHOLE,
  }),
  tool({
    name: 'twilio_regulatory_delete_regulatory_bundle',
    title: 'Delete bundle',
    description: 'Delete a bundle for good. The end users and documents in it stay.',
    effect: 'delete',
    operations: ['numbers_v2:DeleteBundle'],
    input: () => ({ bundleSid: bundleSid() }),
    run: ({ bundleSid }, { twilio }) => twilio.numbers.v2.regulatoryCompliance.bundles(bundleSid).remove(),
  }),
  tool({
    name: ITEMS,
    title: 'List items of a bundle',
    description: 'List the end users (IT) and documents (RD) in a bundle.',
    effect: 'read',
    operations: ['numbers_v2:ListItemAssignment'],
    input: () => ({ bundleSid: bundleSid(), ...paging() }),
    run: ({ bundleSid, ...position }, { twilio }) =>
      page(twilio.numbers.v2.regulatoryCompliance.bundles(bundleSid).itemAssignments, {}, position),
    returns: ITEM,
  }),
  tool({
    name: 'twilio_regulatory_create_bundle_item_assignment',
    title: 'Put item into bundle',
    description: 'Put an end user or a supporting document into a draft bundle.',
    effect: 'create',
    checkWith: ITEMS,
    operations: ['numbers_v2:CreateItemAssignment'],
    input: () => ({ bundleSid: bundleSid(), objectSid: sid('IT|RD', 'End user or supporting document') }),
    run: ({ bundleSid, objectSid }, { twilio }) =>
      twilio.numbers.v2.regulatoryCompliance.bundles(bundleSid).itemAssignments.create({ objectSid }),
    returns: ITEM,
  }),
  tool({
    name: 'twilio_regulatory_delete_bundle_item_assignment',
    title: 'Take item out of bundle',
    description: 'Take an end user or a document out of a bundle. The item itself stays.',
    effect: 'delete',
    operations: ['numbers_v2:DeleteItemAssignment'],
    input: () => ({ bundleSid: bundleSid(), assignmentSid: sid('BV', 'Item assignment') }),
    run: ({ bundleSid, assignmentSid }, { twilio }) =>
      twilio.numbers.v2.regulatoryCompliance.bundles(bundleSid).itemAssignments(assignmentSid).remove(),
  }),
  tool({
    name: EVALUATIONS,
    title: 'List evaluations of a bundle',
    description: 'List past evaluations of a bundle. For a new one use create_bundle_evaluation.',
    effect: 'read',
    operations: ['numbers_v2:ListEvaluation'],
    input: () => ({ bundleSid: bundleSid(), ...paging() }),
    run: ({ bundleSid, ...position }, { twilio }) =>
      page(twilio.numbers.v2.regulatoryCompliance.bundles(bundleSid).evaluations, {}, position),
    returns: EVALUATION,
  }),
  tool({
    name: 'twilio_regulatory_create_bundle_evaluation',
    title: 'Evaluate bundle',
    description: 'Check a bundle against its regulation: says what is missing before it is submitted.',
    effect: 'create',
    checkWith: EVALUATIONS,
    operations: ['numbers_v2:CreateEvaluation'],
    input: () => ({ bundleSid: bundleSid() }),
    run: ({ bundleSid }, { twilio }) => twilio.numbers.v2.regulatoryCompliance.bundles(bundleSid).evaluations.create(),
    returns: EVALUATION,
  }),
];
