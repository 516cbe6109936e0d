// Past states that are kept, because the next question may be about a moment after one of them. They are bounded by
// their weight.
import { eachModel, MODEL_NAMES, type ModelName, PROJECTIONS } from '../../projections/models.ts';
import type { Projection } from '../../projections/state/projection.ts';
import type { Slices } from '../bounds/slices.ts';
import { type Folded, foldedFrom } from './fold-commit.ts';

/** All read models at the end of a commit. Immutable. */
export interface PastState {
  /** Position of the last event of the commit. */
  readonly position: number;
  readonly folded: Readonly<Record<ModelName, Folded<unknown>>>;
}

/** States that were folded one from another, so that they share what did not change between them. */
interface Family {
  /** Ascending. */
  readonly states: PastState[];
  /** The weight of the first state, and of all events that were folded onto it. */
  weight: number;
  /** Above this weight the newest state is weighed and begins a family of its own. */
  readonly limit: number;
  readonly isKept: boolean;
}

/** A state, and the family to which it and those that are folded from it belong. */
export interface KeptState extends PastState {
  readonly family: Family;
}

/** A projection by its name, of a state that is not known here. */
export function projectionOf(name: ModelName): Projection<unknown> {
  return PROJECTIONS[name] as Projection<unknown>;
}

const BEGINNING: PastState = { position: 0, folded: eachModel((name) => foldedFrom(projectionOf(name).initial)) };

export class KeptStates {
  readonly #limit: number;
  /** The one that was used last comes last. */
  #families: readonly Family[] = [];

  /** `limit`: the weight of all kept states, in characters of JSON. A state of more than half of that is not kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The last kept state that is not after this position, or the beginning of the log. */
  nearest(position: number): KeptState {
    let nearest: KeptState = { ...BEGINNING, family: this.#familyOf(BEGINNING, 0) };
    for (const family of this.#families) {
      const state = family.states.findLast((each) => each.position <= position);
      if (state && state.position > nearest.position) nearest = { ...state, family };
    }
    return nearest;
  }

  /** Begins a family with a state that shares nothing with those before. */
  async begin(state: PastState, slices: Slices): Promise<KeptState> {
    return this.#keep(state, this.#familyOf(state, await weigh(state, slices)));
  }

  /** Keeps a state that was folded from `before` with events of this weight. */
  async add(state: PastState, before: KeptState, weight: number, slices: Slices): Promise<KeptState> {
    const { family } = before;
    family.weight += weight;
    if (family.weight > family.limit) {
      // Events that replaced each other weigh more than the state that came of them.
      this.#families = this.#families.filter((each) => each !== family);
      return this.begin(state, slices);
    }
    if (family.isKept && before.position !== state.position) insert(state, family.states);
    return this.#keep(state, family);
  }

  #familyOf(state: PastState, weight: number): Family {
    const isKept = weight <= this.#limit / 2;
    return { states: [state], weight, limit: Math.max(this.#limit, 2 * weight), isKept };
  }

  #keep(state: PastState, family: Family): KeptState {
    if (family.isKept) this.#families = [...this.#families.filter((each) => each !== family), family];
    while (this.#families.length > 1 && this.#weight > this.#limit) this.#families = this.#families.slice(1);
    return { ...state, family };
  }

  get #weight(): number {
    return this.#families.reduce((sum, { weight }) => sum + weight, 0);
  }
}

function insert(state: PastState, states: PastState[]): void {
  const before = states.findLastIndex(({ position }) => position <= state.position);
  if (states[before]?.position !== state.position) states.splice(before + 1, 0, state);
}

/** The weight of a state that shares nothing. */
async function weigh({ folded }: PastState, slices: Slices): Promise<number> {
  let weight = 0;
  for (const name of MODEL_NAMES) {
    for (const part of projectionOf(name).encode(folded[name].state)) {
      weight += JSON.stringify(part).length;
      if (slices.isOver()) await slices.rest();
    }
  }
  return weight;
}
