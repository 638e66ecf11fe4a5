import { setTimeout as sleep } from 'node:timers/promises';
import type { CallToolResult } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { closestNames } from '../closest-names';
import { describeErrorCodes } from '../error-codes';
import { describeError, isTwilioError, retryAdvice, warningOf } from '../errors';
import { type LogEntry, stackOf } from '../log';
import { outsidersIn, withholdTexts } from '../outsiders';
import { Page, sealToken, unsealToken } from '../paging';
import { isSelector } from '../params';
import { spell } from '../spelling';
import { resolveTimes } from '../time';
import { type CurrentCall, overwrites, type Shape, type Tool, type ToolContext } from '../tool';
import { boundError, MAX_RESULT_CHARS, truncateFields, truncateItems } from '../truncate';
import { containsWithheld, WITHHELD } from '../withhold';
import { dryRunResult } from './dry-run-result';
import { readArguments } from './read-arguments';

/** A result, and what the log line says of it. */
interface CalledTool extends Pick<LogEntry, 'outcome' | 'code' | 'stack' | 'warning'> {
  result: CallToolResult;
}

/** How long an answer waits for what is recorded about its call. */
const MAX_ENDING_MS = 2000;

async function untilRecorded({ ending }: CurrentCall): Promise<void> {
  if (ending.length === 0) return;
  await Promise.race([Promise.allSettled(ending), sleep(MAX_ENDING_MS, undefined, { ref: false })]);
}

/** Runs one tool. Never throws: a failure is a result that says what to do. */
export async function callTool(
  tool: Tool,
  given: unknown,
  context: ToolContext,
  requestId: string,
  { meta, dialog }: Pick<CurrentCall, 'meta' | 'dialog'> = {},
): Promise<CalledTool> {
  const parsed = parseArguments(tool, given);
  if ('refusal' in parsed) return { result: failure(parsed.refusal), outcome: 'invalid arguments' };
  const { repeat, ...args }: { repeat?: boolean } = parsed.args;
  context.call = {
    ...{ tool, args, requestId, notes: [], conditions: [], ending: [], planned: [] },
    ...(repeat && { repeat }),
    ...(meta && { meta }),
    ...(dialog && { dialog }),
  };
  try {
    const value = await tool.run(args as never, context);
    await untilRecorded(context.call);
    const planned = dryRunResult(tool, context);
    return { result: planned ?? toResult(tool, value, parsed, context), outcome: 'ok' };
  } catch (error) {
    // What runs beside the request that failed may still do something.
    while (context.effects.pending) await sleep(20);
    await untilRecorded(context.call);
    // Whatever became of the error that stopped a request.
    if (context.call.planned.length > 0) return { result: dryRunResult(tool, context)!, outcome: 'ok' };
    const acted = context.effects.acted > 0;
    const message = describeError(error, tool, acted);
    if (message !== undefined) {
      const code = isTwilioError(error) ? error.code : undefined;
      return {
        result: failure([message, ...context.call.notes].join(' ')),
        outcome: 'failed',
        code,
        ...warningOf(error),
      };
    }
    const apology = `Internal server error (request ID ${requestId}). ${retryAdvice(tool, true)}`;
    return { result: failure(apology), outcome: 'internal error', stack: stackOf(error) };
  }
}

const schemas = new WeakMap<Tool, z.ZodObject<Shape>>();

function schemaOf(tool: Tool): z.ZodObject<Shape> {
  let schema = schemas.get(tool);
  if (schema === undefined) {
    schema = z.strictObject(tool.input());
    schemas.set(tool, schema);
  }
  return schema;
}

/**
 * Arguments of which an update needs at least one; empty if a required or defaulted argument already makes the change.
 */
export function changingArguments(tool: Tool): readonly string[] {
  const changing = Object.entries(overwrites(tool) ? schemaOf(tool).shape : {}).filter(
    ([, schema]) => !isSelector(schema),
  );
  return changing.every(([, schema]) => schema instanceof z.ZodOptional) ? changing.map(([name]) => name) : [];
}

