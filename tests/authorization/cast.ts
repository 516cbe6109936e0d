// Whoever may ask, and what they ask about: an organisation with one of everything in it, new for each question.
import { v7 as newId } from 'uuid';
import { ROLES, type Role, type Visibility } from '../../projections/events/roles.ts';
import { organizationStream } from '../../projections/organizations.ts';
import { pageStream } from '../../projections/pages.ts';
import { digest } from '../../src/log/chain.ts';
import type { NewEvent } from '../../src/log/commit.ts';
import {
  type AccountsApp,
  addKey,
  addOrganization,
  addPerson,
  type Machine,
  type Someone,
} from '../support/accounts.ts';

/** Those who ask, by what they are to the organisation that is asked about; `other`s are of another one. */
export const ASKERS = [
  'stranger',
  'nobody',
  'roleless',
  ...ROLES,
  'member-key',
  'admin-key',
  'other-owner',
  'other-member-key',
  'other-admin-key',
] as const;
export type AskerName = (typeof ASKERS)[number];

/** Those who have no right in the organisation. The one who is only in a team without a role can leave it. */
export const OUTSIDERS: readonly AskerName[] = [
  'stranger',
  'nobody',
  'roleless',
  'other-owner',
  'other-member-key',
  'other-admin-key',
];

/** Who asks, and with which headers. */
export interface Asker {
  readonly headers: Readonly<Record<string, string>>;
  /** None of strangers and keys. */
  readonly person?: Someone;
}

/** Those of another organisation. */
export type Others = Readonly<Record<Extract<AskerName, `other-${string}`>, Asker>>;

/** People by what they are going to be to the organisations that are asked about. */
export type People = Readonly<Record<Role | 'nobody' | 'roleless', Someone>>;

/** Ids of an organisation and of one of everything in it. */
export interface Target {
  readonly organizationId: string;
  readonly serviceId: string;
  readonly groupId: string;
  readonly incidentId: string;
  /** Of a correction of the service. */
  readonly correctionId: string;
  readonly maintenanceId: string;
  readonly seriesId: string;
  /** Of whatever takes updates. */
  readonly updateId: string;
  /** That of the incident. */
  readonly postmortemId: string;
  readonly templateId: string;
  readonly teamId: string;
  readonly keyId: string;
  readonly invitationId: string;
  /** Somebody who may look, and is in the team. */
  readonly userId: string;
  /** Of an event in which there are words. */
  readonly position: number;
}

export async function addOthers(app: AccountsApp): Promise<Others> {
  const organizationId = newId();
  const owner = await addPerson(app);
  await addOrganization(app, organizationId, { owner });
  return {
    'other-owner': asPerson(owner),
    'other-member-key': asMachine(await addKey(app, 'member', { organizationId })),
    'other-admin-key': asMachine(await addKey(app, 'admin', { organizationId })),
  };
}

export async function addPeople(app: AccountsApp): Promise<People> {
  const names = ['nobody', 'roleless', ...ROLES] as const;
  const people = await Promise.all(names.map(async (name) => [name, await addPerson(app)]));
  return Object.fromEntries(people);
}

/** What is nowhere. */
export function unknownTarget({ log }: AccountsApp): Target {
  const incidentId = newId();
  return {
    organizationId: newId(),
    serviceId: newId(),
    groupId: newId(),
    incidentId,
    correctionId: newId(),
    maintenanceId: newId(),
    seriesId: newId(),
    updateId: newId(),
    postmortemId: incidentId,
    templateId: newId(),
    teamId: newId(),
    keyId: newId(),
    invitationId: newId(),
    userId: newId(),
    position: log.position + 1_000,
  };
}

const LONG_AGO = '2026-01-01T00:00:00.000Z';

/** A new organisation in which these people are what they are called. */
export async function addTarget(app: AccountsApp, visibility: Visibility, people: People): Promise<Target> {
  const target = { ...unknownTarget(app), position: app.log.position + 1 };
  const {
    organizationId,
    serviceId,
    correctionId,
    groupId,
    incidentId,
    maintenanceId,
    seriesId,
    templateId,
    updateId,
  } = target;
  const writes = [
    {
      stream: `service-${serviceId}`,
      events: [serviceCreated(organizationId), corrected(organizationId, correctionId)],
    },
    { stream: `group-${groupId}`, events: [groupCreated(organizationId)] },
    { stream: `postmortem-${incidentId}`, events: [postmortemDrafted(organizationId)] },
    { stream: `template-${templateId}`, events: [templateCreated(organizationId)] },
    { stream: pageStream(organizationId), events: page(organizationId) },
    {
      stream: `incident-${incidentId}`,
      events: [incidentOpened(organizationId), updatePosted(organizationId, updateId)],
    },
    { stream: `maintenance-${maintenanceId}`, events: maintenancePlanned(target) },
    { stream: `series-${seriesId}`, events: [seriesPlanned(target)] },
    { stream: organizationStream(organizationId), events: founding(target, visibility, people) },
  ];
  await app.log.append({
    writes: writes.map((write) => ({ ...write, expected: 'no-stream' })),
    actor: { kind: 'system' },
    correlationId: 'test',
  });
  return target;
}

function serviceCreated(organizationId: string): NewEvent {
  const data = { name: 'Search', description: 'Finds things', status: 'operational' as const, uptime: 100 };
  return { type: 'service.created', organizationId, occurredAt: LONG_AGO, data };
}

