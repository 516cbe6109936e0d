// Random histories: random commands in random organisations and tenants, decided by the real rules and recorded by a
// real log.
import fc from 'fast-check';
import { v7 as newId } from 'uuid';
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import type { RecordedEvent } from '../../projections/events/event-types.ts';
import { GROUP_DISPLAYS } from '../../projections/events/group.ts';
import {
  CLAIMED_STATUSES,
  INCIDENT_IMPACTS,
  INCIDENT_STATUSES,
  MAINTENANCE_STATUSES,
  SERVICE_STATUSES,
} from '../../projections/events/severity.ts';
import { selectGroups } from '../../projections/groups.ts';
import { type Incident, selectIncidents } from '../../projections/incidents.ts';
import type { Maintenance } from '../../projections/maintenance.ts';
import type { Models } from '../../projections/models.ts';
import { selectEntities } from '../../projections/selection.ts';
import type { Series } from '../../projections/series.ts';
import type { Group } from '../../projections/service/group.ts';
import type { Service } from '../../projections/service.ts';
import { type ServicesState, selectServices } from '../../projections/services.ts';
import type { Entity } from '../../projections/state/collection.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import type { Decision } from '../../src/commands/command.ts';
import { createGroup, deleteGroup, updateGroup } from '../../src/commands/groups.ts';
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
import { endSeries, plan, planInput, updateSeries, updateSeriesInput } from '../../src/commands/maintenances/series.ts';
import {
  editMaintenanceUpdate,
  postMaintenanceUpdate,
  retractMaintenanceUpdate,
} from '../../src/commands/maintenances/updates.ts';
import { orderPage } from '../../src/commands/page-order.ts';
import { changePicture } from '../../src/commands/page-pictures.ts';
import { changePageSettings } from '../../src/commands/page-settings.ts';
import { redactEvent } from '../../src/commands/redactions.ts';
import {
  correctHistory,
  createService,
  deleteService,
  updateService,
  withdrawCorrection,
} from '../../src/commands/services.ts';
import { createTemplate, deleteTemplate, updateTemplate } from '../../src/commands/templates.ts';
import { EventLog } from '../../src/log/event-log.ts';
import { MemoryJournal } from '../../src/log/memory-journal.ts';
import { ReadModels } from '../../src/read-models/read-models.ts';

/** What a step does. Entities are made more often than they are closed, so that histories have some. */
const MAKING = ['create', 'create-group', 'open', 'plan', 'plan-series'] as const;
const CHANGING = [
  'change',
  'place',
  'order',
  'correct',
  'describe-group',
  'describe-page',
  'assess',
  'post',
  'post',
  'replan',
  'change-series',
  'proceed',
  'keep-time',
] as const;
const REVISING = ['edit', 'take-back', 'write-up', 'template'] as const;
const CLOSING = [
  'close-service',
  'close-group',
  'close-incident',
  'retract-incident',
  'close-maintenance',
  'end-series',
] as const;
type Action = (typeof MAKING | typeof CHANGING | typeof REVISING | typeof CLOSING)[number];

/** A step of a history. The numbers are indexes, modulo the number of existing entities, places or statuses. */
export interface Step {
  readonly action: Action;
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
    { weight: 4, arbitrary: fc.constantFrom<Action[]>(...MAKING) },
    { weight: 8, arbitrary: fc.constantFrom<Action[]>(...CHANGING) },
    { weight: 2, arbitrary: fc.constantFrom<Action[]>(...REVISING) },
    { weight: 1, arbitrary: fc.constantFrom<Action[]>(...CLOSING) },
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
  const { stream, expected, events, also = [], guards = [], redactions = [] } = decision;
  const writes = [{ stream, expected, events }, ...also].filter((write) => write.events.length > 0);
  if (writes.length === 0) return;
  const appended = await log.append({
    writes,
    guards,
    redactions,
    actor: VIEWER.actor,
    correlationId: 'test',
  });
  if (appended.kind !== 'appended') throw new Error(`A step was not recorded: ${appended.kind}.`);
}

/** A history of up to `maxLength` steps. */
export const history = (maxLength: number) => historyOf(fc.array(stepOrRedaction, { minLength: 1, maxLength }));

/** A history of 80 to 150 steps. */
export const longHistory = () => historyOf(fc.array(stepOrRedaction, { minLength: 80, maxLength: 150, size: 'max' }));

