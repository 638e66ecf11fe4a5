import type { Completer } from './prompt';

/** One page of suggestions is enough: users can type any other value. */
const ONE_PAGE = { pageSize: 50 };

/** Phone numbers of the account, E.164. */
export const ownNumbers: Completer = async ({ twilio }) =>
  (await twilio.incomingPhoneNumbers.page(ONE_PAGE)).instances.map(({ phoneNumber }) => phoneNumber);

/** SIDs of recent messages with an error code. */
export const failedMessages: Completer = async ({ twilio }) =>
  (await twilio.messages.page(ONE_PAGE)).instances.filter(({ errorCode }) => errorCode).map(({ sid }) => sid);

/** SIDs of the newest calls. */
export const recentCalls: Completer = async ({ twilio }) =>
  (await twilio.calls.page(ONE_PAGE)).instances.map(({ sid }) => sid);

/** SIDs of Messaging Services. */
export const messagingServices: Completer = async ({ twilio }) =>
  (await twilio.messaging.v1.services.page(ONE_PAGE)).instances.map(({ sid }) => sid);

/** SIDs of Studio flows. */
export const studioFlows: Completer = async ({ twilio }) =>
  (await twilio.studio.v2.flows.page(ONE_PAGE)).instances.map(({ sid }) => sid);

/** Names of the queues in TWILIO_TASKROUTER_WORKSPACE_SID; empty without it. */
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

/** A completer of values that are known in advance. */
export const fixedValues =
  (...values: readonly string[]): Completer =>
  () =>
    values;

export const countryCodes = fixedValues(
  ...['US', 'CA', 'GB', 'IE', 'DE', 'AT', 'CH', 'FR', 'ES', 'PT', 'IT', 'NL', 'BE', 'DK', 'SE', 'NO', 'FI', 'PL', 'CZ'],
  ...['AU', 'NZ', 'JP', 'SG', 'HK', 'IL', 'ZA', 'BR', 'MX', 'AR', 'CL', 'CO', 'PR'],
);
