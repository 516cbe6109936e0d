// Holds a log, stored or exported, against itself: numbering, clock, columns, commits and hash chains. Every fault gets a sentence.
import type { EventMeta } from '../../projections/events/event-types.ts';
import { CHAIN_START, chainHashOfDigests, digest } from './chain.ts';
import type { ExportedEvent } from './exported-event.ts';
import type { Fault, StoredEvent } from './journal.ts';
import type { Ledger } from './sequence.ts';

/** An organisation's last event. A log whose tail was cut is sound in itself: only heads kept elsewhere show it. */
export interface ChainHead {
  readonly position: number;
  readonly hash: string;
}

/** Where the next event should be, there is something that cannot be read. */
interface Unreadable {
  /** A sentence. */
  readonly unreadable: string;
}

/** What the log itself keeps of its end: comes before the first of a stored log's events, and again behind the last. */
interface Kept {
  /** The last event of each organisation. */
  readonly chainHeads: ReadonlyMap<string, ChainHead>;
}

export type Evidence = StoredEvent | ExportedEvent | Unreadable | Kept;

/** What was recorded before the first of the events. */
export type Before = Pick<Ledger, 'head' | 'version' | 'chainHead'>;

/** What an event says that blanks another one. */
interface Redaction {
  readonly eventId: string;
  /** Hex SHA-256 of what is left of the other one's text. */
  readonly remainder: string;
}

export interface VerifyOptions {
  /** Where it does not begin at the start of the log. */
  readonly before?: Before;
  /** Whether it may hold a part of the log, as the export of one organisation does: positions may have gaps. */
  readonly partial?: boolean;
  /** Heads that were kept: events that must be there. */
  readonly heads?: readonly ChainHead[];
}

export interface VerifyReport {
  readonly events: number;
  readonly heads: Readonly<Record<string, ChainHead>>;
  /** The first thousand. */
  readonly faults: readonly Fault[];
  /** How many there are. */
  readonly faultCount: number;
}

const FAULTS_KEPT = 1000;

/** Reads events in the order of their positions and reports what is wrong with them. */
export async function verify(
  pages: AsyncIterable<readonly Evidence[]>,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const inspection = new Inspection(options);
  for await (const page of pages) for (const evidence of page) inspection.inspect(evidence);
  return inspection.finish();
}

type Place = Pick<StoredEvent, 'stream' | 'version' | 'type' | 'organizationId'>;
type Step = EventMeta['commit'];
/** What a text says, as far as it matters here. */
type Said = Partial<Place> & { readonly id?: string; readonly data?: Redaction };

/** What has been read so far. After a fault it goes on from what is there, so that one fault does not look like many. */
class Inspection {
  readonly #partial: boolean;
  readonly #before: Before | undefined;
  /** Hashes of the heads that are still to come, by position. */
  readonly #awaited = new Map<number, string[]>();
  readonly #faults: Fault[] = [];
  readonly #heads = new Map<string, ChainHead>();
  readonly #versions = new Map<string, number>();
  /** Organisations of which some events were shown as digests alone: nobody can say which streams those belong to. */
  readonly #veiled = new Set<string>();
  /** Blanked events by id, until an event comes that says so. */
  readonly #blanked = new Map<string, { readonly position: number; readonly remainder: string }>();
  /** Where the log ended when the reading began, if it may grow meanwhile. */
  #begunAt: number | undefined;
  /** What it keeps of where the reading ended. */
  #chainHeads: Kept['chainHeads'] | undefined;
  #faultCount = 0;
  #events = 0;
  #position = 0;
  #recordedAt = '';
  /** Undefined after an event of which nobody can say what commit it belongs to. */
  #step: Step | undefined = { id: '', index: 0, size: 1 };

