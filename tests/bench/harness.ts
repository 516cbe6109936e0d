// The harness: a bench is measured in rounds, each beside its floor, and the medians of all rounds are held against the goals.

export type Bound = { readonly atLeast: number } | { readonly atMost: number };

/** A line of the table: a figure, what it is compared with, and what it should be. */
export interface Line {
  readonly row: string;
  /** What nothing can beat, measured in the same round; a dash where the goal is absolute. */
  readonly floor: string;
  /** What is measured, and its unit. */
  readonly figure: string;
  /** Of the ratio to the floor where there is a floor's value, else of the value; none for what is only shown beside. */
  readonly goal?: Bound;
  /** What it is read from: the wall clock, which a busy machine falsifies most; the processor's; memory; or a count, which is exact. */
  readonly kind: 'wall' | 'cpu' | 'memory' | 'count';
}

export interface Reading extends Line {
  readonly value: number;
  /** The floor's value. */
  readonly of?: number;
}

export interface Scale {
  /** Short rounds on small data: for a look, and for machines that others use too. */
  readonly quick: boolean;
  /** Rounds that count. */
  readonly rounds: number;
  /** How long a steady load runs in one round. */
  readonly seconds: number;
}

export interface Bench {
  readonly name: string;
  /** Starts what is to be measured. It is left running: whoever runs the bench ends it. */
  prepare(scale: Scale): Promise<Prepared>;
}

export interface Prepared {
  /** How many rounds count, if not as many as usual. */
  readonly rounds?: number;
  /** Whether the first round counts as well. */
  readonly isCold?: boolean;
  /** Measures every line once, always in the same order. `turn` counts the rounds. */
  round(turn: number): Promise<readonly Reading[]>;
}

export interface Result extends Line {
  /** Medians of the rounds. */
  readonly value: number;
  readonly of?: number;
  /** What the goal is about: the median of the rounds' ratios, or of their values. */
  readonly measured: number;
  /** How much the rounds differ: two standard deviations, robustly estimated, as a part of what was measured. */
  readonly noise: number;
  readonly verdict: 'met' | 'missed' | 'shown';
}

/** Prepares the bench and measures its rounds, the first one to warm up. */
export async function run(bench: Bench, scale: Scale): Promise<Result[]> {
  const prepared = await bench.prepare(scale);
  const warmUps = prepared.isCold ? 0 : 1;
  const rounds: (readonly Reading[])[] = [];
  for (let turn = 0; turn < (prepared.rounds ?? scale.rounds) + warmUps; turn += 1) {
    rounds.push(await prepared.round(turn));
  }
  return summary(rounds.slice(warmUps), scale.quick ? LEAST_NOISE.quick : LEAST_NOISE.full);
}

/** Runs one after another, in another order each turn: what the first leaves behind must not always meet the second. */
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

/** `1,000` for a thousand. */
export function counted(number: number): string {
  return number.toLocaleString('en');
}

/** The middle of the numbers, or of the two that are there in its place. */
export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

/** What this part of the numbers does not exceed, between neighbours in proportion. */
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

/** Of a normal distribution, the median distance from the median times this is the standard deviation. */
const DEVIATION = 1.4826;
/** Few rounds can agree by chance; short ones on small data, beside other work, tell only what costs half as much again. */
const LEAST_NOISE = { full: 0.02, quick: 0.5 };

function noiseOf(figures: readonly number[], middle: number): number {
  const deviation = DEVIATION * median(figures.map((figure) => Math.abs(figure - middle)));
  return middle === 0 ? 0 : (2 * deviation) / Math.abs(middle);
}

function verdictOn(goal: Bound | undefined, measured: number, noise: number): Result['verdict'] {
  if (goal === undefined) return 'shown';
  // By a factor: where rounds differ by all of what is measured, ten times a goal is still not within it.
  const isMet = 'atLeast' in goal ? measured * (1 + noise) >= goal.atLeast : measured <= goal.atMost * (1 + noise);
  return isMet ? 'met' : 'missed';
}
