import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Tool, ToolContext } from '../tool';
import { MAX_CONTENT_CHARS, truncateItems } from '../truncate';

const NOTE = 'Dry run: nothing was sent or changed. What the call would do after this is not shown.';
const STORE_NOTE = "Dry run: nothing was changed. The call would change only this server's own store.";

/** The result that shows what a call would have done; undefined if it would only have read. */
export function dryRunResult({ title, effect }: Tool, { dryRun, call }: ToolContext): CallToolResult | undefined {
  const { planned, stores, notes } = call;
  if (!dryRun || (planned.length === 0 && (!stores || effect === 'read'))) return undefined;
  const { value: requests, truncated } = truncateItems(planned, MAX_CONTENT_CHARS, () => '');
  const shown = {
    dryRun: true,
    ...(planned.length > 0 ? { requests, note: NOTE } : { action: title, effect, note: STORE_NOTE }),
    ...(truncated && { truncated }),
    ...(notes.length > 0 && { notes }),
  };
  return { content: [{ type: 'text', text: JSON.stringify(shown) }], structuredContent: shown };
}
