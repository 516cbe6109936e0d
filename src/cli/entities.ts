// The read models as the command line shows them: the figures of each, the list of its entities, or the story of one
// entity.
import { type EntityKind, entitiesIn } from '../../projections/entity-kind.ts';
import { entityId } from '../../projections/events/envelope.ts';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { type HistoryEntry, historyEntry } from '../../projections/history.ts';
import { KINDS } from '../../projections/kinds.ts';
import { MODEL_NAMES, type Models, PROJECTIONS } from '../../projections/models.ts';
import { selectEntities } from '../../projections/selection.ts';
import { findEntity } from '../../projections/state/collection.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { stateHash } from '../read-models/state-hash.ts';

/** The viewer of the command line: an operator who can read the files may see everything in them. */
const OPERATOR: Viewer = { actor: { kind: 'system' }, organizations: 'all', access: () => 'member' };

/** An entity in its public form, deeply immutable. */
export type ShownEntity = { readonly id: string } & Readonly<Record<string, unknown>>;

/** The version, size and state hash of a read model. */
export interface Figures {
  readonly projection: string;
  readonly version: number;
  /** Number of entities; absent for a read model that does not list entities. */
  readonly entities?: number;
  readonly stateHash: string;
}

/**
 * What each event of an entity changed, and the entity after the last one, folded from its own events only. `entity` is
 * `null` if it was deleted.
 */
export interface EntityStory {
  readonly entries: readonly HistoryEntry[];
  readonly entity: ShownEntity | null;
}

/** All entities of a kind, in the order of their creation. */
export function shownEntities(kind: EntityKind<Models>, models: Models): readonly ShownEntity[] {
  const entities = selectEntities(entitiesIn(kind, models), OPERATOR, {});
  return Array.from(entities, (entity) => kind.show(entity) as ShownEntity);
}

/** The figures of every read model. */
export function figuresOf(models: Models): readonly Figures[] {
  return MODEL_NAMES.map((name) => {
    const kind = KINDS.find(({ plural }) => plural === name);
    return {
      projection: name,
      version: PROJECTIONS[name].version,
      ...(kind ? { entities: shownEntities(kind, models).length } : {}),
      stateHash: stateHash(models[name]),
    };
  });
}

/** The story of one entity, from the events of its stream. */
export function storyOf(kind: EntityKind<Models>, events: readonly RecordedEvent[]): EntityStory {
  const { projection, collection, show } = kind;
  const entries: HistoryEntry[] = [];
  let after = projection.initial;
  for (const event of events) {
    const before = after;
    after = projection.on(before, event);
    entries.push(historyEntry(kind, event, { before, after }, OPERATOR));
  }
  const entity = events[0] && findEntity(collection(after), entityId(events[0]));
  return { entries, entity: entity ? (show(entity) as ShownEntity) : null };
}