interface ParsedArguments {
  /** What `run` gets. */
  args: object;
  /** The same as given: page tokens are bound to them. */
  filters: object;
  /** What the result repeats: the times of the call as they were understood. */
  echo: Pick<ReturnType<typeof resolveTimes>, 'times' | 'localTimes'>;
}

function parseArguments(tool: Tool, args: unknown): ParsedArguments | { refusal: string } {
  const schema = schemaOf(tool);
  const given = readArguments(schema.shape, args);
  if (containsWithheld(given)) {
    return {
      refusal: `${WITHHELD} stands for a credential that was left out of an answer: give the whole value, or leave the argument out; nothing was done.`,
    };
  }
  const { input, issues: timeIssues, ...echo } = resolveTimes(schema.shape, given);
  const parsed = schema.safeParse(input);
  if (parsed.success && timeIssues.length === 0) {
    const changing = changingArguments(tool);
    if (changing.length > 0 && !changing.some((name) => name in input)) {
      return { refusal: `Give at least one of ${changing.join(', ')}; nothing was changed.` };
    }
    return withToken(tool, parsed.data, echo);
  }
  // Zod also reports length for a wrong type; keep the first issue per path.
  const issues = [...timeIssues, ...(parsed.error?.issues ?? [])].filter(
    ({ path }, at, all) => all.findIndex((other) => other.path.join('.') === path.join('.')) === at,
  );
  const messages = issues.map((issue) => describeIssue(issue, schema.shape, input));
  return invalid(tool, messages.join(' '));
}

const invalid = ({ name }: Tool, problems: string) => ({
  refusal: `Invalid arguments for ${name}; nothing was done. ${problems}`,
});

function withToken(
  tool: Tool,
  filters: { pageToken?: unknown },
  echo: ParsedArguments['echo'],
): ParsedArguments | { refusal: string } {
  if (typeof filters.pageToken !== 'string') return { args: filters, filters, echo };
  const pageToken = unsealToken(filters.pageToken, filters);
  if (pageToken !== undefined) return { args: { ...filters, pageToken }, filters, echo };
  return invalid(
    tool,
    'pageToken: belongs to a page with other filters. Repeat the filters of that page, or leave pageToken out to start again.',
  );
}

function describeIssue(issue: z.core.$ZodIssue, shape: Shape, input: Record<string, unknown>): string {
  if (issue.code === 'unrecognized_keys') {
    const advice = issue.keys.flatMap((key) => {
      const meant = argumentsMeantBy(key, shape).join(' or ');
      return meant ? [`Did you mean ${meant} for ${key}?`] : [];
    });
    const expected = `Expected: ${Object.keys(shape).join(', ') || 'none'}.`;
    return [`Unknown argument: ${issue.keys.join(', ')}.`, ...advice, expected, 'Remove it and repeat.'].join(' ');
  }
  const path = issue.path.join('.');
  if (issue.code === 'invalid_type' && issue.path.length === 1 && !(path in input)) return `${path}: is required.`;
  return `${path}: ${requirementOf(issue) ?? issue.message}.`;
}

/** The arguments whose description begins with the name, such as `text` for `say`; else those with a similar name. */
function argumentsMeantBy(name: string, shape: Shape): string[] {
  const known = Object.keys(shape);
  const firstWordOf = (each: string) => descriptionOf(shape[each]!).split(/\W/, 1)[0]!.toLowerCase();
  const described = known.filter((each) => firstWordOf(each) === name.toLowerCase());
  return described.length > 0 ? described : closestNames(name, known);
}

const descriptionOf = (schema: z.core.$ZodType): string =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodDefault
    ? descriptionOf(schema.unwrap())
    : ((schema as z.ZodType).description ?? '');

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list, such as ["…"]',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object, such as {"name": "value"}',
  record: 'an object, such as {"name": "value"}',
  string: 'text',
};

