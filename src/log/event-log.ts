// The event log: appends commits through the journal, and publishes each one when it is durable.
import { setImmediate } from 'node:timers/promises';
import { EMPTY, firstValueFrom, from, type Observable, Subject, timeout, filter as where } from 'rxjs';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { readAhead } from '../bounds/read-ahead.ts';
import type { Appended, Batch, Commit, RedactedText } from './commit.ts';
import { batchOf, CommitBatcher } from './commit-batcher.ts';
import { decode, prepare, type Randomness } from './encoding.ts';
import { EventWindow } from './event-window.ts';
import { Follower } from './follower.ts';
import {
  type Journal,
  JournalError,
  type KeyRecord,
  type Outcome,
  type PreparedCommit,
  type StoredEvent,
} from './journal.ts';
import { LogReader, type ReadOptions, type ReadRange, type SubscribeOptions } from './log-reader.ts';
import type { LogPage } from './page.ts';
import type { Report } from './report.ts';
import { createSalts } from './salt.ts';
import { Wiping } from './wiping.ts';

export interface EventLogOptions {
  readonly newId: () => string;
  /** Makes the salts of events. Default: 128 random bits. */
  readonly newSalt?: () => string;
  /** How many recent events stay in memory at least. */
  readonly eventsInMemory: number;
  /** How many commits can be queued for the journal; more are refused as `overloaded`. */
  readonly maxWaiting: number;
  /** Called with the reason when the journal fails to record commits. */
  readonly report: Report;
  /** Time between two attempts to wipe redacted text that a reader of the journal's files blocks, in milliseconds. */
  readonly wipingPause?: number;
}

interface Waiting {
  readonly commit: PreparedCommit;
  readonly settle: (appended: Appended | Promise<Appended>) => void;
}

/** The most commits in one transaction of the journal. */
const GROUP_SIZE = 512;
/** How long a caller waits for what other nodes have recorded, in milliseconds, and how many can wait. */
const ARRIVAL = { wait: 2_000, waiting: 10_000 };
/** The epoch of a log that has not taken another one's place. */
const FIRST_EPOCH = 1;
/** How long a failed append of a shared log shows as its failure, in milliseconds. */
const SHOWN = 10_000;
/** The id of a log without events. */
export const EMPTY_LOG = '0';
/** How many hex digits of the first hash form the log's origin. */
const ID_LENGTH = 8;

export class EventLog {
  readonly #journal: Journal;
  readonly #options: EventLogOptions;
  readonly #window: EventWindow;
  readonly #reader: LogReader;
  readonly #wiping: Wiping;
  /** Absent if no other node writes to the log. */
  readonly #follower: Follower | undefined;
  readonly #randomness: Randomness;
  readonly #batches = new Subject<Batch>();
  readonly #waiting: Waiting[] = [];
  #origin = EMPTY_LOG;
  #position = 0;
  /** Position of the last event that the journal held when it was opened. */
  #openedAt = 0;
  #pump: Promise<void> | undefined;
  /** The last commit that was queued. */
  #last: Promise<unknown> = Promise.resolve();
  /** How many callers wait for what other nodes have recorded. */
  #awaiting = 0;
  /** Permanent. */
  #failure: string | undefined;
  /** Cleared when a later attempt succeeds. */
  #temporaryFailure: { readonly reason: string; readonly at: number } | undefined;

  /**
   * Every commit after the start position, once and in order: the stored ones while the log opens, then each new one as
   * soon as it is durable. Subscribers are called in the order in which they subscribed, so that read models that
   * subscribe first are up to date for all others. Subscribers must not throw.
   */
  readonly committed$: Observable<Batch> = this.#batches.asObservable();

