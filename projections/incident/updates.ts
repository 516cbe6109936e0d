// The updates of an incident: posted, edited, taken back, and always in the order of the times that they happened.
import { happenedAt } from '../events/envelope.ts';
import type { RecordedEvent } from '../events/event-types.ts';
import type { IncidentStatus } from '../events/severity.ts';
import type { Translations } from '../events/translations.ts';
import type { ImpactChange } from './course.ts';

export interface IncidentUpdate {
  readonly id: string;
  readonly status: IncidentStatus;
  readonly message: string;
  readonly translations?: Translations;
  /** What it changed of the statuses that the incident gives to services. */
  readonly changes: readonly ImpactChange[];
  /** When the next update was promised. */
  readonly nextUpdateBy?: string;
  /** When it happened. */
  readonly createdAt: string;
  readonly recordedAt: string;
  /** When its message was last edited. */
  readonly editedAt?: string;
}

/** The events that carry an update. */
export type UpdateEvent = RecordedEvent<'incident.update-posted' | 'incident.update-backfilled'>;

/** Whether the event carries an update. */
export function isUpdate(event: RecordedEvent): event is UpdateEvent {
  return event.type === 'incident.update-posted' || event.type === 'incident.update-backfilled';
}

/** The updates with the event's one inserted by the time it happened, not the time it was recorded. */
export function withUpdate(
  updates: readonly IncidentUpdate[],
  event: UpdateEvent,
  changes: readonly ImpactChange[],
): readonly IncidentUpdate[] {
  const update = updateOf(event, changes);
  const place = updates.findLastIndex(({ createdAt }) => createdAt <= update.createdAt) + 1;
  return updates.toSpliced(place, 0, update);
}

function updateOf(event: UpdateEvent, changes: readonly ImpactChange[]): IncidentUpdate {
  const { updateId, status, message } = event.data;
  const nextUpdateBy = 'nextUpdateBy' in event.data ? event.data.nextUpdateBy : undefined;
  return {
    id: updateId,
    status,
    message,
    ...translated(event.data.translations),
    changes,
    ...(nextUpdateBy === undefined ? {} : { nextUpdateBy }),
    createdAt: happenedAt(event),
    recordedAt: event.recordedAt,
  };
}

/** The updates with another message in one of them. Translations of the earlier message are dropped. */
export function withMessage(
  updates: readonly IncidentUpdate[],
  { data, recordedAt: editedAt }: RecordedEvent<'incident.update-edited'>,
): readonly IncidentUpdate[] {
  return updates.map((update) => {
    if (update.id !== data.updateId) return update;
    const { translations: _earlier, ...kept } = update;
    return { ...kept, message: data.message, ...translated(data.translations), editedAt };
  });
}

/** The updates without one, and with what the others change without it. */
export function withoutUpdate(
  updates: readonly IncidentUpdate[],
  updateId: string,
  changesOf: ReadonlyMap<string, readonly ImpactChange[]>,
): readonly IncidentUpdate[] {
  return updates
    .filter(({ id }) => id !== updateId)
    .map((update) => ({ ...update, changes: changesOf.get(update.id) ?? update.changes }));
}

function translated(translations: Translations | undefined): Pick<IncidentUpdate, 'translations'> {
  return translations === undefined || Object.keys(translations).length === 0 ? {} : { translations };
}
