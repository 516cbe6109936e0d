// Past states of the read models, folded onward from the nearest state that is kept in memory or stored in a snapshot.
import { eachModel, MODEL_NAMES, type ModelName, type Models } from '../../projections/models.ts';
import type { Slices } from '../bounds/slices.ts';
import type { Batch } from '../log/commit.ts';
import { CommitBatcher } from '../log/commit-batcher.ts';
import { decode } from '../log/encoding.ts';
import { foldCommit, foldedFrom } from './fold-commit.ts';
import { type KeptState, KeptStates, type PastState, projectionOf } from './kept-states.ts';
import { type SnapshotSource, Snapshots } from './snapshots.ts';

export interface PastStatesLimits {
  /** The weight of the states that are kept: characters of JSON, of which each takes a few bytes of memory. */
  readonly kept: number;
  /** How many events a snapshot must save: fewer are folded onto a kept state, with which the result shares memory. */
  readonly detour: number;
}

/** A state is kept each time that events of this weight were folded, so that the next question is near one. */
const STRIDE = 4 * 1024 * 1024;

export class PastStates {
  readonly #source: SnapshotSource;
  readonly #snapshots: Snapshots;
  readonly #limits: PastStatesLimits;
  #kept: KeptStates;

  constructor(source: SnapshotSource, limits: PastStatesLimits) {
    this.#source = source;
    this.#limits = limits;
    this.#kept = new KeptStates(limits.kept);
    // Writes no snapshots. The server that wrote those that are read here reports the damaged ones when it starts.
    const [every, atShutdown] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    this.#snapshots = new Snapshots(source, { participants: [], every, atShutdown, report: () => {} });
  }

  /**
   * The read models at this position of the log. A position within a commit gives the state before the commit, because
   * a part of a commit was never visible.
   */
  async at(position: number, slices: Slices): Promise<Models> {
    for (;;) {
      const kept = this.#kept;
      const { folded } = await this.#fold(kept, position, slices);
      // If everything was forgotten meanwhile, redacted text may have been folded already: then fold again.
      if (kept === this.#kept) return eachModel((name) => folded[name].state) as Models;
    }
  }

  /** Forgets all states that are kept, also those that are being folded. */
  forget(): void {
    this.#kept = new KeptStates(this.#limits.kept);
  }

  async #fold(kept: KeptStates, until: number, slices: Slices): Promise<PastState> {
    let before = await this.#start(kept, until, slices);
    let state: PastState = before;
    let weight = 0;
    const commits = new CommitBatcher();
    for await (const page of this.#source.scan({ after: state.position, until })) {
      for (const event of page) {
        weight += event.text.length + event.meta.length;
        for (const batch of commits.take([decode(event)])) state = after(state, batch);
        if (slices.isOver()) await slices.rest();
      }
      if (weight < STRIDE) continue;
      before = await kept.add(state, before, weight, slices);
      weight = 0;
    }
    return kept.add(state, before, weight, slices);
  }

  /** The nearest state to fold from. */
  async #start(kept: KeptStates, until: number, slices: Slices): Promise<KeptState> {
    const nearest = kept.nearest(until);
    const states = new Map<ModelName, unknown>();
    const participants = MODEL_NAMES.map((name) => ({
      codec: projectionOf(name),
      capture: () => undefined,
      seed: (state: unknown) => void states.set(name, state),
    }));
    const position = await this.#snapshots.seed(participants, until, nearest.position + this.#limits.detour);
    if (position === 0) return nearest;
    return kept.begin({ position, folded: eachModel((name) => foldedFrom(states.get(name))) }, slices);
  }
}

function after({ folded }: PastState, batch: Batch): PastState {
  return { position: batch.last, folded: eachModel((name) => foldCommit(projectionOf(name), folded[name], batch)) };
}
