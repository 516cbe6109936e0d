// Verifies the log in PostgreSQL while the server works: a few events, or an index, at a time.
import { setTimeout } from 'node:timers/promises';
import type { Evidence } from '../../../projections/chain/evidence.ts';
import type { Fault, JournalVerifyOptions } from '../../log/journal.ts';
import { SLICE_EVENTS } from '../../log/page.ts';
import { verify } from '../../log/verify.ts';
import type { Query } from '../transaction.ts';
import { Past, storedEvidence } from './evidence.ts';
import { logIndexFaults } from './index-check.ts';

/** In the background, pauses after each slice for this multiple of the time it took: so it uses a quarter of a core. */
const REST = 3;
/** The pause after an index, in milliseconds. */
const BETWEEN_INDEXES = 1_000;

/** Rejects with a `JournalError` if the log cannot be read, and with the signal's reason. */
export async function verifyStored(
  query: Query,
  { after, background, signal }: JournalVerifyOptions,
): Promise<readonly Fault[]> {
  signal.throwIfAborted();
  const past = await Past.upTo(await after, query);
  const slices = paced(storedEvidence(query, past), { rest: background ? REST : 0, signal });
  const { faults } = await verify(slices, past.position > 0 ? { before: past } : {});
  if (faults.length > 0 || !background) return faults;
  return logIndexFaults(query, () => setTimeout(BETWEEN_INDEXES, undefined, { signal, ref: false }));
}

interface Pace {
  readonly rest: number;
  readonly signal: AbortSignal;
}

async function* paced(pages: AsyncIterable<readonly Evidence[]>, { rest, signal }: Pace) {
  for await (const page of pages) {
    for (let start = 0; start < page.length; start += SLICE_EVENTS) {
      const begin = performance.now();
      yield page.slice(start, start + SLICE_EVENTS);
      const pause = rest * (performance.now() - begin);
      // Does not keep the process alive.
      await setTimeout(pause, undefined, { signal, ref: rest === 0 });
    }
  }
}
