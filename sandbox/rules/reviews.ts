/** Reviews by Twilio, carriers and regulators take days; in the sandbox they take seconds. */
import { elapsedTime } from '../lifecycle';
import type { StoredResource } from '../store';
import type { Lifecycle, SandboxState } from '../types';

/** Milliseconds from the submission to the start of the review, and to its end. */
const STARTED_MS = 1000;
const ENDED_MS = 3000;

/** Starts the review of a resource. `failure` is what its outcome will be if it fails. */
export function submitForReview({ internal }: StoredResource, now: number, failure?: unknown): void {
  internal.submittedAt = now;
  internal.failure = failure;
}

/**
 * The lifecycle of resources that are reviewed: their status becomes `inReview`, and then what `decide` sets once it is
 * called with the failure that the submission named.
 */
export function reviewed(
  inReview: string,
  decide: (resource: StoredResource, failure: unknown, state: SandboxState) => void,
): Lifecycle {
  return (resource, now, state) => {
    const { internal } = resource;
    if (internal.submittedAt === undefined) return;
    const elapsed = elapsedTime({ ...resource, createdAt: Number(internal.submittedAt) }, now, state);
    if (elapsed < STARTED_MS) return;
    const { status, campaign_status } = resource.body;
    if (elapsed >= ENDED_MS) {
      delete internal.submittedAt;
      decide(resource, internal.failure, state);
    } else if (campaign_status !== undefined) resource.body.campaign_status = inReview;
    else resource.body.status = inReview;
    const changed = resource.body.status ?? resource.body.campaign_status;
    if (changed !== (status ?? campaign_status)) state.events.emit('change', { resource, change: String(changed) });
  };
}
