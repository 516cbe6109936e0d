// By how much the clock of the database is ahead of this node's, from the reads whose answers came fastest.

/** By how much two clocks may drift apart: milliseconds for each millisecond. */
const DRIFT = 1e-4;

export class ClockLead {
  #lead = 0;
  /** How far the lead may be wrong, in milliseconds, and as of when. */
  #error = Number.POSITIVE_INFINITY;
  #asOf = 0;

  /** In milliseconds. */
  get milliseconds(): number {
    return this.#lead;
  }

  /** A clock that was read between these two times of this node, in milliseconds since 1970. */
  observe(clock: number, { sent, received }: { readonly sent: number; readonly received: number }): void {
    const error = (received - sent) / 2;
    const grown = this.#error + DRIFT * (received - this.#asOf);
    // A clock that was set has a lead that the one before cannot explain.
    const lead = clock - (sent + received) / 2;
    const isOther = Math.abs(lead - this.#lead) > error + grown;
    if (error > grown && !isOther) return;
    this.#lead = lead;
    this.#error = error;
    this.#asOf = received;
  }
}
