// Pages of the log: what a scan looks for, and how much of the log one step of it reads.

/** Which events a scan looks for. An empty list selects no event. */
export interface EventFilter {
  /** Only events of these organisations. */
  readonly organizations?: readonly string[];
  /** Only events of these types. */
  readonly types?: readonly string[];
}

/** One step of a scan. */
export interface LogPage<E> {
  readonly events: readonly E[];
  /** How far the scan has looked: the pages so far contain every event that it looks for up to this position. */
  readonly through: number;
  /** How long a thread of its own took to read it, in milliseconds. */
  readonly milliseconds?: number;
}

/**
 * The most that one page contains, and at how many events a scan looks to find them: both bound the time that a page
 * takes. The first event of a page may have more characters.
 */
export const PAGE = { events: 1_000, characters: 1024 * 1024, looked: 10_000 } as const;

/** How many events are decoded, encoded or folded before other requests have their turn. */
export const SLICE_EVENTS = 100;

/** Where a page of an array begins, where the scan ends, and what it selects. */
interface ArrayScan<E> {
  readonly from: number;
  readonly end: number;
  readonly limit: number | undefined;
  readonly matches: (event: E) => boolean;
}

interface Filed {
  readonly organizationId: string;
  readonly type: string;
}

/** The events in one array that a scan looks for, from this index on. `events` is in the order of positions. */
export function pageOf<E extends Filed & { readonly position: number }>(
  events: readonly E[],
  { from, end, limit = PAGE.events, matches }: ArrayScan<E>,
  sizeOf: (event: E) => number,
): { readonly events: readonly E[]; readonly next: number } {
  const found: E[] = [];
  let characters = 0;
  let next = from;
  const last = Math.min(end, from + PAGE.looked);
  while (next < last && found.length < limit && characters < PAGE.characters) {
    const event = events[next] as E;
    next += 1;
    if (!matches(event)) continue;
    found.push(event);
    characters += sizeOf(event);
  }
  return { events: found, next };
}

/** Whether a filter selects an event. */
export function matcher({ organizations, types }: EventFilter): (event: Filed) => boolean {
  const selectsOrganization = membership(organizations);
  const selectsType = membership(types);
  return ({ organizationId, type }) => selectsOrganization(organizationId) && selectsType(type);
}

/** Whether a filter selects no event at all. */
export function selectsNothing({ organizations, types }: EventFilter): boolean {
  return organizations?.length === 0 || types?.length === 0;
}

/** By list, because a list of organisations can be long and is asked for each page of a stream. */
const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

function membership(list: readonly string[] | undefined): (item: string) => boolean {
  if (list === undefined) return () => true;
  const set = sets.get(list) ?? new Set(list);
  sets.set(list, set);
  return (item) => set.has(item);
}

/** The pages of a scan, one call each, without those that have no events. */
export async function* scanned<E, O extends { readonly after: number }>(
  options: O,
  read: (options: O) => Promise<LogPage<E>>,
): AsyncGenerator<readonly E[]> {
  let { after } = options;
  for (;;) {
    const { events, through } = await read({ ...options, after });
    if (events.length > 0) yield events;
    if (through <= after) return;
    after = through;
  }
}

/** Cuts a page into pages that are small enough to be worked on at once. */
export function* slices<E extends { readonly position: number }>({
  events,
  through,
}: LogPage<E>): Generator<LogPage<E>> {
  let start = 0;
  for (; start + SLICE_EVENTS < events.length; start += SLICE_EVENTS) {
    const slice = events.slice(start, start + SLICE_EVENTS);
    yield { events: slice, through: slice.at(-1)?.position ?? through };
  }
  yield { events: events.slice(start), through };
}
