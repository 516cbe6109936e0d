// The event types of planned maintenance.
import * as z from 'zod';
import type { EventDefinition } from './event-definition.ts';
import { MAINTENANCE_STATUSES } from './severity.ts';
import { translations } from './translations.ts';

const instant = z.iso.datetime();
const ids = z.array(z.uuid()).readonly();

/** Wall clocks of a zone: they decide where zone data change. */
export const local = z.object({ startsAt: z.string(), endsAt: z.string(), timeZone: z.string() }).readonly();
export type Local = z.infer<typeof local>;

/** Only in what a change of the series or of zone data does: everything else was done by hand or by the clock. */
const bySeries = { bySeries: z.literal(true).exactOptional() };

const moved = {
  schema: 1,
  audience: 'public',
  texts: [],
  data: z.object(bySeries),
} as const satisfies EventDefinition;

export const MAINTENANCE_EVENTS = {
  /**
   * `local` only where wall clocks were planned. `occurrence` is the local date of an occurrence of a series. An
   * occurrence that the series had dropped is planned again in the same stream.
   */
  'maintenance.planned': {
    schema: 1,
    audience: 'public',
    texts: ['/title', '/description', '/translations'],
    data: z.object({
      title: z.string(),
      description: z.string(),
      startsAt: instant,
      endsAt: instant,
      local: local.exactOptional(),
      affectedServiceIds: ids,
      autoStart: z.boolean(),
      autoEnd: z.boolean(),
      seriesId: z.uuid().exactOptional(),
      occurrence: z.iso.date().exactOptional(),
      translations: translations.exactOptional(),
    }),
  },
  'maintenance.described': {
    schema: 1,
    audience: 'public',
    texts: ['/title', '/description', '/translations'],
    data: z.object({
      title: z.string().exactOptional(),
      description: z.string().exactOptional(),
      translations: translations.exactOptional(),
      ...bySeries,
    }),
  },
  'maintenance.services-changed': {
    schema: 1,
    audience: 'public',
    texts: [],
    data: z.object({ affectedServiceIds: ids, ...bySeries }),
  },
  'maintenance.automation-changed': {
    schema: 1,
    audience: 'public',
    texts: [],
    data: z.object({ autoStart: z.boolean().exactOptional(), autoEnd: z.boolean().exactOptional(), ...bySeries }),
  },
  'maintenance.moved': {
    schema: 1,
    audience: 'public',
    texts: [],
    data: z.object({ startsAt: instant, endsAt: instant, local: local.exactOptional(), ...bySeries }),
  },
  /** The work begins, or goes on after a verification. */
  'maintenance.started': moved,
  'maintenance.verification-begun': moved,
  'maintenance.completed': moved,
  'maintenance.cancelled': moved,
  'maintenance.deleted': moved,
  /** `status` is the one that the update was posted with; an event beside it changes the state. */
  'maintenance.update-posted': {
    schema: 1,
    audience: 'public',
    texts: ['/message', '/translations'],
    data: z.object({
      updateId: z.uuid(),
      status: z.enum(MAINTENANCE_STATUSES),
      message: z.string().exactOptional(),
      translations: translations.exactOptional(),
    }),
  },
  'maintenance.update-edited': {
    schema: 1,
    audience: 'public',
    texts: ['/message', '/translations'],
    data: z.object({ updateId: z.uuid(), message: z.string(), translations: translations.exactOptional() }),
  },
  /** Takes an update away. The state stays as it is. */
  'maintenance.update-retracted': {
    schema: 1,
    audience: 'public',
    texts: ['/reason'],
    data: z.object({ updateId: z.uuid(), reason: z.string().exactOptional() }),
  },
} as const satisfies Record<string, EventDefinition>;
