/** What the widgets of a flow make a call do. https://www.twilio.com/docs/studio/widget-library */
import type { Properties } from '../../json';
import { CONVERSATION_SECONDS, MESSAGE_SECONDS, type Step, speakingTime, URL_SECONDS } from '../call-script';
import { fillText, type Widget } from './definition';

/** The transition at the end of a widget: a caller of the sandbox presses no key and stays on the line. */
export const CALL_WIDGET_EVENTS: Readonly<Record<string, string>> = {
  'say-play': 'audioComplete',
  'gather-input-on-call': 'timeout',
  'record-voicemail': 'recordingComplete',
  'connect-call-to': 'callCompleted',
  'enqueue-call': 'callComplete',
};

/** The steps of a call at a widget; undefined if the sandbox does not run such widgets. */
export function stepsOfWidget({ type, properties }: Widget, context: Properties): Step[] | undefined {
  const text = (name: string) => fillText(properties[name], context);
  const seconds = (name: string, otherwise: number) => Number(text(name) || otherwise);
  const said: Step = properties.say
    ? { do: 'say', text: text('say'), seconds: speakingTime(text('say')) }
    : { do: 'wait', seconds: properties.play ? URL_SECONDS : 1 };
  switch (type) {
    case 'say-play':
      return [said];
    case 'gather-input-on-call':
      return [said, { do: 'wait', seconds: seconds('timeout', 5) }];
    case 'record-voicemail': {
      const length = Math.min(seconds('max_length', 3600), MESSAGE_SECONDS);
      return [{ do: 'record', seconds: length, transcribe: text('transcribe') === 'true' }];
    }
    case 'connect-call-to': {
      const prefix = properties.noun === 'client' ? 'client:' : '';
      const targets = text('to')
        .split(',')
        .map((to) => ({ to: prefix + to.trim() }));
      const record = text('record') === 'true';
      const options = { callerId: text('caller_id') || null, timeout: seconds('timeout', 30), record, channels: 1 };
      return [{ do: 'dial', targets, seconds: CONVERSATION_SECONDS, ...options }];
    }
    case 'enqueue-call':
      return [{ do: 'wait', seconds: null }];
    default:
      return undefined;
  }
}
