/** Who the sandbox's account talked to in its past, and what they wrote. All numbers are fictitious. */

export interface Person {
  name: string;
  /** E.164; +1 555-01xx and +44 7700 900xxx are reserved for fiction. */
  number: string;
}

const person = (name: string, number: string): Person => ({ name, number });

export const CUSTOMERS = [
  person('Ana', '+14155550101'),
  person('Ben', '+14155550102'),
  person('Carla', '+12125550103'),
  person('Felix', '+13105550106'),
  person('Grace', '+16175550107'),
  person('Hugo', '+16175550108'),
  person('Ivy', '+17735550109'),
  person('Jack', '+17735550110'),
];
/** Opts out after the first offer and in again after the second. */
export const RETURNING = person('Dan', '+12125550104');
/** Opts out after the second offer. */
export const LOST = person('Erin', '+13105550105');
export const BRITISH = [person('Kate', '+447700900111'), person('Liam', '+447700900112')];

/** One message of a talk: from whom, how many minutes after the one before, its text and whether it has a picture. */
interface Turn {
  from: 'us' | 'them';
  after: number;
  text: string;
  picture?: boolean;
}

const us = (text: string, after = 0): Turn => ({ from: 'us', after, text });
const them = (text: string, after = 0): Turn => ({ from: 'them', after, text });

/** `{name}` is the person's name. */
export const TALKS: Turn[][] = [
  [us('Hi {name}, your bike service is booked for tomorrow at 10:00.'), them('Thanks, see you then!', 12)],
  [us('Hi {name}, your bike is ready. We are open until 18:00.'), them('Great, on my way.', 25)],
  [us('Hi {name}, your order has shipped and arrives on Friday.')],
  [us('Your Sandbox Cycles code is 481920. It expires in 10 minutes.')],
  [
    them('Hello, the new tyre lost air after one day. Can I get a refund?'),
    us('Sorry about that, {name}. We refund 39.00 to your card today.', 35),
    them('Perfect, thank you.', 5),
  ],
  [
    { ...them('What is this part called? I lost it.'), picture: true },
    us('That is the rear axle nut, {name}. We have it in stock for 4.50.', 18),
    them('Please keep one for me', 3),
    us('Done. It is at the counter.', 2),
  ],
  [them('Do you repair e-bikes?'), us('We do, {name}. Bring it in any weekday morning.', 40)],
  [
    { ...us('Hi {name}, this is how the new paint looks. Shall we go ahead?'), picture: true },
    them('Looks good, go ahead', 55),
  ],
  [
    us('Hi {name}, can we move your appointment to 15:00?'),
    them('15:00 is too late for me', 9),
    us('Then we keep 10:00. See you tomorrow!', 4),
  ],
  [us('Hi {name}, your invoice of 84.00 is due on Monday.'), them('Paid just now', 180)],
];

export const OFFERS = [
  'Spring offer: 20% off all tyres this week. Reply STOP to opt out.',
  'Free brake check on Saturday, no appointment needed. Reply STOP to opt out.',
  'New helmets are here: 15% off until Sunday. Reply STOP to opt out.',
];