  constructor(journal: Journal, options: EventLogOptions) {
    this.#journal = journal;
    this.#options = options;
    const { newId, newSalt = createSalts() } = options;
    this.#randomness = { newId, newSalt };
    this.#window = new EventWindow(options.eventsInMemory);
    const { committed$ } = this;
    this.#reader = new LogReader({ journal, window: this.#window, position: () => this.#position, committed$ });
    const { report, wipingPause: pause } = options;
    this.#wiping = new Wiping({ journal, fail: (reason) => this.fail(reason), report, pause });
    const { shared } = journal;
    const publish = (batch: Batch, redactions: readonly RedactedText[]) =>
      this.#publishRedacting(blanking(batch, redactions), redactions);
    const fail = (reason: string) => {
      this.fail(reason);
      report('the log cannot be followed', reason);
    };
    this.#follower = shared && new Follower({ shared, position: () => this.#position, publish, fail });
  }

  /** Distinguishes this log from others, also from those that begin with the same events. */
  get id(): string {
    const { epoch = FIRST_EPOCH } = this.#journal.shared ?? {};
    return epoch === FIRST_EPOCH ? this.#origin : `${this.#origin}-${epoch.toString(36)}`;
  }

  /** The start of the hash of the first event, which no accepted fork changes; `0` for an empty log. */
  get origin(): string {
    return this.#origin;
  }

  /** Position of the last published event; 0 for an empty log. */
  get position(): number {
    return this.#position;
  }

