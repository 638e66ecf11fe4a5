import type { Twilio } from 'twilio';
import { part, ToolError } from '../errors';
import { page, paging } from '../paging';
import { address, boolean, jsonObject, oneOf, pathName, sid, string, stringList, timeRange, words } from '../params';
import { deletes, domain, grants, reads, sends, tool, updates } from '../tool';

const flowSid = () => sid('FW', 'Studio flow');
const execution = () => ({ flowSid: flowSid(), executionSid: sid('FN', 'Execution of the flow') });
const step = () => ({ ...execution(), stepSid: sid('FT', 'Step of the execution') });
const widgets = () => stringList('Names of the only widgets to return from the definition; default all', 100);
const friendlyName = () => string('Display name', 256);
const flowStatus = () => oneOf('published runs on calls and messages; draft does not', ['draft', 'published']);
const definition = () =>
  jsonObject('Whole flow as the Studio editor exports it, with "description", "states", "initial_state" and "flags"');
const commitMessage = () => string('Note on what changed in this revision', 256);

const FLOW = ['sid', 'friendlyName', 'status', 'revision', 'dateUpdated'] as const;
const FLOW_DETAILS = [...FLOW, 'valid', 'errors', 'warnings', 'webhookUrl'] as const;
const REVISION = ['revision', 'status', 'commitMessage', 'valid', 'dateCreated'] as const;
const EXECUTION = words('sid status contactChannelAddress contactSid initiatedBy dateCreated dateUpdated');
const STEP = ['sid', 'name', 'type', 'transitionedFrom', 'transitionedTo', 'dateCreated'] as const;
const FLOWS = 'twilio_studio_list_studio_flows';
const EXECUTIONS = 'twilio_studio_list_executions';
/** Maximum number of steps returned with an execution. */
const MAX_STEPS = 100;

/** The flow with only the named widgets: a large definition does not fit into a result. */
function selectWidgets<F extends { definition: { states?: { name: string }[] } | null }>(
  flow: F,
  names?: readonly string[],
): F {
  if (names === undefined) return flow;
  const states = flow.definition?.states?.filter((state) => names.includes(state.name));
  return Object.assign(flow, { definition: { ...flow.definition, states } });
}

interface RevisionResource {
  revision: number;
  status: string;
  commit_message: string | null;
  valid: boolean;
  date_created: string;
}

