import * as z from 'zod';
import { boolean, integer } from '../../params';

/** Where calls go, one of several: the target of a connection policy, the origination URL of a trunk. */
export const sipAddress = () =>
  z
    .string()
    .max(255)
    .regex(/^sip:\S+$/, 'must be a SIP address such as sip:gateway@example.com')
    .describe('SIP address of the own equipment; sips: is refused');
export const priority = () => integer('Lowest is tried first; default 10', 0, 65535);
export const weight = () => integer('Share among equal priorities; default 10', 1, 65535);
export const enabled = () => boolean('Takes calls; default true');

/** A name below one of Twilio’s domains, given with the ending. */
export const domainName = (description: string, ending: string) =>
  z
    .string()
    .max(255)
    .regex(
      new RegExp(`^[A-Za-z0-9-]+\\.${ending.replaceAll('.', '\\.')}$`),
      `must be one label of letters, digits and - before .${ending}`,
    )
    .describe(description);

/** A credential list or an IP access control list, as a domain or a trunk shows those mapped to it. */
export interface MappedList {
  sid: string;
  friendlyName: string;
  dateCreated: Date;
}
export const LIST = ['sid', 'friendlyName', 'dateCreated'] as const;
