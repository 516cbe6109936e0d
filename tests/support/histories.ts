// Random histories: commands in any order and any place, decided by the real rules and recorded by a real log.
import fc from 'fast-check';
import { v7 as newId } from 'uuid';
import type { Entity } from '../../projections/collection.ts';
import { selectIncidents } from '../../projections/incidents.ts';
import { selectServices } from '../../projections/services.ts';
import {
  CLAIMED_STATUSES,
  INCIDENT_IMPACTS,
  INCIDENT_STATUSES,
  SERVICE_STATUSES,
} from '../../projections/severity.ts';
import type { Viewer } from '../../projections/viewer.ts';
import type { Decision } from '../../src/commands/command.ts';
import { deleteIncident, openIncident, postUpdate, updateIncident } from '../../src/commands/incidents.ts';
import { createService, deleteService, updateService } from '../../src/commands/services.ts';
import type { EventLog } from '../../src/log/event-log.ts';
import type { Models } from '../../src/log/read-models.ts';

/** A step of a history. Numbers pick among what there is at that time. */
export interface Step {
  readonly action: 'create' | 'change' | 'open' | 'assess' | 'post' | 'close-service' | 'close-incident';
  readonly pick: number;
  readonly place: number;
  readonly level: number;
}

/** Places that share labels: an organisation and the default one with the same tenant. */
const PLACES = [
  {},
  { tenantId: 'red' },
  { organizationId: 'acme' },
  { organizationId: 'acme', tenantId: 'red' },
  { organizationId: 'umbrella' },
];

export const step: fc.Arbitrary<Step> = fc.record({
  action: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom<Step['action'][]>('create', 'change', 'open', 'assess', 'post') },
    { weight: 1, arbitrary: fc.constantFrom<Step['action'][]>('close-service', 'close-incident') },
  ),
  pick: fc.nat(1_000),
  place: fc.nat(PLACES.length - 1),
  level: fc.nat(1_000),
});

const VIEWER: Viewer = { actor: { kind: 'system' }, organizations: 'all', access: () => 'member' };

/** Decides the step over what there is and records what it leads to; nothing where there is nothing to do it to. */
export async function take(log: EventLog, models: Models, asked: Step): Promise<void> {
  const decision = decide(models, asked);
  if (decision?.kind !== 'accepted' || decision.events.length === 0) return;
  const { stream, expected, events } = decision;
  const appended = await log.append({
    writes: [{ stream, expected, events }],
    actor: VIEWER.actor,
    correlationId: 'test',
  });
  if (appended.kind !== 'appended') throw new Error(`A step was not recorded: ${appended.kind}.`);
}

function decide(models: Models, { action, pick, place, level }: Step): Decision | undefined {
  const context = { viewer: VIEWER, now: new Date().toISOString(), newId };
  const services = selectServices(models.services, VIEWER, {});
  const service = chosen(services, pick);
  const incident = chosen(selectIncidents(models.incidents, VIEWER, {}), pick);
  const where = chosen(PLACES, place) ?? {};
  const status = chosen(INCIDENT_STATUSES, level) ?? 'resolved';
  const impacts = (organizationId: string) => claims(services, organizationId, level);
  switch (action) {
    case 'create': {
      const fields = { name: `Service ${pick}`, description: 'Made up', uptime: (level % 101) * 0.99 };
      return createService.decide({ ...fields, status: 'operational', ...where }, models, context);
    }
    case 'change': {
      const reported = chosen(SERVICE_STATUSES, level) ?? 'major';
      const asked = level % 3 === 0 ? { description: `As of ${level}`, status: reported } : { status: reported };
      return service && updateService.decide({ id: service.id, ...asked }, models, context);
    }
    case 'open': {
      const impact = chosen(INCIDENT_IMPACTS, level) ?? 'minor';
      const fields = { title: `Incident ${pick}`, description: 'Made up', affectedServices: [], status, impact };
      const input = { ...fields, impacts: impacts(where.organizationId ?? 'default'), ...where };
      return openIncident.decide(input, models, context);
    }
    case 'assess':
      return (
        incident &&
        updateIncident.decide(
          { id: incident.id, title: `Retold ${level}`, status, impacts: impacts(incident.organizationId) },
          models,
          context,
        )
      );
    case 'post': {
      const input = incident && { id: incident.id, status, message: `Heard at ${level}` };
      const spoken = level % 2 === 0 && incident ? { impacts: impacts(incident.organizationId) } : {};
      return input && postUpdate.decide({ ...input, ...spoken }, models, context);
    }
    case 'close-service':
      return service && deleteService.decide({ id: service.id }, models, context);
    case 'close-incident':
      return incident && deleteIncident.decide({ id: incident.id }, models, context);
  }
}

/** What an incident says of up to three of the organisation's services, whatever their tenant. */
function claims(services: readonly Entity[], organizationId: string, level: number) {
  const spokenOf = services.filter((service) => service.organizationId === organizationId).slice(level % 4, (level % 4) + 3);
  return Object.fromEntries(
    spokenOf.map(({ id }, index) => [id, chosen(CLAIMED_STATUSES, level + index) ?? 'major'] as const),
  );
}

function chosen<T>(among: readonly T[], pick: number): T | undefined {
  return among[pick % among.length];
}
