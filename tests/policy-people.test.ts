import { SEEDS } from '../sandbox/seed';
import { AMERICAN, api, GERMAN, SENDER, usePolicy } from './support/policy';
import { clientOf } from './support/sandbox';

/*
 * Rules about recipients for requests that do not say whom they reach: the account is asked who that is.
 */

jest.setTimeout(240_000);

const RECIPIENTS = '+1415*,whatsapp:+4930*';
const { stack, allows, refuses } = usePolicy({ MCP_COUNTRIES: 'US', MCP_RECIPIENTS: RECIPIENTS });
/** The owner's own client, which no policy binds. */
const owner = () => clientOf(stack.sandbox);
const OTHER = '+12125550101';

describe('messages to a conversation', () => {
  const person = (address: string) => ({
    'messagingBinding.address': address,
    'messagingBinding.proxyAddress': address.replace(/\+.*/, SENDER),
  });
  /** The ways to write to a new conversation of these participants. */
  const waysInto = async (...participants: object[]) => {
    const { conversations } = owner().conversations.v1;
    const { sid: ConversationSid, chatServiceSid: ServiceSid } = await conversations.create();
    for (const participant of participants) await conversations(ConversationSid).participants.create(participant);
    const inService = { ChatServiceSid: ServiceSid, ConversationSid, Body: 'Hello' };
    return [
      api('conversations_v1:CreateConversationMessage', { ConversationSid, Body: 'Hello' }),
      api('conversations_v1:CreateServiceConversationMessage', inService),
      api('chat_v2:CreateMessage', { ServiceSid, ChannelSid: ConversationSid, Body: 'Hello' }),
    ];
  };

  test('go to people who may be reached, and to chat users', async () => {
    const ways = await waysInto(person(AMERICAN), person('+14155550101'), { identity: 'alice' });
    for (const way of ways) await allows(way);
  });

  test.each([
    ['+493012345678 is not among them', [person(AMERICAN), person(GERMAN)]],
    ['whatsapp:+493012345678 is in DE', [person(AMERICAN), person(`whatsapp:${GERMAN}`)]],
    ['+12125550101 is not among them', [{ identity: 'alice', ...person(OTHER) }]],
  ])('are refused if one of them may not be reached: %s', async (words, participants) => {
    for (const way of await waysInto(...participants)) await refuses(way, new RegExp(words.replace('+', '\\+')));
  });

  test('are refused if the participants cannot be read, or not all of them', async () => {
    const [way] = await waysInto(person(AMERICAN));
    for (const fault of [{ status: 503, times: 9 }, { status: 403 }, { drop: 'before', times: 9 }] as const) {
      stack.sandbox.faults.add({ path: '/Participants', method: 'GET', ...fault });
      await refuses(way!, /does not say whom it reaches/);
      stack.sandbox.faults.clear();
    }
    const many = Array.from({ length: 101 }, (_, n) => ({ identity: `user-${n}` }));
    for (const each of await waysInto(...many)) await refuses(each, /does not say whom it reaches/);
  });
});

describe('messages to a participant of a Proxy session', () => {
  test.each([
    [AMERICAN, 'allowed'],
    [OTHER, 'refused'],
  ])('%s: %s', async (Identifier, outcome) => {
    const { services } = owner().proxy.v1;
    const { sid: ServiceSid } = await services.create({ uniqueName: 'rides' });
    await services(ServiceSid).phoneNumbers.create({ sid: SEEDS.phoneNumberSids[0] });
    const { sid: SessionSid } = await services(ServiceSid).sessions.create({});
    const { participants } = services(ServiceSid).sessions(SessionSid);
    const { sid: ParticipantSid } = await participants.create({ identifier: Identifier });
    const path = { ServiceSid, SessionSid, ParticipantSid };
    const way = api('proxy_v1:CreateMessageInteraction', { ...path, Body: 'Hello' });
    await (outcome === 'allowed' ? allows(way) : refuses(way, /\+12125550101 is not among them/));
  });
});

describe('a TaskRouter instruction without an address', () => {
  const WorkspaceSid = SEEDS.workspaceSid;
  /** The requests that update the reservation of a new task by a worker with these attributes. */
  const waysFor = async (attributes: object) => {
    const workspace = owner().taskrouter.v1.workspaces(WorkspaceSid);
    const activities = await workspace.activities.list();
    const activitySid = activities.find(({ available }) => available)!.sid;
    const worker = { friendlyName: 'Alice', attributes: JSON.stringify(attributes), activitySid };
    const { sid: WorkerSid } = await workspace.workers.create(worker);
    const queue = { friendlyName: 'Q', targetWorkers: '1==1' };
    const { sid: queueSid } = await workspace.taskQueues.create(queue);
    const configuration = JSON.stringify({ task_routing: { default_filter: { queue: queueSid } } });
    const { sid: workflowSid } = await workspace.workflows.create({ friendlyName: 'W', configuration });
    const { sid: TaskSid } = await workspace.tasks.create({ workflowSid, attributes: '{}' });
    const [reservation] = await workspace.tasks(TaskSid).reservations.list();
    const { sid: Sid } = reservation!;
    return (params: object) => [
      api('taskrouter_v1:UpdateTaskReservation', { WorkspaceSid, TaskSid, Sid, ...params }),
      api('taskrouter_v1:UpdateWorkerReservation', { WorkspaceSid, WorkerSid, Sid, ...params }),
    ];
  };

  test('calls a worker who may be reached', async () => {
    const ways = await waysFor({ contact_uri: AMERICAN });
    for (const way of ways({ Instruction: 'call', CallFrom: SENDER })) await allows(way);
    const supervise = { Instruction: 'supervise', Supervisor: `WK${'1'.repeat(32)}`, To: AMERICAN };
    for (const way of ways(supervise)) await refuses(way, /the instruction can reach anyone/);
  });

  test.each([{ contact_uri: OTHER }, {}, { contact_uri: '' }])('calls no worker with %j', async (attributes) => {
    const ways = await waysFor(attributes);
    const instructions = [
      { Instruction: 'call', CallFrom: SENDER, DequeueTo: AMERICAN },
      { Instruction: 'dequeue', CallTo: AMERICAN, DequeueTo: '' },
      { Instruction: 'conference', CallTo: AMERICAN },
    ];
    for (const instruction of instructions) for (const way of ways(instruction)) await refuses(way);
  });

  test('goes to the person that its own parameter names', async () => {
    const ways = await waysFor({ contact_uri: OTHER });
    for (const way of ways({ Instruction: 'conference', To: AMERICAN })) await allows(way);
  });

  test('nobody gives a worker an address that may not be reached', async () => {
    const update = (contact_uri: string) =>
      api('taskrouter_v1:UpdateWorker', {
        ...{ WorkspaceSid, Sid: `WK${'1'.repeat(32)}` },
        Attributes: JSON.stringify({ contact_uri, phone_number: OTHER }),
      });
    await allows(update(AMERICAN));
    await refuses(update(OTHER), /\+12125550101 is not among them/);
  });
});
