/** Calls in TaskRouter: callers who wait for a worker, and the calls that connect the two. */
import { seedResource } from '../../seed-resource';
import { newSid } from '../../sids';
import type { StoredResource } from '../../store';
import type { SandboxRequest } from '../../types';
import { placeCall, redirectCall } from '../call-progress';
import { type EnqueueStep, fetching, type Step } from '../call-script';
import { callFields } from '../callbacks';
import { liveCalls, liveOf } from '../live-calls';
import { ACCOUNTS_PATH, ownedNumbers } from '../phone';
import { endTask, parsedJson } from './routing';
import { startTask } from './tasks';
import { type Workspace, workspacePart, workspaceParts } from './workspace';

/** The step of a caller who waits for a worker; undefined for other calls. */
function waitingStep(call: StoredResource | undefined): EnqueueStep | undefined {
  const live = call && liveOf(call);
  return live?.step?.do === 'enqueue' && live.step.workflowSid && !live.bridgedTo ? live.step : undefined;
}

/** Makes tasks of the callers that <Enqueue> sent to a workflow, and cancels those of callers who hung up. */
export function followCallers(workspace: Workspace, now: number): void {
  for (const call of liveCalls(workspace.state)) {
    const step = waitingStep(call);
    const workflow = workspacePart(workspace, 'Workflows', step?.workflowSid);
    if (step && workflow && !call.internal.taskSid) addCallTask(workspace, call, step, workflow);
  }
  for (const task of workspaceParts(workspace, 'Tasks')) {
    const isWaiting = ['pending', 'reserved'].includes(String(task.body.assignment_status));
    const hasLeft = task.internal.callSid && !waitingStep(callOf(workspace, task));
    if (isWaiting && hasLeft) endTask(workspace, task, 'canceled', now, 'hangup');
  }
}

const callOf = ({ state, accountSid }: Workspace, task: StoredResource | undefined): StoredResource | undefined =>
  state.store.get(`${ACCOUNTS_PATH}/${accountSid}/Calls`, String(task?.internal.callSid));

const snakeCase = (name: string): string => name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();

/** The attributes of a call's task are what its TwiML says, and the parameters of the call. */
function addCallTask(
  workspace: Workspace,
  call: StoredResource,
  { task: given }: EnqueueStep,
  workflow: StoredResource,
) {
  const at = liveOf(call)!.since;
  const parameters = Object.entries(callFields(call)).map(([name, value]) => [snakeCase(name), value]);
  const attributes = JSON.stringify({ ...parsedJson(given), ...Object.fromEntries(parameters) });
  const task = seedResource(workspace.state, {
    fetchOperation: 'taskrouter_v1:FetchTask',
    params: { AccountSid: workspace.accountSid, WorkspaceSid: workspace.resource.id },
    known: {
      ...{ sid: newSid('WT'), workspace_sid: workspace.resource.id, attributes, priority: 0, timeout: 86_400 },
      ...{ routing_target: null, ignore_capacity: false, virtual_start_time: new Date(at).toISOString() },
    },
    at,
  });
  task.internal.callSid = call.id;
  call.internal.taskSid = task.id;
  startTask(workspace, task, { workflow, channel: workspacePart(workspace, 'TaskChannels', 'voice') }, at);
}

/** Makes the calls of an instruction that accepted a reservation. `to` is where the worker can be called. */
export function followInstruction(
  workspace: Workspace,
  task: StoredResource | undefined,
  to: string,
  { fields, state, now }: SandboxRequest,
): void {
  const { accountSid } = workspace;
  const { Instruction, From, DequeueFrom, CallFrom, CallUrl, RedirectCallSid, RedirectUrl } = fields as Record<
    string,
    string
  >;
  const caller = callOf(workspace, task);
  const waiting = waitingStep(caller) && caller;
  const own = waiting?.body.to ?? ownedNumbers(state, accountSid)[0]?.body.phone_number;
  const callWorker = (from: string | undefined, steps: Step[]) =>
    placeCall({ accountSid, to, from: String(from ?? own), direction: 'outbound-api', steps }, now, state);
  const conference: Step = {
    ...{ do: 'conference', name: String(task?.id), label: null, muted: false, callSidToCoach: null },
    ...{ startOnEnter: true, endOnExit: fields.EndConferenceOnExit === true, record: false },
  };
  switch (Instruction) {
    case 'dequeue':
      if (waiting) callWorker(DequeueFrom, [{ do: 'dialQueue', name: '', callSid: waiting.id, timeout: null }]);
      break;
    case 'conference':
      callWorker(From, [conference]);
      if (waiting) redirectCall(waiting, [{ ...conference, endOnExit: false }], now, state);
      break;
    case 'call':
      callWorker(CallFrom, fetching({ url: CallUrl! }));
      break;
    case 'redirect': {
      const parked = state.store.get(`${ACCOUNTS_PATH}/${accountSid}/Calls`, RedirectCallSid!);
      if (parked && liveOf(parked)) redirectCall(parked, fetching({ url: RedirectUrl! }), now, state);
    }
  }
}
