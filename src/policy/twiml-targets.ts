import { parseXml, XmlElement, XmlText } from '@rgrove/parse-xml';

/** What TwiML addresses beside those who get it. */
interface TwimlTargets {
  recipients: string[];
  senders: string[];
  /** URLs whose answer is TwiML again. */
  urls: string[];
}

/** Elements in which a text is an address. */
const ADDRESS_ELEMENTS = new Set(['dial', 'number', 'sip', 'client', 'identity', 'whatsapp', 'refersip', 'redirect']);
/** Elements of a dial that call no phone: they join a conference or queue, or connect a device or application of the account. */
const INSIDE_DIAL = new Set(['conference', 'queue', 'sim', 'application', 'applicationsid', 'parameter']);
const URL_ATTRIBUTES = /^(action|url|waiturl|fallbackurl|referurl)$/i;

/** What the TwiML addresses; undefined if that cannot be told, since it is malformed or has unknown elements. */
export function targetsIn(twiml: string): TwimlTargets | undefined {
  const targets: TwimlTargets = { recipients: [], senders: [], urls: [] };
  try {
    return collect(parseXml(twiml.trim()).root!, targets) ? targets : undefined;
  } catch {
    return undefined;
  }
}

/** Adds what an element addresses. False if it contains what is unknown. */
function collect(element: XmlElement, targets: TwimlTargets, parent = ''): boolean {
  const name = element.name.toLowerCase();
  const text = element.children
    .map((child) => (child instanceof XmlText ? child.text : ''))
    .join('')
    .trim();
  for (const [attribute, value] of Object.entries(element.attributes)) {
    if (URL_ATTRIBUTES.test(attribute)) targets.urls.push(value);
    if (/^(message|sms)$/.test(name) && attribute.toLowerCase() === 'to') targets.recipients.push(value);
    if (/^(callerid|from)$/i.test(attribute)) targets.senders.push(value);
  }
  if (name === 'redirect') targets.urls.push(text);
  else if (ADDRESS_ELEMENTS.has(name) && text !== '') targets.recipients.push(addressIn(name, text));
  else if (/^(dial|refer)$/.test(parent) && !ADDRESS_ELEMENTS.has(name) && !INSIDE_DIAL.has(name)) return false;
  return element.children.every((child) => !(child instanceof XmlElement) || collect(child, targets, name));
}

/** The address that an element means: of an app's user and a SIP address, with their channel. */
function addressIn(element: string, text: string): string {
  const channel = { client: 'client', identity: 'client', sip: 'sip', refersip: 'sip', whatsapp: 'whatsapp' }[element];
  return channel && !/^[a-z]+:/i.test(text) ? `${channel}:${text}` : text;
}
