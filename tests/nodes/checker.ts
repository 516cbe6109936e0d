// Reads the whole history of a run, and says what in it several nodes must never have answered.
import type { History, Operation } from './history.ts';

/** A recorded event, as the API shows it in open mode. */
export interface Recorded {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly version: number;
  readonly position: number;
  readonly recordedAt: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly meta?: { readonly commit: { readonly id: string; readonly index: number; readonly size: number } };
}

/** What is wrong; empty if nothing is. `logs` are the events as each node shows them in the end. */
export function faultsOf(history: History, logs: readonly (readonly Recorded[])[]): readonly string[] {
  const [log = [], ...others] = logs;
  return [
    ...others.flatMap((other, index) =>
      sameLog(log, other) ? [] : [`Node ${index + 2} has another log than node 1.`],
    ),
    ...orderFaults(log),
    ...commitFaults(log),
    ...createFaults(history, log),
    ...versionFaults(history, log),
    ...realTimeFaults(history),
  ];
}

function sameLog(one: readonly Recorded[], other: readonly Recorded[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Positions and versions are dense, and time does not go back. */
function orderFaults(log: readonly Recorded[]): string[] {
  const versions = new Map<string, number>();
  let before = '';
  return log.flatMap(({ position, stream, version, recordedAt }, index) => {
    const faults: string[] = [];
    if (position !== index + 1) faults.push(`The event after ${index} has position ${position}.`);
    if (version !== (versions.get(stream) ?? 0) + 1) faults.push(`${stream} has version ${version} at ${position}.`);
    if (recordedAt < before) faults.push(`The time goes back at ${position}.`);
    versions.set(stream, version);
    before = recordedAt;
    return faults;
  });
}

/** Commits are whole and not interleaved. */
function commitFaults(log: readonly Recorded[]): string[] {
  return log.flatMap(({ position, meta }, index) => {
    if (!meta) return [`The event at ${position} has no commit.`];
    const { id, index: place, size } = meta.commit;
    const next = log[index + 1]?.meta?.commit;
    const isFollowed = place === size - 1 ? next === undefined || next.index === 0 : next?.id === id;
    return isFollowed ? [] : [`The commit at ${position} is cut or interleaved.`];
  });
}

/** What was acknowledged is there, once; a key has one result. */
function createFaults(history: History, log: readonly Recorded[]): string[] {
  const created = new Map<string, string[]>();
  for (const { type, stream, data } of log) {
    if (type !== 'service.created' && type !== 'incident.opened') continue;
    const marker = String(data.name ?? data.title);
    created.set(marker, [...(created.get(marker) ?? []), stream]);
  }
  const twice = [...created].filter(([, streams]) => streams.length > 1).map(([marker]) => `${marker} exists twice.`);
  const byKey = new Map<string, string>();
  return [
    ...twice,
    ...history.done.flatMap(({ kind, marker, id, key = '' }) => {
      if (kind !== 'create' && kind !== 'open') return [];
      const faults = created.get(marker)?.some((stream) => stream.endsWith(id)) ? [] : [`${marker} (${id}) was lost.`];
      if ((byKey.get(key) ?? id) !== id) faults.push(`The key of ${marker} has two results.`);
      byKey.set(key, id);
      return faults;
    }),
  ];
}

/** Each version was won once, and holds what its winner set. */
function versionFaults(history: History, log: readonly Recorded[]): string[] {
  const events = new Map(log.map((event) => [`${event.stream} ${event.version}`, event]));
  const winners = new Map<string, Operation>();
  return history.done.flatMap((operation) => {
    const { kind, id, version = 0, expected, value } = operation;
    if (kind !== 'compare-and-set') return [];
    const place = `service-${id} ${version}`;
    const isSame = version === expected;
    if (isSame) return [`${place} was answered to who expected that version.`];
    const faults = winners.has(place) ? [`${place} was won twice.`] : [];
    winners.set(place, operation);
    if (events.get(place)?.data.uptime !== value) faults.push(`${place} does not hold ${value}.`);
    if (version !== (expected ?? 0) + 1) faults.push(`${place} follows ${expected}.`);
    return faults;
  });
}

/** What was answered before a request began is known to it: its answer shows no older version, and no unknown entity. */
function realTimeFaults(history: History): string[] {
  const byTime = [...history.operations].sort((one, other) => one.begun - other.begun);
  const byEnd = [...history.done].sort((one, other) => one.ended - other.ended);
  const known = new Map<string, number>();
  let next = 0;
  return byTime.flatMap((operation) => {
    for (; (byEnd[next]?.ended ?? Number.POSITIVE_INFINITY) < operation.begun; next += 1) {
      const { id, kind, version = 1 } = byEnd[next] as Operation;
      if (kind !== 'read') known.set(id, Math.max(known.get(id) ?? 0, version));
    }
    return answerFaults(operation, known.get(operation.id) ?? 0);
  });
}

function answerFaults(operation: Operation, known: number): string[] {
  const { kind, id, status, version = 0, expected, position = 0, atLeast = 0 } = operation;
  const what = `${kind} of ${id}`;
  if (status === 404 && known > 0) return [`${what} was answered with 404.`];
  if (status === 412 && version <= (expected ?? 0))
    return [`${what} expected ${expected}, and was refused at ${version}.`];
  if (status === 412 && version < known) return [`${what} was refused at ${version}; ${known} was known.`];
  if (status === 200 && kind === 'set' && version < known)
    return [`${what} was "already so" at ${version} of ${known}.`];
  if (status !== 200 || kind !== 'read') return [];
  if (position < atLeast) return [`${what} is of ${position}, before ${atLeast}.`];
  if (version < (expected ?? 0)) return [`${what} shows ${version}, at a position that has ${expected}.`];
  return [];
}
