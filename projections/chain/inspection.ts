// Inspects a stored or exported log, an event at a time: numbering, clock, columns, commits and hash chains.
import type { EventMeta } from '../events/event-types.ts';
import { CHAIN_START, type ChainHead, type Digest, hashOfLink } from './chain.ts';
import type {
  Before,
  CheckableEvidence,
  EventPlace,
  Evidence,
  ExportedEvidence,
  RecordedHeads,
  StoredEvidence,
  Unreadable,
} from './evidence.ts';
import type { ChainProblem } from './problems.ts';

export interface InspectionOptions {
  /** Given if the events do not begin at the start of the log. */
  readonly before?: Before;
  /** Whether the events are a part of the log, such as the export of one organisation: then positions may have gaps. */
  readonly partial?: boolean;
  /** Heads that somebody stored earlier: events that must exist. */
  readonly heads?: readonly ChainHead[];
}

/** A position at which the log is damaged, and all problems there. */
export interface ChainFault {
  readonly position: number;
  readonly problems: readonly ChainProblem[];
}

export interface InspectionReport {
  readonly events: number;
  readonly heads: Readonly<Record<string, ChainHead>>;
  /** How many events have a text that the reader may not see. The chain covers them all the same. */
  readonly hidden: number;
  /** How many events were blanked: their words are gone, their digest is there. */
  readonly blanked: number;
  /** How many blanked events could not be checked, because their digests are for members. */
  readonly withheld: number;
  /** The first `MAX_FAULTS` faults. */
  readonly faults: readonly ChainFault[];
  /** How many faults there are in all. */
  readonly faultCount: number;
}

const MAX_FAULTS = 1000;

/** The data of an event that blanks another one. */
interface Redaction {
  readonly eventId: string;
  /** Hex SHA-256 of the remaining text of the blanked event. */
  readonly remainder: string;
}

type Step = EventMeta['commit'];
/** The content of a public text, as far as it matters here. */
type Content = Partial<EventPlace> & { readonly id?: string; readonly data?: Redaction };

/**
 * The state of a verification. After a fault it continues from the actual event, so that one fault is not counted many
 * times.
 */
export class Inspection {
  readonly #digest: Digest;
  readonly #partial: boolean;
  readonly #before: Before | undefined;
  /** Hashes of the given heads that have not been reached, by position. */
  readonly #expectedHeads = new Map<number, string[]>();
  readonly #faults: ChainFault[] = [];
  readonly #heads = new Map<string, ChainHead>();
  readonly #versions = new Map<string, number>();
  /** Organisations that have events with a hidden text: the streams of those events are unknown. */
  readonly #partlyHidden = new Set<string>();
  /** Blanked events by id, until the matching `event.redacted` is read. */
  readonly #blanked = new Map<string, { readonly position: number; readonly remainder: string }>();
  /** The end of the log when the verification began, if the log may grow meanwhile. */
  #begunAt: number | undefined;
  /** The log's record of its heads when the verification ended. */
  #chainHeads: RecordedHeads['chainHeads'] | undefined;
  #faultCount = 0;
  #events = 0;
  #hidden = 0;
  #blankedCount = 0;
  #withheld = 0;
  #position = 0;
  #recordedAt = '';
  /** Undefined after an event whose commit is unknown. */
  #step: Step | undefined = { id: '', index: 0, size: 1 };

