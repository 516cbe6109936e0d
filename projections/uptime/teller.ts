// What one incident tells of services over time. What is recorded later holds from its moment on, over what was recorded
// earlier of later moments.

import type { Interval } from '../state/interval-tree.ts';
import { HORIZON } from './seconds.ts';
import type { TellerNoun, Told } from './told.ts';

/** A value that holds from `at` on, in milliseconds, until the next step. `by` is the position of the event that set it. */
interface Step<V> {
  readonly at: number;
  readonly by: number;
  readonly value: V;
}

type Steps<V> = readonly Step<V>[];

/** All that a stream tells. */
export interface Teller {
  readonly noun: TellerNoun;
  /** Nothing is told of the time before, in milliseconds since 1970. */
  readonly startsAt: number;
  /** In the order in which it was recorded. */
  readonly told: readonly Told[];
  /** Derived from `told`, and so are the next two. */
  readonly activity: Steps<boolean>;
  readonly levels: Steps<Readonly<Record<string, number>>>;
  readonly named: Steps<readonly string[]>;
}

/** What is told of one service in an interval of seconds. Its key is the id of who tells it. */
export interface ServiceClaim extends Interval {
  /** `null` once who told it is deleted: what was shown stays as it was, and nothing names the service any more. */
  readonly noun: TellerNoun | null;
  /** 0: it names the service, and does not change what is shown of it. */
  readonly level: number;
  /** Position of the event that says so. */
  readonly by: number;
}

export function tellerOf(noun: TellerNoun, startsAt: number, told: readonly Told[]): Teller {
  const silent: Teller = { noun, startsAt, told: [], activity: [], levels: [], named: [] };
  return told.reduce(withTold, silent);
}

/** The same object if it says nothing new. */
export function withTold(before: Teller, told: Told): Teller {
  const { noun, startsAt } = before;
  const { at, by } = told;
  const activity = stepped(before.activity, { at, by, value: told.isActive });
  const levels = stepped(before.levels, { at, by, value: told.levels });
  const named = stepped(before.named, { at, by, value: told.named });
  if (isNews(before, told)) return { noun, startsAt, told: [...before.told, told], activity, levels, named };
  if (activity === before.activity) return before;
  return { noun, startsAt, told: before.told, activity, levels, named };
}

/** What is told without one update. */
export function withoutUpdate({ noun, startsAt, told }: Teller, updateId: string): Teller {
  return tellerOf(
    noun,
    startsAt,
    told.filter((each) => each.updateId !== updateId),
  );
}

/** Whether it could ever matter: that an incident goes on does not, as long as nothing has said that it was over. */
function isNews({ told }: Teller, { isActive, levels, named }: Told): boolean {
  return levels !== undefined || named !== undefined || !isActive || told.some((each) => each.isActive === false);
}

function stepped<V>(steps: Steps<V>, { at, by, value }: Step<V | undefined>): Steps<V> {
  if (value === undefined) return steps;
  const before = steps.at(-1)?.at ?? at;
  const kept = before < at ? steps : steps.filter((step) => step.at < at);
  const last = kept.at(-1);
  if (last && isSame(last.value, value)) return kept;
  return [...kept, { at, by, value }];
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}

/** Ids of all services that were ever told of. */
export function servicesOf({ told }: Teller): ReadonlySet<string> {
  return new Set(told.flatMap(({ levels = {}, named = [] }) => [...Object.keys(levels), ...named]));
}

/** The claims from this moment on, or from the start if that is later, by service id and in order. */
export function claimsSince(teller: Teller, id: string, since: number): ReadonlyMap<string, readonly ServiceClaim[]> {
  const claims = new Map<string, ServiceClaim[]>();
  const moments = momentsOf(teller, Math.max(since, teller.startsAt));
  for (const [index, at] of moments.entries()) {
    const next = moments[index + 1];
    const [from, to] = [secondAt(at), next === undefined ? HORIZON : secondAt(next)];
    const activity = stepAt(teller.activity, at);
    // An incident names its services at its start even if it was over then.
    const isMention = teller.noun === 'incident' && !activity?.value && at === teller.startsAt;
    if (!activity?.value && !isMention) continue;
    for (const [serviceId, { level, by }] of levelsAt(teller, at)) {
      const claim = {
        from,
        to: isMention ? from : to,
        key: id,
        noun: teller.noun,
        level,
        by: Math.max(by, activity?.by ?? 0),
      };
      const own = claims.get(serviceId) ?? [];
      claims.set(serviceId, own);
      add(own, claim);
    }
  }
  return claims;
}

function secondAt(moment: number): number {
  return Math.floor(moment / 1_000);
}

/** The last moment before this one at which anything changes, or else the start. */
export function momentBefore({ activity, levels, named, startsAt }: Teller, at: number): number {
  const earlier = [activity, levels, named].map((steps: Steps<unknown>) => steps.findLast((step) => step.at < at)?.at);
  return Math.max(startsAt, ...earlier.filter((moment) => moment !== undefined));
}

/** The start, and all later moments at which anything changes. */
function momentsOf({ activity, levels, named }: Teller, start: number): readonly number[] {
  const later = [...activity, ...levels, ...named].map(({ at }) => at).filter((at) => at > start);
  return [...new Set([start, ...later])].sort((a, b) => a - b);
}

function stepAt<V>(steps: Steps<V>, at: number): Step<V> | undefined {
  return steps.findLast((step) => step.at <= at);
}

/** By service id: what is told of it at this moment if anything is. */
function levelsAt(teller: Teller, at: number): ReadonlyMap<string, { readonly level: number; readonly by: number }> {
  const named = stepAt(teller.named, at);
  const levels = stepAt(teller.levels, at);
  return new Map([
    ...(named?.value ?? []).map((id) => [id, { level: 0, by: named?.by ?? 0 }] as const),
    ...Object.entries(levels?.value ?? {}).map(([id, level]) => [id, { level, by: levels?.by ?? 0 }] as const),
  ]);
}

/** Adds a claim that is not before the others. One without length only says that the service was named. */
function add(claims: ServiceClaim[], claim: ServiceClaim): void {
  const last = claims.at(-1);
  const touches = last !== undefined && last.to === claim.from;
  if (claim.from === claim.to) {
    if (!touches) claims.push({ ...claim, level: 0 });
  } else if (touches && (last.level === claim.level || last.from === last.to)) {
    const first = last.level === claim.level && last.from < last.to ? last : claim;
    claims.splice(-1, 1, { ...first, to: claim.to });
  } else claims.push(claim);
}

/**
 * The claims of one teller on a service after a change from a second on: what was claimed before it stays, and `later`
 * comes after. What goes on unchanged is one claim with one cause.
 */
export function claimsAfter(
  before: readonly ServiceClaim[],
  since: number,
  later: readonly ServiceClaim[],
): readonly ServiceClaim[] {
  const claims: ServiceClaim[] = [];
  const kept = before.filter(({ from }) => from <= since).map((each) => ({ ...each, to: Math.min(each.to, since) }));
  for (const each of [...kept, ...later]) add(claims, each);
  return claims;
}
