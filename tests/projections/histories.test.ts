// Properties of the read models on random histories: replayed is live, counted is recounted, nothing is mutated.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { v7 as newId } from 'uuid';
import type { RecordedEvent } from '../../projections/events.ts';
import { incidentsProjection, selectIncidents } from '../../projections/incidents.ts';
import { fold } from '../../projections/projection.ts';
import { selectServices, servicesProjection } from '../../projections/services.ts';
import { INCIDENT_STATUSES, STATUS_OF_IMPACT, worst } from '../../projections/severity.ts';
import { selectStatus } from '../../projections/status.ts';
import { EventLog } from '../../src/log/event-log.ts';
import { MemoryJournal } from '../../src/log/memory-journal.ts';
import { type Models, ReadModels } from '../../src/log/read-models.ts';
import { step, take } from '../support/histories.ts';
import { anyone } from '../support/scenario.ts';

const FILTERS = [
  {},
  { organizationId: 'default' },
  { organizationId: 'acme' },
  { tenantId: 'red' },
  { organizationId: 'acme', tenantId: 'red' },
];
const PROJECTIONS = [servicesProjection, incidentsProjection] as const;

/** A history as a real log recorded it, and the read models that were live meanwhile. */
const history = fc.array(step, { minLength: 1, maxLength: 60 }).map((steps) => async () => {
  const report = (message: string, error: unknown) => {
    throw new Error(message, { cause: error });
  };
  const journal = new MemoryJournal({ now: () => new Date() });
  const log = new EventLog(journal, { newId, eventsInMemory: 1_000, maxWaiting: 10, report });
  const models = new ReadModels(log.committed$, report);
  await log.open();
  for (const each of steps) await take(log, models.current, each);
  const events: RecordedEvent[] = [];
  for await (const event of log.read()) events.push(event);
  await log.close();
  return { events, live: models.current };
});

const json = (state: unknown) => JSON.stringify(state);

test('a replay in any two parts gives the live state', async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.nat(), async (play, pick) => {
      const { events, live } = await play();
      const cut = pick % (events.length + 1);
      const replayed = PROJECTIONS.map((projection) => {
        const half = fold<unknown>(projection, events.slice(0, cut));
        return fold<unknown>(projection, events.slice(cut), half);
      });
      expect(replayed.map(json)).toEqual([json(live.services), json(live.incidents)]);
    }),
    { numRuns: 50 },
  );
});

test('the status is what a count over the lists says, under every filter', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (play) => {
      const { live } = await play();
      for (const filter of FILTERS) expect(selectStatus(live, anyone, filter)).toMatchObject(recounted(live, filter));
    }),
    { numRuns: 50 },
  );
});

/** The status, counted the slow way. */
function recounted(models: Models, filter: object) {
  const services = selectServices(models.services, anyone, filter);
  const active = selectIncidents(models.incidents, anyone, filter).filter(({ status }) => status !== 'resolved');
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
    averageUptime: services.length === 0 ? 100 : Math.round(hundredths / services.length) / 100,
  };
}

test('what is shown of a service is the worst of its report and of what unresolved incidents say', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (play) => {
      const { live } = await play();
      const unresolved = selectIncidents(live.incidents, anyone, {}).filter(
        ({ status }) => INCIDENT_STATUSES.indexOf(status) < INCIDENT_STATUSES.indexOf('resolved'),
      );
      for (const { id, status, reportedStatus } of selectServices(live.services, anyone, {})) {
        const said = unresolved.flatMap(({ impacts }) => impacts[id] ?? []);
        expect(status).toBe(worst([reportedStatus, ...said]));
      }
    }),
    { numRuns: 50 },
  );
});

test('folds leave their events alone, and an event of an unknown type changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (play) => {
      const { events } = await play();
      for (const projection of PROJECTIONS) {
        const state = fold<unknown>(projection, events.map(deepFrozen));
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
