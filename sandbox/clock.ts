/** The sandbox's time, which runs with the machine's and can be moved ahead. */
export class Clock {
  /** Milliseconds that the clock is ahead of the machine's. */
  offset = 0;

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + this.offset;
  }

  /** Moves the clock ahead. @throws Error for anything but a positive number of milliseconds. */
  advance(milliseconds: number): void {
    if (!Number.isFinite(milliseconds) || milliseconds <= 0) throw new Error('The clock can only be moved ahead.');
    this.offset += milliseconds;
  }
}