  constructor(digest: Digest, { partial = false, before, heads = [] }: InspectionOptions = {}) {
    this.#digest = digest;
    this.#partial = partial;
    this.#before = before;
    for (const { position, hash } of heads) {
      this.#expectedHeads.set(position, [...(this.#expectedHeads.get(position) ?? []), hash]);
    }
    if (!before) return;
    ({ position: this.#position, recordedAt: this.#recordedAt } = before.head());
    this.#step = undefined;
  }

  inspect(evidence: Evidence): void {
    if ('unreadable' in evidence) this.#skip(evidence);
    else if ('chainHeads' in evidence) this.#takeHeads(evidence);
    else this.#inspectEvent(evidence);
  }

  /** The last event that was read; 0 if there is none. */
  get position(): number {
    return this.#position;
  }

  /** How many events were read. */
  get events(): number {
    return this.#events;
  }

  /** What was found once all was read: what is missing at the end is a fault too. */
  finish(): InspectionReport {
    const { index, size } = this.#step ?? { index: 0, size: 1 };
    // In a part of the log the rest of a commit may belong to another organisation.
    if (index + 1 < size && !this.#partial)
      this.#report(this.#position, [{ name: 'unfinished', step: { index, size } }]);
    for (const position of this.#expectedHeads.keys()) {
      this.#report(position, [{ name: 'no-head', last: this.#position }]);
    }
    this.#checkChainHeads();
    for (const { position } of this.#blanked.values()) {
      this.#report(position, [{ name: 'blanked' }]);
    }
    return this.soFar();
  }

  /** What was found in what was read. */
  soFar(): InspectionReport {
    return {
      events: this.#events,
      heads: Object.fromEntries(this.#heads),
      hidden: this.#hidden,
      blanked: this.#blankedCount,
      withheld: this.#withheld,
      faults: this.#faults,
      faultCount: this.#faultCount,
    };
  }

  #skip({ unreadable }: Unreadable): void {
    this.#position += 1;
    this.#step = undefined;
    this.#report(this.#position, [unreadable]);
  }

  #takeHeads({ chainHeads }: RecordedHeads): void {
    if (this.#begunAt !== undefined) this.#chainHeads = chainHeads;
    this.#begunAt ??= [...chainHeads.values()].reduce((highest, { position }) => Math.max(highest, position), 0);
  }

  #inspectEvent(event: StoredEvidence | ExportedEvidence): void {
    const columns = 'stream' in event ? event : undefined;
    const text = 'text' in event ? contentIn(event.text) : undefined;
    const meta = 'meta' in event ? parse(event.meta) : undefined;
    const step = stepIn(meta);
    const content: Content = { ...event, ...text };
    // Without its digests there is nothing to compare: the next event is chained to its hash as it stands.
    const isSound = 'withheld' in event || this.#hashOf(event, content) === event.hash;
    // The stream and version from the text if the hash is valid, else from the columns.
    const place = isSound ? content : (columns ?? content);
    this.#report(event.position, [
      this.#checkPosition(event),
      this.#checkRecordedAt(event),
      'text' in event && !text ? { name: 'text' } : undefined,
      'meta' in event && !meta ? { name: 'meta' } : undefined,
      columns && text && checkColumns(columns, text),
      this.#checkVersion(place),
      isSound ? this.#checkRedaction(content, event) : undefined,
      this.#checkCommit(event, step),
      isSound ? undefined : { name: 'hash' },
      this.#checkHead(event),
    ]);
    this.#noteBlanked(event, text);
    this.#moveOn(event, place, step);
  }

