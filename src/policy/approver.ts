import type { Config } from '../config';
import type { HttpAnswer } from '../https';
import { PolicyError } from '../upper-bound';
import type { OutgoingRequest } from './classify';

/*
 * The messages of the approver, which contain the codes that approve, in no answer of Twilio that a tool reads: as here
 * every answer passes, no field, search or copy shows them.
 */

/** Addresses of resources and pages, which repeat the filters of a request. */
const LOCATION = /^(ur[il]|.*_page_ur[il])$/;

/** An answer without what names the approver; a single resource of theirs is refused. */
export function withoutApprover(
  answer: HttpAnswer,
  { method }: OutgoingRequest,
  { approver }: Pick<Config, 'approver'>,
): HttpAnswer {
  if (approver === undefined) return answer;
  const digits = approver.slice(1);
  const body = strip(answer.body, digits);
  if (body !== undefined || answer.body === undefined) return { ...answer, body };
  if (method.toLowerCase() === 'get')
    throw new PolicyError({
      rule: 'MCP_APPROVER',
      allows: 'keeps the messages of its approver to itself',
      problem: 'this is one of them',
    });
  const { sid, status, code } = Object(answer.body) as Record<string, unknown>;
  return { ...answer, body: { sid, status, code } };
}

/** A value without the items and fields that contain the digits; undefined if it contains them itself. */
function strip(value: unknown, digits: string): unknown {
  if (typeof value === 'string') return value.includes(digits) ? undefined : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => strip(item, digits)).filter((item) => item !== undefined);
  const entries = Object.entries(value);
  const kept = entries.map(([name, item]) => [name, LOCATION.test(name) ? item : strip(item, digits)] as const);
  const isTheirs = kept.some(
    ([name, item]) => item === undefined && typeof (value as Record<string, unknown>)[name] === 'string',
  );
  return isTheirs ? undefined : Object.fromEntries(kept.filter(([, item]) => item !== undefined));
}
