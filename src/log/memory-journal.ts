// A journal in memory: its events are lost when the process ends. For trying things out, demos and tests.
import { digest } from './chain.ts';
import type { RedactedText } from './commit.ts';
import {
  type Journal,
  KEY_LIFETIME,
  type KeyRecord,
  type Outcome,
  type PreparedCommit,
  type ScanOptions,
  type StoredEvent,
} from './journal.ts';
import { type LogPage, matcher, pageOf, scanned } from './page.ts';
import { type Ledger, type Sequenced, sequence } from './sequence.ts';

export interface MemoryJournalOptions {
  readonly now: () => Date;
}

export class MemoryJournal implements Journal {
  readonly capabilities = { durable: false, wipes: true };
  readonly #now: () => Date;
  readonly #events: StoredEvent[] = [];
  readonly #streams = new Map<string, StoredEvent[]>();
  readonly #chainHeads = new Map<string, string>();
  /** Oldest first. */
  readonly #keys = new Map<string, { readonly key: KeyRecord; readonly recorded: Date }>();
  readonly #ledger: Ledger = {
    head: () => this.#events.at(-1) ?? { position: 0, recordedAt: '' },
    version: (stream) => this.#streams.get(stream)?.length ?? 0,
    chainHead: (organizationId) => this.#chainHeads.get(organizationId),
    key: (id) => this.#keys.get(id)?.key,
    lastOf: (type) => this.#events.findLast((event) => event.type === type)?.position ?? 0,
  };

  constructor({ now }: MemoryJournalOptions) {
    this.#now = now;
  }

  async open(): Promise<number> {
    return this.#events.length;
  }

  async commit(commits: readonly PreparedCommit[]): Promise<readonly Outcome[]> {
    const now = this.#now();
    const sequenced = sequence(this.#ledger, commits, now.toISOString());
    this.#record(sequenced, now);
    return sequenced.outcomes;
  }

  async page({
    after,
    until = Number.POSITIVE_INFINITY,
    stream,
    limit,
    ...filter
  }: ScanOptions): Promise<LogPage<StoredEvent>> {
    const events = stream === undefined ? this.#events : (this.#streams.get(stream) ?? []);
    const end = countUpTo(events, until);
    const range = { from: countUpTo(events, after), end, limit, matches: matcher(filter) };
    const page = pageOf(events, range, ({ text, meta }) => text.length + meta.length);
    if (page.next >= end)
      return { events: page.events, through: Math.max(after, Math.min(until, this.#events.length)) };
    return { events: page.events, through: events[page.next - 1]?.position ?? after };
  }

  scan(options: ScanOptions): AsyncGenerator<readonly StoredEvent[]> {
    return scanned(options, (next) => this.page(next));
  }

  async findKey(id: string): Promise<KeyRecord | undefined> {
    return this.#ledger.key(id);
  }

  async close(): Promise<void> {}

  async wipe(): Promise<boolean> {
    return true;
  }

  #record({ events, chainHeads, keys, redactions }: Sequenced, recorded: Date): void {
    for (const event of events) {
      this.#events.push(event);
      const stream = this.#streams.get(event.stream);
      if (stream) stream.push(event);
      else this.#streams.set(event.stream, [event]);
    }
    for (const redaction of redactions) this.#redact(redaction);
    for (const [organizationId, { hash }] of chainHeads) this.#chainHeads.set(organizationId, hash);
    if (keys.size > 0) this.#dropExpiredKeys(recorded);
    for (const [id, key] of keys) this.#keys.set(id, { key, recorded });
  }

  #redact({ position, text }: RedactedText): void {
    const event = this.#events[position - 1];
    if (!event) throw new Error(`There is no event at position ${position} to redact.`);
    const blanked = { ...event, text, textDigest: event.textDigest ?? digest(event.text) };
    this.#events[position - 1] = blanked;
    this.#streams.get(event.stream)?.splice(event.version - 1, 1, blanked);
  }

  #dropExpiredKeys(now: Date): void {
    for (const [id, { recorded }] of this.#keys) {
      if (now.getTime() - recorded.getTime() <= KEY_LIFETIME) return;
      this.#keys.delete(id);
    }
  }
}

/** How many events there are up to a position: a binary search, because positions within a stream have gaps. */
function countUpTo(events: readonly StoredEvent[], position: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle] as StoredEvent).position <= position) low = middle + 1;
    else high = middle;
  }
  return low;
}
