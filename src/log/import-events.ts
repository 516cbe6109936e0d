// Imports exported events into an empty log, whichever engine stores them. Ids, times and hashes stay the same.
import type { ChainHead } from '../../projections/chain/chain.ts';
import type { StoredEvent } from './journal.ts';
import { type VerifyReport, verify } from './verify.ts';

/** The events do not form a valid log: `message` is a sentence. */
export class NotImportable extends Error {
  override readonly name = 'NotImportable';
}

/** The tables of an empty log, in a transaction that the engine commits if the import resolves. */
export interface ImportTarget {
  /** Stores events. Returns the first one whose stream already has its version, if there is one: the import then ends. */
  add(events: readonly StoredEvent[]): Promise<StoredEvent | undefined>;
  setChainHeads(heads: ReadonlyMap<string, ChainHead>): Promise<void>;
  /** All events as they are now stored. */
  pages(): AsyncIterable<readonly StoredEvent[]>;
}

/**
 * Stores the events, numbered from 1, and verifies what was stored. Only the export of a single organisation may have gaps
 * in its positions. Rejects with `NotImportable`. `stored` is called with the number of events so far.
 */
export async function importEvents(
  target: ImportTarget,
  pages: AsyncIterable<readonly StoredEvent[]>,
  stored: (events: number) => void,
): Promise<VerifyReport> {
  await store(target, pages, stored);
  const report = await verify(target.pages());
  const [fault] = report.faults;
  if (fault) throw new NotImportable(`Line ${fault.position}: ${fault.problem}`);
  return report;
}

async function store(
  target: ImportTarget,
  pages: AsyncIterable<readonly StoredEvent[]>,
  stored: (events: number) => void,
): Promise<void> {
  const heads = new Map<string, ChainHead>();
  const numbering = new Numbering();
  for await (const page of pages) {
    const events = page.map((event) => numbering.renumber(event));
    const taken = await target.add(events);
    if (taken) {
      const { position, stream, version } = taken;
      throw new NotImportable(`Line ${position}: version ${version} of ${stream} already exists.`);
    }
    for (const { organizationId, position, hash } of events) heads.set(organizationId, { position, hash });
    stored(numbering.events);
  }
  await target.setChainHeads(heads);
}

/**
 * Numbers events from 1. In the export of one organisation gaps are the events of others. In an export of several they
 * mean that events are missing.
 */
class Numbering {
  events = 0;
  #last = 0;
  #organizationId: string | undefined;
  /** The positions missing in the first gap, in words. */
  #gap: string | undefined;
  #isPart = true;

  renumber(event: StoredEvent): StoredEvent {
    const { position, organizationId } = event;
    this.events += 1;
    if (position <= this.#last) {
      throw new NotImportable(`Line ${this.events}: position ${position} comes after position ${this.#last}.`);
    }
    if (position > this.#last + 1) this.#gap ??= `positions ${this.#last + 1} to ${position - 1}`;
    this.#organizationId ??= organizationId;
    this.#isPart &&= organizationId === this.#organizationId;
    if (this.#gap !== undefined && !this.#isPart) {
      throw new NotImportable(`Line ${this.events}: the file has several organisations, but ${this.#gap} are missing.`);
    }
    this.#last = position;
    return { ...event, position: this.events };
  }
}
