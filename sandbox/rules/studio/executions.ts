/** Executions of Studio flows: what their widgets do, and how they wait for replies. */
import { ApiError } from '../../errors';
import type { Properties } from '../../json';
import { seedResource } from '../../seed-resource';
import { newSid } from '../../sids';
import type { StoredResource } from '../../store';
import type { Lifecycle, SandboxState } from '../../types';
import type { Step } from '../call-script';
import { liveOf } from '../live-calls';
import { sendOutgoing } from '../outgoing';
import { ACCOUNTS_PATH, messagesOf } from '../phone';
import { CALL_WIDGET_EVENTS, stepsOfWidget } from './call-widgets';
import { type FlowDefinition, fillText, matchingTransition, type Transition, type Widget } from './definition';

/** A flow that takes more steps without waiting runs in circles. */
const MAX_WIDGETS = 1000;
const DEFAULT_REPLY_SECONDS = 3600;

/** What an execution keeps about itself. */
interface ExecutionProgress {
  definition: FlowDefinition;
  context: Properties;
  /** Name of the widget that waits. */
  waiting?: string;
  waitingSince?: number;
  messageSid?: string;
  /** The last message that the execution has read. */
  readSid?: string;
  lastStepSid?: string;
  /** The call that the flow runs, and what it does next. */
  callSid?: string;
  steps?: Step[];
}

/** What starts an execution. */
export interface Trigger {
  event: 'incomingRequest' | 'incomingMessage' | 'incomingCall';
  /** The account's address, and that of the person. */
  own: unknown;
  contact: unknown;
  /** The values that widgets find at `trigger`. */
  values: Properties;
  /** The data of a request. */
  data?: Properties;
  messageSid?: string;
  callSid?: string;
}

const progressOf = (execution: StoredResource): ExecutionProgress => execution.internal as unknown as ExecutionProgress;

/** Starts a new execution and runs it until it waits or ends. */
export function startExecution(
  state: SandboxState,
  execution: StoredResource,
  definition: FlowDefinition,
  { event, own, contact, values, data = {}, messageSid, callSid }: Trigger,
): void {
  const { flow_sid } = execution.body;
  Object.assign(progressOf(execution), {
    definition,
    callSid,
    readSid: messageSid,
    context: {
      trigger: values,
      contact: { channel: { address: contact } },
      flow: { sid: execution.id, flow_sid, channel: { address: own }, data, variables: {} },
      widgets: {},
    },
  });
  const trigger = definition.states.find(({ name }) => name === definition.initial_state);
  if (trigger) leave(state, execution, trigger, event, execution.createdAt);
}

/** Adds the step out of a widget and runs what follows. */
function leave(state: SandboxState, execution: StoredResource, from: Widget, event: string, at: number): void {
  const { definition } = progressOf(execution);
  let widget: Widget | undefined = from;
  let transition = transitionOf(widget, event);
  for (let count = 0; widget && count < MAX_WIDGETS; count++) {
    const next: string | undefined = transition?.next || undefined;
    addStep(state, execution, widget, transition?.event ?? event, next, at);
    widget = definition.states.find(({ name }) => name === next);
    if (!widget) break;
    transition = run(state, execution, widget, at);
    if (progressOf(execution).waiting) return;
  }
  Object.assign(execution.body, { status: 'ended', date_updated: new Date(at).toISOString() });
}

const transitionOf = ({ transitions }: Widget, event: string): Transition | undefined =>
  transitions.find((transition) => transition.event === event);

function addStep(
  state: SandboxState,
  execution: StoredResource,
  { name, type }: Widget,
  event: string,
  next: string | undefined,
  at: number,
): void {
  const progress = progressOf(execution);
  const { account_sid, flow_sid } = execution.body as Record<string, string>;
  const step = seedResource(state, {
    fetchOperation: 'studio_v2:FetchExecutionStep',
    params: { AccountSid: account_sid!, FlowSid: flow_sid!, ExecutionSid: execution.id },
    known: {
      ...{ sid: newSid('FT'), flow_sid, execution_sid: execution.id, parent_step_sid: progress.lastStepSid ?? null },
      ...{ name: event, type, transitioned_from: name, transitioned_to: next ?? 'Ended', context: {} },
    },
    at,
  });
  step.internal.context = structuredClone(progress.context);
  progress.lastStepSid = step.id;
}

/** Does what a widget does. Returns the transition that follows, unless the execution waits. */
function run(state: SandboxState, execution: StoredResource, widget: Widget, at: number): Transition | undefined {
  const progress = progressOf(execution);
  const { context } = progress;
  switch (widget.type) {
    case 'send-message':
      return transitionOf(widget, send(state, execution, widget, at) ? 'sent' : 'failed');
    case 'send-and-wait-for-reply': {
      const message = send(state, execution, widget, at);
      if (!message) return transitionOf(widget, 'deliveryFailure');
      Object.assign(progress, { waiting: widget.name, waitingSince: at, messageSid: message.id });
      return undefined;
    }
    case 'split-based-on':
      return matchingTransition(widget, context);
    case 'set-variables':
      setVariables(widget, context);
      return transitionOf(widget, 'next');
    default: {
      const steps = progress.callSid === undefined ? undefined : stepsOfWidget(widget, context);
      // The sandbox requests nothing from other hosts, and a call can only be acted on during a call.
      if (!steps) return widget.transitions.find(({ event }) => /^fail/i.test(event));
      Object.assign(progress, { waiting: widget.name, steps });
      return undefined;
    }
  }
}

