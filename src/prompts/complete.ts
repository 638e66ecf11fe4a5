import type { Complete } from './prompt';

/** Where an argument's values come from. A page each; people type on when theirs is not among them. */
const PAGE = { pageSize: 50 };

export const ownNumbers: Complete = async ({ twilio }) =>
  (await twilio.incomingPhoneNumbers.page(PAGE)).instances.map(({ phoneNumber }) => phoneNumber);

export const troubledMessages: Complete = async ({ twilio }) =>
  (await twilio.messages.page(PAGE)).instances.filter(({ errorCode }) => errorCode).map(({ sid }) => sid);

export const recentCalls: Complete = async ({ twilio }) =>
  (await twilio.calls.page(PAGE)).instances.map(({ sid }) => sid);

export const messagingServices: Complete = async ({ twilio }) =>
  (await twilio.messaging.v1.services.page(PAGE)).instances.map(({ sid }) => sid);

export const studioFlows: Complete = async ({ twilio }) =>
  (await twilio.studio.v2.flows.page(PAGE)).instances.map(({ sid }) => sid);

export const taskQueues: Complete = async ({ twilio, config }) => {
  if (!config.taskrouterWorkspaceSid) return [];
  const { taskQueues } = twilio.taskrouter.v1.workspaces(config.taskrouterWorkspaceSid);
  return (await taskQueues.page(PAGE)).instances.map(({ friendlyName }) => friendlyName);
};

export const months: Complete = () =>
  Array.from({ length: 12 }, (_, ago) => {
    const today = new Date();
    return new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - ago)).toISOString().slice(0, 7);
  });

export const countries: Complete = () => [
  ...['US', 'CA', 'GB', 'IE', 'DE', 'AT', 'CH', 'FR', 'ES', 'PT', 'IT', 'NL', 'BE', 'DK', 'SE', 'NO', 'FI', 'PL', 'CZ'],
  ...['AU', 'NZ', 'JP', 'SG', 'HK', 'IL', 'ZA', 'BR', 'MX', 'AR', 'CL', 'CO', 'PR'],
];

export const oneOf =
  (...values: readonly string[]): Complete =>
  () =>
    values;