  /** Position of the last event known to be durable: while the log opens, it is ahead of the last published event. */
  get head(): number {
    return Math.max(this.#openedAt, this.#position);
  }

  /** Once open: resolves with `true` when the database has another log, which can be opened; else when this one closes. */
  get isReplaced(): Promise<boolean> {
    return this.#follower?.ended ?? Promise.resolve(false);
  }

  /** Why appends fail, as a sentence for operators: permanently, or at the last attempt. Reads still work. */
  get failure(): string | undefined {
    return this.#failure ?? this.#journal.shared?.trouble ?? this.#recentFailure();
  }

  /** Whether other nodes write to the log too. */
  get isShared(): boolean {
    return this.#follower !== undefined;
  }

  /** When this node last had all events of a log that others write to; `undefined` for a log of its own. */
  get asOf(): Date | undefined {
    return this.#follower?.asOf;
  }

  /** Since when other nodes may have recorded what this one does not know; `undefined` while it is up to date. */
  get staleSince(): Date | undefined {
    return this.#follower?.staleSince;
  }

  /**
   * Opens the journal and publishes its events after the position that `start` resolves with, which must be the end of
   * a commit or 0. `start` is called once the journal is open. `check` is called at once with a promise of that
   * position, and runs while events are published. Rejects with a `JournalError`, also with that of `check`.
   */
  async open(start = async () => 0, check = async (_after: Promise<number>) => {}): Promise<void> {
    const position = this.#openAt(start);
    await Promise.all([position.then(() => this.#publishStored()), check(position)]);
    this.#follower?.start();
  }

  /**
   * Resolves with `true` once this position is published; with `false` if that takes longer than two seconds, or if too
   * many wait. Only other nodes can make it arrive: at a log of this node's own there is nothing to wait for.
   */
  reached(position: number): Promise<boolean> {
    return this.#arrives(position, ARRIVAL.wait);
  }

  /**
   * Resolves with `true` once everything is published that any node had recorded before this call; with `false` if that
   * takes too long, or cannot be known. What is refused because it is not there must be looked for in a fresh log.
   */
  async freshen(): Promise<boolean> {
    if (!this.#follower) return true;
    const late = performance.now() + ARRIVAL.wait;
    const head = await firstWithin(ARRIVAL.wait, from(this.#follower.head())).catch(() => undefined);
    return head !== undefined && this.#arrives(head, Math.max(0, late - performance.now()));
  }

  async #arrives(position: number, wait: number): Promise<boolean> {
    if (this.#position >= position) return true;
    if (!this.#follower || this.#awaiting >= ARRIVAL.waiting) return false;
    this.#awaiting += 1;
    await firstWithin(wait, this.committed$.pipe(where(({ last }) => last >= position)));
    this.#awaiting -= 1;
    return this.#position >= position;
  }

  async #openAt(start: () => Promise<number>): Promise<number> {
    this.#openedAt = await this.#journal.open();
    await this.#wiping.attempt();
    this.#position = await start();
    return this.#position;
  }

  /**
   * Adds a commit. Resolves when it is durable and all subscribers of `committed$` have handled it, or when it is
   * refused. A redaction resolves only after the old text is gone from the journal's files. If a long-running reader
   * blocks that, it is reported and retried with the next commits.
   */
  append(commit: Commit): Promise<Appended> {
    const reason = this.#failure ?? this.#journal.shared?.trouble;
    if (reason !== undefined) return Promise.resolve({ kind: 'unavailable', reason });
    if (this.#waiting.length >= this.#options.maxWaiting) return Promise.resolve({ kind: 'overloaded' });
    const prepared = prepare(commit, this.#randomness);
    const appended = new Promise<Appended>((settle) => {
      this.#waiting.push({ commit: prepared, settle });
      this.#pump ??= this.#commitWaiting();
    });
    this.#last = appended;
    return appended;
  }

  /** Resolves when all commits that were appended before this call are published or refused. */
  async settled(): Promise<void> {
    await this.#last;
  }

  /** The record of the commit with this idempotency key. */
  findKey(id: string): Promise<KeyRecord | undefined> {
    return this.#journal.findKey(id);
  }

  /** Published events in order, from memory if they are recent enough, else from the journal. */
  read(options: ReadOptions = {}): AsyncGenerator<RecordedEvent> {
    return this.#reader.read(options);
  }

  /**
   * The same in slices that are small enough to be worked on at once: between two of them other requests have a turn. A
   * slice can be empty, where a filter selects little.
   */
  slices(options: ReadOptions = {}): AsyncGenerator<LogPage<RecordedEvent>> {
    return this.#reader.slices(options);
  }

  /** Slices of published events exactly as stored in the journal. */
  stored(options: ReadOptions = {}): AsyncGenerator<LogPage<StoredEvent>> {
    return this.#reader.stored(options);
  }

  /** Published commits in order, each complete; a commit that ends after `until` is left out. */
  batches(range: ReadRange = {}): AsyncGenerator<Batch> {
    return this.#reader.batches(range);
  }

  /**
   * Every commit after a position, in order, including future ones, until `signal` aborts. One cursor reads them all,
   * so no commit can be lost between stored and new ones. If `after` is within a commit, the rest of that commit comes
   * first. With a filter, a batch has the selected events of a commit, and an empty one says that there are none up to
   * its end.
   */
  subscribe(options: SubscribeOptions): AsyncGenerator<Batch> {
    return this.#reader.subscribe(options);
  }

  /** Refuses all further appends. The reason is a sentence for operators. Reads still work. */
  fail(reason: string): void {
    this.#failure ??= reason;
  }

  /** Records the queued commits, then closes the journal; later appends are refused. */
  async close(): Promise<void> {
    this.fail('The server is shutting down.');
    await this.#pump;
    await this.#follower?.stop();
    await this.#wiping.finish();
    this.#batches.complete();
    await this.#journal.close();
  }

  async #publishStored(): Promise<void> {
    this.#window.expect(this.#openedAt);
    for await (const [first] of this.#journal.scan({ after: 0, until: 1 })) this.#identify(first);
    const commits = new CommitBatcher();
    for await (const page of readAhead(this.#journal.scan({ after: this.#position }))) {
      for (const batch of commits.take(page.map(decode))) this.#publish(batch);
    }
  }

  /** Group commit: one transaction takes all commits that were queued while the previous one was synced. */
  async #commitWaiting(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, GROUP_SIZE);
      const outcomes = await this.#record(group.map(({ commit }) => commit));
      group.forEach(({ commit, settle }, index) => {
        settle(this.#conclude(commit, outcomes[index]));
      });
      // Those who have waited for this group and append again are then in the next one, not in the one after that.
      if (group.length > 1) await setImmediate();
      if (this.#wiping.isPending) await this.#wiping.attempt();
    }
    this.#pump = undefined;
  }

  /** With a shared log, others may have repaired the cause since: then only an append that fails again tells. */
  #recentFailure(): string | undefined {
    const { reason, at = 0 } = this.#temporaryFailure ?? {};
    return this.isShared && performance.now() - at > SHOWN ? undefined : reason;
  }

  async #record(commits: readonly PreparedCommit[]): Promise<readonly (Outcome | JournalError)[]> {
    try {
      const outcomes = await this.#journal.commit(commits);
      this.#temporaryFailure = undefined;
      return outcomes;
    } catch (error) {
      const failure = error instanceof JournalError ? error : new JournalError('failed', String(error));
      this.#options.report('the journal did not record a commit', failure);
      // A temporary failure does not block the next append, which tries again. A database that is away says so itself.
      if (failure.code !== 'away') this.#temporaryFailure = { reason: failure.message, at: performance.now() };
      // A database that several nodes use is repaired while they run.
      if (failure.code === 'failed' && !this.isShared) this.#failure = failure.message;
      return commits.map(() => failure);
    }
  }

  #conclude({ redactions }: PreparedCommit, outcome: Outcome | JournalError | undefined): Appended | Promise<Appended> {
    if (outcome === undefined || outcome instanceof Error) {
      return { kind: 'unavailable', reason: outcome?.message ?? 'The journal gave no answer.' };
    }
    if (outcome.kind === 'duplicate') return this.#recorded(outcome);
    if (outcome.kind === 'fenced') return { kind: 'unavailable', reason: 'Another node has taken over this work.' };
    if (outcome.kind !== 'appended') return outcome;
    const batch = blanking(batchOf(outcome.events.map(decode)), redactions);
    // Other nodes may have recorded commits before it that are not published here yet: then it comes after them.
    if (batch.first > this.#position + 1) return this.#published(batch);
    if (batch.first === this.#position + 1) this.#publishRedacting(batch, redactions);
    return redactions.length > 0 ? this.#wiped(batch) : { kind: 'appended', ...batch };
  }

  async #published(batch: Batch): Promise<Appended> {
    return (await this.reached(batch.last)) ? { kind: 'appended', ...batch } : NOT_PUBLISHED;
  }

  /** Publishes a commit after the texts that it blanks are gone from memory. */
  #publishRedacting(batch: Batch, redactions: readonly RedactedText[]): void {
    for (const { position, text } of redactions) {
      this.#window.replace(position, (event) => decode({ ...event, text, meta: JSON.stringify(event.meta) }));
    }
    this.#publish(batch);
  }

  async #wiped(batch: Batch): Promise<Appended> {
    await this.#wiping.run();
    return { kind: 'appended', ...batch };
  }

  async #recorded({ first, last }: { first: number; last: number }): Promise<Appended> {
    if (!(await this.reached(last))) return NOT_PUBLISHED;
    const events: RecordedEvent[] = [];
    for await (const event of this.read({ after: first - 1, until: last })) events.push(event);
    return { kind: 'duplicate', ...batchOf(events) };
  }

  #identify(first: Pick<StoredEvent, 'hash'> | undefined): void {
    if (first) this.#origin = first.hash.slice(0, ID_LENGTH);
  }

  #publish(batch: Batch): void {
    if (batch.first === 1) this.#identify(batch.events[0]);
    this.#window.push(batch.events);
    this.#position = batch.last;
    this.#batches.next(batch);
  }
}

/** The first value; `undefined` if it does not come within this many milliseconds. */
function firstWithin<T>(wait: number, values$: Observable<T>): Promise<T | undefined> {
  return firstValueFrom(values$.pipe(timeout({ first: wait, with: () => EMPTY })), { defaultValue: undefined });
}

/** The commit, and what it blanks. */
function blanking(batch: Batch, redactions: readonly RedactedText[]): Batch {
  return redactions.length === 0 ? batch : { ...batch, redacted: redactions.map(({ position }) => position) };
}

/** It is recorded: the same idempotency key finds it. */
const NOT_PUBLISHED: Appended = {
  kind: 'unavailable',
  reason: 'What was recorded has not come back from the database within two seconds.',
};
