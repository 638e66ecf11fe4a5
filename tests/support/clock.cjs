/*
 * Preload that moves the clock of a server: to the time in TEST_CLOCK (ISO 8601) at its start, from where it runs on, or
 * forward by the milliseconds in the file CLOCK_FILE.
 */
const { readFileSync } = require('node:fs');

// Functions see another environment.
const { CLOCK_FILE, TEST_CLOCK } = process.env;
const RealDate = Date;
const ahead = TEST_CLOCK ? RealDate.parse(TEST_CLOCK) - RealDate.now() : 0;
const offset = () => {
  if (!CLOCK_FILE) return ahead;
  try {
    return Number(readFileSync(CLOCK_FILE, 'utf8'));
  } catch {
    return 0;
  }
};

globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [RealDate.now() + offset()] : args));
  }

  static now() {
    return RealDate.now() + offset();
  }
};
