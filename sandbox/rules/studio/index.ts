/** Studio: flows are checked and keep their revisions, and executions run their widgets. */
import { targetResources } from '../../collection';
import { ApiError, badRequest } from '../../errors';
import { isJsonObject, jsonValue, type Properties } from '../../json';
import { advance } from '../../lifecycle';
import { listNewestFirst, listResponse } from '../../lists';
import { seedResource } from '../../seed-resource';
import { newSid } from '../../sids';
import type { StoredResource } from '../../store';
import type { Lifecycle, OperationRule, SandboxRequest, SandboxResponse, SandboxState } from '../../types';
import { definitionErrors, type FlowDefinition } from './definition';
import { advanceExecution, startExecution, type Trigger } from './executions';

const FLOW_KIND = 'studio.twilio.com/v2/Flows';
const EXECUTIONS = `${FLOW_KIND}/{}/Executions`;

// ---------------------------------------------------------------- flows

/** A published flow must be valid; a draft may have errors. */
function checkDefinition({ fields }: SandboxRequest): void {
  const errors = fields.Definition === undefined ? [] : definitionErrors(jsonValue(fields.Definition));
  if (errors.length === 0 || fields.Status !== 'published') return;
  throw new ApiError(400, 20001, 'Flow definition is invalid', { details: { errors, warnings: [] } });
}

/** Completes a new revision of a flow and keeps it. */
function saveRevision(request: SandboxRequest, flow: StoredResource): void {
  const { fields, accountSid, now, state } = request;
  const errors = definitionErrors(flow.body.definition);
  Object.assign(flow.body, {
    revision: Number(flow.internal.revision ?? 0) + 1,
    commit_message: fields.CommitMessage ?? null,
    author_sid: fields.AuthorSid ?? null,
    ...{ valid: errors.length === 0, errors, warnings: [] },
    webhook_url: webhookUrl(accountSid, flow.id),
  });
  addRevision(state, flow, now);
}

/** The URL that phone numbers call to run a flow. */
export const webhookUrl = (accountSid: string, flowSid: string): string =>
  `https://webhooks.twilio.com/v1/Accounts/${accountSid}/Flows/${flowSid}`;

/** Keeps the current state of a flow as one of its revisions. */
export function addRevision({ store }: SandboxState, flow: StoredResource, at: number): void {
  const { links: _, webhook_url, warnings, ...body } = structuredClone(flow.body);
  flow.internal.revision = body.revision;
  store.add({
    kind: `${FLOW_KIND}/{}/Revisions`,
    collection: `${flow.collection}/${flow.id}/Revisions`,
    id: String(body.revision),
    body: { ...body, url: `${String(body.url)}/Revisions/${String(body.revision)}` },
    at,
  });
}

/** The newest revision of a flow, or the newest one that is published. */
function latestRevision({ store }: SandboxState, collection: string, published: boolean): StoredResource | undefined {
  return store.list(collection).findLast(({ body }) => !published || body.status === 'published');
}

function resolveRevision({ target, state }: SandboxRequest): void {
  const name = target.id;
  if (name !== 'LatestPublished' && name !== 'LatestRevision') return;
  target.id = latestRevision(state, target.collection, name === 'LatestPublished')?.id ?? name;
}

// ---------------------------------------------------------------- executions

/** The collection of the flow's executions, and what its path starts with. */
const flowPath = ({ target }: SandboxRequest): string => target.collection.replace(/\/Executions.*$/, '');

function checkExecution(request: SandboxRequest): void {
  const { state, fields } = request;
  if (state.options.lenient) return;
  const published = latestRevision(state, `${flowPath(request)}/Revisions`, true);
  if (!published) badRequest(20001, 'The Flow has no published revision');
  for (const each of targetResources(request)) {
    if (each.body.status === 'active' && each.body.contact_channel_address === fields.To) {
      throw new ApiError(409, 20409, `Execution ${each.id} is already active for this contact`);
    }
  }
}

function completeExecution(request: SandboxRequest, execution: StoredResource): void {
  const { state, fields } = request;
  const { To, From } = fields;
  const given = jsonValue(fields.Parameters);
  const data = isJsonObject(given) ? given : {};
  const values = { request: { from: From, to: To, parameters: data } };
  execution.body.initiated_by = newSid('RQ');
  const flow = flowPath(request);
  runRevision(state, flow, execution, { event: 'incomingRequest', own: From, contact: To, values, data });
}

