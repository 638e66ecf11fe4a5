/** What the rules of TaskRouter share. */
import { badRequest } from '../../errors';
import type { StoredResource } from '../../store';
import type { SandboxRequest } from '../../types';
import { expressionError } from './expressions';
import { type Workspace, workspaceOf } from './workspace';

export type Change = (workspace: Workspace, request: SandboxRequest, resource: StoredResource) => void;

/** A rule that gets the workspace; it does nothing for one that only the lenient mode invents. */
export const inWorkspace =
  (change: Change) =>
  (request: SandboxRequest, resource: StoredResource): void => {
    const workspace = workspaceOf(request);
    if (workspace) change(workspace, request, resource);
  };

/** A check of what a request refers to, which the lenient mode skips. */
export const checked =
  (check: (workspace: Workspace, request: SandboxRequest) => void) =>
  (request: SandboxRequest): void => {
    const workspace = workspaceOf(request);
    if (workspace && !request.state.options.lenient) check(workspace, request);
  };

/** @throws ApiError if it is given and cannot be read. */
export function checkExpression(expression: unknown): void {
  const problem = typeof expression === 'string' && expression !== '' ? expressionError(expression) : undefined;
  if (problem) badRequest(20001, `Invalid expression ${JSON.stringify(expression)}: ${problem}`);
}
