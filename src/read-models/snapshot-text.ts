// The text format of snapshots: lines of JSON, followed by a hash over all of them.
import { createHash } from 'node:crypto';
import type { Codec } from '../../projections/state/projection.ts';

/** An immutable state to be written. */
export interface Captured {
  readonly codec: Codec<unknown>;
  readonly state: unknown;
}

/** The event that a snapshot was taken after. The hash detects a snapshot of another log with as many events. */
export interface SnapshotMoment {
  readonly position: number;
  readonly hash: string;
}

/** The first line. Each further line is `[name, part]`. */
interface Header extends SnapshotMoment {
  /** Versions of the states by name. */
  readonly states: Readonly<Record<string, number>>;
}

/** Approximate size of a text in characters: small enough to be encoded or decoded within a few milliseconds. */
const TEXT_SIZE = 256 * 1024;
/** Prefix of the last text, which holds the hash. */
const SEAL = 'sha256 ';

/** The snapshot as texts, encoded lazily. */
export function* writeSnapshot({ position, hash }: SnapshotMoment, captured: readonly Captured[]): Generator<string> {
  const digest = createHash('sha256');
  for (const text of batched(linesOf({ position, hash }, captured))) {
    digest.update(text);
    yield text;
  }
  yield `${SEAL}${digest.digest('hex')}\n`;
}

function* linesOf(moment: SnapshotMoment, captured: readonly Captured[]): Generator<string> {
  const states = Object.fromEntries(captured.map(({ codec }) => [codec.name, codec.version]));
  yield JSON.stringify({ ...moment, states } satisfies Header);
  for (const { codec, state } of captured) {
    for (const part of codec.encode(state)) yield JSON.stringify([codec.name, part]);
  }
}

function* batched(lines: Iterable<string>): Generator<string> {
  let text = '';
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length < TEXT_SIZE) continue;
    yield text;
    text = '';
  }
  yield text;
}

/**
 * The states of these codecs by name. `undefined` if the snapshot is intact but has another version of a state or lacks
 * a state. Rejects with an `Error` whose message is a sentence if it is damaged or of another log.
 */
export async function readSnapshot(
  texts: AsyncIterable<string>,
  moment: SnapshotMoment,
  codecs: readonly Codec<unknown>[],
): Promise<ReadonlyMap<string, unknown> | undefined> {
  const reading = new Reading(moment, codecs);
  for await (const text of texts) reading.take(text);
  return reading.finish();
}

class Reading {
  readonly #moment: SnapshotMoment;
  readonly #codecs: ReadonlyMap<string, Codec<unknown>>;
  readonly #states: Map<string, unknown>;
  readonly #digest = createHash('sha256');
  #begun = false;
  /** Whether the versions match the codecs. If not, nothing is decoded, but the hash is still checked. */
  #fits = true;
  #sealed = false;

  constructor(moment: SnapshotMoment, codecs: readonly Codec<unknown>[]) {
    this.#moment = moment;
    this.#codecs = new Map(codecs.map((codec) => [codec.name, codec]));
    this.#states = new Map(codecs.map(({ name, initial }) => [name, initial]));
  }

  take(text: string): void {
    if (text.startsWith(SEAL)) {
      this.#sealed = text === `${SEAL}${this.#digest.copy().digest('hex')}\n`;
      return;
    }
    this.#sealed = false;
    this.#digest.update(text);
    const [first, ...rest] = text.split('\n').slice(0, -1);
    if (this.#begun) this.#takeLine(first ?? '');
    else this.#takeHeader(first ?? '');
    for (const line of rest) this.#takeLine(line);
  }

  finish(): ReadonlyMap<string, unknown> | undefined {
    if (!this.#sealed) throw new Error('It is incomplete or damaged.');
    return this.#fits ? this.#states : undefined;
  }

  #takeHeader(line: string): void {
    this.#begun = true;
    const { position, hash, states }: Header = JSON.parse(line);
    if (position !== this.#moment.position || hash !== this.#moment.hash) throw new Error('It belongs to another log.');
    this.#fits = [...this.#codecs.values()].every(({ name, version }) => states[name] === version);
  }

  #takeLine(line: string): void {
    if (!this.#fits) return;
    const [name, part]: [string, unknown] = JSON.parse(line);
    const codec = this.#codecs.get(name);
    if (codec) this.#states.set(name, codec.decode(this.#states.get(name), part));
  }
}
