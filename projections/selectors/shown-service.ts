// One service of an organisation, as it is shown.
import { type ShownService, showService } from '../service.ts';
import { selectService } from '../services.ts';
import type { Viewer } from '../viewer/viewer.ts';
import { inLanguage } from './localized.ts';
import type { EntityAsked, PageModels } from './page-frame.ts';

/** In the reader's language. `undefined` if the organisation has no such service that the viewer may see. */
export function selectShownService(
  { services }: Pick<PageModels, 'services'>,
  viewer: Viewer,
  { id, organizationId, language }: EntityAsked,
): ShownService | undefined {
  const service = selectService(services, viewer, id);
  return service?.organizationId === organizationId ? inLanguage(showService(service), language) : undefined;
}
