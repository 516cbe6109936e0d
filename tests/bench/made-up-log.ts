// Generates long logs like those of a busy year: services of many organisations, reports, and incidents with updates.
import { DEFAULT_ORGANIZATION } from '../../projections/events/envelope.ts';
import type { NewEvent } from '../../src/log/commit.ts';
import { prepare } from '../../src/log/encoding.ts';
import type { PreparedCommit } from '../../src/log/journal.ts';

const ORGANIZATIONS = 100;
const SERVICES = 1_000;
const GROUP_SIZE = 512;
/** As long as a real one. */
const SALT = 'AAAAAAAAAAAAAAAAAAAAAA';
/** One change in this many is the next step of an incident. */
const INCIDENT_EVERY = 10;

const STATUSES = ['operational', 'degraded', 'operational', 'major'] as const;

interface Change {
  readonly stream: string;
  readonly events: readonly NewEvent[];
}

/** Commits that create this many services in this many organisations, in groups for the journal. */
export function createdServices(services: number, organizations: number): Generator<PreparedCommit[]> {
  return grouped(services, (number) => created(number, organizations));
}

/** Commits that report the status of these services this many times, in scattered order. */
export function reportedServices(
  reports: number,
  services: number,
  organizations: number,
): Generator<PreparedCommit[]> {
  return grouped(reports, (number) => {
    const service = (number * SCATTERING) % services;
    const status = STATUSES[number % STATUSES.length] ?? 'operational';
    const event: NewEvent = { type: 'service.status-reported', ...placeOf(service, organizations), data: { status } };
    return { stream: streamOf('service', service), events: [event] };
  });
}

/** Commits that make a long page of the default organisation: incidents with many long updates, the last one open. */
export function longPage(services: number, incidents: number, updates: number): Generator<PreparedCommit[]> {
  const perIncident = updates + 1;
  return grouped(services + incidents * perIncident, (number) =>
    number < services ? createdOnPage(number) : updatedOnPage(number - services, perIncident, services),
  );
}

/** Where the numbers of a long page begin: they must differ from those of other commits in the same log. */
const ON_PAGE = 1_000_000;

function createdOnPage(number: number): Change {
  const { stream, events } = created(ON_PAGE + number, 1);
  return { stream, events: events.map(({ tenantId: _, ...event }) => ({ ...event, ...PAGE }) as NewEvent) };
}

/** Each incident is opened and gets its updates before the next one. */
function updatedOnPage(number: number, perIncident: number, services: number): Change {
  const incident = ON_PAGE + Math.floor(number / perIncident);
  const step = number % perIncident;
  const stream = streamOf('incident', incident);
  if (step > 0) {
    const updateId = idOf('update', ON_PAGE + number);
    const data = { updateId, status: 'monitoring', message: 'x'.repeat(500) } as const;
    return { stream, events: [{ type: 'incident.update-posted', ...PAGE, data }] };
  }
  const service = ON_PAGE + (incident % services);
  return { stream, events: [opened(incident, service, PAGE)] };
}

const PAGE = { organizationId: DEFAULT_ORGANIZATION };

/** A prime, so that for any number of services each one has its turn before any has a second. */
const SCATTERING = 7_919;

function* grouped(commits: number, change: (number: number) => Change): Generator<PreparedCommit[]> {
  for (let done = 0; done < commits; done += GROUP_SIZE) {
    const size = Math.min(GROUP_SIZE, commits - done);
    yield Array.from({ length: size }, (_, index) => commitOf(change(done + index)));
  }
}

/** The ids of the first services. */
export function serviceIds(services: number): string[] {
  return Array.from({ length: services }, (_, number) => idOf('service', number));
}

/** Commits with this many events altogether, in groups for the journal. Each call gives the same commits. */
export function* madeUpCommits(events: number): Generator<PreparedCommit[]> {
  let group: PreparedCommit[] = [];
  let left = events;
  for (let number = 0; left > 0; number += 1) {
    const { stream, events: all } = number < SERVICES ? created(number, ORGANIZATIONS) : changed(number);
    const change = { stream, events: all.slice(0, left) };
    group.push(commitOf(change));
    left -= change.events.length;
    if (group.length < GROUP_SIZE && left > 0) continue;
    yield group;
    group = [];
  }
}

function commitOf({ stream, events }: Change): PreparedCommit {
  const writes = [{ stream, expected: 'any' as const, events }];
  return prepare({ writes, actor: { kind: 'anonymous' }, correlationId: newId() }, { newId, newSalt: () => SALT });
}

function created(service: number, organizations: number): Change {
  const data = {
    name: `Service ${service}`,
    description: 'Answers what it is asked',
    status: 'operational',
    uptime: 100,
  } as const;
  const place = placeOf(service, organizations);
  return { stream: streamOf('service', service), events: [{ type: 'service.created', ...place, data }] };
}

function changed(number: number): Change {
  return number % INCIDENT_EVERY === 0 ? incidentChanged(number / INCIDENT_EVERY) : serviceChanged(number);
}

function serviceChanged(number: number): Change {
  const service = (number * 7) % SERVICES;
  const place = placeOf(service);
  const status = STATUSES[number % STATUSES.length] ?? 'operational';
  const reported: NewEvent = { type: 'service.status-reported', ...place, data: { status } };
  const measured: NewEvent = { type: 'service.uptime-reported', ...place, data: { uptime: 99 + (number % 100) / 100 } };
  return { stream: streamOf('service', service), events: number % 4 === 0 ? [reported, measured] : [reported] };
}

/** An incident is opened and gets four updates; the last one resolves it. */
function incidentChanged(step: number): Change {
  const incident = Math.floor(step / 5);
  const stream = streamOf('incident', incident);
  const service = incident % SERVICES;
  const place = placeOf(service);
  if (step % 5 > 0) {
    const status = step % 5 === 4 ? 'resolved' : 'monitoring';
    const data = { updateId: idOf('update', step), status, message: 'We know more than we knew an hour ago.' } as const;
    return { stream, events: [{ type: 'incident.update-posted', ...place, data }] };
  }
  return { stream, events: [opened(incident, service, place)] };
}

function opened(incident: number, service: number, place: ReturnType<typeof placeOf>): NewEvent {
  const data = {
    title: `Incident ${incident}`,
    description: 'Answers take longer than they should',
    status: 'investigating',
    impact: 'major',
    affectedServices: [`Service ${service}`],
    affectedServiceIds: [idOf('service', service)],
    impacts: { [idOf('service', service)]: 'partial' },
  } as const;
  return { type: 'incident.opened', ...place, data };
}

function placeOf(
  service: number,
  organizations = ORGANIZATIONS,
): { readonly organizationId: string; readonly tenantId?: string } {
  const organizationId = `organization-${service % organizations}`;
  return service % 3 === 0 ? { organizationId, tenantId: `tenant-${service % 7}` } : { organizationId };
}

const KINDS = { service: 1, incident: 2, update: 3, other: 4 };
let ids = 0;

function newId(): string {
  ids += 1;
  return idOf('other', ids);
}

function streamOf(kind: 'service' | 'incident', number: number): string {
  return `${kind}-${idOf(kind, number)}`;
}

function idOf(kind: keyof typeof KINDS, number: number): string {
  return `0190${KINDS[kind]}000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** An incident and a service of a long page. */
export const ON_LONG_PAGE = { incident: idOf('incident', ON_PAGE), service: idOf('service', ON_PAGE) };
