import type { Completer } from './prompt';

/** One page of suggestions is enough: users can type any other value. */
const ONE_PAGE = { pageSize: 50 };

export const ownNumbers: Completer = async ({ twilio }) =>
  (await twilio.incomingPhoneNumbers.page(ONE_PAGE)).instances.map(({ phoneNumber }) => phoneNumber);

export const failedMessages: Completer = async ({ twilio }) =>
  (await twilio.messages.page(ONE_PAGE)).instances.filter(({ errorCode }) => errorCode).map(({ sid }) => sid);

export const recentCalls: Completer = async ({ twilio }) =>
  (await twilio.calls.page(ONE_PAGE)).instances.map(({ sid }) => sid);

export const messagingServices: Completer = async ({ twilio }) =>
  (await twilio.messaging.v1.services.page(ONE_PAGE)).instances.map(({ sid }) => sid);

export const studioFlows: Completer = async ({ twilio }) =>
  (await twilio.studio.v2.flows.page(ONE_PAGE)).instances.map(({ sid }) => sid);

export const taskQueues: Completer = async ({ twilio, config }) => {
  if (!config.taskrouterWorkspaceSid) return [];
  const { taskQueues } = twilio.taskrouter.v1.workspaces(config.taskrouterWorkspaceSid);
  return (await taskQueues.page(ONE_PAGE)).instances.map(({ friendlyName }) => friendlyName);
};

/** The last twelve months as YYYY-MM, newest first. */
export const recentMonths: Completer = () =>
  Array.from({ length: 12 }, (_, ago) => {
    const today = new Date();
    return new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - ago)).toISOString().slice(0, 7);
  });

export const fixedValues =
  (...values: readonly string[]): Completer =>
  () =>
    values;

export const countryCodes = fixedValues(
  ...['US', 'CA', 'GB', 'IE', 'DE', 'AT', 'CH', 'FR', 'ES', 'PT', 'IT', 'NL', 'BE', 'DK', 'SE', 'NO', 'FI', 'PL', 'CZ'],
  ...['AU', 'NZ', 'JP', 'SG', 'HK', 'IL', 'ZA', 'BR', 'MX', 'AR', 'CL', 'CO', 'PR'],
);
