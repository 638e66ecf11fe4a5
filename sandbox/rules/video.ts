/** Video: rooms that end. */
import { isoSeconds } from '../dates';
import type { OperationRule } from '../types';

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
};
