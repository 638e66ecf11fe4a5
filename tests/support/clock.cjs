/*
 * Preload that sets the clock of a server to the time in TEST_CLOCK, ISO 8601, at its start. It runs on from there.
 */
const RealDate = Date;
const ahead = RealDate.parse(process.env.TEST_CLOCK) - RealDate.now();

globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [RealDate.now() + ahead] : args));
  }

  static now() {
    return RealDate.now() + ahead;
  }
};
