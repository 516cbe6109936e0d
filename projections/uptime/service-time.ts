// One service over all time: what its team reports, what is claimed of it, how it was corrected, and what was shown.
import { type Interval, IntervalTree } from '../state/interval-tree.ts';
import { PersistentMap } from '../state/persistent-map.ts';
import { higher, statement, Timeline } from '../state/timeline.ts';
import { HORIZON, ORIGIN } from './seconds.ts';
import type { ServiceClaim } from './teller.ts';

/** A correction in force. Its key is its id. */
export type CorrectedInterval = Omit<ServiceClaim, 'noun'>;

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
  /** The worst of reports and claims. Derived; the same object as `reports` while there are no claims. */
  readonly said: Timeline;
  /** That with the corrections over it. Derived; the same object as `said` while there are no corrections. */
  readonly shown: Timeline;
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
    shown: reports,
  };
}

/** A copy that may be changed until it is handed out. */
type Draft = { -readonly [K in keyof ServiceTime]: ServiceTime[K] };

/** Member by member, which takes a third of the time of a spread. */
function draftOf(service: ServiceTime): Draft {
  const { organizationId, startsAt, position, reports, claims, corrections, correctionsById, said, shown } = service;
  return { organizationId, startsAt, position, reports, claims, corrections, correctionsById, said, shown };
}

/** The service with this level reported from a second on, over all that was reported before of the time after it. */
export function withReport(service: ServiceTime, since: number, level: number, by: number): ServiceTime {
  const draft = draftOf(service);
  draft.position = by;
  draft.reports = service.reports.saidFrom(since, statement(level, by));
  resay(draft, since, HORIZON);
  return draft;
}

/** The service with some claims in place of others. Nothing changes outside the two seconds. */
export function withClaims(
  service: ServiceTime,
  { removed, added }: { readonly removed: readonly ServiceClaim[]; readonly added: readonly ServiceClaim[] },
  [from, to]: readonly [number, number],
): ServiceTime {
  const draft = draftOf(service);
  for (const each of removed) draft.claims = draft.claims.without(each);
  for (const each of added) draft.claims = draft.claims.with(each);
  if (from < to) resay(draft, from, to);
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
  reshow(draft, correction.from, correction.to);
  return draft;
}

/** The service as if it had never been corrected so. */
export function withoutCorrection(service: ServiceTime, id: string): ServiceTime {
  const correction = service.correctionsById.get(id);
  if (!correction) return service;
  const draft = draftOf(service);
  draft.corrections = service.corrections.without(correction);
  draft.correctionsById = service.correctionsById.delete(id);
  reshow(draft, correction.from, correction.to);
  return draft;
}

/** Makes what is said between two seconds again from reports and claims, and what is shown. */
function resay(draft: Draft, from: number, to: number): void {
  const { reports, claims, said } = draft;
  if (claims.isEmpty) draft.said = reports;
  else {
    const raising = claims.overlapping(from, to).filter((claim) => claim.level > 0 && claim.from < claim.to);
    const isConstant = reports.lastStart <= from && raising.every((claim) => claim.from <= from && claim.to >= to);
    // As for most changes: they are the latest ones. Nothing has to be cut out of a tree then.
    if (isConstant && to === said.to) draft.said = said.saidFrom(from, raising.reduce(raisedTo, reports.at(from)));
    else draft.said = said.replaced(raisedBy(raising, reports.part(from, to)));
  }
  reshow(draft, from, to);
}

function raisedTo(said: number, { level, by }: ServiceClaim): number {
  return higher(said, statement(level, by));
}

function raisedBy(claims: readonly ServiceClaim[], reports: Timeline): Timeline {
  const { from, to } = reports;
  let part = reports;
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

/** Makes what is shown between two seconds again from what is said and the corrections, the latest one last. */
function reshow(draft: Draft, from: number, to: number): void {
  const { said, corrections } = draft;
  if (corrections.isEmpty) draft.shown = said;
  else if (from < to) {
    const inForce = corrections.overlapping(from, to).filter((each) => each.from < each.to);
    const inOrder = inForce.sort((a, b) => a.by - b.by);
    draft.shown = draft.shown.replaced(inOrder.reduce(corrected, said.part(from, to)));
  }
}

function corrected(part: Timeline, correction: CorrectedInterval): Timeline {
  const run = clipped(correction, part.from, part.to);
  return part.replaced(Timeline.constant({ ...run, said: statement(correction.level, correction.by) }));
}

function clipped(claim: Interval, from: number, to: number): { readonly from: number; readonly to: number } {
  return { from: Math.max(claim.from, from), to: Math.min(claim.to, to) };
}
