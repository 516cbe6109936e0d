// Benches of uptime: what a year of changes costs to count, and what a page of figures costs after one more change.
import { cpuUsage } from 'node:process';
import type { EventType, RecordedEvent } from '../../projections/events/event-types.ts';
import { SERVICE_STATUSES } from '../../projections/events/severity.ts';
import { foldModels, type Models } from '../../projections/models.ts';
import { uptimeProjection } from '../../projections/uptime/uptime.ts';
import {
  uptimeOfOrganization,
  uptimeOfService,
  uptimeSettings,
  uptimeTermsOfDays,
} from '../../projections/uptime-figures.ts';
import type { Viewer } from '../../projections/viewer/viewer.ts';
import { type Bench, counted, inTurns, type Prepared, type Reading } from './harness.ts';

const DAYS = 90;
const NOW = Date.parse('2026-06-01T12:00:00.000Z');
const BEGIN = NOW - DAYS * 24 * 60 * 60 * 1_000;
const ORGANIZATION = 'default';
const VIEWER: Viewer = { actor: { kind: 'anonymous' }, organizations: 'all', access: () => 'public' };
/** How often a round changes something and answers. */
const TIMES = 20;

const idOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

interface Happened {
  readonly type: EventType;
  readonly stream: string;
  readonly data: object;
}

/** An event at a fraction of the time from the beginning until now. */
function eventAt(position: number, part: number, { type, stream, data }: Happened): RecordedEvent {
  const recordedAt = new Date(BEGIN + part * (NOW - BEGIN)).toISOString();
  const envelope = { id: idOf(position), type, schema: 1, stream, version: position, position, recordedAt };
  return { ...envelope, organizationId: ORGANIZATION, data } as unknown as RecordedEvent;
}

/** Services of one organisation with this many changes altogether, by turns: reports and, of each ten, one incident. */
function changed(services: number, changes: number): Models {
  const created = { name: 'Search', description: 'Finds things', status: 'operational', uptime: 100 };
  const events = Array.from({ length: services }, (_, index) =>
    eventAt(index + 1, 0, { type: 'service.created', stream: `service-${idOf(index)}`, data: created }),
  );
  for (let number = 0; number < changes; number += 1) events.push(changeOf(number, number / changes, services));
  return foldModels(events);
}

function changeOf(number: number, part: number, services: number): RecordedEvent {
  const position = services + number + 1;
  const service = idOf(Math.floor(number / 10) % services);
  const incident = `incident-${idOf(Math.floor(number / 10))}`;
  if (number % 10 === 0) {
    const words = {
      title: 'Slow',
      description: 'Answers take long',
      affectedServices: [],
      affectedServiceIds: [service],
    };
    const data = { ...words, status: 'investigating', impact: 'major', impacts: { [service]: 'partial' } };
    return eventAt(position, part, { type: 'incident.opened', stream: incident, data });
  }
  if (number % 10 === 5) {
    return eventAt(position, part, { type: 'incident.status-changed', stream: incident, data: { status: 'resolved' } });
  }
  const data = { status: SERVICE_STATUSES[number % 5] };
  return eventAt(position, part, { type: 'service.status-reported', stream: `service-${service}`, data });
}

/** The CPU time of one more change and the answer after it, in milliseconds. */
function afterChange(models: Models, answer: (then: Models) => object): number {
  let then = models;
  let position = 10_000_000;
  const before = cpuUsage();
  for (let time = 0; time < TIMES; time += 1) {
    position += 1;
    const status = SERVICE_STATUSES[time % 5];
    const event = eventAt(position, 1, {
      type: 'service.status-reported',
      stream: `service-${idOf(0)}`,
      data: { status },
    });
    then = { ...then, uptime: uptimeProjection.on(then.uptime, event) };
    JSON.stringify(answer(then));
  }
  const { user, system } = cpuUsage(before);
  return (user + system) / 1_000 / TIMES;
}

const termsOf = (models: Models) =>
  uptimeTermsOfDays(DAYS, uptimeSettings(models, ORGANIZATION), { now: Math.floor(NOW / 1_000), isLive: true });
const ofService = (models: Models) => uptimeOfService(models.uptime, idOf(0), termsOf(models)) ?? {};
const firstPage = (models: Models) =>
  uptimeOfOrganization(models, VIEWER, { organizationId: ORGANIZATION, limit: 100 }, termsOf(models)).answer;

export const uptime: Bench = {
  name: 'uptime',
  async prepare({ quick }): Promise<Prepared> {
    const many = quick ? 10_000 : 100_000;
    const [few, large, page] = [changed(1, 100), changed(1, many), changed(1_000, many)];
    return {
      async round(turn) {
        const [small, whole, organization] = await inTurns(turn, [
          async () => afterChange(few, ofService),
          async () => afterChange(large, ofService),
          async () => afterChange(page, firstPage),
        ]);
        const row = `${DAYS} days of a service with ${counted(many)} changes, after one more`;
        return [
          { row, floor: '–', figure: 'CPU ms', goal: { atMost: 10 }, kind: 'cpu', value: whole },
          { row, floor: 'the same with 100', figure: 'CPU ms', kind: 'cpu', value: whole, of: small },
          {
            ...{ row: 'first page of GET /api/uptime with 1,000 services, after a change', floor: '–' },
            ...{ figure: 'CPU ms', kind: 'cpu', value: organization },
          },
        ] satisfies readonly Reading[];
      },
    };
  },
};
