// Random histories: random commands in random organisations and tenants, decided by the real rules and recorded by a
// real log.
import fc from 'fast-check';
import { v7 as newId } from 'uuid';
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import {
  CLAIMED_STATUSES,
  INCIDENT_IMPACTS,
  INCIDENT_STATUSES,
  MAINTENANCE_STATUSES,
  SERVICE_STATUSES,
} from '../../projections/events/severity.ts';
import { type Incident, selectIncidents } from '../../projections/incidents.ts';
import type { Maintenance } from '../../projections/maintenance.ts';
import type { Models } from '../../projections/models.ts';
import { selectEntities } from '../../projections/selection.ts';
import type { Service } from '../../projections/service.ts';
import { selectServices } from '../../projections/services.ts';
import type { Entity } from '../../projections/state/collection.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { Decision } from '../../src/commands/command.ts';
import {
  deleteIncident,
  openIncident,
  retractIncident,
  updateIncident,
} from '../../src/commands/incidents/incidents.ts';
import { changePostmortem } from '../../src/commands/incidents/postmortems.ts';
import { editUpdate, postUpdate, retractUpdate } from '../../src/commands/incidents/updates.ts';
import { keepTime } from '../../src/commands/maintenances/clock.ts';
import {
  deleteMaintenance,
  planMaintenance,
  planMaintenanceInput,
  updateMaintenance,
  updateMaintenanceInput,
} from '../../src/commands/maintenances/maintenances.ts';
import {
  editMaintenanceUpdate,
  postMaintenanceUpdate,
  retractMaintenanceUpdate,
} from '../../src/commands/maintenances/updates.ts';
import { changePageSettings } from '../../src/commands/page-settings.ts';
import { redactEvent } from '../../src/commands/redactions.ts';
import { correctHistory, createService, deleteService, updateService } from '../../src/commands/services.ts';
import { EventLog } from '../../src/log/event-log.ts';
import { MemoryJournal } from '../../src/log/memory-journal.ts';
import { ReadModels } from '../../src/read-models/read-models.ts';

/** A step of a history. The numbers are indexes, modulo the number of existing entities, places or statuses. */
export interface Step {
  readonly action:
    | 'create'
    | 'describe-page'
    | 'change'
    | 'correct'
    | 'open'
    | 'assess'
    | 'post'
    | 'edit'
    | 'take-back'
    | 'plan'
    | 'replan'
    | 'proceed'
    | 'write-up'
    | 'keep-time'
    | 'close-service'
    | 'close-incident'
    | 'retract-incident'
    | 'close-maintenance';
  readonly pick: number;
  readonly place: number;
  readonly level: number;
}

/** A step that redacts an event; `pick` is the index of the event in the log, modulo its length. */
interface RedactionStep {
  readonly action: 'redact';
  readonly pick: number;
}

/** Organisations and tenants. Two organisations have a tenant of the same name. */
const PLACES: readonly { readonly organizationId?: string; readonly tenantId?: string }[] = [
  {},
  { tenantId: 'red' },
  { organizationId: 'acme' },
  { organizationId: 'acme', tenantId: 'red' },
  { organizationId: 'umbrella' },
];

export const step: fc.Arbitrary<Step> = fc.record({
  action: fc.oneof(
    {
      weight: 8,
      arbitrary: fc.constantFrom<Step['action'][]>(
        'create',
        'describe-page',
        'change',
        'correct',
        'open',
        'assess',
        'post',
        'post',
        'plan',
        'replan',
        'proceed',
        'keep-time',
      ),
    },
    { weight: 2, arbitrary: fc.constantFrom<Step['action'][]>('edit', 'take-back', 'write-up') },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Step['action'][]>(
        'close-service',
        'close-incident',
        'retract-incident',
        'close-maintenance',
      ),
    },
  ),
  pick: fc.nat(1_000),
  place: fc.nat(PLACES.length - 1),
  level: fc.nat(1_000),
});

