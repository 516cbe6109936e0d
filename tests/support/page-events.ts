// Events of a small page, as tests of pages write them.
import { foldModels } from '../../projections/models.ts';
import type { PageMoment } from '../../projections/selectors/status-page.ts';
import { secondOf } from '../../projections/uptime/seconds.ts';
import { type Happened, id, recorded, recordedAt } from './scenario.ts';

type DataOf<T extends Happened['type']> = Extract<Happened, { type: T }>['data'];

/** The rest of an event: when it happened, in which organisation. */
type Rest = Pick<Happened, 'occurredAt' | 'organizationId'>;

export function service(number: number, name: string, rest: Rest = {}): Happened {
  const data = { name, description: '', status: 'operational', uptime: 100 } as const;
  return { stream: `service-${id(number)}`, type: 'service.created', data, ...rest };
}

export function reported(number: number, status: DataOf<'service.status-reported'>['status']): Happened {
  return { stream: `service-${id(number)}`, type: 'service.status-reported', data: { status } };
}

export function opened(number: number, data: Partial<DataOf<'incident.opened'>> = {}, rest: Rest = {}): Happened {
  const impacts = data.impacts ?? {};
  return {
    stream: `incident-${id(number)}`,
    type: 'incident.opened',
    data: {
      title: `Incident ${number}`,
      description: '',
      status: 'investigating',
      impact: 'minor',
      affectedServices: [],
      affectedServiceIds: Object.keys(impacts),
      impacts,
      ...data,
    },
    ...rest,
  };
}

export function posted(
  number: number,
  update: number,
  data: Partial<DataOf<'incident.update-posted'>> = {},
  rest: Rest = {},
): Happened {
  return {
    stream: `incident-${id(number)}`,
    type: 'incident.update-posted',
    data: { updateId: id(update), status: 'identified', message: `Update ${update}`, ...data },
    ...rest,
  };
}

export function planned(number: number, data: Partial<DataOf<'maintenance.planned'>> = {}): Happened {
  return {
    stream: `maintenance-${id(number)}`,
    type: 'maintenance.planned',
    data: {
      title: `Maintenance ${number}`,
      description: '',
      startsAt: recordedAt(60),
      endsAt: recordedAt(120),
      affectedServiceIds: [],
      autoStart: true,
      autoEnd: true,
      ...data,
    },
  };
}

export function begun(number: number): Happened {
  return { stream: `maintenance-${id(number)}`, type: 'maintenance.started', data: {} };
}

/** The read models after these events. */
export function after(...happened: readonly Happened[]) {
  return foldModels(recorded(happened));
}

/** The present moment, so many minutes after the first event. */
export function minute(count: number): PageMoment {
  return { now: secondOf(recordedAt(count)), isLive: true };
}