/** Sends the message of a widget; undefined if Twilio would refuse it. */
function send(state: SandboxState, execution: StoredResource, widget: Widget, at: number): StoredResource | undefined {
  const { context } = progressOf(execution);
  const { properties } = widget;
  const accountSid = String(execution.body.account_sid);
  const From = fillText(properties.from ?? '{{flow.channel.address}}', context);
  const To = fillText(properties.to ?? '{{contact.channel.address}}', context);
  const Body = fillText(properties.body, context);
  const byService = From.startsWith('MG');
  const fields = { To, Body, ...(byService ? { MessagingServiceSid: From } : { From }) };
  let message: StoredResource;
  try {
    message = sendOutgoing(state, accountSid, fields, at);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    outputs(context, widget).outbound = { To, From, Body, ErrorCode: error.code, ErrorMessage: error.message };
    return undefined;
  }
  const { status, direction, num_segments } = message.body;
  const sent = { Sid: message.id, Status: status, Direction: direction, NumSegments: num_segments };
  outputs(context, widget).outbound = { ...sent, To, From, Body, AccountSid: accountSid };
  return message;
}

/** The values that a widget offers to later ones. */
function outputs(context: Properties, { name }: Widget): Properties {
  const widgets = context.widgets as Record<string, Properties>;
  widgets[name] ??= {};
  return widgets[name];
}

function setVariables(widget: Widget, context: Properties): void {
  const variables = (context.flow as Properties).variables as Properties;
  for (const { key, value } of (widget.properties.variables ?? []) as { key: string; value: unknown }[]) {
    variables[key] = fillText(value, context);
    outputs(context, widget)[key] = variables[key];
  }
}

/** What the call of an execution does next: the steps of the widget that the execution has reached, then the flow. */
export function callSteps(execution: StoredResource): Step[] {
  const progress = progressOf(execution);
  const { steps } = progress;
  progress.steps = undefined;
  return steps ? [...steps, { do: 'flow', execution: [execution.collection, execution.id] }] : [];
}

/** Goes on to the next widget of a call, at the end of the one that it has reached. Returns what the call does there. */
export function continueCall(state: SandboxState, [collection, id]: [string, string], at: number): Step[] {
  const execution = state.store.get(collection, id);
  const widget = execution && waitingWidget(execution);
  if (!widget) return [];
  progressOf(execution).waiting = undefined;
  leave(state, execution, widget, CALL_WIDGET_EVENTS[widget.type]!, at);
  return callSteps(execution);
}

const waitingWidget = (execution: StoredResource): Widget | undefined => {
  const { waiting, definition } = progressOf(execution);
  return execution.body.status === 'active' ? definition?.states.find(({ name }) => name === waiting) : undefined;
};

/** A caller who hangs up ends the widget that the call has reached. */
function hangUp(execution: StoredResource, widget: Widget, state: SandboxState): void {
  const progress = progressOf(execution);
  const call = state.store.get(`${ACCOUNTS_PATH}/${String(execution.body.account_sid)}/Calls`, progress.callSid!);
  if (!call || liveOf(call)) return;
  progress.waiting = undefined;
  leave(state, execution, widget, 'hangup', Date.parse(String(call.body.end_time)));
}

/** Continues an execution that got its reply, or waited too long for it, or whose call has ended. */
export const advanceExecution: Lifecycle = (execution, now, state) => {
  const progress = progressOf(execution);
  const widget = waitingWidget(execution);
  if (!widget) return;
  if (widget.type !== 'send-and-wait-for-reply') return hangUp(execution, widget, state);
  const { waitingSince = now, context } = progress;
  const messages = messagesOf(execution.body.account_sid);
  const sent = state.store.get(messages, progress.messageSid!);
  const { address } = (context.contact as { channel: { address: string } }).channel;
  const deadline = waitingSince + Number(widget.properties.timeout ?? DEFAULT_REPLY_SECONDS) * 1000;
  const reply = state.store
    .list(messages)
    .find(
      ({ id, body, createdAt }) =>
        body.direction === 'inbound' &&
        body.from === address &&
        id !== progress.readSid &&
        createdAt >= waitingSince &&
        createdAt <= deadline,
    );
  const failed = ['failed', 'undelivered'].includes(String(sent?.body.status));
  if (!reply && !failed && now < deadline) return;
  progress.waiting = undefined;
  if (reply) {
    progress.readSid = reply.id;
    const { sid, from, to, body, num_media } = reply.body;
    outputs(context, widget).inbound = { MessageSid: sid, From: from, To: to, Body: body, NumMedia: num_media };
  }
  const event = reply ? 'incomingMessage' : failed ? 'deliveryFailure' : 'timeout';
  leave(state, execution, widget, event, reply?.createdAt ?? (failed ? now : deadline));
};
