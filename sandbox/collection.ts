/** What a collection holds right now. */
import type { Resource } from './store';
import type { Call } from './world';

/** The resources of the collection that a request is about, brought up to the present. */
export function inTarget(call: Call): Resource[] {
  const { target, world } = call;
  return world.store
    .list(target.collection)
    .filter((resource) => isLinked(resource, target.links))
    .map((resource) => aged(resource, call))
    .filter((resource) => !world.store.wasRemoved(resource.collection, resource.id));
}

/** Whether a resource belongs to the parent that it is reached through. */
export function isLinked(resource: Resource, links: Record<string, string>): boolean {
  return Object.entries(links).every(([name, value]) => (resource.body[name] ?? resource.notes[name]) === value);
}

/** The resource as it is by now: its status may have moved on, or it may have expired. */
export function aged(resource: Resource, call: Call): Resource {
  call.world.ageOf(resource.kind)?.(resource, call.now, call.world);
  return resource;
}
