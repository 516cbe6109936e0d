// One service over all time: what its team reports, what is claimed of it, how it was corrected, and what was shown.
import { BLANK } from '../events/texts.ts';
import { type Interval, IntervalTree } from '../state/interval-tree.ts';
import { PersistentMap } from '../state/persistent-map.ts';
import { statement, Timeline } from '../state/timeline.ts';
import { HORIZON, ORIGIN } from './seconds.ts';
import type { ServiceClaim } from './teller.ts';

/** A correction in force. Its key is its id. */
export interface CorrectedInterval extends Omit<ServiceClaim, 'noun'> {
  /** Of the event that made it: a redaction names it. */
  readonly eventId: string;
  readonly reason: string;
}

export interface ServiceTime {
  readonly organizationId: string;
  /** The second from which on it counts. */
  readonly startsAt: number;
  /** Position of the last event that changed anything here. */
  readonly position: number;
  readonly reports: Timeline;
  readonly claims: IntervalTree<ServiceClaim>;
  /** Those that were not withdrawn. */
  readonly corrections: IntervalTree<CorrectedInterval>;
  readonly correctionsById: PersistentMap<CorrectedInterval>;
  /**
   * The worst of reports and of claims that have ended. Those that go on are left out: when one ends, nothing has to be
   * made again of all that was said since it began. Derived; the same object as `reports` before the first claim.
   */
  readonly said: Timeline;
  /** That with the corrections over it. Derived; the same object as `said` while there are no corrections. */
  readonly settled: Timeline;
}

/** A service as its creation leaves it: operational before, because nothing else was ever said of it. */
export function newServiceTime(organizationId: string, startsAt: number): ServiceTime {
  const reports = Timeline.constant({ from: ORIGIN, to: HORIZON, said: statement(0, 0) });
  const claims = IntervalTree.empty<ServiceClaim>();
  const correctionsById = PersistentMap.empty<CorrectedInterval>();
  const corrections = { corrections: IntervalTree.empty<CorrectedInterval>(), correctionsById };
  return {
    organizationId,
    startsAt,
    position: 0,
    reports,
    claims,
    ...corrections,
    said: reports,
    settled: reports,
  };
}

/** A copy that may be changed until it is handed out. */
type Draft = { -readonly [K in keyof ServiceTime]: ServiceTime[K] };

/** Member by member, which takes a third of the time of a spread. */
function draftOf(service: ServiceTime): Draft {
  const { organizationId, startsAt, position, reports, claims, corrections, correctionsById, said, settled } = service;
  return { organizationId, startsAt, position, reports, claims, corrections, correctionsById, said, settled };
}

/** The service with this level reported from a second on, over all that was reported before of the time after it. */
export function withReport(service: ServiceTime, since: number, level: number, by: number): ServiceTime {
  const draft = draftOf(service);
  draft.position = by;
  draft.reports = service.reports.saidFrom(since, statement(level, by));
  resay(draft, since, HORIZON);
  return draft;
}

/** The service with some claims in place of others. */
export function withClaims(
  service: ServiceTime,
  { removed, added }: { readonly removed: readonly ServiceClaim[]; readonly added: readonly ServiceClaim[] },
): ServiceTime {
  const draft = draftOf(service);
  for (const each of removed) draft.claims = draft.claims.without(each);
  for (const each of added) draft.claims = draft.claims.with(each);
  const ended = [...removed, ...added].filter((claim) => isRaising(claim) && claim.to < HORIZON);
  if (ended.length > 0) {
    resay(draft, Math.min(...ended.map(({ from }) => from)), Math.max(...ended.map(({ to }) => to)));
  }
  return draft;
}

/** The service with claims of a teller that is deleted: they stay, and name the service no more. */
export function withoutNames(service: ServiceTime, claims: readonly ServiceClaim[]): ServiceTime {
  const unnamed = claims.map((claim) => ({ ...claim, noun: null }));
  return { ...service, claims: unnamed.reduce((all, each) => all.with(each), service.claims) };
}

/** The service with a correction that outranks all earlier ones. */
export function withCorrection(service: ServiceTime, correction: CorrectedInterval): ServiceTime {
  const draft = draftOf(service);
  draft.corrections = service.corrections.with(correction);
  draft.correctionsById = service.correctionsById.set(correction.key, correction);
  resettle(draft, correction.from, correction.to);
  return draft;
}

