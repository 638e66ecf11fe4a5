import * as z from 'zod';
import { boolean, integer, string } from '../../params';

export const friendlyName = (max: number) => string('Descriptive name', max);

/*
 * One of several destinations of calls: a target of a connection policy, or an origination URL of a trunk. `initially`
 * is the default that Twilio applies to a new one.
 */

export const sipAddress = () =>
  z
    .string()
    .max(255)
    .regex(/^sip:\S+$/, 'must be a SIP address such as sip:gateway@example.com')
    .describe('SIP address of your equipment, such as sip:pbx@example.com; sips: is not supported');
export const priority = (initially = '') => integer(`Lowest is tried first${initially}`, 0, 65535);
export const weight = (initially = '') => integer(`Share of calls among equal priorities${initially}`, 1, 65535);
export const enabled = (initially = '') => boolean(`Whether it receives calls${initially}`);

/** A name of one label below one of Twilio's domains, with that ending. */
export const domainName = (description: string, ending: string) =>
  z
    .string()
    .max(255)
    .regex(
      new RegExp(`^[A-Za-z0-9-]+\\.${ending.replaceAll('.', '\\.')}$`),
      `must be letters, digits and - followed by .${ending}`,
    )
    .describe(description);

/** A credential list or an IP access control list that is mapped to a SIP domain or a trunk. */
export interface MappedList {
  sid: string;
  friendlyName: string;
  dateCreated: Date;
}
export const LIST = ['sid', 'friendlyName', 'dateCreated'] as const;
