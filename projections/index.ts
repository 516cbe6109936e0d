// The public surface of the projections: what another program needs to fold the log itself.
export type { Collection, Entity, Scope } from './collection.ts';
export { DEFAULT_ORGANIZATION, entityId, happenedAt } from './envelope.ts';
export {
  type Actor,
  type Audience,
  type DataOf,
  EVENT_TYPES,
  type EventMeta,
  type EventType,
  type RecordedEvent,
  ROLES,
  type Role,
  VISIBILITIES,
  type Visibility,
} from './events.ts';
export * from './explain.ts';
export * from './history.ts';
export * from './incidents.ts';
export * from './mentions.ts';
export { foldModels, type Models } from './models.ts';
export * from './organization.ts';
export * from './organizations.ts';
export { type Codec, fold, type Projection } from './projection.ts';
export * from './redactions.ts';
export type { Filter, Part } from './scope.ts';
export * from './services.ts';
export * from './severity.ts';
export * from './status.ts';
export * from './status-history.ts';
export { type Access, hasRole, isAudience, isMember, maySee, type Viewer } from './viewer.ts';