/** The service as if it had never been corrected so. */
export function withoutCorrection(service: ServiceTime, id: string): ServiceTime {
  const correction = service.correctionsById.get(id);
  if (!correction) return service;
  const draft = draftOf(service);
  draft.corrections = service.corrections.without(correction);
  draft.correctionsById = service.correctionsById.delete(id);
  resettle(draft, correction.from, correction.to);
  return draft;
}

/** The service with the reason of the correction blanked that this event made, if any. */
export function withBlankReason(service: ServiceTime, eventId: string): ServiceTime {
  const before = [...service.corrections].find((correction) => correction.eventId === eventId);
  if (!before) return service;
  const after = { ...before, reason: BLANK };
  return {
    ...service,
    corrections: service.corrections.without(before).with(after),
    correctionsById: service.correctionsById.set(after.key, after),
  };
}

/** Makes what is said between two seconds again from reports and claims that have ended, and what is settled. */
function resay(draft: Draft, from: number, to: number): void {
  const { reports, claims, said } = draft;
  if (claims.isEmpty) draft.said = reports;
  else {
    const raising = claims.overlapping(from, to).filter((claim) => isRaising(claim) && claim.to < HORIZON);
    const isLatest = raising.length === 0 && to === said.to && reports.lastStart <= from;
    // As most reports: nothing has to be cut out of a tree then.
    if (isLatest) draft.said = said.saidFrom(from, reports.at(from));
    else draft.said = said.replaced(raisedBy(raising, reports.part(from, to)));
  }
  resettle(draft, from, to);
}

/** Whether a claim can change what is shown. */
function isRaising({ level, from, to }: ServiceClaim): boolean {
  return level > 0 && from < to;
}

function raisedBy(claims: readonly ServiceClaim[], before: Timeline): Timeline {
  const { from, to } = before;
  let part = before;
  for (const claim of worstFirst(claims)) {
    part = part.raised({ ...clipped(claim, from, to), said: statement(claim.level, claim.by) });
    // All others are less bad, or were said later.
    if (claim.from <= from && claim.to >= to) break;
  }
  return part;
}

function worstFirst(claims: readonly ServiceClaim[]): readonly ServiceClaim[] {
  return [...claims].sort((a, b) => b.level - a.level || a.by - b.by);
}

/** Makes what is settled between two seconds again from what is said and the corrections. */
function resettle(draft: Draft, from: number, to: number): void {
  const { said, corrections } = draft;
  if (corrections.isEmpty) draft.settled = said;
  else if (from < to) draft.settled = draft.settled.replaced(correctedBy(corrections, said.part(from, to)));
}

/** The part of a timeline with the corrections over it, the latest one last. */
function correctedBy(corrections: IntervalTree<CorrectedInterval>, part: Timeline): Timeline {
  const inForce = corrections.overlapping(part.from, part.to).filter((each) => each.from < each.to);
  return inForce.sort((a, b) => a.by - b.by).reduce(corrected, part);
}

function corrected(part: Timeline, correction: CorrectedInterval): Timeline {
  const run = clipped(correction, part.from, part.to);
  return part.replaced(Timeline.constant({ ...run, said: statement(correction.level, correction.by) }));
}

function clipped(claim: Interval, from: number, to: number): { readonly from: number; readonly to: number } {
  return { from: Math.max(claim.from, from), to: Math.min(claim.to, to) };
}

/** By service as it is after an event: it is asked for each day of a window. */
const shownTimes = new WeakMap<ServiceTime, Timeline>();

/** What was shown of a service: what is settled, raised by the claims that go on. */
export function shownOf(service: ServiceTime): Timeline {
  const known = shownTimes.get(service);
  if (known) return known;
  const shown = raisedByOngoing(service);
  shownTimes.set(service, shown);
  return shown;
}

function raisedByOngoing({ claims, corrections, said, settled }: ServiceTime): Timeline {
  const ongoing = claims.overlapping(HORIZON - 1, HORIZON).filter(isRaising);
  if (ongoing.length === 0) return settled;
  const from = Math.min(...ongoing.map((claim) => claim.from));
  return settled.replaced(correctedBy(corrections, raisedBy(ongoing, said.part(from, HORIZON))));
}
