// The planned work of the sample data: one maintenance that is over, and one to come.
import type { Write } from '../../log/commit.ts';
import { AUTHENTICATION, DATABASE, MAINTENANCE, MAINTENANCE_UPDATE, PAST_MAINTENANCE } from './ids.ts';
import { place, write } from './writing.ts';

/** In milliseconds. */
const HOUR = 60 * 60 * 1_000;

/** One that was kept as planned, and one to come, which begins and ends by itself on the hour. */
export function maintenanceWrites(now: Date): Write[] {
  const hour = Math.floor(now.getTime() / HOUR);
  const inHours = (hours: number) => new Date((hour + hours) * HOUR).toISOString();
  const automatic = { autoStart: true, autoEnd: true };
  const past = { startsAt: inHours(-9 * 24), endsAt: inHours(-9 * 24 + 1) };
  const coming = { startsAt: inHours(5 * 24), endsAt: inHours(5 * 24 + 2) };
  return [
    write(`maintenance-${PAST_MAINTENANCE}`, [
      {
        type: 'maintenance.planned',
        ...place,
        occurredAt: inHours(-12 * 24),
        data: {
          title: 'Certificates of Authentication Service renewed',
          description: 'Sessions stay open; signing in takes a moment longer.',
          ...past,
          affectedServiceIds: [AUTHENTICATION],
          ...automatic,
        },
      },
      { type: 'maintenance.started', ...place, occurredAt: past.startsAt, data: {} },
      { type: 'maintenance.completed', ...place, occurredAt: past.endsAt, data: {} },
    ]),
    write(`maintenance-${MAINTENANCE}`, [
      {
        type: 'maintenance.planned',
        ...place,
        data: {
          title: 'Database Cluster upgrade',
          description: 'Writes pause for a few seconds whenever a replica takes over.',
          ...coming,
          affectedServiceIds: [DATABASE],
          ...automatic,
        },
      },
      {
        type: 'maintenance.update-posted',
        ...place,
        data: {
          updateId: MAINTENANCE_UPDATE,
          status: 'scheduled',
          message: 'A rehearsal on a copy of the data went well.',
        },
      },
    ]),
  ];
}
