// Properties of the read models on random histories: a replay gives the live state, counts are right, and nothing is
// mutated.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { INCIDENT_STATUSES, STATUS_OF_IMPACT, worst } from '../../projections/events/severity.ts';
import { incidentsProjection, selectIncidents } from '../../projections/incidents.ts';
import { isActive } from '../../projections/maintenance.ts';
import { type Models, PROJECTIONS } from '../../projections/models.ts';
import { selectEntities } from '../../projections/selection.ts';
import { selectServices, servicesProjection } from '../../projections/services.ts';
import { type Codec, fold, type Projection } from '../../projections/state/projection.ts';
import { selectStatus } from '../../projections/status.ts';
import { stateHash } from '../../src/read-models/state-hash.ts';
import { incidentHistory, history as randomHistory } from '../support/histories.ts';
import { anyone } from '../support/scenario.ts';

const FILTERS = [
  {},
  { organizationId: 'default' },
  { organizationId: 'acme' },
  { tenantId: 'red' },
  { organizationId: 'acme', tenantId: 'red' },
];

const history = randomHistory(60);

test('a replay in any two parts gives the live state', async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.nat(), async (play, pick) => {
      const { events, live } = await play();
      const cut = pick % (events.length + 1);
      const replayed = Object.values(PROJECTIONS).map((projection) => {
        const half = fold(projection as Projection<unknown>, events.slice(0, cut));
        return fold(projection as Projection<unknown>, events.slice(cut), half);
      });
      expect(replayed.map(stateHash)).toEqual(Object.values(live).map(stateHash));
    }),
    { numRuns: 50 },
  );
});

test('a snapshot at any position, as JSON and back, and the events after it give the live state', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (play) => {
      const { events, live } = await play();
      const expected = Object.values(live).map(stateHash);
      for (let cut = 0; cut <= events.length; cut += 1) {
        const resumed = Object.values(PROJECTIONS).map((projection) => {
          const restored = rewritten(
            projection as Projection<unknown>,
            fold(projection as Projection<unknown>, events.slice(0, cut)),
          );
          return fold(projection as Projection<unknown>, events.slice(cut), restored);
        });
        expect(resumed.map(stateHash)).toEqual(expected);
      }
    }),
    { numRuns: 20 },
  );
});

/** The state after a round trip through JSON. */
function rewritten<S>({ initial, encode, decode }: Codec<S>, state: S): S {
  const lines = [...encode(state)].map((part) => JSON.stringify(part));
  return lines.reduce((restored, line) => decode(restored, JSON.parse(line)), initial);
}

test('the status equals a count over the lists, with every filter', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (play) => {
      const { live } = await play();
      for (const filter of FILTERS) expect(selectStatus(live, anyone, filter)).toMatchObject(recounted(live, filter));
    }),
    { numRuns: 50 },
  );
});

/** The status, counted in a slow and obvious way. */
function recounted(models: Models, filter: object) {
  const services = selectServices(models.services, anyone, filter);
  const active = selectIncidents(models.incidents, anyone, filter).filter(({ status }) => status !== 'resolved');
  const maintenances = [...selectEntities(models.maintenances.maintenances, anyone, filter)];
  const count = (...statuses: string[]) => services.filter(({ status }) => statuses.includes(status)).length;
  // Histories report hundredths of a per cent, which add up exactly as integers.
  const hundredths = services.reduce((sum, { uptime }) => sum + Math.round(uptime * 100), 0);
  return {
    overallStatus: worst([
      ...services.map(({ status }) => status),
      ...active.map(({ impact }) => STATUS_OF_IMPACT[impact]),
    ]),
    totalServices: services.length,
    operationalServices: count('operational'),
    degradedServices: count('degraded'),
    downServices: count('partial', 'major'),
    maintenanceServices: count('maintenance'),
    activeIncidents: active.length,
    activeMaintenances: maintenances.filter(isActive).length,
    upcomingMaintenances: maintenances.filter((maintenance) => maintenance.status === 'scheduled').length,
    averageUptime: services.length === 0 ? 100 : Math.round(hundredths / services.length) / 100,
  };
}

test('the shown status of a service is the worst of its report, of unresolved incidents and of maintenance in progress', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (play) => {
      const { live } = await play();
      const unresolved = selectIncidents(live.incidents, anyone, {}).filter(
        ({ status }) => INCIDENT_STATUSES.indexOf(status) < INCIDENT_STATUSES.indexOf('resolved'),
      );
      const inProgress = [...selectEntities(live.maintenances.maintenances, anyone, {})].filter(isActive);
      for (const { id, status, reportedStatus } of selectServices(live.services, anyone, {})) {
        const said = unresolved.flatMap(({ impacts }) => impacts[id] ?? []);
        const isWorkedOn = inProgress.some(({ affectedServiceIds }) => affectedServiceIds.includes(id));
        expect(status).toBe(worst([reportedStatus, ...said, ...(isWorkedOn ? (['maintenance'] as const) : [])]));
      }
    }),
    { numRuns: 50 },
  );
});

test('an incident and its services stand where the events that were not taken back have brought them', async () => {
  await fc.assert(
    fc.asyncProperty(incidentHistory(), async (play) => {
      const { events, live } = await play();
      const takenBack = new Set(
        events.flatMap((event) => (event.type === 'incident.update-retracted' ? event.data.updateId : [])),
      );
      const kept = events.filter(({ data }) => !('updateId' in data && takenBack.has(data.updateId)));
      const [expected] = selectIncidents(fold(incidentsProjection, kept), anyone, {});
      const [incident] = selectIncidents(live.incidents, anyone, {});
      const { version, position, updatedAt } = incident ?? {};
      expect(incident).toEqual({ ...expected, version, position, updatedAt });
      const statuses = (state: Models['services']) => selectServices(state, anyone, {}).map(({ status }) => status);
      expect(statuses(live.services)).toEqual(statuses(fold(servicesProjection, kept)));
    }),
    { numRuns: 60 },
  );
});

test('folds do not mutate events, and an event of an unknown type changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (play) => {
      const { events } = await play();
      fc.pre(events.length > 0);
      for (const projection of Object.values(PROJECTIONS)) {
        const state = fold(projection as Projection<unknown>, events.map(deepFrozen));
        const unknown = { ...events[0], type: 'weather.changed' } as unknown as RecordedEvent;
        expect((projection.on as (state: unknown, event: RecordedEvent) => unknown)(state, unknown)).toBe(state);
      }
    }),
    { numRuns: 20 },
  );
});

function deepFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFrozen);
  return value;
}
