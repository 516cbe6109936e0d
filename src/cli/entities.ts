// The read models as the command line shows them: which there are, their entities, and those of one entity's own events.
import { entityId } from '../../projections/events/envelope.ts';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { type HistoryEntry, historyEntry, type Told, toldIncidents, toldServices } from '../../projections/history.ts';
import { selectIncidents, showIncident } from '../../projections/incidents.ts';
import { MODEL_NAMES, type Models, PROJECTIONS } from '../../projections/models.ts';
import { selectServices, showService } from '../../projections/services.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { stateHash } from '../read-models/state-hash.ts';

/** Whoever has the files may see all that is in them. */
const OPERATOR: Viewer = { actor: { kind: 'system' }, organizations: 'all', access: () => 'member' };

/** An entity as it is shown, deeply immutable. */
export type Shown = { readonly id: string } & Readonly<Record<string, unknown>>;

/** A read model in figures. */
export interface Figures {
  readonly projection: string;
  readonly version: number;
  /** How many entities it lists, where it lists any. */
  readonly entities?: number;
  readonly stateHash: string;
}

/** A kind of entity, and the read model that lists it. */
export interface Kind {
  /** Name of the projection. */
  readonly name: string;
  /** What its streams begin with. */
  readonly aggregate: string;
  entities(models: Models): readonly Shown[];
  /** What each event of an entity did, and the entity after all of them, as far as its own events tell; `null` once it is gone. */
  tell(events: readonly RecordedEvent[]): { readonly entries: readonly HistoryEntry[]; readonly entity: Shown | null };
}

interface Source<S> {
  readonly aggregate: string;
  readonly told: Told<S>;
  state(models: Models): S;
  entities(state: S): readonly object[];
}

export const KINDS: readonly Kind[] = [
  kind({
    aggregate: 'service',
    told: toldServices,
    state: ({ services }) => services,
    entities: (state) => selectServices(state, OPERATOR, {}).map(showService),
  }),
  kind({
    aggregate: 'incident',
    told: toldIncidents,
    state: ({ incidents }) => incidents,
    entities: (state) => selectIncidents(state, OPERATOR, {}).map(showIncident),
  }),
];

/** The figures of every read model. */
export function figuresOf(models: Models): readonly Figures[] {
  return MODEL_NAMES.map((name) => {
    const listed = KINDS.find((kind) => kind.name === name)?.entities(models);
    return {
      projection: name,
      version: PROJECTIONS[name].version,
      ...(listed ? { entities: listed.length } : {}),
      stateHash: stateHash(models[name]),
    };
  });
}

function kind<S>({ aggregate, told, state, entities }: Source<S>): Kind {
  const { name, initial, on } = told.projection;
  const shown = (of: S) => entities(of) as readonly Shown[];
  return {
    name,
    aggregate,
    entities: (models) => shown(state(models)),
    tell(events) {
      const entries: HistoryEntry[] = [];
      let after = initial;
      for (const event of events) {
        const before = after;
        after = on(before, event);
        entries.push(historyEntry(told, event, { before, after }, OPERATOR));
      }
      const id = events[0] && entityId(events[0]);
      return { entries, entity: shown(after).find((each) => each.id === id) ?? null };
    },
  };
}
