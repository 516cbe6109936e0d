// Remembers the acknowledgements and events that the server sent, and compares them with the log after a crash.
import { isDeepStrictEqual } from 'node:util';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { selectIncidents, showIncident } from '../../projections/incidents.ts';
import { foldModels } from '../../projections/models.ts';
import { showService } from '../../projections/service.ts';
import { selectServices } from '../../projections/services.ts';
import { selectStatus } from '../../projections/status.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { decode } from '../../src/log/encoding.ts';
import type { StoredEvent } from '../../src/log/journal.ts';
import type { Place } from './place.ts';
import { verifyStored } from './stored.ts';

/** A write request. Its marker is in the text of exactly one commit, and is its idempotency key. */
export interface Write {
  readonly marker: string;
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Answered {
  readonly status: number;
  readonly etag: string | null;
  readonly location: string | null;
  readonly text: string;
}

export interface Findings {
  /** Number of acknowledged writes that are not in the log at the acknowledged position. */
  readonly lost: number;
  /** Descriptions of all problems, at most a few of each kind. */
  readonly problems: readonly string[];
}

/** Makes and finds markers. */
export const markerOf = (number: number) => `marker-${number}.`;
const MARKER = /marker-\d+\./g;

/** Number of the latest writes that are repeated after each restart. */
const REPEATED_WRITES = 50;
const SHOWN_OF_A_KIND = 3;

const VIEWER: Viewer = { actor: { kind: 'system' }, organizations: 'all', access: () => 'owner' };

/** Sends a write, with an idempotency key if it is a POST. Rejects if there is no answer. */
export async function send(url: string, { marker, method, path, body }: Write): Promise<Answered> {
  const headers = { 'Content-Type': 'application/json', ...(method === 'POST' ? { 'Idempotency-Key': marker } : {}) };
  const response = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
  const text = await response.text();
  return {
    status: response.status,
    etag: response.headers.get('ETag'),
    location: response.headers.get('Location'),
    text,
  };
}

export class Witness {
  /** Writes that were acknowledged before the strike. */
  readonly #acknowledged: { readonly write: Write; readonly answered: Answered }[] = [];
  /** Published events as JSON; the first is at position 1. */
  readonly #published: string[] = [];

  get acknowledgements(): number {
    return this.#acknowledged.length;
  }

  /** Position of the last published event. */
  get position(): number {
    return this.#published.length;
  }

  acknowledge(write: Write, answered: Answered): void {
    this.#acknowledged.push({ write, answered });
  }

  publish(events: readonly unknown[]): void {
    for (const event of events) this.#published.push(JSON.stringify(event));
  }

  /** Compares a restarted server and its data directory with everything that the server sent before. */
  async inspect(url: string, place: Pick<Place, 'read'>): Promise<Findings> {
    try {
      return await this.#inspect(url, await place.read());
    } catch (error) {
      return { lost: this.acknowledgements, problems: [`the log cannot be read: ${error}`] };
    }
  }

  async #inspect(url: string, stored: readonly StoredEvent[]): Promise<Findings> {
    const events = stored.map(decode);
    const { faults } = await verifyStored(stored);
    const lost = this.#lost(events);
    return {
      lost: lost.length,
      problems: [
        ...some(faults.map(({ position, problem }) => `verify, position ${position}: ${problem}`)),
        ...some(lost),
        ...some(this.#changed(events)),
        ...some(repeated(events)),
        ...(await differences(url, events)),
        ...some(await this.#repeatWrites(url)),
      ],
    };
  }

  /**
   * Acknowledged writes that are not in the log. The ETag of an answer ends in the position of an event of its commit.
   */
  #lost(events: readonly RecordedEvent[]): string[] {
    const commits = commitsByMarker(events);
    const isRecorded = ({ marker }: Write, { etag }: Answered) => {
      const [commit] = commits.get(marker) ?? [];
      return commit !== undefined && events[positionIn(etag) - 1]?.meta.commit.id === commit;
    };
    return this.#acknowledged
      .filter(({ write, answered }) => !isRecorded(write, answered))
      .map(
        ({ write, answered }) => `lost: ${write.method} ${write.path} ${write.marker} acknowledged as ${answered.etag}`,
      );
  }

  #changed(events: readonly RecordedEvent[]): string[] {
    return this.#published.flatMap((published, index) =>
      published === JSON.stringify(events[index])
        ? []
        : [`a published event is missing or changed: position ${index + 1}`],
    );
  }

  /** Repeats writes. Each must get the first answer again, to the byte. */
  async #repeatWrites(url: string): Promise<string[]> {
    const repeatable = this.#acknowledged.filter(({ write }) => write.method === 'POST').slice(-REPEATED_WRITES);
    const answers = await Promise.all(repeatable.map(({ write }) => send(url, write)));
    return repeatable.flatMap(({ write, answered }, index) =>
      isDeepStrictEqual(answers[index], answered) ? [] : [`another answer to the same key: ${write.marker}`],
    );
  }
}

function some(problems: readonly string[]): readonly string[] {
  const more = problems.length - SHOWN_OF_A_KIND;
  return more > 0 ? [...problems.slice(0, SHOWN_OF_A_KIND), `… and ${more} more like it`] : problems;
}

function positionIn(etag: string | null): number {
  return Number(/-(\d+)"$/.exec(etag ?? '')?.[1]);
}

/** The ids of the commits that contain each marker. */
function commitsByMarker(events: readonly RecordedEvent[]): ReadonlyMap<string, ReadonlySet<string>> {
  const commits = new Map<string, Set<string>>();
  for (const { data, meta } of events) {
    for (const [marker] of JSON.stringify(data).matchAll(MARKER)) {
      commits.set(marker, (commits.get(marker) ?? new Set()).add(meta.commit.id));
    }
  }
  return commits;
}

function repeated(events: readonly RecordedEvent[]): string[] {
  return [...commitsByMarker(events)]
    .filter(([, commits]) => commits.size > 1)
    .map(([marker, commits]) => `one key, ${commits.size} results: ${marker}`);
}

/** The paths whose response differs from a full replay of the log. */
async function differences(url: string, events: readonly RecordedEvent[]): Promise<string[]> {
  const models = foldModels(events);
  const replayed: Readonly<Record<string, unknown>> = {
    '/api/services': selectServices(models.services, VIEWER, {}).map(showService),
    '/api/incidents': selectIncidents(models.incidents, VIEWER, {}).map(showIncident),
    '/api/status': selectStatus(models, VIEWER, {}),
  };
  const different = await Promise.all(
    Object.entries(replayed).map(async ([path, expected]) => {
      const text = await (await fetch(url + path)).text();
      return text === JSON.stringify(expected) ? [] : [`${path} is not what a full replay gives`];
    }),
  );
  return different.flat();
}
