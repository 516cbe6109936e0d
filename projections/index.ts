// The public API of the projections, `plive/projections`: what another program needs to fold the log itself.

export * from './colours/accent.ts';
export { type EntityKind, entitiesIn, findIn, foldEntity } from './entity-kind.ts';
export { DEFAULT_ORGANIZATION, entityId, happenedAt } from './events/envelope.ts';
export type { Audience } from './events/event-definition.ts';
export {
  type Actor,
  type DataOf,
  EVENT_TYPES,
  type EventMeta,
  type EventType,
  type RecordedEvent,
} from './events/event-types.ts';
export { GROUP_DISPLAYS, type GroupDisplay } from './events/group.ts';
export { byRank, type Ranked } from './events/rank.ts';
export { ROLES, type Role, VISIBILITIES, type Visibility } from './events/roles.ts';
export * from './events/severity.ts';
export type { SourceEvent } from './events/source-event.ts';
export type { Translations } from './events/translations.ts';
export * from './explain.ts';
export * from './groups.ts';
export * from './history.ts';
export type { ImpactChange, Impacts, Step } from './incident/course.ts';
export type { PublishedPostmortem } from './incident/postmortem.ts';
export type { IncidentSources } from './incident/sources.ts';
export { type IncidentUpdate, isUpdate } from './incident/updates.ts';
export * from './incidents.ts';
export { KINDS, kindOf } from './kinds.ts';
export * from './maintenance.ts';
export * from './maintenances.ts';
export * from './membership.ts';
export * from './mentions.ts';
export { foldModels, type Models } from './models.ts';
export * from './organization.ts';
export * from './organizations.ts';
export * from './pages.ts';
export * from './postmortems.ts';
export * from './public-heads.ts';
export * from './redactions.ts';
export * from './selectors/days.ts';
export * from './selectors/headline.ts';
export * from './selectors/localized.ts';
export {
  type PageAsked,
  type PageFrame,
  type PageModels,
  selectFrame,
  selectPageHeadline,
} from './selectors/page-frame.ts';
export * from './selectors/past.ts';
export * from './selectors/status-page.ts';
export * from './series.ts';
export { type Group, type ShownGroup, showGroup } from './service/group.ts';
export * from './service/status-history.ts';
export { type Service, type ShownService, showService } from './service.ts';
export * from './services.ts';
export type { Collection, Entity, Scope } from './state/collection.ts';
export * from './state/field-changes.ts';
export { OrderedMap } from './state/ordered-map.ts';
export { type Codec, fold, type Projection } from './state/projection.ts';
export * from './status.ts';
export * from './templates.ts';
export type { Filter, Part } from './viewer/scope.ts';
export { type Access, hasRole, isAudience, isMember, maySee, type Viewer } from './viewer/viewer.ts';