/** Steps with some redactions among them. After a redaction, past events read differently from what was published. */
export const stepOrRedaction: fc.Arbitrary<Step | RedactionStep> = fc.oneof(
  { weight: 7, arbitrary: step },
  { weight: 1, arbitrary: fc.record({ action: fc.constant('redact'), pick: fc.nat(1_000) }) },
);

const VIEWER: Viewer = { actor: { kind: 'system' }, organizations: 'all', access: () => 'owner' };

/** Runs the command of a step and records its events. Does nothing if there is no entity that the step could change. */
export async function take(log: EventLog, models: Models, asked: Step | RedactionStep): Promise<void> {
  const decision = asked.action === 'redact' ? await decideToRedact(log, models, asked) : decide(models, asked);
  if (decision?.kind !== 'accepted') return;
  const { stream, expected, events, also = [], redactions = [] } = decision;
  const writes = [{ stream, expected, events }, ...also].filter((write) => write.events.length > 0);
  if (writes.length === 0) return;
  const appended = await log.append({
    writes,
    redactions,
    actor: VIEWER.actor,
    correlationId: 'test',
  });
  if (appended.kind !== 'appended') throw new Error(`A step was not recorded: ${appended.kind}.`);
}

/**
 * A history of up to `maxLength` steps: the events that a real log recorded, and the read models that folded them live.
 */
