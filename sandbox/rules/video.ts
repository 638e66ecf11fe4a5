/** Video: rooms that end, and compositions of their recordings. */
import { isoSeconds } from '../dates';
import { ApiError } from '../errors';
import { elapsedTime } from '../lifecycle';
import type { StoredResource } from '../store';
import type { Lifecycle, OperationRule, SandboxRequest, SandboxState } from '../types';

const COMPOSITIONS = 'video.twilio.com/v1/Compositions';
/** Milliseconds until a composition of an ended room is processed, and until it is completed. */
const COMPOSED_AFTER = { processing: 1000, completed: 30_000 };

const roomOf = ({ store }: SandboxState, composition: StoredResource): StoredResource | undefined =>
  store.get('video.twilio.com/v1/Rooms', String(composition.body.room_sid));

/** A composition waits until its room has ended. */
const advanceComposition: Lifecycle = (composition, now, state) => {
  const { body, createdAt } = composition;
  if (body.status !== 'enqueued' && body.status !== 'processing') return;
  const room = roomOf(state, composition)?.body;
  if (!room?.end_time) return;
  const from = Math.max(createdAt, Date.parse(String(room.end_time)));
  const elapsed = elapsedTime({ ...composition, createdAt: from }, now, state);
  if (elapsed < COMPOSED_AFTER.processing) return;
  if (elapsed < COMPOSED_AFTER.completed) body.status = 'processing';
  else {
    const at = Math.min(now, from + COMPOSED_AFTER.completed);
    Object.assign(body, { status: 'completed', date_completed: isoSeconds(new Date(at)), duration: room.duration });
  }
  state.events.emit('change', { resource: composition, change: String(body.status) });
};

/** There is no file before a composition is completed. @throws ApiError 404 */
function checkComposed({ state, target, entry }: SandboxRequest): void {
  const composition = state.store.get(COMPOSITIONS, target.params.Sid ?? '');
  if (!composition) return;
  advanceComposition(composition, state.clock.now(), state);
  if (composition.body.status !== 'completed') throw new ApiError(404, 20404, `${entry.path} was not found`);
}

export const VIDEO_RULES: Record<string, OperationRule> = {
  'video_v1:CreateRoom': {
    onCreate(_request, room) {
      room.body.unique_name ??= room.id;
    },
  },
  'video_v1:UpdateRoom': {
    onUpdate({ fields, now }, { body, createdAt }) {
      if (fields.Status !== 'completed') return;
      body.end_time = isoSeconds(new Date(now));
      body.duration = Math.round((now - createdAt) / 1000);
    },
  },
  'video_v1:FetchCompositionMedia': { check: checkComposed },
};

export const VIDEO_LIFECYCLES: Record<string, Lifecycle> = { [COMPOSITIONS]: advanceComposition };