  #hashOf(event: StoredEvidence | CheckableEvidence, { organizationId = '' }: Partial<EventPlace>): string {
    const link = {
      previous: this.#heads.get(organizationId)?.hash ?? this.#before?.chainHead(organizationId) ?? CHAIN_START,
      recordedAt: event.recordedAt,
      textDigest: 'text' in event ? (event.textDigest ?? this.#digest(event.text)) : event.textDigest,
      metaDigest: 'meta' in event ? this.#digest(event.meta) : event.metaDigest,
    };
    return hashOfLink(link, this.#digest);
  }

  #checkPosition({ position }: ChainHead): ChainProblem | undefined {
    const expected = this.#position + 1;
    if (position < expected) return { name: 'order', after: this.#position };
    if (position === expected || this.#partial) return undefined;
    return { name: 'gap', from: expected, to: position - 1 };
  }

  #checkRecordedAt({ recordedAt }: Pick<StoredEvidence, 'recordedAt'>): ChainProblem | undefined {
    if (recordedAt >= this.#recordedAt) return undefined;
    return { name: 'clock', recordedAt, before: this.#recordedAt };
  }

  #checkVersion({ stream, version, organizationId = '' }: Partial<EventPlace>): ChainProblem | undefined {
    if (stream === undefined || version === undefined) return undefined;
    const expected = (this.#versions.get(stream) ?? this.#before?.version(stream) ?? 0) + 1;
    const isNext = version === expected || (version > expected && this.#partlyHidden.has(organizationId));
    return isNext ? undefined : { name: 'version', version, stream, expected };
  }

  #checkCommit({ position }: ChainHead, step: Step | undefined): ChainProblem | undefined {
    if (!step || !this.#step || follows(this.#step, step)) return undefined;
    // In a part of the log only adjacent positions can be compared.
    if (this.#partial && position !== this.#position + 1) return undefined;
    return { name: 'commit', step, before: this.#step };
  }

  #noteBlanked(event: StoredEvidence | ExportedEvidence, text: Content | undefined): void {
    if ('withheld' in event) this.#withheld += 1;
    if (!('text' in event)) this.#hidden += 1;
    const isBlanked = 'withheld' in event || event.textDigest;
    if (!text || !('text' in event) || !isBlanked) return;
    this.#blankedCount += 1;
    this.#blanked.set(String(text.id), { position: event.position, remainder: this.#digest(event.text) });
  }

  /** Matches a redaction with the event that it blanked. */
  #checkRedaction({ type, data, organizationId = '' }: Content, { position }: ChainHead): ChainProblem | undefined {
    if (type !== 'event.redacted' || !data) return undefined;
    const { eventId, remainder } = data;
    const blanked = this.#blanked.get(eventId);
    this.#blanked.delete(eventId);
    if (blanked)
      return blanked.remainder === remainder ? undefined : { name: 'changed-again', blanked: blanked.position };
    // The blanked event may be outside the verified range or hidden, or was read before it was blanked.
    const isElsewhere = this.#before !== undefined || this.#partial || this.#partlyHidden.has(organizationId);
    const isNew = position > (this.#begunAt ?? Number.POSITIVE_INFINITY);
    return isElsewhere || isNew ? undefined : { name: 'not-blanked' };
  }

  #checkHead({ position, hash }: ChainHead): ChainProblem | undefined {
    const expected = this.#expectedHeads.get(position) ?? [];
    this.#expectedHeads.delete(position);
    const other = expected.find((each) => each !== hash);
    return other === undefined ? undefined : { name: 'other-head', expected: other };
  }

  /** Compares the last event of each organisation with the log's own record of it. */
  #checkChainHeads(): void {
    if (!this.#chainHeads) return;
    for (const organizationId of new Set([...this.#heads.keys(), ...this.#chainHeads.keys()])) {
      const recorded = this.#chainHeads.get(organizationId);
      const last = this.#heads.get(organizationId);
      const hash = last?.hash ?? this.#before?.chainHead(organizationId);
      if (hash === recorded?.hash && (!last || last.position === recorded?.position)) continue;
      const position = Math.max(last?.position ?? 0, recorded?.position ?? 0);
      this.#report(position, [{ name: 'recorded-head', organizationId, recorded, last }]);
    }
  }

  #report(position: number, checks: readonly (ChainProblem | undefined)[]): void {
    const problems = checks.filter((problem) => problem !== undefined);
    if (problems.length === 0) return;
    this.#faultCount += 1;
    if (this.#faults.length < MAX_FAULTS) this.#faults.push({ position, problems });
  }

  #moveOn(
    { position, recordedAt, hash }: StoredEvidence | ExportedEvidence,
    place: Partial<EventPlace>,
    step?: Step,
  ): void {
    const { stream, version, organizationId = '' } = place;
    this.#events += 1;
    this.#position = position;
    this.#recordedAt = recordedAt;
    if (stream === undefined || version === undefined) this.#partlyHidden.add(organizationId);
    else this.#versions.set(stream, version);
    this.#heads.set(organizationId, { position, hash });
    this.#step = step;
  }
}

/** What the text says, or nothing if it says it in another form: whoever changed it could have written anything. */
function contentIn(text: string): Content | undefined {
  const content: Content | undefined = parse(text);
  const { organizationId = '', stream = '', type = '', id = '', version = 0 } = content ?? {};
  const isReadable = [organizationId, stream, type, id].every((name) => typeof name === 'string');
  return content && (isReadable && Number.isSafeInteger(version) ? content : {});
}

/** The same of the commit that the event belongs to. */
function stepIn(meta: Partial<EventMeta> | undefined): Step | undefined {
  const { index, size } = meta?.commit ?? {};
  return Number.isSafeInteger(index) && Number.isSafeInteger(size) ? meta?.commit : undefined;
}

function parse(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' ? (value ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

function checkColumns(columns: EventPlace, text: Partial<EventPlace>): ChainProblem | undefined {
  const names = ['stream', 'version', 'type', 'organizationId'] as const;
  const wrong = names.filter((name) => columns[name] !== text[name]);
  return wrong.length === 0 ? undefined : { name: 'columns', columns: wrong };
}

function follows(previous: Step, step: Step): boolean {
  if (previous.index + 1 === previous.size) return step.index === 0 && step.id !== previous.id;
  return step.id === previous.id && step.size === previous.size && step.index === previous.index + 1;
}
