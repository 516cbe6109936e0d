// The updates of a maintenance: posted, edited, retracted.
import { happenedAt } from '../events/envelope.ts';
import type { RecordedEvent } from '../events/event-types.ts';
import type { MaintenanceStatus } from '../events/severity.ts';
import type { Translations } from '../events/translations.ts';
import type { FieldChange } from '../state/field-changes.ts';
import { shownTranslations, translationsAfter } from '../state/translated.ts';

export interface MaintenanceUpdate {
  readonly id: string;
  /** The state as of the update. */
  readonly status: MaintenanceStatus;
  /** Absent from an update that says its status alone. */
  readonly message?: string;
  readonly translations?: Translations;
  readonly createdAt: string;
  /** When its message was last edited. */
  readonly editedAt?: string;
}

/** Whether an event is about an update, whose texts are then below that update. */
export function isAboutUpdate(
  event: RecordedEvent,
): event is RecordedEvent<'maintenance.update-posted' | 'maintenance.update-edited' | 'maintenance.update-retracted'> {
  return event.type.startsWith('maintenance.update-');
}

/** The update that this event posts. */
export function postedUpdate(event: RecordedEvent<'maintenance.update-posted'>): MaintenanceUpdate {
  const { updateId, translations: sent, ...data } = event.data;
  const translations = shownTranslations(translationsAfter(null, { sent, isRetold: true }));
  return { id: updateId, ...data, ...translations, createdAt: happenedAt(event) };
}

/** The update that the event posted, edited or retracted, before and after, for the history. */
export function changeOfUpdates(
  event: RecordedEvent,
  before: readonly MaintenanceUpdate[] = [],
  after: readonly MaintenanceUpdate[] = [],
): readonly FieldChange[] {
  if (!isAboutUpdate(event)) return [];
  const oneOf = (updates: readonly MaintenanceUpdate[]) => updates.find(({ id }) => id === event.data.updateId) ?? null;
  return [{ field: 'updates', from: oneOf(before), to: oneOf(after) }];
}

/** The updates after the event. A message that changes without its translations loses them. */
export function updatesAfter(
  updates: readonly MaintenanceUpdate[],
  event: Parameters<typeof isAboutUpdate>[0],
): readonly MaintenanceUpdate[] {
  if (!isAboutUpdate(event)) return updates;
  if (event.type === 'maintenance.update-posted') return [...updates, postedUpdate(event)];
  const { updateId } = event.data;
  if (event.type === 'maintenance.update-retracted') return updates.filter(({ id }) => id !== updateId);
  return updates.map((update) => (update.id === updateId ? edited(update, event) : update));
}

function edited(
  { translations: before, ...update }: MaintenanceUpdate,
  event: RecordedEvent<'maintenance.update-edited'>,
): MaintenanceUpdate {
  const { message, translations: sent } = event.data;
  const translations = translationsAfter(before ?? null, { sent, isRetold: message !== update.message });
  return { ...update, message, ...shownTranslations(translations), editedAt: event.recordedAt };
}