/** Zod's own issues in the style of `params.ts`; undefined for those that already have a message from there. */
function requirementOf(issue: z.core.$ZodIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}`;
    case 'too_big':
      return boundOf(issue.origin, 'at most', issue.maximum);
    case 'too_small':
      return boundOf(issue.origin, 'at least', issue.minimum);
    default:
      return undefined;
  }
}

function boundOf(origin: string, bound: string, size: number | bigint): string {
  if (origin === 'string') return `must have ${bound} ${size} character${size === 1 ? '' : 's'}`;
  if (origin === 'array') return `must have ${bound} ${size} item${size === 1 ? '' : 's'}`;
  return `must be ${bound} ${size}`;
}

/** Turns a tool's value into a result: only its declared fields, without empty ones, outsiders' text marked, cut to size. */
function toResult(
  tool: Tool,
  value: unknown,
  { filters, echo }: ParsedArguments,
  { trustedSenders, call: { notes } }: ToolContext,
): CallToolResult {
  const picked = withholdTexts(pickResult(tool, value), trustedSenders) as Record<string, unknown>;
  const complete = (shown: Record<string, unknown>): CallToolResult & { content: [{ type: 'text'; text: string }] } => {
    const errorMeanings = describeErrorCodes(shown);
    const added = { ...(notes.length > 0 && { notes }), ...(errorMeanings && { errorMeanings }) };
    const structured: Record<string, unknown> = { ...shown, ...added, ...echo };
    if (typeof structured.nextPageToken === 'string') {
      structured.nextPageToken = sealToken(structured.nextPageToken, filters);
    }
    const marked = { ...outsidersIn(structured, tool.untrusted, filters), ...structured };
    return { content: [{ type: 'text', text: JSON.stringify(marked) }], structuredContent: marked };
  };
  const whole = complete(picked);
  if (whole.content[0].text.length <= MAX_RESULT_CHARS) return whole;
  const more = whole.content[0].text.length - JSON.stringify(picked).length;
  return complete(truncateResult(picked, MAX_RESULT_CHARS - more, value instanceof Page ? value : undefined));
}

function failure(text: string): CallToolResult {
  return { content: [{ type: 'text', text: boundError(text) }], isError: true };
}

function pickResult(tool: Tool, value: unknown): Record<string, unknown> {
  if (typeof value === 'boolean' || value === undefined) return { done: value !== false };
  if (value instanceof Page) {
    const items = value.items.map((item) => pickFields(item, tool.returns));
    const { nextPageToken, extras } = value;
    return { items, ...(nextPageToken && { nextPageToken }), ...(extras.searched && { searched: extras.searched }) };
  }
  return pickFields(value, tool.returns);
}

function pickFields(value: unknown, fields: readonly string[] = []): Record<string, unknown> {
  const source = value as Record<string, unknown>;
  const picked: Record<string, unknown> = {};
  for (const field of fields) {
    const content = source[field];
    if (content === null || content === undefined || content === '') continue;
    picked[field] = spell(field, content);
  }
  return picked;
}

/** Truncates a result that is too long and says how to get the rest. */
function truncateResult(
  structured: Record<string, unknown>,
  maxChars: number,
  page?: Page<unknown>,
): Record<string, unknown> {
  if (Array.isArray(structured.items)) {
    const tokenAfter = page?.extras.tokenAfter;
    const rest = (shown: number) =>
      tokenAfter ? 'Continue with nextPageToken.' : `Only limit ${shown} or narrower arguments show all that is found.`;
    const { value, truncated } = truncateItems(structured.items, maxChars, rest);
    const nextPageToken = value.length < structured.items.length ? tokenAfter?.(value.length) : page?.nextPageToken;
    return { items: value, ...(nextPageToken && { nextPageToken }), truncated };
  }
  const { value, truncated } = truncateFields(structured, maxChars);
  return { ...value, truncated: `${truncated} Ask for a part of it, with narrower arguments.` };
}
