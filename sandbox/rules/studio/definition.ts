/** Definitions of Studio flows: https://www.twilio.com/docs/studio/rest-api/v2/flow-definition */
import { isJsonObject, type Properties } from '../../json';

interface Condition {
  type?: string;
  value?: string;
  arguments?: string[];
}

export interface Transition {
  event: string;
  /** Name of the next widget; without it the execution ends. */
  next?: string;
  conditions?: Condition[];
}

export interface Widget {
  name: string;
  type: string;
  transitions: Transition[];
  properties: Properties;
}

export interface FlowDefinition {
  initial_state: string;
  states: Widget[];
}

/** The types of widgets, without the number of their version. */
const WIDGET_TYPES = new Set(
  (
    'trigger split-based-on set-variables say-play gather-input-on-call connect-call-to make-outgoing-call ' +
    'record-voicemail record-call enqueue-call capture-payments fork-stream connect-virtual-agent send-message ' +
    'send-and-wait-for-reply run-function make-http-request add-twiml-redirect run-subflow send-to-flex ' +
    'start-conversation resume-conversation add-participant remove-participant search-for-a-profile ' +
    'update-a-profile lookup ai-assistant'
  ).split(' '),
);

/** What Twilio reports about an invalid flow. */
interface FlowError {
  message: string;
  property_path: string;
}

/** What is wrong with the definition of a flow; empty if it is valid. */
export function definitionErrors(value: unknown): FlowError[] {
  if (!isJsonObject(value)) return [{ message: 'must be an object', property_path: '#' }];
  const errors: FlowError[] = [];
  const add = (path: string, message: string) => void errors.push({ message, property_path: `#/${path}` });
  const states = Array.isArray(value.states) ? (value.states as unknown[]) : [];
  if (states.length === 0) add('states', 'must have at least one state');
  const names = states.map((state) => (isJsonObject(state) ? state.name : undefined));
  if (typeof value.initial_state !== 'string') add('initial_state', 'is required');
  else if (!names.includes(value.initial_state)) add('initial_state', `no state is named "${value.initial_state}"`);
  for (const [i, state] of states.entries()) {
    if (!isJsonObject(state)) {
      add(`states/${i}`, 'must be an object');
      continue;
    }
    const { name, type, transitions } = state;
    if (typeof name !== 'string' || name === '') add(`states/${i}/name`, 'is required');
    else if (names.indexOf(name) < i) add(`states/${i}/name`, `"${name}" is used twice`);
    if (!WIDGET_TYPES.has(String(type).replace(/-v\d$/, ''))) {
      add(`states/${i}/type`, `unknown widget type "${String(type)}"`);
    }
    if (!Array.isArray(transitions)) add(`states/${i}/transitions`, 'is required');
    for (const [j, transition] of (Array.isArray(transitions) ? transitions : []).entries()) {
      const { event, next } = isJsonObject(transition) ? transition : {};
      if (typeof event !== 'string') add(`states/${i}/transitions/${j}/event`, 'is required');
      if (next && !names.includes(next)) {
        add(`states/${i}/transitions/${j}/next`, `no state is named "${String(next)}"`);
      }
    }
  }
  return errors;
}

// ---------------------------------------------------------------- texts and conditions

const FILTERS: Record<string, (text: string, argument: string) => string> = {
  upcase: (text) => text.toUpperCase(),
  downcase: (text) => text.toLowerCase(),
  strip: (text) => text.trim(),
  capitalize: (text) => text.charAt(0).toUpperCase() + text.slice(1),
  default: (text, argument) => text || argument,
};

/** Fills a template's `{{paths}}`, with the most common Liquid filters. A path without a value is empty. */
export function fillText(template: unknown, context: Properties): string {
  return String(template ?? '').replaceAll(/\{\{([^}]*)\}\}/g, (_, inside: string) => {
    const [path, ...filters] = inside.split('|').map((part) => part.trim());
    let found: unknown = context;
    for (const part of path!.split('.')) found = isJsonObject(found) ? found[part] : undefined;
    let text =
      found === null || found === undefined ? '' : typeof found === 'object' ? JSON.stringify(found) : String(found);
    for (const filter of filters) {
      const [name, argument = ''] = filter.split(':').map((part) => part.trim());
      text = FILTERS[name!]?.(text, argument.replaceAll(/^['"]|['"]$/g, '')) ?? text;
    }
    return text;
  });
}

const entriesOf = (value: string): string[] => value.split(',').map((each) => each.trim());

/** Compares regardless of case and of spaces around the text. */
const CONDITIONS: Record<string, (text: string, value: string) => boolean> = {
  equal_to: (text, value) => text === value,
  not_equal_to: (text, value) => text !== value,
  matches_any_of: (text, value) => entriesOf(value).includes(text),
  does_not_match_any_of: (text, value) => !entriesOf(value).includes(text),
  contains: (text, value) => text.includes(value),
  does_not_contain: (text, value) => !text.includes(value),
  starts_with: (text, value) => text.startsWith(value),
  does_not_start_with: (text, value) => !text.startsWith(value),
  is_blank: (text) => text === '',
  is_not_blank: (text) => text !== '',
  regex: (text, value) => new RegExp(`^(?:${value})$`, 'i').test(text),
  less_than: (text, value) => Number(text) < Number(value),
  greater_than: (text, value) => Number(text) > Number(value),
  is_before_date: (text, value) => text < value,
  is_after_date: (text, value) => text > value,
  is_before_time: (text, value) => text < value,
  is_after_time: (text, value) => text > value,
};

function conditionHolds(
  { type = '', value, arguments: tested = [] }: Condition,
  input: unknown,
  context: Properties,
): boolean {
  const text = fillText(tested[0] ?? input, context)
    .trim()
    .toLowerCase();
  const compare = CONDITIONS[type];
  const wanted = fillText(value, context).trim();
  return compare?.(text, type === 'regex' ? wanted : wanted.toLowerCase()) ?? false;
}

/** The transition of a split whose conditions all hold, else the one for no match. */
export function matchingTransition({ transitions, properties }: Widget, context: Properties): Transition | undefined {
  const match = transitions.find(
    ({ event, conditions = [] }) =>
      event === 'match' && conditions.every((condition) => conditionHolds(condition, properties.input, context)),
  );
  return match ?? transitions.find(({ event }) => event === 'noMatch');
}
