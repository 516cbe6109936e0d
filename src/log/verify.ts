// Holds a stored log against itself: numbering, clock, columns, commits and hash chains. Every fault gets a sentence.
import type { EventMeta } from '../../projections/events.ts';
import { CHAIN_START, chainHash } from './chain.ts';
import type { StoredEvent } from './journal.ts';

/** A position at which the log is not as it was written, and all that is wrong there. */
interface Fault {
  readonly position: number;
  readonly problem: string;
}

/** An organisation's last event. A log whose tail was cut is sound in itself: only heads kept elsewhere show it. */
interface Head {
  readonly position: number;
  readonly hash: string;
}

export interface VerifyReport {
  readonly events: number;
  readonly heads: Readonly<Record<string, Head>>;
  /** The first thousand. */
  readonly faults: readonly Fault[];
  /** How many there are. */
  readonly faultCount: number;
}

const FAULTS_KEPT = 1000;

/** Reads stored events in the order of their positions and reports what is wrong with them. */
export async function verify(pages: AsyncIterable<readonly StoredEvent[]>): Promise<VerifyReport> {
  const inspection = new Inspection();
  for await (const page of pages) for (const event of page) inspection.inspect(event);
  return inspection.finish();
}

type Place = Pick<StoredEvent, 'stream' | 'version' | 'type' | 'organizationId'>;
type Step = EventMeta['commit'];

/** What has been read so far. After a fault it goes on from what is stored, so that one fault does not look like many. */
class Inspection {
  readonly #faults: Fault[] = [];
  readonly #heads = new Map<string, Head>();
  readonly #versions = new Map<string, number>();
  #faultCount = 0;
  #events = 0;
  #position = 0;
  #recordedAt = '';
  /** Undefined after an event of which nobody can say what commit it belongs to. */
  #step: Step | undefined = { id: '', index: 0, size: 1 };

  inspect(event: StoredEvent): void {
    const text = parse(event.text) as Partial<Place> | undefined;
    const meta = parse(event.meta) as Partial<EventMeta> | undefined;
    const said = { ...event, ...text };
    const isSound = this.#hashOf(event, said) === event.hash;
    // Where it belongs: as its text says if the chain vouches for that, else as the columns say.
    const place = isSound ? said : event;
    const problems = [
      this.#checkPosition(event),
      this.#checkRecordedAt(event),
      text ? undefined : 'Its text is not JSON.',
      meta ? undefined : 'Its meta is not JSON.',
      text && checkColumns(event, text),
      this.#checkVersion(place),
      this.#checkCommit(meta?.commit),
      isSound ? undefined : 'Its hash does not fit: it, or the event before it in its organisation, was changed.',
    ];
    this.#report(event.position, problems);
    this.#moveOn(event, place, meta?.commit);
  }

  finish(): VerifyReport {
    const { index, size } = this.#step ?? { index: 0, size: 1 };
    const problem = `The log ends within a commit: ${index + 1} of ${size} events.`;
    if (index + 1 < size) this.#report(this.#position, [problem]);
    return {
      events: this.#events,
      heads: Object.fromEntries(this.#heads),
      faults: this.#faults,
      faultCount: this.#faultCount,
    };
  }

  #hashOf({ recordedAt, text, meta }: StoredEvent, { organizationId }: Place): string {
    return chainHash({ previous: this.#heads.get(organizationId)?.hash ?? CHAIN_START, recordedAt, text, meta });
  }

  #checkPosition({ position }: StoredEvent): string | undefined {
    const expected = this.#position + 1;
    if (position > expected) return `Events are missing before it: positions ${expected} to ${position - 1}.`;
    return position < expected ? `It comes after position ${this.#position}.` : undefined;
  }

  #checkRecordedAt({ recordedAt }: StoredEvent): string | undefined {
    if (recordedAt >= this.#recordedAt) return undefined;
    return `It was recorded at ${recordedAt}, the event before it at ${this.#recordedAt}.`;
  }

  #checkVersion({ stream, version }: Place): string | undefined {
    const expected = (this.#versions.get(stream) ?? 0) + 1;
    return version === expected ? undefined : `It is version ${version} of ${stream} where ${expected} should come.`;
  }

  #checkCommit(step: Step | undefined): string | undefined {
    if (!step || !this.#step || follows(this.#step, step)) return undefined;
    const { index, size } = this.#step;
    const before = `event ${index + 1} of ${size}`;
    return `A commit is not whole: event ${step.index + 1} of ${step.size} comes after ${before}.`;
  }

  #report(position: number, problems: readonly (string | undefined)[]): void {
    const problem = problems.filter((sentence) => sentence !== undefined).join(' ');
    if (problem === '') return;
    this.#faultCount += 1;
    if (this.#faults.length < FAULTS_KEPT) this.#faults.push({ position, problem });
  }

  #moveOn({ position, recordedAt, hash }: StoredEvent, { stream, version, organizationId }: Place, step?: Step): void {
    this.#events += 1;
    this.#position = position;
    this.#recordedAt = recordedAt;
    this.#versions.set(stream, version);
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

function checkColumns(event: StoredEvent, text: Partial<Place>): string | undefined {
  const columns = ['stream', 'version', 'type', 'organizationId'] as const;
  const wrong = columns.filter((column) => event[column] !== text[column]);
  if (wrong.length === 0) return undefined;
  return `It is filed under another ${wrong.join(', ')} than its text says.`;
}

function follows(previous: Step, step: Step): boolean {
  if (previous.index + 1 === previous.size) return step.index === 0 && step.id !== previous.id;
  return step.id === previous.id && step.size === previous.size && step.index === previous.index + 1;
}
