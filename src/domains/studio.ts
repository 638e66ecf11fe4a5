import type { Twilio } from 'twilio';
import { ToolError } from '../errors';
import { page, paging } from '../paging';
import { address, boolean, dateTime, jsonObject, oneOf, pathName, sid, string, stringList } from '../params';
import { domain, tool } from '../tool';

const flowSid = () => sid('FW', 'Flow');
const execution = () => ({ flowSid: flowSid(), executionSid: sid('FN', 'Execution') });
const step = () => ({ ...execution(), stepSid: sid('FT', 'Step') });
const widgets = () => stringList('Only these widgets of the definition, by name', 100);
const name = () => string('Name', 256);
const flowStatus = () => oneOf('Only a published flow runs on calls and messages', ['draft', 'published']);
const definition = () => jsonObject('Flow as the Studio editor exports it: description, states, initial_state, flags');
const commitMessage = () => string('What changed', 256);

const FLOW = ['sid', 'friendlyName', 'status', 'revision', 'dateUpdated'] as const;
const SAVED = [...FLOW, 'valid', 'errors', 'warnings', 'webhookUrl'] as const;
const REVISION = ['revision', 'status', 'commitMessage', 'valid', 'dateCreated'] as const;
const EXECUTION = ['sid', 'status', 'contactChannelAddress', 'initiatedBy', 'dateCreated', 'dateUpdated'] as const;
const STEP = ['sid', 'name', 'type', 'transitionedFrom', 'transitionedTo', 'dateCreated'] as const;
const FLOWS = 'twilio_studio_list_studio_flows';
const EXECUTIONS = 'twilio_studio_list_executions';
/** Steps that go with the state of an execution; the rest is a list of its own. */
const STEPS_SHOWN = 100;

/** The flow with only the wanted widgets: a large definition does not fit into an answer. */
function narrow<F extends { definition: { states?: { name: string }[] } }>(flow: F, names?: readonly string[]): F {
  if (names === undefined) return flow;
  const states = flow.definition.states?.filter((state) => names.includes(state.name));
  return Object.assign(flow, { definition: { ...flow.definition, states } });
}

interface RevisionResource {
  revision: number;
  status: string;
  commit_message: string | null;
  valid: boolean;
  date_created: string;
}

/** The revisions of a flow as `page` takes them; the client's own page throws on the first one that it reads. */
const revisionsOf = ({ studio }: Twilio, flow: string) => ({
  page: async (options?: { pageSize?: number; pageToken?: string; pageNumber?: number }) => {
    const params = { PageSize: options?.pageSize, Page: options?.pageNumber, PageToken: options?.pageToken };
    const { revisions, meta } = await studio.v2.fetch({ method: 'get', uri: `/Flows/${flow}/Revisions`, params });
    return {
      instances: (revisions as RevisionResource[]).map(({ commit_message, date_created, ...rest }) => ({
        ...rest,
        commitMessage: commit_message,
        dateCreated: date_created,
      })),
      nextPageUrl: meta.next_page_url as string | undefined,
    };
  },
});

