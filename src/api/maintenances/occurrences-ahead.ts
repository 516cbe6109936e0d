// What the dry run of planning says of when there would be maintenance: the next occurrences, or the one window.
import * as z from 'zod';
import { entityId } from '../../../projections/events/envelope.ts';
import { local } from '../../../projections/events/maintenance.ts';
import { showMaintenance } from '../../../projections/maintenance.ts';
import { findMaintenance } from '../../../projections/maintenances.ts';
import { nextOccurrences } from '../../commands/maintenances/recurrence.ts';
import type { Preview } from '../../commands/preview.ts';
import { time } from '../../http/parameters.ts';
import type { PreviewMembers } from '../page/preview.ts';
import { exampleMaintenance } from './maintenance-schema.ts';

/** How many occurrences are told. */
const TOLD = 20;

const occurrenceSchema = z.object({ startsAt: time, endsAt: time, local });
type Occurrence = z.output<typeof occurrenceSchema>;

export const occurrencesAhead: PreviewMembers = {
  name: 'PlanPreview',
  schema: { occurrences: z.array(occurrenceSchema).describe(`The next ${TOLD}, the first one included`) },
  example: { occurrences: [whenOf(exampleMaintenance)] },
  of: (previewed) => ({ occurrences: occurrencesIn(previewed) }),
};

function occurrencesIn({ events, after, now }: Preview): readonly Occurrence[] {
  const series = events.find((event) => event.type === 'series.planned');
  if (series) return nextOccurrences(series.data, now, TOLD).map(whenOf);
  return events
    .filter(({ type }) => type === 'maintenance.planned')
    .flatMap((event) => findMaintenance(after.maintenances, entityId(event)) ?? [])
    .map((maintenance) => whenOf(showMaintenance(maintenance)));
}

function whenOf({ startsAt, endsAt, local: clocks }: Occurrence): Occurrence {
  return { startsAt, endsAt, local: clocks };
}
