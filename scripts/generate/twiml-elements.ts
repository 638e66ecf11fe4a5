import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { words } from '../../src/params';
import type { TwimlElement } from '../../src/twiml';

/*
 * The elements of TwiML, from the builder classes of the twilio package: each method of a class adds a child, and the type
 * of its first parameter lists the child's attributes.
 */

/** The name in the table of each builder's root, which is a <Response>. */
const ROOTS = { VoiceResponse: 'Response', MessagingResponse: 'MessagingResponse' };

/** Attributes that Twilio documents and the package lacks, or has in lower case only. */
const MISSING_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  // https://www.twilio.com/docs/voice/twiml/connect/conversationrelay
  ConversationRelay: words(
    'backgroundNoiseReduction conversationConfiguration deepgramSmartFormat eotThreshold ignoreBackchannel speechTimeout turnDetection',
  ),
  // https://www.twilio.com/docs/voice/twiml/transcription
  Transcription: words('conversationConfiguration enableProviderData'),
};

interface Element {
  attributes: Set<string>;
  children: Set<string>;
  text: boolean;
}

/** The table of src/twiml.ts as JSON. Elements with the same tag are one. */
export function twimlElements(): string {
  const [types, code] = [buildersIn('d.ts'), buildersIn('js')];
  const attributes = attributesByType(types);
  const signatures = signaturesByClass(types);
  const methods = methodsOf(code);
  const tags = new Map([...Object.entries(ROOTS), ...methods.map(({ child, tag }) => [child, tag] as const)]);
  const elements = new Map<string, Element>();
  const elementOf = (tag: string): Element => {
    const element = elements.get(tag) ?? {
      attributes: new Set(MISSING_ATTRIBUTES[tag]),
      children: new Set(),
      text: false,
    };
    elements.set(tag, element);
    return element;
  };
  for (const { parent, method, tag } of methods) {
    elementOf(tags.get(parent)!).children.add(tag);
    const element = elementOf(tag);
    for (const parameters of signatures.get(`${parent}.${method}`)!) {
      const [, type = ''] = /attributes\??: \w+\.(\w+)/.exec(parameters) ?? [];
      for (const name of attributes.get(type) ?? []) element.attributes.add(name);
      // Any parameter but the attributes is the text of the element.
      element.text ||= /: string/.test(parameters);
    }
  }
  const sorted = [...elements].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted.map(([tag, element]) => [tag, entryOf(element)])), null, 2)}\n`;
}

/** The builders as types (`d.ts`) or code (`js`), one after the other. */
const buildersIn = (extension: string) =>
  Object.keys(ROOTS)
    .map((name) => readFileSync(join(dirname(require.resolve('twilio')), `twiml/${name}.${extension}`), 'utf8'))
    .join('\n');

const entryOf = ({ attributes, children, text }: Element): TwimlElement => ({
  ...(attributes.size > 0 && { attributes: [...attributes].sort().join(' ') }),
  ...(children.size > 0 && { children: [...children].sort().join(' ') }),
  ...(text && { text }),
});

function attributesByType(types: string): Map<string, string[]> {
  const interfaces = [...types.matchAll(/interface (\w+Attributes) \{([^}]*)\}/g)];
  return new Map(
    interfaces.map(([, name, body]) => [name!, [...body!.matchAll(/^\s*"?([\w:-]+)"?\?:/gm)].map(([, each]) => each!)]),
  );
}

/** Each `class` of a module with its body. */
const classesOf = (code: string) =>
  code
    .split(/\bclass (?=\w+ extends)/)
    .slice(1)
    .map((text) => [/^\w+/.exec(text)![0], text] as const);

/** The parameters of a method's overloads, by `Class.method`. */
function signaturesByClass(types: string): Map<string, string[]> {
  const signatures = new Map<string, string[]>();
  for (const [owner, body] of classesOf(types)) {
    for (const [, method, parameters] of body.matchAll(/^\s+(\w+)\((.*)\): \w+\.\w+;/gm)) {
      const key = `${owner}.${method}`;
      signatures.set(key, [...(signatures.get(key) ?? []), parameters!]);
    }
  }
  return signatures;
}

/** Every method that adds a child, with the class that it returns. Throws if the code has other calls of that kind. */
function methodsOf(code: string) {
  const methods = classesOf(code).flatMap(([parent, body]) =>
    body
      .split(/^ +(?=\w+\([^)]*\) \{$)/m)
      .map((text) => [/^\w+/.exec(text)?.[0], /new \w+\.(\w+)\(.*\.ele\("([\w-]+)"/.exec(text)] as const)
      .filter(([, call]) => call)
      .map(([method, call]) => ({ parent, method: method!, child: call![1]!, tag: call![2]! })),
  );
  const calls = code.match(/\.ele\(/g)?.length;
  if (methods.length !== calls)
    throw new Error(`Understood ${methods.length} of ${calls} elements of the TwiML builders.`);
  return methods;
}
