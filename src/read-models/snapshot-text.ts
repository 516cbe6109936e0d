// What a snapshot is written as: lines of JSON, sealed by a hash over all of them.
import { createHash } from 'node:crypto';
import type { Codec } from '../../projections/state/projection.ts';

/** A state at a moment, which nothing changes any more. */
export interface Captured {
  readonly codec: Codec<unknown>;
  readonly state: unknown;
}

/** The moment: an event, by its position and hash. Of another log with as many events a snapshot says nothing. */
export interface SnapshotMoment {
  readonly position: number;
  readonly hash: string;
}

/** The first line. The ones after it are `[name, part]` each. */
interface Header extends SnapshotMoment {
  /** Versions of the states by their names. */
  readonly states: Readonly<Record<string, number>>;
}

/** Lines come in texts of about so many characters: few enough to be made, or read, within a few milliseconds. */
const TEXT_SIZE = 256 * 1024;
/** How the last text starts. */
const SEAL = 'sha256 ';

/** The snapshot in texts, each made when it is asked for. */
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
 * The states of these codecs by their names, if the snapshot is of this moment and in every byte as it was written;
 * `undefined` if it is, but holds another version of a state, or not every state. Rejects with an `Error` that says in a
 * sentence why it is not to be used.
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
  /** Whether the versions are those of the codecs. Nothing is decoded otherwise, and the seal is still checked. */
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
    if (!this.#sealed) throw new Error('It is not whole, or not as it was written.');
    return this.#fits ? this.#states : undefined;
  }

  #takeHeader(line: string): void {
    this.#begun = true;
    const { position, hash, states }: Header = JSON.parse(line);
    if (position !== this.#moment.position || hash !== this.#moment.hash) throw new Error('It is of another log.');
    this.#fits = [...this.#codecs.values()].every(({ name, version }) => states[name] === version);
  }

  #takeLine(line: string): void {
    if (!this.#fits) return;
    const [name, part]: [string, unknown] = JSON.parse(line);
    const codec = this.#codecs.get(name);
    if (codec) this.#states.set(name, codec.decode(this.#states.get(name), part));
  }
}
