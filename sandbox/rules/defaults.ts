import { snake } from '../../openapi/names';
import type { Properties } from '../json';
import type { StoredResource } from '../store';
import type { SandboxRequest } from '../types';

/** Sets the defaults of the properties that the request does not set. */
export function setDefaults({ fields }: SandboxRequest, { body }: StoredResource, defaults: Properties): void {
  const given = Object.keys(fields).map(snake);
  for (const [name, value] of Object.entries(defaults)) if (!given.includes(name)) body[name] = value;
}
