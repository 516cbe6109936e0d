// The clock of a server that shares its log: its own, corrected to that of the database, so that all servers agree.
import type { SharedLog } from '../log/journal.ts';

type Clock = Pick<SharedLog, 'clockLead'>;

/** From when on operators hear of the difference, in milliseconds. */
const NOTICED = 1_000;

/** What `now` tells, by the clock of the database. Without a shared log it stays as it is. */
export function clockOf(now: () => Date, shared: Clock | undefined): () => Date {
  return shared ? () => new Date(now().getTime() + shared.clockLead) : now;
}

/** Says in the health check that the clocks differ. */
export function clockNotices(shared: Clock | undefined): { readonly notices: readonly string[] } {
  return {
    get notices() {
      const lead = shared?.clockLead ?? 0;
      if (Math.abs(lead) < NOTICED) return [];
      const seconds = `${(Math.abs(lead) / 1_000).toFixed(1)} s`;
      return [
        `The clock of this machine is ${seconds} ${lead > 0 ? 'behind' : 'ahead of'} that of PostgreSQL, which counts. ` +
          'Correct the one that is wrong.',
      ];
    },
  };
}
