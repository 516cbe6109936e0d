// The one service of an organisation that a feed, a calendar or a subscription may be about.
import { type Service, showService } from '../service.ts';
import { selectService } from '../services.ts';
import type { Viewer } from '../viewer/viewer.ts';
import { inLanguage } from './localized.ts';
import type { PageAsked, PageModels } from './page-frame.ts';

export interface OneServiceAsked extends PageAsked {
  /** Only what affects the service with this id. */
  readonly service?: string | undefined;
}

/** In the reader's language. */
export interface OneService {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
}

/** `null` if all services are meant; `undefined` if the organisation has no such service that the viewer may see. */
export function selectOneService(
  { services }: Pick<PageModels, 'services'>,
  viewer: Viewer,
  { service: id, organizationId, language }: OneServiceAsked,
): OneService | null | undefined {
  if (id === undefined) return null;
  const found: Service | undefined = selectService(services, viewer, id);
  if (found?.organizationId !== organizationId) return undefined;
  const { name } = inLanguage(showService(found), language);
  return { id, name, createdAt: found.createdAt };
}

/** Whether it affects that service, if only one is meant. */
export function isAbout(
  { affectedServiceIds }: { readonly affectedServiceIds: readonly string[] },
  { service }: OneServiceAsked,
): boolean {
  return service === undefined || affectedServiceIds.includes(service);
}
