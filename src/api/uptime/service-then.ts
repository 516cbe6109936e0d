// A service over all time, as it is known now or was known in the past, and how its organisation counts uptime.

import { streamsOf } from '../../../projections/mentions.ts';
import { pageStream, pagesProjection } from '../../../projections/pages.ts';
import { selectService } from '../../../projections/services.ts';
import { secondOf } from '../../../projections/uptime/seconds.ts';
import type { ServiceTime } from '../../../projections/uptime/service-time.ts';
import { type UptimeState, uptimeProjection } from '../../../projections/uptime/uptime.ts';
import { type UptimeMoment, type UptimeSettings, uptimeSettings } from '../../../projections/uptime-figures.ts';
import { isMember, maySee, type Viewer } from '../../../projections/viewer/viewer.ts';
import { type Asking, type AsOf, isPast, type When } from '../../http/as-of.ts';
import type { Problem } from '../../http/problem.ts';
import type { ReadModels } from '../../read-models/read-models.ts';

export interface ServiceThen {
  readonly state: UptimeState;
  readonly service: ServiceTime;
  readonly settings: UptimeSettings;
  readonly moment: UptimeMoment;
}

interface Parts {
  readonly models: ReadModels;
  readonly asOf: AsOf;
  readonly now: () => Date;
}

export class ServicesThen {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The service as it is known now; `undefined` if the viewer may not see it. */
  now(viewer: Viewer, id: string): ServiceThen | undefined {
    const { models, now } = this.#parts;
    const { current } = models;
    const service = selectService(current.services, viewer, id) && current.uptime.services.get(id);
    if (!service) return undefined;
    const settings = uptimeSettings(current, service.organizationId);
    const second = Math.floor(now().getTime() / 1_000);
    return { state: current.uptime, service, settings, moment: { now: second, isLive: true } };
  }

  /** The same as of a moment, if the query names one. A service that was deleted since is shown to members only. */
  async at(asking: Asking, id: string, when: When): Promise<ServiceThen | Problem> {
    const found = isPast(when) ? await this.#then(asking, id, when) : this.now(asking.viewer, id);
    return found ?? { problem: 'not-found', detail: `There is no service ${id}.` };
  }

  async #then(
    { viewer, payer, turn, signal }: Asking,
    id: string,
    when: When,
  ): Promise<ServiceThen | Problem | undefined> {
    const { models, asOf } = this.#parts;
    const moment = await asOf.moment(when);
    if ('problem' in moment) return moment;
    const { position, time } = moment;
    const priced = { position, payer, turn, signal };
    const uptime = await asOf.fold(uptimeProjection, ({ mentions }) => streamsOf(mentions, 'service', id), priced);
    if ('problem' in uptime) return uptime;
    const { state } = uptime;
    const service = state.services.get(id);
    if (!service || !maySee(viewer, service.organizationId)) return undefined;
    if (!isMember(viewer, service.organizationId) && !selectService(models.current.services, viewer, id))
      return undefined;
    const { organizationId } = service;
    const pages = await asOf.fold(pagesProjection, () => [pageStream(organizationId)], priced);
    if ('problem' in pages) return pages;
    const settings = uptimeSettings({ pages: pages.state }, organizationId);
    return { state, service, settings, moment: { now: secondOf(time), isLive: false } };
  }
}
