// The harness: measures a bench and its floor in rounds, and compares the medians of the rounds with the goals.

export type Bound = { readonly atLeast: number } | { readonly atMost: number };

/** A figure of the table, its floor and its goal. */
export interface Line {
  readonly row: string;
  /**
   * The minimal program that the figure is compared with, measured in the same round; a dash if the goal is absolute.
   */
  readonly floor: string;
  /** The quantity and its unit. */
  readonly figure: string;
  /**
   * The goal of the ratio to the floor, or of the value if there is no floor. Without a goal the figure is only shown.
   */
  readonly goal?: Bound;
  /** The source: the wall clock, which a busy machine distorts most; CPU time; memory; or a count, which is exact. */
  readonly kind: 'wall' | 'cpu' | 'memory' | 'count';
}

export interface Reading extends Line {
  readonly value: number;
  /** The floor's value. */
  readonly of?: number;
}

export interface Scale {
  /** Short rounds on small data, for a first look and for shared machines. */
  readonly quick: boolean;
  /** Number of measured rounds, without the one that warms up. */
  readonly rounds: number;
  /** Duration of a steady load in one round. */
  readonly seconds: number;
}

export interface Bench {
  readonly name: string;
  /** Starts the processes to measure. The caller must end them. */
  prepare(scale: Scale): Promise<Prepared>;
}

export interface Prepared {
  /** Number of measured rounds. Default: that of the scale. */
  readonly rounds?: number;
  /** Whether there is no round to warm up. */
  readonly isCold?: boolean;
  /** Measures every line once, always in the same order. `turn` counts the rounds. */
  round(turn: number): Promise<readonly Reading[]>;
}

export interface Result extends Line {
  /** The median of the rounds; `of` is that of the floor. */
  readonly value: number;
  readonly of?: number;
  /** The figure that the goal applies to: the median of the ratios of the rounds, or of their values. */
  readonly measured: number;
  /** Two standard deviations of the rounds, robustly estimated, as a fraction of `measured`. */
  readonly noise: number;
  readonly verdict: 'met' | 'missed' | 'shown';
}

/** Prepares the bench and measures its rounds, after one round to warm up. */
export async function run(bench: Bench, scale: Scale): Promise<Result[]> {
  const prepared = await bench.prepare(scale);
  const warmUps = prepared.isCold ? 0 : 1;
  const rounds: (readonly Reading[])[] = [];
  for (let turn = 0; turn < (prepared.rounds ?? scale.rounds) + warmUps; turn += 1) {
    rounds.push(await prepared.round(turn));
  }
  return summary(rounds.slice(warmUps), scale.quick ? LEAST_NOISE.quick : LEAST_NOISE.full);
}

/**
 * Runs the bench. A quick run is so short that one slow moment spoils it: if it misses a goal, `again` is called, the
 * bench is run once more, and that run counts.
 */
export async function measure(
  bench: Bench,
  scale: Scale,
  again: (missed: readonly Result[]) => void,
): Promise<readonly Result[]> {
  const results = await run(bench, scale);
  const missed = missedBy(results, scale);
  if (!scale.quick || missed.length === 0) return results;
  again(missed);
  return run(bench, scale);
}

/** The figures that miss their goals. Quick rounds on small data are no evidence for wall-clock times and memory. */
export function missedBy(results: readonly Result[], { quick }: Scale): readonly Result[] {
  const judged: readonly Line['kind'][] = quick ? ['cpu', 'count'] : ['cpu', 'count', 'wall', 'memory'];
  return results.filter(({ verdict, kind }) => verdict === 'missed' && judged.includes(kind));
}

/**
 * Runs steps one after another, in reverse order every second turn, so that the after-effects of one step do not always
 * hit the same other one.
 */
export async function inTurns<const S extends readonly (() => Promise<unknown>)[]>(
  turn: number,
  steps: S,
): Promise<Done<S>> {
  const results: unknown[] = [];
  const order = [...steps.entries()];
  for (const [index, step] of turn % 2 === 0 ? order : order.reverse()) results[index] = await step();
  return results as unknown as Done<S>;
}

type Done<S extends readonly (() => Promise<unknown>)[]> = { -readonly [I in keyof S]: Awaited<ReturnType<S[I]>> };

/** Formats a number with separators: `1,000`. */
export function counted(number: number): string {
  return number.toLocaleString('en');
}

/** The middle number, or the mean of the two middle ones. */
export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

/** The number that this fraction of the numbers does not exceed, interpolated linearly. */
export function quantile(numbers: readonly number[], part: number): number {
  if (numbers.length === 0) throw new Error('Nothing was measured.');
  const sorted = Float64Array.from(numbers).sort();
  const place = (sorted.length - 1) * part;
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below + (above - below) * (place % 1);
}

function summary(rounds: readonly (readonly Reading[])[], leastNoise: number): Result[] {
  return (rounds[0] ?? []).map((_, index) =>
    lineOf(
      rounds.map((round) => round[index] as Reading),
      leastNoise,
    ),
  );
}

function lineOf(readings: readonly Reading[], leastNoise: number): Result {
  const [first] = readings as [Reading];
  const figures = readings.map(({ value, of }) => (of === undefined ? value : value / of));
  const measured = median(figures);
  const noise = Math.max(leastNoise, noiseOf(figures, measured));
  return {
    ...first,
    value: median(readings.map(({ value }) => value)),
    ...(first.of === undefined ? {} : { of: median(readings.map(({ of = Number.NaN }) => of)) }),
    measured,
    noise,
    verdict: verdictOn(first.goal, measured, noise),
  };
}

/** Factor from the median absolute deviation to the standard deviation of a normal distribution. */
const DEVIATION = 1.4826;
/**
 * The least noise that is assumed, because few rounds can agree by chance. Quick rounds only reveal twice the cost: the
 * same build gave 1.2 and 1.9 of the same floor within minutes.
 */
const LEAST_NOISE = { full: 0.02, quick: 1 };

function noiseOf(figures: readonly number[], middle: number): number {
  const deviation = DEVIATION * median(figures.map((figure) => Math.abs(figure - middle)));
  return middle === 0 ? 0 : (2 * deviation) / Math.abs(middle);
}

function verdictOn(goal: Bound | undefined, measured: number, noise: number): Result['verdict'] {
  if (goal === undefined) return 'shown';
  // Noise scales the figure: even with a noise of 100 %, a figure of ten times the goal misses it.
  const isMet = 'atLeast' in goal ? measured * (1 + noise) >= goal.atLeast : measured <= goal.atMost * (1 + noise);
  return isMet ? 'met' : 'missed';
}