  constructor({ partial = false, before, heads = [] }: VerifyOptions) {
    this.#partial = partial;
    this.#before = before;
    for (const { position, hash } of heads) this.#awaited.set(position, [...(this.#awaited.get(position) ?? []), hash]);
    if (!before) return;
    ({ position: this.#position, recordedAt: this.#recordedAt } = before.head());
    this.#step = undefined;
  }

  inspect(evidence: Evidence): void {
    if ('unreadable' in evidence) this.#skip(evidence);
    else if ('chainHeads' in evidence) this.#keep(evidence);
    else this.#inspectEvent(evidence);
  }

  finish(): VerifyReport {
    const { index, size } = this.#step ?? { index: 0, size: 1 };
    // The rest of a commit may belong to another organisation.
    if (index + 1 < size && !this.#partial) {
      this.#report(this.#position, [`The log ends within a commit: ${index + 1} of ${size} events.`]);
    }
    for (const position of this.#awaited.keys()) {
      this.#report(position, [`The head that was kept is not there: the log ends at position ${this.#position}.`]);
    }
    this.#checkChainHeads();
    for (const { position } of this.#blanked.values()) {
      this.#report(position, ['Its text was changed, and no event says that it was blanked.']);
    }
    return {
      events: this.#events,
      heads: Object.fromEntries(this.#heads),
      faults: this.#faults,
      faultCount: this.#faultCount,
    };
  }

  #skip({ unreadable }: Unreadable): void {
    this.#position += 1;
    this.#step = undefined;
    this.#report(this.#position, [unreadable]);
  }

  #keep({ chainHeads }: Kept): void {
    if (this.#begunAt !== undefined) this.#chainHeads = chainHeads;
    this.#begunAt ??= [...chainHeads.values()].reduce((highest, { position }) => Math.max(highest, position), 0);
  }

  #inspectEvent(event: StoredEvent | ExportedEvent): void {
    const columns = 'stream' in event ? event : undefined;
    const text = 'text' in event ? (parse(event.text) as Said | undefined) : undefined;
    const meta = 'meta' in event ? (parse(event.meta) as Partial<EventMeta> | undefined) : undefined;
    const said: Said = { ...event, ...text };
    const isSound = this.#hashOf(event, said) === event.hash;
    // Where it belongs: as its text says if the chain vouches for that, else as the columns say.
    const place = isSound ? said : (columns ?? said);
    this.#report(event.position, [
      this.#checkPosition(event),
      this.#checkRecordedAt(event),
      'text' in event && !text ? 'Its text is not JSON.' : undefined,
      'meta' in event && !meta ? 'Its meta is not JSON.' : undefined,
      columns && text && checkColumns(columns, text),
      this.#checkVersion(place),
      isSound ? this.#checkRedaction(said, event) : undefined,
      this.#checkCommit(event, meta?.commit),
      isSound ? undefined : 'Its hash does not fit: it, or the event before it in its organisation, was changed.',
      this.#checkHead(event),
    ]);
    if (text && 'text' in event && event.textDigest) {
      this.#blanked.set(String(text.id), { position: event.position, remainder: digest(event.text) });
    }
    this.#moveOn(event, place, meta?.commit);
  }

  #hashOf(event: StoredEvent | ExportedEvent, { organizationId = '' }: Partial<Place>): string {
    return chainHashOfDigests({
      previous: this.#heads.get(organizationId)?.hash ?? this.#before?.chainHead(organizationId) ?? CHAIN_START,
      recordedAt: event.recordedAt,
      textDigest: 'text' in event ? (event.textDigest ?? digest(event.text)) : event.textDigest,
      metaDigest: 'meta' in event ? digest(event.meta) : event.metaDigest,
    });
  }

  #checkPosition({ position }: ChainHead): string | undefined {
    const expected = this.#position + 1;
    if (position < expected) return `It comes after position ${this.#position}.`;
    if (position === expected || this.#partial) return undefined;
    return `Events are missing before it: positions ${expected} to ${position - 1}.`;
  }

  #checkRecordedAt({ recordedAt }: Pick<StoredEvent, 'recordedAt'>): string | undefined {
    if (recordedAt >= this.#recordedAt) return undefined;
    return `It was recorded at ${recordedAt}, the event before it at ${this.#recordedAt}.`;
  }

  #checkVersion({ stream, version, organizationId = '' }: Partial<Place>): string | undefined {
    if (stream === undefined || version === undefined) return undefined;
    const expected = (this.#versions.get(stream) ?? this.#before?.version(stream) ?? 0) + 1;
    const isNext = version === expected || (version > expected && this.#veiled.has(organizationId));
    return isNext ? undefined : `It is version ${version} of ${stream} where ${expected} should come.`;
  }

  #checkCommit({ position }: ChainHead, step: Step | undefined): string | undefined {
    if (!step || !this.#step || follows(this.#step, step)) return undefined;
    // In a part of the log only neighbours tell something of each other.
    if (this.#partial && position !== this.#position + 1) return undefined;
    const { index, size } = this.#step;
    const before = `event ${index + 1} of ${size}`;
    return `A commit is not whole: event ${step.index + 1} of ${step.size} comes after ${before}.`;
  }

  /** Takes the blank that a redaction accounts for off the list of those that nobody accounts for. */
  #checkRedaction({ type, data, organizationId = '' }: Said, { position }: ChainHead): string | undefined {
    if (type !== 'event.redacted' || !data) return undefined;
    const { eventId, remainder } = data;
    const blanked = this.#blanked.get(eventId);
    this.#blanked.delete(eventId);
    if (blanked) return blanked.remainder === remainder ? undefined : 'What it blanked is not what it left of it.';
    // What it blanked may be where this did not look, or have been read before it was.
    const isElsewhere = this.#before !== undefined || this.#partial || this.#veiled.has(organizationId);
    const isNews = position > (this.#begunAt ?? Number.POSITIVE_INFINITY);
    return isElsewhere || isNews ? undefined : 'What it blanked is still there, or gone.';
  }

  #checkHead({ position, hash }: ChainHead): string | undefined {
    const kept = this.#awaited.get(position) ?? [];
    this.#awaited.delete(position);
    const other = kept.find((each) => each !== hash);
    return other === undefined ? undefined : `Its hash is not that of the head that was kept, ${other}.`;
  }

  /** Holds the last event of each organisation against what the log keeps of it. */
  #checkChainHeads(): void {
    if (!this.#chainHeads) return;
    for (const organizationId of new Set([...this.#heads.keys(), ...this.#chainHeads.keys()])) {
      const kept = this.#chainHeads.get(organizationId);
      const last = this.#heads.get(organizationId);
      const hash = last?.hash ?? this.#before?.chainHead(organizationId);
      if (hash === kept?.hash && (!last || last.position === kept?.position)) continue;
      const named = `The log keeps ${nameOf(kept)} as the head of ${organizationId}`;
      const found = last ? `its last event is ${nameOf(last)}` : 'that is not its last event';
      this.#report(Math.max(last?.position ?? 0, kept?.position ?? 0), [`${named}, and ${found}.`]);
    }
  }

  #report(position: number, problems: readonly (string | undefined)[]): void {
    const problem = problems.filter((sentence) => sentence !== undefined).join(' ');
    if (problem === '') return;
    this.#faultCount += 1;
    if (this.#faults.length < FAULTS_KEPT) this.#faults.push({ position, problem });
  }

  #moveOn({ position, recordedAt, hash }: StoredEvent | ExportedEvent, place: Partial<Place>, step?: Step): void {
    const { stream, version, organizationId = '' } = place;
    this.#events += 1;
    this.#position = position;
    this.#recordedAt = recordedAt;
    if (stream === undefined || version === undefined) this.#veiled.add(organizationId);
    else this.#versions.set(stream, version);
    this.#heads.set(organizationId, { position, hash });
    this.#step = step;
  }
}

function parse(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' ? (value ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

function nameOf(head: ChainHead | undefined): string {
  return head ? `${head.position}:${head.hash}` : 'none';
}

function checkColumns(columns: Place, text: Partial<Place>): string | undefined {
  const names = ['stream', 'version', 'type', 'organizationId'] as const;
  const wrong = names.filter((name) => columns[name] !== text[name]);
  if (wrong.length === 0) return undefined;
  return `It is filed under another ${wrong.join(', ')} than its text says.`;
}

function follows(previous: Step, step: Step): boolean {
  if (previous.index + 1 === previous.size) return step.index === 0 && step.id !== previous.id;
  return step.id === previous.id && step.size === previous.size && step.index === previous.index + 1;
}
