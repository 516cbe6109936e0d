// The shapes of what is answered, for the API's documentation and for the tests that hold answers against it.
import { z } from 'zod';
import { EVENT_TYPES, type EventType, ROLES, VISIBILITIES } from '../../projections/events/event-types.ts';
import {
  CLAIMED_STATUSES,
  INCIDENT_IMPACTS,
  INCIDENT_STATUSES,
  SERVICE_STATUSES,
} from '../../projections/events/severity.ts';
import type { IncidentUpdate, ShownIncident } from '../../projections/incidents.ts';
import type { Membership, ShownOrganization, ShownTeam } from '../../projections/organization.ts';
import type { ShownService } from '../../projections/services.ts';
import type { OverallStatus } from '../../projections/status.ts';
import type { Correction } from '../../projections/status-history.ts';
import { labelField, placeFields } from '../commands/fields.ts';

export const time = z.iso.datetime().describe('RFC 3339, UTC, milliseconds');

export const eventType = z.enum(Object.keys(EVENT_TYPES) as [EventType, ...EventType[]]);

export const idParams = z.object({ id: z.uuid().toLowerCase() });
export type IdParams = z.output<typeof idParams>;

export const filterQuery = z.object({
  organizationId: labelField.exactOptional().describe('Only what belongs to this organisation'),
  tenantId: labelField.exactOptional().describe('Only what carries this tenant label'),
});

export const serviceSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string(),
    status: z
      .enum(SERVICE_STATUSES)
      .describe('As shown: the worst of the reported status and what unresolved incidents say'),
    reportedStatus: z.enum(SERVICE_STATUSES).describe('As the team reports it'),
    reportedSince: time.describe('Since when, as the team reports it'),
    reportedAt: time.describe('When that report was recorded'),
    uptime: z.number().min(0).max(100).describe('Per cent, as the team reports it'),
    ...placeFields,
    createdAt: time,
    lastUpdated: time,
    version: z.int().min(1),
  })
  .meta({ id: 'Service' }) satisfies z.ZodType<ShownService>;

export const correctionSchema = z
  .object({
    id: z.uuid(),
    from: time,
    to: time.describe('Itself no longer part of the interval'),
    status: z.enum(SERVICE_STATUSES),
    reason: z.string(),
    recordedAt: time,
  })
  .meta({ id: 'Correction' }) satisfies z.ZodType<Correction>;

export const incidentUpdateSchema = z
  .object({
    id: z.uuid(),
    status: z.enum(INCIDENT_STATUSES),
    message: z.string(),
    createdAt: time.describe('When it happened'),
    recordedAt: time.describe('When it was recorded; later, if it was back-dated'),
  })
  .meta({ id: 'IncidentUpdate' }) satisfies z.ZodType<IncidentUpdate>;

export const incidentSchema = z
  .object({
    id: z.uuid(),
    title: z.string(),
    description: z.string(),
    status: z.enum(INCIDENT_STATUSES),
    impact: z.enum(INCIDENT_IMPACTS),
    affectedServices: z.array(z.string()).describe('Names or ids, as given'),
    affectedServiceIds: z.array(z.string()).describe('The services that those turned out to be'),
    impacts: z.record(z.string(), z.enum(CLAIMED_STATUSES)).describe('What it says of each service, by id'),
    ...placeFields,
    createdAt: time.describe('When it started'),
    recordedAt: time.describe('When its opening was recorded; later, if it was back-dated'),
    updatedAt: time,
    resolvedAt: time.nullable(),
    updates: z.array(incidentUpdateSchema).describe('Oldest first, by when they happened'),
    version: z.int().min(1),
  })
  .meta({ id: 'Incident' }) satisfies z.ZodType<ShownIncident>;

const services = z.int().min(0);

export const statusSchema = z
  .object({
    overallStatus: z.enum(SERVICE_STATUSES),
    totalServices: services,
    operationalServices: services,
    degradedServices: services,
    downServices: services.describe('Partial and major'),
    maintenanceServices: services,
    activeIncidents: z.int().min(0),
    averageUptime: z.number().min(0).max(100).describe('Per cent, two decimals; 100 with no services'),
    lastUpdated: time.nullable().describe('Of the last event that touched any of it'),
    ...filterQuery.shape,
  })
  .meta({ id: 'OverallStatus' }) satisfies z.ZodType<OverallStatus>;

export const organizationParams = z.object({ organizationId: labelField });
export type OrganizationParams = z.output<typeof organizationParams>;

export const teamParams = organizationParams.extend({ teamId: z.uuid().toLowerCase() });
export type TeamParams = z.output<typeof teamParams>;

const role = z.enum(ROLES);

export const organizationSchema = z
  .object({
    id: labelField,
    name: z.string(),
    slug: z.string().describe('Its name in addresses, which no other organisation has'),
    visibility: z.enum(VISIBILITIES).describe('Whether strangers may read it'),
    createdAt: time,
    version: z.int().min(1).describe('Counts every change of the organisation, its teams, roles, invitations and keys'),
    role: role.exactOptional().describe('What you may do in it today; none if you do not belong to it'),
  })
  .meta({ id: 'Organization' }) satisfies z.ZodType<ShownOrganization>;

export const membershipSchema = z
  .object({
    userId: z.uuid(),
    role: role.describe('The highest of the grants'),
    grants: z
      .array(
        z.object({
          role,
          team: z
            .object({ id: z.uuid(), name: z.string() })
            .exactOptional()
            .describe('None where the role is their own'),
        }),
      )
      .describe('Where it comes from, the highest first'),
  })
  .meta({ id: 'Membership' }) satisfies z.ZodType<Membership>;

export const teamSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    role: role.exactOptional().describe('What its members may do through it'),
    members: z.array(z.uuid()).describe('Ids of users, in the order in which they joined'),
  })
  .meta({ id: 'Team' }) satisfies z.ZodType<ShownTeam>;