/** The revisions of a flow in the form that `page` takes; the page of the Twilio client throws on the first item. */
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
  summary: 'Studio flows: start them for a person, inspect their executions, read and change their definitions.',
  instructions:
    'Find a flow with list_studio_flows and start it with trigger_flow, which uses TWILIO_PHONE_NUMBER by default. To see what happened, call ' +
    'get_execution_status with includeSteps, then get_step_context. Before update_flow, read the definition, change it and check it with validate_flow.',
  tools: [
    tool({
      name: FLOWS,
      title: 'List Studio flows',
      description: 'List the Studio flows of the account. For the definition of one, use get_flow.',
      ...reads('studio_v2:ListFlow'),
      input: () => paging(),
      run: (position, { twilio }) => page(twilio.studio.v2.flows, position),
      returns: FLOW,
    }),
    tool({
      name: 'twilio_studio_get_flow',
      title: 'Get Studio flow',
      description:
        'Fetch the latest revision of a flow, draft or published, with its definition and the webhookUrl to set on phone numbers. For another revision, use get_flow_revision.',
      ...reads('studio_v2:FetchFlow'),
      input: () => ({ flowSid: flowSid(), widgets: widgets().optional() }),
      run: async ({ flowSid, widgets }, { twilio }) =>
        selectWidgets(await twilio.studio.v2.flows(flowSid).fetch(), widgets),
      returns: [...FLOW_DETAILS, 'commitMessage', 'definition'],
    }),
    tool({
      name: 'twilio_studio_create_flow',
      title: 'Create Studio flow',
      description:
        'Create a flow from a definition. It runs on calls and messages once it is published and a phone number uses its webhookUrl.',
      ...grants({ checkWith: FLOWS }, 'studio_v2:CreateFlow'),
      input: () => ({
        friendlyName: friendlyName(),
        status: flowStatus(),
        definition: definition(),
        commitMessage: commitMessage().optional(),
      }),
      run: (settings, { twilio }) => twilio.studio.v2.flows.create(settings),
      returns: FLOW_DETAILS,
    }),
    tool({
      name: 'twilio_studio_update_flow',
      title: 'Update Studio flow',
      description:
        'Save a new revision of a flow. A definition replaces the whole old one. With status published it is live immediately for everyone who calls or writes; a draft leaves the live revision unchanged.',
      ...grants({ checkWith: 'twilio_studio_list_flow_revisions' }, 'studio_v2:UpdateFlow'),
      input: () => ({
        flowSid: flowSid(),
        status: flowStatus(),
        friendlyName: friendlyName().optional(),
        definition: definition().optional(),
        commitMessage: commitMessage().optional(),
      }),
      run: ({ flowSid, ...settings }, { twilio }) => twilio.studio.v2.flows(flowSid).update(settings),
      returns: FLOW_DETAILS,
    }),
    tool({
      name: 'twilio_studio_validate_flow',
      title: 'Validate Studio flow',
      description: 'Check a flow definition without saving it. To save it, use create_flow or update_flow.',
      ...reads('studio_v2:UpdateFlowValidate'),
      input: () => ({ friendlyName: friendlyName(), status: flowStatus(), definition: definition() }),
      run: (flow, { twilio }) => twilio.studio.v2.flowValidate.update(flow),
      returns: ['valid'],
    }),
    tool({
      name: 'twilio_studio_delete_flow',
      title: 'Delete Studio flow',
      description:
        'Delete a flow permanently, with its executions. Phone numbers that use it fail. To change what it does, use update_flow.',
      ...deletes('studio_v2:DeleteFlow'),
      input: () => ({ flowSid: flowSid() }),
      run: ({ flowSid }, { twilio }) => twilio.studio.v2.flows(flowSid).remove(),
    }),
    tool({
      name: 'twilio_studio_list_flow_revisions',
      title: 'List Studio flow revisions',
      description:
        'List all saved revisions of a flow, newest first. For the definition of one, use get_flow_revision.',
      ...reads('studio_v2:ListFlowRevision'),
      input: () => ({ flowSid: flowSid(), ...paging() }),
      run: ({ flowSid, ...position }, { twilio }) => page(revisionsOf(twilio, flowSid), position),
      returns: REVISION,
    }),
    tool({
      name: 'twilio_studio_get_flow_revision',
      title: 'Get Studio flow revision',
      description: 'Fetch one revision of a flow with its definition, such as the live one (LatestPublished).',
      ...reads('studio_v2:FetchFlowRevision'),
      input: () => ({
        flowSid: flowSid(),
        revision: pathName('Revision number, LatestPublished or LatestRevision'),
        widgets: widgets().optional(),
      }),
      run: async ({ flowSid, revision, widgets }, { twilio }) =>
        selectWidgets(await twilio.studio.v2.flows(flowSid).revisions(revision).fetch(), widgets),
      returns: [...REVISION, 'friendlyName', 'errors', 'definition'],
    }),
    tool({
      name: 'twilio_studio_trigger_flow',
      title: 'Start Studio flow',
      description:
        'Start a published flow for one person. It may call or message them and cost money. A person can have only one active execution at a time. Check progress with get_execution_status.',
      ...sends({ checkWith: EXECUTIONS }, 'studio_v2:CreateExecution'),
      input: () => ({
        flowSid: flowSid(),
        to: address('Person the flow calls or messages'),
        from: address('Twilio number of the account or Messaging Service SID; default TWILIO_PHONE_NUMBER').optional(),
        parameters: jsonObject('Values that the flow reads as {{flow.data.<key>}}').optional(),
      }),
      run: ({ flowSid, to, from, parameters }, { twilio, config }) => {
        const sender = from ?? config.phoneNumber;
        if (sender === undefined) {
          throw new ToolError('No sender; nothing was started. Pass `from`, or set TWILIO_PHONE_NUMBER.');
        }
        return twilio.studio.v2.flows(flowSid).executions.create({ to, from: sender, parameters });
      },
      returns: EXECUTION,
      untrusted: ['contactChannelAddress'],
    }),
    tool({
      name: EXECUTIONS,
      title: 'List Studio executions',
      description: 'List the executions of a flow, newest first. Each call, message or trigger_flow starts one.',
      ...reads('studio_v2:ListExecution'),
      input: () => ({
        flowSid: flowSid(),
        status: oneOf('Only executions with this status', ['active', 'ended']).optional(),
        ...timeRange({
          from: ['dateCreatedFrom', 'Only executions started at or after this time'],
          before: ['dateCreatedTo', 'Only executions started before this time'],
        }),
        ...paging(),
      }),
      run: ({ flowSid, ...query }, { twilio }) => page(twilio.studio.v2.flows(flowSid).executions, query),
      returns: EXECUTION,
      untrusted: ['contactChannelAddress'],
    }),
    tool({
      name: 'twilio_studio_get_execution_status',
      title: 'Get Studio execution status',
      description:
        'Fetch one execution: whether it is still active and, with includeSteps, its path through the widgets. For its data (replies, variables), use get_execution_context.',
      ...reads('studio_v2:FetchExecution', 'studio_v2:ListExecutionStep'),
      input: () => ({
        ...execution(),
        includeSteps: boolean(
          `Include up to ${MAX_STEPS} steps; for more, pass nextPageToken to list_execution_steps`,
        ).optional(),
      }),
      run: async ({ flowSid, executionSid, includeSteps }, { twilio }) => {
        const execution = twilio.studio.v2.flows(flowSid).executions(executionSid);
        const found = await execution.fetch();
        const { value: steps, unread } = includeSteps
          ? await part('steps', page(execution.steps, { limit: MAX_STEPS }))
          : {};
        return {
          ...found,
          unread,
          steps: steps?.items.map((step) => Object.fromEntries(STEP.map((field) => [field, step[field]]))),
          nextPageToken: steps?.nextPageToken,
        };
      },
      returns: [...EXECUTION, 'flowVersion', 'steps', 'nextPageToken', 'unread'],
      untrusted: ['contactChannelAddress'],
    }),
    tool({
      name: 'twilio_studio_end_execution',
      title: 'End Studio execution',
      description: 'Stop an execution that hangs or waits, so that a new one can start. Its record remains.',
      ...updates('studio_v2:UpdateExecution'),
      input: execution,
      run: ({ flowSid, executionSid }, { twilio }) =>
        twilio.studio.v2.flows(flowSid).executions(executionSid).update({ status: 'ended' }),
      returns: EXECUTION,
      untrusted: ['contactChannelAddress'],
    }),
    tool({
      name: 'twilio_studio_delete_execution',
      title: 'Delete Studio execution',
      description:
        'Delete an execution and its steps permanently; an active one ends. To only stop it, use end_execution.',
      ...deletes('studio_v2:DeleteExecution'),
      input: execution,
      run: ({ flowSid, executionSid }, { twilio }) => twilio.studio.v2.flows(flowSid).executions(executionSid).remove(),
    }),
    tool({
      name: 'twilio_studio_get_execution_context',
      title: 'Get Studio execution context',
      description: 'Fetch the current data of an execution: trigger, contact, replies and widget variables.',
      ...reads('studio_v2:FetchExecutionContext'),
      input: execution,
      run: ({ flowSid, executionSid }, { twilio }) =>
        twilio.studio.v2.flows(flowSid).executions(executionSid).executionContext().fetch(),
      returns: ['executionSid', 'context'],
      untrusted: ['context'],
    }),
    tool({
      name: 'twilio_studio_list_execution_steps',
      title: 'List Studio execution steps',
      description:
        'List the steps of an execution, newest first, with the widgets each step moved between and the event that caused it.',
      ...reads('studio_v2:ListExecutionStep'),
      input: () => ({ ...execution(), ...paging() }),
      run: ({ flowSid, executionSid, ...position }, { twilio }) =>
        page(twilio.studio.v2.flows(flowSid).executions(executionSid).steps, position),
      returns: STEP,
    }),
    tool({
      name: 'twilio_studio_get_execution_step',
      title: 'Get Studio execution step',
      description: 'Fetch one step of an execution. For the data at that point, use get_step_context.',
      ...reads('studio_v2:FetchExecutionStep'),
      input: step,
      run: ({ flowSid, executionSid, stepSid }, { twilio }) =>
        twilio.studio.v2.flows(flowSid).executions(executionSid).steps(stepSid).fetch(),
      returns: [...STEP, 'parentStepSid'],
    }),
    tool({
      name: 'twilio_studio_get_step_context',
      title: 'Get Studio step context',
      description: 'Fetch the data of an execution at one step, including widget errors.',
      ...reads('studio_v2:FetchExecutionStepContext'),
      input: step,
      run: ({ flowSid, executionSid, stepSid }, { twilio }) =>
        twilio.studio.v2.flows(flowSid).executions(executionSid).steps(stepSid).stepContext().fetch(),
      returns: ['stepSid', 'context'],
      untrusted: ['context'],
    }),
  ],
});
