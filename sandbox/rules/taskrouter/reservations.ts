/** The requests that accept and reject reservations, and connect their calls. */
import { targetResource } from '../../collection';
import { badRequest } from '../../errors';
import type { SandboxRequest, SandboxResponse } from '../../types';
import { followInstruction } from './calls';
import { parsedJson, setActivity, setReservation } from './routing';
import { workspaceOf, workspacePart } from './workspace';

const RESERVATION_CHANGES: Record<string, string[]> = {
  accepted: ['pending'],
  rejected: ['pending'],
  wrapping: ['accepted'],
  completed: ['accepted', 'wrapping'],
};

/** Changes the status of a reservation. An instruction that connects a call accepts it. */
export function changeReservation(request: SandboxRequest): SandboxResponse | undefined {
  const workspace = workspaceOf(request);
  const reservation = targetResource(request);
  if (!workspace || !reservation) return undefined;
  const { ReservationStatus, Instruction, WorkerActivitySid, To, DequeueTo, CallTo } = request.fields;
  const current = String(reservation.body.reservation_status);
  const wanted = String(ReservationStatus ?? (Instruction === 'reject' ? 'rejected' : 'accepted'));
  if (!RESERVATION_CHANGES[wanted]?.includes(current)) {
    badRequest(20001, `Cannot change reservation ${reservation.id} from ${current} to ${wanted}`);
  }
  const worker = workspacePart(workspace, 'Workers', reservation.body.worker_sid);
  const address = To ?? DequeueTo ?? CallTo ?? parsedJson(worker?.body.attributes).contact_uri;
  if (['dequeue', 'conference', 'call'].includes(String(Instruction)) && !address) {
    badRequest(20001, `Worker ${worker?.id} has no contact_uri and the instruction no address to call`);
  }
  setReservation(workspace, reservation, wanted, request.now);
  const task = workspacePart(workspace, 'Tasks', reservation.body.task_sid);
  if (wanted === 'accepted') followInstruction(workspace, task, String(address), request);
  if (WorkerActivitySid && worker) setActivity(workspace, worker, WorkerActivitySid, request.now);
  return { status: 200, body: reservation.body };
}
