import { parseXml, XmlElement, type XmlError, XmlText } from '@rgrove/parse-xml';
import * as z from 'zod';
import { closestNames } from './closest-names';
import { ToolError } from './errors';
import { string } from './params';
import table from './twiml-elements.json';

/*
 * TwiML is checked before a call: Twilio accepts any text, calls, and hangs up with an error if the text is not TwiML, and
 * the call is charged. It skips elements and attributes that it does not know, with no more than a warning in the debugger.
 */

/** What an element may contain. Names are separated by spaces. */
export interface TwimlElement {
  attributes?: string;
  children?: string;
  text?: boolean;
}

const ELEMENTS: Readonly<Record<string, TwimlElement>> = table;
const MAX_MISTAKES = 3;

/** Twilio's limit for TwiML in a request. */
const MAX_TWIML = 4000;

/** What is wrong with the TwiML of a call, without a subject: `must be XML, …`. Undefined if nothing is. */
export const twimlProblem = (twiml: string): string | undefined =>
  twiml.length > MAX_TWIML
    ? `must have at most ${MAX_TWIML} characters: serve longer TwiML from a URL`
    : problemInDocument(twiml, 'Response');

/** The same for a file with TwiML for calls or messages. Undefined for all other files. */
export function twimlFileProblem(content: string): string | undefined {
  if (!/^\s*(<\?xml[^>]*>)?\s*<Response[\s/>]/.test(content)) return undefined;
  return problemInDocument(content, /<(Message|Body|Media)[\s/>]/.test(content) ? 'MessagingResponse' : 'Response');
}

/** `root` is the root's name in the table. */
function problemInDocument(twiml: string, root: string): string | undefined {
  if (!twiml.trimStart().startsWith('<')) return 'must be XML, such as <Response><Say>Hello</Say></Response>';
  let response: XmlElement;
  try {
    response = parseXml(twiml).root!;
  } catch (error) {
    const [problem] = (error as XmlError).message.split('\n');
    return `must be well-formed XML: ${problem}. Text has &amp; for & and &lt; for <`;
  }
  if (response.name !== 'Response') return `must have the root <Response>, not <${response.name}>`;
  const mistakes = mistakesIn(response, root);
  return mistakes.length > 0 ? `must be TwiML: ${mistakes.slice(0, MAX_MISTAKES).join('; ')}` : undefined;
}

const namesIn = (list = ''): string[] => list.split(' ').filter(Boolean);
const inBrackets = (names: readonly string[]): string => names.map((name) => `<${name}>`).join(' or ');

function mistakesIn(element: XmlElement, entry = element.name): string[] {
  const { attributes, children, text } = ELEMENTS[entry]!;
  const unknown = Object.keys(element.attributes).filter((name) => !namesIn(attributes).includes(name));
  return [
    ...unknown.map((name) => unknownAttribute(element.name, name, namesIn(attributes))),
    ...element.children.flatMap((child) => {
      if (child instanceof XmlText)
        return text || child.text.trim() === '' ? [] : [misplacedText(element.name, namesIn(children))];
      if (!(child instanceof XmlElement)) return [];
      return namesIn(children).includes(child.name)
        ? mistakesIn(child)
        : [unknownElement(element.name, child.name, namesIn(children))];
    }),
  ];
}

function unknownAttribute(element: string, name: string, known: readonly string[]): string {
  const [close] = closestNames(name, known, 1);
  const attribute = `<${element}> has no attribute ${name}`;
  return close
    ? `${attribute} (did you mean ${close}?)`
    : `${attribute}, ${known.length > 0 ? `only ${known.join(', ')}` : 'nor any other'}`;
}

function unknownElement(parent: string, name: string, known: readonly string[]): string {
  const parents = Object.keys(ELEMENTS).filter((each) => namesIn(ELEMENTS[each]!.children).includes(name));
  const inCalls = parents.filter((each) => each !== 'MessagingResponse');
  if (inCalls.includes(parent)) return `<${name}> is for calls, and this is for messages`;
  if (inCalls.length > 0) return `<${name}> belongs in ${inBrackets(inCalls)}, not in <${parent}>`;
  if (parents.length > 0) return `<${name}> is for messages, and this is for calls`;
  const [close] = closestNames(name, known, 1);
  if (close) return `<${name}> is unknown (did you mean <${close}>?)`;
  return `<${name}> is unknown: <${parent}> may contain ${known.join(', ') || 'no elements'}`;
}

function misplacedText(element: string, children: readonly string[]): string {
  const place = children.includes('Say') ? `: put it in <Say>` : '';
  return `<${element}> contains text${place}`;
}

/** TwiML for a call. The tool also takes `say`: models write plain text here. */
export const twiml = (description: string) =>
  z
    .string()
    .trim()
    .min(1)
    .max(MAX_TWIML)
    .superRefine((value, context) => {
      const message = twimlProblem(value);
      if (message) context.addIssue(value.startsWith('<') ? message : `${message}; for plain text use say`);
    })
    .describe(description);

/** Arguments that speak a text without TwiML. The TwiML made of them may be longer than the text. */
export const speech = () => ({
  say: string('Text to speak', MAX_TWIML - 100)
    .refine(
      (say) => speak({ say }).length <= MAX_TWIML - 100,
      'must be shorter, since &, < and > count as several characters',
    )
    .refine((say) => twimlProblem(speak({ say })) === undefined, 'must have no control characters')
    .optional(),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z\d]{2,8})*$/, 'must be a language, such as de-DE')
    .describe('Language of say, such as de-DE; default en-US')
    .optional(),
  voice: string('Voice of say, such as Polly.Vicki-Neural; default by language', 60).optional(),
});

/** The arguments with the TwiML of `say`. Throws if there is no text for a voice or a language. */
export function withSpeech<A extends { say?: string; language?: string; voice?: string; twiml?: string }>(args: A) {
  const { say, language, voice, ...others } = args;
  if (say !== undefined) return { ...others, twiml: speak({ say, language, voice }) };
  if (language === undefined && voice === undefined) return others;
  throw new ToolError('language and voice go with say; in TwiML they are attributes of <Say>. Nothing was done.');
}

/** Text to speak, in a voice or language other than the account's default. */
interface Speech {
  say: string;
  voice?: string;
  language?: string;
}

/** TwiML that speaks a text. */
function speak({ say, ...attributes }: Speech): string {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return `<Response><Say${given.map(([name, value]) => ` ${name}="${escapeXml(value)}"`).join('')}>${escapeXml(say)}</Say></Response>`;
}

/** The text with the characters escaped that mean something in XML. */
export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
