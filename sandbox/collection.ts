import { advance } from './lifecycle';
import type { StoredResource } from './store';
import type { SandboxRequest } from './types';

/** The resources of the collection that a request addresses, up to date. */
export function targetResources(request: SandboxRequest): StoredResource[] {
  const { target, state } = request;
  const { store } = state;
  const all = store.list(target.collection);
  // Logs have thousands of resources, so that each step is left out where it changes nothing.
  const linked = Object.keys(target.links).length === 0 ? all : all.filter((each) => matchesLinks(each, target.links));
  const { removals } = store;
  // A collection has resources of one kind.
  const lifecycle = linked[0] && state.lifecycleOf(linked[0].kind);
  if (lifecycle) for (const resource of linked) lifecycle(resource, request.now, state);
  if (store.removals === removals) return linked;
  return linked.filter((resource) => !store.wasRemoved(resource.collection, resource.id));
}

/** Whether a resource has the properties that make it visible at a path (Target.links). */
export function matchesLinks(resource: StoredResource, links: Record<string, string>): boolean {
  return Object.entries(links).every(([name, value]) => (resource.body[name] ?? resource.internal[name]) === value);
}

/** The stored resource that a request addresses, up to date. */
export function targetResource(request: SandboxRequest): StoredResource | undefined {
  const stored = request.state.store.get(request.target.collection, request.target.id!);
  return stored && advance(stored, request);
}
