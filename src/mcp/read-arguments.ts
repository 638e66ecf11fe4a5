import * as z from 'zod';
import { $ZodCheckRegex } from 'zod/v4/core';
import { normalizeName } from '../closest-names';
import { compactNumber, parseJson } from '../formats';
import type { Shape } from '../tool';

/*
 * Arguments as clients and models really write them. A value in another form than the schema's is converted if it can mean
 * only one thing; validation refuses all others, such as a phone number without its + or a list separated by commas.
 */

/** Arguments that clients add to calls: the first by Gemini CLI, the others by n8n. */
const INJECTED: ReadonlySet<string> = new Set(['wait_for_previous', 'toolCallId', 'sessionId', 'action', 'chatInput']);

/** The arguments to validate: without null ("not given") and what clients add, the rest in the form of its schema. */
export function readArguments(shape: Shape, args: unknown): Record<string, unknown> {
  const isDeclared = (name: string) => Object.hasOwn(shape, name);
  return Object.fromEntries(
    Object.entries(args ?? {})
      .filter(([name, value]) => value !== null && (isDeclared(name) || !INJECTED.has(name)))
      .map(([name, value]) => [name, isDeclared(name) ? readValue(shape[name]!, value) : value]),
  );
}

/** The value in the form of the schema; the value itself if there is no such form, or more than one. */
function readValue(schema: z.core.$ZodType, value: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return readValue(schema.unwrap(), value);
  if (schema instanceof z.ZodPipe) return readValue(schema.in, value);
  if (schema instanceof z.ZodArray) {
    const list = readList(value);
    return Array.isArray(list) ? list.map((item) => readValue(schema.element, item)) : list;
  }
  if (Array.isArray(value) && value.length === 1) return readValue(schema, value[0]);
  if (schema instanceof z.ZodString && isExact(value)) return String(value);
  if (typeof value !== 'string') return value;
  if (schema instanceof z.ZodString) return readText(schema, value);
  const text = value.trim();
  if (schema instanceof z.ZodNumber) return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text) ? Number(text) : value;
  if (schema instanceof z.ZodBoolean) return /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : value;
  if (schema instanceof z.ZodEnum) return readOption(schema.options.map(String), text) ?? value;
  if (schema instanceof z.ZodRecord) return parseJson(text) ?? value;
  return value;
}

/** Whether it is a number whose value JSON kept. */
const isExact = (value: unknown): value is number =>
  typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER && !/e/.test(String(value));

/** A list from JSON or a single value. Text with separators or brackets may also be several values, so it stays. */
function readList(value: unknown): unknown {
  if (typeof value !== 'string') return typeof value === 'object' ? value : [value];
  const list = parseJson(value);
  if (Array.isArray(list)) return list;
  return /^\s*($|[[{])|[,;\n]/.test(value) ? value : [value];
}

/** Text that the schema refuses is a phone number with separators after its +, a country, or has spaces around it. */
function readText(schema: z.ZodString, value: string): string {
  const text = value.trim();
  // A pattern may allow the spaces around a value, but never asks for them; free text keeps them.
  const hasPattern = schema.def.checks?.some((check) => check instanceof $ZodCheckRegex);
  const forms = hasPattern ? [text] : [value, text];
  forms.push(compactNumber(text));
  if (/^[a-z]{2}$/i.test(text)) forms.push(text.toUpperCase());
  return forms.find((form) => schema.safeParse(form).success) ?? value;
}

/** The only option that differs from the text in letter case and punctuation at most. */
function readOption(options: readonly string[], text: string): string | undefined {
  if (options.includes(text)) return text;
  const [option, another] = options.filter((candidate) => normalizeName(candidate) === normalizeName(text));
  return another === undefined ? option : undefined;
}