export const studio = domain({
  service: 'Studio',
  summary: 'Studio flows: start them for a person, see what their executions did, read and change their definitions.',
  instructions:
    'Find a flow with list_studio_flows and start it with trigger_flow, from TWILIO_PHONE_NUMBER unless told otherwise. What became of it: ' +
    'get_execution_status with includeSteps, then get_step_context. Before update_flow read the definition, change it, and try it with validate_flow.',
  tools: [
    tool({
      name: FLOWS,
      title: 'List flows',
      description: 'List the Studio flows of the account. The definition of one: get_flow.',
      effect: 'read',
      operations: ['studio_v2:ListFlow'],
      input: () => paging(),
      run: (position, { twilio }) => page(twilio.studio.v2.flows, {}, position),
      returns: FLOW,
    }),
    tool({
      name: 'twilio_studio_get_flow',
      title: 'Get flow',
      description:
        'Fetch the latest revision of a flow, draft or published, with its definition and the webhookUrl that numbers point to. Another revision: get_flow_revision.',
      effect: 'read',
      operations: ['studio_v2:FetchFlow'],
      input: () => ({ flowSid: flowSid(), widgets: widgets().optional() }),
      run: async ({ flowSid, widgets }, { twilio }) => narrow(await twilio.studio.v2.flows(flowSid).fetch(), widgets),
      returns: [...SAVED, 'commitMessage', 'definition'],
    }),
    tool({
      name: 'twilio_studio_create_flow',
      title: 'Create flow',
      description:
        'Create a flow from a definition. It runs on calls and messages once it is published and a number points to its webhookUrl.',
      effect: 'create',
      checkWith: FLOWS,
      operations: ['studio_v2:CreateFlow'],
      input: () => ({
        friendlyName: name(),
        status: flowStatus(),
        definition: definition(),
        commitMessage: commitMessage().optional(),
      }),
      run: (settings, { twilio }) => twilio.studio.v2.flows.create(settings),
      returns: SAVED,
    }),
    tool({
      name: 'twilio_studio_update_flow',
      title: 'Update flow',
      description:
        'Save a new revision of a flow; the definition replaces the whole one. Published, it is live at once for all who call or write; a draft leaves the live one.',
      effect: 'update',
      checkWith: 'twilio_studio_list_flow_revisions',
      operations: ['studio_v2:UpdateFlow'],
      input: () => ({
        flowSid: flowSid(),
        status: flowStatus(),
        friendlyName: name().optional(),
        definition: definition().optional(),
        commitMessage: commitMessage().optional(),
      }),
      run: ({ flowSid, ...settings }, { twilio }) => twilio.studio.v2.flows(flowSid).update(settings),
      returns: SAVED,
    }),
    tool({
      name: 'twilio_studio_validate_flow',
      title: 'Validate flow',
      description: 'Check a definition without saving it. To save it use create_flow or update_flow.',
      effect: 'read',
      operations: ['studio_v2:UpdateFlowValidate'],
      input: () => ({ friendlyName: name(), status: flowStatus(), definition: definition() }),
      run: (flow, { twilio }) => twilio.studio.v2.flowValidate.update(flow),
      returns: ['valid'],
    }),
    tool({
      name: 'twilio_studio_delete_flow',
      title: 'Delete flow',
      description:
        'Delete a flow for good, with its executions; numbers that point to it fail. To change what it does use update_flow.',
      effect: 'delete',
      operations: ['studio_v2:DeleteFlow'],
      input: () => ({ flowSid: flowSid() }),
      run: ({ flowSid }, { twilio }) => twilio.studio.v2.flows(flowSid).remove(),
    }),
    tool({
      name: 'twilio_studio_list_flow_revisions',
      title: 'List revisions of a flow',
      description: 'List what was ever saved of a flow, newest first. The definition of one: get_flow_revision.',
      effect: 'read',
      operations: ['studio_v2:ListFlowRevision'],
      input: () => ({ flowSid: flowSid(), ...paging() }),
      run: ({ flowSid, ...position }, { twilio }) => page(revisionsOf(twilio, flowSid), {}, position),
      returns: REVISION,
    }),
    tool({
      name: 'twilio_studio_get_flow_revision',
      title: 'Get revision of a flow',
      description: 'Fetch one revision of a flow with its definition, such as the one that is live (LatestPublished).',
      effect: 'read',
      operations: ['studio_v2:FetchFlowRevision'],
      input: () => ({
        flowSid: flowSid(),
        revision: pathName('Number, LatestPublished or LatestRevision'),
        widgets: widgets().optional(),
      }),
      run: async ({ flowSid, revision, widgets }, { twilio }) =>
        narrow(await twilio.studio.v2.flows(flowSid).revisions(revision).fetch(), widgets),
      returns: [...REVISION, 'friendlyName', 'errors', 'definition'],
    }),
    tool({
      name: 'twilio_studio_trigger_flow',
      title: 'Start flow',
      description:
        'Start a published flow for one person: it may call, write and cost money. Only one execution a person runs at a time. Follow it with get_execution_status.',
      effect: 'send',
      checkWith: EXECUTIONS,
      operations: ['studio_v2:CreateExecution'],
      input: () => ({
        flowSid: flowSid(),
        to: address('Person whom the flow calls or writes to'),
        from: address('Own number, or Messaging Service SID; default TWILIO_PHONE_NUMBER').optional(),
        parameters: jsonObject('Read in the flow as {{flow.data.<key>}}').optional(),
      }),
      run: ({ flowSid, to, from, parameters }, { twilio, config }) => {
        const sender = from ?? config.phoneNumber;
        if (sender === undefined) {
          throw new ToolError('No sender; nothing was started. Give `from`, or set TWILIO_PHONE_NUMBER.');
        }
        return twilio.studio.v2.flows(flowSid).executions.create({ to, from: sender, parameters });
      },
      returns: EXECUTION,
    }),
    tool({
      name: EXECUTIONS,
      title: 'List executions',
      description: 'List the executions of a flow, newest first: one for each call, message or trigger_flow.',
      effect: 'read',
      operations: ['studio_v2:ListExecution'],
      input: () => ({
        flowSid: flowSid(),
        status: oneOf('Only in this state', ['active', 'ended']).optional(),
        dateCreatedFrom: dateTime('Only begun at or after').optional(),
        dateCreatedTo: dateTime('Only begun before').optional(),
        ...paging(),
      }),
      run: ({ flowSid, limit, pageToken, ...filters }, { twilio }) =>
        page(twilio.studio.v2.flows(flowSid).executions, filters, { limit, pageToken }),
      returns: EXECUTION,
    }),
    tool({
      name: 'twilio_studio_get_execution_status',
      title: 'Get execution',
      description:
        'Fetch one execution: whether it still runs and, with includeSteps, the way it took. What it knows (answers, variables): get_execution_context.',
      effect: 'read',
      operations: ['studio_v2:FetchExecution', 'studio_v2:ListExecutionStep'],
      input: () => ({
        ...execution(),
        includeSteps: boolean(
          `Its first ${STEPS_SHOWN} steps; more with list_execution_steps and nextPageToken`,
        ).optional(),
      }),
      run: async ({ flowSid, executionSid, includeSteps }, { twilio }) => {
        const execution = twilio.studio.v2.flows(flowSid).executions(executionSid);
        const found = await execution.fetch();
        const steps = includeSteps ? await page(execution.steps, {}, { limit: STEPS_SHOWN }) : undefined;
        return {
          ...found,
          steps: steps?.items.map((step) => Object.fromEntries(STEP.map((field) => [field, step[field]]))),
          nextPageToken: steps?.nextPageToken,
        };
      },
      returns: [...EXECUTION, 'flowVersion', 'steps', 'nextPageToken'],
    }),
    tool({
      name: 'twilio_studio_end_execution',
      title: 'End execution',
      description: 'Stop an execution that hangs or waits, so that another can begin. Its record stays.',
      effect: 'update',
      operations: ['studio_v2:UpdateExecution'],
      input: execution,
      run: ({ flowSid, executionSid }, { twilio }) =>
        twilio.studio.v2.flows(flowSid).executions(executionSid).update({ status: 'ended' }),
      returns: EXECUTION,
    }),
    tool({
      name: 'twilio_studio_delete_execution',
      title: 'Delete execution',
      description: 'Delete an execution and its steps for good; one that runs ends. To only stop it use end_execution.',
      effect: 'delete',
      operations: ['studio_v2:DeleteExecution'],
      input: execution,
      run: ({ flowSid, executionSid }, { twilio }) => twilio.studio.v2.flows(flowSid).executions(executionSid).remove(),
    }),
    tool({
      name: 'twilio_studio_get_execution_context',
      title: 'Get context of an execution',
      description: 'Fetch all that an execution knows now: trigger, contact, answers and variables of its widgets.',
      effect: 'read',
      operations: ['studio_v2:FetchExecutionContext'],
      input: execution,
      run: ({ flowSid, executionSid }, { twilio }) =>
        twilio.studio.v2.flows(flowSid).executions(executionSid).executionContext().fetch(),
      returns: ['executionSid', 'context'],
      untrusted: ['context'],
    }),
    tool({
      name: 'twilio_studio_list_execution_steps',
      title: 'List steps of an execution',
      description: 'List the steps of an execution, newest first: from which widget to which, and on what event.',
      effect: 'read',
      operations: ['studio_v2:ListExecutionStep'],
      input: () => ({ ...execution(), ...paging() }),
      run: ({ flowSid, executionSid, ...position }, { twilio }) =>
        page(twilio.studio.v2.flows(flowSid).executions(executionSid).steps, {}, position),
      returns: STEP,
    }),
    tool({
      name: 'twilio_studio_get_execution_step',
      title: 'Get step of an execution',
      description: 'Fetch one step of an execution. What the flow knew then: get_step_context.',
      effect: 'read',
      operations: ['studio_v2:FetchExecutionStep'],
      input: step,
      run: ({ flowSid, executionSid, stepSid }, { twilio }) =>
        twilio.studio.v2.flows(flowSid).executions(executionSid).steps(stepSid).fetch(),
      returns: [...STEP, 'parentStepSid'],
    }),
    tool({
      name: 'twilio_studio_get_step_context',
      title: 'Get context of a step',
      description: 'Fetch what an execution knew when it took a step, errors of a widget included.',
      effect: 'read',
      operations: ['studio_v2:FetchExecutionStepContext'],
      input: step,
      run: ({ flowSid, executionSid, stepSid }, { twilio }) =>
        twilio.studio.v2.flows(flowSid).executions(executionSid).steps(stepSid).stepContext().fetch(),
      returns: ['stepSid', 'context'],
      untrusted: ['context'],
    }),
  ],
});