export const history = (maxLength: number) =>
  fc.array(stepOrRedaction, { minLength: 1, maxLength }).map((steps) => async () => {
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

async function decideToRedact(log: EventLog, models: Models, { pick }: RedactionStep): Promise<Decision | undefined> {
  const position = 1 + (pick % Math.max(1, log.position));
  for await (const {
    events: [target],
  } of log.stored({ after: position - 1, until: position })) {
    if (!target) continue;
    let version = 0;
    for await (const event of log.read({ stream: target.stream })) version = event.version;
    return redactEvent.decide({ target, version, reason: `Because of ${pick}` }, models, CONTEXT);
  }
  return undefined;
}

/** The state and the values with which a step runs its command. */
interface Situation {
  readonly models: Models;
  readonly step: Step;
  readonly place: (typeof PLACES)[number];
  readonly status: (typeof INCIDENT_STATUSES)[number];
  readonly impacts: (organizationId?: string) => Record<string, (typeof CLAIMED_STATUSES)[number]>;
}

// The clock is later than every time in a history.
const CONTEXT = { viewer: VIEWER, now: '9999-12-31T23:59:59.999Z', newId };
/** Before everything that is planned in a history: so late that no clock of a server records any of it. */
const LONG_BEFORE = { ...CONTEXT, now: '2020-01-01T00:00:00.000Z' };
/** The start of incidents that were opened retroactively. */
const LONG_AGO = '2020-01-01T00:00:00.000Z';
const AN_HOUR_LATER = '2020-01-01T01:00:00.000Z';

/** Actions that need no entity. */
const STARTS: Record<'create' | 'open' | 'plan' | 'describe-page', (situation: Situation) => Decision> = {
  create({ models, step: { pick, level }, place }) {
    const fields = { name: `Service ${pick}`, description: 'Made up', uptime: (level % 101) * 0.99 };
    return createService.decide({ ...fields, status: 'operational', ...place }, models, CONTEXT);
  },
  open({ models, step: { pick, level }, place, status, impacts }) {
    const impact = chosen(INCIDENT_IMPACTS, level) ?? 'minor';
    const startedAt = pick % 3 === 0 ? { startedAt: LONG_AGO } : {};
    const resolvedAt = pick % 6 === 0 ? { resolvedAt: AN_HOUR_LATER } : {};
    const fields = {
      title: `Incident ${pick}`,
      description: 'Made up',
      affectedServices: [],
      status,
      impact,
      ...startedAt,
      ...resolvedAt,
    };
    return openIncident.decide({ ...fields, impacts: impacts(place.organizationId), ...place }, models, CONTEXT);
  },
  plan({ models, step: { pick, level }, place, impacts }) {
    const window = { startsAt: `9000-02-01T00:00:0${pick % 10}Z`, endsAt: '9000-02-01T01:00:00Z' };
    const affectedServices = Object.keys(impacts(place.organizationId));
    const body = { title: `Maintenance ${pick}`, ...window, affectedServices, autoEnd: level % 2 === 0, ...place };
    return planMaintenance.decide(planMaintenanceInput.parse(body), models, LONG_BEFORE);
  },
  'describe-page'({ models, step: { pick, level }, place: { organizationId = DEFAULT_ORGANIZATION } }) {
    const headline = level % 3 === 0 ? null : `Headline ${level}`;
    const translations = level % 2 === 0 ? { translations: { de: { headline: `Titel ${level}` } } } : {};
    const settings = { headline, ...translations, historyDays: 1 + (pick % 3) };
    return changePageSettings.decide({ organizationId, ...settings }, models, CONTEXT);
  },
};

const ON_SERVICES: Record<
  'change' | 'correct' | 'close-service',
  (service: Service, situation: Situation) => Decision
> = {
  change({ id, reportedSince }, { models, step: { level } }) {
    const status = chosen(SERVICE_STATUSES, level) ?? 'major';
    const described = level % 3 === 0 ? { description: `As of ${level}` } : {};
    const at = level % 4 === 0 ? { at: reportedSince } : {};
    return updateService.decide({ id, status, ...described, ...at }, models, CONTEXT);
  },
  correct({ id, createdAt }, { models, step: { level } }) {
    const status = chosen(SERVICE_STATUSES, level) ?? 'major';
    const to = new Date(Date.parse(createdAt) + level + 1).toISOString();
    return correctHistory.decide({ id, from: createdAt, to, status, reason: `Because ${level}` }, models, CONTEXT);
  },
  'close-service': ({ id }, { models }) => deleteService.decide({ id }, models, CONTEXT),
};

const ON_INCIDENTS: Record<
  'assess' | 'post' | 'edit' | 'take-back' | 'write-up' | 'close-incident' | 'retract-incident',
  (incident: Incident, situation: Situation) => Decision
> = {
  assess({ id, organizationId }, { models, step: { pick, level }, status, impacts }) {
    const impact = chosen(INCIDENT_IMPACTS, pick) ?? 'minor';
    const startedAt = level % 5 === 0 ? { startedAt: LONG_AGO } : {};
    const asked = { title: `Retold ${level}`, status, impact, impacts: impacts(organizationId), ...startedAt };
    return updateIncident.decide({ id, ...asked }, models, CONTEXT);
  },
  post({ id, organizationId, createdAt }, { models, step: { level }, status, impacts }) {
    const assessed = level % 2 === 0 ? { impacts: impacts(organizationId) } : {};
    const at = level % 3 === 0 ? { at: new Date(Date.parse(createdAt) + level).toISOString() } : {};
    return postUpdate.decide({ id, status, message: `Heard at ${level}`, ...assessed, ...at }, models, CONTEXT);
  },
  edit({ id, updates }, { models, step: { level } }) {
    const { id: updateId = newId() } = chosen(updates, level) ?? {};
    return editUpdate.decide({ id, updateId, message: `Rather ${level}` }, models, CONTEXT);
  },
  'take-back'({ id, updates }, { models, step: { level } }) {
    const { id: updateId = newId() } = chosen(updates, level) ?? {};
    return retractUpdate.decide({ id, updateId }, models, CONTEXT);
  },
  'write-up'({ id }, { models, step: { pick, level } }) {
    const status = chosen([undefined, 'draft', 'published'] as const, pick);
    const translations = level % 2 === 0 ? { translations: { de: { text: `Weil ${level}` } } } : {};
    const asked = { text: `Because ${level % 9}`, ...translations, ...(status ? { status } : {}) };
    return changePostmortem.decide({ id, ...asked }, models, CONTEXT);
  },
  'retract-incident': ({ id }, { models, step: { level } }) =>
    retractIncident.decide({ id, reason: `Because of ${level}` }, models, CONTEXT),
  'close-incident': ({ id }, { models }) => deleteIncident.decide({ id }, models, CONTEXT),
};

const ON_MAINTENANCES: Record<
  'replan' | 'proceed' | 'keep-time' | 'close-maintenance',
  (maintenance: Maintenance, situation: Situation) => Decision
> = {
  replan({ id, organizationId }, { models, step: { level }, impacts }) {
    const affectedServices = Object.keys(impacts(organizationId));
    const moved = level % 3 === 0 ? { endsAt: `9000-02-01T04:00:0${level % 10}`, timeZone: 'Europe/Berlin' } : {};
    const translations = level % 2 === 0 ? { de: { title: `Umgeplant ${level}` } } : {};
    const body = { title: `Replanned ${level}`, affectedServices, ...moved, translations };
    return updateMaintenance.decide({ ...updateMaintenanceInput.parse(body), id }, models, LONG_BEFORE);
  },
  proceed({ id, updates }, { models, step: { pick, level } }) {
    const [update] = updates;
    if (update && level % 4 === 0) return retractMaintenanceUpdate.decide({ id, updateId: update.id }, models, CONTEXT);
    const message = `Done at ${level}`;
    if (update && level % 4 === 1) {
      return editMaintenanceUpdate.decide({ id, updateId: update.id, message }, models, CONTEXT);
    }
    const status = chosen(MAINTENANCE_STATUSES, pick) ?? 'completed';
    return postMaintenanceUpdate.decide({ id, status, message }, models, CONTEXT);
  },
  // The clock of the context is later than every window.
  'keep-time': ({ id }, { models }) => keepTime.decide({ id }, models, CONTEXT),
  'close-maintenance': ({ id }, { models }) => deleteMaintenance.decide({ id }, models, CONTEXT),
};

function decide(models: Models, asked: Step): Decision | undefined {
  const { action, pick, level } = asked;
  const services = selectServices(models.services, VIEWER, {});
  const situation: Situation = {
    models,
    step: asked,
    place: chosen(PLACES, asked.place) ?? {},
    status: chosen(INCIDENT_STATUSES, level) ?? 'resolved',
    impacts: (organizationId = DEFAULT_ORGANIZATION) => claims(services, organizationId, level),
  };
  if (action === 'create' || action === 'open' || action === 'plan' || action === 'describe-page') {
    return STARTS[action](situation);
  }
  if (action === 'replan' || action === 'proceed' || action === 'keep-time' || action === 'close-maintenance') {
    const maintenances = [...selectEntities(models.maintenances.maintenances, VIEWER, {})];
    const maintenance = chosen(maintenances, pick);
    return maintenance && ON_MAINTENANCES[action](maintenance, situation);
  }
  if (action === 'change' || action === 'correct' || action === 'close-service') {
    const service = chosen(services, pick);
    return service && ON_SERVICES[action](service, situation);
  }
  const incident = chosen(selectIncidents(models.incidents, VIEWER, {}), pick);
  return incident && ON_INCIDENTS[action](incident, situation);
}

/** The impacts of an incident on up to three services of the organisation, of any tenant. */
function claims(services: readonly Entity[], organizationId: string, level: number) {
  const affected = services
    .filter((service) => service.organizationId === organizationId)
    .slice(level % 4, (level % 4) + 3);
  return Object.fromEntries(
    affected.map(({ id }, index) => [id, chosen(CLAIMED_STATUSES, level + index) ?? 'major'] as const),
  );
}

function chosen<T>(among: readonly T[], pick: number): T | undefined {
  return among[pick % among.length];
}