/** A history of one incident about two services: what is said of it, and taken back. */
export const incidentHistory = () => {
  const at = { pick: 1, place: 0, level: 1 };
  const said = fc.record({
    action: fc.constantFrom<Step['action'][]>('post', 'post', 'assess', 'edit', 'take-back'),
    pick: fc.nat(1_000),
    place: fc.constant(0),
    level: fc.nat(1_000),
  });
  const begin: readonly Step[] = [
    { ...at, action: 'create' },
    { ...at, action: 'create' },
    { ...at, action: 'open' },
  ];
  return historyOf(fc.array(said, { minLength: 8, maxLength: 20 }).map((steps) => [...begin, ...steps]));
};

/** The events that a real log recorded of these steps, and the read models that folded them live. */
const historyOf = (all: fc.Arbitrary<readonly (Step | RedactionStep)[]>) =>
  all.map((steps) => async () => {
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
const STARTS: Record<
  'create' | 'create-group' | 'open' | 'plan' | 'plan-series' | 'template' | 'describe-page' | 'order',
  (situation: Situation) => Decision
> = {
  create({ models, step: { pick, level }, place }) {
    const fields = { name: `Service ${pick}`, description: 'Made up', uptime: (level % 101) * 0.99 };
    return createService.decide({ ...fields, status: 'operational', ...place }, models, CONTEXT);
  },
  'create-group'({ models, step: { pick, level }, place }) {
    const translations = level % 2 === 0 ? { translations: { de: { name: `Gruppe ${pick}` } } } : {};
    const fields = { name: `Group ${pick}`, description: '', ...translations };
    return createGroup.decide(
      { ...fields, display: chosen(GROUP_DISPLAYS, pick) ?? 'expanded', ...place },
      models,
      CONTEXT,
    );
  },
  template({ models, step: { pick, level }, place, impacts }) {
    const asked = { title: `Template ${pick}`, text: `Since ${level}`, impacts: impacts(place.organizationId) };
    const known = chosen([...selectEntities(models.templates.templates, VIEWER, {})], pick);
    if (!known || level % 3 === 0) {
      return createTemplate.decide({ ...asked, impact: 'minor', services: [], ...place }, models, CONTEXT);
    }
    if (level % 5 === 0) return deleteTemplate.decide(known, models, CONTEXT);
    const { id } = known;
    return updateTemplate.decide({ id, title: asked.title, status: null, after: null }, models, CONTEXT);
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
  'plan-series'({ models, step: { pick, level }, place, impacts }) {
    const window = { startsAt: `9000-03-01T00:00:0${pick % 10}Z`, endsAt: '9000-03-01T01:00:00Z' };
    const affectedServices = Object.keys(impacts(place.organizationId));
    const asked = { title: `Series ${level}`, ...window, affectedServices, recurrence: 'FREQ=YEARLY', ...place };
    return plan.decide(planInput.parse(asked), models, LONG_BEFORE);
  },
  order({ models, step: { level }, place: { organizationId = DEFAULT_ORGANIZATION } }) {
    const wanted = wantedOrder(models.services, organizationId, level);
    return orderPage.decide({ organizationId, ...wanted }, models, CONTEXT);
  },
  'describe-page'({ models, step: { pick, level }, place: { organizationId = DEFAULT_ORGANIZATION } }) {
    if (level % 5 === 0) {
      const part = pick % 2 === 0 ? 'logo' : 'favicon';
      const picture = level % 10 === 0 ? null : { digest: String(pick % 7).repeat(64), type: 'image/png' };
      return changePicture.decide({ organizationId, part, picture }, models, CONTEXT);
    }
    const headline = level % 3 === 0 ? null : `Headline ${level}`;
    const translations = level % 2 === 0 ? { translations: { de: { headline: `Titel ${level}` } } } : {};
    const settings = { headline, ...translations, historyDays: 1 + (pick % 3) };
    return changePageSettings.decide({ organizationId, ...settings }, models, CONTEXT);
  },
};

/** An order of a page in which some groups and services are named, in another order than they are in. */
function wantedOrder(state: ServicesState, organizationId: string, level: number) {
  const isNamed = (_entity: Entity, index: number) => (index + level) % 3 !== 0;
  const groups = selectGroups(state, VIEWER, { organizationId }).filter(isNamed).reverse();
  const services = selectServices(state, VIEWER, { organizationId }).filter(isNamed).reverse();
  const among = groups.length + 1;
  const namedAt = (place: number) =>
    services.filter((_, index) => (index + level) % among === place).map(({ id }) => id);
  return {
    groups: groups.map(({ id }, place) => ({ id, services: namedAt(place) })),
    services: namedAt(groups.length),
  };
}

const ON_SERVICES: Record<
  'change' | 'place' | 'correct' | 'close-service',
  (service: Service, situation: Situation) => Decision
> = {
  change({ id, reportedSince }, { models, step: { level } }) {
    const status = chosen(SERVICE_STATUSES, level) ?? 'major';
    const described = level % 3 === 0 ? { description: `As of ${level}` } : {};
    const at = level % 4 === 0 ? { at: reportedSince } : {};
    const startDate = level % 5 === 0 ? { startDate: LONG_AGO } : {};
    return updateService.decide({ id, status, ...described, ...at, ...startDate }, models, CONTEXT);
  },
  place({ id, organizationId }, { models, step: { level } }) {
    const groups = selectGroups(models.services, VIEWER, { organizationId });
    const groupId = chosen([...groups.map((group) => group.id), null], level) ?? null;
    const asked = { groupId, showUptime: level % 2 === 0, translations: { fr: { name: `Nom ${level}` } } };
    return updateService.decide({ id, ...asked }, models, CONTEXT);
  },
  correct({ id, createdAt }, { models, step: { level } }) {
    const [known] = models.uptime.services.get(id)?.corrections ?? [];
    if (known && level % 3 === 0) return withdrawCorrection.decide({ id, correctionId: known.key }, models, CONTEXT);
    const status = chosen(SERVICE_STATUSES, level) ?? 'major';
    const to = new Date(Date.parse(createdAt) + level + 1).toISOString();
    return correctHistory.decide({ id, from: createdAt, to, status, reason: `Because ${level}` }, models, CONTEXT);
  },
  'close-service': ({ id }, { models }) => deleteService.decide({ id }, models, CONTEXT),
};

const ON_GROUPS: Record<'describe-group' | 'close-group', (group: Group, situation: Situation) => Decision> = {
  'describe-group'({ id }, { models, step: { level } }) {
    const display = chosen(GROUP_DISPLAYS, level) ?? 'expanded';
    return updateGroup.decide({ id, display, description: `As of ${level}` }, models, CONTEXT);
  },
  'close-group': ({ id }, { models }) => deleteGroup.decide({ id }, models, CONTEXT),
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

const ON_SERIES: Record<'change-series' | 'end-series', (series: Series, situation: Situation) => Decision> = {
  'change-series'({ id, organizationId }, { models, step: { level }, impacts }) {
    const affectedServices = Object.keys(impacts(organizationId));
    const moved = level % 3 === 0 ? { endsAt: `9000-03-01T02:00:0${level % 10}` } : {};
    const translations = level % 2 === 0 ? { de: { title: `Reihe ${level}` } } : {};
    const body = { title: `Series as of ${level}`, affectedServices, ...moved, translations };
    return updateSeries.decide({ ...updateSeriesInput.parse(body), id }, models, LONG_BEFORE);
  },
  'end-series': ({ id }, { models }) => endSeries.decide({ id }, models, LONG_BEFORE),
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
  if (isOneOf(STARTS, action)) return STARTS[action](situation);
  if (isOneOf(ON_SERVICES, action)) {
    const service = chosen(services, pick);
    return service && ON_SERVICES[action](service, situation);
  }
  if (isOneOf(ON_GROUPS, action)) {
    const group = chosen(selectGroups(models.services, VIEWER, {}), pick);
    return group && ON_GROUPS[action](group, situation);
  }
  if (isOneOf(ON_MAINTENANCES, action)) {
    const maintenance = chosen([...selectEntities(models.maintenances.maintenances, VIEWER, {})], pick);
    return maintenance && ON_MAINTENANCES[action](maintenance, situation);
  }
  if (isOneOf(ON_SERIES, action)) {
    const series = chosen([...selectEntities(models['maintenance-series'].series, VIEWER, {})], pick);
    return series && ON_SERIES[action](series, situation);
  }
  const incident = chosen(selectIncidents(models.incidents, VIEWER, {}), pick);
  return incident && ON_INCIDENTS[action](incident, situation);
}

function isOneOf<K extends string>(deciders: Record<K, unknown>, action: string): action is K {
  return Object.hasOwn(deciders, action);
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
