// The page of what can be subscribed to: of all services, or of one.
import type { UptimeMoment } from '../uptime-figures.ts';
import type { Viewer } from '../viewer/viewer.ts';
import { type OneService, type OneServiceAsked, selectOneService } from './one-service.ts';
import { frameOf, listPage, type PageFrame, type PageModels } from './page-frame.ts';
import { holdsUntil } from './page-validity.ts';

export interface SubscribeView {
  readonly frame: PageFrame;
  /** `null`: everything is meant. */
  readonly service: OneService | null;
  /** Those that can be chosen, in the order of the page. */
  readonly services: readonly { readonly id: string; readonly name: string }[];
  readonly validUntil: string | null;
}

/** `undefined` if the organisation has no such service that the viewer may see. */
export function selectSubscribeView(
  models: PageModels,
  viewer: Viewer,
  asked: OneServiceAsked,
  moment: UptimeMoment,
): SubscribeView | undefined {
  const service = selectOneService(models, viewer, asked);
  if (service === undefined) return undefined;
  const listed = listPage(models, viewer, asked);
  const frame = frameOf(models, viewer, asked, listed);
  return {
    frame,
    service,
    services: listed.services.map(({ id, name }) => ({ id, name })),
    validUntil: holdsUntil(frame.zone, [], moment),
  };
}