/** Completes a new execution and runs the published revision of its flow. */
function runRevision(state: SandboxState, flow: string, execution: StoredResource, trigger: Trigger): void {
  const revision = latestRevision(state, `${flow}/Revisions`, true);
  Object.assign(execution.body, {
    ...{ contact_channel_address: trigger.contact, contact_sid: newSid('FC') },
    ...{ flow_version: revision?.body.revision ?? null, status: 'active', context: {} },
  });
  const definition = revision?.body.definition;
  if (definition) startExecution(state, execution, definition as FlowDefinition, trigger);
}

/** The flow whose webhook a URL is. */
export const flowOf = ({ store }: SandboxState, url: string): StoredResource | undefined =>
  store.list(FLOW_KIND).find(({ body }) => body.webhook_url === url);

/** Starts an execution of a flow for a message or a call to one of the account's numbers. */
export function startFlow(state: SandboxState, flow: StoredResource, trigger: Trigger, now: number): StoredResource {
  const execution = seedResource(state, {
    fetchOperation: 'studio_v2:FetchExecution',
    params: { FlowSid: flow.id },
    known: { sid: newSid('FN'), flow_sid: flow.id, initiated_by: null },
    at: now,
  });
  runRevision(state, `${flow.collection}/${flow.id}`, execution, trigger);
  return execution;
}

/** The execution that a request is about, up to date. */
function executionOf(request: SandboxRequest): StoredResource | undefined {
  const { ExecutionSid = '' } = request.target.params;
  const found = request.state.store.get(`${flowPath(request)}/Executions`, ExecutionSid);
  return found && advance(found, request);
}

/** Answers with the data of an execution, or at one of its steps. */
function contextResponse(request: SandboxRequest): SandboxResponse | undefined {
  const execution = executionOf(request);
  const { FlowSid, ExecutionSid = '', StepSid } = request.target.params;
  const step = StepSid && request.state.store.get(`${flowPath(request)}/Executions/${ExecutionSid}/Steps`, StepSid);
  const context = (step || execution)?.internal.context;
  if (!isJsonObject(context)) return undefined;
  const url = `https://studio.twilio.com${request.target.path}`;
  const sids: Properties = { flow_sid: FlowSid, execution_sid: ExecutionSid, ...(StepSid && { step_sid: StepSid }) };
  return { status: 200, body: { account_sid: request.accountSid, ...sids, context, url } };
}

/** Continues the executions that wait for a message. Returns whether there are any. */
export function continueExecutions(state: SandboxState, message: StoredResource, now: number): boolean {
  const executions = state.store.ofKind(EXECUTIONS);
  for (const execution of executions) advanceExecution(execution, now, state);
  return executions.some(({ internal }) => internal.readSid === message.id);
}

export const STUDIO_RULES: Record<string, OperationRule> = {
  'studio_v2:CreateFlow': { check: checkDefinition, onCreate: saveRevision },
  'studio_v2:UpdateFlow': { check: checkDefinition, onUpdate: saveRevision },
  'studio_v2:UpdateFlowValidate': {
    respond(request) {
      checkDefinition({ ...request, fields: { ...request.fields, Status: 'published' } });
      return { status: 200, body: { valid: true } };
    },
  },
  'studio_v2:ListFlowRevision': { respond: (request) => listResponse(request, targetResources(request).reverse()) },
  'studio_v2:FetchFlowRevision': { check: resolveRevision },
  'studio_v2:CreateExecution': {
    check: checkExecution,
    onCreate: completeExecution,
    // Twilio answers before the first widget runs.
    decorate: (_, __, { body }) => void Object.assign(body as Properties, { status: 'active' }),
  },
  'studio_v2:ListExecution': { respond: listNewestFirst },
  'studio_v2:FetchExecutionContext': { respond: contextResponse },
  'studio_v2:ListExecutionStep': {
    respond(request) {
      executionOf(request);
      return listResponse(request, targetResources(request).reverse());
    },
  },
  'studio_v2:FetchExecutionStepContext': { respond: contextResponse },
};

export const STUDIO_LIFECYCLES: Record<string, Lifecycle> = { [EXECUTIONS]: advanceExecution };