function groupCreated(organizationId: string): NewEvent {
  const data = { name: 'Answers', description: '', display: 'expanded' as const };
  return { type: 'group.created', organizationId, data };
}

function corrected(organizationId: string, correctionId: string): NewEvent {
  const times = { from: LONG_AGO, to: '2026-01-01T00:01:00.000Z' };
  const data = { correctionId, ...times, status: 'major' as const, reason: 'Nobody noticed' };
  return { type: 'service.history-corrected', organizationId, data };
}

function incidentOpened(organizationId: string): NewEvent {
  const data = {
    title: 'Slow search',
    description: 'Answers take long',
    status: 'investigating' as const,
    impact: 'minor' as const,
    affectedServices: [],
    affectedServiceIds: [],
    impacts: {},
  };
  return { type: 'incident.opened', organizationId, occurredAt: LONG_AGO, data };
}

/** A picture, and its digest. */
export const LOGO = { type: 'image/svg+xml', body: '<svg xmlns="http://www.w3.org/2000/svg"/>' };
export const LOGO_DIGEST = digest(LOGO.body);

function page(organizationId: string): NewEvent[] {
  const picture = { digest: LOGO_DIGEST, type: LOGO.type };
  return [
    { type: 'page.described', organizationId, data: { headline: 'Files and mail' } },
    { type: 'page.logo-changed', organizationId, data: picture },
    { type: 'page.favicon-changed', organizationId, data: picture },
  ];
}

function templateCreated(organizationId: string): NewEvent {
  const data = {
    title: 'Slow search',
    text: 'Since {{time}}',
    impact: 'minor' as const,
    affectedServiceIds: [],
    impacts: {},
    rank: 'a0',
  };
  return { type: 'template.created', organizationId, data };
}

function postmortemDrafted(organizationId: string): NewEvent {
  return { type: 'postmortem.drafted', organizationId, data: { text: 'The index was full.' } };
}

function updatePosted(organizationId: string, updateId: string): NewEvent {
  const data = { updateId, status: 'investigating' as const, message: 'We look into it.' };
  return { type: 'incident.update-posted', organizationId, occurredAt: LONG_AGO, data };
}

/** All of it is over: the clock of the server plans nothing, and only those who ask change anything. */
function seriesPlanned({ organizationId, serviceId }: Target): NewEvent {
  const data = {
    title: 'Spring cleaning',
    description: 'Search rests',
    rrule: 'FREQ=YEARLY;COUNT=1',
    local: { startsAt: '2020-03-01T02:00:00', endsAt: '2020-03-01T03:00:00', timeZone: 'UTC' },
    exceptions: [],
    affectedServiceIds: [serviceId],
    autoStart: true,
    autoEnd: true,
  };
  return { type: 'series.planned', organizationId, data };
}

function maintenancePlanned({ organizationId, serviceId, updateId }: Target): NewEvent[] {
  const data = {
    title: 'New index',
    description: 'Search is slower meanwhile',
    startsAt: '2099-01-01T00:00:00.000Z',
    endsAt: '2099-01-01T01:00:00.000Z',
    affectedServiceIds: [serviceId],
    autoStart: true,
    autoEnd: true,
  };
  const update = { updateId, status: 'scheduled' as const, message: 'We have the disks' };
  return [
    { type: 'maintenance.planned', organizationId, data },
    { type: 'maintenance.update-posted', organizationId, data: update },
  ];
}

/** One of everything, and a second owner: the first may leave. */
function founding(target: Target, visibility: Visibility, people: People): NewEvent[] {
  const { organizationId, teamId, keyId, invitationId, userId } = target;
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const granted = (role: Role, to: string): NewEvent => ({
    type: 'organization.role-granted',
    organizationId,
    data: { userId: to, role },
  });
  return [
    {
      type: 'organization.created',
      organizationId,
      data: { name: 'Acme', slug: organizationId, visibility },
    },
    ...ROLES.map((role) => granted(role, people[role].id)),
    granted('owner', newId()),
    granted('viewer', userId),
    { type: 'organization.team-created', organizationId, data: { teamId, name: 'On call' } },
    { type: 'organization.team-member-added', organizationId, data: { teamId, userId } },
    // Only in a team, which has no role.
    { type: 'organization.team-member-added', organizationId, data: { teamId, userId: people.roleless.id } },
    { type: 'organization.key-created', organizationId, data: { keyId, name: 'Probe', role: 'viewer' } },
    { type: 'organization.invitation-created', organizationId, data: { invitationId, role: 'viewer', expiresAt } },
  ];
}

/** Whoever goes by this name with regard to an organisation. */
export async function askerFor(
  app: AccountsApp,
  name: AskerName,
  { organizationId }: Target,
  { people, others }: { readonly people: People; readonly others: Others },
): Promise<Asker> {
  switch (name) {
    case 'stranger':
      return { headers: {} };
    case 'member-key':
      return asMachine(await addKey(app, 'member', { organizationId }));
    case 'admin-key':
      return asMachine(await addKey(app, 'admin', { organizationId }));
    case 'other-owner':
    case 'other-member-key':
    case 'other-admin-key':
      return others[name];
    default:
      return asPerson(people[name]);
  }
}

function asPerson(person: Someone): Asker {
  return { headers: person.headers, person };
}

function asMachine({ headers }: Machine): Asker {
  return { headers };
}
