// How seconds become a percentage: named rules, which never change once they have a name.
import type { ServiceStatus } from '../events/severity.ts';

/** How long each status was shown, in seconds. `none`: before the start, and what is still to come. */
export type SecondsByStatus = Readonly<Record<ServiceStatus | 'none', number>>;

interface Policy {
  /** What a second of the status weighs, in tenths of an outage. */
  readonly weights: Readonly<Partial<Record<ServiceStatus, number>>>;
  /** The statuses whose seconds are not counted at all. */
  readonly uncounted: readonly ServiceStatus[];
}

const POLICIES = {
  'statuspage-1': { weights: { major: 10, partial: 3 }, uncounted: [] },
  'strict-1': { weights: { major: 10, partial: 10 }, uncounted: ['maintenance'] },
} as const satisfies Record<string, Policy>;

export type UptimePolicy = keyof typeof POLICIES;

export const UPTIME_POLICIES = Object.keys(POLICIES) as [UptimePolicy, ...UptimePolicy[]];

/** The policy with this name, or the first one: a log can name one that only a later version has. */
export function policyNamed(name: string): UptimePolicy {
  return UPTIME_POLICIES.find((each) => each === name) ?? UPTIME_POLICIES[0];
}

/** What of some seconds weighs, in tenths of a second, out of how many. Integers, so that sums are exact. */
export interface Weighed {
  readonly weighed: number;
  readonly counted: number;
}

export function weigh(seconds: SecondsByStatus, name: UptimePolicy): Weighed {
  const { weights, uncounted }: Policy = POLICIES[name];
  let [weighed, counted] = [0, 0];
  for (const [status, count] of Object.entries(seconds) as [ServiceStatus | 'none', number][]) {
    if (status === 'none' || uncounted.includes(status)) continue;
    counted += 10 * count;
    weighed += (weights[status] ?? 0) * count;
  }
  return { weighed, counted };
}

/** What a second of the status weighs, in tenths of an outage; `null` where it is not counted. */
export function weightOf(name: UptimePolicy, status: ServiceStatus): number | null {
  const { weights, uncounted }: Policy = POLICIES[name];
  return uncounted.includes(status) ? null : (weights[status] ?? 0);
}

/** Per cent, floored to two decimals: 100 if and only if nothing weighs. `null` if nothing is counted. */
export function percentage({ weighed, counted }: Weighed): number | null {
  return counted === 0 ? null : Math.floor((10_000 * (counted - weighed)) / counted) / 100;
}

/** Millionths of a per cent, floored. `null` if nothing is counted. */
export function millionths({ weighed, counted }: Weighed): number | null {
  // Ten years of tenths of seconds times this are beyond what a number holds exactly.
  return counted === 0 ? null : Number((100_000_000n * BigInt(counted - weighed)) / BigInt(counted));
}

/** The mean of those that have a value, in per cent, floored to two decimals; `null` if none has. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const present = values.filter((value) => value !== null);
  if (present.length === 0) return null;
  return Math.floor(present.reduce((sum, value) => sum + value, 0) / (present.length * 10_000)) / 100;
}
