// The list of all kinds of entity.
import type { EntityKind } from './entity-kind.ts';
import { aggregateOf } from './events/envelope.ts';
import type { RecordedEvent } from './events/event-types.ts';
import { groupKind } from './groups.ts';
import { incidentKind } from './incidents.ts';
import { maintenanceKind } from './maintenances.ts';
import type { Models } from './models.ts';
import { pageKind } from './pages.ts';
import { postmortemKind } from './postmortems.ts';
import { seriesKind } from './series.ts';
import { serviceKind } from './services.ts';
import { templateKind } from './templates.ts';

const ALL = [
  serviceKind,
  incidentKind,
  groupKind,
  maintenanceKind,
  seriesKind,
  pageKind,
  postmortemKind,
  templateKind,
] as const;
type Kind = (typeof ALL)[number];

/** In the order in which room snapshots and the command line list them. */
export const KINDS: readonly EntityKind<Models>[] = ALL;

/** Those that everybody who may hear an organisation hears of: rooms show no other. */
export const PUBLIC_KINDS: readonly EntityKind<Models>[] = KINDS.filter(
  ({ audience, isInRooms = true }) => audience === 'public' && isInRooms,
);
type PublicKind = Exclude<Extract<Kind, { readonly audience: 'public' }>, { readonly isInRooms: false }>;

/** The singular noun of a public kind: `service`. */
export type KindNoun = PublicKind['aggregate'];

/** The shown form of each public kind of entity, by its plural. */
export type ShownByKind = { readonly [K in PublicKind as K['plural']]: ReturnType<K['show']> };

/** The kind of entity that the event happened to; `undefined` for an organisation, which has no kind. */
export function kindOf(event: Pick<RecordedEvent, 'stream'>): EntityKind<Models> | undefined {
  const aggregate = aggregateOf(event);
  return KINDS.find((kind) => kind.aggregate === aggregate);
}
