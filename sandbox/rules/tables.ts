/** Rules for what the sandbox has as a fixed table. */
import { notFound } from '../errors';
import type { Properties } from '../json';
import { pageResponse } from '../lists';
import type { OperationRule } from '../types';

/** Lists all items. */
export const listTable = (items: readonly Properties[]): OperationRule => ({
  respond: (request) => pageResponse(request, items),
});

/** Fetches the item with the SID in the path, else 404 / 20404. */
export const fetchTable = (items: readonly Properties[]): OperationRule => ({
  respond(request) {
    const body = items.find(({ sid }) => sid === request.target.id);
    if (body) return { status: 200, body };
    if (request.state.options.lenient) return undefined;
    throw notFound(request.entry.path);
  },
});
