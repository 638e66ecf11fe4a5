import { clearableUrl, email, oneOf, sid, string, url, words } from '../../params';

/*
 * Customer profiles and trust products are both bundles of end users, documents and numbers, and take the same arguments.
 */

export const assignedObject = () =>
  sid('IT|RD|BU', 'End user, supporting document or approved customer profile to assign');
export const assignedNumber = () => sid('PN', 'Phone number of the account');

export const filters = () => ({
  status: oneOf(
    'Only with this status',
    words('draft pending-review in-review twilio-rejected twilio-approved'),
  ).optional(),
  friendlyName: string('Only with exactly this display name', 255).optional(),
  policySid: sid('RN', 'Only under this policy').optional(),
});

export const createFields = () => ({
  friendlyName: string('Display name', 255),
  email: email('Address notified of status changes'),
  policySid: sid('RN', 'Policy to comply with; cannot be changed later'),
  statusCallback: url('Webhook for status changes').optional(),
});

export const updateFields = () => ({
  friendlyName: string('New display name', 255).optional(),
  email: email('Address notified of status changes').optional(),
  statusCallback: clearableUrl('Webhook for status changes').optional(),
  status: oneOf('pending-review submits it for review', ['pending-review', 'draft']).optional(),
});

/** The only type of channel endpoint that the tools assign. */
export const PHONE_NUMBER = 'phone-number';

export const BUNDLE = ['sid', 'friendlyName', 'status', 'policySid', 'email', 'validUntil', 'dateUpdated'] as const;
export const BUNDLE_DETAILS = [...BUNDLE, 'errors', 'statusCallback', 'dateCreated'] as const;
export const ENTITY = ['sid', 'objectSid', 'dateCreated'] as const;
export const NUMBER = ['sid', 'channelEndpointType', 'channelEndpointSid', 'dateCreated'] as const;
export const EVALUATION = ['sid', 'status', 'policySid', 'results', 'dateCreated'] as const;
