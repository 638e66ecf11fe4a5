/** How resources change over time: their status is computed when they are read. */
import type { StoredResource } from './store';
import type { SandboxRequest, SandboxState } from './types';

/** Updates the resource to the time of the request: its status may change, or it may expire. */
export function advance(resource: StoredResource, { state, now }: SandboxRequest): StoredResource {
  state.lifecycleOf(resource.kind)?.(resource, now, state);
  return resource;
}

/** Updates all resources to the present: what became due while nothing read them happens now. */
export function advanceAll(state: SandboxState): void {
  const now = state.clock.now();
  for (const resource of state.store.all()) state.lifecycleOf(resource.kind)?.(resource, now, state);
}

/** Milliseconds since the resource was created, at the sandbox's speed. */
export function elapsedTime(resource: StoredResource, now: number, state: SandboxState): number {
  const passed = now - resource.createdAt;
  return state.options.speed === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : passed * state.options.speed;
}

/** The time at which `elapsedTime` reaches `elapsed`, in milliseconds since 1970. */
export function timeAfter(resource: StoredResource, elapsed: number, state: SandboxState): number {
  return resource.createdAt + (state.options.speed === Number.POSITIVE_INFINITY ? 0 : elapsed / state.options.speed);
}
